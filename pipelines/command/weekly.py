"""What the desk does for the window's page of weeks."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from datetime import time as clock_time
from pathlib import Path
from typing import Final

import msgspec

from pipelines.command.keeper import Keeper
from pipelines.language import tr
from pipelines.programmes import BadPlan
from pipelines.recording import (
    KeepWeeks,
    LetGo,
    OfWeeks,
    PageTold,
    PrintWeeks,
    ReadPage,
    Remind,
    TakePlan,
)
from pipelines.store import Library, LibraryError, OwnFile, write_beside
from pipelines.weeks import (
    Person,
    brought_up_to_date,
    decoded,
    kept_plan,
    let_go,
    person,
    plan_kept,
    reminders,
    story,
    text_of,
    weeks_page,
)

EVENING: Final = clock_time(18, 0)
"""When a calendar reminds of the weekly question; it can be moved there."""
REMINDED: Final = 12
"""Weeks in which it does so."""


def tend_weeks(
    keeper: Keeper, library: Library, errand: OfWeeks, clock: Callable[[], float] = time.time
) -> None:
    """Do an errand of the weeks, and show them as they stand then.

    `clock` tells the seconds since 1970 UTC.

    Raises
    ------
    LibraryError
        If the own file cannot be read or written, or a plan is none.
    """
    own, now = library.own_file(), clock()
    _change(own, errand, now)
    found = person(brought_up_to_date(library, own, now))
    today = date.fromtimestamp(now)
    told = story(found, today)
    written = None
    if isinstance(errand, PrintWeeks):
        written = _write(library, errand.path, weeks_page(told).encode())
    elif isinstance(errand, Remind):
        plan = kept_plan(found)
        content = reminders(today, EVENING, REMINDED, now, plan=plan)
        written = _write(library, errand.path, content)
    page = _page(found, errand.page) if isinstance(errand, ReadPage) else None
    keeper.show(weeks=msgspec.json.encode(told), page=page, refusal=None)
    if written is not None:
        keeper.show(written=written)


def _change(own: OwnFile, errand: OfWeeks, now: float) -> None:
    """Change the own file as an errand asks."""
    match errand:
        case KeepWeeks(entries):
            own.add(entries)
        case LetGo(page):
            let_go(own, page, now)
        case TakePlan(path):
            try:
                new = plan_kept(Path(path), decoded(own.bodies()), now)
            except BadPlan as error:
                raise LibraryError(str(error)) from error
            if new:
                own.add(new)


def _page(found: Person, page: str) -> PageTold | None:
    """Return a page that the person wrote, None where it was let go of meanwhile."""
    return next((PageTold(page, text_of(one)) for one in found.writings if one.id == page), None)


def _write(library: Library, path: str, content: bytes) -> str:
    """Write a file for others over what lies there, and return its path."""
    try:
        write_beside(library.folder, Path(path), content, replace=True)
    except OSError as error:
        raise LibraryError(
            tr("{path} cannot be written ({strerror}).", path=path, strerror=error.strerror)
        ) from error
    return path
