"""Width and length of the cloud of each interval plotted against the one before it.

Brennan M, Palaniswami M, Kamen P (2001), IEEE Trans Biomed Eng 48:1342, doi 10.1109/10.959330.
SD1 is the standard deviation (N - 1) of the successive differences over the square root of 2: it
says nothing that RMSSD does not. SD2 follows from SD1 and SDNN, where programs that take the
spread of the sums of two intervals find a slightly different figure at the ends of a window.
"""

from __future__ import annotations

import numpy as np

from physio.beats import FloatArray
from physio.hrv.time_domain import sdnn, sdsd
from physio.windows import Windows


def sd1(windows: Windows) -> FloatArray:
    """Return (m,) the width of the cloud in ms."""
    return np.asarray(sdsd(windows) / np.sqrt(2.0))


def sd2(windows: Windows) -> FloatArray:
    """Return (m,) the length of the cloud in ms; NaN where it would be below 0 squared."""
    square = 2.0 * sdnn(windows) ** 2 - 0.5 * sdsd(windows) ** 2
    return np.sqrt(np.where(square >= 0.0, square, np.nan))
