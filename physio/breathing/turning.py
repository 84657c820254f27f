"""Turning points: the crests and troughs between which values move far enough."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from physio.beats import FloatArray, IntArray
from physio.compiled import compiled

SHARE = 0.3
"""Of the usual swing: a smaller turn is a wiggle, not a breath."""

MarkArray = NDArray[np.int8]


def turning_points(values: FloatArray, usable: FloatArray, least: FloatArray) -> MarkArray:
    """Return (g, n) 1 at the crests of each row, -1 at its troughs, else 0.

    Crests and troughs alternate, and from each to the next the row moves by at least `least`.

    Parameters
    ----------
    values : (g, n) float
        g rows.
    usable : (g, n) float
        0 where a value is passed over.
    least : (g,) float
        Of each row.
    """
    mark = np.zeros(values.shape, np.int8)
    for row in range(len(values)):
        _mark(values[row], usable[row], float(least[row]), mark[row])
    return mark


def swings(
    values: FloatArray, usable: FloatArray, edges: IntArray, least: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return (g,) the sum and the number of the rises from trough to crest in each of g parts.

    Part j is ``values[edges[j] : edges[j + 1]]``; its turning points are at least ``least[j]``
    apart, and where that is NaN it has none.
    """
    total, count = np.zeros((2, len(least)))
    mark = np.zeros(len(values), np.int8)
    _add_swings(values, usable, edges, least, mark, total, count)
    return total, count


@compiled
def _add_swings(
    values: FloatArray,
    usable: FloatArray,
    edges: IntArray,
    least: FloatArray,
    mark: MarkArray,
    total: FloatArray,
    count: FloatArray,
) -> None:
    for w in range(len(least)):
        own = slice(edges[w], edges[w + 1])
        _mark(values[own], usable[own], least[w], mark[own])
        trough = np.nan
        for i in range(edges[w], edges[w + 1]):
            if mark[i] < 0:
                trough = values[i]
            elif mark[i] > 0 and not np.isnan(trough):
                total[w] += values[i] - trough
                count[w] += 1.0


@compiled
def _mark(values: FloatArray, usable: FloatArray, least: float, mark: MarkArray) -> None:
    first, high, low, way = -1, 0, 0, 0
    for i in range(len(values)):
        if usable[i] == 0.0:
            continue
        if first < 0:
            first, high, low = i, i, i
        if values[i] > values[high]:
            high = i
        if values[i] < values[low]:
            low = i
        # Where a row begins is no turning point, whatever it does next.
        if way >= 0 and values[high] - values[i] >= least and i > high:
            mark[high] = 1 if high != first else 0
            way, low = -1, i
        elif way <= 0 and values[i] - values[low] >= least and i > low:
            mark[low] = -1 if low != first else 0
            way, high = 1, i
