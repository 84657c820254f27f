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
from numpy.typing import ArrayLike

from physio.beats import BoolArray, FloatArray, IntArray
from physio.breathing.tiling import Tiled, short, tiled
from physio.compiled import compiled
from physio.periodogram import explained
from physio.sinusoid import TURNING, design, leave_out, solve
from physio.stacks import Stack, stacks
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
set on white noise and on recordings with measured breathing. Of windows of white noise 0.4 to 1.6
in a hundred pass at 60 s and 2 to 3 in a hundred at 30 s; of noise with power as 1/f at most 0.4.
"""

NOISE_SHARE = 2.2
"""See `CLEAREST`."""

FINENESS = 4
"""Grid points in one step of a window's resolution."""

SMALLEST = 1e-12
"""Variance explained, in ms2, below which there is only rounding."""

ROUNDING = 1e-9
"""Breaths/min; the edges of what is searched often fall on a grid point and must not miss it."""


def breathing_rate(windows: Windows) -> FloatArray:
    """Return (m,) the breathing rate of each window in breaths/min.

    NaN where no rhythm is clear, a gap lies inside the window, or too few intervals are usable.
    Best of 30 to 120 s; of longer windows, in which breathing wanders, it is the median over their
    minutes (`physio.breathing.tiling`), and NaN only where none of these has a rate.
    """
    rate = _fitted(short(windows))
    minutes = tiled(windows)
    return rate if minutes is None else minutes.medians(rate, tile_rate(minutes))


def may_be_slow_wave(rate: ArrayLike) -> BoolArray:
    """Return whether each rate (breaths/min) may be the 10 s wave instead of breathing."""
    found = np.asarray(rate, np.float64)
    return np.asarray((found >= SLOW_WAVE[0]) & (found <= SLOW_WAVE[1]))


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
        values[np.isnan(rate)] = np.nan
    return values


def _stack_rate(stack: Stack) -> FloatArray:
    lowest = np.maximum(SLOWEST, 60.0 * FEWEST_CYCLES / stack.span)
    highest = np.minimum(FASTEST, 0.5 * stack.heart_rate)
    step = 60.0 / (FINENESS * stack.span)
    # In a window of 4 s or less there is nothing to search, but a peak has three points.
    count = max(int(((FASTEST - lowest) / step).max()) + 4, 3)
    rate = np.empty(len(stack.index))
    _set_rates(explained(stack, lowest - step, step, count), lowest, highest, step, rate)
    return rate


@compiled
def _set_rates(
    power: FloatArray, lowest: FloatArray, highest: FloatArray, step: FloatArray, out: FloatArray
) -> None:
    """Set `out` (g,) to the clear rate of each window, whose grid begins a step below `lowest`."""
    for w in range(len(out)):
        on, first = step[w], lowest[w] - step[w]
        # The first and the last of the grid points that are searched.
        low = int(np.ceil((lowest[w] - ROUNDING - first) / on))
        high = int(np.floor((highest[w] + ROUNDING - first) / on))
        high = min(high, power.shape[1] - 1)
        peak = _highest_peak(power[w], first, on, low, high)
        independent = max((highest[w] - lowest[w]) / (FINENESS * on), 1.0)
        asked = max(CLEAREST, NOISE_SHARE / np.sqrt(independent))
        out[w] = np.nan
        seen = peak > 0 and power[w, peak] > SMALLEST
        if seen and _share(power[w], first, on, low, high, peak) >= asked:
            found = first + on * peak + on * _summit(power[w], peak)
            out[w] = min(max(found, lowest[w]), highest[w])


@compiled
def _share(power: FloatArray, first: float, step: float, low: int, high: int, peak: int) -> float:
    """Return the share of the rate-weighted power that lies within `PEAK_WIDTH` of the peak.

    Each grid point stands for the step around it, of which the part within counts.
    """
    width = PEAK_WIDTH * max(1.0 / step, FINENESS)
    near, total = 0.0, 1e-300
    for k in range(low, high + 1):
        score = power[k] * (first + step * k)
        near += score * min(max(width + 0.5 - abs(k - peak), 0.0), 1.0)
        total += score
    return near / total


@compiled
def _highest_peak(power: FloatArray, first: float, step: float, low: int, high: int) -> int:
    """Return the place of the highest local peak of rate-weighted power, 0 if there is none."""
    best, most = 0, 0.0
    for k in range(max(low, 1), min(high, len(power) - 2) + 1):
        score = power[k] * (first + step * k)
        rises = score > power[k - 1] * (first + step * (k - 1))
        falls = score >= power[k + 1] * (first + step * (k + 1))
        if rises and falls and (best == 0 or score > most):
            best, most = k, score
    return best


@compiled
def _summit(power: FloatArray, peak: int) -> float:
    """Return how far from the peak, in steps, the parabola through it and its neighbours tops."""
    before, at, after = power[peak - 1], power[peak], power[peak + 1]
    bend = before - 2.0 * at + after
    return min(max(0.5 * (before - after) / bend, -1.0), 1.0) if bend < 0.0 else 0.0


def _stack_blocks(stack: Stack, rate: FloatArray, blocks: int) -> FloatArray:
    wave = design(stack, rate)
    columns, rest = np.empty((len(wave), 5)), np.empty(len(wave))
    fit = solve(stack, wave, stack.rr)
    _linearise(stack.time, stack.rr, stack.edges, wave, fit, columns, rest)
    whole, without = leave_out(stack, columns, rest, blocks)
    limit = 60.0 / stack.span
    moved = np.minimum(np.maximum(without[:, :, 4] - whole[:, 4], -limit), limit)
    return np.asarray((rate * np.exp(-(blocks - 1) * moved / rate)).T)


@compiled
def _linearise(
    time: FloatArray,
    rr: FloatArray,
    edges: IntArray,
    wave: FloatArray,
    fit: FloatArray,
    columns: FloatArray,
    rest: FloatArray,
) -> None:
    """Set `columns` to `wave` and its change with its rate, `rest` to what the wave leaves."""
    for w in range(len(fit)):
        for i in range(edges[w], edges[w + 1]):
            rest[i] = rr[i]
            for k in range(4):
                columns[i, k] = wave[i, k]
                rest[i] -= fit[w, k] * wave[i, k]
            turned = fit[w, 3] * wave[i, 2] - fit[w, 2] * wave[i, 3]
            columns[i, 4] = TURNING * time[i] * turned
