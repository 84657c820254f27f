"""Rhythm regularity: how much of the slow rhythm of the intervals lies at one frequency.

The power from 0.04 to 0.26 Hz within 0.015 Hz of its highest point, as a share of all of it, over
64 s. The peak and its width are those of the ratio in McCraty R, Atkinson M, Tomasino D, Bradley RT
(2009), Integral Review 5(2):10; the share is ours, bounded by 0 and 1. The spectrum is that of the
beats themselves (`physio.hrv.lomb`), no spline.

Limits. It says nothing of how large the rhythm is, nor of calm: any breathing by a metronome has a
high one. In 64 s the peak of a pure tone is wider than the 0.03 Hz counted, so it reads 0.9.
"""

from __future__ import annotations

import numpy as np

from physio.beats import FloatArray
from physio.hrv.lomb import Density, densities
from physio.hrv.spectrum import SMALLEST, within
from physio.uncertainty import jackknife
from physio.windows import Windows

BAND = (0.04, 0.26)
HALF_WIDTH = 0.015
"""Hz."""


def rhythm_regularity(windows: Windows) -> FloatArray:
    """Return (m,) the share from 0 to 1; NaN with a gap inside or too few usable intervals.

    Parameters
    ----------
    windows : Windows
        m windows of 64 s or so: the share grows with their length.
    """
    result = np.full(len(windows), np.nan)
    for found in densities(windows, highest=BAND[1] + HALF_WIDTH):
        result[found.index] = _share(found)
    return result


def rhythm_regularity_blocks(windows: Windows, value: FloatArray, blocks: int) -> FloatArray:
    """Return (m, blocks) what each block of a window says of its share, by the jackknife.

    Parameters
    ----------
    windows : Windows
        m windows.
    value : (m,) float
        Their shares.
    blocks : int
        Equally long parts of a window, at least 2.
    """
    return jackknife(rhythm_regularity, windows, value, blocks)


def _share(found: Density) -> FloatArray:
    frequency = found.step[:, np.newaxis] * np.arange(1, found.values.shape[1] + 1)
    inside = (frequency >= BAND[0]) & (frequency <= BAND[1])
    peak = np.argmax(np.where(inside, found.values, -1.0), axis=1)
    middle = frequency[np.arange(len(peak)), peak]
    low, high = np.maximum(middle - HALF_WIDTH, BAND[0]), np.minimum(middle + HALF_WIDTH, BAND[1])
    total = within(found.values, found.step, 1, np.array((BAND,)))[:, 0]
    around = within(found.values, found.step, 1, np.array(((low, high),)))[:, 0]
    return np.asarray(around / np.where(total > SMALLEST, total, np.nan))
