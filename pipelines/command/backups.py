"""`interbeat sessions backup` and `restore`: all of a library in one sealed file, and back."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.command.library import (
    is_there,
    json_option,
    library_options,
    open_library,
    passphrase_option,
    sentences,
    tell_of_rescued,
)
from pipelines.command.output import print_json, say
from pipelines.command.parameters import REPLACE
from pipelines.language import tr, trn
from pipelines.places import default_store

if TYPE_CHECKING:
    from pipelines.store import KnownBackup, Restored


@click.command()
@click.option(
    "--out",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    metavar="FILE",
    help=tr("Where the backup goes: another disk than the library's, best of all."),
)
@REPLACE
@json_option
@library_options
def backup(
    file: Path, replace: bool, as_json: bool, store: Path | None, passphrase_file: Path | None
) -> None:
    """Write the whole library into one sealed file, and read that back.

    It names nobody, and opens with the passphrase or recovery key that the library has now.
    """
    from pipelines.weeks import own_left_out_text

    library = open_library(store, passphrase_file, create=False, change=True)
    try:
        with sentences():
            made = library.back_up(file, now=time.time(), replace=replace)
    except FileExistsError as error:
        raise is_there(file) from error
    tell_of_rescued(library)
    if as_json:
        told = {"file": str(file), "sessions": len(made.sessions), "own_file": made.own}
        print_json({**backup_row(made.backup), **told})
    else:
        say(
            trn(
                "Backup {id} holds {count} session and was read back whole.",
                "Backup {id} holds {count} sessions and was read back whole.",
                len(made.sessions),
                id=made.backup.id,
            )
        )
        if made.own:
            say(tr("Your own weeks are in it, too."))
    for session, sentence in made.troubles:
        say(tr("Session {session} is not in it: {sentence}", session=session, sentence=sentence))
    if made.own_trouble:
        say(own_left_out_text(made.own_trouble))
    if made.troubles or made.own_trouble:
        raise SystemExit(1)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--to",
    "--store",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help=tr("The library to restore into, made where there is none; your own unless given."),
)
@passphrase_option
@json_option
def restore(file: Path, folder: Path | None, passphrase_file: Path | None, as_json: bool) -> None:
    """Take what a backup holds into a library; what is there already stays as it is.

    Who was deleted from that library, or when the backup was made, does not come back.
    """
    from pipelines import store as stores

    where = folder or default_store()
    with sentences():
        new = not stores.library_exists(where)
        keyless = stores.read_backup_header(file).opener is not None
        asked = not (keyless if new else stores.has_key_file(where))
        secret = stores.find_passphrase(where, file=passphrase_file) if asked else None
        _, told = stores.restore(file, where, secret)
    if as_json:
        print_json(
            {
                **backup_row(told.backup),
                "restored": list(told.sessions),
                "there": told.there,
                "forgotten": told.forgotten,
                "own_file": told.own.value,
                "list_is_complete": not new,
            }
        )
    _tell(told, where, new=new)


def backup_row(backup: KnownBackup) -> dict[str, object]:
    """Return a backup as an object of JSON."""
    return {"backup": backup.id, "made": _moment(backup.made).isoformat()}


def tell_of_backups(held: Sequence[KnownBackup]) -> None:
    """Say on stderr which backups still hold what was deleted."""
    if not held:
        return
    say(
        tr(
            "These backups still hold it, and no restore from them into this library brings it "
            "back; destroy them where it must be gone:"
        )
    )
    for one in held:
        say(tr("  {id}, made {day:%Y-%m-%d %H:%M}", id=one.id, day=_moment(one.made)))


def _tell(told: Restored, folder: Path, *, new: bool) -> None:
    from pipelines.weeks import own_restored_text

    restored = trn(
        "{count} session is restored to {folder}",
        "{count} sessions are restored to {folder}",
        len(told.sessions),
        folder=folder,
    )
    say(
        tr(
            "{restored}; {there} were there already, and {forgotten} stay deleted.",
            restored=restored,
            there=told.there,
            forgotten=told.forgotten,
        )
    )
    if own := own_restored_text(told.own):
        say(own)
    if new:
        say(
            tr(
                "Who was deleted or withdrew after {day:%Y-%m-%d %H:%M}, when the backup was made, "
                "may be here again: it cannot know of that; delete them again.",
                day=_moment(told.backup.made),
            )
        )


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds).astimezone()
