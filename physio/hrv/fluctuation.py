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

Boxes = tuple[int, ...]
"""Beats in a box, each size once."""

SHORT: Boxes = tuple(range(4, 17))
LONG: Boxes = tuple(range(16, 65))

AT_ONCE = 1 << 14
"""Windows at a time, which bounds the memory."""

SMALLEST = 1e-6
"""Fluctuation in ms below which there is only rounding."""


def dfa_alpha1(windows: Windows, boxes: Boxes = SHORT) -> FloatArray:
    """Return (m,) the short-term exponent, of boxes of 4 to 16 beats unless given; no unit."""
    return _exponent(windows, boxes)


def dfa_alpha2(windows: Windows, boxes: Boxes = LONG) -> FloatArray:
    """Return (m,) the long-term exponent, of boxes of 16 to 64 beats unless given; no unit."""
    return _exponent(windows, boxes)


def fluctuation(windows: Windows, sizes: tuple[int, ...]) -> FloatArray:
    """Return (m, k) the fluctuation F(n) in ms for each box size, NaN where no box fits."""
    spread = np.empty((len(windows), len(sizes)))
    _set_fluctuation(*_held(windows), _beats(sizes), spread)
    return spread


def _exponent(windows: Windows, sizes: tuple[int, ...]) -> FloatArray:
    spread = np.empty((min(len(windows), AT_ONCE), len(sizes)))
    slope = np.empty(len(windows))
    _set_slopes(*_held(windows), _beats(sizes), _slope_weights(sizes), spread, slope)
    return slope


def _held(
    windows: Windows,
) -> tuple[FloatArray, BoolArray, IntArray, FloatArray, IntArray, IntArray]:
    """Return intervals and pairs, room for the end of each one's run and for boxes, and edges."""
    n = len(windows.beats)
    return (
        frozen(windows.beats.rr),
        frozen(windows.paired),
        np.empty(n, np.int64),
        np.empty(n),
        frozen(windows.first),
        frozen(windows.last),
    )


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
def _set_slopes(
    rr: FloatArray,
    paired: BoolArray,
    ends: IntArray,
    known: FloatArray,
    first: IntArray,
    last: IntArray,
    sizes: IntArray,
    weights: FloatArray,
    spread: FloatArray,
    out: FloatArray,
) -> None:
    """Set `out` (m,) to the slope of ln F(n) over ln n of each window, NaN where some F(n) is none.

    `spread` is room for F(n) of as many windows as are done at once.
    """
    for begin in range(0, len(first), AT_ONCE):
        part = slice(begin, begin + AT_ONCE)
        slope = out[part]
        _set_fluctuation(rr, paired, ends, known, first[part], last[part], sizes, spread)
        for j in range(len(slope)):
            slope[j] = 0.0
            for k in range(len(sizes)):
                height = np.log(spread[j, k]) if spread[j, k] > SMALLEST else np.nan
                slope[j] += weights[k] * height


@compiled
def _set_fluctuation(
    rr: FloatArray,
    paired: BoolArray,
    ends: IntArray,
    known: FloatArray,
    first: IntArray,
    last: IntArray,
    sizes: IntArray,
    out: FloatArray,
) -> None:
    """Set `out` (m, k) to F(n); `ends` and `known` are room for what is known of each interval."""
    low, high = len(rr), 0
    for j in range(len(first)):
        low, high = min(low, first[j]), max(high, last[j])
    rr, ends, known = rr[low:high], ends[low:high], known[low:high]
    _set_ends(paired[low:high], ends)
    for column in range(len(sizes)):
        # What remains in a box does not depend on the window: it is found once for all of them.
        for i in range(len(known)):
            known[i] = -1.0
        for j in range(len(first)):
            begin, end = first[j] - low, last[j] - low
            out[j, column] = _pooled(rr, ends, begin, end, sizes[column], known)


def _all_boxes(
    rr: FloatArray, ends: IntArray, place: int, stop: int, size: int, _: FloatArray
) -> float:
    """Return what `_box_by_box` does, from all boxes of a run at once."""
    squares, beats = 0.0, 0
    middle = np.arange(size) - 0.5 * (size - 1)
    while place < stop:
        end = min(int(ends[place]), stop)
        last = place + (end - place) // size * size
        boxes = rr[place:last].reshape(-1, size)
        height = np.zeros(boxes.shape)
        np.cumsum(
            boxes[:, 1:] - boxes[:, 1:].mean(axis=1, keepdims=True), axis=1, out=height[:, 1:]
        )
        total, moment = height.sum(axis=1), height @ middle
        line = total * total / size + 12.0 * moment * moment / (size * (size * size - 1.0))
        squares += np.maximum((height * height).sum(axis=1) - line, 0.0).sum()
        beats, place = beats + last - place, end
    return float(np.sqrt(squares / beats)) if beats > 0 else np.nan


def _box_by_box(
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


_pooled = compiled(_box_by_box, interpreted=_all_boxes)


@compiled
def _set_ends(paired: BoolArray, out: IntArray) -> None:
    """Set `out` (n,) to where the unbroken run of usable intervals that each one lies in ends."""
    end = len(paired)
    for i in range(len(paired) - 1, -1, -1):
        out[i] = end
        if not paired[i]:
            end = i


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
