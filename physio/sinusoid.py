"""Least-squares sinusoids fitted to the beats themselves, for many windows at once.

The model of a window is a mean, a linear trend and sinusoids of the interval length over time,
fitted to the usable intervals where they lie: no spline, no resampling, no filling in. Time inside
a window is the sum of its own intervals, so nothing outside it, and no arrival time, plays a part.
"""

from __future__ import annotations

import numpy as np

from physio.beats import FloatArray, IntArray
from physio.compiled import compiled
from physio.stacks import Stack

FEWEST_IN_BLOCK = 3
"""Usable intervals below which leaving a block out tells nothing."""

RIDGE = 1e-11
"""Relative; keeps normal equations solvable without touching the ninth digit."""

TURNING = 2.0 * np.pi / 60.0
"""Radians each second at one cycle a minute."""


def design(
    stack: Stack, rate: FloatArray, *, most: int = 1, fastest: FloatArray | None = None
) -> FloatArray:
    """Return (n, 2 + 2 * most): the columns of the model, 0 where not usable.

    They are an orthonormal basis of mean and linear trend, then cosine and sine at `rate` (g,)
    breaths/min and of its overtones. Those above `fastest` (g,) breaths/min are 0, the rate itself
    never is; where `rate` is NaN, so are the waves and all that is fitted with them.
    """
    columns = np.zeros((len(stack.time), 2 + 2 * most))
    limit = np.full(len(rate), np.inf) if fastest is None else fastest
    _set_design(stack.time, stack.usable, stack.edges, rate, limit, columns)
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
        own = slice(edges[w], edges[w + 1])
        _set_trend(time[own], usable[own], out[own])
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
def _set_trend(time: FloatArray, usable: FloatArray, out: FloatArray) -> None:
    """Set the first two columns of `out` (n, ...) to the basis of mean and linear trend."""
    level = 1.0 / np.sqrt(usable.sum())
    middle = (time * usable).sum() * level**2
    length = np.sqrt(((time - middle) ** 2 * usable).sum())
    for i in range(len(time)):
        out[i, 0] = level * usable[i]
        out[i, 1] = (time[i] - middle) * usable[i] / length


def solve(stack: Stack, columns: FloatArray, values: FloatArray) -> FloatArray:
    """Return (g, k): least squares of `values` (n,) on `columns` (n, k), tame if singular.

    Two waves that a window cannot tell apart give a finite answer, and a column of zeros gives 0.
    """
    found = np.empty((1, len(stack.index), columns.shape[1]))
    _fit(columns, values, stack.usable, stack.time, stack.span, stack.edges, found)
    return np.asarray(found[0])


def leave_out(
    stack: Stack, columns: FloatArray, values: FloatArray, blocks: int
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
    found = np.empty((blocks + 1, len(stack.index), columns.shape[1]))
    _fit(columns, values, stack.usable, stack.time, stack.span, stack.edges, found)
    return found[0], found[1:]


@compiled
def _fit(
    columns: FloatArray,
    values: FloatArray,
    usable: FloatArray,
    time: FloatArray,
    span: FloatArray,
    edges: IntArray,
    out: FloatArray,
) -> None:
    """Set `out` (1 + blocks, g, k) to the fits of all, and of all but each block in turn."""
    fits, windows, k = out.shape
    gram, right, held = np.empty((fits, k, k)), np.empty((fits, k)), np.empty(fits)
    for w in range(windows):
        gram[:], right[:], held[:] = 0.0, 0.0, 0.0
        for i in range(edges[w], edges[w + 1]):
            place = np.ceil((time[i] / span[w] + 0.5) * (fits - 1))
            block = min(max(int(place), 1), fits - 1)
            held[block] += usable[i]
            for a in range(k):
                right[block, a] += columns[i, a] * values[i]
                for b in range(a + 1):
                    gram[block, a, b] += columns[i, a] * columns[i, b]
        _take_from_all(gram, right)
        for f in range(fits):
            if f > 0 and held[f] < FEWEST_IN_BLOCK:
                out[f, w] = np.nan
            else:
                _solve_normal(gram[f], right[f], out[f, w])


@compiled
def _take_from_all(gram: FloatArray, right: FloatArray) -> None:
    """Turn sums over each block, behind a place for all, into those over all but each block."""
    for f in range(1, len(gram)):
        gram[0] += gram[f]
        right[0] += right[f]
    for f in range(1, len(gram)):
        gram[f], right[f] = gram[0] - gram[f], right[0] - right[f]


@compiled
def _solve_normal(gram: FloatArray, right: FloatArray, out: FloatArray) -> None:
    """Set `out` (k,) to the solution of `gram` (k, k; its lower half) x = `right` (k,).

    By the root of the matrix (Cholesky) scaled to a unit diagonal with a trace of ridge, in which
    no pivot is smaller than that.
    """
    k = len(right)
    scale, root = np.empty(k), np.empty((k, k))
    for a in range(k):
        scale[a] = 1.0 / np.sqrt(max(gram[a, a], 1e-300))
    for a in range(k):
        for b in range(a + 1):
            left = gram[a, b] * scale[a] * scale[b]
            for c in range(b):
                left -= root[a, c] * root[b, c]
            root[a, b] = np.sqrt(max(left + RIDGE, RIDGE)) if a == b else left / root[b, b]
    for a in range(k):
        out[a] = right[a] * scale[a]
        for c in range(a):
            out[a] -= root[a, c] * out[c]
        out[a] /= root[a, a]
    for a in range(k - 1, -1, -1):
        for c in range(a + 1, k):
            out[a] -= root[c, a] * out[c]
        out[a] /= root[a, a]
    for a in range(k):
        out[a] *= scale[a]
