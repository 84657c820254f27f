"""One spline through all knots in a row, from which that of any stretch of it is had.

Inside a stretch the slopes of a spline obey the same equations whatever lies outside (see
`_slopes`). So those of the row and those of a stretch's own spline differ by a solution of the
equations without their right sides. There are two: one falls from the front to the back, one from
the back to the front, each to less than half from a knot to the next, for in the elimination from
either end every share stays below 1/2: a / (2 (a + b) - b / 2) does. How much of each is to be
taken off follows from the ends of the stretch, and what lies outside takes no part in the result
but by rounding.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from physio.beats import FloatArray, IntArray
from physio.compiled import compiled
from physio.windows import sums

ROUNDING = 1e-9
"""Steps by which a knot may miss an even step and still lie on it."""

NOTHING = 1e-18
"""Share of a change of slope that is not seen any more."""

FAINT = 1e-12
"""Slope in ms/s below which there is only rounding."""

SWEEPS = 20
"""Rounds, more than the ends of the shortest stretch ever need to come to terms."""

Place = np.uint64
PlaceArray = NDArray[np.uint64]
"""Without a sign a place is not looked at for whether it counts from the end of an array.

With one, Numba looks at each place it reads and LLVM puts no values side by side.
"""

NONE, ONE, TWO = Place(0), Place(1), Place(2)

BLOCK = Place(4)
"""Values of an interval read at a time."""

BESIDE = Place(128)
"""Intervals read side by side."""


class Row(NamedTuple):
    """The spline through n knots in a row, with any slopes at its ends.

    Attributes
    ----------
    value, secant, slope : (n,) float
        Ms at each knot, ms/s from there to the next, and ms/s of the spline there.
    time, rest : (n,) float
        Seconds since the first knot, and what rounding left out of them.
    per : (n,) float
        One over the seconds to the next knot.
    fall, rise : (n,) float
        Share of a change of slope at the knot before, or after, that is taken back at each.
    reach : uint64
        Knots after which nothing is left of a change.
    """

    value: FloatArray
    secant: FloatArray
    slope: FloatArray
    time: FloatArray
    rest: FloatArray
    per: FloatArray
    fall: FloatArray
    rise: FloatArray
    reach: Place


def row_through(rr: FloatArray, knot: IntArray) -> Row:
    """Return the spline through the ends of the intervals `knot`."""
    value = rr[knot]
    width = np.append(value[1:], np.ones(min(len(knot), 1)))
    apart = np.flatnonzero(np.diff(knot) > 1)
    width[apart] = sums(rr, knot[apart] + 1, knot[apart + 1] + 1)
    width /= 1000.0
    secant = (np.append(value[1:], value[-1:]) - value) / width
    slope, fall, rise = _slopes(width, secant)
    largest = max(fall.max(initial=0.25), rise.max(initial=0.25))
    reach = Place(np.log(NOTHING) / np.log(largest) + 1.0)
    return Row(value, secant, slope, *_times(width), 1.0 / width, fall, rise, reach)


@compiled
def _times(width: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the sum of all widths before each, and what rounding left out of it.

    Knuth DE (1997), The Art of Computer Programming 2, 4.2.2: the difference of two such sums is
    that of the widths between alone, however many lie before.
    """
    time, rest = np.zeros(len(width)), np.zeros(len(width))
    for i in range(1, len(width)):
        time[i] = time[i - 1] + width[i - 1]
        added = time[i] - time[i - 1]
        missed = (time[i - 1] - (time[i] - added)) + (width[i - 1] - added)
        rest[i] = rest[i - 1] + missed
    return time, rest


@compiled
def _slopes(width: FloatArray, secant: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return slopes at which all cubics but the first and last meet smoothly; `fall` and `rise`.

    At a knot, b before + 2 (a + b) here + a after = 3 (b s + a t). Eliminated from either end it
    needs no pivoting.
    """
    n = len(width)
    slope, fall, rise = secant.copy(), np.zeros(n), np.zeros(n)
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
    return slope, fall, rise


@compiled
def read(
    row: Row,
    first: PlaceArray,
    number: PlaceArray,
    count: PlaceArray,
    rate: float,
    values: FloatArray,
) -> None:
    """Write count[k] values of the spline through number[k] knots from first[k] on, in a row."""
    slope, place = np.empty(np.max(number)), np.empty(BESIDE + ONE, np.uint64)
    early, square, cube = np.empty(BESIDE + ONE), np.empty(BESIDE), np.empty(BESIDE)
    block = np.empty(BLOCK * BESIDE)
    begin = NONE
    for k in range(len(first)):
        _fit(row, first[k], number[k], slope)
        between = number[k] - ONE
        for begun in range(NONE, between, BESIDE):
            done = Place(begun)
            many = min(BESIDE, between - done)
            _place(row.time, row.rest, first[k], done, many, rate, early, place)
            if done + many == between:
                # Whatever falls on the last knot belongs to the interval before it.
                place[many] = count[k]
            _bend(row.secant, row.per, first[k], done, many, slope, square, cube)
            blocks = _blocks(place, many)
            for j in range(blocks):
                late = (blocks - ONE - j) * BLOCK
                since = float(late) / rate
                _block(
                    row.value, slope, square, cube, early, first[k], done, many, since, rate, block
                )
                _write(block, place, many, late, begin, values)
        begin += count[k]


@compiled
def _fit(row: Row, first: Place, number: Place, slope: FloatArray) -> None:
    """Write the slopes of one spline: those of the row, changed until its ends are "not a knot".

    There the cubes of the two intervals at an end have one factor. What a change at one end does to
    the other is taken off in the next round: more than one is needed where knots are few.
    """
    for i in range(number):
        slope[i] = row.slope[first + i]
    end = number - ONE
    last = first + end
    fall, rise, per = row.fall, row.rise, row.per
    front = (1.0 - fall[first + ONE]) * per[first] ** 2
    front += fall[first + ONE] * (1.0 - fall[first + TWO]) * per[first + ONE] ** 2
    back = (1.0 - rise[last - ONE]) * per[last - ONE] ** 2
    back += rise[last - ONE] * (1.0 - rise[last - TWO]) * per[last - TWO] ** 2
    for _ in range(SWEEPS):
        a = _step(row, first, slope, NONE) / front
        b = -_step(row, first, slope, end - TWO) / back
        if abs(a) + abs(b) < FAINT:
            break
        reach = min(row.reach, end)
        for i in range(reach):
            slope[i] -= a
            slope[end - i] -= b
            a *= -fall[first + i + ONE]
            b *= -rise[last - i - ONE]
        slope[reach] -= a
        slope[end - reach] -= b


@compiled
def _step(row: Row, first: Place, slope: FloatArray, i: Place) -> float:
    """Return how much the factor of the cube falls from interval i to the next."""
    k = first + i
    here = slope[i] + slope[i + ONE] - 2.0 * row.secant[k]
    after = slope[i + ONE] + slope[i + TWO] - 2.0 * row.secant[k + ONE]
    return float(here * row.per[k] ** 2 - after * row.per[k + ONE] ** 2)


@compiled
def _place(
    time: FloatArray,
    rest: FloatArray,
    first: Place,
    done: Place,
    many: Place,
    rate: float,
    early: FloatArray,
    place: PlaceArray,
) -> None:
    """Write the place of the first value at or after a knot, and seconds from the knot to it."""
    time_first, rest_first, step = time[first], rest[first], 1.0 / rate
    for i in range(many + ONE):
        k = first + done + i
        since = (time[k] - time_first) + (rest[k] - rest_first)
        at = np.ceil(since * rate - ROUNDING)
        early[i] = at * step - since
        place[i] = np.uint64(at)


@compiled
def _bend(
    secant: FloatArray,
    per: FloatArray,
    first: Place,
    done: Place,
    many: Place,
    slope: FloatArray,
    square: FloatArray,
    cube: FloatArray,
) -> None:
    """Write the factors of the square and the cube of the seconds since the knot."""
    for i in range(many):
        j, k = done + i, first + done + i
        bend = (slope[j] + slope[j + ONE] - 2.0 * secant[k]) * per[k]
        square[i] = (secant[k] - slope[j]) * per[k] - bend
        cube[i] = bend * per[k]


@compiled
def _blocks(place: PlaceArray, many: Place) -> Place:
    """Return how many blocks hold the values of the interval with the most of them."""
    most = ONE
    for i in range(many):
        most = max(most, place[i + ONE] - place[i])
    return (most + BLOCK - ONE) // BLOCK


@compiled
def _block(
    value: FloatArray,
    slope: FloatArray,
    square: FloatArray,
    cube: FloatArray,
    early: FloatArray,
    first: Place,
    done: Place,
    many: Place,
    since: float,
    rate: float,
    block: FloatArray,
) -> None:
    """Evaluate a block of each interval: all first values, all second ones, and so on."""
    step = 1.0 / rate
    for i in range(many):
        v, r, s, c = value[first + done + i], slope[done + i], square[i], cube[i]
        u = early[i] + since
        for k in range(BLOCK):
            block[k * BESIDE + i] = ((c * u + s) * u + r) * u + v
            u += step


@compiled
def _write(
    block: FloatArray, place: PlaceArray, many: Place, late: Place, begin: Place, values: FloatArray
) -> None:
    """Put the blocks in a row; what reaches beyond an interval is written over afterwards.

    That holds as blocks that begin with a later value of their interval are written before.
    """
    for i in range(many):
        at = place[i] + late
        if at < place[i + ONE]:
            for k in range(BLOCK):
                values[begin + at + k] = block[k * BESIDE + i]
