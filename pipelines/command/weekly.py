"""What the desk does for the window's page of weeks."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from typing import TypeAlias

import msgspec

from pipelines.command.keeper import Keeper
from pipelines.language import tr
from pipelines.recording import KeepWeeks, LetGo, OpenWeeks, PageTold, PrintWeeks, ReadPage
from pipelines.store import Library, LibraryError, write_beside
from pipelines.weeks import (
    Person,
    Story,
    brought_up_to_date,
    let_go,
    person,
    story,
    text_of,
    weeks_page,
)

ErrandOfWeeks: TypeAlias = OpenWeeks | KeepWeeks | ReadPage | LetGo | PrintWeeks


def tend_weeks(keeper: Keeper, library: Library, errand: ErrandOfWeeks) -> None:
    """Do an errand of the weeks, and show them as they stand then.

    Raises
    ------
    LibraryError
        If the own file cannot be read or written.
    """
    own = library.own_file()
    if isinstance(errand, KeepWeeks):
        own.add(errand.entries)
    elif isinstance(errand, LetGo):
        let_go(own, errand.page, time.time())
    found = person(brought_up_to_date(library, own, time.time()))
    told = story(found, date.today())
    if isinstance(errand, PrintWeeks):
        _print(library, Path(errand.path), told)
    page = _page(found, errand.page) if isinstance(errand, ReadPage) else None
    keeper.show(weeks=msgspec.json.encode(told), page=page, refusal=None)
    if isinstance(errand, PrintWeeks):
        keeper.show(written=errand.path)


def _page(found: Person, page: str) -> PageTold | None:
    """Return a page that the person wrote, None where it was let go of meanwhile."""
    return next((PageTold(page, text_of(one)) for one in found.writings if one.id == page), None)


def _print(library: Library, path: Path, told: Story) -> None:
    try:
        write_beside(library.folder, path, weeks_page(told).encode(), replace=True)
    except OSError as error:
        raise LibraryError(
            tr("{path} cannot be written ({strerror}).", path=path, strerror=error.strerror)
        ) from error
