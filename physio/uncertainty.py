"""Low and high of a value from its spread over blocks of its window: sampling error alone."""

from __future__ import annotations

import numpy as np

from physio.beats import BoolArray, FloatArray, IntArray

FEWEST_BLOCKS = 4
LARGEST = 300.0
"""Logarithm of the largest factor either way, which still is a finite number."""
TOO_FEW_BLOCKS = "no low and high: fewer than 4 blocks of the window carry a value"


def block_count(duration: FloatArray, trailing: float) -> IntArray:
    """Return into how many blocks windows of these durations (s) are cut.

    A block lasts as long as the measure's own trailing window, or a quarter of the window where
    that is shorter.
    """
    blocks = np.maximum(duration / trailing, FEWEST_BLOCKS)
    # A window's duration is a difference of clock readings, a few 1e-12 s off its nominal length.
    return np.floor(blocks + 1e-6).astype(np.int64)


def interval(
    value: FloatArray,
    blocks: FloatArray,
    *,
    positive: bool | BoolArray,
    limits: tuple[float | FloatArray, float | FloatArray] = (-np.inf, np.inf),
) -> tuple[FloatArray, FloatArray]:
    """Return the 95 % interval around each value.

    Parameters
    ----------
    value : (m,) float
        The value of each window.
    blocks : (m, k) float
        The same measure in each of the window's blocks, NaN where a block carries none.
    positive : bool or (m,) bool
        Whether the spread is taken of the logarithm, so that the interval is a factor either way.
        Where the value or a block is 0 it is not.
    limits : tuple of two floats or (m,) float
        What the measure cannot go below and above.

    Returns
    -------
    low, high : (m,) float
        value +- t s / sqrt(k), or value times and by exp(t s / sqrt(k)), with Student's t at k - 1
        degrees of freedom and s the standard deviation (N - 1) over the k blocks that carry a
        value; NaN where k is below 4.
    """
    known = np.isfinite(blocks)
    count = known.sum(axis=1)
    enough = (count >= FEWEST_BLOCKS) & np.isfinite(value)
    factor = positive & (value > 0) & ((blocks > 0).sum(axis=1) == count)
    scaled = np.where(factor[:, None], np.log(np.where(blocks > 0, blocks, 1.0)), blocks)
    margin = np.where(enough, _margin(scaled, known, np.maximum(count, 2)), np.nan)
    times = np.exp(np.where(factor, np.minimum(margin, LARGEST), 0.0))
    low = np.where(factor, value / times, value - margin)
    high = np.where(factor, value * times, value + margin)
    return np.maximum(low, limits[0]), np.minimum(high, limits[1])


def _margin(values: FloatArray, known: FloatArray, count: FloatArray) -> FloatArray:
    from scipy.special import stdtrit

    kept = np.where(known, values, 0.0)
    centre = kept.sum(axis=1) / count
    squares = np.where(known, (kept - centre[:, None]) ** 2, 0.0).sum(axis=1)
    margin: FloatArray = stdtrit(count - 1, 0.975) * np.sqrt(squares / (count - 1) / count)
    return margin
