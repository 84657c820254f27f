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
from numpy.typing import NDArray

from physio.beats import BoolArray, FloatArray, IntArray
from physio.windows import Windows

FEWEST = 8
"""Usable intervals below which nothing is fitted."""

LARGEST_STACK = 1 << 13
"""Intervals fitted in one go; bounds memory for a whole night of sliding windows."""

FEWEST_IN_BLOCK = 3
"""Usable intervals below which leaving a block out tells nothing."""

RATES_AT_ONCE = 256
"""Grid points computed in one go; bounds memory for long windows."""

RIDGE = 1e-11
"""Relative; keeps normal equations solvable without touching the ninth digit."""

ComplexArray = NDArray[np.complex128]


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


def waves(stack: Stack, rate: FloatArray) -> FloatArray:
    """Return (g, n, 2): cosine and sine at `rate` (g,) breaths/min, 0 where not usable."""
    angle = (2.0 * np.pi / 60.0) * rate[:, np.newaxis] * stack.time
    return np.stack((np.cos(angle), np.sin(angle)), axis=2) * stack.usable[:, :, np.newaxis]


def explained(stack: Stack, first: FloatArray, step: FloatArray, count: int) -> FloatArray:
    """Return (g, count): the variance that a sinusoid explains, in ms2 times usable intervals.

    Rates are ``first + step * k`` breaths/min, k from 0 to `count` - 1, one row for each window.
    """
    parts = [
        _explained(stack, first + step * k, step, min(RATES_AT_ONCE, count - k))
        for k in range(0, count, RATES_AT_ONCE)
    ]
    return np.concatenate(parts, axis=1)


def _explained(stack: Stack, first: FloatArray, step: FloatArray, count: int) -> FloatArray:
    turning = (2j * np.pi / 60.0) * stack.time
    wave = np.empty((*stack.time.shape, count), dtype=np.complex128)
    wave[:, :, 0] = np.exp(turning * first[:, np.newaxis]) * stack.usable
    wave[:, :, 1:] = np.exp(turning * step[:, np.newaxis])[:, :, np.newaxis]
    np.multiply.accumulate(wave, axis=2, out=wave)
    basis = trend(stack)
    rest = stack.rr - np.einsum("gnk,gk->gn", basis, solve(basis, stack.rr))
    rows = np.concatenate((basis, rest[:, :, np.newaxis]), axis=2).transpose(0, 2, 1)
    sums = rows.astype(np.complex128) @ wave
    doubled = np.einsum("gnk,gnk->gk", wave, wave)
    return _normal_power(sums, doubled, stack.usable.sum(axis=1, keepdims=True))


def _normal_power(sums: ComplexArray, doubled: ComplexArray, number: FloatArray) -> FloatArray:
    """Solve the two-by-two normal equations of cosine and sine, both freed of the trend."""
    level, late, right = sums[:, 0], sums[:, 1], sums[:, 2]
    cosine = 0.5 * (number + doubled.real) - level.real**2 - late.real**2
    sine = 0.5 * (number - doubled.real) - level.imag**2 - late.imag**2
    cross = 0.5 * doubled.imag - level.real * level.imag - late.real * late.imag
    top = sine * right.real**2 - 2.0 * cross * right.real * right.imag + cosine * right.imag**2
    return np.asarray(top / np.maximum(cosine * sine - cross**2, 1e-9 * number**2))


def solve(design: FloatArray, values: FloatArray) -> FloatArray:
    """Return (g, k): least squares of `values` (g, n) on `design` (g, n, k), tame if singular."""
    across = design.transpose(0, 2, 1)
    return solve_normal(across @ design, (across @ values[:, :, np.newaxis])[:, :, 0])


def solve_normal(gram: FloatArray, right: FloatArray) -> FloatArray:
    """Return (g, k): the solutions of `gram` (g, k, k) x = `right` (g, k).

    Scaled to a unit diagonal with a trace of ridge, so that two waves which a window cannot tell
    apart give a finite answer instead of an exception for all windows.
    """
    scale = 1.0 / np.sqrt(np.maximum(np.diagonal(gram, axis1=1, axis2=2), 1e-300))
    unit = gram * scale[:, :, np.newaxis] * scale[:, np.newaxis, :]
    unit += RIDGE * np.eye(gram.shape[1])
    return np.linalg.solve(unit, (right * scale)[:, :, np.newaxis])[:, :, 0] * scale


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
    member = (block[:, :, np.newaxis] == np.arange(blocks)).astype(np.float64)
    apart = design[:, :, :, np.newaxis] * member[:, :, np.newaxis, :]
    across = apart.transpose(3, 0, 2, 1)
    gram, right = across @ design, (across @ values[:, :, np.newaxis])[..., 0]
    # A block of zeros in front stands for leaving nothing out.
    gram, right = (np.concatenate((0.0 * part[:1], part)) for part in (gram, right))
    rest, target = gram.sum(axis=0) - gram, right.sum(axis=0) - right
    k = design.shape[2]
    fits = solve_normal(rest.reshape(-1, k, k), target.reshape(-1, k)).reshape(target.shape)
    all_in, left_out = fits[0], fits[1:]
    held = (member * np.any(design != 0.0, axis=2)[:, :, np.newaxis]).sum(axis=1)
    left_out[held.T < FEWEST_IN_BLOCK] = np.nan
    return all_in, left_out
