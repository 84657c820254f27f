"""Windows over beats: which intervals and differences each one holds, for all of them at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from physio.beats import Beats, BoolArray, FloatArray, IntArray, beginnings
from physio.compiled import compiled, compiled_sums, expect, frozen
from physio.respiration import Respiration

NEAR = 8
"""Beats that are looked at one by one before an edge is searched for."""


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """m windows over n intervals; window j holds the intervals that end in (start[j], end[j]].

    Attributes
    ----------
    beats : Beats
        The n intervals.
    usable : (n,) bool
        Intervals that may enter a mean: False where a label says that they are not from one
        normal beat to the next.
    paired : (n,) bool
        Whether interval i and the one before it may form a successive difference: both usable and
        of one segment. The first is False.
    start, end : (m,) float
        Edges in seconds on the session clock.
    first, last : (m,) int
        Window j holds the intervals first[j] to last[j] - 1.
    respiration : Respiration or None
        What tells of breathing beside the intervals, on the same clock.

    Examples
    --------
    >>> import numpy as np, physio
    >>> from physio.windows import windows
    >>> beats = physio.beats_from_intervals([800] * 10)
    >>> held = windows(beats, np.ones(10, bool), start=[0, 4], end=[4, 8])
    >>> held.last.tolist()
    [5, 10]
    """

    beats: Beats
    usable: BoolArray
    paired: BoolArray
    start: FloatArray
    end: FloatArray
    first: IntArray
    last: IntArray
    respiration: Respiration | None = None

    def __post_init__(self) -> None:
        expect(self.first, self.last)

    def __len__(self) -> int:
        return len(self.start)

    def take(self, rows: IntArray) -> Windows:
        """Return some of the windows, in the order of `rows`."""
        return self._with(self.start[rows], self.end[rows], self.first[rows], self.last[rows])

    def at(self, start: FloatArray, end: FloatArray) -> Windows:
        """Return windows with other edges (s on the session clock) over the same intervals."""
        return self._with(start, end, *_places(self.beats, start, end))

    def blocks(self, count: int) -> Windows:
        """Return m * count windows, row j * count + b being block b of window j, all as long."""
        part = (self.end - self.start)[:, np.newaxis]
        edges = self.start[:, np.newaxis] + part * _shares(count)
        return self.at(edges[:, :-1].ravel(), edges[:, 1:].ravel())

    def followed_by(self, other: Windows) -> Windows:
        """Return these windows, and then others over the same intervals."""
        return self._with(
            np.concatenate((self.start, other.start)),
            np.concatenate((self.end, other.end)),
            np.concatenate((self.first, other.first)),
            np.concatenate((self.last, other.last)),
        )

    def _with(self, start: FloatArray, end: FloatArray, first: IntArray, last: IntArray) -> Windows:
        held = self.beats, self.usable, self.paired
        return Windows(*held, start, end, first, last, self.respiration)


@lru_cache(maxsize=16)
def _shares(count: int) -> FloatArray:
    """Return (count + 1,) how far into a window each of its blocks begins, and the last ends."""
    return np.arange(count + 1) / count


def windows(
    beats: Beats,
    usable: BoolArray,
    start: ArrayLike,
    end: ArrayLike,
    *,
    respiration: Respiration | None = None,
) -> Windows:
    """Return the windows with these edges (seconds on the session clock)."""
    starts = np.atleast_1d(np.asarray(start, np.float64))
    ends = np.atleast_1d(np.asarray(end, np.float64))
    paired = frozen(pairs(beats, usable))
    held = beats, frozen(usable), paired
    return Windows(*held, starts, ends, *_places(beats, starts, ends), respiration)


def _places(beats: Beats, start: FloatArray, end: FloatArray) -> tuple[IntArray, IntArray]:
    """Return the first interval between each pair of edges, and the one after the last."""
    first, last = (_after(beats.time, edge) for edge in (start, end))
    return first, np.maximum(first, last)


def _after(time: FloatArray, edge: FloatArray) -> IntArray:
    """Return the first of the intervals that end after each edge (s)."""
    place = np.empty(len(edge), np.int64)
    _set_after(time, frozen(edge), place)
    return place


def _searched(time: FloatArray, edge: FloatArray, out: IntArray) -> None:
    out[:] = time.searchsorted(edge, side="right")


def _nearby(time: FloatArray, edge: FloatArray, out: IntArray) -> None:
    for j in range(len(edge)):
        # Edges mostly go on a few beats after the one before: nearer than a search finds.
        low = out[j - 1] if j > 0 and edge[j] >= edge[j - 1] else 0
        high = min(low + NEAR, len(time))
        if high < len(time) and not time[high] > edge[j]:
            low, high = high, len(time)
        while low < high:
            middle = (low + high) // 2
            if time[middle] > edge[j]:
                high = middle
            else:
                low = middle + 1
        out[j] = low


_set_after = compiled(_nearby, interpreted=_searched)


def pairs(beats: Beats, usable: BoolArray) -> BoolArray:
    """Return whether each interval and the one before it may form a successive difference."""
    paired = np.zeros(len(beats), dtype=bool)
    segment = beats.segment
    paired[1:] = usable[1:] & usable[:-1] & (segment[1:] == segment[:-1])
    return paired


def whole(
    beats: Beats,
    usable: BoolArray,
    *,
    start: float,
    end: float,
    respiration: Respiration | None = None,
) -> Windows:
    """Return the one window of all beats of a recording that lasts from `start` to `end` (s)."""
    edges = np.array([start]), np.array([end])
    places = np.array([0]), np.array([len(beats)])
    return Windows(beats, usable, pairs(beats, usable), *edges, *places, respiration)


def tiles(beats: Beats, length: float) -> tuple[FloatArray, FloatArray]:
    """Return start and end of the full windows of `length` s laid end to end in each segment.

    The first of a segment starts where its first interval begins.
    """
    if len(beats) == 0:
        return np.empty(0), np.empty(0)
    first = beginnings(beats.segment)
    begin = beats.start[first]
    last = beats.time[np.append(first[1:], len(beats)) - 1]
    count = np.maximum(np.floor((last - begin) / length + 1e-9), 0).astype(np.int64)
    place = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    start = np.repeat(begin, count) + length * place
    return start, start + length


def sums(values: FloatArray, first: IntArray, last: IntArray) -> FloatArray:
    """Return the sum of values[first[j]:last[j]] for each j, each summed afresh.

    Restarted sums keep a window's result independent of everything outside it, which a difference
    of running sums does not.
    """
    result = np.empty(len(first))
    _set_sums(frozen(values), frozen(first), frozen(last), result)
    return result


def counts(which: BoolArray, first: IntArray, last: IntArray) -> IntArray:
    """Return how many of which[first[j]:last[j]] are True, for each j."""
    begun = np.zeros(len(which) + 1, np.int64)
    np.cumsum(which, out=begun[1:])
    return np.asarray(begun[last] - begun[first])


@compiled_sums
def _set_sums(values: FloatArray, first: IntArray, last: IntArray, out: FloatArray) -> None:
    for j in range(len(first)):
        own, total = values[first[j] : last[j]], 0.0
        for i in range(len(own)):
            total += own[i]
        out[j] = total
