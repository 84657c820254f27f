"""Quantiles of many short windows of one array at once."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from physio.beats import FloatArray, IntArray

ROWS = 4096
"""Windows sorted at a time, which bounds the memory."""

TOGETHER = 16
"""Windows in a row whose ranks one sort of what they share bounds."""


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
    for rows in _parts(np.flatnonzero(count == width)):
        ordered = _ordered(values, low[rows], width)
        results[:, rows] = [_quantile(ordered, width, share) for share in shares]
    for rows in _parts(np.flatnonzero((count < width) & (count > 0))):
        ordered = np.sort(_filled_up(values, low[rows], count[rows], width), axis=1)
        results[:, rows] = [_quantile(ordered, count[rows], share) for share in shares]
    return results


def bounds(
    values: FloatArray, low: IntArray, high: IntArray, width: int, ranks: tuple[int, int]
) -> FloatArray:
    """Return what the value of one rank of a window is not above, that of another not below.

    What `TOGETHER` full windows in a row all hold is sorted once for all of them. The value of
    rank r of it is not below that of any of them, as each holds further values, and the value as
    many ranks lower as these further values are is not above it.

    Parameters
    ----------
    values, low, high, width
        As in `quantiles`, the windows in order.
    ranks : tuple of two ints
        Counted from 0 in ascending order: the first at most ``width - TOGETHER``, the second at
        least ``TOGETHER - 1``.

    Returns
    -------
    (2, m) float
        0 where they are not known.
    """
    found = np.zeros((2, len(low)))
    further = TOGETHER - 1
    whole = len(low) // TOGETHER * TOGETHER
    first, last = low[:whole].reshape(-1, TOGETHER), high[:whole].reshape(-1, TOGETHER)
    alike = (last - first == width - 1).all(axis=1) & (first[:, -1] - first[:, 0] <= further)
    kept = [ranks[0], ranks[1] - further]
    for rows in _parts(np.flatnonzero(alike)):
        ordered = _ordered(values, first[rows, -1], width - further)[:, kept]
        found[:, :whole].reshape(2, -1, TOGETHER)[:, rows] = ordered.T[:, :, None]
    return found


def medians(values: FloatArray, width: int) -> FloatArray:
    """Return the median of each window of `width`, an odd number, that lies within the values.

    Exactly a value of the window, as `quantiles` would give it.
    """
    count = max(len(values) - width + 1, 0)
    found = np.empty(count)
    for start in range(0, count, ROWS):
        held = _sliding(values[start : start + ROWS + width - 1], width)
        found[start : start + ROWS] = np.sort(held, axis=1)[:, width // 2]
    return found


def _parts(rows: IntArray) -> Iterator[IntArray]:
    """Yield `rows`, at most `ROWS` at a time."""
    return (rows[start : start + ROWS] for start in range(0, len(rows), ROWS))


def _ordered(values: FloatArray, low: IntArray, width: int) -> FloatArray:
    """Return (j, width) the values of full windows, in ascending order."""
    ordered: FloatArray = _sliding(values, width)[low]
    ordered.sort(axis=1)
    return ordered


def _sliding(values: FloatArray, width: int) -> FloatArray:
    """Return all windows of `width`, as a view.

    In a live session `sliding_window_view` would take longer than all that is done with it.
    """
    held = np.ascontiguousarray(values, np.float64)
    return np.ndarray(
        (len(held) - width + 1, width), held.dtype, held.data, strides=held.strides * 2
    )


def _filled_up(values: FloatArray, low: IntArray, count: IntArray, width: int) -> FloatArray:
    """Return the (j, width) values of windows, filled up with infinity."""
    place = np.arange(width)
    inside = place < count[:, None]
    return np.where(inside, values[np.where(inside, low[:, None] + place, 0)], np.inf)


def _quantile(ordered: FloatArray, count: int | IntArray, share: float) -> FloatArray:
    """Return the quantile of the `count` smallest values of each row."""
    position = np.asarray((count - 1) * share)
    below, above = np.floor(position), np.ceil(position)
    start, end = (_ranked(ordered, rank.astype(np.int64)) for rank in (below, above))
    return np.asarray(start + (end - start) * (position - below))


def _ranked(ordered: FloatArray, rank: IntArray) -> FloatArray:
    """Return the value of one rank, or of its own, of each row."""
    return ordered[:, rank] if rank.ndim == 0 else ordered[np.arange(len(ordered)), rank]
