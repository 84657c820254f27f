"""Cubic splines through the usable intervals of many stretches at once, read at even steps.

A spline is that of de Boor (1978), A Practical Guide to Splines, doi 10.1007/978-1-4612-6333-3,
with the "not a knot" ends that interpolating libraries take. Its knots are the ends of the usable
intervals of its own stretch; a flagged interval is no knot, and nothing is put in its place.

Time in a stretch begins at its first knot, and the values are read at multiples of the step of
that time: a window then gives the same values whether its beats come alone or in a recording.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from physio.beats import FloatArray, IntArray
from physio.hrv.cubic import BLOCK, ROUNDING, Row, read, row_through
from physio.stretches import Stretches
from physio.windows import Windows

FEWEST = 8
"""Usable intervals below which no spline is drawn through a stretch."""

SHORTEST, LONGEST = 1e-3, 1e9
"""Milliseconds of a usable interval, and of any: beyond them the arithmetic of a row would fail, so
that a stretch with such a one has no spline."""

AT_ONCE = 1 << 17
"""Values of rows drawn at a time: few enough to stay near the processor."""


@dataclass(frozen=True, slots=True, eq=False)
class Splines:
    """The splines of p stretches, not yet read, in the order of how many values each has.

    Attributes
    ----------
    stretch : (p,) int
        Which of the stretches these are; those with too few usable intervals are left out.
    count : (p,) int
        Values of each at even steps; does not fall.
    rate : float
        Values a second.
    first, number : (p,) int
        The knots of spline k are first[k] to first[k] + number[k] - 1 of the row.
    row : Row
        All knots.
    """

    stretch: IntArray
    count: IntArray
    rate: float
    first: IntArray
    number: IntArray
    row: Row

    def __len__(self) -> int:
        return len(self.stretch)

    def read(self, part: slice, values: FloatArray) -> None:
        """Write the values of some of the splines in a row; `BLOCK` - 1 places must be over."""
        first, number, count = (
            places[part].view(np.uint64) for places in (self.first, self.number, self.count)
        )
        if len(self):
            read(self.row, first, number, count, self.rate, values)

    def rows(self) -> Iterator[tuple[IntArray, FloatArray]]:
        """Yield (g, n) values of stretches with equally many, and which of the stretches they are.

        The next rows take the place of those before.
        """
        edges = np.flatnonzero(np.diff(self.count, prepend=-1, append=-1)).tolist()
        most = int(self.count[-1]) if len(self) else 0
        values = np.empty(max(AT_ONCE, most) + int(BLOCK))
        for begin, end in pairwise(edges):
            n = int(self.count[begin])
            many = max(1, AT_ONCE // n)
            for first in range(begin, end, many):
                part = slice(first, min(first + many, end))
                self.read(part, values)
                yield self.stretch[part], values[: n * (part.stop - first)].reshape(-1, n)


@dataclass(frozen=True, slots=True, eq=False)
class Resampled:
    """Evenly spaced values of p stretches, in a row.

    Attributes
    ----------
    stretch : (p,) int
        Which of the stretches these are; those with too few usable intervals are left out.
    begin, count : (p,) int
        The values of stretch k are values[begin[k] : begin[k] + count[k]].
    values : (n,) float
        In ms.
    """

    stretch: IntArray
    begin: IntArray
    count: IntArray
    values: FloatArray

    def rows(self, which: IntArray, n: int) -> FloatArray:
        """Return (g, n) the first n values of the stretches `which` of these."""
        return np.asarray(self.values[self.begin[which, np.newaxis] + np.arange(n)])


def resample(windows: Windows, stretches: Stretches, *, rate: float) -> Resampled:
    """Return `rate` values a second of the splines through `stretches` of `windows`."""
    drawn = splines(windows, stretches, rate=rate)
    total = int(drawn.count.sum())
    values = np.empty(total + int(BLOCK))
    drawn.read(slice(None), values)
    return Resampled(
        drawn.stretch, np.cumsum(drawn.count) - drawn.count, drawn.count, values[:total]
    )


def splines(windows: Windows, stretches: Stretches, *, rate: float) -> Splines:
    """Return the splines through `stretches` of `windows`, to be read `rate` times a second."""
    # Only the beats in reach, so that one window of a long recording costs what it would alone.
    lowest = int(stretches.first.min(initial=len(windows.beats)))
    reach = slice(lowest, int(stretches.last.max(initial=0)))
    rr, usable = windows.beats.rr[reach], windows.usable[reach]
    begin, end = stretches.first - lowest, stretches.last - lowest
    usable_before = np.zeros(len(rr) + 1, np.int64)
    np.cumsum(usable, out=usable_before[1:])
    first = usable_before[begin]
    number = usable_before[end] - first
    unsound = np.flatnonzero(~((rr >= SHORTEST * usable) & (rr <= LONGEST)))
    sound = np.searchsorted(unsound, begin) == np.searchsorted(unsound, end)
    enough = np.flatnonzero((number >= FEWEST) & sound)
    first, number = first[enough], number[enough]
    row = row_through(_replaced(rr, unsound), np.flatnonzero(usable))
    last = first + number - 1
    span = (row.time[last] - row.time[first]) + (row.rest[last] - row.rest[first])
    count = np.floor(span * rate + ROUNDING).astype(np.int64) + 1
    order = np.argsort(count, kind="stable")
    return Splines(enough[order], count[order], rate, first[order], number[order], row)


def _replaced(rr: FloatArray, unsound: IntArray) -> FloatArray:
    """Return `rr` with a second in place of what is unsound, of which no spline is read."""
    if len(unsound) == 0:
        return rr
    result = rr.copy()
    result[unsound] = 1000.0
    return result
