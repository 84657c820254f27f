"""Sample entropy: how rarely two stretches that look alike go on alike.

Richman JS, Moorman JR (2000), Am J Physiol Heart Circ Physiol 278:H2039, doi
10.1152/ajpheart.2000.278.6.H2039: minus the logarithm of the share of pairs of templates of m
intervals within a tolerance of each other (largest difference, <=) that still are with one
interval more; both lengths use the same N - m templates, none paired with itself.

Deviation: a template and the interval after it lie in one unbroken run of usable intervals; the
tolerance is a share of the standard deviation (N - 1) of the window's usable intervals.

Pairs are counted one by one, exactly, but only those whose first intervals are near enough:
templates are sorted by their first interval, so that these lie in a row.
"""

from __future__ import annotations

import numpy as np

from physio.beats import BoolArray, FloatArray, IntArray
from physio.compiled import compiled, frozen
from physio.windows import Windows

DIMENSION = 2
TOLERANCE = 0.2
"""Share of the standard deviation within which two intervals count as alike."""


def sampen(windows: Windows, *, tolerance: float = TOLERANCE) -> FloatArray:
    """Return (m,) the sample entropy of each window, m = 2; no unit.

    NaN where no two templates match at either length, or the intervals do not vary.

    Parameters
    ----------
    windows : Windows
        m windows, best of 200 intervals or more.
    tolerance : float
        Share of the standard deviation within which two intervals count as alike.
    """
    found = np.full(len(windows), np.nan)
    most = int((windows.last - windows.first).max(initial=0))
    _set_entropies(
        frozen(windows.beats.rr),
        frozen(windows.usable),
        frozen(windows.paired),
        frozen(windows.first),
        frozen(windows.last),
        float(tolerance),
        *_room(most),
        found,
    )
    return found


def _room(most: int) -> tuple[IntArray, FloatArray]:
    """Return (3, n) and (4, n): room for sorting the templates of `most` intervals."""
    return np.empty((3, most + 1), np.int64), np.empty((4, most + 1))


@compiled
def _set_entropies(
    rr: FloatArray,
    usable: BoolArray,
    paired: BoolArray,
    first: IntArray,
    last: IntArray,
    tolerance: float,
    places: IntArray,
    lines: FloatArray,
    out: FloatArray,
) -> None:
    for j in range(len(first)):
        part = slice(first[j], last[j])
        spread = _deviation(rr[part], usable[part])
        if spread > 0:
            count = _line_up(rr[part], paired[part], places, lines)
            short, long = _matches(lines, count, tolerance * spread)
            if long > 0:
                out[j] = np.log(short / long)


@compiled
def _deviation(rr: FloatArray, usable: BoolArray) -> float:
    """Return the standard deviation (N - 1) of the usable intervals, exactly 0 if all are equal."""
    count, total, squares, origin = 0, 0.0, 0.0, 0.0
    for i in range(len(rr)):
        if usable[i]:
            origin = rr[i]
            break
    for i in range(len(rr)):
        if usable[i]:
            count += 1
            total += rr[i] - origin
    for i in range(len(rr)):
        if usable[i]:
            squares += (rr[i] - origin - total / count) ** 2
    return np.sqrt(squares / (count - 1)) if count > 1 else 0.0


def matches(rr: FloatArray, paired: BoolArray, radius: float) -> tuple[int, int]:
    """Return the ordered pairs of templates alike over `DIMENSION` and one more intervals.

    Parameters
    ----------
    rr : (n,) float
        Intervals in ms.
    paired : (n,) bool
        Whether an interval and the one before it lie in one unbroken run of usable intervals.
    radius : float
        Largest difference in ms of intervals that are alike.
    """
    places, lines = _room(len(rr))
    count = _line_up(frozen(rr), frozen(paired), places, lines)
    short, long = _matches(lines, count, float(radius))
    return int(short), int(long)


@compiled
def _line_up(rr: FloatArray, paired: BoolArray, places: IntArray, lines: FloatArray) -> int:
    """Set the first three `lines` to templates in order of their first interval; return how many.

    Those of `DIMENSION` + 1 intervals in a row that are usable and unbroken.
    """
    starts, order, values = places[0], places[1], lines[3]
    count = 0
    for i in range(len(rr) - 2):
        if paired[i + 1] and paired[i + 2]:
            starts[count], values[count] = i, rr[i]
            count += 1
    _sort(values[:count], places[2], order)
    for k in range(count):
        begin = starts[order[k]]
        lines[0, k], lines[1, k], lines[2, k] = rr[begin], rr[begin + 1], rr[begin + 2]
    return count


@compiled
def _sort(values: FloatArray, place: IntArray, order: IntArray) -> None:
    """Set `order` to the one that sorts the values.

    They are dealt into as many buckets as there are values, then put in place one by one: a third
    of the time that windows at every beat take with a sort by comparisons. Values that share a
    bucket are nearly always alike, so that even a crowded one costs less than counting its pairs.
    """
    low, high = np.inf, -np.inf
    for value in values:
        low, high = min(low, value), max(high, value)
    scale = (len(values) - 1) / (high - low) if high > low else 0.0
    for bucket in range(len(values) + 1):
        place[bucket] = 0
    for value in values:
        place[int((value - low) * scale) + 1] += 1
    for bucket in range(len(values)):
        place[bucket + 1] += place[bucket]
    for i in range(len(values)):
        bucket = int((values[i] - low) * scale)
        order[place[bucket]] = i
        place[bucket] += 1
    for i in range(1, len(values)):
        moved, k = order[i], i
        while k > 0 and values[order[k - 1]] > values[moved]:
            order[k] = order[k - 1]
            k -= 1
        order[k] = moved


@compiled
def _matches(lines: FloatArray, count: int, radius: float) -> tuple[int, int]:
    """Return what `matches` does, of `count` templates that are lined up."""
    short, long, near = 0, 0, 0
    zeroth, first, second = lines[0, :count], lines[1, :count], lines[2, :count]
    for i in range(count):
        while near < count and zeroth[near] - zeroth[i] <= radius:
            near += 1
        # Slices, because the compiler counts several pairs at a time in them.
        others, nexts = first[i + 1 : near], second[i + 1 : near]
        for k in range(len(others)):
            alike = abs(others[k] - first[i]) <= radius
            short += alike
            long += alike & (abs(nexts[k] - second[i]) <= radius)
    return 2 * short, 2 * long
