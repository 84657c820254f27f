"""How a library is made and opened."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from pipelines.store import database, keyfile, keys, rescue
from pipelines.store.contact import RUNNING
from pipelines.store.database import Place
from pipelines.store.errors import LibraryError, NoLibrary, Unreadable, WrongPassphrase
from pipelines.store.files import make_private_folder
from pipelines.store.index import Index
from pipelines.store.keyfile import alone
from pipelines.store.keys import Cost
from pipelines.store.library import INDEX, SESSIONS, Library
from pipelines.store.rescue import Header

_OF_A_NEW_LIBRARY = {RUNNING, SESSIONS, keyfile.OPENER, keyfile.FILE + ".new"}


def create_library(
    folder: Path, passphrase: str, *, cost: Cost | None = None
) -> tuple[Library, str]:
    """Make a new library; return it and its recovery key, which is kept nowhere else.

    `cost` is what a guess of the passphrase costs, by default 128 MiB and about half a second.

    Raises
    ------
    LibraryError
        If the folder holds a library or anything else, or the passphrase is empty.
    """
    recovery, key = keys.new_recovery_key(), keys.random_key()
    sealed = keyfile.seal_library(key, keyfile.spoken(passphrase), recovery, cost or Cost())
    with _founded(folder):
        return _found(folder, key, sealed), recovery


def open_library(folder: Path, secret: str | None = None) -> Library:
    """Open a library by its passphrase or recovery key, or by its key file where it has one.

    Raises
    ------
    LibraryError
        `NoLibrary`, `WrongPassphrase`, `NoPassphrase`, `NewerSchema` or `Unreadable`.
    """
    key = keyfile.open_key(folder, secret)
    index = Index(folder / INDEX, key)
    if not (folder / INDEX).exists():
        _replace_missing_index(folder, index)
    index.check()
    return Library(folder, key)


def open_or_create_with_key_file(folder: Path) -> Library:
    """Open the library without a passphrase in `folder`; make it if there is none.

    Its generated key file lies beside it (mode 0600), so whoever reads the folder reads it all:
    for the demo, and to be said where it is used.

    Raises
    ------
    LibraryError
        As `open_library`; `NoPassphrase` if the library there has a passphrase.
    """
    if keyfile.library_exists(folder):
        return open_library(folder)
    recovery, key = keys.new_recovery_key(), keys.random_key()
    with _founded(folder):
        keyfile.write_opener(folder, recovery)
        return _found(folder, key, keyfile.seal_library(key, None, recovery, Cost()))


def found_again(folder: Path, header: Header, secret: str | None = None) -> Library:
    """Make the library again that went away and left a rescue file: same key, same secrets.

    Where only library.json is missing, that alone is made again. A library that opened with its key
    file needs no `secret`, and opens so again.

    Raises
    ------
    LibraryError
        `WrongPassphrase` if `secret` is neither passphrase nor recovery key of that library, and as
        `create_library`.
    """
    key = keyfile.unseal_library(header.sealed, secret or header.opener or "")
    if key is None or rescue.library_id(key) != header.library:
        raise WrongPassphrase(
            f"The passphrase does not open the library of session {header.session}; check it and "
            "try again, or give the recovery key instead."
        )
    if (folder / INDEX).exists():
        Index(folder / INDEX, key).check()
        keyfile.write(folder, header.sealed)
        return Library(folder, key)
    with _founded(folder):
        if header.opener is not None:
            keyfile.write_opener(folder, header.opener)
        return _found(folder, key, header.sealed)


@contextlib.contextmanager
def _founded(folder: Path) -> Iterator[None]:
    _refuse_a_used_folder(folder)
    with database.sentences(Place("The library", folder)):
        for part in (folder, folder / SESSIONS, folder / RUNNING):
            make_private_folder(part)
    with alone(folder):
        _refuse_a_used_folder(folder)
        yield


def _found(folder: Path, key: bytes, sealed: keyfile.SealedKey) -> Library:
    keyfile.write(folder, sealed)
    Index(folder / INDEX, key).create()
    return Library(folder, key)


def _refuse_a_used_folder(folder: Path) -> None:
    if keyfile.library_exists(folder):
        raise LibraryError(f"There is a library in {folder} already; open it, or name another.")
    if folder.exists() and not folder.is_dir():
        raise NoLibrary(f"{folder} is a file, so no library fits there; name a folder.")
    if folder.is_dir() and {path.name for path in folder.iterdir()} - _OF_A_NEW_LIBRARY:
        raise NoLibrary(f"{folder} holds other files and no library; name an empty folder.")


def _replace_missing_index(folder: Path, index: Index) -> None:
    # A crash while the library was made; with sessions it is a loss that no empty index may hide.
    if any((folder / SESSIONS).glob("*.db")):
        raise Unreadable(f"The index of the library in {folder} is gone; put it back from a copy.")
    with alone(folder):
        if not (folder / INDEX).exists():
            index.create()
