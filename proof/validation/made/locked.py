"""Rhythms locked to every k-th beat, and breathing that keeps step with the beats."""

from __future__ import annotations

import numpy as np

from physio.beats import Beats, FloatArray
from proof.validation.made.beats import from_intervals, tones

PAUSE, RESET, INTERPOLATED = "pause", "reset", "interpolated"
"""After the early beat: a full pause, as if the beat had been on time; the rhythm anew; none, as
the beat lies between two of the rhythm."""


def locked(rr: FloatArray, period: int, *, early: float, kind: str, phase: int = 0) -> FloatArray:
    """Return intervals (ms) of which every k-th beat is early by a share of its own interval."""
    at = np.arange(phase, len(rr) - 1, period)
    result = rr.copy()
    result[at] *= 1.0 - early
    if kind == PAUSE:
        result[at + 1] += early * rr[at]
    if kind == INTERPOLATED:
        return np.asarray(np.insert(result, at + 1, early * rr[at]))
    return result


def in_step(
    period: int, swing: float, *, seed: int, off: float = 0.0, duration: float = 300.0
) -> Beats:
    """Return five minutes of breathing paced at the heart rate over k, or a share `off` beside it.

    Beside it lie a wave near 0.1 Hz of 15 ms, and noise of 6 ms. `swing` is from peak to trough, in
    ms; the mean interval is drawn between 700 and 1050 ms.
    """
    random = np.random.default_rng(seed)
    mean_rr = random.uniform(700.0, 1050.0)
    # Long intervals last longer, so beats are a little denser than 1 / mean: A2 / 2 of its square.
    dense = np.sqrt(1.0 - (0.5 * swing / mean_rr) ** 2)
    rate = 1000.0 / (mean_rr * dense) / period * (1.0 + off)
    parts = ((rate, 0.5 * swing), (random.uniform(0.08, 0.12), 15.0))
    beats = tones(parts, mean_rr=mean_rr, duration=duration, phase=random.uniform(0.0, 2.0 * np.pi))
    return from_intervals(beats.rr + 6.0 * random.standard_normal(len(beats)))
