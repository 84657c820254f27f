"""`interbeat report`: a session as a file for those who were not there."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import click

from pipelines.command.library import (
    is_there,
    library_options,
    open_library,
    tell_of_newer,
    write_for_others,
)
from pipelines.command.output import Problem, WrongCall, out, say
from pipelines.command.parameters import REPLACE, SESSION
from pipelines.extras import need
from pipelines.harmless import harmless
from pipelines.language import tr

if TYPE_CHECKING:
    from pipelines.report import Report
    from pipelines.session import SourceBeats
    from pipelines.store import Library, SessionInfo

NOT_ENCRYPTED: Final = tr("This file is not encrypted; whoever has it can read it.")
OTHERS = 40
"""Other sessions of the same person, the newest, whose labels are told together with these."""
WRITTEN_WITHIN = 120.0
"""Seconds that a PDF may take."""


@click.command()
@click.argument("session", type=SESSION)
@click.option(
    "--out",
    "path",
    type=click.Path(path_type=Path),
    metavar="FILE.html|.pdf",
    help=tr("Where the report goes; the end of its name says as what."),
)
@click.option(
    "--for",
    "audience",
    type=click.Choice(["clinician", "client"]),
    default="clinician",
    show_default=True,
    help=tr("client: the same in gentler words, without bpm, percentiles or appendix."),
)
@click.option(
    "--draft",
    type=click.Path(path_type=Path),
    metavar="WORDS.txt",
    help=tr("Write the sentences of the client's version as a text to be edited, and no report."),
)
@click.option(
    "--words",
    type=click.Path(path_type=Path),
    metavar="WORDS.txt",
    help=tr("Take the sentences of the client's version from a text that --draft has written."),
)
@click.option(
    "--with-earlier",
    is_flag=True,
    help=tr("Add a page of the same client's earlier hours: each one's baseline, and medicines."),
)
@click.option(
    "--role", metavar="ROLE", help=tr('Whom it is about where several are recorded: "member 2".')
)
@REPLACE
@library_options
def report(
    session: str,
    path: Path | None,
    audience: str,
    draft: Path | None,
    words: Path | None,
    with_earlier: bool,
    role: str | None,
    replace: bool,
    store: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Write a session as a report: plain words first, then how sure they are.

    One file, HTML or PDF, that needs nothing else and sends nothing anywhere. The client's version
    can be put in other words before it leaves: --draft, a text editor, --words.
    """
    goes = _goes(path, draft, words, audience)
    if with_earlier and audience == "client":
        raise WrongCall(tr("Earlier hours stand in the clinician's version alone."))
    rendered = renderer(goes) if draft is None else partial(_draft, session=session)
    if not replace and os.path.lexists(goes):
        raise is_there(goes)
    library = open_library(store, passphrase_file, create=False)
    made = report_of_session(
        library, session, role=role, audience=audience, with_earlier=with_earlier
    )
    if words is not None:
        made = _in_words_of(made, words, session)
    write_for_others(library, goes, rendered(made), replace=replace)
    out(harmless(goes, most=None))
    say(NOT_ENCRYPTED)


def _goes(path: Path | None, draft: Path | None, words: Path | None, audience: str) -> Path:
    """Return where what is asked for goes."""
    goes = path or draft
    if goes is None or (path is not None and draft is not None):
        raise WrongCall(tr("Say where it goes: --out FILE for a report, or --draft for its words."))
    if (draft or words) is not None and audience != "client":
        raise WrongCall(
            tr("Only the client's version can be put in other words: add --for client.")
        )
    if draft is not None and words is not None:
        raise WrongCall(tr("--words goes with --out: it makes a report of what --draft wrote."))
    return goes


def _draft(report: Report, *, session: str) -> bytes:
    from pipelines.report import as_draft

    return as_draft(report, session).encode()


def _in_words_of(report: Report, path: Path, session: str) -> Report:
    """Return a report in the words of a draft."""
    from pipelines.reading import CannotRead, contents
    from pipelines.report import BadDraft, read_draft, reworded

    try:
        text = contents(path).decode("utf-8-sig")
        return reworded(report, read_draft(text, session))
    except UnicodeDecodeError as error:
        why = tr("it is no text in UTF-8; save it as one")
        raise Problem(tr("{path} cannot be read: {why}.", path=path, why=why)) from error
    except CannotRead as error:
        raise Problem(tr("{path} cannot be read: {why}.", path=path, why=error)) from error
    except BadDraft as error:
        raise WrongCall(f"{path}: {error}") from error


def renderer(path: Path) -> Callable[[Report], bytes]:
    """Return what writes a report as the end of a file's name says.

    Raises
    ------
    WrongCall
        If it says neither.
    """
    found = RENDERERS.get(path.suffix.lower())
    if found is None:
        raise WrongCall(
            tr('"{path}" ends in neither .html nor .pdf; a report is one of the two.', path=path)
        )
    return found


def report_of_session(
    library: Library,
    session: str,
    *,
    role: str | None = None,
    audience: str,
    with_earlier: bool = False,
) -> Report:
    """Return the report of a session of a library, `with_earlier` hours of the same client.

    Raises
    ------
    Problem
        If it cannot be read, or nobody is in it whom it could be about.
    """
    from pipelines.analysis import get_ready
    from pipelines.report import Audience, NoReport, report_of
    from pipelines.store import LibraryError, UnknownSession

    try:
        info, events = library.session(session), library.events(session)
        others = tuple(others_of(library, info, role, most=None if with_earlier else OTHERS))
    except UnknownSession as error:
        raise WrongCall(str(error)) from error
    except LibraryError as error:
        raise Problem(str(error)) from error
    earlier = [(_began(one), beats) for one, beats in others if one.started < info.started]
    if with_earlier and not earlier:
        raise WrongCall(
            tr("There are no earlier hours beside this one; `interbeat sessions list` names whose.")
        )
    tell_of_newer(session, events)
    get_ready(say)
    try:
        return report_of(
            events,
            started=_began(info),
            written=datetime.now().astimezone(),
            client=info.client,
            role=role,
            audience=Audience(audience),
            others=[beats for _, beats in others[-OTHERS:]],
            earlier=earlier if with_earlier else (),
        )
    except NoReport as error:
        raise WrongCall(str(error)) from error


def _began(info: SessionInfo) -> datetime:
    return datetime.fromtimestamp(info.started).astimezone()


def others_of(
    library: Library, info: SessionInfo, role: str | None, *, most: int | None
) -> Iterator[tuple[SessionInfo, SourceBeats]]:
    """Yield the same person's part of their other sessions that came to an end, the newest `most`.

    They come in the order in which they began.
    """
    from pipelines.report import NoReport, wearer_among
    from pipelines.session import beats_of
    from pipelines.store import LibraryError

    if info.client is None:
        return
    alike = [
        one
        for one in library.sessions()
        if one.client == info.client and one.id != info.id and one.state != "recording"
    ]
    alike.sort(key=lambda one: one.started)
    for one in alike if most is None else alike[-most:]:
        try:
            yield one, wearer_among(beats_of(library.events(one.id)), role)
        except NoReport:
            continue
        except LibraryError as error:
            say(str(error))


def _html(report: Report) -> bytes:
    from pipelines.report import as_html

    return as_html(report).encode()


def _pdf(report: Report) -> bytes:
    """Return a report as PDF, drawn by a process of its own: Qt may abort."""
    import msgspec

    from pipelines.processes import program, surroundings

    need("PySide6")
    try:
        drawn = subprocess.run(
            program("gui.report"),
            input=msgspec.json.encode(report),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=surroundings() | _without_display(),
            timeout=WRITTEN_WITHIN,
            check=True,
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise Problem(
            tr(
                "This computer cannot draw a PDF; give a name that ends in .html and print it from "
                "a browser."
            )
        ) from error
    return drawn.stdout


def _without_display() -> dict[str, str]:
    """Return what lets Qt draw where there is no display; what is drawn needs none."""
    return {"QT_QPA_PLATFORM": "offscreen"} if sys.platform.startswith("linux") else {}


RENDERERS: Final[Mapping[str, Callable[[Report], bytes]]] = MappingProxyType(
    {".html": _html, ".pdf": _pdf}
)
