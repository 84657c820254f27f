"""Time-domain measures of heart rate variability, for all windows at once.

Definitions: Task Force of the European Society of Cardiology and the North American Society of
Pacing and Electrophysiology (1996), Circulation 93:1043, doi 10.1161/01.CIR.93.5.1043; Shaffer F,
Ginsberg JP (2017), Front Public Health 5:258, doi 10.3389/fpubh.2017.00258. Spreads divide by
N - 1. pNN50 and pNN20 divide by the number of valid successive differences, where the Task Force
divides by the number of intervals.

Each function takes m windows and returns m values, NaN where a window holds too few usable
intervals or successive differences. Every sum is taken over the window alone.
"""

from __future__ import annotations

import numpy as np

from physio.beats import BoolArray, FloatArray, IntArray
from physio.windows import Windows, squares_about, sums

SMALLEST = 1e-6
"""Milliseconds of RMSSD below which there is only rounding, as after a detrend."""


def mean_rr(windows: Windows) -> FloatArray:
    """Return the mean of the usable intervals, in ms."""
    return _mean(windows.beats.rr, windows.usable, *_places(windows))


def mean_hr(windows: Windows) -> FloatArray:
    """Return 60000 over the mean interval, in bpm (not the mean of the single rates)."""
    return 60000.0 / mean_rr(windows)


def sdnn(windows: Windows) -> FloatArray:
    """Return the standard deviation of the usable intervals (N - 1), in ms."""
    return _deviation(windows.beats.rr, windows.usable, *_places(windows))


def rmssd(windows: Windows) -> FloatArray:
    """Return the root mean square of the successive differences, in ms."""
    return np.sqrt(_mean(_differences(windows) ** 2, windows.paired, *_places(windows, pairs=True)))


def ln_rmssd(windows: Windows) -> FloatArray:
    """Return the natural logarithm of RMSSD in ms; NaN where RMSSD is 0 but for rounding."""
    value = rmssd(windows)
    return np.log(np.where(value > SMALLEST, value, np.nan))


def sdsd(windows: Windows) -> FloatArray:
    """Return the standard deviation of the successive differences (N - 1), in ms."""
    return _deviation(_differences(windows), windows.paired, *_places(windows, pairs=True))


def pnn50(windows: Windows) -> FloatArray:
    """Return the percentage of successive differences larger than 50 ms."""
    return _share_above(windows, 50.0)


def pnn20(windows: Windows) -> FloatArray:
    """Return the percentage of successive differences larger than 20 ms."""
    return _share_above(windows, 20.0)


def _share_above(windows: Windows, limit: float) -> FloatArray:
    above = (np.abs(_differences(windows)) > limit).astype(np.float64)
    return 100.0 * _mean(above, windows.paired, *_places(windows, pairs=True))


def _differences(windows: Windows) -> FloatArray:
    """Return each interval minus the one before it, in ms; the first is 0."""
    rr = windows.beats.rr
    return np.diff(rr, prepend=rr[:1])


def _places(windows: Windows, *, pairs: bool = False) -> tuple[IntArray, IntArray]:
    """Return where each window begins and ends; the first interval in it forms no pair."""
    return np.minimum(windows.first + pairs, windows.last), windows.last


def _mean(values: FloatArray, counted: BoolArray, first: IntArray, last: IntArray) -> FloatArray:
    total = sums(np.where(counted, values, 0.0), first, last)
    return _quotient(total, sums(counted.astype(np.float64), first, last))


def _deviation(
    values: FloatArray, counted: BoolArray, first: IntArray, last: IntArray
) -> FloatArray:
    mean = _mean(values, counted, first, last)
    squares = squares_about(mean, values, counted, first, last)
    return np.sqrt(_quotient(squares, sums(counted.astype(np.float64), first, last) - 1))


def _quotient(total: FloatArray, count: FloatArray) -> FloatArray:
    enough = count > 0
    return np.where(enough, total / np.where(enough, count, 1.0), np.nan)
