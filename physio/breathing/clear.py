"""The one rhythm of a window that is clear: what rises above noise, and is no overtone.

Explained variance times rate is compared, not variance: slow waves of blood pressure near 6/min and
slower drifts fall roughly as 1/rate in power and would otherwise be taken for breathing. Only what
chance does not explain counts (`physio.breathing.noise`). A breath is no sinusoid: where a wave of
like power lies at half or a third of the rate, that is the rate, and below 3/min there is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from physio.beats import FloatArray, IntArray
from physio.breathing.noise import set_noise, smallest_step
from physio.compiled import compiled
from physio.periodogram import explained
from physio.ragged import Ragged

SLOWEST, FASTEST = 3.0, 30.0
"""Breaths/min searched, both included; never above half the heart rate."""

BELOW = 1.0
"""Breaths/min down to which waves are looked at, to know what is none of breathing's."""

FEWEST_CYCLES = 2.0
"""Breaths that a window must hold for their rate to be sought in it."""

PEAK_WIDTH = 1.5
"""Half-width of a peak: in breaths/min, or in steps of the window's resolution if that is wider."""

CHANCE = 0.01
"""Of windows of noise, whatever its colour (`physio.breathing.noise`), that may show a rhythm.

A peak must rise so far above the noise that of all independent rates that are searched one does so
by chance in at most this share of windows: ``ln(rates / CHANCE)`` times, about 8 of a minute.
"""

CLEAREST = 0.45
"""Share of the rate-weighted power above that which a peak must hold for its rhythm to be the one.

Ours: of two equal rhythms neither is clear.
"""

ALIKE = 0.6
"""Share of a peak's power that a wave at half or a third of its rate must have to be what breathes,
the peak being its second or third wave, since breaths are no sinusoids."""

LOCKED, MISSED = 0.1, 0.3
"""Steps of resolution that it may lie from there: within the first it is taken for the breath,
between the two nothing tells a breath's own wave from another that happens to be near."""

BETWEEN = 0.1
"""Share of the peak's power that a third wave must have at the second, to be one of a breath."""

LEAK = 6.0
"""How much further than in theory a slow wave may reach: it has a trend, and some width."""

FINENESS = 4
"""Grid points in one step of a window's resolution."""

TINY = 1e-300
"""Keeps a division by nothing finite."""

ROUNDING = 1e-9
"""Breaths/min; the edges of what is searched often fall on a grid point and must not miss it."""


@dataclass(frozen=True, slots=True, eq=False)
class Spectra:
    """What g windows show at the rates ``first + step * k`` breaths/min of `count` points k.

    Attributes
    ----------
    first, step : (g,) float
        The grid.
    lowest, highest : (g,) float
        What is searched, in breaths/min.
    resolution : (g,) float
        Breaths/min; two rhythms closer than that are one peak.
    asked : (g,) float
        How many times the noise a peak must be, see `CHANCE`.
    heart_rate : (g,) float
        Beats/min.
    power, noise : (g, count) float
        Variance explained in ms2, and what of it would be noise.
    """

    first: FloatArray
    step: FloatArray
    lowest: FloatArray
    highest: FloatArray
    resolution: FloatArray
    asked: FloatArray
    heart_rate: FloatArray
    power: FloatArray
    noise: FloatArray

    def __getitem__(self, which: IntArray) -> Spectra:
        return Spectra(*(column[which] for column in _columns(self)))


def _columns(seen: Spectra) -> tuple[FloatArray, ...]:
    return tuple(getattr(seen, field.name) for field in fields(Spectra))


def joined(parts: Sequence[Spectra]) -> Spectra:
    """Return what all windows of some parts show, which share their rates."""
    if not parts:
        return Spectra(*np.empty((7, 0)), *np.empty((2, 0, 0)))
    return Spectra(*map(np.concatenate, zip(*map(_columns, parts), strict=True)))


def spectra(batch: Ragged, length: FloatArray) -> Spectra:
    """Return what windows that last `length` (g,) seconds show; those of one length share rates."""
    step = 60.0 / (FINENESS * length)
    first = np.full(len(step), BELOW)
    # In a window of a few seconds there is nothing to search, but a peak has three points.
    count = max(int((FASTEST - BELOW) / step.min()) + 4, 3)
    power = explained(batch, first, step, count)
    searched, noise = np.empty((4, len(step))), np.empty_like(power)
    laid = batch.rr, batch.usable, batch.edges, batch.span, batch.heart_rate
    _set_noises(*laid, power, first, step, searched, noise)
    lowest, highest, resolution, asked = searched
    return Spectra(first, step, lowest, highest, resolution, asked, batch.heart_rate, power, noise)


def clear_rates(seen: Spectra) -> FloatArray:
    """Return (g,) the clear rate of each of g windows, NaN where there is none."""
    rate = np.empty(len(seen.first))
    grid = seen.first, seen.step, seen.lowest, seen.highest, seen.resolution
    _set_rates(seen.power, seen.noise, *grid, seen.asked, seen.heart_rate, rate)
    return rate


def broadness(batch: Ragged, rate: FloatArray) -> FloatArray:
    """Return (g,) how many times as broad as that of a sinusoid the peak at each rate is, from 1.

    Power within `PEAK_WIDTH` of the peak over that at the peak; NaN where the rate is.
    """
    resolution = 60.0 / batch.span
    width = PEAK_WIDTH * np.maximum(1.0, resolution)
    step = resolution / FINENESS
    reach = np.floor(width / step)
    count = 2 * int(reach.max()) + 1
    power = explained(batch, rate - reach * step, step, count)
    inside = np.arange(count) <= 2.0 * reach[:, np.newaxis]
    peak = power[np.arange(len(rate)), reach.astype(np.int64)]
    held = np.where(inside, power, 0.0).sum(axis=1)
    return np.asarray(np.maximum(held / np.maximum(FINENESS * peak, TINY), 1.0))


def mean_spectra(seen: Spectra, first: IntArray) -> Spectra:
    """Return the means of groups that begin at the windows `first` (k,), which share their rates.

    Each window counts in units of its own noise, so that none speaks for the others. What a peak
    must be is less: the mean of n powers of noise follows a gamma distribution of shape n.
    """
    from scipy.special import gammainccinv

    number = np.diff(np.append(first, len(seen.first)))
    level = seen.noise.min(axis=1, keepdims=True)
    power, noise = (
        np.add.reduceat(rows / level, first, axis=0) / number[:, np.newaxis]
        for rows in (seen.power, seen.noise)
    )
    highest = np.minimum.reduceat(seen.highest, first)
    lowest, resolution = (
        np.maximum.reduceat(column, first) for column in (seen.lowest, seen.resolution)
    )
    independent = np.maximum((highest - lowest) / resolution, 1.0)
    asked = gammainccinv(number, CHANCE / independent) / number
    heart_rate = np.add.reduceat(seen.heart_rate, first) / number
    searched = lowest, highest, resolution, asked, heart_rate
    return Spectra(seen.first[first], seen.step[first], *searched, power, noise)


@compiled
def _set_noises(
    rr: FloatArray,
    usable: FloatArray,
    edges: IntArray,
    span: FloatArray,
    heart_rate: FloatArray,
    power: FloatArray,
    first: FloatArray,
    step: FloatArray,
    searched: FloatArray,
    out: FloatArray,
) -> None:
    """Set `out` (g, count) to the noise, `searched` (4, g) to what `Spectra` says from `lowest`."""
    for w in range(len(out)):
        lowest = max(SLOWEST, 60.0 * FEWEST_CYCLES / span[w])
        highest = min(FASTEST, 0.5 * heart_rate[w])
        resolution = 60.0 / span[w]
        searched[0, w], searched[1, w], searched[2, w] = lowest, highest, resolution
        searched[3, w] = np.log(max((highest - lowest) / resolution, 1.0) / CHANCE)
        low, high = _searched(first[w], step[w], lowest, highest, out.shape[1])
        tick = smallest_step(rr, usable, edges[w], edges[w + 1])
        set_noise(power[w], first[w], step[w], low, high, heart_rate[w], tick, out[w])


@compiled
def _searched(
    first: float, step: float, lowest: float, highest: float, count: int
) -> tuple[int, int]:
    """Return the first point of the grid that is searched, the next to `lowest`, and the last."""
    low = int(np.ceil((lowest - ROUNDING - first) / step - 0.5))
    return low, min(int(np.floor((highest + ROUNDING - first) / step)), count - 2)


@compiled
def _set_rates(
    power: FloatArray,
    noise: FloatArray,
    first: FloatArray,
    step: FloatArray,
    lowest: FloatArray,
    highest: FloatArray,
    resolution: FloatArray,
    asked: FloatArray,
    heart_rate: FloatArray,
    out: FloatArray,
) -> None:
    for w in range(len(out)):
        low, high = _searched(first[w], step[w], lowest[w], highest[w], power.shape[1])
        points = resolution[w] / step[w]
        found = _clear(
            power[w], noise[w], asked[w], first[w], step[w], low, high, points, heart_rate[w]
        )
        inside = min(max(found, lowest[w]), highest[w])
        out[w] = inside if found >= SLOWEST - ROUNDING else np.nan


@compiled
def _clear(
    power: FloatArray,
    noise: FloatArray,
    asked: float,
    first: float,
    step: float,
    low: int,
    high: int,
    points: float,
    heart_rate: float,
) -> float:
    """Return the rate of the one rhythm that is more than `asked` times the noise, NaN if none.

    `points` of the grid are a step of the window's resolution.
    """
    width = PEAK_WIDTH * max(1.0 / step, points)
    peak, most, total = 0, 0.0, 0.0
    for k in range(low, high + 1):
        rate = first + step * k
        above = power[k] - asked * noise[k]
        if above <= 0.0:
            continue
        total += rate * above
        score = rate * power[k]
        rises = score > power[k - 1] * (rate - step)
        if score > most and rises and score >= power[k + 1] * (rate + step):
            peak, most = k, score
    if peak == 0:
        return np.nan
    if _near(power, noise, asked, first, step, low, high, peak, width) < CLEAREST * total:
        return np.nan
    found = first + step * (peak + summit(power, peak))
    if _leaks(power, low, peak, points):
        return np.nan
    return _fundamental(power, first, step, found, power[peak], points, heart_rate)


@compiled
def _fundamental(
    power: FloatArray,
    first: float,
    step: float,
    found: float,
    height: float,
    points: float,
    heart_rate: float,
) -> float:
    """Return the rate of which what was `found` is the second or third wave, else itself.

    NaN where it may be either. An overtone above half the heart rate shows at `heart_rate` less it.
    """
    for number in range(2, 4):
        for shown in range(2):
            slower = (heart_rate - found if shown == 1 else found) / number
            at = (slower - first) / step
            sure = _wave_at(power, at, points, ALIKE * height)
            if sure < 0 or found - slower < 2.0 * step * points:
                continue
            second = power[round(2.0 * at + first / step)]
            if sure > LOCKED * points or (number == 3 and second < BETWEEN * height):
                return np.nan
            return slower
    return found


@compiled
def _wave_at(power: FloatArray, at: float, points: float, least: float) -> float:
    """Return how far, in grid points, a peak of at least that power is from a place, -1 if none is.

    `MISSED` steps of resolution of so many `points` at most.
    """
    reach = MISSED * points
    for k in range(max(int(np.ceil(at - reach)), 1), min(int(at + reach), len(power) - 2) + 1):
        if power[k] >= max(power[k - 1], power[k + 1], least):
            return abs(k + summit(power, k) - at)
    return -1.0


@compiled
def _leaks(power: FloatArray, low: int, peak: int, points: float) -> bool:
    """Return whether a wave slower than what is searched can have drawn the peak.

    What a sinusoid explains at `d` steps of resolution from its own rate is at most 1 / (pi d)**2
    of it; `points` of the grid are one step.
    """
    for k in range(low):
        top = power[k] >= power[k + 1] and (k == 0 or power[k] >= power[k - 1])
        far = np.pi * (peak - k) / points
        if top and power[peak] * far * far < LEAK * power[k]:
            return True
    return False


@compiled
def _near(
    power: FloatArray,
    noise: FloatArray,
    asked: float,
    first: float,
    step: float,
    low: int,
    high: int,
    peak: int,
    width: float,
) -> float:
    """Return the rate-weighted power above noise within `width` points of the peak.

    Each grid point stands for the step around it, of which the part within counts.
    """
    near = 0.0
    reach = int(width + 1.5)
    for k in range(max(low, peak - reach), min(high, peak + reach) + 1):
        found = max(power[k] - asked * noise[k], 0.0) * (first + step * k)
        near += found * min(max(width + 0.5 - abs(k - peak), 0.0), 1.0)
    return near


@compiled
def summit(power: FloatArray, peak: int) -> float:
    """Return how far from the peak, in steps, the parabola through it and its neighbours tops."""
    before, at, after = power[peak - 1], power[peak], power[peak + 1]
    bend = before - 2.0 * at + after
    return min(max(0.5 * (before - after) / bend, -1.0), 1.0) if bend < 0.0 else 0.0
