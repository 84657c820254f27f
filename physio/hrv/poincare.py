"""Width and length of the cloud of each interval plotted against the one before it.

Brennan M, Palaniswami M, Kamen P (2001), IEEE Trans Biomed Eng 48:1342, doi 10.1109/10.959330.
SD1 is the standard deviation (N - 1) of the successive differences over the square root of 2: it
says nothing that RMSSD does not. SD2 follows from SD1 and SDNN, where programs that take the
spread of the sums of two intervals find a slightly different figure at the ends of a window.
"""

from __future__ import annotations

import numpy as np

from physio.beats import FloatArray
from physio.hrv.moments import Moments
from physio.hrv.time_domain import given
from physio.windows import Windows

ROUNDING = 1e-9
"""Share of the variance below which there is only rounding."""


def sd1(windows: Windows, known: Moments | None = None) -> FloatArray:
    """Return (m,) the width of the cloud in ms."""
    return np.sqrt(0.5 * given(windows, known).change_variance)


def sd2(windows: Windows, known: Moments | None = None) -> FloatArray:
    """Return (m,) the length of the cloud in ms; NaN where its square would be below 0."""
    moments = given(windows, known)
    square = 2.0 * moments.variance - 0.5 * moments.change_variance
    # Of intervals that alternate exactly nothing but rounding is left, of either sign.
    square = np.where(np.abs(square) < ROUNDING * moments.variance, 0.0, square)
    return np.sqrt(np.where(square >= 0.0, square, np.nan))
