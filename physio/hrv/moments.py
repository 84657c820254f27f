"""Mean, spread and size of change of the intervals in a window, from which the time domain follows.

Two passes over each window's own beats: a difference of sums of squares would lose the digits that
the spread has fewer than the level, and a window depends on nothing outside it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from physio.beats import BoolArray, FloatArray, IntArray
from physio.compiled import compiled, compiled_sums, frozen
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
    count, changes, centre = np.empty((3, len(first)))
    # The means of all windows first: squares would wait for the mean of their own.
    for j in range(len(first)):
        own, later, sooner = _slices(first[j], last[j])
        count[j], found[0, j] = _mean(rr[own], usable[own])
        changes[j], centre[j] = _mean_change(rr[later], rr[sooner], paired[later])
        above_20, above_50 = _above(rr[later], rr[sooner], paired[later])
        found[4, j], found[5, j] = above_20 / changes[j], above_50 / changes[j]
    for j in range(len(first)):
        own, later, sooner = _slices(first[j], last[j])
        squares = _squares(rr[own], usable[own], found[0, j])
        if count[j] > 1:
            found[1, j] = squares / (count[j] - 1)
        squares = _change_squares(rr[later], rr[sooner], paired[later], centre[j])
        found[2, j] = squares / changes[j] + centre[j] ** 2
        if changes[j] > 1:
            found[3, j] = squares / (changes[j] - 1)
    return found


@compiled
def _slices(first: int, last: int) -> tuple[slice, slice, slice]:
    """Return the intervals of a window, those behind a difference, and those before one."""
    return slice(first, last), slice(first + 1, last), slice(first, last - 1)


@compiled_sums
def _mean(rr: FloatArray, usable: BoolArray) -> tuple[float, float]:
    """Return the number of usable intervals and their mean."""
    count, total = 0.0, 0.0
    for i in range(len(rr)):
        count += 1.0 if usable[i] else 0.0
        total += rr[i] if usable[i] else 0.0
    return count, total / count


@compiled_sums
def _squares(rr: FloatArray, usable: BoolArray, mean: float) -> float:
    squares = 0.0
    for i in range(len(rr)):
        squares += _square(rr[i], mean) if usable[i] else 0.0
    return squares


@compiled_sums
def _mean_change(now: FloatArray, before: FloatArray, paired: BoolArray) -> tuple[float, float]:
    """Return the number of differences and their mean."""
    count, total = 0.0, 0.0
    for i in range(len(now)):
        count += 1.0 if paired[i] else 0.0
        total += now[i] - before[i] if paired[i] else 0.0
    return count, total / count


@compiled_sums
def _change_squares(now: FloatArray, before: FloatArray, paired: BoolArray, mean: float) -> float:
    squares = 0.0
    for i in range(len(now)):
        squares += _square(now[i] - before[i], mean) if paired[i] else 0.0
    return squares


@compiled_sums
def _above(now: FloatArray, before: FloatArray, paired: BoolArray) -> tuple[float, float]:
    """Return the number of differences larger than 20 and 50 ms."""
    above_20, above_50 = 0.0, 0.0
    for i in range(len(now)):
        size = abs(now[i] - before[i])
        above_20 += 1.0 if paired[i] & (size > 20.0) else 0.0
        above_50 += 1.0 if paired[i] & (size > 50.0) else 0.0
    return above_20, above_50


@compiled
def _square(value: float, centre: float) -> float:
    # Apart, so that a difference of two intervals, which has no error, is taken first.
    return (value - centre) ** 2
