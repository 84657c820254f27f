"""Splines of stretches, cut from the one through all knots (`physio.hrv.cubic`).

A stretch is a piece of the row, less as much of the two changes as its own ends ask for.
"""

from __future__ import annotations

import numpy as np

from physio.beats import FloatArray, IntArray
from physio.compiled import compiled
from physio.hrv.cubic import Place, PlaceArray, Row

NONE = Place(0)


def cut(row: Row, first: IntArray, last: IntArray, values: FloatArray) -> None:
    """Write the splines through the knots first[j] to last[j] in a row, at the steps of each."""
    fall, rise, reach = row.falling, row.rising, row.reach
    front, back = np.empty((2, len(first)))
    shares = fall.share, rise.share
    _set_excess(row.per, row.secant, row.slope, *shares, reach, first, last, front, back)
    _cut(row.values, row.place, *fall, *rise, reach, row.anew, first, last, front, back, values)


@compiled
def _set_excess(
    per: FloatArray,
    secant: FloatArray,
    slope: FloatArray,
    fall: FloatArray,
    rise: FloatArray,
    reach: int,
    first: IntArray,
    last: IntArray,
    at_front: FloatArray,
    at_back: FloatArray,
) -> None:
    """Set by how much the row's slopes at both ends exceed those of each stretch's own spline.

    There the cubes of the two intervals at an end have one factor ("not a knot"). A change at one
    end that is still felt at the other asks for so much less there.
    """
    for j in range(len(first)):
        front, back = first[j], last[j]
        one, two = fall[front + 1], fall[front + 2]
        falls = _step(per, front, 1.0, -one, one * two)
        one, two = rise[back - 1], rise[back - 2]
        rises = _step(per, back - 2, one * two, -one, 1.0)
        at_front[j] = _step_of_row(per, secant, slope, front) / falls
        at_back[j] = _step_of_row(per, secant, slope, back - 2) / rises
        if back - front <= reach:
            down, up = _left(fall, front + 1, back - 1), _left(rise, front + 2, back)
            before, after = -rise[front + 1] * up, -fall[back - 1] * down
            there = _step(per, front, -rise[front] * before, before, up) / falls
            here = _step(per, back - 2, down, after, -fall[back] * after) / rises
            alone = 1.0 - there * here
            at_front[j] = (at_front[j] - there * at_back[j]) / alone
            at_back[j] -= here * at_front[j]


@compiled
def _cut(
    read: FloatArray,
    place: PlaceArray,
    fall: FloatArray,
    down: FloatArray,
    fallen: FloatArray,
    rise: FloatArray,
    up: FloatArray,
    risen: FloatArray,
    reach: int,
    anew: int,
    first: IntArray,
    last: IntArray,
    at_front: FloatArray,
    at_back: FloatArray,
    values: FloatArray,
) -> None:
    """Write the values of the row for each stretch, less those of its changes."""
    begin = NONE
    for j in range(len(first)):
        front, back = first[j], last[j]
        base, count = place[front], place[back] - place[front]
        for i in range(count):
            values[begin + i] = read[base + i]
        shift, scale = begin - base, at_front[j] / down[front]
        k, stop = front, min(front + reach, back)
        while k < stop:
            until = min(k - k % anew + anew, stop)
            _take_off(values, shift, place[k], place[until], fallen, scale)
            scale *= -fall[until] * down[until - 1]
            k = until
        scale = at_back[j] / up[back]
        k, stop = back, max(back - reach, front)
        while k > stop:
            until = max(k - 1 - (k - 1) % anew, stop)
            _take_off(values, shift, place[until], place[k], risen, scale)
            scale *= -rise[until] * up[until + 1]
            k = until
        begin += count


@compiled
def _take_off(
    values: FloatArray, shift: Place, begin: Place, end: Place, change: FloatArray, scale: float
) -> None:
    for i in range(begin, end):
        values[shift + i] -= scale * change[i]


@compiled
def _left(share: FloatArray, begin: int, end: int) -> float:
    """Return what is left of a change of 1 after the knots from `begin` to before `end`."""
    left = 1.0
    for k in range(begin, end):
        left *= -share[k]
    return left


@compiled
def _step(per: FloatArray, k: int, slope: float, after: float, later: float) -> float:
    """Return how much slopes at three knots make the factor of the cube fall between them."""
    step: float = (slope + after) * per[k] ** 2 - (after + later) * per[k + 1] ** 2
    return step


@compiled
def _step_of_row(per: FloatArray, secant: FloatArray, slope: FloatArray, k: int) -> float:
    steep: float = 2.0 * (secant[k] * per[k] ** 2 - secant[k + 1] * per[k + 1] ** 2)
    return _step(per, k, slope[k], slope[k + 1], slope[k + 2]) - steep
