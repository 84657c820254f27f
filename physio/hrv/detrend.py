"""Smoothness priors: a slow trend taken off evenly spaced values, like a high-pass filter.

Tarvainen MP, Ranta-aho PO, Karjalainen PA (2002), IEEE Trans Biomed Eng 49:172, doi
10.1109/10.979357. The trend solves (I + lambda**2 D2'D2) trend = values, D2 the second difference.
The matrix has five diagonals, so the cost grows with the number of values, not with its cube.

It is solved for what is left, (I + lambda**2 D2'D2) left = lambda**2 D2'D2 values: in differences a
level and a slope, which are trend and nothing else, are gone before any digit is lost.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from physio.beats import FloatArray
from physio.compiled import compiled

REGULARIZATION = 500.0
"""Lambda in common use at 4 Hz: half the power is left at 0.0355 Hz."""


ROOM = 1 << 11
"""Rows of the factor stored at first: enough for lambda 500, which repeats itself after 1200."""


def detrend(values: FloatArray, *, regularization: float = REGULARIZATION) -> FloatArray:
    """Return `values` without their trend.

    Parameters
    ----------
    values : (..., n) float
        Evenly spaced values, detrended along the last axis.
    regularization : float
        Lambda, not below 0; the larger it is, the slower what is taken off.
    """
    rows = np.array(values, np.float64).reshape(-1, values.shape[-1])
    free_of_trend(rows, regularization=regularization)
    return rows.reshape(values.shape)


def free_of_trend(rows: FloatArray, *, regularization: float) -> None:
    """Take its trend off each row of contiguous (g, n), in place."""
    n, stiffness = rows.shape[1], float(regularization) ** 2
    _take_off(rows, stiffness, _short(n, stiffness) if n <= ROOM else _factor(n, stiffness))


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


@lru_cache(maxsize=64)
def _short(n: int, stiffness: float) -> FloatArray:
    # A live session asks for the same few at each snapshot.
    return _factor(n, stiffness)


@compiled
def _take_off(rows: FloatArray, stiffness: float, factor: FloatArray) -> None:
    """Take its trend off each row of (g, n), in place; `stiffness` is lambda squared."""
    for j in range(len(rows)):
        _bend(rows[j], stiffness)
        _solve(factor, rows[j])


def _factor(n: int, stiffness: float) -> FloatArray:
    """Return L one below, L two below, and 1 / D, of LDL' = I + stiffness D2'D2, as (kept, 3).

    Once a row repeats the one before, all do but the last two of the matrix: they are left out, and
    `_place` finds each. With some lambda rounding never lets them repeat; then all are kept.
    """
    room = np.empty((min(n, ROOM), 3))
    kept = _set_factor(n, stiffness, room)
    if kept > len(room):
        room = np.empty((n, 3))
        kept = _set_factor(n, stiffness, room)
    return room[:kept]


@compiled
def _set_factor(n: int, stiffness: float, kept: FloatArray) -> int:
    """Set the rows that are to be kept, and return how many they are, as far as there is room."""
    near, one, two, changes = 0.0, 0.0, 0.0, True
    i, k = 0, 0
    while i < n and k <= len(kept):
        if 4 < i < n - 2 and not changes:
            i = n - 2
        # Squares of the second differences that begin here, one before and two before.
        here = stiffness if i < n - 2 else 0.0
        before = stiffness if 1 <= i < n - 1 else 0.0
        earlier = stiffness if i >= 2 else 0.0
        across = -2.0 * (before + earlier) - earlier * near
        far, last = earlier * two, near
        near = across * one
        pivot = 1.0 + here + 4.0 * before + earlier - across * near - earlier * far
        changes = near != last or 1.0 / pivot != one or one != two
        one, two = 1.0 / pivot, one
        if k < len(kept):
            kept[k, 0], kept[k, 1], kept[k, 2] = near, far, one
        i, k = i + 1, k + 1
    return k


@compiled
def _place(i: int, n: int, kept: int) -> int:
    """Return where row i of n stands among the rows that were kept."""
    return min(i, kept - 3) if i < n - 2 else kept + i - n


@compiled
def _bend(row: FloatArray, stiffness: float) -> None:
    """Replace values by stiffness D2'D2 values."""
    n = len(row)
    for i in range(n - 2):
        row[i] = stiffness * (row[i] - 2.0 * row[i + 1] + row[i + 2])
    for i in range(max(n - 2, 0), n):
        row[i] = 0.0
    for i in range(n - 1, 1, -1):
        row[i] += row[i - 2] - 2.0 * row[i - 1]
    if n > 1:
        row[1] -= 2.0 * row[0]


@compiled
def _solve(factor: FloatArray, row: FloatArray) -> None:
    """Replace the row by the solution of LDL' x = row."""
    n, kept = len(row), len(factor)
    before, earlier = 0.0, 0.0
    for i in range(n):
        k = _place(i, n, kept)
        row[i] = (row[i] - factor[k, 1] * earlier) - factor[k, 0] * before
        before, earlier = row[i], before
    after, later = 0.0, 0.0
    to_after, to_later, one_on = 0.0, 0.0, 0.0
    for i in range(n - 1, -1, -1):
        k = _place(i, n, kept)
        row[i] = (factor[k, 2] * row[i] - to_later * later) - to_after * after
        after, later = row[i], after
        to_after, to_later, one_on = factor[k, 0], one_on, factor[k, 1]
