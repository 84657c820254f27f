"""The line to the desk: errands on their way, and how the desk stands, in a thread of its own."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from gui.library.course import NO_STOCK, Stock
from gui.review.course import Opened
from pipelines.analysis import Outline
from pipelines.recording import Desk, Errand, FoundWords, Kept, LibraryState, Look, RemoteSession
from pipelines.session import NO_POINTS, Points

PERIOD = 0.1
"""Seconds between two questions."""
PATIENCE = 2.0
"""Seconds for which a closing window waits until its last errands are passed on."""
MISSED = 15
"""Questions without an answer after which the desk counts as out of reach."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the desk stood, None while it does not answer; `errands` had been passed on by then.

    `stock` is what it told of the library, and `opened` is the review that lay ready.
    """

    desk: Desk | None
    errands: int
    stock: Stock = NO_STOCK
    opened: Opened | None = None


class Line:
    """Passes on errands and asks how the desk stands; neither ever waits in the caller's thread.

    An errand that was not heard is passed on again.
    """

    def __init__(self, session: RemoteSession) -> None:
        self._session = session
        self._waiting: deque[Errand] = deque()
        self._look: Look | None = None
        self._told: Look | None = None
        self._given = self._passed = self._missed = 0
        self._newest: Standing | None = None
        self._stock = NO_STOCK
        self._shelf = 0
        self._told_outlines: tuple[Outline, ...] = ()
        self._words, self._found = "", (0, 0, "")
        self._opened: tuple[int, Opened | None] = (0, None)
        self._news, self._over = threading.Event(), False
        self._thread = threading.Thread(target=self._run, name="interbeat-desk", daemon=True)
        self._thread.start()

    def give(self, errand: Errand) -> None:
        """Have an errand done."""
        self._given += 1
        self._waiting.append(errand)
        self._news.set()

    def tell(self, look: Look) -> None:
        """Have it told how the window looks; only the newest look counts."""
        if look != self._look:
            self._look = look
            self._news.set()

    def look_for(self, words: str) -> None:
        """Have it told where words are in the library."""
        if words != self._words:
            self._words = words
            self._news.set()

    def newest(self) -> Standing | None:
        """Return how the desk stands, None where no answer knows of the last errand yet."""
        newest = self._newest
        return newest if newest is not None and newest.errands == self._given else None

    def close(self) -> None:
        """Pass on the last errands, and say that a person closed the window."""
        self._over = True
        self._news.set()
        self._thread.join(timeout=PATIENCE)
        if self._thread.is_alive():
            self._session.close()

    def _run(self) -> None:
        while not self._over:
            self._pass_on()
            passed, desk = self._passed, self._session.desk()
            self._missed = 0 if desk is not None else self._missed + 1
            if desk is not None or self._missed >= MISSED:
                self._fetch(desk)
                self._newest = Standing(desk, passed, self._stock, self._opened[1])
            self._news.wait(PERIOD)
            self._news.clear()
        self._pass_on()
        self._session.close()

    def _fetch(self, desk: Desk | None) -> None:
        """Ask for the library and the review, where what is at hand of them is not the newest."""
        if desk is None:
            return
        self._fetch_stock(desk)
        if desk.review == 0:
            self._opened = 0, None
        elif desk.review != self._opened[0] and (opened := self._review()) is not None:
            self._opened = desk.review, opened

    def _fetch_stock(self, desk: Desk) -> None:
        if desk.library is not LibraryState.OPEN:
            self._stock, self._shelf, self._found = NO_STOCK, desk.shelf, (0, 0, "")
            return
        if desk.shelf != self._shelf and (told := self._rows()) is not None:
            rows, backup = told
            self._stock = replace(self._stock, rows=rows, backup=backup, at=time.time())
            self._shelf = desk.shelf
        if desk.outlines != len(self._told_outlines):
            self._fetch_outlines(desk.outlines)
        asked = desk.shelf, desk.unread, self._words
        if asked != self._found and (found := self._look_for(self._words)) is not None:
            self._stock = replace(self._stock, found=found)
            self._found = asked

    def _look_for(self, words: str) -> FoundWords | None:
        return self._session.found(words) if words else FoundWords(words)

    def _fetch_outlines(self, count: int) -> None:
        """Ask for the sessions in small that are lacking, or for all where there are fewer now."""
        had = self._told_outlines if count > len(self._told_outlines) else ()
        while len(had) < count and (told := self._session.outlines(len(had))) is not None:
            if not told.outlines:
                break
            had += told.outlines
        self._told_outlines = had
        outlines: Mapping[str, Outline] = {one.session: one for one in had}
        self._stock = replace(self._stock, outlines=outlines)

    def _rows(self) -> tuple[tuple[Kept, ...], float | None] | None:
        """Return all recordings, and when they were backed up; None where an answer is lacking."""
        rows: list[Kept] = []
        while (shelf := self._session.shelf(len(rows))) is not None:
            rows += shelf.rows
            if not shelf.rows or len(rows) >= shelf.total:
                return tuple(rows), shelf.backup
        return None

    def _review(self) -> Opened | None:
        """Return the review that lies ready, None where an answer is lacking."""
        told = self._session.review()
        if told is None:
            return None
        parts: list[Points] = []
        while sum(map(len, parts)) < told.points:
            trace = self._session.points(sum(map(len, parts)))
            if trace is None or not len(part := trace.points()):
                return None
            parts.append(part)
        return Opened(told, _joined(parts))

    def _pass_on(self) -> None:
        while self._waiting and self._session.run(self._waiting[0]):
            self._waiting.popleft()
            self._passed += 1
        look = self._look
        if look is not None and look != self._told and self._session.tell(look):
            self._told = look


def _joined(parts: list[Points]) -> Points:
    if not parts:
        return NO_POINTS
    columns = zip(*(part.columns() for part in parts), strict=True)
    return Points(*(np.concatenate(each) for each in columns))
