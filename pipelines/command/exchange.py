"""`interbeat sessions export` and `import-marks`: a session for other programs, marks from them."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.command.library import (
    is_there,
    library_options,
    open_library,
    sentences,
    tell_of_newer,
    write_for_others,
)
from pipelines.command.output import Problem, WrongCall, out, say
from pipelines.command.parameters import PLACE, REPLACE, SESSION
from pipelines.extras import need
from pipelines.harmless import harmless
from pipelines.language import tr, trn

if TYPE_CHECKING:
    from pipelines.formats import Exchanged
    from pipelines.session import AnyEvent
    from pipelines.store import Library

clap_option = click.option(
    "--clap",
    type=PLACE,
    metavar="SECONDS",
    help=tr(
        'Where in the video the clap is that the session has as a mark "clap": both then share '
        "one axis."
    ),
)


@click.command()
@click.argument("session", type=SESSION)
@click.option(
    "--out",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help=tr("Where the open zipped folder goes."),
)
@click.option(
    "--elan",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.eaf",
    help=tr("Write marks, episodes and stretches as tiers of ELAN, to lie beside a video."),
)
@click.option(
    "--csv",
    "table",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.csv",
    help=tr("Write the same tiers as a table."),
)
@click.option(
    "--video",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=tr("The video that ELAN opens with them."),
)
@clap_option
@REPLACE
@library_options
def export(
    session: str,
    folder: Path | None,
    elan: Path | None,
    table: Path | None,
    video: Path | None,
    clap: float | None,
    replace: bool,
    store: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Write a recording for other programs: whole in a zipped folder, or as tiers beside a video.

    Of a session of two, the tiers tell nothing that the therapist's own strap does.
    """
    _refuse_call(folder, elan, table, video, clap, replace=replace)
    link = None if video is None or elan is None else _as_seen_from(elan, video)
    library = open_library(store, passphrase_file, create=False)
    with sentences():
        events, started = library.events(session), library.session(session).started
    if folder is not None:
        _write_folder(library, session, folder, events)
    shift = _shift(events, clap, aligned=video is not None or clap is not None)
    from pipelines import formats

    if elan is not None:
        told = formats.elan_file(events, started=started, shift=shift, video=link)
        _write(library, elan, told, replace=replace)
    if table is not None:
        _write(library, table, formats.annotation_csv(events, shift=shift), replace=replace)
    tell_of_newer(session, events)
    say(tr("This copy is not encrypted; whoever has it can read it."))


@click.command("import-marks")
@click.argument("session", type=SESSION)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--tier", metavar="NAME", help=tr('The tier or kind that holds the marks; "marks" unless told.')
)
@clap_option
@library_options
def import_marks(
    session: str,
    file: Path,
    tier: str | None,
    clap: float | None,
    store: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Add the marks of an .eaf of ELAN, or of a table, to a recording.

    A mark that is there already is not added again, so that a file may be read as often as it
    changes. Other words for a mark, or another place, are a further mark.
    """
    from pipelines.formats import FormatError, marks_from
    from pipelines.session import new_marks, said_at

    library = open_library(store, passphrase_file, create=False, change=True)
    with sentences():
        info, events = library.session(session), library.events(session)
    try:
        found = marks_from(file, events, tier=tier, clap=clap)
    except FormatError as error:
        raise Problem(f"{error}.") from error
    added = new_marks(events, found, now=said_at(events, time.time() - info.started))
    if added:
        with sentences():
            library.add(session, added)
    known = len(found) - len(added)
    told = trn("{count} mark is added", "{count} marks are added", len(added))
    say(tr("{added}; {known} of the file were there already.", added=told, known=known))


def _refuse_call(
    folder: Path | None,
    elan: Path | None,
    table: Path | None,
    video: Path | None,
    clap: float | None,
    *,
    replace: bool,
) -> None:
    """Raise `WrongCall` before a library is opened for nothing."""
    files = [one for one in (elan, table) if one is not None]
    if folder is None and not files:
        raise WrongCall(
            tr("Nothing is asked for; give --out DIR, --elan FILE.eaf or --csv FILE.csv.")
        )
    if elan is not None:
        need("pympi")
        if elan.suffix.lower() != ".eaf":
            raise WrongCall(tr('"{path}" does not end in .eaf; ELAN opens no other.', path=elan))
    if video is not None and elan is None:
        raise WrongCall(tr("--video is for --elan FILE.eaf."))
    if clap is not None and not files:
        raise WrongCall(tr("--clap is for --elan FILE.eaf and --csv FILE.csv."))
    for path in files:
        if not replace and os.path.lexists(path):
            raise is_there(path)


def _as_seen_from(file: Path, video: Path) -> str:
    """Return the place of a video relative to the folder of a file."""
    try:
        return Path(os.path.relpath(video, file.parent)).as_posix()
    except ValueError as error:  # on another drive
        raise WrongCall(
            tr("The video is on another drive than {path}; put one beside the other.", path=file)
        ) from error


def _shift(events: Sequence[AnyEvent], clap: float | None, *, aligned: bool) -> float:
    """Return by how much the times of a file are later, and say what that rests on."""
    from pipelines.formats import clap_in, shift_to_video

    if not aligned:
        return 0.0
    if clap_in(events) is None:
        say(
            tr(
                "No mark of this session is a clap, so that its beginning is taken for the clap; "
                'mark one with the word "clap" to lay it beside a video exactly.'
            )
        )
    elif clap is None:
        say(tr("The video is taken to begin with the clap; --clap says where else it is."))
    return shift_to_video(events, clap)


def _write_folder(library: Library, session: str, folder: Path, events: Sequence[AnyEvent]) -> None:
    from pipelines.formats import exported
    from pipelines.store import export_session

    with sentences():
        path = export_session(library, session, folder, extras=exported(events))
    out(harmless(path, most=None))


def _write(library: Library, path: Path, told: Exchanged, *, replace: bool) -> None:
    write_for_others(library, path, told.content, replace=replace)
    out(harmless(path, most=None))
    if told.lost:
        say(
            trn(
                "{count} annotation lies before the video begins, and is left out.",
                "{count} annotations lie before the video begins, and are left out.",
                told.lost,
            )
        )
