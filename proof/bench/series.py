"""What is timed on: one made-up person, the same for every program, always the same."""

from __future__ import annotations

import numpy as np

from physio.beats import FloatArray, IntArray
from physio.windows import Windows, tiles, whole
from proof.bench.task import LENGTHS
from proof.validation import Shape, bumps, every_beat, from_intervals

BEATS_AN_HOUR = 4251.25

ARTEFACTS = 0.005
"""Share of beats at which one is missed, one too many is found or one comes early."""

ECG_RATE = 250.0

_WAVES: Shape = (
    (-0.17, 0.025, 0.12),
    (-0.03, 0.009, -0.15),
    (0.0, 0.011, 1.0),
    (0.03, 0.009, -0.2),
    (0.27, 0.045, 0.25),
)


def intervals(length: str) -> FloatArray:
    """Return (n,) intervals in ms: waves near 0.25 and 0.1 Hz, drift, noise; in 1/1024 s."""
    n = round(BEATS_AN_HOUR * LENGTHS[length])
    place = np.arange(n)
    rng = np.random.default_rng(1)
    drift = np.cumsum(rng.normal(0.0, 1.0, n))
    drift -= drift.mean()
    drift *= 60.0 / max(float(np.abs(drift).max()), 1.0)
    rr = 847.0 + 35.0 * np.sin(1.33 * place) + 30.0 * np.sin(0.53 * place) + drift
    return np.asarray(np.round((rr + rng.normal(0.0, 15.0, n)) * 1.024) / 1.024)


def with_artefacts(length: str) -> FloatArray:
    """Return intervals of which a few are double, halved, or early and then late."""
    rr = intervals(length)
    rng = np.random.default_rng(2)
    place = rng.choice(np.arange(20, len(rr) - 20, 4), int(ARTEFACTS * len(rr)), replace=False)
    doubled, halved, early = np.array_split(place, 3)
    rr[doubled] *= 2.0
    rr[halved] *= 0.5
    rr[early] -= 250.0
    rr[early + 1] += 250.0
    return rr


def evenly(length: str) -> FloatArray:
    """Return the intervals at 4 Hz."""
    rr = intervals(length)
    place = np.arange(0.0, 3600.0 * LENGTHS[length], 0.25)
    return np.asarray(np.interp(place, np.cumsum(rr) / 1000.0, rr))


def peaks(rr: FloatArray) -> IntArray:
    """Return the (n + 1,) samples of the R peaks at 1000 Hz, which NeuroKit2 takes."""
    return np.concatenate(([0], np.cumsum(rr))).astype(np.int64)


def one_window(rr: FloatArray) -> Windows:
    """Return the one window of all intervals."""
    beats = from_intervals(rr)
    return whole(beats, np.ones(len(rr), bool), start=0.0, end=float(beats.time[-1]))


def minutes(rr: FloatArray) -> Windows:
    """Return the windows of 60 s laid end to end."""
    beats = from_intervals(rr)
    return every_beat(beats, *tiles(beats, 60.0))


def at_every_beat(rr: FloatArray, seconds: float) -> Windows:
    """Return the windows of `seconds` that end with each beat after the first `seconds`."""
    beats = from_intervals(rr)
    end = beats.time[beats.time > seconds]
    return every_beat(beats, end - seconds, end)


def ecg(length: str) -> FloatArray:
    """Return an ECG in mV at `ECG_RATE`, its baseline moved by breathing, with a little noise."""
    rng = np.random.default_rng(0)
    seconds = 3600.0 * LENGTHS[length]
    now = np.arange(int(seconds * ECG_RATE)) / ECG_RATE
    signal = 0.02 * rng.standard_normal(len(now)) + 0.1 * np.sin(2.0 * np.pi * 0.25 * now)
    beat_times = 0.5 + np.cumsum(intervals(length)) / 1000.0
    beat_times = beat_times[beat_times < seconds - 1.0]
    size = 1.0 + 0.1 * np.sin(2.0 * np.pi * 0.25 * beat_times)
    return signal + bumps(now, beat_times, _WAVES, size)
