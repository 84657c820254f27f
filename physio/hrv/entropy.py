"""Sample entropy: how rarely two stretches that look alike go on alike.

Richman JS, Moorman JR (2000), Am J Physiol Heart Circ Physiol 278:H2039, doi
10.1152/ajpheart.2000.278.6.H2039: minus the logarithm of the share of pairs of templates of m
intervals within a tolerance of each other (largest difference, <=) that still are with one
interval more; both lengths use the same N - m templates, none paired with itself.

Deviation: a template and the interval after it lie in one unbroken run of usable intervals; the
tolerance is a share of the standard deviation (N - 1) of the window's usable intervals.

The intervals near each distinct length are kept as bits, 64 to a word, so that pairs are counted
by "and" and population counts, exactly, in n**2 / 64 steps or fewer: templates are sorted by their
first interval, and only those near enough to it are looked at.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from physio.beats import BoolArray, FloatArray, IntArray
from physio.windows import Windows

DIMENSION = 2
TOLERANCE = 0.2
"""Share of the standard deviation within which two intervals count as alike."""

WORDS = 8
"""Words of 64 bits taken at a time: the bits of all templates stay in the processor's cache."""

WordArray = NDArray[np.uint64]

_BIT = np.left_shift(np.uint64(1), np.arange(64, dtype=np.uint64))


def sampen(windows: Windows, *, tolerance: float = TOLERANCE) -> FloatArray:
    """Return (m,) the sample entropy of each window, m = 2; no unit.

    NaN where no two templates match at either length, or the intervals do not vary.

    Parameters
    ----------
    windows : Windows
        m windows, best of 200 intervals or more.
    tolerance : float
        Share of the standard deviation within which two intervals count as alike.
    """
    result = np.full(len(windows), np.nan)
    for j in range(len(windows)):
        part = slice(int(windows.first[j]), int(windows.last[j]))
        begins = _begins(windows.usable[part], windows.paired[part])
        result[j] = _entropy(windows.beats.rr[part], windows.usable[part], begins, tolerance)
    return result


def _entropy(rr: FloatArray, usable: BoolArray, begins: BoolArray, tolerance: float) -> float:
    kept = rr[usable]
    if len(kept) <= DIMENSION or kept.min() == kept.max():
        return np.nan
    kept -= kept.mean()
    radius = tolerance * float(np.sqrt(kept @ kept / (len(kept) - 1)))
    short, long = matches(rr, begins, radius)
    return float(np.log(short / long)) if long else np.nan


def matches(rr: FloatArray, begins: BoolArray, radius: float) -> tuple[int, int]:
    """Return the ordered pairs of templates alike over `DIMENSION` and one more intervals.

    Parameters
    ----------
    rr : (n,) float
        Intervals in ms.
    begins : (n,) bool
        Where a template begins; false for the last `DIMENSION`.
    radius : float
        Largest difference in ms of intervals that are alike.
    """
    lengths, kind = np.unique(rr, return_inverse=True)
    low, high = _near(lengths, radius)
    starts = np.flatnonzero(begins)
    # By length, so that the partners of a block of templates lie together.
    starts = starts[np.argsort(kind[starts], kind="stable")]
    kinds = kind[starts + np.arange(DIMENSION + 1)[:, np.newaxis]]
    short, long = -len(starts), -len(starts)
    for part in range(0, len(starts), 64 * WORDS):
        found = _pairs(kinds, low, high, part)
        short, long = short + found[0], long + found[1]
    return short, long


def _pairs(kinds: IntArray, low: IntArray, high: IntArray, part: int) -> tuple[int, int]:
    """Count pairs of a template in the block from `part` on and one not after that block.

    Templates are sorted by `kinds`[0]. Pairs with an earlier block count twice, for both orders.
    """
    begin = int(np.searchsorted(kinds[0], low[kinds[0, part]]))
    end = min(part + 64 * WORDS, kinds.shape[1])
    near = _bits(kinds[:, part:end], low, high)
    alike = near[0][kinds[0, begin:end]]
    for lag in range(1, DIMENSION):
        alike &= near[lag][kinds[lag, begin:end]]
    longer = alike & near[DIMENSION][kinds[DIMENSION, begin:end]]
    return _ordered(alike, part - begin), _ordered(longer, part - begin)


def _ordered(words: WordArray, before: int) -> int:
    count = np.bitwise_count(words)
    return int(count[before:].sum()) + (2 * int(count[:before].sum()) if before else 0)


def _bits(kinds: IntArray, low: IntArray, high: IntArray) -> WordArray:
    """Return (lags, lengths, words): for each length the bits of the kinds low to high - 1."""
    lags, n = kinds.shape
    single = np.zeros((lags, len(low) + 1, -(-n // 64)), np.uint64)
    lag, place = np.arange(lags)[:, np.newaxis], np.arange(n)
    np.bitwise_or.at(single, (lag, kinds + 1, place >> 6), _BIT[place & 63])
    below = np.bitwise_xor.accumulate(single, axis=1)
    return np.asarray(below[:, high] ^ below[:, low])


def _near(lengths: FloatArray, radius: float) -> tuple[IntArray, IntArray]:
    """Return for each of the ascending `lengths` the range of those within `radius` of it."""
    low = np.searchsorted(lengths, lengths - radius)
    high = np.searchsorted(lengths, lengths + radius, side="right")
    # The sum is rounded, the difference that defines "within" is not: mend the last place.
    below, above = np.maximum(low - 1, 0), np.minimum(high, len(lengths) - 1)
    low = np.where(lengths - lengths[below] <= radius, below, low)
    high = np.where(lengths[above] - lengths <= radius, above + 1, high)
    low += lengths - lengths[low] > radius
    high -= lengths[high - 1] - lengths > radius
    return low, high


def _begins(usable: BoolArray, paired: BoolArray) -> BoolArray:
    """Return where `DIMENSION` + 1 intervals in a row begin that are usable and unbroken."""
    begins = usable.copy()
    begins[-DIMENSION:] = False
    for lag in range(1, DIMENSION + 1):
        begins[:-DIMENSION] &= paired[lag : len(paired) - DIMENSION + lag]
    return begins
