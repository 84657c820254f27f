"""`interbeat sessions hand-over` and `import`: a client's sessions leave sealed, others come in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.command.library import (
    is_there,
    json_option,
    library_options,
    open_library,
    sentences,
)
from pipelines.command.output import print_json, say
from pipelines.command.parameters import LARGE, REPLACE
from pipelines.harmless import harmless
from pipelines.language import tr, trn
from pipelines.reading import allowed

if TYPE_CHECKING:
    from pipelines.session import AnyEvent

seal_option = click.option(
    "--seal-file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help=tr("Read the passphrase of the sealed file from the first line of FILE; asked otherwise."),
)


@click.command("hand-over")
@click.argument("client")
@click.option(
    "--out",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    metavar="FILE",
    help=tr("Where the sealed file goes."),
)
@REPLACE
@seal_option
@json_option
@library_options
def hand_over(
    client: str,
    file: Path,
    replace: bool,
    seal_file: Path | None,
    as_json: bool,
    store: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Write all that a client may take along into one file, sealed for a passphrase of theirs.

    The therapist's own trace is never in it, nor what they guessed, nor others of a group, nor the
    made-up name.
    """
    from pipelines import store as stores
    from pipelines.formats import exported

    library = open_library(store, passphrase_file, create=False)
    try:
        with sentences():
            theirs = stores.seal_passphrase(file, file=seal_file, tell=say)
            told = stores.hand_over(library, client, file, theirs, extras=exported, replace=replace)
    except FileExistsError as error:
        raise is_there(file) from error
    if as_json:
        print_json({"file": str(file), "sessions": list(told.sessions),
                    "left_out": list(told.left_out)})  # fmt: skip
    else:
        say(
            trn(
                "{file} holds {count} session, sealed; tell them the passphrase by another way.",
                "{file} holds {count} sessions, sealed; tell them the passphrase by another way.",
                len(told.sessions),
                file=file,
            )
        )
    if told.left_out:
        say(
            tr(
                "Not in it, as the client wears no strap in them or they did not come to an end: "
                "{sessions}.",
                sessions=", ".join(told.left_out),
            )
        )


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--client", metavar="NAME", help=tr("Whose they are: a made-up name in this library.")
)
@seal_option
@LARGE
@json_option
@library_options
def import_shared(
    file: Path,
    client: str | None,
    seal_file: Path | None,
    large: bool,
    as_json: bool,
    store: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Take in sessions that somebody else shared: a sealed file, or an export."""
    from pipelines import store as stores

    sealed = stores.is_sealed(file)
    with sentences():
        secret = stores.passphrase_of_seal(file, file=seal_file) if sealed else None
        found = stores.shared_in(file, secret, most=allowed(large=large))
    library = open_library(store, passphrase_file, create=True)
    name = harmless(client or "").strip() or None
    with sentences():
        told = stores.import_exports(library, found, file, count_beats=_beats, client=name)
    if as_json:
        print_json({"imported": list(told.sessions), "there": told.there,
                    "forgotten": told.forgotten})  # fmt: skip
    else:
        added = trn("{count} session is added", "{count} sessions are added", len(told.sessions))
        say(
            tr(
                "{added}; {there} were there already, and {forgotten} were deleted here and stay "
                "so.",
                added=added,
                there=told.there,
                forgotten=told.forgotten,
            )
        )
    for one in found:
        if one.note is not None:
            say(tr("Session {session} was {note}.", session=one.metadata.session, note=one.note))


def _beats(events: Sequence[AnyEvent]) -> int:
    from pipelines.session import beats_of

    return sum(one.received for one in beats_of(events))
