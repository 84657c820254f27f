"""What has been drawn so far: every point of a wearer's trace, kept by the window itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from physio.beats import FloatArray
from pipelines.live import RunningSession
from pipelines.session import Growing, Snapshot, Trace

COLUMNS = (
    "time",
    "heart_rate",
    "heart_rate_low",
    "heart_rate_high",
    "rsa",
    "rsa_low",
    "rsa_high",
    "breathing",
    "arousal",
    "segment",
    "trust",
    "corrected",
)


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """n points of one wearer's trace as read-only (n,) arrays; see `pipelines.session.Trace`."""

    time: FloatArray
    heart_rate: FloatArray
    heart_rate_low: FloatArray
    heart_rate_high: FloatArray
    rsa: FloatArray
    rsa_low: FloatArray
    rsa_high: FloatArray
    breathing: FloatArray
    arousal: FloatArray
    segment: FloatArray
    trust: FloatArray
    corrected: FloatArray

    def __len__(self) -> int:
        return len(self.time)

    def since(self, start: float) -> Points:
        """Return the points from the last one before `start` on, so that lines reach the edge."""
        first = max(int(np.searchsorted(self.time, start)) - 1, 0)
        return Points(*(column[first:] for column in self.columns()))

    def columns(self) -> tuple[FloatArray, ...]:
        """Return all columns in order."""
        return tuple(getattr(self, name) for name in COLUMNS)

    def last_rate(self) -> float | None:
        """Return the newest heart rate that was not withheld, in bpm."""
        known = np.flatnonzero(np.isfinite(self.heart_rate))
        return float(self.heart_rate[known[-1]]) if len(known) else None


NO_POINTS = Points(*(np.empty(0) for _ in COLUMNS))


UNSETTLED = 12
"""Newest points, which may still move: where packets were lost shows only later."""
NO_INTERVALS = 1 << 40
"""More intervals than there ever are: this view draws none of them one by one."""


class History:
    """Gathers the traces of one wearer in order."""

    def __init__(self) -> None:
        self._columns = {name: Growing(np.float64) for name in COLUMNS}

    def __len__(self) -> int:
        return len(self._columns["time"])

    @property
    def wanted(self) -> int:
        """The first point to ask for: what is new, and what may have moved."""
        return max(0, len(self) - UNSETTLED)

    def add(self, trace: Trace) -> None:
        """Take in what is new, and put newer values in place of older ones.

        A trace that begins after this one ends is left out.
        """
        if trace.first <= len(self):
            for name, column in self._columns.items():
                column.keep(trace.first)
                column.append(np.frombuffer(getattr(trace, name), "<f8"))

    def points(self) -> Points:
        """Return all points so far; later ones do not change it."""
        return Points(*(self._columns[name].values.copy() for name in COLUMNS))


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
