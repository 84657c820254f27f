"""Smoothness priors: a slow trend taken off evenly spaced values, like a high-pass filter.

Tarvainen MP, Ranta-aho PO, Karjalainen PA (2002), IEEE Trans Biomed Eng 49:172, doi
10.1109/10.979357. The trend solves (I + lambda**2 D2'D2) trend = values, D2 the second difference.
The matrix has five diagonals, so the cost grows with the number of values, not with its cube.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from physio.beats import FloatArray

REGULARIZATION = 500.0
"""Lambda in common use at 4 Hz: half the power is left at 0.0355 Hz."""


def detrend(values: FloatArray, *, regularization: float = REGULARIZATION) -> FloatArray:
    """Return `values` without their trend.

    Parameters
    ----------
    values : (..., n) float
        Evenly spaced values, detrended along the last axis.
    regularization : float
        Lambda, not below 0; the larger it is, the slower what is taken off.
    """
    # Imported when used: it costs more than the rest of the package.
    from scipy.linalg import cho_solve_banded, cholesky_banded

    n = values.shape[-1]
    rows = values.reshape(-1, n)
    matrix = _matrix(n, regularization)
    factor = cholesky_banded(matrix, overwrite_ab=True, lower=True, check_finite=False)
    trend = cho_solve_banded((factor, True), rows.T, check_finite=False).T
    return (rows - trend).reshape(values.shape)


def response(
    frequency: ArrayLike, *, rate: float = 4.0, regularization: float = REGULARIZATION
) -> FloatArray:
    """Return the share of an amplitude that is left at `frequency` (Hz), far from the ends.

    Parameters
    ----------
    frequency : float or array
        In Hz.
    rate : float
        Values a second.
    regularization : float
        Lambda.
    """
    angle = np.pi * np.asarray(frequency, np.float64) / rate
    bend = (regularization * 4.0 * np.sin(angle) ** 2) ** 2
    return np.asarray(bend / (1.0 + bend))


def cutoff(*, rate: float = 4.0, regularization: float = REGULARIZATION) -> float:
    """Return the frequency (Hz) at which half the power is left, at most half of `rate`."""
    sine = np.sqrt(np.sqrt(1.0 + np.sqrt(2.0)) / (4.0 * max(regularization, 1e-12)))
    return float(rate / np.pi * np.arcsin(min(sine, 1.0)))


def _matrix(n: int, regularization: float) -> FloatArray:
    """Return the diagonal of I + lambda**2 D2'D2 and the two below it, (3, n)."""
    bend = np.zeros(n + 2)
    bend[: max(n - 2, 0)] = regularization**2
    below = np.zeros((3, n), order="F")
    below[0] = 1.0 + bend[:n]
    below[0, 1:] += 4.0 * bend[: n - 1]
    below[0, 2:] += bend[: max(n - 2, 0)]
    below[1] = -2.0 * bend[:n]
    below[1, 1:] -= 2.0 * bend[: n - 1]
    below[2] = bend[:n]
    return below
