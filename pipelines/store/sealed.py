"""A sealed file of exports, for somebody else: what a passphrase of theirs opens.

    header     a line of JSON: schema, and a random key sealed under the passphrase (scrypt)
    frames     as in a rescue file: how many exports there are, then a frame an export

An export is the plain zip of `pipelines.store.export`. So the file needs nothing of the library
that it came from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Final, Literal

import msgspec

from pipelines.language import tr
from pipelines.reading import LARGEST, CannotRead, contents
from pipelines.store import keys
from pipelines.store.errors import Unreadable, WrongPassphrase
from pipelines.store.files import write_in_pieces
from pipelines.store.frames import Changed, cipher_of, frames_in, sealed_frame
from pipelines.store.headers import header_of
from pipelines.store.keys import Cost, Key, Sealed

SCHEMA = 1
Kind = Literal["interbeat sealed exports", "interbeat shared weeks"]
EXPORTS: Final = "interbeat sealed exports"
WEEKS: Final = "interbeat shared weeks"


class _Header(msgspec.Struct, frozen=True):
    kind: Kind
    schema: int
    sealed: Sealed


class _Count(msgspec.Struct, frozen=True):
    exports: int


def write_sealed(
    path: Path,
    exports: Sequence[bytes],
    passphrase: str,
    *,
    replace: bool,
    cost: Cost,
    kind: Kind = EXPORTS,
) -> None:
    """Write exports, or shared weeks, sealed under a passphrase, and read them back first.

    Raises
    ------
    FileExistsError
        If there is a file already and `replace` does not say so.
    OSError
        If the folder takes no file.
    Unreadable
        If the disk does not give back what was written.
    """
    key = keys.random_key()
    sealed = keys.seal(key, passphrase, cost)
    line = msgspec.json.encode(_Header(kind, SCHEMA, sealed)) + b"\n"

    def read_back(written: Path) -> None:
        if list(_exports(path, line, written.read_bytes()[len(line) :], key)) != list(exports):
            raise _unreadable(path)

    write_in_pieces(path, _pieces(line, key, exports), replace=replace, announce=read_back)


def is_sealed(path: Path, *, kind: Kind = EXPORTS) -> bool:
    """Return whether a file is a sealed one of a kind, by how it begins."""
    start = f'{{"kind":"{kind}"'.encode()
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(start)) == start


def read_sealed(
    path: Path, passphrase: str, *, most: int = LARGEST, kind: Kind = EXPORTS
) -> list[bytes]:
    """Return the exports, or shared weeks, in a sealed file of `most` bytes at most.

    Raises
    ------
    WrongPassphrase
        If the passphrase is another.
    Unreadable, NewerSchema
        In one sentence.
    """
    try:
        content = contents(path, most=most)
    except CannotRead as error:
        raise Unreadable(tr("{path} cannot be read: {error}.", path=path, error=error)) from error
    line = content[: content.find(b"\n") + 1]
    header = _header(path, line)
    if header.kind != kind:
        raise _unreadable(path)
    key = keys.unseal(header.sealed, passphrase)
    if key is None:
        raise WrongPassphrase(
            tr("The passphrase does not open {path}; ask whoever sealed it.", path=path)
        )
    return list(_exports(path, line, content[len(line) :], key))


def _pieces(line: bytes, key: Key, exports: Sequence[bytes]) -> Iterator[bytes]:
    cipher = cipher_of(key)
    yield line
    yield sealed_frame(cipher, line, 0, msgspec.json.encode(_Count(len(exports))))
    for number, export in enumerate(exports, 1):
        yield sealed_frame(cipher, line, number, export)


def _exports(path: Path, line: bytes, body: bytes, key: Key) -> Iterator[bytes]:
    try:
        frames = list(frames_in(cipher_of(key), line, BytesIO(body), whole=True))
    except Changed as error:
        raise _unreadable(path) from error
    if not frames or _count(path, frames[0]) != len(frames) - 1:
        raise _unreadable(path)
    yield from frames[1:]


def _count(path: Path, frame: bytes) -> int:
    try:
        return msgspec.json.decode(frame, type=_Count).exports
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _unreadable(path) from error


def _header(path: Path, line: bytes) -> _Header:
    header = header_of(path, line, _Header, newest=SCHEMA, unreadable=_unreadable(path))
    if header.sealed.cost is None or not _bearable(header.sealed.cost):
        raise _unreadable(path)
    return header


def _bearable(cost: Cost) -> bool:
    """Return whether a stranger's file asks for no hours of work and not for all memory."""
    usual = Cost()
    # scrypt itself knows no n from 2**(16 r) on: RFC 7914, 2.
    return cost.n < 2 ** (16 * cost.r) and (cost.n * cost.r * cost.p <= usual.n * usual.r * usual.p)


def _unreadable(path: Path) -> Unreadable:
    return Unreadable(
        tr("{path} cannot be read, as it was changed or cut; ask for it again.", path=path)
    )
