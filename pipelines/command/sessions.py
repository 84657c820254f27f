"""`interbeat sessions`: what the library holds, and what can be done with it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.command.backups import backup, restore
from pipelines.command.clients import clients, merge, move
from pipelines.command.exchange import export, import_marks
from pipelines.command.forgetting import delete, withdraw
from pipelines.command.library import (
    json_option,
    library_options,
    open_library,
    open_or_found_again,
    sentences,
    show_recovery_key,
    tell_of_newer,
    tell_of_rescued,
)
from pipelines.command.output import out, print_json, say
from pipelines.command.parameters import SESSION
from pipelines.command.session_lines import session_line, session_row
from pipelines.command.sharing import hand_over, import_shared
from pipelines.harmless import harmless
from pipelines.language import tr

if TYPE_CHECKING:
    from pipelines.session import AnyEvent
    from pipelines.store import Library, SessionInfo

_DAY = 86400.0


@click.group()
def sessions() -> None:
    """Find, show, share, back up, delete or recover recordings; change what opens the library."""


@sessions.command("list")
@click.option(
    "--older-than",
    "days",
    type=click.IntRange(min=0),
    metavar="DAYS",
    help=tr("Only those that began more than so many days ago, to keep no longer than agreed."),
)
@json_option
@library_options
def list_sessions(
    days: int | None, as_json: bool, store: Path | None, passphrase_file: Path | None
) -> None:
    """List the recordings of the library, the oldest first."""
    library = open_library(store, passphrase_file, create=False)
    until = float("inf") if days is None else time.time() - days * _DAY
    with sentences():
        known = [info for info in library.sessions() if info.started < until]
        found = [_as_it_stands(library, info) for info in known]
        orphans = library.orphans() if days is None else []
    for info in found:
        if as_json:
            print_json(session_row(info))
        else:
            out(session_line(info))
    for orphan in orphans:
        if as_json:
            print_json(_orphan_row(orphan))
        else:
            gone = tr("orphan: its key is gone, so nobody can read it; delete removes it")
            out(f"{orphan}  {gone}")
    if not found and not orphans and not as_json:
        none = tr("The library holds no recordings yet.")
        out(none if days is None else tr("No recording is that old."))
    tell_of_rescued(library)


@sessions.command()
@click.argument("session", type=SESSION)
@json_option
@library_options
def show(session: str, as_json: bool, store: Path | None, passphrase_file: Path | None) -> None:
    """Show what a recording holds: its marks and its measures."""
    import msgspec

    from pipelines.analysis import analyse, encode_result
    from pipelines.command import text

    library = open_library(store, passphrase_file, create=False)
    with sentences():
        info, events = _as_it_stands(library, library.session(session)), library.events(session)
    tell_of_newer(session, events)
    if not as_json:
        out(session_line(info))
        for line in _batteries(info, events):
            out(line)
        out("")
    for found in analyse(events):
        named = msgspec.structs.replace(found, session=session)
        out(encode_result(named) if as_json else text.describe(named) + "\n")
    if not as_json:
        for line in (*_marks(events), *_notes(events)):
            out(line)


for command in (
    clients,
    move,
    merge,
    backup,
    restore,
    delete,
    withdraw,
    hand_over,
    import_shared,
    export,
    import_marks,
):
    sessions.add_command(command)


@sessions.command()
@click.argument("session", type=SESSION, required=False)
@json_option
@library_options
def recover(
    session: str | None,
    as_json: bool,
    store: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Finish what a crash left: one recording, or all that nobody is recording.

    Recordings whose library went away wait in rescue files and are taken back into it. Where it is
    gone for good, it is made again in DIR, with the same passphrase and recovery key.
    """
    from pipelines.session import beats_of

    library = open_or_found_again(session, store, passphrase_file)
    with sentences():
        found = library.recover(
            session, count_beats=lambda events: sum(one.received for one in beats_of(events))
        )
    for name in found.recovered:
        info = library.session(name)
        if as_json:
            print_json(session_row(info))
        else:
            out(session_line(info))
    for _, sentence in found.troubles:
        say(sentence)
    if others := library.rescued().others:
        say(
            tr(
                "Rescue files of other libraries are left alone: {others}.",
                others=", ".join(others),
            )
        )
    if not found.recovered and not found.troubles:
        say(tr("There is nothing to recover."))
    if found.troubles:
        raise SystemExit(1)


@sessions.command("recovery-key")
@json_option
@library_options
def recovery_key(as_json: bool, store: Path | None, passphrase_file: Path | None) -> None:
    """Make a new recovery key and show it; the old one opens the library no more."""
    library = open_library(store, passphrase_file, create=False, change=True)
    with sentences():
        library.change_recovery_key(partial(show_recovery_key, as_json=as_json))
    say(tr("The new recovery key opens the library from now on, the old one no more."))


@sessions.command()
@click.option(
    "--new-passphrase-file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help=tr("Read the new passphrase from the first line of FILE; otherwise it is asked, twice."),
)
@json_option
@library_options
def passphrase(
    new_passphrase_file: Path | None,
    as_json: bool,
    store: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Change the passphrase; the recovery key stays as it is."""
    from pipelines.store import other_passphrase

    library = open_library(store, passphrase_file, create=False, change=True)
    with sentences():
        new = other_passphrase(library.folder, file=new_passphrase_file, tell=say)
        library.change_passphrase(new)
    if as_json:
        print_json({"changed": "passphrase"})
    say(
        tr(
            "The new passphrase opens the library from now on, the old one no more; change it "
            "where it is kept too: a file, the environment, the system keyring."
        )
    )


def _as_it_stands(library: Library, info: SessionInfo) -> SessionInfo:
    """Return what the log of a recording that goes on holds: the index learns it at the end."""
    import msgspec

    from pipelines.session import beats_of
    from pipelines.store import LibraryError, Summary, summarise

    if info.state != "recording":
        return info
    try:
        events = library.events(info.id)
    except LibraryError:
        return info
    found = summarise(events, Summary())
    return msgspec.structs.replace(
        info,
        duration_s=found.duration_s,
        packets=found.packets,
        sources=found.sources,
        beats=sum(one.received for one in beats_of(events)),
    )


def _orphan_row(session: str) -> dict[str, object]:
    unknown = dict.fromkeys(("started", "duration_s", "packets", "beats"))
    return {"id": session, **unknown, "state": "orphan", "sources": [], "client": None}


def _batteries(info: SessionInfo, events: Sequence[AnyEvent]) -> Iterator[str]:
    """Yield what each strap said last of its battery, as it does whenever it connects."""
    from pipelines.session import Strap

    left = {
        event.source: event.battery_percent
        for event in events
        if isinstance(event, Strap) and event.battery_percent in range(101)
    }
    for source in info.sources:
        if source.source in left:
            battery = tr("battery {percent} % at the last connection", percent=left[source.source])
            yield f"  {harmless(source.role)}: {battery}"


def _marks(events: Sequence[AnyEvent]) -> Iterator[str]:
    from pipelines.session import marks_of

    for mark in marks_of(events):
        words = harmless(mark.text) or "mark"
        yield f"  {int(mark.time) // 60:3d}:{int(mark.time) % 60:02d}  {words}"


def _notes(events: Sequence[AnyEvent]) -> Iterator[str]:
    from pipelines.session import Note

    for event in events:
        if isinstance(event, Note):
            when = datetime.fromtimestamp(event.wall).astimezone()
            words = harmless(event.text, most=None)
            yield f"  {when:%Y-%m-%d %H:%M}  {harmless(event.author)}: {words}"
