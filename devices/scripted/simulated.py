"""Simulated straps: named scenarios with known physiology, the same bytes for the same seed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from math import isfinite

import numpy as np
from numpy.typing import ArrayLike, NDArray

from devices.scripted.model import (
    NO_WAVES,
    Episode,
    Guided,
    Heart,
    Waves,
    beat_times,
    waves,
    with_early_beats,
)
from devices.scripted.packets import LIKE_AN_H10, Habits, Lost, strap_steps
from devices.scripted.script import Script

Floats = NDArray[np.float64]

SCENARIOS = (
    "rest, paced:RATE (3 to 30 breaths/min), resonance:RATE (4 to 7 breaths/min), therapy, "
    "ectopic:PERCENT (above 0, at most 20) or dropouts"
)

LONGEST = 48 * 3600.0
"""Seconds."""


@dataclass(frozen=True, slots=True)
class ScriptedBaseline:
    """At `time`, the stretch from `start` to `end` is chosen as the baseline; all in seconds."""

    time: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class ScriptedMark:
    """At `time` in seconds, someone marks the moment with `text`."""

    time: float
    text: str


Scripted = ScriptedBaseline | ScriptedMark


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """What a simulated strap was made from.

    Attributes
    ----------
    heart : Heart
        Level, breathing, RSA and episodes in closed form.
    beat_time : (n,) float
        All beats in seconds on the session clock, from before 0, early ones at their early time.
    early : (k,) int
        Index of the early beats in `beat_time`.
    losses : tuple of Lost
        What never arrives.
    duration : float
        In seconds.
    """

    heart: Heart
    beat_time: Floats
    early: NDArray[np.int64] = field(repr=False)
    losses: tuple[Lost, ...]
    duration: float

    @property
    def episodes(self) -> tuple[Episode, ...]:
        """Stretches of arousal."""
        return self.heart.episodes

    def heart_rate(self, time: ArrayLike) -> Floats:
        """Return the level with its episodes in bpm at each `time` in seconds."""
        return self.heart.heart_rate(time)

    def breathing_rate(self, time: ArrayLike) -> Floats:
        """Return breaths/min at each `time` in seconds."""
        return self.heart.breathing_rate(time)

    def rsa_amplitude(self, time: ArrayLike) -> Floats:
        """Return the RSA that intervals can show, in ms peak to trough, at each `time` in s."""
        return self.heart.rsa_amplitude(time)


@dataclass(frozen=True, slots=True, eq=False)
class Simulation:
    """A strap's script, what else happens, and the truth behind it."""

    script: Script
    scripted: tuple[Scripted, ...]
    truth: Truth


@dataclass(frozen=True, slots=True)
class _Scenario:
    seconds: float
    heart: Heart
    early: float = 0.0
    losses: tuple[Lost, ...] = ()
    scripted: tuple[Scripted, ...] = ()
    goes_on: Callable[[_Scenario, float], _Scenario] | None = None


def simulate(
    scenario: str,
    *,
    seed: int = 1,
    seconds: float | None = None,
    habits: Habits = LIKE_AN_H10,
    slow: Waves = NO_WAVES,
) -> Simulation:
    """Return a simulated strap.

    Parameters
    ----------
    scenario : str
        "rest" (600 s at 64 bpm, 14 breaths/min), "paced:RATE" (300 s at RATE breaths/min with an
        RSA of 100 ms before averaging), "resonance:RATE" (1090 s: the wearer follows the steps of
        an assessment, and their RSA is widest at RATE), "therapy" (1500 s: a baseline of 180 s,
        then marked episodes), "ectopic:PERCENT" (300 s of rest with early beats) or "dropouts"
        (600 s of rest with lost links, packets and contact).
    seed : int
        Same scenario, seed, length and habits: same bytes.
    seconds : float, optional
        Another length, above 0 and at most 48 h. The episodes of "therapy" repeat every 1200 s.
    habits : Habits
        How the strap sends.
    slow : Waves
        Further slow waves of heart rate, as shares of it: those of the scenarios are far smaller
        than a real hour's.

    Raises
    ------
    ValueError
        If there is no such scenario or the length is not in range.
    """
    rng = np.random.default_rng(seed)
    made = _scenario(scenario, rng)
    duration = made.seconds if seconds is None else float(seconds)
    if not 0 < duration <= LONGEST or not isfinite(duration):
        raise ValueError(
            f"A simulation lasts above 0 and at most {LONGEST:.0f} s; got {duration:g} s."
        )
    made = _at_length(_with_slow(made, slow), duration)
    beats = with_early_beats(beat_times(made.heart, rng, seconds=duration), rng, share=made.early)
    truth = Truth(made.heart, beats.time, beats.index, made.losses, duration)
    steps = strap_steps(beats.time, rng, seconds=duration, losses=made.losses, habits=habits)
    script = Script(
        name=f"Simulated strap ({scenario})",
        address=f"simulated:{scenario}:{seed}",
        steps=steps,
        battery=100,
        model="simulated",
        waits=True,
    )
    return Simulation(script, made.scripted, truth)


def _with_slow(made: _Scenario, slow: Waves) -> _Scenario:
    return replace(made, heart=replace(made.heart, slow=made.heart.slow.beside(slow)))


def _scenario(words: str, rng: np.random.Generator) -> _Scenario:
    name, _, value = words.strip().lower().partition(":")
    if name == "paced":
        return _paced(_number(words, value, low=3, high=30), rng)
    if name == "resonance":
        return _resonance(_number(words, value, low=4, high=7), rng)
    if name == "ectopic":
        share = _number(words, value, low=0, high=20) / 100
        if share > 0:
            return _Scenario(300.0, _resting(rng), early=share)
    plain = {"rest": _rest, "therapy": _therapy, "dropouts": _dropouts}
    if value or ":" in words or name not in plain:
        raise _unknown(words)
    return plain[name](rng)


def _number(words: str, value: str, *, low: float, high: float) -> float:
    try:
        number = float(value)
    except ValueError:
        raise _unknown(words) from None
    if not low <= number <= high:
        raise _unknown(words)
    return number


def _unknown(words: str) -> ValueError:
    return ValueError(f'There is no simulated scenario "{words}"; choose {SCENARIOS}.')


def _resting(rng: np.random.Generator, *, level: float = 64.0, breaths: float = 14.0) -> Heart:
    return Heart(
        level,
        breaths,
        rsa=50.0,
        wander=waves(rng, rng.uniform(0.005, 0.03, 4), rms=0.5),
        mayer=waves(rng, rng.uniform(0.09, 0.11, 5), rms=0.010),
        slow=_slow(rng, rms=0.012),
    )


def _slow(rng: np.random.Generator, *, rms: float) -> Waves:
    return waves(rng, rng.uniform(0.004, 0.03, 8), rms=rms)


def _rest(rng: np.random.Generator) -> _Scenario:
    return _Scenario(600.0, _resting(rng))


def _paced(breaths: float, rng: np.random.Generator) -> _Scenario:
    # Slow paced breathing takes the 0.1 Hz wave along: there is none of its own.
    heart = Heart(62.0, breaths, rsa=100.0, mayer=NO_WAVES, slow=_slow(rng, rms=0.006))
    return _Scenario(300.0, heart)


def _resonance(best: float, rng: np.random.Generator) -> _Scenario:
    guided = tuple(
        Guided(240.0 * step, 240.0 * step + 120.0, rate, _at_resonance(rate - best))
        for step, rate in enumerate((6.5, 6.0, 5.5, 5.0, 4.5))
    )
    heart = Heart(62.0, 14.0, rsa=50.0, slow=_slow(rng, rms=0.006), guided=guided)
    return _Scenario(1090.0, heart)


def _at_resonance(away: float) -> float:
    """Return the RSA in ms so many breaths/min away from the rate at which it is widest."""
    return 80.0 + 80.0 * float(np.exp(-((away / 0.4) ** 2)))


_THERAPY = (
    (300.0, 14.0, 70.0, "touched hip"),
    (700.0, 9.0, 50.0, "long silence"),
    (1100.0, 12.0, 90.0, "spoke of the accident"),
)
"""Onset in s, height in bpm, seconds to half recovery, and the mark 2 s after the onset."""

_CYCLE = 1200.0
_BASELINE = 180.0


def _therapy(rng: np.random.Generator) -> _Scenario:
    return _Scenario(1500.0, _resting(rng, level=72.0), goes_on=_with_episodes)


def _with_episodes(made: _Scenario, duration: float) -> _Scenario:
    told = [
        (onset + cycle, height, half, text)
        for cycle in np.arange(0.0, duration, _CYCLE).tolist()
        for onset, height, half, text in _THERAPY
        if onset + cycle < duration
    ]
    episodes = tuple(Episode(onset, height, half) for onset, height, half, _ in told)
    marks = (ScriptedMark(onset + 2.0, text) for onset, _, _, text in told)
    return replace(
        made,
        heart=replace(made.heart, episodes=episodes),
        scripted=(ScriptedBaseline(_BASELINE, 0.0, _BASELINE), *marks),
    )


def _dropouts(rng: np.random.Generator) -> _Scenario:
    losses = (
        Lost(90.0, 110.0, "link"),
        Lost(180.0, 185.0, "packets"),
        Lost(300.0, 345.0, "link"),
        Lost(430.0, 445.0, "contact"),
    )
    return _Scenario(600.0, _resting(rng, level=66.0), losses=losses)


def _at_length(made: _Scenario, duration: float) -> _Scenario:
    if made.goes_on is not None:
        made = made.goes_on(made, duration)
    losses = (replace(one, end=min(one.end, duration)) for one in made.losses)
    return replace(
        made,
        losses=tuple(one for one in losses if one.start < one.end),
        scripted=tuple(one for one in made.scripted if one.time < duration),
    )
