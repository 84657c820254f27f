"""A window over a real desk and library, on a calendar that a test turns."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from types import SimpleNamespace

from docs import moments
from pipelines.command.keeper import Keeper
from pipelines.command.opening import Clerk
from pipelines.recording import Desk, Errand
from pipelines.store import Library


class Calendar:
    """What day it is, at noon, and a second later each time that it is asked."""

    def __init__(self, day: date) -> None:
        self.day, self._seconds = day, 0

    def __call__(self) -> float:
        self._seconds += 1
        noon = datetime.combine(self.day, time(12)).astimezone()
        return (noon + timedelta(seconds=self._seconds)).timestamp()

    def as_module(self) -> SimpleNamespace:
        """What stands for `time` where a window asks it."""
        return SimpleNamespace(time=self)


class OwnDesk:
    """The real desk with a library, as the stage of a window has its world."""

    def __init__(self, keeper: Keeper, library: Library, calendar: Calendar) -> None:
        self._keeper = keeper
        self._clerk = Clerk(keeper, library.folder, library, calendar)
        self.errands: list[Errand] = []
        self.goodbyes = 0
        self.moment = moments.live()
        self.outlines: list[object] = []
        self.kept: tuple[object, ...] = ()

    @property
    def desk(self) -> Desk:
        return self._keeper._told()

    def do(self, errand: Errand) -> None:
        self.errands.append(errand)
        self._clerk.do(errand)

    def change(self, **changes: object) -> None:
        self._keeper.show(**changes)
