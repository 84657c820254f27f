"""`interbeat report`: a session as a file for those who were not there."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
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
from pipelines.command.parameters import SESSION
from pipelines.extras import need
from pipelines.harmless import harmless
from pipelines.language import tr

if TYPE_CHECKING:
    from pipelines.report import Report
    from pipelines.session import SourceBeats
    from pipelines.store import Library, SessionInfo

OTHERS = 40
"""Other sessions of the same person, the newest, whose labels are told together with these."""
WRITTEN_WITHIN = 120.0
"""Seconds that a PDF may take."""


@click.command()
@click.argument("session", type=SESSION)
@click.option(
    "--out",
    "path",
    required=True,
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
    "--role", metavar="ROLE", help=tr('Whom it is about where several are recorded: "member 2".')
)
@click.option("--replace", is_flag=True, help=tr("Write over the file if there is one."))
@library_options
def report(
    session: str,
    path: Path,
    audience: str,
    role: str | None,
    replace: bool,
    store: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Write a session as a report: plain words first, then how sure they are.

    One file, HTML or PDF, that needs nothing else and sends nothing anywhere.
    """
    rendered = _renderer(path)
    if not replace and os.path.lexists(path):
        raise is_there(path)
    library = open_library(store, passphrase_file, create=False)
    content = rendered(_report(library, session, role, audience))
    write_for_others(library, path, content, replace=replace)
    out(harmless(path, most=None))
    say(tr("This file is not encrypted; whoever has it can read it."))


def _renderer(path: Path) -> Callable[[Report], bytes]:
    """Return what writes a report as the end of a file's name says."""
    renderer = RENDERERS.get(path.suffix.lower())
    if renderer is None:
        raise WrongCall(
            tr('"{path}" ends in neither .html nor .pdf; a report is one of the two.', path=path)
        )
    return renderer


def _report(library: Library, session: str, role: str | None, audience: str) -> Report:
    from pipelines.analysis import get_ready
    from pipelines.report import Audience, NoReport, report_of
    from pipelines.store import LibraryError, UnknownSession

    try:
        info, events = library.session(session), library.events(session)
        others = tuple(_others(library, info, role))
    except UnknownSession as error:
        raise WrongCall(str(error)) from error
    except LibraryError as error:
        raise Problem(str(error)) from error
    tell_of_newer(session, events)
    get_ready(say)
    try:
        return report_of(
            events,
            started=datetime.fromtimestamp(info.started).astimezone(),
            written=datetime.now().astimezone(),
            client=info.client,
            role=role,
            audience=Audience(audience),
            others=others,
        )
    except NoReport as error:
        raise WrongCall(str(error)) from error


def _others(library: Library, info: SessionInfo, role: str | None) -> Iterator[SourceBeats]:
    """Yield the same person's part of their other sessions that came to an end."""
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
    for one in alike[-OTHERS:]:
        try:
            yield wearer_among(beats_of(library.events(one.id)), role)
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
