"""Deceleration and acceleration capacity: the mean step of the intervals at a change of pace.

Phase-rectified signal averages of Bauer A et al. (2006), Lancet 367:1674, doi
10.1016/S0140-6736(06)68735-7. Anchors are intervals longer (DC) or shorter (AC) than the one before
by at most 5 %; the mean over anchors of (X[0] + X[1] - X[-1] - X[-2]) / 4, X[0] being the anchor,
is the capacity in ms.

Deviations. The four intervals lie in one unbroken run of usable intervals inside the window; no
further surroundings are asked for, since none enter the formula. Fewer than `FEWEST` anchors give
no value. Published for 24 h: over minutes it is exploratory, and slow breathing inflates it.
"""

from __future__ import annotations

import numpy as np

from physio.beats import BoolArray, FloatArray
from physio.windows import Windows, sums

LARGEST_CHANGE = 0.05
"""Share of the interval before, above which a change is taken for an artefact."""

FEWEST = 20
"""Anchors, as in the PhysioNet toolbox (Vest et al. 2018, doi 10.1088/1361-6579/aae021)."""


def dc(windows: Windows) -> FloatArray:
    """Return (m,) the deceleration capacity in ms, as a rule above 0."""
    change = _change(windows)
    return _capacity(windows, (change > 0.0) & (change <= LARGEST_CHANGE))


def ac(windows: Windows) -> FloatArray:
    """Return (m,) the acceleration capacity in ms, as a rule below 0."""
    change = _change(windows)
    return _capacity(windows, (change < 0.0) & (change >= -LARGEST_CHANGE))


def _change(windows: Windows) -> FloatArray:
    """Return (n,) the change of each interval as a share of the one before; the first is 0."""
    rr = windows.beats.rr
    change = np.zeros(len(rr))
    change[1:] = np.diff(rr) / rr[:-1]
    return change


def _capacity(windows: Windows, anchor: BoolArray) -> FloatArray:
    rr, paired = windows.beats.rr, windows.paired
    step, counted = np.zeros(len(rr)), np.zeros(len(rr))
    if len(rr) >= 4:
        whole = anchor[2:-1] & paired[1:-2] & paired[2:-1] & paired[3:]
        counted[2:-1] = whole
        step[2:-1] = np.where(whole, rr[2:-1] + rr[3:] - rr[1:-2] - rr[:-3], 0.0) / 4.0
    first = np.minimum(windows.first + 2, windows.last)
    last = np.maximum(windows.last - 1, first)
    number = sums(counted, first, last)
    return sums(step, first, last) / np.where(number >= FEWEST, number, np.nan)
