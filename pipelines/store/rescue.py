"""A rescue file: a session whose library went away, sealed under that library's key.

It lies in the person's state folder, is named by the session's random id, and holds the session
from its beginning, so that it needs nothing of the library but its passphrase or recovery key:

    header     a line of JSON: schema, ids of library and session, start, the library's sealed key
    file key   12 random bytes, then a random key sealed under one derived from the library key
    frames     each: length and its checksum, 12 random bytes, events sealed under the file key

Every seal (AES-256-GCM) covers the header, and a frame's its number too: none can be moved, left
out in the middle or taken from another file. A frame that a crash tore off at the end is dropped.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from io import BytesIO, FileIO
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from pipelines.language import tr
from pipelines.places import rescue_folder
from pipelines.store import keys, locks
from pipelines.store.errors import LibraryError, NewerSchema, SessionInUse, Unreadable
from pipelines.store.files import draft, make_private_folder, replace_private_file, sync_folder
from pipelines.store.frames import (
    SEALED_KEY,
    Changed,
    cipher_of,
    frames_in,
    seal,
    sealed_frame,
    unpack,
    unseal,
)
from pipelines.store.keyfile import SealedKey
from pipelines.store.keys import Key
from pipelines.store.trouble import Place, sentences

if TYPE_CHECKING:
    from pipelines.store.ciphers import AESGCM

SCHEMA = 2
ENDING = ".rescue"


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a rescue file says in the open; `library` is the id of its library.

    `events` is the schema of its events, `opener` what library.key held in a library that opens
    without a passphrase.
    """

    schema: int
    library: str
    session: str
    started: float
    sealed: SealedKey
    opener: str | None = None
    events: int = 1


class Rescued(msgspec.Struct, frozen=True):
    """What a rescue file holds: events as stored; `damaged` where more followed, unreadable."""

    header: Header
    bodies: tuple[bytes, ...]
    damaged: bool


class Waiting(msgspec.Struct, frozen=True):
    """Sessions in rescue files that nobody writes: of one library, and of others.

    Each of `troubles` is the id of one that cannot be read, and a sentence.
    """

    own: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    troubles: tuple[tuple[str, str], ...] = ()


class _Version(msgspec.Struct):
    schema: int


class RescueFile:
    """The rescue file of a session that is being recorded; made by `begin`."""

    def __init__(self, path: Path, line: bytes, file_key: Key, lock: locks.Lock) -> None:
        self._path = path
        self._line = line
        self._cipher = cipher_of(file_key)
        self._lock = lock
        self._file = path.open("r+b", buffering=0)
        self._end = self._file.seek(0, os.SEEK_END)
        self._frames = 0

    def append(self, events: bytes) -> None:
        """Seal `events` (see `pack`) and bring them to the disk, and only then return.

        Raises
        ------
        OSError
            If the disk takes no more; a later call may try again.
        """
        frame = sealed_frame(self._cipher, self._line, self._frames, events)
        # A call that failed may have left half a frame.
        self._file.truncate(self._end)
        self._file.seek(self._end)
        _write_all(self._file, frame)
        os.fsync(self._file.fileno())
        self._end += len(frame)
        self._frames += 1

    def is_in_place(self) -> bool:
        """Return whether the file still lies where it was made."""
        try:
            return os.path.samestat(os.fstat(self._file.fileno()), self._path.stat())
        except OSError:
            return False

    def close(self) -> None:
        """Let go of the file, which waits for `Library.recover` from now on."""
        with contextlib.suppress(OSError):
            self._file.close()
        self._lock.release()


def library_id(key: Key) -> str:
    """Return by what a library is known: it follows from its key and does not tell it."""
    return keys.derive(key, b"interbeat library id", 16).hex()


def begin(header: Header, key: Key) -> RescueFile:
    """Make the rescue file of a session under the library key, in place of one it had.

    Raises
    ------
    OSError
        If the state folder takes none.
    """
    path = _path(header.session)
    make_private_folder(path.parent, parents=True)
    lock = locks.acquire(_lock_path(header.session))
    if lock is None:
        raise BlockingIOError(tr("{path} is in use", path=path))
    try:
        line, file_key = msgspec.json.encode(header) + b"\n", keys.random_key()
        replace_private_file(path, line + seal(_wrapping(key), file_key, line))
        return RescueFile(path, line, file_key, lock)
    except BaseException:
        lock.release()
        raise


def read(session: str, key: Key) -> Rescued:
    """Read a rescue file by its library's key, up to where it was torn or changed.

    Raises
    ------
    LibraryError
        If its header or key is not as it was written, or a newer program wrote it, or it belongs to
        another library.
    """
    content = _content(session)
    header, line = _header(session, content), content[: content.index(b"\n") + 1]
    if header.library != library_id(key):
        raise LibraryError(
            tr(
                "The rescue file of session {session} in {rescue_folder} belongs to another "
                "library; name that one's folder with --store.",
                session=session,
                rescue_folder=rescue_folder(),
            )
        )
    body = content[len(line) :]
    file_key = unseal(_wrapping(key), body[:SEALED_KEY], line)
    if file_key is None or len(file_key) != keys.KEY_BYTES:
        raise _unreadable(session)
    bodies: list[bytes] = []
    try:
        for events in frames_in(cipher_of(file_key), line, BytesIO(body[SEALED_KEY:])):
            bodies += unpack(events)
    except Changed:
        return Rescued(header, tuple(bodies), damaged=True)
    return Rescued(header, tuple(bodies), damaged=False)


def read_header(session: str) -> Header:
    """Read what a rescue file says in the open; raises as `read`."""
    return _header(session, _content(session))


def exists(session: str) -> bool:
    """Return whether there is a rescue file of this session."""
    try:
        return session.isalnum() and _path(session).is_file()
    except OSError:
        return False


def is_held(session: str) -> bool:
    """Return whether a living process writes the rescue file of this session, or takes it in."""
    return exists(session) and locks.is_held(_lock_path(session))


def waiting(library: str) -> Waiting:
    """Return the rescue files that wait for a library of this id, and the others."""
    result = Waiting()
    for session in _sessions():
        if not is_held(session):
            result = _sorted_in(result, session, library)
    return result


def library_to_found(session: str | None) -> Header | None:
    """Return a header of the only library that rescue files wait for, or that one of them does.

    Raises
    ------
    LibraryError
        If they wait for several libraries, or the one named is being written or unreadable.
    """
    if session is not None:
        return _free_header(session) if exists(session) else None
    headers = {header.library: header for header in _readable_headers()}
    if len(headers) > 1:
        raise LibraryError(
            tr(
                "The rescue files in {rescue_folder} belong to {headers} libraries; name a "
                "session, as in `interbeat sessions recover ID --store DIR`, to make its "
                "library again.",
                rescue_folder=rescue_folder(),
                headers=len(headers),
            )
        )
    return next(iter(headers.values()), None)


@contextlib.contextmanager
def held(session: str) -> Iterator[None]:
    """Keep others from the rescue file of a session, if there is one.

    Raises
    ------
    SessionInUse
        If a living process writes it, or takes it in.
    """
    if not exists(session):
        yield
        return
    with sentences(_place(session)):
        lock = locks.acquire(_lock_path(session))
    if lock is None:
        raise _in_use(session)
    try:
        yield
    finally:
        lock.release()


def sweep() -> None:
    """Remove the locks and drafts that crashes left; rescue files are never touched."""
    for path in rescue_folder().glob("*.lock"):
        with contextlib.suppress(OSError):
            if (lock := locks.acquire(path, patience=0.0)) is not None:
                draft(_path(path.stem)).unlink(missing_ok=True)
                lock.release()


def remove(session: str) -> None:
    """Remove the rescue file of a session, if there is one."""
    if exists(session):
        _path(session).unlink(missing_ok=True)
        sync_folder(rescue_folder())


def set_aside(session: str) -> Path:
    """Keep a damaged rescue file, but under a name that nobody takes in; return that."""
    aside = _path(session).with_suffix(".damaged")
    _path(session).replace(aside)
    sync_folder(rescue_folder())
    return aside


def _wrapping(key: Key) -> AESGCM:
    return cipher_of(Key(keys.derive(key, b"interbeat rescue file", keys.KEY_BYTES)))


def _write_all(file: FileIO, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[file.write(rest) :]


def _sorted_in(found: Waiting, session: str, library: str) -> Waiting:
    try:
        own = read_header(session).library == library
    except LibraryError as error:
        troubles = (*found.troubles, (session, error.sentence))
        return msgspec.structs.replace(found, troubles=troubles)
    if own:
        return msgspec.structs.replace(found, own=(*found.own, session))
    return msgspec.structs.replace(found, others=(*found.others, session))


def _readable_headers() -> Iterator[Header]:
    for session in _sessions():
        with contextlib.suppress(LibraryError):
            yield _free_header(session)


def _free_header(session: str) -> Header:
    if is_held(session):
        raise _in_use(session)
    return read_header(session)


def _sessions() -> list[str]:
    return sorted(path.stem for path in rescue_folder().glob("*" + ENDING))


def _content(session: str) -> bytes:
    try:
        return _path(session).read_bytes()
    except OSError as error:
        raise Unreadable(
            tr(
                "The rescue file of session {session} in {rescue_folder} is out of reach; "
                "check its disk and permissions, then try again.",
                session=session,
                rescue_folder=rescue_folder(),
            )
        ) from error


def _header(session: str, content: bytes) -> Header:
    line = content.partition(b"\n")[0]
    try:
        version = msgspec.json.decode(line, type=_Version).schema
        if version > SCHEMA:
            raise NewerSchema(
                tr(
                    "The rescue file of session {session} in {rescue_folder} was written by a "
                    "newer Interbeat (schema {version}, this one reads {schema}); install the "
                    "newer one.",
                    session=session,
                    rescue_folder=rescue_folder(),
                    version=version,
                    schema=SCHEMA,
                )
            )
        header = msgspec.json.decode(line, type=Header)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _unreadable(session) from error
    if header.session != session or len(line) == len(content):
        raise _unreadable(session)
    return header


def _unreadable(session: str) -> Unreadable:
    return Unreadable(
        tr(
            "The rescue file of session {session} in {rescue_folder} cannot be read, as it "
            "was changed or cut from outside; it is left as it is, so put it back from a "
            "copy.",
            session=session,
            rescue_folder=rescue_folder(),
        )
    )


def _in_use(session: str) -> SessionInUse:
    return SessionInUse(
        tr(
            "Session {session} is being recorded into its rescue file in {rescue_folder}; "
            "finish it first.",
            session=session,
            rescue_folder=rescue_folder(),
        )
    )


def _place(session: str) -> Place:
    return Place(tr("The rescue file of session {session}", session=session), rescue_folder())


def _path(session: str) -> Path:
    return rescue_folder() / (session + ENDING)


def _lock_path(session: str) -> Path:
    return rescue_folder() / f"{session}.lock"
