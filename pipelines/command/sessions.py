"""`interbeat sessions`: what the library holds, and what can be done with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.command.exchange import export, import_marks
from pipelines.command.library import (
    library_options,
    open_library,
    open_or_found_again,
    sentences,
    show_recovery_key,
    tell_of_newer,
)
from pipelines.command.output import WrongCall, out, print_json, say
from pipelines.command.parameters import SESSION
from pipelines.harmless import harmless
from pipelines.language import agrees, tr

if TYPE_CHECKING:
    from pipelines.session import AnyEvent
    from pipelines.store import Library, SessionInfo

json_option = click.option("--json", "as_json", is_flag=True, help=tr("JSON lines on stdout."))


@click.group()
def sessions() -> None:
    """List, show, export, delete or recover recordings; change what opens the library."""


@sessions.command("list")
@json_option
@library_options
def list_sessions(as_json: bool, store: Path | None, passphrase_file: Path | None) -> None:
    """List the recordings of the library, the oldest first."""
    library = open_library(store, passphrase_file, create=False)
    with sentences():
        found = [_as_it_stands(library, info) for info in library.sessions()]
        orphans = library.orphans()
    for info in found:
        if as_json:
            print_json(_row(info))
        else:
            out(_line(info))
    for orphan in orphans:
        if as_json:
            print_json(_orphan_row(orphan))
        else:
            gone = tr("orphan: its key is gone, so nobody can read it; delete removes it")
            out(f"{orphan}  {gone}")
    if not found and not orphans and not as_json:
        out(tr("The library holds no recordings yet."))
    _tell_of_rescued(library)


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
        out(_line(info))
        for line in _batteries(info, events):
            out(line)
        out("")
    for found in analyse(events):
        named = msgspec.structs.replace(found, session=session)
        out(encode_result(named) if as_json else text.describe(named) + "\n")
    if not as_json:
        for line in _marks(events):
            out(line)


sessions.add_command(export)
sessions.add_command(import_marks)


@sessions.command()
@click.argument("session", type=SESSION)
@click.option("--yes", is_flag=True, help=tr("Do not ask."))
@library_options
def delete(session: str, yes: bool, store: Path | None, passphrase_file: Path | None) -> None:
    """Delete a recording for good: its file and its key."""
    library = open_library(store, passphrase_file, create=False, change=True)
    with sentences():
        orphan = session in library.orphans()
        about = f"{session}  {tr('orphan')}" if orphan else _line(library.session(session))
        _agree(session, about, yes=yes)
        library.delete(session)
    say(tr("Session {session} is deleted; it cannot be brought back.", session=session))


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
            print_json(_row(info))
        else:
            out(_line(info))
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
@library_options
def passphrase(
    new_passphrase_file: Path | None, store: Path | None, passphrase_file: Path | None
) -> None:
    """Change the passphrase; the recovery key stays as it is."""
    from pipelines.store import other_passphrase

    library = open_library(store, passphrase_file, create=False, change=True)
    with sentences():
        new = other_passphrase(library.folder, file=new_passphrase_file, tell=say)
        library.change_passphrase(new)
    say(
        tr(
            "The new passphrase opens the library from now on, the old one no more; change it "
            "where it is kept too: a file, the environment, the system keyring."
        )
    )


def _tell_of_rescued(library: Library) -> None:
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


def _agree(session: str, about: str, *, yes: bool) -> None:
    if yes:
        return
    import sys

    if not sys.stdin.isatty():
        raise WrongCall(
            tr("Deleting session {id} needs --yes where nobody can be asked.", id=session)
        )
    say(about)
    question = tr("Delete this recording for good? (yes or no)")
    if not agrees(click.prompt(question, default="", show_default=False, err=True)):
        raise WrongCall(tr("Nothing was deleted."))


def _row(info: SessionInfo) -> dict[str, object]:
    return {
        "id": info.id,
        "started": datetime.fromtimestamp(info.started).astimezone().isoformat(),
        "duration_s": info.duration_s,
        "packets": info.packets,
        "beats": info.beats,
        "state": info.state,
        "sources": list(info.sources),
        "client": info.client,
    }


def _orphan_row(session: str) -> dict[str, object]:
    unknown = dict.fromkeys(("started", "duration_s", "packets", "beats"))
    return {"id": session, **unknown, "state": "orphan", "sources": [], "client": None}


def _line(info: SessionInfo) -> str:
    from pipelines.words import length_text, session_state_text

    started = datetime.fromtimestamp(info.started).astimezone()
    who = ", ".join(
        f"{harmless(source.role)} ({harmless(source.device)})" for source in info.sources
    )
    if info.client is not None:
        who = f"{harmless(info.client)}: {who}"
    return tr(
        "{id}  {started:%Y-%m-%d %H:%M}  {duration:>12}  {beats:6d} beats  {state:9}  {who}",
        id=info.id,
        started=started,
        duration=length_text(info.duration_s),
        beats=info.beats,
        state=session_state_text(info.state),
        who=who,
    )


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
