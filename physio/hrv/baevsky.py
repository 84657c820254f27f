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

from physio.beats import LONGEST_INTERVAL, FloatArray, IntArray
from physio.stretches import parts, runs, spread
from physio.windows import Windows

BIN = 50.0
"""Milliseconds."""

_BINS = int(LONGEST_INTERVAL // BIN) + 1


def baevsky_index(windows: Windows) -> FloatArray:
    """Return (m,) the index in percent per s2; NaN where the intervals do not vary."""
    result = np.full(len(windows), np.nan)
    for part in parts(runs(windows)):
        held, begin = np.unique(part.window, return_index=True)
        place, at = spread(part.first, part.last)
        result[held] = _indices(windows.beats.rr[place], at[begin])
    return result


def _indices(rr: FloatArray, begin: IntArray) -> FloatArray:
    """Return the index of each group of intervals; group k begins at begin[k]."""
    number = np.diff(np.append(begin, len(rr)))
    row = np.repeat(np.arange(len(begin)), number)
    place = row * _BINS + (rr // BIN).astype(np.int64)
    count = np.bincount(place, minlength=len(begin) * _BINS).reshape(-1, _BINS)
    mode = np.argmax(count, axis=1)
    share = 100.0 * count[np.arange(len(begin)), mode] / number
    width = (np.maximum.reduceat(rr, begin) - np.minimum.reduceat(rr, begin)) / 1000.0
    middle = (mode + 0.5) * BIN / 1000.0
    return np.asarray(share / (2.0 * middle * np.where(width > 0, width, np.nan)))
