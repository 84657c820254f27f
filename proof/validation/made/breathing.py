"""Made breathing with breaths of varying length and depth, and what the beats show of it.

A calibrated synthetic equivalent: strengths lie where recordings at rest have them. Also noise of
several kinds in which nothing breathes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from physio.beats import Beats, FloatArray
from physio.windows import Windows
from proof.validation.made.beats import every_beat, from_intervals

GRAIN = 0.05
"""Seconds between the values of the made lung."""

LEAD, INHALE = 4.0, 0.4
"""Seconds before the window; share of a breath."""

BEFORE_APART = 5.0
"""Seconds between one window's beats and the next one's."""


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """m windows of beats, the waves (n, 4) of the beats, and the breaths/min (m,) counted in each.

    `counted` is NaN where nothing breathes.
    """

    windows: Windows
    waves: FloatArray
    counted: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class _Lung:
    """Filling (k,), every `GRAIN` seconds, and when each breath in ends."""

    filling: FloatArray
    full: FloatArray


def breathing(
    variation: float,
    *,
    length: float = 60.0,
    number: int = 60,
    strength: float = 1.0,
    seed: int = 0,
) -> Made:
    """Return windows with 5 to 24 breaths/min, each with a heart and a chest of its own.

    Parameters
    ----------
    variation : float
        Spread of the length of breaths, of its logarithm. Depth varies more, and 3 % are sighs.
    length, number
        Seconds a window; windows.
    strength : float
        1 moves the intervals by 10 to 90 ms; 0 leaves intervals and waves to noise.
    seed : int
        Of the random numbers.
    """
    rng = np.random.default_rng(seed)
    parts, counted, offset, starts = [], [], 0.0, []
    for _ in range(number):
        rate = rng.uniform(5.0, 24.0)
        lung = _lung(rng, rate, variation, length + 3.0 * LEAD)
        time, rr = _heart(rng, lung, rate, strength, length)
        parts.append((time + offset, rr, _chest(rng, lung, time, strength)))
        inside = lung.full[(lung.full >= LEAD) & (lung.full <= LEAD + length)]
        counted.append(60.0 / np.mean(np.diff(inside)))
        starts.append(offset + LEAD)
        offset += time[-1] + BEFORE_APART
    segment = np.repeat(np.arange(number), [len(part[0]) for part in parts])
    time, rr, waves = (np.concatenate(each) for each in zip(*parts, strict=True))
    return _cut(Beats(time, rr, segment), waves, np.array(starts), length, np.array(counted))


def noise(kind: str, *, length: float = 60.0, number: int = 200, seed: int = 0) -> Made:
    """Return windows in which nothing breathes.

    Parameters
    ----------
    kind : str
        "white" or "falling" (power as 1/frequency), independent in all signals; or "irregular":
        intervals as in a very irregular rhythm, waves that depend on the two intervals before.
    length, number, seed
        As for `breathing`.
    """
    rng = np.random.default_rng(seed)
    n = int(1000.0 * length * (number + 1) / 800.0)
    values = falling(rng, n, 5, 1.0) if kind == "falling" else rng.standard_normal((n, 5))
    rr = np.clip(800.0 + (150.0 if kind == "irregular" else 40.0) * values[:, 0], 330.0, 2000.0)
    waves = values[:, 1:]
    if kind == "irregular":
        before = np.concatenate((rr[:1], rr[:-1]))
        filled = np.stack((rr + before, 0.3 * rr + 0.5 * before), axis=1) / 150.0
        shared = rng.standard_normal((n, 1))
        waves = np.concatenate((filled, shared, shared), axis=1) + 0.3 * waves
        waves = waves + 0.7 * rng.standard_normal((n, 1))
    return still(rr, waves, length)


def shuffled(rr: FloatArray, waves: FloatArray, *, length: float, number: int, seed: int) -> Made:
    """Return windows of recorded beats in random order: each keeps its own interval and waves."""
    rng = np.random.default_rng(seed)
    times = int(1000.0 * length * (number + 1) / rr.sum()) + 1
    order = np.concatenate([rng.permutation(len(rr)) for _ in range(times)])
    return still(rr[order], waves[order], length)


def still(rr: FloatArray, waves: FloatArray, length: float) -> Made:
    """Return windows end to end over these beats, nothing counted in them."""
    beats = from_intervals(rr)
    starts = np.arange(0.0, beats.time[-1] - length, length)
    return _cut(beats, waves, starts, length, np.full(len(starts), np.nan))


def falling(rng: np.random.Generator, n: int, columns: int, steepness: float) -> FloatArray:
    """Return (n, columns) noise with power as frequency to the minus `steepness`, spread 1."""
    frequency = np.maximum(np.fft.rfftfreq(n), 1.0 / n)
    wave = rng.standard_normal((2, columns, len(frequency)))
    values = np.fft.irfft((wave[0] + 1j * wave[1]) * frequency ** (-0.5 * steepness), n).T
    return np.asarray(values / values.std(axis=0))


def _cut(
    beats: Beats, waves: FloatArray, starts: FloatArray, length: float, counted: FloatArray
) -> Made:
    return Made(every_beat(beats, starts, starts + length), waves, counted)


def _lung(rng: np.random.Generator, rate: float, variation: float, seconds: float) -> _Lung:
    many = int(4.0 * seconds * rate / 60.0) + 10
    lasts = 60.0 / rate * np.exp(variation * rng.standard_normal(many) - 0.5 * variation**2)
    depth = np.exp(1.75 * variation * rng.standard_normal(many))
    sigh = rng.random(many) < 0.03
    lasts, depth = np.where(sigh, 1.5, 1.0) * lasts, np.where(sigh, 2.5, 1.0) * depth
    begin = np.concatenate(([0.0], np.cumsum(lasts)[:-1]))
    time = np.arange(0.0, seconds, GRAIN)
    breath = np.searchsorted(begin, time, side="right") - 1
    part = (time - begin[breath]) / lasts[breath]
    turn = np.interp(part, (0.0, INHALE, 1.0), (0.0, np.pi, 2.0 * np.pi))
    return _Lung(depth[breath] * (0.5 - 0.5 * np.cos(turn)), begin + INHALE * lasts)


def _heart(
    rng: np.random.Generator, lung: _Lung, rate: float, strength: float, length: float
) -> tuple[FloatArray, FloatArray]:
    """Return when intervals end (s) and how long they are (ms): breathing, 0.1 Hz wave, drift."""
    k = len(lung.filling)
    level = 60000.0 / rng.uniform(max(52.0, 2.3 * rate), 95.0)
    sway = strength * rng.uniform(5.0, 45.0) * min(1.0, 10.0 / rate)
    wander = 0.1 + 0.01 * GRAIN * np.cumsum(rng.standard_normal(k))
    slow = rng.uniform(5.0, 25.0) * np.sin(2.0 * np.pi * GRAIN * np.cumsum(wander))
    slow = slow + rng.uniform(5.0, 25.0) * falling(rng, k, 1, 1.5)[:, 0]
    late = np.roll(lung.filling, int(rng.uniform(0.0, 0.8) / GRAIN))
    course = level - 2.0 * sway * (late - 0.5) + slow
    time, times, rr = 0.3, [], []
    while time < length + 2.0 * LEAD:
        rr.append(max(course[int(time / GRAIN)] + 8.0 * rng.standard_normal(), 330.0))
        time += rr[-1] / 1000.0
        times.append(time)
    return np.array(times), np.array(rr)


def _chest(rng: np.random.Generator, lung: _Lung, time: FloatArray, strength: float) -> FloatArray:
    """Return (n, 4) waves: the lung with a gain each, noise that all share, noise of their own."""
    n = len(time)
    filled = np.interp(time, GRAIN * np.arange(len(lung.filling)), lung.filling)[:, np.newaxis]
    gain = 1.2 * strength * rng.uniform(0.2, 1.5, 4) * rng.choice([-1.0, 1.0], 4)
    shared = 0.5 * rng.uniform(0.2, 0.8, 4) * rng.standard_normal((n, 1))
    own = 0.4 * rng.standard_normal((n, 4)) + 0.6 * rng.uniform(0.0, 1.0, 4) * falling(
        rng, n, 4, 1.0
    )
    return np.asarray(gain * filled + shared + own)
