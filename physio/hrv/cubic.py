"""One spline through all knots in a row, from which that of any stretch of it is had.

Inside a stretch the slopes of a spline obey the same equations whatever lies outside (see
`_solve`). So those of the row and those of a stretch's own spline differ by a solution of the
equations without their right sides. There are two: one falls from the front to the back, one from
the back to the front, each to less than half from a knot to the next, for in the elimination from
either end every share stays below 1/2: a / (2 (a + b) - b / 2) does. How much of each is to be
taken off follows from the ends of the stretch, and what lies outside takes no part in the result
but by rounding: that of the row's slopes at the ends. Among intervals of 1 to 3000 ms it stays
below 1e-12 of the values; beside those of many minutes it may be 5e-9.

The row and both solutions are read once, at even steps that all stretches share; `physio.hrv.cuts`
cuts the stretches from them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from physio.beats import BoolArray, FloatArray, IntArray
from physio.compiled import compiled

NOTHING = 1e-16
"""Share of a change of slope that is not seen any more."""

FAINTEST = 1e-200
"""A change begins anew at 1 before it can have become smaller: too small to scale by."""

Place = np.uint64
PlaceArray = NDArray[np.uint64]
"""Without a sign a place is not looked at for whether it counts from the end of an array.

With one, Numba looks at each place it reads and LLVM puts no values side by side.
"""

BLOCK = Place(4)
"""Values read at a time."""


class Change(NamedTuple):
    """What 1 ms/s more at a knot does to the slopes after it, or before it, and to the values.

    Attributes
    ----------
    share : (n,) float
        Of the change at the knot before, or after, what is taken back at each.
    slope : (n,) float
        The change at each knot; it begins anew at 1 at every multiple of `Row.anew`.
    values : (v + 4,) float
        The change at each even step, in ms; the last four are of no account.
    """

    share: FloatArray
    slope: FloatArray
    values: FloatArray


class Row(NamedTuple):
    """The spline through n knots in a row, with any slopes at its ends, read at v even steps.

    Attributes
    ----------
    per, secant, slope : (n,) float
        One over the seconds from each knot to the next, ms/s from there to the next, and ms/s of
        the spline there.
    place : (n,) int
        The first of the even steps that does not lie before each knot.
    values : (v + 4,) float
        The spline at each even step, in ms, likewise.
    falling, rising : Change
        From the front to the back, and from the back to the front; known only where a stretch
        begins, or ends, within reach.
    reach : int
        Knots after which nothing is left of a change.
    anew : int
        Knots after which one begins anew at 1.
    """

    per: FloatArray
    secant: FloatArray
    slope: FloatArray
    place: PlaceArray
    values: FloatArray
    falling: Change
    rising: Change
    reach: int
    anew: int


def row_through(
    value: FloatArray,
    width: FloatArray,
    place: PlaceArray,
    late: FloatArray,
    *,
    rate: float,
    first: IntArray,
    last: IntArray,
) -> Row:
    """Return the spline through n knots, for stretches from the knots `first` to `last` (p,).

    Parameters
    ----------
    value : (n,) float
        In ms.
    width : (n,) float
        Seconds from each to the next; the last is of no account.
    place : (n,) int
        The first even step that does not lie before each, counted from that of the first.
    late : (n,) float
        Seconds from each to that step.
    rate : float
        Even steps a second.
    first, last : (p,) int
        Both belong to the stretch.
    """
    n = len(value)
    per, secant = 1.0 / width, np.zeros(n)
    secant[:-1] = (value[1:] - value[:-1]) * per[:-1]
    slope, (fall, rise) = secant.copy(), np.zeros((2, n))
    _solve(width, secant, slope, fall, rise)
    reach = _knots_to(NOTHING, max(fall.max(), rise.max()))
    anew = _knots_to(FAINTEST, min(fall[1:-1].min(), rise[1:-1].min()))
    grid, level = (per, place, late, 1.0 / rate), np.zeros(n)
    values = _read(value, secant, slope, slope[1:], np.ones(n, bool), *grid)
    near = _near(first, np.minimum(first + reach, last), n)
    down, after = np.empty((2, n))
    _fall(fall, near, anew, down, after)
    falling = Change(fall, down, _read(level, level, down, after, near, *grid))
    near = _near(np.maximum(last - reach, first), last, n)
    up, before = np.empty((2, n))
    _rise(rise, near, anew, up, before)
    rising = Change(rise, up, _read(level, level, before, up[1:], near[1:], *grid))
    return Row(per, secant, slope, place, values, falling, rising, reach, anew)


def _knots_to(left: float, share: float) -> int:
    """Return after how many knots no more than `left` remains of what each leaves `share` of."""
    return int(np.log(left) / np.log(share)) + 1


@compiled
def _solve(
    width: FloatArray, secant: FloatArray, slope: FloatArray, fall: FloatArray, rise: FloatArray
) -> None:
    """Set slopes at which all cubics inside meet smoothly, and the shares from either end.

    At a knot, b before + 2 (a + b) here + a after = 3 (b s + a t). Eliminated from either end it
    needs no pivoting. At both ends the slopes are given.
    """
    n = len(width)
    for i in range(1, n - 1):
        a, b = width[i - 1], width[i]
        pivot = 1.0 / (2.0 * (a + b) - b * rise[i - 1])
        rise[i] = a * pivot
        slope[i] = (3.0 * (b * secant[i - 1] + a * secant[i]) - b * slope[i - 1]) * pivot
        # Not of the same knot: it waits for nothing that is done here.
        k = n - 1 - i
        a, b = width[k - 1], width[k]
        fall[k] = b / (2.0 * (a + b) - a * fall[k + 1])
    for i in range(n - 2, 0, -1):
        slope[i] -= rise[i] * slope[i + 1]


def _near(first: IntArray, last: IntArray, n: int) -> BoolArray:
    """Return which of n knots lie from first[j] to last[j] for any j."""
    near = np.empty(n, bool)
    _set_near(first, last, np.zeros(n + 1, np.int64), near)
    return near


@compiled
def _set_near(first: IntArray, last: IntArray, begun: IntArray, near: BoolArray) -> None:
    """Set `near`; `begun` (n + 1,), 0 before, is for how many more lie around each than before."""
    for j in range(len(first)):
        begun[first[j]] += 1
        begun[last[j] + 1] -= 1
    around = 0
    for k in range(len(near)):
        around += begun[k]
        near[k] = around > 0


@compiled
def _fall(
    fall: FloatArray, near: BoolArray, anew: int, slope: FloatArray, after: FloatArray
) -> None:
    """Set the slope that falls from the front to the back at each knot, and after it."""
    for k in range(len(fall) - 1):
        if near[k]:
            slope[k] = after[k - 1] if k % anew > 0 and near[k - 1] else 1.0
            after[k] = -fall[k + 1] * slope[k]


@compiled
def _rise(
    rise: FloatArray, near: BoolArray, anew: int, slope: FloatArray, before: FloatArray
) -> None:
    """Set the slope that rises from the front to the back at each knot, and that before."""
    n = len(rise)
    for k in range(n - 1, 0, -1):
        if near[k]:
            slope[k] = before[k] if k % anew > 0 and k < n - 1 and near[k + 1] else 1.0
            before[k - 1] = -rise[k - 1] * slope[k]


def _read(
    value: FloatArray,
    secant: FloatArray,
    slope: FloatArray,
    after: FloatArray,
    near: BoolArray,
    per: FloatArray,
    place: PlaceArray,
    late: FloatArray,
    step: float,
) -> FloatArray:
    """Return at even steps the cubics with these values, and these slopes at both their ends.

    Only those that are near; what is returned between others is of no account.
    """
    values = np.empty(int(place[-1] + BLOCK))
    _set_values(value, secant, slope, after, near, per, place, late, step, values)
    return values


@compiled
def _set_values(
    value: FloatArray,
    secant: FloatArray,
    slope: FloatArray,
    after: FloatArray,
    near: BoolArray,
    per: FloatArray,
    place: PlaceArray,
    late: FloatArray,
    step: float,
    out: FloatArray,
) -> None:
    for k in range(len(place) - 1):
        if near[k]:
            bend = (slope[k] + after[k] - 2.0 * secant[k]) * per[k]
            v, r, s, c = value[k], slope[k], (secant[k] - slope[k]) * per[k] - bend, bend * per[k]
            # What a block reaches beyond an interval is written over by the next.
            for i in range(place[k], place[k + 1], BLOCK):
                u = late[k] + step * float(i - place[k])
                for j in range(BLOCK):
                    out[i + j] = ((c * u + s) * u + r) * u + v
                    u += step
