"""Cubic splines through the usable intervals of many stretches at once, read at even steps.

A spline is that of de Boor (1978), A Practical Guide to Splines, doi 10.1007/978-1-4612-6333-3,
with the "not a knot" ends that interpolating libraries take. Its knots are the ends of the usable
intervals of its own stretch; a flagged interval is no knot, and nothing is put in its place. All
splines are one tridiagonal system, in which nothing joins one stretch to the next.

Time in a stretch begins at its first knot, and the values are read at multiples of the step of
that time: a window then gives the same values whether its beats come alone or in a recording.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from physio.beats import FloatArray, IntArray
from physio.stretches import Stretches, spread
from physio.windows import Windows

FEWEST = 8
"""Usable intervals below which no spline is drawn through a stretch."""

ROUNDING = 1e-9
"""Steps by which a knot may miss an even step and still lie on it."""


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
    place, begin = spread(stretches.first, stretches.last)
    usable = windows.usable[place]
    number = np.add.reduceat(usable, begin) if len(begin) else np.zeros(0, np.int64)
    enough = number >= FEWEST
    knot = usable & np.repeat(enough, stretches.length)
    rr = windows.beats.rr[place]
    time = np.cumsum(rr) / 1000.0
    values, count = _read(time[knot], rr[knot], number[enough], rate)
    return Resampled(np.flatnonzero(enough), np.cumsum(count) - count, count, values)


def _read(
    time: FloatArray, value: FloatArray, number: IntArray, rate: float
) -> tuple[FloatArray, IntArray]:
    if len(number) == 0:
        return np.empty(0), np.empty(0, np.int64)
    end = np.cumsum(number)
    begin = end - number
    time = time - np.repeat(time[begin], number)
    slope = _slopes(time, value, begin, end - 1)
    count = np.floor(time[end - 1] * rate + ROUNDING).astype(np.int64) + 1
    # The first even step at or after each knot; after the last knot there is none.
    step = np.ceil(time * rate - ROUNDING).astype(np.int64)
    step[end - 1] = count
    width, rise, times = np.diff(time), np.diff(value), np.diff(step)
    width[end[:-1] - 1], times[end[:-1] - 1] = 1.0, 0
    # Whatever falls on the last knot belongs to the interval before it.
    secant = rise / width
    bend = (slope[:-1] + slope[1:] - 2.0 * secant) / width
    owner = np.repeat(np.arange(len(width)), times)
    u = (np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)) / rate
    u -= time[owner]
    read = (bend / width)[owner]
    for coefficient in ((secant - slope[:-1]) / width - bend, slope, value):
        read *= u
        read += coefficient[owner]
    return read, count


def _slopes(time: FloatArray, value: FloatArray, begin: IntArray, end: IntArray) -> FloatArray:
    """Return the slope of each spline at its knots; begin and end are its first and last."""
    # Imported when used: it costs more than the rest of the package.
    from scipy.linalg.lapack import dgtsv

    width, secant = np.diff(time), np.zeros(len(time) - 1)
    inside = np.ones(len(width), dtype=bool)
    inside[end[:-1]] = False
    np.divide(np.diff(value), width, out=secant, where=inside)
    below, above = np.zeros_like(width), np.zeros_like(width)
    middle, right = np.empty_like(time), np.empty_like(time)
    middle[1:-1] = 2.0 * (width[:-1] + width[1:])
    right[1:-1] = 3.0 * (width[1:] * secant[:-1] + width[:-1] * secant[1:])
    below[:-1], above[1:] = width[1:], width[:-1]
    for knot, h0, h1, s0, s1, beside, at in (
        (begin, width[begin], width[begin + 1], secant[begin], secant[begin + 1], above, begin),
        (end, width[end - 1], width[end - 2], secant[end - 1], secant[end - 2], below, end - 1),
    ):
        middle[knot] = h1
        beside[at] = h0 + h1
        right[knot] = ((h0 + 2.0 * (h0 + h1)) * h1 * s0 + h0**2 * s1) / (h0 + h1)
    # Nothing joins a spline's last knot to the next spline's first.
    below[end[:-1]] = above[end[:-1]] = 0.0
    return np.asarray(dgtsv(below, middle, above, right)[3])
