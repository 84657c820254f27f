"""What the desk does for the window's page of weeks."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import msgspec

from pipelines.command.keeper import Keeper
from pipelines.language import tr
from pipelines.recording import KeepWeeks, OpenWeeks, PrintWeeks
from pipelines.store import Library, LibraryError, write_beside
from pipelines.weeks import Story, brought_up_to_date, person, story, weeks_page


def tend_weeks(
    keeper: Keeper, library: Library, errand: OpenWeeks | KeepWeeks | PrintWeeks
) -> None:
    """Do an errand of the weeks, and show them as they stand then.

    Raises
    ------
    LibraryError
        If the own file cannot be read or written.
    """
    own = library.own_file()
    if isinstance(errand, KeepWeeks):
        own.add(errand.entries)
    told = story(person(brought_up_to_date(library, own, time.time())), date.today())
    if isinstance(errand, PrintWeeks):
        _print(library, Path(errand.path), told)
    keeper.show(weeks=msgspec.json.encode(told), refusal=None)
    if isinstance(errand, PrintWeeks):
        keeper.show(written=errand.path)


def _print(library: Library, path: Path, told: Story) -> None:
    try:
        write_beside(library.folder, path, weeks_page(told).encode(), replace=True)
    except OSError as error:
        raise LibraryError(
            tr("{path} cannot be written ({strerror}).", path=path, strerror=error.strerror)
        ) from error
