"""Hours of a simulated heart whose episodes are known, as restless as a real one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from devices.scripted import NO_WAVES, Truth, Waves, simulate, waves
from physio.arousal.episodes import Episode, episodes
from physio.beats import Beats
from physio.labels import LabelArray, labels, usable
from proof.validation.made.beats import from_intervals

RESTLESS = 3.5
"""SD in bpm of the difference between one minute's heart rate and the next's: a real hour's."""

LEVEL = 72.0
"""Bpm of the scenario `therapy`."""

TICK = 1000.0 / 1024.0
"""Milliseconds that a strap counts in."""


@dataclass(frozen=True, slots=True, eq=False)
class Hour:
    """Beats, their labels, and what they were made from."""

    beats: Beats
    labels: LabelArray
    truth: Truth

    def found(self, until: float = np.inf) -> tuple[Episode, ...]:
        """Return the episodes that are sure by `until` (s)."""
        count = int(np.searchsorted(self.beats.time, until, side="right"))
        beats, label = self.beats[:count], self.labels[:count]
        each = episodes(beats, usable(label, beats.segment), label)
        return tuple(one for one in each if one.sure)


def minutes(seed: int) -> Waves:
    """Return waves of 1 to 15 min, of which minutes differ by `RESTLESS`."""
    random = np.random.default_rng(seed)
    wave = waves(random, np.exp(random.uniform(np.log(1 / 900), np.log(1 / 60), 24)), rms=1.0)
    larger = RESTLESS / (LEVEL * _apart(wave))
    return Waves(wave.frequency, wave.amplitude * larger, wave.phase)


def half_minutes(seed: int) -> Waves:
    """Return waves of 33 to 250 s, of which minutes differ by about `RESTLESS`."""
    random = np.random.default_rng(seed)
    return waves(random, random.uniform(0.004, 0.03, 8), rms=0.041)


def _apart(wave: Waves) -> float:
    """Return the SD of the difference between the means of neighbouring minutes."""
    x = np.pi * 60.0 * wave.frequency
    return float(np.sqrt(0.5 * np.sum((wave.amplitude * 2.0 * np.sin(x) ** 2 / x) ** 2)))


def hour(scenario: str, seed: int, *, seconds: float, slow: Waves = NO_WAVES) -> Hour:
    """Return a simulated recording, its intervals whole ticks as a strap sends them."""
    truth = simulate(scenario, seed=seed, seconds=seconds, slow=slow).truth
    peaks = truth.beat_time[truth.beat_time > 0.0]
    rr = TICK * np.round(np.diff(peaks) * 1024.0)
    made = from_intervals(rr)
    beats = Beats(peaks[0] + made.time, rr, made.segment)
    return Hour(beats, labels(beats.rr, beats.segment), truth)
