"""What the window is shown of the library: its recordings, and one of them reviewed.

What a person decides of a session there is added to its log, and everything is read from the log
again: review and `analyse` cannot differ.
"""

from __future__ import annotations

import time

from pipelines.analysis import reviewed
from pipelines.command.keeper import Keeper
from pipelines.live import edited
from pipelines.recording import Amend, Errand, Kept, NameClient, Omit, Open, Redraw, TakeBack
from pipelines.session import (
    NO_POINTS,
    AnyEvent,
    Baseline,
    LeftOut,
    Mark,
    TakenBack,
    decided,
    said_at,
)
from pipelines.store import Library, LibraryError

LOOK = 0.2
"""Seconds between looks at whether the window is still there."""


def show_shelf(keeper: Keeper, library: Library) -> None:
    """List the recordings at once, and count their moments until something else is asked for."""
    infos = sorted(library.sessions(), key=lambda one: -one.started)
    rows = [
        Kept(one.id, one.started, one.duration_s, one.client, None)
        for one in infos
        if one.state != "recording"
    ]
    keeper.show_shelf(rows)
    for place, row in enumerate(rows):
        if keeper.has_errand() or keeper.over.is_set() or not keeper.is_open:
            return
        rows[place] = Kept(
            row.session, row.started, row.duration_s, row.client, _moments(library, row.session)
        )
        keeper.show_shelf(rows)


def _moments(library: Library, session: str) -> int | None:
    """Return how many moments were marked, None where the session cannot be read."""
    try:
        return len(library.marks(session))
    except LibraryError:
        return None


class Reviewer:
    """Shows one session of a library, and adds to its log what a person decides of it.

    Raises
    ------
    LibraryError
        If it cannot be read.
    """

    def __init__(self, keeper: Keeper, library: Library, session: str) -> None:
        self._keeper, self._library, self._session = keeper, library, session
        self._info = library.session(session)
        self._log: list[AnyEvent] = list(library.events(session))
        self._points = NO_POINTS
        self._read(anew=True)

    def run(self) -> None:
        """Do what is asked of it until something else is; that errand is left to the caller."""
        keeper = self._keeper
        while keeper.is_open and not keeper.over.is_set():
            errand = keeper.next(within=LOOK)
            if errand is not None and not self._does(errand):
                keeper.put_back(errand)
                break
        keeper.show_review(None, NO_POINTS)

    def _does(self, errand: Errand) -> bool:
        """Do an errand; return whether it was one of a review."""
        try:
            match errand:
                case Amend(edit):
                    self._add(edited(edit, self._now()))
                case Omit(start, end, reason):
                    self._add(LeftOut(self._now(), self._source, start, end, reason))
                case Redraw(start, end):
                    self._add(Baseline(self._now(), self._source, start, end))
                case TakeBack() if decided(self._log):
                    self._add(TakenBack(self._now()))
                case NameClient(name):
                    self._library.name_client(self._session, name or None)
                    self._info = self._library.session(self._session)
                    self._read(anew=False)
                case Open(session) if session == self._session:
                    self._read(anew=False)
                case TakeBack():
                    pass
                case _:
                    return False
        except LibraryError as error:
            self._keeper.show(refusal=str(error))
        return True

    def _add(self, event: AnyEvent) -> None:
        """Add to the log, and only then show what follows from it."""
        self._library.add(self._session, [event])
        self._log.append(event)
        self._read(anew=not isinstance(event, Mark))

    def _read(self, *, anew: bool) -> None:
        """Read the log again; the trace only where it may look different."""
        told, self._points = reviewed(
            self._log,
            session=self._session,
            started=self._info.started,
            client=self._info.client,
            points=None if anew else self._points,
        )
        self._source = told.source
        self._keeper.show_review(told, self._points)

    def _now(self) -> float:
        """Return when something is said of the session now."""
        return said_at(self._log, time.time() - self._info.started)


def review_session(keeper: Keeper, library: Library, session: str) -> None:
    """Review one session until something else is asked for; say why where it cannot be read."""
    try:
        Reviewer(keeper, library, session).run()
    except LibraryError as error:
        keeper.show(refusal=str(error))
