"""One session of a library reviewed in a window.

What a person decides of a session there is added to its log, and everything is read from the log
again: review and `analyse` cannot differ.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from pipelines.analysis import Reviewed, reviewed
from pipelines.command.clients_report import ClientsReport
from pipelines.command.keeper import Keeper
from pipelines.command.output import Problem
from pipelines.command.report import OTHERS, others_of
from pipelines.formats import exported
from pipelines.language import tr
from pipelines.live import edited
from pipelines.recording import (
    Amend,
    Errand,
    HandOver,
    NameClient,
    Omit,
    Open,
    Redraw,
    Reword,
    ShowHeart,
    ShowSway,
    TakeBack,
    Word,
    WriteReport,
)
from pipelines.report import BadDraft
from pipelines.session import (
    NO_POINTS,
    THERAPIST,
    AnyEvent,
    Baseline,
    LeftOut,
    Mark,
    Points,
    Source,
    SourceBeats,
    TakenBack,
    clients_part,
    decided,
    said_at,
)
from pipelines.store import Library, LibraryError, export_session

LOOK = 0.2
"""Seconds between looks at whether the window is still there."""


class Reviewer:
    """Shows one session of a library, and adds to its log what a person decides of it.

    `known` returns its review where that is known of a log of so many events.

    Raises
    ------
    LibraryError
        If it cannot be read.
    """

    def __init__(
        self,
        keeper: Keeper,
        library: Library,
        session: str,
        known: Callable[[int], tuple[Reviewed, Points] | None] = lambda _: None,
    ) -> None:
        self._keeper, self._library, self._session = keeper, library, session
        self._info = library.session(session)
        self._log: list[AnyEvent] = list(library.events(session))
        self._points = NO_POINTS
        self._client = ClientsReport(library)
        self._role: str | None = None
        self._sway = False
        self._others: list[SourceBeats] = []
        self._waiting: Iterator[tuple[object, SourceBeats]] | None = None
        self._begin(known(len(self._log)))
        self._waiting = self._of_same_client()

    def run(self) -> None:
        """Do what is asked of it until something else is; that errand is left to the caller."""
        keeper = self._keeper
        while keeper.is_open and not keeper.over.is_set():
            errand = keeper.next(within=LOOK if self._waiting is None else 0.0)
            if errand is not None and not self._does(errand):
                keeper.put_back(errand)
                break
            self._read_another()
        keeper.show(sentences=None)
        keeper.show_review(None, NO_POINTS)

    def _of_same_client(self) -> Iterator[tuple[object, SourceBeats]] | None:
        """Return what reads the same client's other sessions one by one; none where it is unknown.

        The therapist's own moments are in no other review.
        """
        self._others = []
        if self._info.client is None or self._role == THERAPIST:
            return None
        return others_of(self._library, self._info, self._role, most=OTHERS)

    def _read_another(self) -> None:
        """Read one more session, while nothing else is asked; tell labels together after the last.

        The review is there before: it waits for none of them.
        """
        if self._waiting is None:
            return
        one = next(self._waiting, None)
        if one is not None:
            self._others.append(one[1])
            return
        self._waiting = None
        if self._others:
            self._read(anew=False)

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
                    self._waiting = self._of_same_client()
                    self._read(anew=False)
                case Open(session) if session == self._session:
                    self._read(anew=False)
                case TakeBack():
                    pass
                case ShowHeart(role):
                    self._role = role
                    self._waiting = self._of_same_client()
                    self._read(anew=True)
                case ShowSway(on):
                    self._sway = on
                    self._read(anew=on)
                case Word():
                    own = self._role == THERAPIST  # whose trace is in no report
                    self._client.word(self._session, None if own else self._role)
                case Reword(name, words):
                    self._client.reword(name, words)
                case WriteReport(path):
                    self._keeper.show(written=self._client.write(Path(path)))
                case HandOver(folder):
                    self._keeper.show(written=str(self._hand_over(Path(folder))))
                case _:
                    return False
        except (LibraryError, Problem, BadDraft) as error:
            self._keeper.show(refusal=str(error))
        self._keeper.show(sentences=self._client.sentences, busy=False)
        return True

    def _hand_over(self, folder: Path) -> Path:
        """Write what the client may have of the session; return where it is.

        Raises
        ------
        Problem
            If nothing of it is the client's, or no folder is named.
        """
        if not folder.is_absolute():
            raise Problem(tr("{path} says no folder; choose one.", path=folder))
        part = clients_part(self._log)
        if not any(isinstance(event, Source) for event in part):
            raise Problem(
                tr("Nobody but the therapist is in this session; nothing is handed over.")
            )
        name = f"{self._session}-client"
        return export_session(
            self._library, self._session, folder, extras=exported(part), part=part, name=name
        )

    def _add(self, event: AnyEvent) -> None:
        """Add to the log, and only then show what follows from it."""
        self._library.add(self._session, [event])
        self._log.append(event)
        self._read(anew=not isinstance(event, Mark))

    def _read(self, *, anew: bool) -> None:
        """Read the log again; the trace only where it may look different."""
        told, points = reviewed(
            self._log,
            session=self._session,
            started=self._info.started,
            client=self._info.client,
            role=self._role,
            sway=self._sway,
            others=() if self._waiting is not None else self._others,
            points=None if anew else self._points,
        )
        self._tell(told, points)

    def _begin(self, known: tuple[Reviewed, Points] | None) -> None:
        """Show it for the first time: as it is known already, or else as it is read now."""
        if known is None:
            self._read(anew=True)
        else:
            self._tell(*known)

    def _tell(self, told: Reviewed, points: Points) -> None:
        self._points, self._source, self._role = points, told.source, told.role
        self._keeper.show_review(told, points)

    def _now(self) -> float:
        """Return when something is said of the session now."""
        return said_at(self._log, time.time() - self._info.started)


def review_session(
    keeper: Keeper,
    library: Library,
    session: str,
    known: Callable[[int], tuple[Reviewed, Points] | None] = lambda _: None,
) -> None:
    """Review one session until something else is asked for; say why where it cannot be read."""
    try:
        if not library.session(session).sources:
            keeper.show(refusal=tr("A practice without a strap: there is no heart to look at."))
            return
        Reviewer(keeper, library, session, known).run()
    except LibraryError as error:
        keeper.show(refusal=str(error))
