"""Rest that breathes as it likes, and misplaced beats planted in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from physio.beats import BoolArray, FloatArray, IntArray
from physio.labels import LabelArray
from proof.validation.made.beats import GRID, modulated

MISSED, EXTRA, EARLY = "missed", "extra", "early"
KINDS = (MISSED, EXTRA, EARLY)

APART = 6
"""Fewest clean beats between two events."""

CUT = (0.3, 0.7)
"""Where in an interval an extra beat lies, as a share of it."""

EARLY_BY = (0.15, 0.4)
"""By how much of its interval an early beat is early; 16 to 34 % in MIT-BIH record 100."""

WANDERINGS = 6
"""Slow waves that together make rate and depth of breathing wander."""


def unpaced(
    seed: int,
    *,
    duration: float = 1800.0,
    mean_rr: float = 900.0,
    depth: float = 25.0,
    slow_wave: float = 20.0,
    noise: float = 5.0,
) -> FloatArray:
    """Return (n,) clean intervals in ms of rest without a pacer.

    Breathing of 15 breaths/min whose rate and depth vary slowly, by standard deviations of 1.2
    breaths/min and a fifth; a wave near 0.1 Hz; independent noise on every interval.

    Parameters
    ----------
    seed : int
        Of everything random.
    duration, mean_rr : float
        In s and in ms.
    depth, slow_wave : float
        Amplitudes in ms.
    noise : float
        Standard deviation in ms.
    """
    random = np.random.default_rng(seed)
    time = np.arange(0.0, duration + 10.0, 1.0 / GRID)
    breath = np.cumsum(0.25 + 0.02 * _wandering(random, time)) / GRID
    slow = np.cumsum(0.1 + 0.01 * _wandering(random, time)) / GRID
    wave = depth * (1.0 + 0.2 * _wandering(random, time)) * np.sin(2.0 * np.pi * breath)
    wave += slow_wave * np.sin(2.0 * np.pi * slow)
    beats = modulated(
        lambda end: float(np.interp(end, time, wave)), mean_rr=mean_rr, duration=duration
    )
    return np.asarray(beats.rr + noise * random.standard_normal(len(beats)))


def _wandering(random: np.random.Generator, time: FloatArray) -> FloatArray:
    """Return a sum of slow waves of variance 1 at `time` (s)."""
    frequency = random.uniform(0.002, 0.03, WANDERINGS)[:, np.newaxis]
    phase = random.uniform(0.0, 2.0 * np.pi, WANDERINGS)[:, np.newaxis]
    waves = np.sin(2.0 * np.pi * frequency * time + phase)
    return np.asarray(waves.sum(axis=0) / np.sqrt(0.5 * WANDERINGS))


@dataclass(frozen=True, slots=True, eq=False)
class Planted:
    """Intervals with events in them.

    Attributes
    ----------
    rr : (n,) float
        Intervals in ms.
    place : (k,) int
        The first interval that each event changed.
    """

    rr: FloatArray
    place: IntArray

    def near(self, before: int, after: int) -> BoolArray:
        """Return (n,) the intervals from `before` before to `after` after an event's first."""
        found = np.zeros(len(self.rr), dtype=bool)
        around = self.place[:, np.newaxis] + np.arange(-before, after + 1)
        found[np.clip(around, 0, len(self.rr) - 1)] = True
        return found


@dataclass(frozen=True, slots=True)
class Count:
    """How many events bear a label, and how many intervals away from them do."""

    found: int
    events: int
    false: int
    normal: int

    def __add__(self, other: Count) -> Count:
        return Count(
            self.found + other.found,
            self.events + other.events,
            self.false + other.false,
            self.normal + other.normal,
        )

    @property
    def sensitivity(self) -> float:
        """Share of the events that were found."""
        return self.found / self.events

    @property
    def specificity(self) -> float:
        """Share of the intervals away from events that were left alone."""
        return 1.0 - self.false / self.normal

    def __str__(self) -> str:
        return (
            f"{percent(self.sensitivity)} of {self.events} found; {percent(self.specificity)} "
            f"of {self.normal} left alone"
        )


def counted(planted: Planted, label: LabelArray) -> Count:
    """Count an event as found where one of the two intervals that it changed bears a label.

    False are labels on intervals further than one before and one after those two.
    """
    flagged = label != 0
    pair = np.minimum(planted.place[:, np.newaxis] + np.arange(2), len(label) - 1)
    away = ~planted.near(1, 2)
    return Count(
        int(flagged[pair].any(axis=1).sum()),
        len(planted.place),
        int((flagged & away).sum()),
        int(away.sum()),
    )


def percent(share: float) -> str:
    """Return a share as it is printed."""
    return f"{100.0 * share:.2f} %"


def plant(
    rr: FloatArray,
    kind: str,
    *,
    share: float,
    seed: int,
    early_by: tuple[float, float] = EARLY_BY,
) -> Planted:
    """Return clean intervals with events of one kind at `share` of the beats.

    A missed beat makes two intervals one, an extra beat one interval two; an early beat moves
    between its two intervals, whose sum stays.
    """
    random = np.random.default_rng(seed)
    chosen = _chosen(len(rr), round(share * len(rr)), random)
    size = random.uniform(*(CUT if kind == EXTRA else early_by), size=len(rr))
    result: list[float] = []
    place: list[int] = []
    i = 0
    while i < len(rr):
        taken = 1
        if not chosen[i]:
            result.append(float(rr[i]))
        else:
            place.append(len(result))
            result += _changed(kind, float(rr[i]), float(rr[i + 1]), float(size[i]))
            taken = 1 if kind == EXTRA else 2
        i += taken
    return Planted(np.array(result), np.array(place, np.int64))


def _changed(kind: str, this: float, following: float, size: float) -> list[float]:
    if kind == MISSED:
        return [this + following]
    if kind == EXTRA:
        return [size * this, (1.0 - size) * this]
    return [this - size * this, following + size * this]


def _chosen(n: int, count: int, random: np.random.Generator) -> BoolArray:
    """Return which of n intervals events begin at, `APART` from each other and from the ends."""
    free = np.ones(n, dtype=bool)
    free[: APART - 1] = free[-APART - 1 :] = False
    chosen = np.zeros(n, dtype=bool)
    for place in random.permutation(n).tolist():
        if free[place] and chosen.sum() < count:
            chosen[place] = True
            free[max(0, place - APART) : place + APART + 1] = False
    return chosen
