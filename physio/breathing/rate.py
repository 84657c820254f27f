"""Breathing rate from the intervals alone: the rhythm that breathing writes into the heartbeat.

Method. For each rate of a fine grid a sinusoid with mean and linear trend is fitted to the usable
intervals of a window by least squares: the floating-mean periodogram of unevenly spaced values
(Lomb 1976, doi:10.1007/BF00648343; Zechmeister and Kuerster 2009,
doi:10.1051/0004-6361:200811296), with the trend added to its floating mean. It needs no spline and
no filling in of flagged beats, and its peak, refined by a parabola, is the least-squares rate. Grid
points are a quarter of the window's resolution apart.

Which peak. Explained variance times rate is compared, not variance: slow waves of blood pressure
near 6/min and slower drifts fall roughly as 1/rate in power and would otherwise be taken for
breathing. When a rhythm is clear is said at `CLEAREST`.

Limits. Beats are samples, and intervals carry no rate above half the heart rate: none is returned.
Faster breathing does not vanish but folds: at a heart rate of 50, 28 breaths/min show as a clear 22
(heart rate less breathing rate), and nothing in the intervals tells. The 10 s wave of blood
pressure (0.1 Hz in any person at any age, Julien 2006, doi:10.1016/j.cardiores.2005.11.008) in a
person whose breathing hardly moves the heart looks like breathing at 6/min, beat for beat; nothing
in the intervals tells here either. A rate near 6/min of someone who does not follow a guide
(`may_be_slow_wave`) therefore needs a second witness: the ECG, an accelerometer, or an eye.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from physio.beats import BoolArray, FloatArray, IntArray
from physio.breathing.tiling import Tiled, short, tiled
from physio.sinusoid import Stack, block_of, explained, leave_out, solve, stacks, trend, waves
from physio.windows import Windows

SLOWEST, FASTEST = 3.0, 30.0
"""Breaths/min searched, both included; never above half the heart rate."""

SLOW_WAVE = (5.0, 7.0)
"""Breaths/min at which the 10 s wave of blood pressure may be taken for breathing."""

FEWEST_CYCLES = 2.0
"""Breaths that a window must hold for their rate to be sought in it."""

PEAK_WIDTH = 1.5
"""Half-width of a peak: in breaths/min, or in steps of the window's resolution if that is wider."""

CLEAREST = 0.45
"""Share of the rate-weighted power that a peak must hold for its rhythm to count as clear.

In short windows a peak is wide and noise alone fills much of it, so that the share asked for grows:
`CLEAREST` or 2.2 / sqrt(independent rates searched), whichever is larger. Both numbers are ours,
set on white noise and on recordings with measured breathing. Of windows of white noise 0.4 to 1.7
in a hundred pass at 60 s and 3 in a hundred at 30 s; of noise with power as 1/f at most 0.4.
"""

NOISE_SHARE = 2.2
"""See `CLEAREST`."""

FINENESS = 4
"""Grid points in one step of a window's resolution."""


def breathing_rate(windows: Windows) -> FloatArray:
    """Return (m,) the breathing rate of each window in breaths/min.

    NaN where no rhythm is clear, a gap lies inside the window, or too few intervals are usable.
    Best of 30 to 120 s; of longer windows, in which breathing wanders, it is the median over their
    minutes (`physio.breathing.tiling`), and NaN only where none of these has a rate.
    """
    rate = _fitted(short(windows))
    minutes = tiled(windows)
    return rate if minutes is None else minutes.medians(rate, tile_rate(minutes))


def may_be_slow_wave(rate: FloatArray) -> BoolArray:
    """Return (m,) whether each rate (breaths/min) may be the 10 s wave instead of breathing."""
    return np.asarray((rate >= SLOW_WAVE[0]) & (rate <= SLOW_WAVE[1]))


@lru_cache(maxsize=2)
def tile_rate(minutes: Tiled) -> FloatArray:
    """Return the breathing rate of each of the different tiles, in breaths/min."""
    # Rate, amplitude and the errors of both ask for it.
    return _fitted(minutes.tiles)


def _fitted(windows: Windows) -> FloatArray:
    rate = np.full(len(windows), np.nan)
    for stack in stacks(windows):
        rate[stack.index] = _stack_rate(stack)
    return rate


def breathing_rate_blocks(windows: Windows, rate: FloatArray, blocks: int) -> FloatArray:
    """Return (m, blocks): what each block of a window says of its rate, in breaths/min.

    Their spread is the sampling error of `breathing_rate`: mean and standard error over blocks are
    those of the delete-one-block jackknife (Tukey 1958; Kuensch 1989, doi:10.1214/aos/1176347265).
    A block's value is ``blocks * all - (blocks - 1) * without``, on a scale that keeps it above 0,
    where `without` is one Gauss-Newton step of the sinusoid's rate with the block left out. A rate
    fitted inside a quarter of a window would be eight times as uncertain as that of the whole.
    Of a long window a block's value is the mean rate of its minutes.

    Parameters
    ----------
    windows : Windows
        m windows.
    rate : (m,) float
        Their rates in breaths/min; NaN gives NaN.
    blocks : int
        Equally long parts of a window, at least 2.
    """
    values = np.full((len(windows), blocks), np.nan)
    for stack in stacks(short(windows)):
        values[stack.index] = _stack_blocks(stack, rate[stack.index], blocks)
    minutes = tiled(windows)
    if minutes is not None:
        values = minutes.shares(values, tile_rate(minutes))
    return np.where(np.isfinite(rate)[:, np.newaxis], values, np.nan)


def _stack_rate(stack: Stack) -> FloatArray:
    lowest = np.maximum(SLOWEST, 60.0 * FEWEST_CYCLES / stack.span)
    step = 60.0 / (FINENESS * stack.span)
    count = int(np.max((FASTEST - lowest) / step)) + 4
    grid = (lowest - step)[:, np.newaxis] + step[:, np.newaxis] * np.arange(count)
    power = explained(stack, lowest - step, step, count)
    heart_rate = 60000.0 * stack.usable.sum(axis=1) / stack.rr.sum(axis=1)
    highest = np.minimum(FASTEST, 0.5 * heart_rate)
    searched = (grid >= lowest[:, np.newaxis]) & (grid <= highest[:, np.newaxis])
    score = power * grid
    peak = _highest_peak(score, searched)
    clear = _share(score * searched, grid, peak, step) >= _share_asked(lowest, highest, step)
    found = np.clip(refined(grid, power, peak, step), lowest, highest)
    return np.where(clear & (peak > 0), found, np.nan)


def _highest_peak(score: FloatArray, searched: BoolArray) -> IntArray:
    inner = score[:, 1:-1]
    is_peak = (inner > score[:, :-2]) & (inner >= score[:, 2:]) & searched[:, 1:-1]
    place = np.argmax(np.where(is_peak, inner, 0.0), axis=1) + 1
    return np.where(is_peak.any(axis=1), place, 0)


def _share(score: FloatArray, grid: FloatArray, peak: IntArray, step: FloatArray) -> FloatArray:
    near = near_peak(score, grid, peak, step)
    return np.asarray(near / np.maximum(score.sum(axis=1), 1e-300))


def near_peak(score: FloatArray, grid: FloatArray, peak: IntArray, step: FloatArray) -> FloatArray:
    """Return (g,): the sum of `score` (g, k) near its peak, at rates `grid` (g, k)."""
    at = np.take_along_axis(grid, peak[:, np.newaxis], axis=1)
    width = PEAK_WIDTH * np.maximum(1.0, FINENESS * step)[:, np.newaxis]
    return np.asarray(np.where(np.abs(grid - at) <= width, score, 0.0).sum(axis=1))


def _share_asked(lowest: FloatArray, highest: FloatArray, step: FloatArray) -> FloatArray:
    independent = np.maximum((highest - lowest) / (FINENESS * step), 1.0)
    return np.maximum(CLEAREST, NOISE_SHARE / np.sqrt(independent))


def refined(grid: FloatArray, power: FloatArray, peak: IntArray, step: FloatArray) -> FloatArray:
    """Return (g,): the rate at the top of the parabola through each peak and its neighbours."""
    rows = np.arange(len(peak))
    middle = np.clip(peak, 1, grid.shape[1] - 2)
    before, at, after = (power[rows, middle + shift] for shift in (-1, 0, 1))
    bend = before - 2.0 * at + after
    shift = np.divide(0.5 * (before - after), bend, out=np.zeros(len(peak)), where=bend < 0.0)
    return np.asarray(grid[rows, middle] + step * np.clip(shift, -1.0, 1.0))


def _stack_blocks(stack: Stack, rate: FloatArray, blocks: int) -> FloatArray:
    known = np.where(np.isfinite(rate), rate, SLOWEST)
    wave = waves(stack, known)
    flat = np.concatenate((trend(stack), wave), axis=2)
    fit = solve(flat, stack.rr)
    rest = stack.rr - np.einsum("gnk,gk->gn", flat, fit)
    faster = (
        (2.0 * np.pi / 60.0)
        * stack.time
        * (fit[:, 3, np.newaxis] * wave[:, :, 0] - fit[:, 2, np.newaxis] * wave[:, :, 1])
    )
    design = np.concatenate((flat, faster[:, :, np.newaxis]), axis=2)
    whole, without = leave_out(design, rest, block_of(stack, blocks), blocks)
    limit = 60.0 / stack.span
    moved = np.clip(without[:, :, -1] - whole[:, -1], -limit, limit)
    return np.asarray((rate * np.exp(-(blocks - 1) * moved / known)).T)
