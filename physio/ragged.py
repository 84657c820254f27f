"""Windows whose usable intervals are laid one after the other, ready for fits to each of them.

Time inside a window is the sum of its own intervals, so nothing outside it, and no arrival time,
plays a part. There is no padding: windows of any size lie side by side.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from physio.beats import BoolArray, FloatArray, IntArray
from physio.compiled import Scalar, compiled, frozen
from physio.windows import Windows

FEWEST = 8
"""Usable intervals below which nothing is fitted."""

LARGEST_BATCH = 1 << 14
"""Intervals fitted in one go; bounds memory for a whole night of sliding windows."""


@dataclass(frozen=True, slots=True, eq=False)
class Ragged:
    """g windows of n intervals in all, one window after the other.

    Attributes
    ----------
    index : (g,) int
        Which of the windows these are.
    edges : (g + 1,) int
        Window j of these has the intervals edges[j] to edges[j + 1] - 1.
    time : (n,) float
        End of each interval in seconds, counted from the middle of the window's beats.
    rr : (n,) float
        Lengths in milliseconds; 0 where not usable.
    usable : (n,) float
        1 where usable, else 0.
    span : (g,) float
        Sum of all the window's intervals in seconds.
    heart_rate : (g,) float
        Beats/min of the window's usable intervals.
    """

    index: IntArray
    edges: IntArray
    time: FloatArray
    rr: FloatArray
    usable: FloatArray
    span: FloatArray
    heart_rate: FloatArray

    def total(self, values: FloatArray) -> FloatArray:
        """Return (g,) the sum over each window of `values` (n,)."""
        return np.asarray(np.add.reduceat(values, self.edges[:-1]))

    def each(self, values: NDArray[Scalar]) -> NDArray[Scalar]:
        """Return (n, ...) the value of its window for each interval, of `values` (g, ...)."""
        return np.repeat(values, np.diff(self.edges), axis=0)

    def take(self, which: BoolArray) -> Ragged:
        """Return some of the windows, `which` (g,) says."""
        rows = self.each(which)
        edges = _edges(np.diff(self.edges)[which])
        time, rr, usable = self.time[rows], self.rr[rows], self.usable[rows]
        span, heart_rate = self.span[which], self.heart_rate[which]
        return Ragged(self.index[which], edges, time, rr, usable, span, heart_rate)


def ragged(windows: Windows) -> Iterator[Ragged]:
    """Return the windows that can be fitted, some at a time.

    Left out are windows with a gap inside and those with fewer than `FEWEST` usable intervals.
    """
    return iter(_only(windows)) if len(windows) == 1 else _batches(windows)


@lru_cache(maxsize=4)
def _only(windows: Windows) -> tuple[Ragged, ...]:
    # A live panel asks four times for its one window: rate, sway, and the errors of both.
    return tuple(_batches(windows))


def _batches(windows: Windows) -> Iterator[Ragged]:
    sound, largest = _sound(windows)
    many = max(1, LARGEST_BATCH // largest)
    for part in range(0, len(sound), many):
        yield _batch(windows, sound[part : part + many])


def _sound(windows: Windows) -> tuple[IntArray, int]:
    """Return the windows that can be fitted, and how many intervals the longest of them holds."""
    usable, segment = frozen(windows.usable), frozen(windows.beats.segment)
    sound = np.empty(len(windows), np.int64)
    held = _find_sound(usable, segment, frozen(windows.first), frozen(windows.last), sound)
    return sound[: held[0]], held[1]


@compiled
def _find_sound(
    usable: BoolArray, segment: IntArray, first: IntArray, last: IntArray, out: IntArray
) -> tuple[int, int]:
    """Set `out` to the windows that `_sound` returns; return how many, and its second."""
    count, largest = 0, 1
    for j in range(len(first)):
        beats = 0
        for i in range(first[j], last[j]):
            beats += 1 if usable[i] else 0
        if beats >= FEWEST and segment[first[j]] == segment[last[j] - 1]:
            out[count] = j
            count, largest = count + 1, max(largest, last[j] - first[j])
    return count, largest


def _batch(windows: Windows, index: IntArray) -> Ragged:
    first, last = windows.first[index], windows.last[index]
    edges = _edges(last - first)
    time, rr, usable = np.empty((3, edges[-1]))
    laid = (edges, time, rr, usable, *np.empty((2, len(index))))
    _lay(frozen(windows.beats.rr), frozen(windows.usable), first, *laid)
    return Ragged(index, *laid)


def _edges(size: IntArray) -> IntArray:
    edges = np.zeros(len(size) + 1, np.int64)
    size.cumsum(out=edges[1:])
    return edges


@compiled
def _lay(
    length: FloatArray,
    counted: BoolArray,
    first: IntArray,
    edges: IntArray,
    time: FloatArray,
    rr: FloatArray,
    usable: FloatArray,
    span: FloatArray,
    heart_rate: FloatArray,
) -> None:
    for w in range(len(span)):
        elapsed, beats, lasting = 0.0, 0.0, 0.0
        shift = first[w] - edges[w]
        for i in range(edges[w], edges[w + 1]):
            elapsed += length[i + shift]
            time[i] = elapsed / 1000.0
            usable[i] = 1.0 if counted[i + shift] else 0.0
            rr[i] = length[i + shift] * usable[i]
            beats += usable[i]
            lasting += rr[i]
        span[w] = elapsed / 1000.0
        heart_rate[w] = 60000.0 * beats / lasting
        for i in range(edges[w], edges[w + 1]):
            time[i] -= 0.5 * span[w]
