"""How a library is made and opened.

A library is there once library.json is, which comes last: whatever a crash or a full disk leaves
before that is no library, and the next attempt begins anew.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from pipelines.language import tr
from pipelines.store import backup, database, intake, keyfile, keys, rescue, trouble
from pipelines.store.contact import RUNNING
from pipelines.store.dumps import forbid_dumps
from pipelines.store.errors import (
    LibraryError,
    LibraryExists,
    NoLibrary,
    Unreadable,
    WrongPassphrase,
)
from pipelines.store.files import draft, make_private_folder
from pipelines.store.folder import INDEX
from pipelines.store.index import Index
from pipelines.store.intake import SESSIONS
from pipelines.store.keyfile import alone
from pipelines.store.keys import Cost, Key
from pipelines.store.library import Library
from pipelines.store.rescue import Header
from pipelines.store.restoring import Restored, restored
from pipelines.store.trouble import Place

_LEFT_OVER = {
    RUNNING,
    SESSIONS,
    keyfile.OPENER,
    *(f"{name}.new" for name in (keyfile.FILE, keyfile.OPENER)),
    *(f"{INDEX}{middle}{ending}" for middle in ("", ".new") for ending in database.ENDINGS),
}
"""What a crash can leave of making a library."""


def create_library(
    folder: Path, passphrase: str, *, show: Callable[[str], object], cost: Cost | None = None
) -> Library:
    """Make a new library.

    Parameters
    ----------
    folder
        Where it will be: missing, empty, or what an earlier attempt left.
    passphrase
        What will open it.
    show
        Shows a person the recovery key, which is kept nowhere else. It is called before there is a
        library, so that there is none whose recovery key was not shown; what it raises, leaves
        none.
    cost
        What a guess of the passphrase costs, by default 128 MiB and about half a second.

    Raises
    ------
    LibraryError
        `LibraryExists` if there is one, `NoLibrary` if the folder holds anything else,
        `Unreadable` if it holds recordings, `NoPassphrase` if the passphrase is empty.
    """
    recovery, key = keys.new_recovery_key(), keys.random_key()
    sealed = keyfile.seal_library(key, keyfile.spoken(passphrase), recovery, cost or Cost())
    with _founding(folder):
        _make_index(folder, key)
        keyfile.write(folder, sealed, announce=lambda: show(recovery))
    return _opened(folder, key)


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
    return _opened(folder, key)


def open_or_create_with_key_file(folder: Path) -> Library:
    """Open the library without a passphrase in `folder`; make it if there is none.

    Its generated key file lies beside it (mode 0600), so whoever reads the folder reads it all:
    for the demo, and to be said where it is used.

    Raises
    ------
    LibraryError
        As `open_library`; `NoPassphrase` if the library there has a passphrase.
    """
    if not keyfile.library_exists(folder):
        with contextlib.suppress(LibraryExists):
            return _create_with_key_file(folder)
    return open_library(folder)


def _create_with_key_file(folder: Path) -> Library:
    recovery, key = keys.new_recovery_key(), keys.random_key()
    sealed = keyfile.seal_library(key, None, recovery, Cost())
    with _founding(folder):
        _make_index(folder, key)
        keyfile.write_opener(folder, recovery)
        keyfile.write(folder, sealed)
    return _opened(folder, key)


def _opened(folder: Path, key: Key) -> Library:
    forbid_dumps()
    return Library(folder, key)


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
            tr(
                "The passphrase does not open the library of session {session}; check it and "
                "try again, or give the recovery key instead.",
                session=header.session,
            )
        )
    if (folder / INDEX).exists():
        Index(folder / INDEX, key).check()
        keyfile.write(folder, header.sealed)
        return _opened(folder, key)
    with _founding(folder):
        _make_index(folder, key)
        if header.opener is not None:
            keyfile.write_opener(folder, header.opener)
        keyfile.write(folder, header.sealed)
    return _opened(folder, key)


def restore(path: Path, folder: Path, secret: str | None = None) -> tuple[Library, Restored]:
    """Restore a backup to a folder: into the library there, or as a new one that is like it was.

    A new one opens with the passphrase and recovery key that the library had when the backup was
    made; one that opened with its key file needs no `secret`, and opens so again.

    Raises
    ------
    LibraryError
        `WrongPassphrase` if `secret` opens it not, `Unreadable` if it was changed or cut, and as
        `open_library`, `create_library` and `Library.restore`.
    """
    header = backup.read_header(path)
    if keyfile.library_exists(folder):
        library = open_library(folder, secret)
        return library, library.restore(path)
    key = keyfile.unseal_library(header.sealed, secret or header.opener or "")
    if key is None or rescue.library_id(key) != header.library:
        raise WrongPassphrase(
            tr(
                "The passphrase does not open {path}; give the one that its library had when it "
                "was made, or its recovery key.",
                path=path,
            )
        )
    backup.check(path, key)
    with _founding(folder):
        _make_index(folder, key)
        index = Index(folder / INDEX, key)
        told = restored(folder, index, path, key)
        if header.opener is not None:
            keyfile.write_opener(folder, header.opener)
        keyfile.write(folder, header.sealed)
        intake.settle(folder, {info.id for info in index.sessions()})
    return _opened(folder, key), told


@contextlib.contextmanager
def _founding(folder: Path) -> Iterator[None]:
    _refuse_a_used_folder(folder)
    with trouble.sentences(Place(tr("The library"), folder)):
        make_private_folder(folder, parents=True)
        make_private_folder(folder / SESSIONS)
    with alone(folder):
        _refuse_a_used_folder(folder)
        _clear(folder)
        try:
            yield
        except BaseException:
            with contextlib.suppress(LibraryError):
                _clear(folder)
            raise


def _clear(folder: Path) -> None:
    """Remove what an attempt left that did not come to its end."""
    if not keyfile.library_exists(folder):
        with trouble.sentences(Place(tr("The library"), folder)):
            keyfile.remove_unfinished(folder)
            (folder / keyfile.OPENER).unlink(missing_ok=True)
            for path in (folder / INDEX, draft(folder / INDEX)):
                database.remove(path)
            intake.settle(folder, ())


def _make_index(folder: Path, key: Key) -> None:
    index = Index(folder / INDEX, key)
    index.create()
    index.check()


def _refuse_a_used_folder(folder: Path) -> None:
    with trouble.sentences(Place(tr("The library"), folder)):
        if folder.exists() and not folder.is_dir():
            raise NoLibrary(
                tr("{folder} is a file, so no library fits there; name a folder.", folder=folder)
            )
        # Looked at before library.json is, so that one that is made meanwhile is seen as one.
        names = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
        recordings = {path.stem for path in (folder / SESSIONS).glob("*.db")}
        recordings -= intake.pending(folder)
    if keyfile.library_exists(folder):
        raise LibraryExists(
            tr("There is a library in {folder} already; open it, or name another.", folder=folder)
        )
    if recordings:
        raise Unreadable(
            tr(
                "{folder} holds recordings but no {file} and so opens no more; put that file back "
                "from a copy.",
                folder=folder,
                file=keyfile.FILE,
            )
        )
    if names - (_LEFT_OVER if SESSIONS in names else {RUNNING}):
        raise NoLibrary(
            tr("{folder} holds other files and no library; name an empty folder.", folder=folder)
        )


def _replace_missing_index(folder: Path, index: Index) -> None:
    # Version 0.1.0 could crash between library.json and index; with sessions, or without the
    # folder for them, it is a loss that no empty index may hide.
    if not (folder / SESSIONS).is_dir() or any((folder / SESSIONS).glob("*.db")):
        raise Unreadable(
            tr(
                "The index of the library in {folder} is gone; put it back from a copy.",
                folder=folder,
            )
        )
    with alone(folder):
        if not (folder / INDEX).exists():
            index.create()
