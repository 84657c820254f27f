"""Opening the library for a command, in the words of whoever called it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click
import msgspec

from pipelines.command.output import Problem, WrongCall, lost, say
from pipelines.language import tr, trn
from pipelines.places import default_store

if TYPE_CHECKING:
    from pipelines.session import AnyEvent
    from pipelines.store import Library

F = TypeVar("F", bound=Callable[..., object])


passphrase_option = click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help=tr(
        "Read the passphrase from the first line of FILE. Otherwise it comes from the "
        "environment (INTERBEAT_PASSPHRASE), the system keyring, or a question."
    ),
)
json_option = click.option("--json", "as_json", is_flag=True, help=tr("JSON lines on stdout."))


def library_options(command: F) -> F:
    """Add `--store` and `--passphrase-file`."""
    store = click.option(
        "--store",
        type=click.Path(path_type=Path, file_okay=False),
        metavar="DIR",
        help=tr("Folder of the library; your own data folder unless given."),
    )
    return store(passphrase_option(command))


def open_library(
    store: Path | None, passphrase_file: Path | None, *, create: bool, change: bool = False
) -> Library:
    """Open the library, or make it where `create` allows; the recovery key is told on stderr.

    One that a newer program wrote is opened, and said so, unless it is to `create` or `change`
    anything.
    """
    from pipelines import store as stores

    folder = store or default_store()
    try:
        library = _find(folder, passphrase_file, create=create)
        newer = library.newer
    except (stores.NoPassphrase, stores.WrongPassphrase) as error:
        raise WrongCall(str(error)) from error
    except stores.LibraryError as error:
        raise Problem(str(error)) from error
    if newer is not None and (create or change):
        raise Problem(newer)
    if newer is not None:
        say(newer)
    if create and not library.is_private:
        say(
            tr(
                "Others who use this computer may copy the files in {folder}, as the modes of the "
                "folder let them or its disk keeps none; without the passphrase they read nothing.",
                folder=folder,
            )
        )
    return library


def show_recovery_key(recovery: str, *, as_json: bool = False) -> None:
    """Show a recovery key on stderr, or as JSON on stdout.

    Raises
    ------
    Problem
        If nobody can have seen it.
    """
    line = tr(
        "The recovery key, shown only now; write it down and keep it apart: {recovery}",
        recovery=recovery,
    )
    if as_json:
        line = msgspec.json.encode({"recovery_key": recovery}).decode()
    output = sys.stdout if as_json else sys.stderr
    try:
        print(line, file=output, flush=True)
    except OSError as error:
        if as_json:
            lost(error)
        raise _not_shown() from error
    if output is None:  # it was closed before the program began
        raise _not_shown()


def _not_shown() -> Problem:
    return Problem(
        tr(
            "The recovery key cannot be shown, so nothing was changed; call this where it can be "
            "read."
        )
    )


def _find(folder: Path, passphrase_file: Path | None, *, create: bool) -> Library:
    from pipelines import store as stores

    if stores.has_key_file(folder):
        return stores.open_library(folder)
    if not stores.library_exists(folder):
        return _create(folder, passphrase_file, allowed=create)
    return stores.open_library(folder, stores.find_passphrase(folder, file=passphrase_file))


def open_or_found_again(
    session: str | None, store: Path | None, passphrase_file: Path | None
) -> Library:
    """Open the library; where none is left, make again the one that rescue files wait for.

    That is the library of `session` where one is named.
    """
    from pipelines import store as stores

    folder = store or default_store()
    try:
        header = None if stores.library_exists(folder) else stores.library_to_found(session)
        if header is None:
            return open_library(store, passphrase_file, create=False)
        asked = header.opener is None
        secret = stores.find_passphrase(folder, file=passphrase_file) if asked else None
        library = stores.found_again(folder, header, secret)
    except (stores.NoPassphrase, stores.WrongPassphrase) as error:
        raise WrongCall(str(error)) from error
    except stores.LibraryError as error:
        raise Problem(str(error)) from error
    say(
        tr(
            "The library was gone and is made again in {folder}; what opened it opens it now.",
            folder=folder,
        )
    )
    return library


@contextmanager
def sentences() -> Iterator[None]:
    """Turn what a library cannot do into one sentence and exit code 1."""
    from pipelines import store as stores

    try:
        yield
    except (
        stores.NoPassphrase,
        stores.WrongPassphrase,
        stores.UnknownClient,
        stores.UnknownSession,
    ) as error:
        raise WrongCall(str(error)) from error
    except stores.LibraryError as error:
        raise Problem(str(error)) from error


def tell_of_unfinished(library: Library) -> None:
    """Say in one sentence on stderr what a crash, or a library that went away, left behind."""
    waiting = library.unfinished()
    if waiting:
        say(
            trn(
                "Session {sessions} did not come to an end; `interbeat sessions recover --store "
                "{folder}` brings it back.",
                "Sessions {sessions} did not come to an end; `interbeat sessions recover --store "
                "{folder}` brings them back.",
                len(waiting),
                sessions=", ".join(waiting),
                folder=library.folder,
            )
        )


def tell_of_rescued(library: Library) -> None:
    """Say on stderr which sessions wait in rescue files, and so are not in the library yet."""
    waiting = library.rescued().own
    if waiting:
        say(
            tr(
                "Waiting in rescue files: {waiting}; `interbeat sessions recover --store "
                "{folder}` takes them into the library.",
                waiting=", ".join(waiting),
                folder=library.folder,
            )
        )


def tell_of_newer(session: str, events: Sequence[AnyEvent]) -> None:
    """Say in one sentence on stderr what of a session only newer programs can show."""
    from pipelines.session import newer_note

    if (note := newer_note(events)) is not None:
        say(tr("Session {session} was {note}.", session=session, note=note))


def _create(folder: Path, passphrase_file: Path | None, *, allowed: bool) -> Library:
    from pipelines import store as stores

    if not allowed:
        raise WrongCall(
            tr(
                "There is no library in {folder}; record a session first, or name the right "
                "folder with --store.",
                folder=folder,
            )
        )
    passphrase = stores.new_passphrase(folder, file=passphrase_file, tell=say)
    try:
        library = stores.create_library(folder, passphrase, show=show_recovery_key)
    except stores.LibraryExists:
        # Another program has made it meanwhile.
        return stores.open_library(folder, passphrase)
    say(
        tr(
            "A new library is in {folder}. The recovery key opens it if the passphrase is lost.",
            folder=folder,
        )
    )
    return library


def write_for_others(library: Library, path: Path, content: bytes, *, replace: bool) -> None:
    """Write a file that is not encrypted, only its owner's to open, outside the library."""
    from pipelines.store import LibraryError, write_beside

    try:
        write_beside(library.folder, path, content, replace=replace)
    except FileExistsError as error:
        raise is_there(path) from error
    except LibraryError as error:
        raise Problem(str(error)) from error
    except OSError as error:
        raise Problem(
            tr("{path} cannot be written ({strerror}).", path=path, strerror=error.strerror)
        ) from error


def is_there(path: Path) -> WrongCall:
    """Return the refusal to write over a file."""
    return WrongCall(
        tr("{path} is there already; give another name, or --replace to write over it.", path=path)
    )
