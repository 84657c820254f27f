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

from physio.beats import BoolArray, FloatArray, IntArray
from physio.compiled import compiled, frozen
from physio.windows import Windows

LARGEST_CHANGE = 0.05
"""Share of the interval before, above which a change is taken for an artefact."""

FEWEST = 20
"""Anchors, as in the PhysioNet toolbox (Vest et al. 2018, doi 10.1088/1361-6579/aae021)."""


def dc(windows: Windows) -> FloatArray:
    """Return (m,) the deceleration capacity in ms, as a rule above 0."""
    return _capacity(windows, 1.0)


def ac(windows: Windows) -> FloatArray:
    """Return (m,) the acceleration capacity in ms, as a rule below 0."""
    return _capacity(windows, -1.0)


def _capacity(windows: Windows, sign: float) -> FloatArray:
    rr, paired = frozen(windows.beats.rr), frozen(windows.paired)
    found = np.full(len(windows), np.nan)
    _set_capacities(rr, paired, frozen(windows.first), frozen(windows.last), sign, found)
    return found


@compiled
def _set_capacities(
    rr: FloatArray,
    paired: BoolArray,
    first: IntArray,
    last: IntArray,
    sign: float,
    out: FloatArray,
) -> None:
    """Set `out` (m,) to the mean step around anchors whose change has this sign."""
    for j in range(len(first)):
        total, number = 0.0, 0
        for i in range(first[j] + 2, last[j] - 1):
            change = sign * (rr[i] - rr[i - 1]) / rr[i - 1]
            unbroken = paired[i - 1] & paired[i] & paired[i + 1]
            # No branch: anchors come as unpredictably as the heart beats.
            anchor = unbroken & (change > 0.0) & (change <= LARGEST_CHANGE)
            step = (rr[i] + rr[i + 1] - rr[i - 1] - rr[i - 2]) / 4.0
            total += step if anchor else 0.0
            number += anchor
        if number >= FEWEST:
            out[j] = total / number
