"""Beats for the pictures of docs/science.md, made from a formula and a fixed seed."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from physio.beats import FloatArray
from physio.windows import Windows
from proof.validation.made.beats import every_beat, from_intervals


def heart(
    seconds: float,
    *waves: tuple[float, float],
    mean: float = 900.0,
    noise: float = 0.0,
    seed: int = 1,
) -> FloatArray:
    """Return intervals (ms) around `mean` that swing by waves of (cycles a minute, amplitude)."""
    shaking = noise * np.random.default_rng(seed).standard_normal(int(seconds * 4))
    time = 0.0
    intervals: list[float] = []
    while time < seconds:
        swing = sum(size * np.sin(2 * np.pi * rate / 60 * time) for rate, size in waves)
        intervals.append(mean + swing + shaking[len(intervals)])
        time += intervals[-1] / 1000
    return np.array(intervals)


def spans(rr: FloatArray, start: ArrayLike, end: ArrayLike) -> Windows:
    """Return windows over intervals that are all usable."""
    return every_beat(from_intervals(rr), start, end)


def wandering(beats: int, *, seed: int, mean: float = 900.0) -> FloatArray:
    """Return intervals (ms) of a quiet heart whose breathing and slow waves never repeat.

    Three noises, each passed through a resonance: breathing near 14 a minute, the slow wave near
    6 a minute, and a drift.
    """
    random = np.random.default_rng(seed)
    total = np.full(beats, mean)
    for cycles, decay, size in ((14.0, 0.93, 25.0), (6.0, 0.93, 18.0), (0.0, 0.98, 12.0)):
        turn = 2 * np.pi * cycles / 60 * mean / 1000
        total += size * _resonance(random.standard_normal(beats + 400), decay, turn)[400:]
    return total


def _resonance(noise: NDArray[np.float64], decay: float, turn: float) -> FloatArray:
    state, values = 0j, []
    for kick in noise:
        state = decay * np.exp(1j * turn) * state + kick
        values.append(state.real)
    out = np.array(values)
    return np.asarray(out / out.std())
