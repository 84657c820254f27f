"""Detrended fluctuation analysis: how the spread around a local trend grows with its length.

Peng CK, Havlin S, Stanley HE, Goldberger AL (1995), Chaos 5:82, doi 10.1063/1.166141. The
intervals are summed up, cut into boxes of n beats laid end to end, a line is taken off each box by
least squares, and F(n) is the root mean square of what remains; alpha is the slope of ln F(n) over
ln n, every n once.

Deviations. Boxes lie inside unbroken runs of usable intervals and F(n) pools the boxes of all
runs; beats left over at the end of a run are in no box. A window in which some n has no box, or
nothing remains of any, has no value.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from physio.beats import BoolArray, FloatArray, IntArray
from physio.compiled import compiled, compiled_sums, frozen
from physio.windows import Windows

SHORT = tuple(range(4, 17))
LONG = tuple(range(16, 65))
"""Beats in a box."""

AT_ONCE = 1 << 14
"""Windows at a time, which bounds the memory."""

SMALLEST = 1e-6
"""Fluctuation in ms below which there is only rounding."""


def dfa_alpha1(windows: Windows) -> FloatArray:
    """Return (m,) the short-term exponent, of boxes of 4 to 16 beats; no unit."""
    return _exponent(windows, SHORT)


def dfa_alpha2(windows: Windows) -> FloatArray:
    """Return (m,) the long-term exponent, of boxes of 16 to 64 beats; no unit."""
    return _exponent(windows, LONG)


def fluctuation(windows: Windows, sizes: tuple[int, ...]) -> FloatArray:
    """Return (m, k) the fluctuation F(n) in ms for each box size, NaN where no box fits."""
    rr, paired = frozen(windows.beats.rr), frozen(windows.paired)
    first, last = frozen(windows.first), frozen(windows.last)
    return _fluctuation(rr, paired, first, last, _beats(sizes))


def _exponent(windows: Windows, sizes: tuple[int, ...]) -> FloatArray:
    rr, paired = frozen(windows.beats.rr), frozen(windows.paired)
    first, last = frozen(windows.first), frozen(windows.last)
    return _slopes(rr, paired, first, last, _beats(sizes), _slope_weights(sizes))


@lru_cache(maxsize=8)
def _beats(sizes: tuple[int, ...]) -> IntArray:
    return frozen(np.array(sizes))


@lru_cache(maxsize=8)
def _slope_weights(sizes: tuple[int, ...]) -> FloatArray:
    """Return (k,) the weights whose sum of products with ordinates is the slope over ln n."""
    abscissa = np.log(sizes)
    abscissa -= abscissa.mean()
    return frozen(np.asarray(abscissa / (abscissa @ abscissa)))


@compiled
def _slopes(
    rr: FloatArray,
    paired: BoolArray,
    first: IntArray,
    last: IntArray,
    sizes: IntArray,
    weights: FloatArray,
) -> FloatArray:
    """Return (m,) the slope of ln F(n) over ln n of each window, NaN where some F(n) is none."""
    result = np.zeros(len(first))
    for begin in range(0, len(first), AT_ONCE):
        part = slice(begin, begin + AT_ONCE)
        spread = _fluctuation(rr, paired, first[part], last[part], sizes)
        for j in range(len(spread)):
            for k in range(len(sizes)):
                height = np.log(spread[j, k]) if spread[j, k] > SMALLEST else np.nan
                result[begin + j] += weights[k] * height
    return result


@compiled
def _fluctuation(
    rr: FloatArray, paired: BoolArray, first: IntArray, last: IntArray, sizes: IntArray
) -> FloatArray:
    result = np.empty((len(first), len(sizes)))
    low, high = len(rr), 0
    for j in range(len(first)):
        low, high = min(low, first[j]), max(high, last[j])
    rr, ends = rr[low:high], _ends(paired[low:high])
    # What remains in a box does not depend on the window: it is found once for all of them.
    known = np.empty(len(rr))
    for column in range(len(sizes)):
        known[:] = -1.0
        for j in range(len(first)):
            result[j, column] = _pooled(
                rr, ends, first[j] - low, last[j] - low, sizes[column], known
            )
    return result


@compiled
def _pooled(
    rr: FloatArray, ends: IntArray, place: int, stop: int, size: int, known: FloatArray
) -> float:
    """Return the root mean square of what remains in boxes of one size from `place` to `stop`."""
    squares, beats = 0.0, 0
    while place < stop:
        end = min(ends[place], stop)
        for begin in range(place, end - size + 1, size):
            if known[begin] < 0:
                known[begin] = _beyond_a_line(rr, begin, begin + size)
            squares += known[begin]
            beats += size
        place = end
    return np.sqrt(squares / beats) if beats > 0 else np.nan


@compiled
def _ends(paired: BoolArray) -> IntArray:
    """Return (n,) where the unbroken run of usable intervals that each one lies in ends."""
    ends, end = np.empty(len(paired), np.int64), len(paired)
    for i in range(len(paired) - 1, -1, -1):
        ends[i] = end
        if not paired[i]:
            end = i
    return ends


@compiled_sums
def _total(values: FloatArray) -> float:
    total = 0.0
    for i in range(len(values)):
        total += values[i]
    return total


@compiled
def _beyond_a_line(rr: FloatArray, begin: int, end: int) -> float:
    """Return the sum of squares that the profile of a box keeps without its line.

    The line through its two ends is taken off first, so that the fit loses no digits.
    """
    size = end - begin
    step = _total(rr[begin + 1 : end]) / (size - 1)
    height, total, moment, squares, place = 0.0, 0.0, 0.0, 0.0, -0.5 * (size - 1)
    for i in range(begin + 1, end):
        height += rr[i] - step
        place += 1.0
        total += height
        moment += place * height
        squares += height * height
    line = total * total / size + 12.0 * moment * moment / (size * (size * size - 1.0))
    return max(squares - line, 0.0)
