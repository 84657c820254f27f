"""A backup: one file with all of a library, sealed under its key, that names nobody.

    header     a line of JSON: schema, ids of library and backup, when, the library's sealed key
    file key   12 random bytes, then a random key sealed under one derived from the library key
    frames     as in a rescue file: what the index says, the own file where there is one, then a
               frame a session, then the end

So it opens with the passphrase or recovery key that the library had when it was made. A frame holds
a session's events as they were stored, and no key. Where the last frame is missing, it was cut.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal, TypeAlias

import msgspec

from pipelines.language import tr
from pipelines.store import keys
from pipelines.store.errors import Unreadable
from pipelines.store.files import write_in_pieces
from pipelines.store.frames import (
    SEALED_KEY,
    Changed,
    cipher_of,
    frames_in,
    seal,
    sealed_frame,
    unseal,
)
from pipelines.store.headers import header_of
from pipelines.store.index import IndexContents, SessionInfo
from pipelines.store.intake import Arrival
from pipelines.store.keyfile import SealedKey
from pipelines.store.keys import Key
from pipelines.store.session import Row
from pipelines.store.trouble import Place, sentences

if TYPE_CHECKING:
    from pipelines.store.ciphers import AESGCM

SCHEMA = 2
PLAIN = 1
"""The schema without an own file, which programs of before can read."""
_LONGEST_HEADER = 65536
_PURPOSE = b"interbeat backup"


class Header(msgspec.Struct, frozen=True):
    """What a backup says in the open.

    `library` is the id of its library, `backup` its own; `made` is in seconds since 1970 UTC.
    `opener` is what library.key held in a library that opens without a passphrase.
    """

    kind: Literal["interbeat backup"]
    schema: int
    library: str
    backup: str
    made: float
    sealed: SealedKey
    opener: str | None = None


class _Contents(msgspec.Struct, frozen=True, tag="contents"):
    contents: IndexContents


class _Own(msgspec.Struct, frozen=True, tag="own"):
    content: bytes


class _Session(msgspec.Struct, frozen=True, tag="session"):
    info: SessionInfo
    rows: list[Row]


class _End(msgspec.Struct, frozen=True, tag="end"):
    sessions: int


_Part: TypeAlias = _Contents | _Own | _Session | _End
_decoder: msgspec.msgpack.Decoder[_Part] = msgspec.msgpack.Decoder(_Part)


class _Version(msgspec.Struct):
    kind: Literal["interbeat backup"]
    schema: int


class _Tally:
    """What went into a file, to be told from what it gives back."""

    def __init__(self) -> None:
        self.digest = hashlib.sha256()

    def __call__(self, parts: Iterable[bytes]) -> Iterator[bytes]:
        for part in parts:
            self.digest.update(hashlib.sha256(part).digest())
            yield part


def write(
    path: Path,
    header: Header,
    key: Key,
    contents: IndexContents,
    own: bytes | None,
    arrivals: Iterable[Arrival],
    *,
    replace: bool,
    announce: Callable[[], object],
) -> None:
    """Write a backup under the library key, read it back, and only then give it its name.

    `announce` is called once it was read back, before it takes its name.

    Raises
    ------
    FileExistsError
        If there is a file already and `replace` does not say so.
    OSError
        If the folder takes no file.
    Unreadable
        If the disk does not give back what was written.
    """
    line, tally = msgspec.json.encode(header) + b"\n", _Tally()

    def read_back(written: Path) -> None:
        again = _Tally()
        for _ in again(_frames(written, key)):
            pass
        if again.digest.digest() != tally.digest.digest():
            raise _unreadable(path)
        announce()

    pieces = _sealed(line, key, tally(_encoded(contents, own, arrivals)))
    write_in_pieces(path, pieces, replace=replace, announce=read_back)


def read_header(path: Path) -> Header:
    """Read what a backup says in the open.

    Raises
    ------
    LibraryError
        In one sentence, if it is none, out of reach, or a newer program's.
    """
    with sentences(Place(tr("The backup"), path.parent)):
        if not path.is_file():  # a pipe may never end
            raise _no_backup(path)
        with path.open("rb") as file:
            return _header(path, _line(file))


def check(path: Path, key: Key) -> None:
    """Read a whole backup.

    Raises
    ------
    Unreadable
        If it was changed or cut.
    """
    for _ in sessions_in(path, key):
        pass


def contents_of(path: Path, key: Key) -> IndexContents:
    """Return what the index said, by the library key."""
    first = next(_parts(path, key), None)
    if not isinstance(first, _Contents):
        raise _unreadable(path)
    return first.contents


def own_file_in(path: Path, key: Key) -> bytes | None:
    """Return a person's own file, None where there was none."""
    parts = _parts(path, key)
    next(parts, None)
    second = next(parts, None)
    return second.content if isinstance(second, _Own) else None


def sessions_in(path: Path, key: Key) -> Iterator[Arrival]:
    """Yield each session, one after the other; raises `Unreadable` where it was changed or cut."""
    count, end = 0, None
    for part in _parts(path, key):
        match part:
            case _Session(info, rows):
                count += 1
                yield Arrival(info, rows)
            case _End(sessions):
                end = sessions
    if end != count:
        raise _unreadable(path)


def _encoded(
    contents: IndexContents, own: bytes | None, arrivals: Iterable[Arrival]
) -> Iterator[bytes]:
    yield msgspec.msgpack.encode(_Contents(contents))
    if own is not None:
        yield msgspec.msgpack.encode(_Own(own))
    count = 0
    for info, rows in arrivals:
        count += 1
        yield msgspec.msgpack.encode(_Session(info, rows))
    yield msgspec.msgpack.encode(_End(count))


def _sealed(line: bytes, key: Key, parts: Iterable[bytes]) -> Iterator[bytes]:
    file_key = keys.random_key()
    cipher = cipher_of(file_key)
    yield line + seal(_wrapping(key), file_key, line)
    for number, part in enumerate(parts):
        yield sealed_frame(cipher, line, number, part)


def _parts(path: Path, key: Key) -> Iterator[_Part]:
    for frame in _frames(path, key):
        try:
            yield _decoder.decode(frame)
        except msgspec.DecodeError as error:
            raise _unreadable(path) from error


def _frames(path: Path, key: Key) -> Iterator[bytes]:
    with sentences(Place(tr("The backup"), path.parent)), path.open("rb") as file:
        line = _line(file)
        file_key = unseal(_wrapping(key), file.read(SEALED_KEY), line)
        if file_key is None or len(file_key) != keys.KEY_BYTES:
            raise _unreadable(path)
        try:
            yield from frames_in(cipher_of(file_key), line, file, whole=True)
        except Changed as error:
            raise _unreadable(path) from error


def _line(file: BinaryIO) -> bytes:
    return file.readline(_LONGEST_HEADER)


def _header(path: Path, line: bytes) -> Header:
    return header_of(path, line, Header, newest=SCHEMA, unreadable=_no_backup(path))


def _wrapping(key: Key) -> AESGCM:
    return cipher_of(Key(keys.derive(key, _PURPOSE, keys.KEY_BYTES)))


def _no_backup(path: Path) -> Unreadable:
    return Unreadable(tr("{path} is no backup of Interbeat; name one that it made.", path=path))


def _unreadable(path: Path) -> Unreadable:
    return Unreadable(
        tr(
            "{path} cannot be read, as it was changed or cut; use another backup.",
            path=path,
        )
    )
