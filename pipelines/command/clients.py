"""`interbeat sessions clients`, `move` and `merge`: whose the sessions of a library are."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.command.library import json_option, library_options, open_library, sentences
from pipelines.command.output import WrongCall, out, print_json, say
from pipelines.command.parameters import SESSION
from pipelines.harmless import harmless
from pipelines.language import tr, trn

if TYPE_CHECKING:
    from pipelines.store import ClientFound


@click.command()
@click.option(
    "--find", metavar="WORDS", help=tr("Only where these words are, in names, moments and notes.")
)
@json_option
@library_options
def clients(
    find: str | None, as_json: bool, store: Path | None, passphrase_file: Path | None
) -> None:
    """List the clients by the names given, with their sessions; or find words in all of them."""
    from pipelines.store import clients_of, search_sessions

    if find is not None and not find.strip():
        raise WrongCall(tr("--find needs a word to look for."))
    library = open_library(store, passphrase_file, create=False)
    with sentences():
        known, names = library.sessions(), library.clients()
        if find is None:
            found = clients_of(known, names)
        else:
            found = search_sessions(known, library.said(), find, names)
    for one in found:
        if as_json:
            print_json(_row(one))
        else:
            out(_text(one))
    if not found and not as_json:
        out(tr("There is nobody yet.") if find is None else tr("These words are nowhere."))


@click.command()
@click.argument("session", type=SESSION)
@click.option(
    "--to",
    "client",
    required=True,
    metavar="CLIENT",
    help=tr("The made-up name of the client whose it is; an empty one for nobody's."),
)
@json_option
@library_options
def move(
    session: str, client: str, as_json: bool, store: Path | None, passphrase_file: Path | None
) -> None:
    """Say whose a recording is; the name given before counts no more."""
    library = open_library(store, passphrase_file, create=False, change=True)
    name = harmless(client).strip() or None
    with sentences():
        before = library.session(session).client
        library.name_client(session, name)
    if as_json:
        print_json({"session": session, "client": name, "before": before})
    elif name is None:
        say(tr("Session {session} is nobody's now.", session=session))
    else:
        say(tr("Session {session} is {client}'s now.", session=session, client=name))


@click.command()
@click.argument("client")
@click.argument("into", metavar="CLIENT")
@json_option
@library_options
def merge(
    client: str, into: str, as_json: bool, store: Path | None, passphrase_file: Path | None
) -> None:
    """Make the sessions of the first client the second one's, as they are one person."""
    library = open_library(store, passphrase_file, create=False, change=True)
    with sentences():
        moved = [info.id for info in library.sessions() if info.client == client]
        library.merge_clients(client, into)
    if as_json:
        print_json({"client": into, "before": client, "sessions": moved})
    else:
        say(
            trn(
                "{count} session of {before} is {client}'s now.",
                "{count} sessions of {before} are {client}'s now.",
                len(moved),
                before=harmless(client),
                client=harmless(into),
            )
        )


def _row(found: ClientFound) -> dict[str, object]:
    return {
        "client": found.client,
        "sessions": found.sessions,
        "last": None if found.last is None else _moment(found.last).isoformat(),
        "found": [
            {"session": line.session, "time_s": line.time, "text": line.text}
            for line in found.lines
        ],
    }


def _text(found: ClientFound) -> str:
    who = tr("(nobody's)") if found.client is None else harmless(found.client)
    count = trn("{count} session", "{count} sessions", found.sessions)
    line = f"{who}  {count}"
    if found.last is not None:
        line += "  " + tr("last {day:%Y-%m-%d %H:%M}", day=_moment(found.last))
    return "\n".join([line, *(_line(one.session, one.time, one.text) for one in found.lines)])


def _line(session: str, time: float, text: str) -> str:
    return f"  {session}  {int(time) // 60:3d}:{int(time) % 60:02d}  {harmless(text)}"


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds).astimezone()
