"""Rhythm regularity: how much of the slow rhythm of the intervals lies at one frequency.

The power from 0.04 to 0.26 Hz within 0.015 Hz of its highest point, as a share of all of it, over
64 s. The peak and its width are those of the ratio in McCraty R, Atkinson M, Tomasino D, Bradley RT
(2009), Integral Review 5(2):10; the share is ours, bounded by 0 and 1. The spectrum is that of the
beats themselves (`physio.hrv.lomb`), no spline.

Limits. It says nothing of how large the rhythm is, nor of calm: any breathing by a metronome has a
high one. In 64 s the peak of a pure tone is wider than the 0.03 Hz counted, so it reads 0.9.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from physio.beats import FloatArray
from physio.hrv.bands import within
from physio.hrv.lomb import Density, densities, densities_without
from physio.hrv.spectrum import SMALLEST
from physio.windows import Windows

BAND = (0.04, 0.26)
HALF_WIDTH = 0.015
HIGHEST = BAND[1] + HALF_WIDTH
"""Hz."""


def rhythm_regularity(windows: Windows) -> FloatArray:
    """Return (m,) the share from 0 to 1; NaN with a gap inside or too few usable intervals.

    Parameters
    ----------
    windows : Windows
        m windows of 64 s or so: the share grows with their length.
    """
    return _shares(densities(windows, highest=HIGHEST), len(windows))


def rhythm_regularity_blocks(windows: Windows, value: FloatArray, blocks: int) -> FloatArray:
    """Return (m, blocks) what each block of a window says of its share.

    ``blocks`` times the share less ``blocks - 1`` times that without the block (delete-one-block
    jackknife, Tukey 1958; Kuensch 1989, doi 10.1214/aos/1176347265).

    Parameters
    ----------
    windows : Windows
        m windows.
    value : (m,) float
        Their shares.
    blocks : int
        Equally long parts of a window, at least 2.
    """
    found = densities_without(windows, blocks, highest=HIGHEST)
    left = _shares(found, len(windows) * blocks).reshape(-1, blocks)
    return np.asarray(blocks * value[:, np.newaxis] - (blocks - 1) * left)


def _shares(densities: Iterator[Density], m: int) -> FloatArray:
    result = np.full(m, np.nan)
    for found in densities:
        result[found.index] = _share(found)
    return result


def _share(found: Density) -> FloatArray:
    around, total = within(found.values, found.step, 1, _bands(found)).T
    return np.asarray(around / np.where(total > SMALLEST, total, np.nan))


def _bands(found: Density) -> FloatArray:
    """Return (2, 2, g) the edges around the highest point of each, and those of all."""
    low, high = BAND
    frequency = np.multiply.outer(found.step, 1.0 + np.arange(found.values.shape[1]))
    inside = (low <= frequency) & (frequency <= high)
    highest = np.where(inside, found.values, -1.0).argmax(axis=1)
    middle = frequency[np.arange(len(highest)), highest]
    bands = np.empty((2, 2, len(middle)))
    bands[0] = np.maximum(middle - HALF_WIDTH, low), np.minimum(middle + HALF_WIDTH, high)
    bands[1] = np.array(BAND)[:, np.newaxis]
    return bands
