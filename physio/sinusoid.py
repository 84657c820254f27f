"""Least-squares sinusoids fitted to the beats themselves, for many windows at once.

The model of a window is a mean, a linear trend and sinusoids of the interval length over time,
fitted to the usable intervals where they lie: no spline, no resampling, no filling in. Time inside
a window is the sum of its own intervals, so nothing outside it, and no arrival time, plays a part.
"""

from __future__ import annotations

import numpy as np

from physio.beats import FloatArray, IntArray
from physio.compiled import compiled
from physio.ragged import Ragged

FEWEST_IN_BLOCK = 3
"""Usable intervals below which leaving a block out tells nothing."""

RIDGE = 1e-11
"""Relative; keeps normal equations solvable without touching the ninth digit."""

TURNING = 2.0 * np.pi / 60.0
"""Radians each second at one cycle a minute."""


def design(
    batch: Ragged, rate: FloatArray, *, most: int = 1, fastest: FloatArray | None = None
) -> FloatArray:
    """Return (n, 2 + 2 * most): the columns of the model, 0 where not usable.

    They are an orthonormal basis of mean and linear trend, then cosine and sine at `rate` (g,)
    breaths/min and of its overtones. Those above `fastest` (g,) breaths/min are 0, the rate itself
    never is; where `rate` is NaN, so are the waves and all that is fitted with them.
    """
    columns = np.zeros((len(batch.time), 2 + 2 * most))
    limit = np.full(len(rate), np.inf) if fastest is None else fastest
    _set_design(batch.time, batch.usable, batch.edges, rate, limit, columns)
    return columns


@compiled
def _set_design(
    time: FloatArray,
    usable: FloatArray,
    edges: IntArray,
    rate: FloatArray,
    fastest: FloatArray,
    out: FloatArray,
) -> None:
    for w in range(len(rate)):
        above = fastest[w] / rate[w]
        _set_trend(time, usable, edges[w], edges[w + 1], out)
        for i in range(edges[w], edges[w + 1]):
            if usable[i] == 0.0:
                continue
            angle = TURNING * rate[w] * time[i]
            cosine, sine = np.cos(angle), np.sin(angle)
            across, up = cosine, sine
            for k in range(1, out.shape[1] // 2):
                if k > 1 and k > above:
                    break
                out[i, 2 * k], out[i, 2 * k + 1] = across, up
                across, up = across * cosine - up * sine, up * cosine + across * sine


@compiled
def _set_trend(time: FloatArray, usable: FloatArray, begin: int, end: int, out: FloatArray) -> None:
    """Set the first two columns of `out`, from begin to end, to the basis of mean and trend."""
    count, total, squares = 0.0, 0.0, 0.0
    for i in range(begin, end):
        count += usable[i]
        total += time[i] * usable[i]
    level = 1.0 / np.sqrt(count)
    middle = total * level**2
    for i in range(begin, end):
        squares += (time[i] - middle) ** 2 * usable[i]
    length = np.sqrt(squares)
    for i in range(begin, end):
        out[i, 0] = level * usable[i]
        out[i, 1] = (time[i] - middle) * usable[i] / length


def solve(batch: Ragged, columns: FloatArray, values: FloatArray) -> FloatArray:
    """Return (g, k): least squares of `values` (n,) on `columns` (n, k), tame if singular.

    Two waves that a window cannot tell apart give a finite answer, and a column of zeros gives 0.
    """
    return np.asarray(_fits(batch, columns, values, 0)[0])


def leave_out(
    batch: Ragged, columns: FloatArray, values: FloatArray, blocks: int
) -> tuple[FloatArray, FloatArray]:
    """Fit `values` (n,) on `columns` (n, k), and again without each block of a window in turn.

    Blocks are equally long; an interval belongs to the one that it ends in.

    Returns
    -------
    all_in : (g, k)
        Coefficients from everything.
    left_out : (blocks, g, k)
        Coefficients without block b; NaN where b holds fewer than `FEWEST_IN_BLOCK` usable ones.
    """
    found = _fits(batch, columns, values, blocks)
    return found[0], found[1:]


def _fits(batch: Ragged, columns: FloatArray, values: FloatArray, blocks: int) -> FloatArray:
    """Return (1 + blocks, g, k) the coefficients from everything, then without each block."""
    k = columns.shape[1]
    found = np.empty((1 + blocks, len(batch.index), k))
    room = np.empty((1 + max(blocks, 1), k * (k + 1) + 1)), np.empty((k, k + 1))
    _fit(columns, values, batch.usable, batch.time, batch.span, batch.edges, *room, found)
    return found


@compiled
def _fit(
    columns: FloatArray,
    values: FloatArray,
    usable: FloatArray,
    time: FloatArray,
    span: FloatArray,
    edges: IntArray,
    sums: FloatArray,
    root: FloatArray,
    out: FloatArray,
) -> None:
    """Set `out` (1 + blocks, g, k) to the fits of all, and of all but each block in turn.

    `sums` (1 + blocks, k (k + 1) + 1) is for the normal equations of each fit and, at the end, the
    usable intervals of each block, `root` (k, k + 1) for solving them.
    """
    fits, windows, k = out.shape
    blocks = len(sums) - 1
    for w in range(windows):
        for f in range(len(sums)):
            for a in range(sums.shape[1]):
                sums[f, a] = 0.0
        for i in range(edges[w], edges[w + 1]):
            place = np.ceil((time[i] / span[w] + 0.5) * blocks)
            block = min(max(int(place), 1), blocks)
            sums[block, k * (k + 1)] += usable[i]
            for a in range(k):
                sums[block, k * k + a] += columns[i, a] * values[i]
                for b in range(a + 1):
                    sums[block, k * a + b] += columns[i, a] * columns[i, b]
        take_from_all(sums)
        for f in range(fits):
            held = sums[0, k * (k + 1)] - sums[f, k * (k + 1)]
            _solve_normal(sums[f], root, out[f, w])
            if f > 0 and held < FEWEST_IN_BLOCK:
                for a in range(k):
                    out[f, w, a] = np.nan


@compiled
def take_from_all(sums: FloatArray) -> None:
    """Turn rows of sums over each part, behind one for all, into those over all but each part."""
    for column in range(sums.shape[1]):
        total = 0.0
        for part in range(1, len(sums)):
            total += sums[part, column]
        for part in range(1, len(sums)):
            sums[part, column] = total - sums[part, column]
        sums[0, column] = total


@compiled
def _solve_normal(sums: FloatArray, root: FloatArray, out: FloatArray) -> None:
    """Set `out` (k,) to the solution x of gram (k, k; its lower half) x = right (k,).

    `sums` holds the one and then the other. By the root of the matrix (Cholesky) scaled to a unit
    diagonal with a trace of ridge, in which no pivot is smaller than that; `root` (k, k + 1) is
    for it and the scale.
    """
    k = len(out)
    for a in range(k):
        root[a, k] = 1.0 / np.sqrt(max(sums[k * a + a], 1e-300))
    for a in range(k):
        for b in range(a + 1):
            left = sums[k * a + b] * root[a, k] * root[b, k]
            for c in range(b):
                left -= root[a, c] * root[b, c]
            root[a, b] = np.sqrt(max(left + RIDGE, RIDGE)) if a == b else left / root[b, b]
    for a in range(k):
        out[a] = sums[k * k + a] * root[a, k]
        for c in range(a):
            out[a] -= root[a, c] * out[c]
        out[a] /= root[a, a]
    for a in range(k - 1, -1, -1):
        for c in range(a + 1, k):
            out[a] -= root[c, a] * out[c]
        out[a] /= root[a, a]
    for a in range(k):
        out[a] *= root[a, k]
