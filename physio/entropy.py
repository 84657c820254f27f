"""Sample entropy: how rarely two stretches that look alike go on alike.

Richman JS, Moorman JR (2000), Am J Physiol Heart Circ Physiol 278:H2039, doi
10.1152/ajpheart.2000.278.6.H2039: minus the logarithm of the share of pairs of templates of m
intervals within a tolerance of each other (largest difference, <=) that still are with one
interval more; both lengths use the same N - m templates, none paired with itself.

Deviation: a template and the interval after it lie in one unbroken run of usable intervals; the
tolerance is a share of the standard deviation (N - 1) of the window's usable intervals.

The intervals near each distinct length are kept as bits, 64 to a word, so that pairs are counted
by "and" and population counts, exactly, in about n**2 / 64 steps.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from physio.beats import BoolArray, FloatArray, IntArray
from physio.time_domain import sdnn
from physio.windows import Windows

DIMENSION = 2
TOLERANCE = 0.2
"""Share of the standard deviation within which two intervals count as alike."""

WORDS = 8
"""Words of 64 bits taken at a time: the bits of all templates stay in the processor's cache."""

WordArray = NDArray[np.uint64]


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
    radius = tolerance * sdnn(windows)
    result = np.full(len(windows), np.nan)
    for j in np.flatnonzero(radius > 0).tolist():
        part = slice(int(windows.first[j]), int(windows.last[j]))
        short, long = matches(windows.beats.rr[part], _whole(windows, part), radius[j])
        if long:
            result[j] = np.log(short / long)
    return result


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
    kinds = [kind[starts + lag] for lag in range(DIMENSION + 1)]
    found = np.zeros(2, np.int64)
    for part in range(0, len(starts), 64 * WORDS):
        found += _pairs(kinds, low, high, part)
    short, long = (found - len(starts)).tolist()
    return short, long


def _pairs(kinds: list[IntArray], low: IntArray, high: IntArray, part: int) -> IntArray:
    """Count pairs of a template in the block from `part` on and one not after that block.

    Pairs with an earlier template count twice, for both orders.
    """
    end = min(part + 64 * WORDS, len(kinds[0]))
    alike = _bits(kinds[0][part:end], low, high)[kinds[0][:end]]
    for kind in kinds[1:-1]:
        alike &= _bits(kind[part:end], low, high)[kind[:end]]
    longer = alike & _bits(kinds[-1][part:end], low, high)[kinds[-1][:end]]
    return np.array([_ordered(words, part) for words in (alike, longer)])


def _ordered(words: WordArray, part: int) -> int:
    count = np.bitwise_count(words)
    return 2 * int(count[:part].sum()) + int(count[part:].sum())


def _bits(kind: IntArray, low: IntArray, high: IntArray) -> WordArray:
    """Return for each distinct length the bits of the `kind` with an index in low to high - 1."""
    words = -(-len(kind) // 64)
    single = np.zeros((len(low) + 1, words), np.uint64)
    place = np.arange(len(kind))
    np.bitwise_or.at(single, (kind + 1, place // 64), np.uint64(1) << (place % 64).astype(np.uint64))
    below = np.bitwise_xor.accumulate(single, axis=0)
    return below[high] ^ below[low]


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


def _whole(windows: Windows, part: slice) -> BoolArray:
    """Return where `DIMENSION` + 1 intervals in a row begin that are usable and unbroken."""
    usable, paired = windows.usable[part], windows.paired[part]
    begins = usable.copy()
    begins[-DIMENSION:] = False
    for lag in range(1, DIMENSION + 1):
        begins[:-DIMENSION] &= paired[lag : len(paired) - DIMENSION + lag]
    return begins
