"""`interbeat sessions delete` and `withdraw`: what is to be gone for good."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pipelines.command.backups import backup_row, tell_of_backups
from pipelines.command.library import json_option, library_options, open_library, sentences
from pipelines.command.output import WrongCall, print_json, say
from pipelines.command.parameters import SESSION
from pipelines.command.session_lines import session_line
from pipelines.language import agrees, tr

yes_option = click.option("--yes", is_flag=True, help=tr("Do not ask."))


@click.command()
@click.argument("session", type=SESSION)
@yes_option
@json_option
@library_options
def delete(
    session: str, yes: bool, as_json: bool, store: Path | None, passphrase_file: Path | None
) -> None:
    """Delete a recording for good: its file and its key; name the backups that still hold it."""
    library = open_library(store, passphrase_file, create=False, change=True)
    with sentences():
        # What a full disk left half deleted is no session any more, and is deleted all the same.
        if not yes:
            orphan = session in library.orphans()
            line = (
                f"{session}  {tr('orphan')}" if orphan else session_line(library.session(session))
            )
            _agree(session, line, tr("Delete this recording for good? (yes or no)"))
        held = library.delete(session)
    if as_json:
        print_json({"deleted": session, "backups": [backup_row(one) for one in held]})
    say(tr("Session {session} is deleted; it cannot be brought back.", session=session))
    tell_of_backups(held)


@click.command()
@click.argument("session", type=SESSION)
@click.option(
    "--role",
    required=True,
    metavar="ROLE",
    help=tr('Who withdraws: "client", "therapist", "member 3" and so on.'),
)
@yes_option
@json_option
@library_options
def withdraw(
    session: str,
    role: str,
    yes: bool,
    as_json: bool,
    store: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Write a recording anew without one of its wearers, under another id and key.

    All that their strap told goes, for good; with the client their name, the card, their words and
    their consent to touch. Moments and notes stay, as they are the session's.
    """
    from pipelines.session import beats_of

    library = open_library(store, passphrase_file, create=False, change=True)
    with sentences():
        if not yes:
            line = session_line(library.session(session))
            _agree(session, line, tr("Take this person out of the recording for good? (yes or no)"))
        done = library.withdraw(
            session, role, count_beats=lambda log: sum(one.received for one in beats_of(log))
        )
    if as_json:
        row = {"withdrawn": session, "session": done.session}
        print_json({**row, "backups": [backup_row(one) for one in done.backups]})
    say(
        tr(
            "Session {session} is {new} from now on, without them; what was theirs cannot be "
            "brought back. Moments and notes stay; read whether their words tell of them.",
            session=session,
            new=done.session,
        )
    )
    tell_of_backups(done.backups)


def _agree(session: str, about: str, question: str) -> None:
    if not sys.stdin.isatty():
        raise WrongCall(
            tr(
                "Nothing of session {id} is deleted without --yes where nobody is asked.",
                id=session,
            )
        )
    say(about)
    if not agrees(click.prompt(question, default="", show_default=False, err=True)):
        raise WrongCall(tr("Nothing was deleted."))
