"""Time-domain measures of heart rate variability, for all windows at once.

Definitions: Task Force of the European Society of Cardiology and the North American Society of
Pacing and Electrophysiology (1996), Circulation 93:1043, doi 10.1161/01.CIR.93.5.1043; Shaffer F,
Ginsberg JP (2017), Front Public Health 5:258, doi 10.3389/fpubh.2017.00258. Spreads divide by
N - 1. pNN50 and pNN20 divide by the number of valid successive differences, where the Task Force
divides by the number of intervals.

Each function takes m windows, and their `moments` if these are known, and returns m values, NaN
where a window holds too few usable intervals or successive differences.
"""

from __future__ import annotations

import numpy as np

from physio.beats import FloatArray
from physio.hrv.moments import Moments, moments
from physio.windows import Windows

SMALLEST = 1e-6
"""Milliseconds of RMSSD below which there is only rounding, as after a detrend."""


def mean_rr(windows: Windows, known: Moments | None = None) -> FloatArray:
    """Return the mean of the usable intervals, in ms."""
    return given(windows, known).mean


def mean_hr(windows: Windows, known: Moments | None = None) -> FloatArray:
    """Return 60000 over the mean interval, in bpm (not the mean of the single rates)."""
    return 60000.0 / given(windows, known).mean


def sdnn(windows: Windows, known: Moments | None = None) -> FloatArray:
    """Return the standard deviation of the usable intervals (N - 1), in ms."""
    return np.sqrt(given(windows, known).variance)


def rmssd(windows: Windows, known: Moments | None = None) -> FloatArray:
    """Return the root mean square of the successive differences, in ms."""
    return np.sqrt(given(windows, known).mean_square)


def ln_rmssd(windows: Windows, known: Moments | None = None) -> FloatArray:
    """Return the natural logarithm of RMSSD in ms; NaN where RMSSD is 0 but for rounding."""
    value = rmssd(windows, known)
    return np.log(np.where(value > SMALLEST, value, np.nan))


def sdsd(windows: Windows, known: Moments | None = None) -> FloatArray:
    """Return the standard deviation of the successive differences (N - 1), in ms."""
    return np.sqrt(given(windows, known).change_variance)


def pnn50(windows: Windows, known: Moments | None = None) -> FloatArray:
    """Return the percentage of successive differences larger than 50 ms."""
    return 100.0 * given(windows, known).above_50


def pnn20(windows: Windows, known: Moments | None = None) -> FloatArray:
    """Return the percentage of successive differences larger than 20 ms."""
    return 100.0 * given(windows, known).above_20


def given(windows: Windows, known: Moments | None) -> Moments:
    """Return the moments of the windows, `known` if they are."""
    return moments(windows) if known is None else known
