"""The simulated heart: integral pulse frequency modulation with known breathing and arousal.

A beat falls wherever the integral of the instantaneous rate reaches the next whole number. The rate
is the level (with arousal episodes) times one plus a breathing-locked wave (respiratory sinus
arrhythmia), a wave near 0.1 Hz and slow waves, all with stated sizes and seeded phases.

Source: Mateo J, Laguna P (2000), Improved heart rate variability signal analysis from the beat
occurrence times according to the IPFM model, IEEE Trans Biomed Eng 47:985-996,
doi 10.1109/10.855925.

Deviations: beat times carry a white jitter of 1.5 ms, as of a detector; early beats are moved by
hand; breathing modulates the rate only, not the level.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

WARM_UP = 10.0
"""Seconds of heartbeats before the session's 0, so that the first packet has something to tell."""

_STEP = 0.02
_JITTER = 0.0015
_BREATHING_RISE = 4.0
_RSA_LOSS = 0.5
_SPACING = 4


@dataclass(frozen=True, slots=True)
class Episode:
    """A stretch of arousal: heart rate rises at `onset` and settles along a logistic curve.

    The rate above the level is height / (1 + exp((t - t50) / settling)) after a logistic rise of
    scale `rise`, with t50 = onset + half_recovery (the curve of Christenfeld et al. 2000).
    Breathing quickens by 4 breaths/min and RSA halves at the full height.

    Attributes
    ----------
    onset : float
        Seconds on the session clock; 2 % of the height are reached here.
    height : float
        In bpm.
    half_recovery : float
        Seconds from the onset until half of the height is left.
    rise, settling : float
        Scales of the two logistic curves in seconds.
    """

    onset: float
    height: float
    half_recovery: float
    rise: float = 2.0
    settling: float = 10.0

    def shape(self, time: ArrayLike) -> Floats:
        """Return the share of the height, 0 to 1, at each `time` in seconds."""
        since = np.asarray(time, np.float64) - self.onset
        rising = _logistic((since - 4 * self.rise) / self.rise)
        return rising * _logistic((self.half_recovery - since) / self.settling)


@dataclass(frozen=True, slots=True)
class Waves:
    """A sum of cosines: frequencies in Hz, amplitudes, phases in radians, each of shape (k,)."""

    frequency: Floats
    amplitude: Floats
    phase: Floats

    def at(self, time: Floats) -> Floats:
        """Return the sum at each `time` in seconds."""
        total = np.zeros_like(time)
        for frequency, amplitude, phase in zip(
            self.frequency, self.amplitude, self.phase, strict=True
        ):
            total += amplitude * np.cos(2 * np.pi * frequency * time + phase)
        return total

    def beside(self, other: Waves) -> Waves:
        """Return the sum of these and of `other`."""
        return Waves(
            np.concatenate((self.frequency, other.frequency)),
            np.concatenate((self.amplitude, other.amplitude)),
            np.concatenate((self.phase, other.phase)),
        )


def waves(rng: np.random.Generator, frequency: ArrayLike, *, rms: float) -> Waves:
    """Return waves with random phases, amplitudes falling as 1/f, and `rms` in all."""
    f = np.asarray(frequency, np.float64)
    amplitude = rms * np.sqrt(2) / f / np.sqrt(np.sum(1 / f**2))
    return Waves(f, amplitude, rng.uniform(0, 2 * np.pi, len(f)))


NO_WAVES = Waves(np.empty(0), np.empty(0), np.empty(0))


@dataclass(frozen=True, slots=True)
class Guided:
    """A stretch in seconds with breathing of its own: breaths/min, and RSA in ms as in `Heart`."""

    start: float
    end: float
    breaths: float
    rsa: float


@dataclass(frozen=True, slots=True)
class Heart:
    """A wearer's heart, in closed form.

    Attributes
    ----------
    level : float
        Heart rate in bpm outside episodes.
    breaths : float
        Breathing rate in breaths/min outside episodes.
    rsa : float
        Peak to trough of the heart period at the breathing rate in ms, before it is averaged over
        each beat.
    wander : Waves
        Of the breathing rate, in breaths/min.
    mayer, slow : Waves
        Of the heart rate near 0.1 Hz and below, as shares of it.
    episodes : tuple of Episode
        Stretches of arousal.
    guided : tuple of Guided
        Stretches in which the wearer breathes with a guide.
    """

    level: float
    breaths: float
    rsa: float
    wander: Waves = NO_WAVES
    mayer: Waves = NO_WAVES
    slow: Waves = NO_WAVES
    episodes: tuple[Episode, ...] = ()
    guided: tuple[Guided, ...] = ()

    def heart_rate(self, time: ArrayLike) -> Floats:
        """Return the level with its episodes in bpm, without waves, at each `time` in seconds."""
        t = np.asarray(time, np.float64)
        return self.level + sum((e.height * e.shape(t) for e in self.episodes), np.zeros_like(t))

    def breathing_rate(self, time: ArrayLike) -> Floats:
        """Return breaths/min at each `time` in seconds."""
        t = np.asarray(time, np.float64)
        own = self.breaths + self.wander.at(t) + _BREATHING_RISE * self._arousal(t)
        return self._or_guided(t, own, [stretch.breaths for stretch in self.guided])

    def rsa_amplitude(self, time: ArrayLike) -> Floats:
        """Return the RSA that intervals can show, in ms peak to trough, at each `time` in seconds.

        An interval is the mean of the period over itself, which leaves sinc(f T) of a wave of
        frequency f at period T.
        """
        t = np.asarray(time, np.float64)
        beats_a_breath = self.heart_rate(t) / self.breathing_rate(t)
        return self._rsa(t) * np.sinc(1 / beats_a_breath)

    def rate(self, time: Floats) -> Floats:
        """Return the instantaneous rate in beats/s on an even grid of `time` in seconds."""
        level = self.heart_rate(time) / 60
        breath = np.cos(2 * np.pi * _integral(self.breathing_rate(time) / 60, time))
        depth = self._rsa(time) / 2000 * level
        return level * (1 + depth * breath + self.mayer.at(time) + self.slow.at(time))

    def _rsa(self, time: Floats) -> Floats:
        own = self.rsa * (1 - _RSA_LOSS * self._arousal(time))
        return self._or_guided(time, own, [stretch.rsa for stretch in self.guided])

    def _or_guided(self, time: Floats, own: Floats, guided: list[float]) -> Floats:
        inside = [(time >= one.start) & (time < one.end) for one in self.guided]
        return np.asarray(np.select(inside, guided, own)) if inside else own

    def _arousal(self, time: Floats) -> Floats:
        shapes = (episode.shape(time) for episode in self.episodes)
        return np.minimum(sum(shapes, np.zeros_like(time)), 1.0)


def beat_times(heart: Heart, rng: np.random.Generator, *, seconds: float) -> Floats:
    """Return the times of all beats in seconds, from `WARM_UP` before 0 to `seconds`, rising."""
    grid = np.arange(-WARM_UP, seconds + _STEP, _STEP)
    pulses = _integral(heart.rate(grid), grid)
    ordinal = np.arange(rng.uniform(0, 1), pulses[-1])
    times = np.interp(ordinal, pulses, grid)
    return np.asarray(times + rng.normal(0, _JITTER, len(times)))


@dataclass(frozen=True, slots=True, eq=False)
class EarlyBeats:
    """Beat times of which some came early, with `index` (k,) of those."""

    time: Floats
    index: NDArray[np.int64] = field(repr=False)


def with_early_beats(times: Floats, rng: np.random.Generator, *, share: float) -> EarlyBeats:
    """Move a `share` (0 to 0.2) of the beats forward by 25 to 40 % of their interval.

    The beat after each keeps its time: a full compensatory pause. Early beats are at least four
    beats apart.
    """
    inner = len(times) - 2
    count = min(round(share * len(times)), (inner + _SPACING - 1) // _SPACING)
    if count <= 0:
        return EarlyBeats(times, np.empty(0, np.int64))
    free = inner - (count - 1) * (_SPACING - 1)
    chosen = np.sort(rng.choice(free, count, replace=False))
    index = 1 + chosen + (_SPACING - 1) * np.arange(count)
    moved = times.copy()
    moved[index] -= rng.uniform(0.25, 0.40, count) * (times[index] - times[index - 1])
    return EarlyBeats(moved, index)


def _integral(values: Floats, time: Floats) -> Floats:
    pieces = (values[1:] + values[:-1]) / 2 * np.diff(time)
    return np.concatenate(([0.0], np.cumsum(pieces)))


def _logistic(x: Floats) -> Floats:
    return np.asarray(0.5 * (1 + np.tanh(x / 2)))
