"""What has been drawn so far: every point of a wearer's trace, kept by the window itself."""

from __future__ import annotations

import numpy as np

from pipelines.live import RunningSession
from pipelines.session import COLUMNS, Growing, Points, Snapshot, Trace

UNSETTLED = 12
"""Newest points, which may still move: where packets were lost shows only later."""
NO_INTERVALS = 1 << 40
"""More intervals than there ever are: this view draws none of them one by one."""


class History:
    """Gathers the traces of one wearer in order."""

    def __init__(self) -> None:
        self._columns = [Growing(np.float64) for _ in COLUMNS]

    def __len__(self) -> int:
        return len(self._columns[0])

    @property
    def wanted(self) -> int:
        """The first point to ask for: what is new, and what may have moved."""
        return max(0, len(self) - UNSETTLED)

    def add(self, trace: Trace) -> None:
        """Take in what is new, and put newer values in place of older ones.

        A trace that begins after this one ends is left out.
        """
        if trace.first <= len(self):
            for kept, new in zip(self._columns, trace.points().columns(), strict=True):
                kept.keep(trace.first)
                kept.append(new)

    def points(self) -> Points:
        """Return all points so far; later ones do not change it."""
        return Points(*(column.values.copy() for column in self._columns))


class Histories:
    """The histories of all wearers of a session."""

    def __init__(self) -> None:
        self._of: dict[int, History] = {}

    def gather(self, session: RunningSession, snapshot: Snapshot) -> dict[int, Points]:
        """Ask for what is new of each wearer, and return all their points."""
        for view in snapshot.sources:
            self._follow(session, view.source, view.trace_length)
        return {source: history.points() for source, history in self._of.items()}

    def _follow(self, session: RunningSession, source: int, length: int) -> None:
        history = self._of.setdefault(source, History())
        if length < len(history):  # another session took this one's place
            history = self._of[source] = History()
        if length > len(history):
            trace = session.trace(source, history.wanted, NO_INTERVALS)
            if trace is not None:
                history.add(trace)
