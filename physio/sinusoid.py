"""Least-squares sinusoids fitted to the beats themselves, for many windows at once.

The model of a window is a mean, a linear trend and sinusoids of the interval length over time,
fitted to the usable intervals where they lie: no spline, no resampling, no filling in. Time inside
a window is the sum of its own intervals, so nothing outside it, and no arrival time, plays a part.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from physio.beats import BoolArray, FloatArray, IntArray
from physio.compiled import compiled
from physio.windows import Windows

FEWEST = 8
"""Usable intervals below which nothing is fitted."""

LARGEST_STACK = 1 << 13
"""Intervals fitted in one go; bounds memory for a whole night of sliding windows."""

FEWEST_IN_BLOCK = 3
"""Usable intervals below which leaving a block out tells nothing."""

RIDGE = 1e-11
"""Relative; keeps normal equations solvable without touching the ninth digit."""


@dataclass(frozen=True, slots=True, eq=False)
class Stack:
    """g windows of n intervals each.

    Attributes
    ----------
    index : (g,) int
        Which of the windows these are.
    time : (g, n) float
        End of each interval in seconds, counted from the middle of the window's beats.
    rr : (g, n) float
        Lengths in milliseconds; 0 where not usable.
    usable : (g, n) float
        1 where usable, else 0.
    span : (g,) float
        Sum of all the window's intervals in seconds.
    """

    index: IntArray
    time: FloatArray
    rr: FloatArray
    usable: FloatArray
    span: FloatArray


def stacks(windows: Windows) -> Iterator[Stack]:
    """Return the windows that can be fitted, those with equally many intervals together.

    Left out are windows with a gap inside and those with fewer than `FEWEST` usable intervals.
    Grouping by size, not padding, keeps a window's arithmetic the same in any company.
    """
    return iter(_only(windows)) if len(windows) == 1 else _grouped(windows)


@lru_cache(maxsize=4)
def _only(windows: Windows) -> tuple[Stack, ...]:
    # A live panel asks four times for its one window: rate, sway, and the errors of both.
    return tuple(_grouped(windows))


def _grouped(windows: Windows) -> Iterator[Stack]:
    size = windows.last - windows.first
    sound = np.flatnonzero(size >= FEWEST)
    sound = sound[_unbroken(windows, sound)]
    for n in np.unique(size[sound]):
        alike = sound[size[sound] == n]
        many = max(1, LARGEST_STACK // int(n))
        for part in range(0, len(alike), many):
            stack = _stack(windows, alike[part : part + many], int(n))
            if len(stack.index):
                yield stack


def _unbroken(windows: Windows, which: IntArray) -> BoolArray:
    segment = windows.beats.segment
    return np.asarray(segment[windows.first[which]] == segment[windows.last[which] - 1])


def _stack(windows: Windows, which: IntArray, n: int) -> Stack:
    places = windows.first[which, np.newaxis] + np.arange(n)
    usable = windows.usable[places].astype(np.float64)
    which, places, usable = (part[usable.sum(axis=1) >= FEWEST] for part in (which, places, usable))
    rr = windows.beats.rr[places]
    time = np.cumsum(rr, axis=1) / 1000.0
    span = time[:, -1]
    return Stack(which, time - 0.5 * span[:, np.newaxis], rr * usable, usable, span)


@lru_cache(maxsize=4)
def trend(stack: Stack) -> FloatArray:
    """Return (g, n, 2): an orthonormal basis of mean and linear trend over the usable beats."""
    level = stack.usable / np.sqrt(stack.usable.sum(axis=1, keepdims=True))
    late = stack.time * stack.usable
    late -= level * np.sum(level * late, axis=1, keepdims=True)
    late /= np.sqrt(np.sum(late * late, axis=1, keepdims=True))
    return np.stack((level, late), axis=2)


def waves(
    stack: Stack, rate: FloatArray, *, most: int = 1, carried: IntArray | None = None
) -> FloatArray:
    """Return (g, n, 2 * most): cosine and sine at `rate` (g,) breaths/min, and of its overtones.

    They are 0 where not usable, and from the overtone on of which `carried` (g,) holds the number,
    the rate itself being number 0.
    """
    wave = np.zeros((*stack.time.shape, 2 * most))
    kept = np.full(len(rate), most) if carried is None else carried
    _set_waves(stack.time, stack.usable, (2.0 * np.pi / 60.0) * rate, kept, wave)
    return wave


@compiled
def _set_waves(
    time: FloatArray, usable: FloatArray, turning: FloatArray, carried: IntArray, out: FloatArray
) -> None:
    for w in range(out.shape[0]):
        for i in range(out.shape[1]):
            if usable[w, i] == 0.0:
                continue
            angle = turning[w] * time[w, i]
            cosine, sine = np.cos(angle), np.sin(angle)
            across, up = cosine, sine
            for k in range(min(carried[w], out.shape[2] // 2)):
                out[w, i, 2 * k], out[w, i, 2 * k + 1] = across, up
                across, up = across * cosine - up * sine, up * cosine + across * sine


def explained(stack: Stack, first: FloatArray, step: FloatArray, count: int) -> FloatArray:
    """Return (g, count): the variance that a sinusoid explains, in ms2 times usable intervals.

    Rates are ``first + step * k`` breaths/min, k from 0 to `count` - 1, one row for each window.
    """
    basis = trend(stack)
    rest = stack.rr - np.einsum("gnk,gk->gn", basis, solve(basis, stack.rr))
    rows = np.concatenate((basis, rest[:, :, np.newaxis]), axis=2)
    turning = (2.0 * np.pi / 60.0) * stack.time
    begin, on = turning * first[:, np.newaxis], turning * step[:, np.newaxis]
    sums = np.zeros((len(rows), 8, count))
    _wave_sums(stack.usable, rows, begin, on, sums)
    return _normal_power(sums, stack.usable.sum(axis=1, keepdims=True))


@compiled
def _wave_sums(
    usable: FloatArray, rows: FloatArray, begin: FloatArray, on: FloatArray, out: FloatArray
) -> None:
    """Add to `out` (g, 8, k) the sums of three rows times the waves, and of the waves' products.

    The wave of beat i at grid point k has the angle ``begin[i] + k * on[i]``. Waves of later grid
    points are those of earlier ones turned on, twice as many each time.
    """
    windows, beats = usable.shape
    count = out.shape[2]
    cosine, sine = np.empty(count), np.empty(count)
    for w in range(windows):
        for i in range(beats):
            if usable[w, i] == 0.0:
                continue
            cosine[0], sine[0] = np.cos(begin[w, i]), np.sin(begin[w, i])
            done = 1
            while done < count:
                across, up = np.cos(done * on[w, i]), np.sin(done * on[w, i])
                for k in range(min(done, count - done)):
                    cosine[done + k] = cosine[k] * across - sine[k] * up
                    sine[done + k] = sine[k] * across + cosine[k] * up
                done += min(done, count - done)
            level, late, rest = rows[w, i, 0], rows[w, i, 1], rows[w, i, 2]
            for k in range(count):
                out[w, 0, k] += level * cosine[k]
                out[w, 1, k] += level * sine[k]
                out[w, 2, k] += late * cosine[k]
                out[w, 3, k] += late * sine[k]
                out[w, 4, k] += rest * cosine[k]
                out[w, 5, k] += rest * sine[k]
                out[w, 6, k] += cosine[k] * cosine[k]
                out[w, 7, k] += cosine[k] * sine[k]


def _normal_power(sums: FloatArray, number: FloatArray) -> FloatArray:
    """Solve the two-by-two normal equations of cosine and sine, both freed of the trend."""
    level, level_s, late, late_s, right, right_s, squares, products = sums.transpose(1, 0, 2)
    cosine = squares - level**2 - late**2
    sine = number - squares - level_s**2 - late_s**2
    cross = products - level * level_s - late * late_s
    top = sine * right**2 - 2.0 * cross * right * right_s + cosine * right_s**2
    return np.asarray(top / np.maximum(cosine * sine - cross**2, 1e-9 * number**2))


def solve(design: FloatArray, values: FloatArray) -> FloatArray:
    """Return (g, k): least squares of `values` (g, n) on `design` (g, n, k), tame if singular.

    Two waves that a window cannot tell apart give a finite answer, and a column of zeros gives 0.
    """
    g, n, k = design.shape
    found = np.empty((1, g, k))
    _fit(design, values, np.zeros((g, n), np.int64), found)
    return np.asarray(found[0])


def block_of(stack: Stack, blocks: int) -> IntArray:
    """Return (g, n): which of `blocks` equally long parts of its window each interval ends in."""
    part = (stack.time / stack.span[:, np.newaxis] + 0.5) * blocks
    return np.clip(np.ceil(part).astype(np.int64) - 1, 0, blocks - 1)


def leave_out(
    design: FloatArray, values: FloatArray, block: IntArray, blocks: int
) -> tuple[FloatArray, FloatArray]:
    """Fit `values` (g, n) on `design` (g, n, k), and again without each block in turn.

    Returns
    -------
    all_in : (g, k)
        Coefficients from everything.
    left_out : (blocks, g, k)
        Coefficients without block b; NaN where b holds fewer than `FEWEST_IN_BLOCK` usable ones.
    """
    g, _, k = design.shape
    found = np.empty((blocks + 1, g, k))
    _fit(design, values, block, found)
    used = np.any(design != 0.0, axis=2)
    held = np.stack([(used & (block == number)).sum(axis=1) for number in range(blocks)])
    found[1:][held < FEWEST_IN_BLOCK] = np.nan
    return found[0], found[1:]


@compiled
def _fit(design: FloatArray, values: FloatArray, block: IntArray, out: FloatArray) -> None:
    """Set `out` (1 + blocks, g, k) to the fits of all, and of all but each block in turn."""
    fits, windows, k = out.shape
    gram, right = np.empty((fits, k, k)), np.empty((fits, k))
    for w in range(windows):
        _normal_equations(design[w], values[w], block[w], gram, right)
        for f in range(fits):
            _solve_normal(gram[f], right[f], out[f, w])


@compiled
def _normal_equations(
    design: FloatArray, values: FloatArray, block: IntArray, gram: FloatArray, right: FloatArray
) -> None:
    fits, k = right.shape
    gram[:], right[:] = 0.0, 0.0
    for i in range(len(values)):
        own = block[i] + 1 if fits > 1 else 0
        for a in range(k):
            right[own, a] += design[i, a] * values[i]
            for b in range(a + 1):
                gram[own, a, b] += design[i, a] * design[i, b]
    if fits > 1:
        gram[0], right[0] = gram[1:].sum(axis=0), right[1:].sum(axis=0)
    for f in range(1, fits):
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
