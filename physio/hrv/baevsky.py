"""Baevsky's index: how peaked and narrow the histogram of the intervals is.

Baevsky RM, Chernikova AG (2017), Cardiometry 10:66, doi 10.12710/cardiometry.2017.10.6676:
AMo / (2 Mo MxDMn) with AMo the percentage of intervals in the fullest bin of 50 ms, Mo that bin's
place in s, MxDMn the longest minus the shortest interval in s. It is called a stress index there;
it measures no stress and is not called so here. Its square root is what Kubios shows.

Conventions. Bins begin at whole multiples of 50 ms; Mo is the middle of the fullest bin, of the
shorter one where two are as full. The range rests on two single beats, so one missed label shows.
"""

from __future__ import annotations

import numpy as np

from physio.beats import LONGEST_INTERVAL, BoolArray, FloatArray, IntArray
from physio.compiled import compiled, frozen
from physio.windows import Windows

BIN = 50.0
"""Milliseconds."""

_BINS = int(LONGEST_INTERVAL // BIN) + 1


def baevsky_index(windows: Windows) -> FloatArray:
    """Return (m,) the index in percent per s2; NaN where the intervals do not vary."""
    rr, usable = frozen(windows.beats.rr), frozen(windows.usable)
    return _indices(rr, usable, frozen(windows.first), frozen(windows.last))


@compiled
def _indices(rr: FloatArray, usable: BoolArray, first: IntArray, last: IntArray) -> FloatArray:
    result, count = np.full(len(first), np.nan), np.empty(_BINS, np.int64)
    for j in range(len(first)):
        count[:] = 0
        shortest, longest = np.inf, -np.inf
        for i in range(first[j], last[j]):
            if usable[i]:
                count[min(int(rr[i] / BIN), _BINS - 1)] += 1
                shortest, longest = min(shortest, rr[i]), max(longest, rr[i])
        if longest > shortest:
            mode = np.argmax(count)
            share = 100.0 * count[mode] / count.sum()
            middle, width = (mode + 0.5) * BIN / 1000.0, (longest - shortest) / 1000.0
            result[j] = share / (2.0 * middle * width)
    return result
