"""Mean, spread and size of change of the intervals in a window, from which the time domain follows.

Two passes over each window's own beats: a difference of sums of squares would lose the digits that
the spread has fewer than the level, and a window depends on nothing outside it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from physio.beats import BoolArray, FloatArray, IntArray
from physio.compiled import compiled, frozen
from physio.windows import Windows


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """Of m windows, each (m,), NaN where a window holds too few intervals or differences.

    Attributes
    ----------
    mean : (m,) float
        Of the usable intervals, in ms.
    variance : (m,) float
        Of the usable intervals (N - 1), in ms2.
    mean_square : (m,) float
        Of the successive differences, in ms2.
    change_variance : (m,) float
        Of the successive differences (N - 1), in ms2.
    above_20, above_50 : (m,) float
        Share of the successive differences larger than 20 and 50 ms, from 0 to 1.
    """

    mean: FloatArray
    variance: FloatArray
    mean_square: FloatArray
    change_variance: FloatArray
    above_20: FloatArray
    above_50: FloatArray


def moments(windows: Windows) -> Moments:
    """Return what all time-domain measures of the windows are read from."""
    found = _moments(
        frozen(windows.beats.rr),
        frozen(windows.usable),
        frozen(windows.paired),
        frozen(windows.first),
        frozen(windows.last),
    )
    return Moments(*found)


@compiled
def _moments(
    rr: FloatArray, usable: BoolArray, paired: BoolArray, first: IntArray, last: IntArray
) -> FloatArray:
    """Return (6, m) the moments in the order of `Moments`."""
    found = np.full((6, len(first)), np.nan)
    for j in range(len(first)):
        if last[j] == first[j]:
            continue
        # The first interval of a window is before all differences, and counted apart from them.
        a, b = first[j], last[j]
        later = slice(a + 1, b)
        now, before, normal, pair = rr[later], rr[a : b - 1], usable[later], paired[later]
        count, changes, above_20, above_50 = _counts(now, before, normal, pair)
        level, change = _sums(now, before, normal, pair)
        if usable[a]:
            count, level = count + 1, level + rr[a]
        mean, mean_change = level / count, change / changes
        squares, change_squares = _squares(now, before, normal, pair, mean, mean_change)
        if usable[a]:
            squares += (rr[a] - mean) ** 2
        found[0, j] = mean
        if count > 1:
            found[1, j] = squares / (count - 1)
        found[2, j] = change_squares / changes + mean_change**2
        if changes > 1:
            found[3, j] = change_squares / (changes - 1)
        found[4, j], found[5, j] = above_20 / changes, above_50 / changes
    return found


# Counts, which the compiler can do several beats at a time, apart from sums, which it cannot, and
# two sums at a time, so that neither waits for the other: a third less time than one loop takes.


@compiled
def _counts(
    now: FloatArray, before: FloatArray, usable: BoolArray, paired: BoolArray
) -> tuple[int, int, int, int]:
    count, changes, above_20, above_50 = 0, 0, 0, 0
    for i in range(len(now)):
        size = abs(now[i] - before[i])
        count += usable[i]
        changes += paired[i]
        above_20 += paired[i] & (size > 20.0)
        above_50 += paired[i] & (size > 50.0)
    return count, changes, above_20, above_50


@compiled
def _sums(
    now: FloatArray, before: FloatArray, usable: BoolArray, paired: BoolArray
) -> tuple[float, float]:
    level, change = 0.0, 0.0
    for i in range(len(now)):
        level += now[i] if usable[i] else 0.0
        change += now[i] - before[i] if paired[i] else 0.0
    return level, change


@compiled
def _squares(
    now: FloatArray,
    before: FloatArray,
    usable: BoolArray,
    paired: BoolArray,
    mean: float,
    mean_change: float,
) -> tuple[float, float]:
    squares, change_squares = 0.0, 0.0
    for i in range(len(now)):
        squares += (now[i] - mean) ** 2 if usable[i] else 0.0
        change_squares += (now[i] - before[i] - mean_change) ** 2 if paired[i] else 0.0
    return squares, change_squares
