"""Made ECGs: their beats are where they were put."""

from __future__ import annotations

import numpy as np

from physio.beats import FloatArray

Shape = tuple[tuple[float, float, float], ...]
"""Bumps of a beat: seconds from the R wave, width in seconds, height in mV."""

NORMAL: Shape = (
    (-0.17, 0.025, 0.12),
    (-0.03, 0.009, -0.15),
    (0.0, 0.011, 1.0),
    (0.03, 0.009, -0.15),
)
"""Q and S are alike, so that the tip stays where it is."""

T_WAVE: Shape = ((0.27, 0.045, 0.25),)


def bumps(time: FloatArray, beats: FloatArray, shape: Shape, height: FloatArray) -> FloatArray:
    """Return (n,) the sum of Gaussian bumps of `shape` at each beat, times its height."""
    signal = np.zeros(len(time))
    for middle, width, tall in shape:
        for beat, factor in zip(beats, height, strict=True):
            edges = beat + middle - 6 * width, beat + middle + 6 * width
            near = slice(*np.searchsorted(time, edges))
            signal[near] += (
                factor * tall * np.exp(-0.5 * ((time[near] - beat - middle) / width) ** 2)
            )
    return signal


def made(
    beats: FloatArray,
    rate: float,
    seconds: float,
    *,
    noise: float = 0.01,
    seed: int = 0,
    height: FloatArray | None = None,
) -> FloatArray:
    """Return an ECG in mV with `beats` (s), and noise of one strength in its band at any rate."""
    time = np.arange(int(seconds * rate)) / rate
    tall = np.ones(len(beats)) if height is None else height
    clean = bumps(time, beats, (*NORMAL, *T_WAVE), tall)
    strength = noise * np.sqrt(rate / 250.0)
    grain = strength * np.random.default_rng(seed).standard_normal(len(time))
    return np.asarray(clean + grain)


def beat_times(
    seconds: float, *, seed: int = 1, rr: float = 0.8, spread: float = 0.05
) -> FloatArray:
    """Return times (s) with independent intervals, half a second from both ends."""
    steps = rr + spread * np.random.default_rng(seed).standard_normal(int(2 * seconds / rr))
    times = 0.5 + np.cumsum(np.clip(steps, 0.4, 2.0))
    return np.asarray(times[times < seconds - 0.5])
