"""A person's own file: one log in one file, which they can copy, move and open anywhere.

    header     a line of JSON: schema, and the library's key as library.json seals it
    file key   12 random bytes, then a random key sealed under one derived from the library key
    frames     as in a rescue file: what was added at once, sealed under the file key

So it opens with the passphrase or the recovery key of the library beside which it lies, and needs
nothing else of it. It only ever grows, but for what a person lets go of: then all that stays is
written anew under another file key, and the old file is overwritten before it is given up. What a
disk keeps beneath the file system is unreadable without the old key.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from pipelines.language import tr
from pipelines.reading import LARGEST, CannotRead, contents
from pipelines.store import keys, locks
from pipelines.store.contact import RUNNING
from pipelines.store.errors import SessionInUse, Unreadable, WrongPassphrase
from pipelines.store.files import draft, replace_private_file
from pipelines.store.frames import (
    SEALED_KEY,
    Changed,
    cipher_of,
    frames_in,
    pack,
    seal,
    sealed_frame,
    unpack,
    unseal,
)
from pipelines.store.headers import header_of
from pipelines.store.keyfile import SealedKey, unseal_library
from pipelines.store.keys import Key
from pipelines.store.trouble import Place, sentences

if TYPE_CHECKING:
    from pipelines.store.ciphers import AESGCM

FILE = "own.interbeat"
SCHEMA = 1
PATIENCE = 20.0
"""Seconds that a busy machine may take to add something, while another program waits to."""
_LOCK = "own.lock"
_ALONE = b"interbeat page"


class _Header(msgspec.Struct, frozen=True):
    kind: Literal["interbeat own file"]
    schema: int
    sealed: SealedKey


class _Log(NamedTuple):
    """What a file holds: its header's line, its file key, what was added, and where it ends."""

    line: bytes
    sealed: SealedKey
    key: Key
    frames: tuple[bytes, ...]
    end: int


class OwnFile:
    """The own file beside a library; made by `Library.own_file`, on the disk once it is added to.

    It holds no file open, so that several programs may add to the same one.
    """

    def __init__(self, path: Path, key: Key, sealed: SealedKey) -> None:
        self.path = path
        self._key = key
        self._sealed = sealed
        self._place = Place(tr("Your own file"), path.parent)

    def __repr__(self) -> str:
        return f"OwnFile({str(self.path)!r})"

    @property
    def whose(self) -> str:
        """What tells this person's file from another's, and nothing about them."""
        return keys.derive(self._key, b"interbeat own file person", 8).hex()

    def bodies(self) -> list[bytes]:
        """Return all that was added, in order; nothing where there is no file yet.

        Raises
        ------
        LibraryError
            If it cannot be read, a newer program wrote it, or it belongs to another library.
        """
        with sentences(self._place):
            log = self._log()
        return [] if log is None else _bodies(log)

    def content(self) -> bytes | None:
        """Return the file as it lies there, without what a crash left of a frame; None for none.

        Raises
        ------
        LibraryError
            As `bodies`.
        """
        with sentences(self._place):
            if not self.path.exists():
                return None
            there = self.path.read_bytes()
            return there[: self._log_in(there).end]

    def put_back(self, content: bytes) -> bool:
        """Put a file back that `content` once gave, and return whether: never over one.

        Raises
        ------
        LibraryError
            If it is none of this library's, or the disk takes no more.
        """
        if _log_of(self.path, content, lambda _: self._key) is None:
            raise _unreadable(self.path)
        with self._alone():
            if self.path.exists():
                return False
            replace_private_file(self.path, content)
            return True

    def add(self, bodies: Sequence[bytes]) -> None:
        """Bring these to the disk, all of them or none, and only then return.

        Raises
        ------
        LibraryError
            As `bodies`, and if the disk takes no more.
        """
        with self._alone():
            log = self._log()
            if log is None or log.sealed != self._sealed:
                # The library has another passphrase since: the old one is to open this no more.
                self._write([*([] if log is None else _bodies(log)), *bodies])
            else:
                self._append(log, pack(bodies))

    def keep_only(self, wanted: Callable[[bytes], bool], bodies: Sequence[bytes] = ()) -> None:
        """Let go of all that is not `wanted`, and add `bodies`, all at once; raises as `add`."""
        with self._alone():
            log = self._log()
            there = [] if log is None else _bodies(log)
            self._write([*filter(wanted, there), *bodies])

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        with sentences(self._place):
            lock = locks.acquire(self.path.parent / RUNNING / _LOCK, patience=PATIENCE)
            if lock is None:
                raise SessionInUse(
                    tr(
                        "Your own file in {folder} is being changed by another program; try again "
                        "in a moment.",
                        folder=self.path.parent,
                    )
                )
            try:
                # One that a crash left holds what was to stay then, and may be let go of now.
                _destroy(draft(self.path))
                yield
            finally:
                lock.release()

    def _log(self) -> _Log | None:
        if not self.path.exists():
            return None
        return self._log_in(self.path.read_bytes())

    def _log_in(self, content: bytes) -> _Log:
        log = _log_of(self.path, content, lambda _: self._key)
        if log is None:
            raise Unreadable(
                tr(
                    "{path} belongs to another library; move it out of the folder and take it in "
                    "with `interbeat weeks import`.",
                    path=self.path,
                )
            )
        return log

    def _append(self, log: _Log, events: bytes) -> None:
        frame = sealed_frame(cipher_of(log.key), log.line, len(log.frames), events)
        with self.path.open("r+b", buffering=0) as file:
            # A crash may have left half a frame.
            file.truncate(log.end)
            file.seek(log.end)
            view = memoryview(frame)
            while view:
                view = view[file.write(view) :]
            os.fsync(file.fileno())

    def _write(self, bodies: Sequence[bytes]) -> None:
        line = msgspec.json.encode(_Header("interbeat own file", SCHEMA, self._sealed)) + b"\n"
        key = keys.random_key()
        frames = [sealed_frame(cipher_of(key), line, 0, pack(bodies))] if bodies else []
        content = b"".join((line, seal(_wrapping(self._key), key, line), *frames))
        with _overwritten(self.path):
            replace_private_file(self.path, content)


def read_own_file(path: Path, secret: str, *, most: int = LARGEST) -> list[bytes]:
    """Return all that was added to an own file that lies anywhere, of `most` bytes at most.

    Raises
    ------
    WrongPassphrase
        If `secret` is neither its passphrase nor its recovery key.
    Unreadable, NewerSchema
        In one sentence.
    """
    try:
        content = contents(path, most=most)
    except CannotRead as error:
        raise Unreadable(tr("{path} cannot be read: {error}.", path=path, error=error)) from error
    log = _log_of(path, content, lambda sealed: unseal_library(sealed, secret))
    if log is None:
        raise WrongPassphrase(
            tr(
                "The passphrase does not open {path}; check it and try again, or give the recovery "
                "key instead.",
                path=path,
            )
        )
    return _bodies(log)


def is_own_file(path: Path) -> bool:
    """Return whether a file is somebody's own, by how it begins."""
    start = b'{"kind":"interbeat own file"'
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(start)) == start


def sealed_alone(content: bytes) -> tuple[bytes, bytes]:
    """Return a new key and, sealed under it alone, some content."""
    key = keys.random_key()
    return bytes(key), seal(cipher_of(key), content, _ALONE)


def opened_alone(key: bytes, box: bytes) -> bytes | None:
    """Return what `sealed_alone` sealed, None where it or its key was changed."""
    return unseal(cipher_of(key), box, _ALONE) if len(key) == keys.KEY_BYTES else None


def _bodies(log: _Log) -> list[bytes]:
    return [body for events in log.frames for body in unpack(events)]


def _log_of(path: Path, content: bytes, find: Callable[[SealedKey], Key | None]) -> _Log | None:
    """Return what a file holds, None where there is no key to it."""
    line = content[: content.find(b"\n") + 1]
    sealed = _header(path, line).sealed
    key = find(sealed)
    body = content[len(line) :]
    file_key = None if key is None else unseal(_wrapping(key), body[:SEALED_KEY], line)
    if file_key is None:
        return None
    rest = BytesIO(body[SEALED_KEY:])
    frames, end = [], 0
    try:
        for events in frames_in(cipher_of(file_key), line, rest):
            frames.append(events)
            end = rest.tell()
    except Changed as error:
        raise _unreadable(path) from error
    return _Log(line, sealed, Key(file_key), tuple(frames), len(line) + SEALED_KEY + end)


def _header(path: Path, line: bytes) -> _Header:
    return header_of(path, line, _Header, newest=SCHEMA, unreadable=_unreadable(path))


def _wrapping(key: Key) -> AESGCM:
    return cipher_of(Key(keys.derive(key, b"interbeat own file", keys.KEY_BYTES)))


def _unreadable(path: Path) -> Unreadable:
    return Unreadable(
        tr(
            "{path} cannot be read, as it was changed or cut from outside; put it back from a "
            "copy.",
            path=path,
        )
    )


@contextlib.contextmanager
def _overwritten(path: Path) -> Iterator[None]:
    """Overwrite what lies at `path` once something else has taken its name."""
    try:
        descriptor = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        yield
        return
    try:
        yield
        _overwrite(descriptor)
    finally:
        os.close(descriptor)


def _destroy(path: Path) -> None:
    """Overwrite a file and remove it, where there is one."""
    with contextlib.suppress(FileNotFoundError):
        descriptor = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
        try:
            _overwrite(descriptor)
        finally:
            os.close(descriptor)
        path.unlink()


def _overwrite(descriptor: int) -> None:
    size = os.fstat(descriptor).st_size
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.write(descriptor, bytes(size))
    os.fsync(descriptor)
