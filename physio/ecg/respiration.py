"""Breathing rate from an ECG: what breathing moves in each QRS, and the intervals, taken together.

Five signals have one value a beat: the interval, and amplitude, baseline, slope and size of the
QRS. In each a sinusoid is fitted at every rate of a fine grid (`physio.breathing.rate`), and the
explained variance times rate is turned into shares. The shares of the five are averaged, each
weighted with the share that its own highest peak holds: a signal without rhythm hardly counts, a
peak that several have stands out. Taking several signals of the QRS together follows Lazaro et al.
2014 (Annals of Biomedical Engineering 42:2072, PubMed 25118665), weighting them by quality the
fusion methods reviewed by Charlton et al. 2018 (doi:10.1109/RBME.2017.2763681). The sinusoids, the
weighting with rate and all numbers are ours.

Limits. As with intervals alone, no rate above half the heart rate shows, irregular breathing has no
one rate, and a window with a gap has none. Values further than `OUTLYING` spreads from the window's
median are drawn in to there, so that one noisy beat does not speak for all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from physio.beats import BoolArray, FloatArray, IntArray
from physio.breathing.rate import (
    FASTEST,
    FEWEST_CYCLES,
    FINENESS,
    SLOWEST,
    near_peak,
    refined,
)
from physio.ecg.peaks import RPeaks
from physio.sinusoid import Stack, explained, stacks
from physio.windows import Windows

CLEAREST, NOISE_SHARE = 0.3, 1.6
"""Share of the averaged spectrum that a peak must hold for its rhythm to count as clear: the first,
or the second over the root of the independent rates searched, if that is larger. Of 60 s of white
noise in all five signals about one in a hundred passes; of recordings with the beats' waves in
shuffled order, where four of the five share their noise, nine in a hundred."""

OUTLYING = 4.0
"""Spreads (1.4826 times the median deviation) from the median."""


@dataclass(frozen=True, slots=True, eq=False)
class Breathing:
    """The breathing of m windows, seen in c signals.

    Attributes
    ----------
    rate : (m,) float
        Breaths/min; NaN where no rhythm is clear, a gap lies inside or too few beats are usable.
    share : (m,) float
        What the highest peak holds of the averaged spectrum, 0 to 1; NaN where nothing was fitted.
    weight : (m, c) float
        What each signal contributed; rows add up to 1.
    """

    rate: FloatArray
    share: FloatArray
    weight: FloatArray


def breath_signals(peaks: RPeaks, ends: IntArray) -> FloatArray:
    """Return (n, 4) amplitude, baseline, slope and size of the beats that end n intervals.

    `ends` is the second value of `intervals`.
    """
    waves = (peaks.amplitude, peaks.baseline, peaks.slope, peaks.size)
    return np.stack([wave[ends] for wave in waves], axis=1)


def ecg_breathing(windows: Windows, signals: FloatArray) -> Breathing:
    """Return the breathing of each window from its intervals and further signals of its beats.

    Meant for windows of 30 to 120 s.

    Parameters
    ----------
    windows : Windows
        m windows over n intervals.
    signals : (n, c) float
        Further signals, one value for the beat that ends each interval, as from `breath_signals`.
    """
    m, c = len(windows), signals.shape[1] + 1
    found = Breathing(np.full(m, np.nan), np.full(m, np.nan), np.full((m, c), np.nan))
    for stack in stacks(windows):
        place = windows.first[stack.index, np.newaxis] + np.arange(stack.rr.shape[1])
        further = [_drawn_in(stack, signals[place, k]) for k in range(c - 1)]
        part = _stack_breathing(stack, [stack.rr, *further])
        found.rate[stack.index] = part.rate
        found.share[stack.index] = part.share
        found.weight[stack.index] = part.weight
    return found


def _drawn_in(stack: Stack, values: FloatArray) -> FloatArray:
    """Return `values` (g, n) less their median, outliers drawn in, 0 where not usable."""
    known = np.where(stack.usable > 0.0, values, np.nan)
    away = known - np.nanmedian(known, axis=1, keepdims=True)
    limit = OUTLYING * 1.4826 * np.nanmedian(np.abs(away), axis=1, keepdims=True)
    return np.asarray(np.nan_to_num(np.clip(away, -limit, limit)))


def _stack_breathing(stack: Stack, signals: list[FloatArray]) -> Breathing:
    grid, searched, step = _grid(stack)
    shares = [_shares(stack, signal, grid, searched, step) for signal in signals]
    weight = np.stack([near_peak(part, grid, _peak(part), step) for part in shares], axis=1)
    weight /= np.maximum(weight.sum(axis=1, keepdims=True), 1e-300)
    averaged = np.einsum("gc,gck->gk", weight, np.stack(shares, axis=1))
    peak = _peak(averaged)
    held = near_peak(averaged, grid, peak, step)
    clear = (peak > 0) & (held >= _asked(searched))
    return Breathing(np.where(clear, refined(grid, averaged, peak, step), np.nan), held, weight)


def _grid(stack: Stack) -> tuple[FloatArray, BoolArray, FloatArray]:
    """Return rates (g, k), which of them are searched, and (g,) their distance."""
    lowest = np.maximum(SLOWEST, 60.0 * FEWEST_CYCLES / stack.span)
    step = 60.0 / (FINENESS * stack.span)
    count = int(np.max((FASTEST - lowest) / step)) + 4
    grid = (lowest - step)[:, np.newaxis] + step[:, np.newaxis] * np.arange(count)
    heart_rate = 60000.0 * stack.usable.sum(axis=1) / stack.rr.sum(axis=1)
    highest = np.minimum(FASTEST, 0.5 * heart_rate)
    searched = (grid >= lowest[:, np.newaxis]) & (grid <= highest[:, np.newaxis])
    return grid, searched, step


def _shares(
    stack: Stack, signal: FloatArray, grid: FloatArray, searched: BoolArray, step: FloatArray
) -> FloatArray:
    """Return (g, k): explained variance times rate, as shares of the sum over what is searched."""
    power = explained(replace(stack, rr=signal), grid[:, 0], step, grid.shape[1])
    score = np.maximum(power, 0.0) * grid * searched
    return np.asarray(score / np.maximum(score.sum(axis=1, keepdims=True), 1e-300))


def _peak(score: FloatArray) -> IntArray:
    """Return (g,) the place of the highest inner peak; 0 where there is none."""
    inner = score[:, 1:-1]
    is_peak = (inner > score[:, :-2]) & (inner >= score[:, 2:]) & (score[:, 2:] > 0.0)
    is_peak &= score[:, :-2] > 0.0
    place = np.argmax(np.where(is_peak, inner, 0.0), axis=1) + 1
    return np.where(is_peak.any(axis=1), place, 0)


def _asked(searched: BoolArray) -> FloatArray:
    independent = np.maximum(searched.sum(axis=1) / FINENESS, 1.0)
    return np.asarray(np.maximum(CLEAREST, NOISE_SHARE / np.sqrt(independent)))
