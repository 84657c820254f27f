"""Beats of breaths that are no sinusoids or at no even pace, and of hearts without breath.

A pace is where in its breaths a body is at any time; the mean rate of a window is counted from it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from physio.beats import Beats, FloatArray
from proof.validation.made.beats import from_intervals, modulated

TICK = 1.0 / 1024.0
"""Seconds; steps in which a strap tells intervals."""

SHAPES = ("saw", "plateau", "any")

SLOWLY = 40.0
"""Seconds over which a pace that wanders slowly forgets how it was, to 1/e."""

GRAIN = 0.25
"""Seconds between the known places of a pace that wanders slowly."""


@dataclass(frozen=True, slots=True, eq=False)
class Pace:
    """How many breaths (k,) are over at the times (k,) in s, and evenly in between."""

    time: FloatArray
    breaths: FloatArray

    def at(self, time: ArrayLike) -> FloatArray:
        """Return how many breaths are over at each time."""
        return np.asarray(np.interp(np.asarray(time, np.float64), self.time, self.breaths))

    def rate(self, start: ArrayLike, end: ArrayLike) -> FloatArray:
        """Return the mean breaths/min between times."""
        apart = np.asarray(end, np.float64) - np.asarray(start, np.float64)
        return np.asarray(60.0 * (self.at(end) - self.at(start)) / apart)


def even(rate: float, *, duration: float = 310.0) -> Pace:
    """Return a pace of `rate` breaths/min all along."""
    time = np.array([0.0, duration + 10.0])
    return Pace(time, rate / 60.0 * time)


def breath_by_breath(
    rng: np.random.Generator, rate: float, deviation: float, *, duration: float = 310.0
) -> Pace:
    """Return a pace each of whose breaths lasts longer or shorter by that share, independently."""
    count = int(3.0 * rate / 60.0 * (duration + 10.0)) + 5
    lasting = 60.0 / rate * np.maximum(1.0 + deviation * rng.standard_normal(count), 0.3)
    return Pace(np.append(0.0, np.cumsum(lasting)), np.arange(count + 1.0))


def slowly(
    rng: np.random.Generator, rate: float, deviation: float, *, duration: float = 310.0
) -> Pace:
    """Return a pace whose rate is off by that share, and forgets it within `SLOWLY`."""
    count = int((duration + 10.0) / GRAIN)
    kept = np.exp(-GRAIN / SLOWLY)
    steps = rng.standard_normal(count) * np.where(np.arange(count) > 0, np.sqrt(1 - kept**2), 1.0)
    away = np.empty(count)
    away[0] = steps[0]
    for i in range(1, count):
        away[i] = kept * away[i - 1] + steps[i]
    gone = np.cumsum(rate / 60.0 * GRAIN * np.maximum(1.0 + deviation * away, 0.3))
    return Pace(GRAIN * np.arange(count + 1.0), np.append(0.0, gone))


def breathed(
    rng: np.random.Generator,
    pace: Pace,
    *,
    sizes: ArrayLike = (30.0,),
    phases: ArrayLike = (0.0,),
    heart_rate: float = 67.0,
    noise: float = 8.0,
    duration: float = 310.0,
) -> Beats:
    """Return beats that follow a pace.

    Parameters
    ----------
    rng : numpy.random.Generator
        Of the noise, and where in a breath it begins.
    pace : Pace
        Of the breaths.
    sizes, phases : (k,) float
        Amplitude in ms and phase in radians of the breath's own wave and its overtones.
    heart_rate, noise : float
        Beats/min; the standard deviation in ms of the noise on every interval.
    duration : float
        In s.
    """
    size, phase = np.asarray(sizes, np.float64), np.asarray(phases, np.float64)
    number, begin = np.arange(1, len(size) + 1), rng.uniform(0.0, 1.0)

    def wave(time: float) -> float:
        turn = 2.0 * np.pi * (float(pace.at(time)) + begin)
        return float(size @ np.sin(number * turn + phase))

    clean = modulated(wave, mean_rr=60000.0 / heart_rate, duration=duration)
    return from_intervals(clean.rr + noise * rng.standard_normal(len(clean)))


def overtones(rng: np.random.Generator, shape: str) -> tuple[FloatArray, FloatArray]:
    """Return sizes and phases (3,) of a breath whose overtones are up to as strong as itself.

    Of a "saw" all three waves rise together, of a "plateau" the second is weak, of "any" shape the
    phases are drawn.
    """
    second, third = rng.uniform(0.4, 1.0), rng.uniform(0.2, 1.0)
    if shape == "plateau":
        second *= 0.3
    phases = rng.uniform(0.0, 2.0 * np.pi, 3) if shape == "any" else np.zeros(3)
    return np.array([1.0, second, third]), phases


def jittered(
    rng: np.random.Generator,
    jitter: float,
    *,
    heart_rate: float,
    swing: float = 0.0,
    rate: float = 14.0,
    tick: float = TICK,
    duration: float = 300.0,
) -> Beats:
    """Return beats of an even heart, each told at a time of its own error.

    Parameters
    ----------
    rng : numpy.random.Generator
        Of the errors.
    jitter : float
        Their standard deviation in ms.
    heart_rate : float
        Beats/min.
    swing, rate : float
        What breathing moves the intervals by, in ms from peak to trough, and breaths/min.
    tick : float
        Seconds; the times are rounded to it.
    duration : float
        At least so many seconds.
    """
    mean = 60.0 / heart_rate
    number = np.arange(int(duration / mean) + 2)
    turn = 2.0 * np.pi * (rate / 60.0 * mean * number + rng.uniform())
    true = np.cumsum(mean + 0.0005 * swing * np.sin(turn))
    told = true + 0.001 * jitter * rng.standard_normal(len(true))
    return from_intervals(1000.0 * np.diff(np.round(told / tick) * tick))
