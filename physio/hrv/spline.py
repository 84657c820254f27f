"""Cubic splines through the usable intervals of many stretches at once, read at even steps.

A spline is that of de Boor (1978), A Practical Guide to Splines, doi 10.1007/978-1-4612-6333-3,
with the "not a knot" ends that interpolating libraries take. Its knots are the ends of the usable
intervals of its own stretch; a flagged interval is no knot, and nothing is put in its place.

Their own, not SciPy's, for one line of the benchmarks: LF and HF of the last 60 s at every beat,
300 times as fast as a spline and a spectrum for each window.

They are read at multiples of the step of `Beats.elapsed`, from the first knot of a stretch to
before its last: windows that overlap share these places, and a window gives the same values whether
its beats come as a part of the recording or with all of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from physio.beats import LONGEST_LENGTH, BoolArray, FloatArray, IntArray
from physio.compiled import compiled, frozen
from physio.hrv.cubic import PlaceArray, Row, row_through
from physio.hrv.cuts import cut
from physio.stretches import Stretches
from physio.windows import Windows

FEWEST = 8
"""Usable intervals below which no spline is drawn through a stretch."""

FEWEST_VALUES = 2
"""Even steps in a stretch below which no spline is drawn either: it could not be read between."""

SHORTEST = 1.0
"""Milliseconds of a usable interval: of a shorter one, or of any beyond `LONGEST_LENGTH`, the
arithmetic of a row would fail, so that a stretch with such a one has no spline."""

ROUNDING = 1e-6
"""Steps by which a knot may miss an even step and still lie on it: what rounding makes of days."""

AT_ONCE = 1 << 16
"""Values of rows drawn at a time: few enough to stay in the nearest caches, and in memory that the
process keeps; of arrays of some megabytes each page is fetched from the system anew."""


@dataclass(frozen=True, slots=True, eq=False)
class Splines:
    """The splines of p stretches, not yet cut, in the order of how many values each has.

    Attributes
    ----------
    stretch : (p,) int
        Which of the stretches these are; those with too few usable intervals are left out.
    start : (p,) float
        `Beats.elapsed` at the first value of each, in s.
    count : (p,) int
        Values of each at even steps; does not fall.
    first, last : (p,) int
        The knots of spline k are first[k] to last[k] of the row, both included.
    row : Row or None
        All knots; None where there is no spline.
    """

    stretch: IntArray
    start: FloatArray
    count: IntArray
    first: IntArray
    last: IntArray
    row: Row | None

    def __len__(self) -> int:
        return len(self.stretch)

    def read(self, part: slice, values: FloatArray) -> None:
        """Write the values of some of the splines in a row."""
        if self.row is not None:
            cut(self.row, self.first[part], self.last[part], values)

    def rows(self) -> Iterator[tuple[slice, FloatArray]]:
        """Yield (g, n) values of splines with equally many, and which of the splines they are of.

        The next rows take the place of those before.
        """
        if len(self) == 0:
            return
        edges = (self.count[1:] != self.count[:-1]).nonzero()[0] + 1
        values = np.empty(max(min(AT_ONCE, self.count.sum()), self.count[-1]))
        for begin, end in pairwise((0, *edges.tolist(), len(self))):
            n = int(self.count[begin])
            many = max(1, AT_ONCE // n)
            for first in range(begin, end, many):
                part = slice(first, min(first + many, end))
                self.read(part, values)
                yield part, values[: n * (part.stop - first)].reshape(-1, n)


_NOTHING = np.empty(0, np.int64)
_NONE = Splines(_NOTHING, np.empty(0), _NOTHING, _NOTHING, _NOTHING, None)


@dataclass(frozen=True, slots=True, eq=False)
class Resampled:
    """Evenly spaced values of p stretches, in a row.

    Attributes
    ----------
    stretch : (p,) int
        Which of the stretches these are; those with too few usable intervals are left out.
    start : (p,) float
        `Beats.elapsed` at the first value of each, in s.
    begin, count : (p,) int
        The values of stretch k are values[begin[k] : begin[k] + count[k]].
    values : (n,) float
        In ms.
    """

    stretch: IntArray
    start: FloatArray
    begin: IntArray
    count: IntArray
    values: FloatArray

    def rows(self, which: IntArray, n: int) -> FloatArray:
        """Return (g, n) the first n values of the stretches `which` of these."""
        return np.asarray(self.values[self.begin[which, np.newaxis] + np.arange(n)])


def resample(windows: Windows, stretches: Stretches, *, rate: float) -> Resampled:
    """Return `rate` values a second of the splines through `stretches` of `windows`."""
    drawn = splines(windows, stretches, rate=rate)
    values = np.empty(drawn.count.sum())
    drawn.read(slice(None), values)
    begin = np.cumsum(drawn.count) - drawn.count
    return Resampled(drawn.stretch, drawn.start, begin, drawn.count, values)


def splines(windows: Windows, stretches: Stretches, *, rate: float) -> Splines:
    """Return the splines through `stretches` of `windows`, to be read `rate` times a second."""
    # Only the beats in reach, so that one window of a long recording costs what it would alone.
    lowest = int(stretches.first.min(initial=len(windows.beats)))
    reach = slice(lowest, int(stretches.last.max(initial=0)))
    beats, usable = windows.beats, windows.usable[reach]
    rr, begin, end = beats.rr[reach], stretches.first - lowest, stretches.last - lowest
    unsound = np.flatnonzero(~((rr >= SHORTEST * usable) & (rr <= LONGEST_LENGTH)))
    stretch, first, last = _with_knots(usable, unsound, begin, end)
    if len(stretch) == 0:
        return _NONE
    value, width, step, place, late = _knots(
        frozen(_replaced(rr, unsound)),
        frozen(beats.elapsed[reach]),
        frozen(beats.segment[reach]),
        np.flatnonzero(usable),
        rate,
    )
    count = step[last] - step[first]
    # Of 16 bits, as most are, NumPy orders them in a tenth of the time.
    order = np.argsort(count.astype(np.min_scalar_type(count.max())), kind="stable")
    order = order[np.searchsorted(count[order], FEWEST_VALUES) :]
    count, first, last = count[order], first[order], last[order]
    row = row_through(value, width, place, late, rate=rate, first=first, last=last)
    return Splines(stretch[order], step[first] / rate, count, first, last, row)


def _with_knots(
    usable: BoolArray, unsound: IntArray, begin: IntArray, end: IntArray
) -> tuple[IntArray, IntArray, IntArray]:
    """Return which stretches hold enough knots and nothing unsound, and their first and last."""
    before = np.zeros(len(usable) + 1, np.int64)
    np.cumsum(usable, out=before[1:])
    first, last = before[begin], before[end] - 1
    sound = np.searchsorted(unsound, begin) == np.searchsorted(unsound, end)
    which = np.flatnonzero((last - first >= FEWEST - 1) & sound)
    return which, first[which], last[which]


def _knots(
    rr: FloatArray, elapsed: FloatArray, segment: IntArray, knot: IntArray, rate: float
) -> tuple[FloatArray, FloatArray, IntArray, PlaceArray, FloatArray]:
    """Return ms at each knot, seconds to the next, its step and place, and seconds to its step.

    The step is the first of its segment that does not lie before the knot, the place how many steps
    lie before it in all; between two segments there are none. The last knot is a second wide.
    """
    value, width, late = np.empty((3, len(knot)))
    step, place = np.empty(len(knot), np.int64), np.empty(len(knot), np.uint64)
    _set_knots(rr, elapsed, segment, knot, rate, value, width, step, place, late)
    return value, width, step, place, late


@compiled
def _set_knots(
    rr: FloatArray,
    elapsed: FloatArray,
    segment: IntArray,
    knot: IntArray,
    rate: float,
    value: FloatArray,
    width: FloatArray,
    step: IntArray,
    place: PlaceArray,
    late: FloatArray,
) -> None:
    for i in range(len(knot)):
        k = knot[i]
        time = elapsed[k] / 1000.0
        at = np.ceil(time * rate - ROUNDING)
        value[i], step[i], late[i] = rr[k], at, at / rate - time
        width[i], place[i] = 1.0, 0
        if i > 0:
            before, lasting = knot[i - 1], 0.0
            for j in range(before + 1, k + 1):
                lasting += rr[j]
            width[i - 1] = lasting / 1000.0
            steps = step[i] - step[i - 1] if segment[k] == segment[before] else 0
            place[i] = place[i - 1] + np.uint64(steps)


def _replaced(rr: FloatArray, unsound: IntArray) -> FloatArray:
    """Return `rr` with a second in place of what is unsound, of which no spline is read."""
    if len(unsound) == 0:
        return rr
    result = rr.copy()
    result[unsound] = 1000.0
    return result
