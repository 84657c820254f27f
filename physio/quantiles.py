"""Quantiles of many short windows of one array at once."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from physio.beats import FloatArray, IntArray

ROWS = 1024
"""Windows sorted at a time, which bounds the memory."""

TOGETHER = 8
"""Windows in a row whose ranks one sort bounds."""


def quantiles(
    values: FloatArray, low: IntArray, high: IntArray, width: int, shares: tuple[float, ...]
) -> FloatArray:
    """Return the quantiles of windows by linear interpolation.

    Parameters
    ----------
    values : (n,) float
        What the windows hold.
    low, high : (m,) int
        Window j holds values[low[j]] to values[high[j]].
    width : int
        The most that a window holds.
    shares : tuple of k floats
        From 0 to 1.

    Returns
    -------
    (k, m) float
        0 where a window holds none.
    """
    results = np.zeros((len(shares), len(low)))
    count = high - low + 1
    some = np.flatnonzero((count < width) & (count > 0))
    for rows in (*_parts(np.flatnonzero(count == width)), *_parts(some)):
        ordered = np.sort(_gathered(values, low[rows], count[rows], width), axis=1)
        results[:, rows] = [_quantile(ordered, count[rows], share) for share in shares]
    return results


def bounds(
    values: FloatArray, low: IntArray, high: IntArray, width: int, ranks: tuple[int, int]
) -> FloatArray:
    """Return what the value of one rank of a window is not above, that of another not below.

    Of the values that 8 full windows, each one place on, hold together, that of rank r is no
    larger than the value of rank r of each, that of rank r + 7 no smaller.

    Parameters
    ----------
    values, low, high, width
        As in `quantiles`.
    ranks : tuple of two ints
        Counted from 0 in ascending order.

    Returns
    -------
    (2, m) float
        0 where they are not known.
    """
    found = np.zeros((2, len(low)))
    whole = len(low) // TOGETHER * TOGETHER
    first, last = low[:whole].reshape(-1, TOGETHER), high[:whole].reshape(-1, TOGETHER)
    full = (last - first == width - 1).all(axis=1)
    full &= first[:, -1] - first[:, 0] == TOGETHER - 1
    if not full.any():
        return found
    held = sliding_window_view(values, width + TOGETHER - 1)
    kept = [ranks[0] + TOGETHER - 1, ranks[1]]
    for rows in _parts(np.flatnonzero(full)):
        ordered = np.sort(held[first[rows, 0]], axis=1)[:, kept]
        found[:, :whole].reshape(2, -1, TOGETHER)[:, rows] = ordered.T[:, :, None]
    return found


def _parts(rows: IntArray) -> Iterator[IntArray]:
    """Yield `rows`, at most `ROWS` at a time."""
    return (rows[start : start + ROWS] for start in range(0, len(rows), ROWS))


def _gathered(values: FloatArray, low: IntArray, count: IntArray, width: int) -> FloatArray:
    """Return the (j, width) values of windows, filled up with infinity."""
    if count[0] == width:
        return sliding_window_view(values, width)[low]
    place = np.arange(width)
    inside = place < count[:, None]
    return np.where(inside, values[np.where(inside, low[:, None] + place, 0)], np.inf)


def _quantile(ordered: FloatArray, count: IntArray, share: float) -> FloatArray:
    """Return the quantile of the `count` smallest values of each row."""
    row = np.arange(len(ordered))
    position = (count - 1) * share
    below = position.astype(np.int64)
    start = ordered[row, below]
    end = ordered[row, np.ceil(position).astype(np.int64)]
    quantile: FloatArray = start + (end - start) * (position - below)
    return quantile
