"""library.json, which holds the sealed library key, and library.key, which opens it unasked.

Only someone who can read library.key opens such a library: it keeps its recordings from a stray
copy of the other files, not from anyone who has the whole folder.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from pipelines.language import tr
from pipelines.store import keys, locks
from pipelines.store.contact import RUNNING
from pipelines.store.errors import NoLibrary, NoPassphrase, SessionInUse, WrongPassphrase
from pipelines.store.files import draft, replace_private_file
from pipelines.store.keys import Cost, Key, Sealed
from pipelines.store.trouble import Place, refuse_reader, sentences, unreadable

FILE = "library.json"
OPENER = "library.key"
MIGRATIONS: tuple[Callable[[dict[str, Any]], dict[str, Any]], ...] = ()
"""What brings the content of library.json from schema 1 to 2, from 2 to 3, and so on.

An older one is read so and stays as it is until a secret changes. One of a newer schema may say in
"reader" the least schema that a reader must know; it is never written.
"""
SCHEMA = 1 + len(MIGRATIONS)
LOCK = "library.lock"
PATIENCE = 20.0
"""Seconds that a busy machine may take to make a library, while another waits to use it."""


class SealedKey(msgspec.Struct, frozen=True):
    """What library.json holds; what newer programs add to it changes nothing here."""

    schema: int
    passphrase: Sealed | None
    recovery: Sealed


class _Version(msgspec.Struct):
    schema: int
    reader: int = 0


def library_exists(folder: Path) -> bool:
    """Return whether `folder` holds a library.

    Raises
    ------
    CannotWrite
        If nobody may look into it.
    """
    with sentences(_place(folder)):
        return (folder / FILE).is_file()


def has_key_file(folder: Path) -> bool:
    """Return whether the library in `folder` opens without a passphrase."""
    return library_exists(folder) and (folder / OPENER).is_file()


def seal_library(key: Key, passphrase: str | None, recovery: str, cost: Cost) -> SealedKey:
    """Return what library.json holds for a library key and its two secrets."""
    return SealedKey(
        schema=SCHEMA,
        passphrase=None if passphrase is None else keys.seal(key, spoken(passphrase), cost),
        recovery=keys.seal(key, recovery, None),
    )


def spoken(passphrase: str) -> str:
    """Return a passphrase unless it is empty.

    Raises
    ------
    NoPassphrase
        If nothing but blanks is left of it.
    """
    if not passphrase.strip():
        raise NoPassphrase(tr("The passphrase is empty; choose one that you can remember."))
    return passphrase


def write(
    folder: Path, sealed: SealedKey, *, announce: Callable[[], object] = lambda: None
) -> None:
    """Write library.json all at once; `announce` is called just before it counts."""
    content = msgspec.json.format(msgspec.json.encode(sealed))
    with sentences(_place(folder)):
        replace_private_file(folder / FILE, content, announce=announce)


def read(folder: Path) -> SealedKey:
    """Read library.json.

    Raises
    ------
    NoLibrary, NewerSchema, Unreadable
        In one sentence.
    """
    if not library_exists(folder):
        raise NoLibrary(
            tr("There is no library in {folder}; name its folder with --store.", folder=folder)
        )
    with sentences(_place(folder)):
        content = (folder / FILE).read_bytes()
    return _decode(content, _place(folder))


def is_newer(folder: Path) -> bool:
    """Return whether a newer program wrote library.json, which may then be read only."""
    return read(folder).schema > SCHEMA


def open_key(folder: Path, secret: str | None) -> Key:
    """Return the library key, opened by passphrase or recovery key, or by library.key (None).

    Raises
    ------
    WrongPassphrase
        If `secret` is neither.
    """
    sealed = read(folder)
    key = unseal_library(sealed, read_opener(folder) if secret is None else secret)
    if key is None:
        raise WrongPassphrase(
            tr(
                "The passphrase does not open the library in {folder}; check it and try again, "
                "or give the recovery key instead.",
                folder=folder,
            )
        )
    return key


def unseal_library(sealed: SealedKey, secret: str) -> Key | None:
    """Return the library key by its passphrase or recovery key, None if `secret` is neither."""
    recovery = keys.read_recovery_key(secret)
    key = keys.unseal(sealed.recovery, recovery) if recovery is not None else None
    if key is None and sealed.passphrase is not None:
        key = keys.unseal(sealed.passphrase, secret)
    return key


def write_opener(folder: Path, recovery: str) -> None:
    """Write library.key."""
    with sentences(_place(folder)):
        replace_private_file(folder / OPENER, recovery.encode() + b"\n")


def remove_unfinished(folder: Path) -> None:
    """Remove what a crash left of writing one of the two files."""
    for name in (FILE, OPENER):
        draft(folder / name).unlink(missing_ok=True)


@contextlib.contextmanager
def alone(folder: Path, *, patience: float = PATIENCE) -> Iterator[None]:
    """Change a library's key file while no other process does."""
    with sentences(Place(tr("The library"), folder)):
        lock = locks.acquire(folder / RUNNING / LOCK, patience=patience)
    if lock is None:
        raise SessionInUse(
            tr(
                "The library in {folder} is being changed by another program; try again in a "
                "moment.",
                folder=folder,
            )
        )
    try:
        yield
    finally:
        lock.release()


def _decode(content: bytes, place: Place) -> SealedKey:
    try:
        version = msgspec.json.decode(content, type=_Version)
        if version.schema < 1:
            raise unreadable(place)
        if version.schema > SCHEMA:
            refuse_reader(version.reader, SCHEMA, version.schema, place)
        return _migrated(content, version.schema)
    except msgspec.DecodeError as error:
        raise unreadable(place) from error


def _migrated(content: bytes, schema: int) -> SealedKey:
    for step in MIGRATIONS[schema - 1 :]:
        content = msgspec.json.encode(step(msgspec.json.decode(content)))
    return msgspec.json.decode(content, type=SealedKey)


def read_opener(folder: Path) -> str:
    """Read library.key.

    Raises
    ------
    NoPassphrase
        If there is none.
    """
    if not has_key_file(folder):
        raise NoPassphrase(
            tr("The library in {folder} needs its passphrase; give it to open it.", folder=folder)
        )
    with sentences(_place(folder)):
        return (folder / OPENER).read_text(encoding="ascii", errors="replace").strip()


def _place(folder: Path) -> Place:
    return Place(tr("The key file"), folder)
