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
from physio.compiled import compiled
from physio.stretches import Stretches
from physio.windows import Windows, sums

FEWEST = 8
"""Usable intervals below which no spline is drawn through a stretch."""

ROUNDING = 1e-9
"""Steps by which a knot may miss an even step and still lie on it."""

LANES = 16
"""Splines solved side by side: the divisions of one would wait for each other."""

BLOCK = 4
"""Values read at a time; what reaches beyond an interval is written over by the next."""


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
        The knots of spline k are first[k] to first[k] + number[k] - 1.
    value, width, secant : (n,) float
        Ms at each knot, s from there to the next, and ms/s between; with places to spare.
    """

    stretch: IntArray
    count: IntArray
    rate: float
    first: IntArray
    number: IntArray
    value: FloatArray
    width: FloatArray
    secant: FloatArray

    def __len__(self) -> int:
        return len(self.stretch)

    def read(self, part: slice, values: FloatArray) -> None:
        """Write the values of some of the splines in a row; `BLOCK` - 1 places must be over."""
        knots = self.value, self.width, self.secant
        which = self.first[part], self.number[part], self.count[part]
        if len(self):
            _read(*knots, *which, self.rate, values)

    def rows(self) -> Iterator[tuple[IntArray, FloatArray]]:
        """Yield (g, n) values of stretches with equally many, and which of the stretches they are.

        The next rows take the place of those before.
        """
        edges = np.flatnonzero(np.diff(self.count, prepend=-1, append=-1)).tolist()
        most = int(self.count[-1]) if len(self) else 0
        values = np.empty(max(AT_ONCE, most) + BLOCK)
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
    values = np.empty(total + BLOCK)
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
    usable_before = np.zeros(len(rr) + 1, np.int64)
    np.cumsum(usable, out=usable_before[1:])
    first = usable_before[stretches.first - lowest]
    number = usable_before[stretches.last - lowest] - first
    enough = np.flatnonzero(number >= FEWEST)
    first, number, knot = first[enough], number[enough], np.flatnonzero(usable)
    span = sums(rr, knot[first] + 1, knot[first + number - 1] + 1) / 1000.0
    count = np.floor(span * rate + ROUNDING).astype(np.int64) + 1
    order = np.argsort(count, kind="stable")
    first, number = first[order], number[order]
    knots = _knots(rr, knot, int(number.max(initial=0)))
    return Splines(enough[order], count[order], rate, first, number, *knots)


def _knots(rr: FloatArray, knot: IntArray, over: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return value, width and secant at each knot and at `over` places more."""
    value, width, secant = np.zeros(len(knot) + over), *np.ones((2, len(knot) + over))
    value[: len(knot)] = rr[knot]
    apart = np.flatnonzero(np.diff(knot) > 1)
    between = slice(0, max(len(knot) - 1, 0))
    width[between] = value[1 : len(knot)]
    width[apart] = sums(rr, knot[apart] + 1, knot[apart + 1] + 1)
    width[between] /= 1000.0
    secant[between] = np.diff(value[: len(knot)]) / width[between]
    return value, width, secant


@compiled
def _read(
    value: FloatArray,
    width: FloatArray,
    secant: FloatArray,
    first: IntArray,
    number: IntArray,
    count: IntArray,
    rate: float,
    values: FloatArray,
) -> None:
    """Write count[k] values of the spline through number[k] knots from first[k] on, in a row."""
    lanes = min(LANES, len(first))
    shape = (np.max(number), lanes)
    slope, share = np.empty(shape), np.empty(shape)
    place = 0
    for k in range(0, len(first), lanes):
        beside = min(lanes, len(first) - k)
        _slopes(width, secant, first[k : k + beside], number[k : k + beside], slope, share)
        for j in range(beside):
            held = slice(first[k + j], first[k + j] + number[k + j])
            of_one = value[held], width[held], secant[held], slope[:, j]
            _read_one(of_one, count[k + j], rate, values[place:])
            place += count[k + j]


@compiled
def _slopes(
    width: FloatArray,
    secant: FloatArray,
    first: IntArray,
    number: IntArray,
    slope: FloatArray,
    share: FloatArray,
) -> None:
    """Solve the tridiagonal system of each spline for the slopes at its knots, one a column.

    Eliminated from the front it needs no pivoting: each row's share of the next stays below 1.
    """
    longest = np.max(number)
    for j in range(len(first)):
        a, b = width[first[j]], width[first[j] + 1]
        s, t = secant[first[j]], secant[first[j] + 1]
        share[0, j] = (a + b) / b
        slope[0, j] = ((a + 2.0 * (a + b)) * b * s + a**2 * t) / (b * (a + b))
    for i in range(1, longest - 1):
        for j in range(len(first)):
            a, b = width[first[j] + i - 1], width[first[j] + i]
            s, t = secant[first[j] + i - 1], secant[first[j] + i]
            pivot = 1.0 / (2.0 * (a + b) - b * share[i - 1, j])
            share[i, j] = a * pivot
            slope[i, j] = (3.0 * (b * s + a * t) - b * slope[i - 1, j]) * pivot
    for j in range(len(first)):
        n = number[j]
        a, b = width[first[j] + n - 2], width[first[j] + n - 3]
        s, t = secant[first[j] + n - 2], secant[first[j] + n - 3]
        right = ((a + 2.0 * (a + b)) * b * s + a**2 * t) / (a + b)
        slope[n - 1, j] = (right - (a + b) * slope[n - 2, j]) / (b - (a + b) * share[n - 2, j])
        # A spline with fewer knots than the longest has nothing to take from beyond its own.
        share[n - 1 :, j] = 0.0
        slope[n:, j] = 0.0
    for i in range(longest - 2, -1, -1):
        for j in range(len(first)):
            slope[i, j] -= share[i, j] * slope[i + 1, j]


@compiled
def _read_one(
    spline: tuple[FloatArray, FloatArray, FloatArray, FloatArray],
    count: int,
    rate: float,
    values: FloatArray,
) -> None:
    """Write `count` values of one spline, and up to BLOCK - 1 beyond."""
    value, width, secant, slope = spline
    time, place, step = 0.0, 0, 1.0 / rate
    for i in range(len(value) - 1):
        # Kept beside the loop: the compiler cannot know that writing values changes none of them.
        level, rise, per = value[i], slope[i], 1.0 / width[i]
        bend = (rise + slope[i + 1] - 2.0 * secant[i]) * per
        square = (secant[i] - rise) * per - bend
        cube = bend * per
        after = time + width[i]
        # Whatever falls on the last knot belongs to the interval before it.
        until = int(np.ceil(after * rate - ROUNDING)) if i < len(value) - 2 else count
        while place < until:
            some, early = values[place : place + BLOCK], place * step - time
            for k in range(BLOCK):
                u = early + k * step
                some[k] = ((cube * u + square) * u + rise) * u + level
            place += BLOCK
        time, place = after, until
