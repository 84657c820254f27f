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
    found = np.full((len(windows), 8), np.nan)
    _set_moments(
        frozen(windows.beats.rr),
        frozen(windows.usable),
        frozen(windows.paired),
        frozen(windows.first),
        frozen(windows.last),
        found,
    )
    return Moments(*found[:, :6].T.copy())


@compiled
def _set_moments(
    rr: FloatArray,
    usable: BoolArray,
    paired: BoolArray,
    first: IntArray,
    last: IntArray,
    out: FloatArray,
) -> None:
    """Set `out` (m, 8) to the moments of each window, its usable intervals and its differences."""
    # The means of all windows first: squares would wait for the mean of their own.
    for j in range(len(first)):
        own = slice(first[j], last[j])
        _set_means(rr[own], usable[own], paired[own], out[j])
    for j in range(len(first)):
        own = slice(first[j], last[j])
        _set_squares(rr[own], usable[own], paired[own], out[j])


@compiled_sums
def _set_means(rr: FloatArray, usable: BoolArray, paired: BoolArray, out: FloatArray) -> None:
    """Set the mean, the shares, in place of the mean square the mean change, and both numbers."""
    count, total = 0.0, 0.0
    for i in range(len(rr)):
        count += 1.0 if usable[i] else 0.0
        total += rr[i] if usable[i] else 0.0
    changes, change, above_20, above_50 = 0.0, 0.0, 0.0, 0.0
    for i in range(1, len(rr)):
        step = rr[i] - rr[i - 1]
        changes += 1.0 if paired[i] else 0.0
        change += step if paired[i] else 0.0
        above_20 += 1.0 if paired[i] & (abs(step) > 20.0) else 0.0
        above_50 += 1.0 if paired[i] & (abs(step) > 50.0) else 0.0
    out[6], out[7] = count, changes
    out[0], out[2] = total / out[6], change / out[7]
    out[4], out[5] = above_20 / out[7], above_50 / out[7]


@compiled_sums
def _set_squares(rr: FloatArray, usable: BoolArray, paired: BoolArray, out: FloatArray) -> None:
    """Set the variances and the mean square of a window of which the means are known."""
    mean, centre, squares, changed = out[0], out[2], 0.0, 0.0
    for i in range(len(rr)):
        squares += _square(rr[i], mean) if usable[i] else 0.0
    for i in range(1, len(rr)):
        changed += _square(rr[i] - rr[i - 1], centre) if paired[i] else 0.0
    if out[6] > 1.0:
        out[1] = squares / (out[6] - 1.0)
    out[2] = changed / out[7] + centre**2
    if out[7] > 1.0:
        out[3] = changed / (out[7] - 1.0)


@compiled
def _square(value: float, centre: float) -> float:
    # Apart, so that a difference of two intervals, which has no error, is taken first.
    return (value - centre) ** 2
