"""The heart that the practice draws: the newest beats of one wearer, gathered from its trace."""

from __future__ import annotations

import numpy as np

from gui.practice.heart import BACK, CLEAR, NOTHING, Heart
from gui.practice.words import main_source
from physio.beats import FloatArray, IntArray
from pipelines.live import RunningSession
from pipelines.session import Snapshot, SourceView, Trace

KEPT = BACK + 20.0
"""Seconds of beats kept for the wave."""
BREAK = 0.5
"""Seconds that may lie between the end of one interval and the beginning of the next."""


class HeartLog:
    """The newest beats of the wearer whose heart is drawn, and how far their trace was read."""

    def __init__(self) -> None:
        self._source: int | None = None
        self._begin_anew(None)

    def gather(self, session: RunningSession, snapshot: Snapshot) -> Heart:
        """Ask for what is new, and return the beats; the same heart where nothing is."""
        source = main_source(snapshot)
        if source is not None:
            self._follow(session, source)
        return self._heart

    def _begin_anew(self, source: int | None) -> None:
        self._source = source
        self._first = self._rr_first = 0
        self._heart = NOTHING
        self._rr = np.empty((2, 0))
        self._points = np.empty((2, 0))

    def _follow(self, session: RunningSession, source: SourceView) -> None:
        # Another wearer, or another session in this one's place.
        if source.source != self._source or source.trace_length < self._first:
            self._begin_anew(source.source)
        if source.trace_length > self._first:
            trace = session.trace(source.source, self._first, self._rr_first)
            if trace is not None:
                self._take(trace)

    def _take(self, trace: Trace) -> None:
        rr, drawn = trace.intervals(), trace.points()
        points = np.array([drawn.time, drawn.trust])
        self._first = trace.first + points.shape[1]
        self._rr_first = trace.rr_first + rr.shape[1]
        if rr.shape[1] or points.shape[1]:
            self._rr, self._points = _joined(self._rr, rr), _joined(self._points, points)
            self._heart = _heart(self._rr, self._points)


def _heart(rr: FloatArray, points: FloatArray) -> Heart:
    if not rr.shape[1]:
        return NOTHING
    time, length = rr
    begin = time - length / 1000.0
    starts = np.concatenate([[True], begin[1:] > time[:-1] + BREAK])
    return Heart(time, 60000.0 / length, _trust(time, points), starts)


def _trust(time: FloatArray, points: FloatArray) -> IntArray:
    """Return for each beat the trust of the first point at or after it, else of the last."""
    if not points.shape[1]:
        return np.full(len(time), CLEAR, dtype=np.int64)
    index = np.searchsorted(points[0], time).clip(0, points.shape[1] - 1)
    trust: IntArray = points[1][index].astype(np.int64)
    return trust


def _joined(old: FloatArray, new: FloatArray) -> FloatArray:
    """Return both, in strictly increasing time, as far back as the wave shows."""
    both = np.concatenate([old, new], axis=1)
    latest = np.maximum.accumulate(both[0])
    both = both[:, np.concatenate([[True], both[0, 1:] > latest[:-1]])] if both.size else both
    return both[:, both[0] > latest[-1] - KEPT] if both.size else both
