"""Turning points: the crests and troughs between which values move far enough."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from physio.beats import FloatArray
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
    _mark(values, usable, least, mark)
    return mark


@compiled
def _mark(values: FloatArray, usable: FloatArray, least: FloatArray, mark: MarkArray) -> None:
    rows, beats = values.shape
    for w in range(rows):
        first, high, low, way = -1, 0, 0, 0
        for i in range(beats):
            if usable[w, i] == 0.0:
                continue
            if first < 0:
                first, high, low = i, i, i
            if values[w, i] > values[w, high]:
                high = i
            if values[w, i] < values[w, low]:
                low = i
            # Where a row begins is no turning point, whatever it does next.
            if way >= 0 and values[w, high] - values[w, i] >= least[w] and i > high:
                mark[w, high] = 1 if high != first else 0
                way, low = -1, i
            elif way <= 0 and values[w, i] - values[w, low] >= least[w] and i > low:
                mark[w, low] = -1 if low != first else 0
                way, high = 1, i
