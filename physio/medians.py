"""Medians of many short rows with holes, faster than `numpy.nanmedian` and without its warnings."""

from __future__ import annotations

import numpy as np

from physio.beats import FloatArray


def median_of_known(rows: FloatArray) -> FloatArray:
    """Return (m,) the median of what is not NaN in each of the rows (m, n); NaN where all are."""
    ordered = np.sort(rows, axis=1)
    known = np.isfinite(ordered).sum(axis=1)
    each = np.arange(len(rows))
    low, high = np.maximum(known - 1, 0) // 2, known // 2
    high = np.minimum(high, ordered.shape[1] - 1)
    return np.asarray(0.5 * (ordered[each, low] + ordered[each, high]))
