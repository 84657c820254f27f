"""Beats whose truth is known: tones, paced breathing, rest; the same numbers on every machine.

Convention: an interval holds the modulation at its own end, where the spectra of `physio.hrv` have
their knots. A tone of amplitude A then holds A**2 / 2 ms2 exactly as those knots see it.
"""

from __future__ import annotations

from collections.abc import Callable
from math import sin, tau

import numpy as np
from numpy.typing import ArrayLike

from physio.beats import Beats, FloatArray, IntArray
from physio.windows import Windows, windows

Modulation = Callable[[float], float]
"""From seconds to milliseconds around the mean interval."""

CLOSE = 1e-12
"""Seconds to which the end of an interval is found."""

GRID = 4.0
"""Values a second of a random modulation."""


def from_intervals(rr: ArrayLike) -> Beats:
    """Return beats of one unbroken stretch that begins at 0 s, from (n,) intervals in ms.

    What a recording holds that is no interval of a heart stays in it.
    """
    intervals = np.asarray(rr, np.float64)
    time, segment = np.cumsum(intervals) / 1000.0, np.zeros(len(intervals), np.int64)
    return Beats.of_any_length(time, intervals, segment)


def with_gaps(rr: FloatArray, segment: IntArray, *, gap: float) -> Beats:
    """Return beats that begin at 0 s, `gap` seconds lost before each new segment."""
    return Beats(np.cumsum(rr) / 1000.0 + gap * segment, rr, segment)


def modulated(modulation: Modulation, *, mean_rr: float, duration: float) -> Beats:
    """Return beats whose intervals are `mean_rr` (ms) plus the modulation at their ends.

    Parameters
    ----------
    modulation : callable
        From seconds to ms. It must change by less than a second in a second.
    mean_rr : float
        In ms.
    duration : float
        Seconds; the last beat is the first that does not come before it.
    """
    rr: list[float] = []
    end = 0.0
    while end < duration:
        rr.append(_next(modulation, end, mean_rr))
        end += rr[-1] / 1000.0
    return from_intervals(rr)


def tone(
    frequency: float,
    amplitude: float,
    *,
    mean_rr: float = 900.0,
    duration: float = 310.0,
    phase: float = 0.0,
) -> Beats:
    """Return beats that hold one sinusoid of `amplitude` ms at `frequency` Hz; phase in radians."""
    return tones(((frequency, amplitude),), mean_rr=mean_rr, duration=duration, phase=phase)


def tones(
    parts: tuple[tuple[float, float], ...],
    *,
    mean_rr: float = 900.0,
    duration: float = 310.0,
    phase: float = 0.0,
) -> Beats:
    """Return beats that hold a sinusoid for each (frequency in Hz, amplitude in ms)."""

    def wave(time: float) -> float:
        return sum(
            amplitude * sin(tau * frequency * time + phase) for frequency, amplitude in parts
        )

    return modulated(wave, mean_rr=mean_rr, duration=duration)


def paced(
    rate: float,
    swing: float,
    *,
    seed: int,
    mean_rr: float = 900.0,
    duration: float = 310.0,
    noise: float = 8.0,
) -> Beats:
    """Return beats of breathing at an even pace, with independent noise on every interval.

    Parameters
    ----------
    rate : float
        Breaths/min.
    swing : float
        From peak to trough, in ms.
    seed : int
        Of the noise.
    mean_rr, noise : float
        In ms; the standard deviation of the noise.
    duration : float
        In s.
    """
    clean = tone(rate / 60.0, swing / 2.0, mean_rr=mean_rr, duration=duration)
    return from_intervals(
        clean.rr + noise * np.random.default_rng(seed).standard_normal(len(clean))
    )


def rest(
    seed: int,
    *,
    duration: float = 310.0,
    mean_rr: float = 900.0,
    breathing: tuple[float, float, float] = (0.25, 0.02, 25.0),
    slow_wave: tuple[float, float, float] = (0.1, 0.015, 20.0),
    noise: float = 10.0,
) -> Beats:
    """Return beats of a person at rest, stationary and without drift.

    Parameters
    ----------
    seed : int
        Of everything random.
    duration, mean_rr : float
        In s and in ms.
    breathing, slow_wave : (frequency, width, deviation)
        Two Gaussian bands: centre and standard deviation in Hz, and the standard deviation in ms
        of what they add to the intervals.
    noise : float
        Standard deviation in ms of independent noise on every interval.
    """
    random = np.random.default_rng(seed)
    count = 1 << int(np.ceil(np.log2((duration + 10.0) * GRID)))
    wave = sum(_band(random, count, *band) for band in (breathing, slow_wave))
    time = np.arange(count) / GRID
    clean = modulated(
        lambda end: float(np.interp(end, time, wave)), mean_rr=mean_rr, duration=duration
    )
    return from_intervals(clean.rr + noise * random.standard_normal(len(clean)))


def logistic(count: int, *, growth: float = 3.9, mean_rr: float = 900.0) -> Beats:
    """Return `count` beats whose intervals follow the logistic map: chaos without chance."""
    x = np.empty(count)
    x[0] = 0.3
    for i in range(1, count):
        x[i] = growth * x[i - 1] * (1.0 - x[i - 1])
    return from_intervals(mean_rr + 200.0 * (x - 0.5))


def every_beat(beats: Beats, start: ArrayLike, end: ArrayLike) -> Windows:
    """Return windows in which every interval is usable; edges in s."""
    return windows(beats, np.ones(len(beats), dtype=bool), start, end)


def all_of(rr: ArrayLike) -> Windows:
    """Return the one window of (n,) intervals in ms, each joined to the next."""
    return every_beat(from_intervals(rr), -np.inf, np.inf)


def _next(modulation: Modulation, begin: float, mean_rr: float) -> float:
    """Return the interval (ms) that begins at `begin` s and holds the modulation at its end."""
    interval = mean_rr + modulation(begin)
    while True:
        better = mean_rr + modulation(begin + interval / 1000.0)
        if abs(better - interval) <= 1000.0 * CLOSE:
            return better
        interval = better


def _band(
    random: np.random.Generator, count: int, centre: float, width: float, deviation: float
) -> FloatArray:
    """Return (count,) a Gaussian process whose power lies around `centre` Hz."""
    frequency = np.fft.rfftfreq(count, 1.0 / GRID)
    height = np.exp(-0.25 * ((frequency - centre) / width) ** 2)
    draw = random.standard_normal((2, len(frequency)))
    wave = np.fft.irfft(height * (draw[0] + 1j * draw[1]), count)
    # The expected variance, not the one drawn: a short record may be livelier than its process.
    return np.asarray(wave * (deviation * count / np.sqrt(4.0 * (height @ height))))
