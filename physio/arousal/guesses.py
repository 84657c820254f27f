"""Guesses of somebody who did not look, held against the rises that began meanwhile.

A rise counts as sensed where a guess lies near its onset; how many would be sensed by chance is the
mean over every shift of the guesses, all together, in a circle through the time in which they could
be made: as `physio.arousal.pooling` does with marks (a randomization test: Lehmann and Romano 2005,
doi:10.1007/0-387-27605-X, 15.2). Here that mean has a closed form, so nothing is drawn or sampled.
All thresholds are ours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from physio.beats import BoolArray, FloatArray

NEAR = 15.0
"""Seconds before or after an onset within which a guess senses it."""

FEWEST_GUESSES = 5
"""Guesses below which nothing is said of them together."""


@dataclass(frozen=True, slots=True, eq=False)
class Sensed:
    """What g guesses sensed of n rises.

    Attributes
    ----------
    seconds : float
        For how long a guess could be made and a rise be found, in s.
    counts : (g,) bool
        Which guesses were made in that time; the others count nothing.
    late : (g,) float
        How long after the onset of the rise that it senses a guess was made, in s, below 0 where it
        came first; NaN where it senses none.
    there : (n,) bool
        Which rises began in that time.
    sensed : (n,) bool
        Which rises a guess senses.
    by_chance : float or None
        How many would be sensed by chance alone; None below `FEWEST_GUESSES` that count.
    """

    seconds: float
    counts: BoolArray
    late: FloatArray
    there: BoolArray
    sensed: BoolArray
    by_chance: float | None


def sensed(
    guesses: ArrayLike, onsets: ArrayLike, covered: ArrayLike, unread: ArrayLike = ()
) -> Sensed:
    """Return what guesses sensed of rises.

    A guess senses at most one rise, the nearest of those with an onset within `NEAR` s of it. An
    onset before the picture was covered was there to be seen, so no later guess senses it; one
    after the cover was taken off may have been sensed before.

    Parameters
    ----------
    guesses : (g,) float
        When each was made, in s.
    onsets : (n,) float
        When each rise began, in s, on the same clock.
    covered : (k, 2) float
        Stretches in which nothing was to be seen.
    unread : (m, 2) float
        Stretches in which no rise can be found. Both in any order.

    Examples
    --------
    >>> from physio.arousal.guesses import sensed
    >>> found = sensed([104.0, 300.0], [100.0, 200.0, 900.0], [(0.0, 600.0)])
    >>> found.late.tolist(), found.sensed.tolist(), found.there.tolist()
    ([4.0, nan], [True, False, False], [True, True, False])
    >>> steady = sensed([60.0, 180.0, 300.0, 420.0, 540.0], [100.0], [(0.0, 600.0)])
    >>> steady.by_chance  # 30 of every 120 seconds are near some guess
    0.25
    """
    guess, onset = np.asarray(guesses, np.float64), np.asarray(onsets, np.float64)
    hidden, blind = _stretches(covered), _stretches(unread)
    edges, passed = _passed(hidden, blind)
    counts = _inside(hidden, guess) & ~_inside(blind, guess)
    distinct, place = np.unique(onset, return_inverse=True)
    low, high = _reach(distinct, hidden)
    near = np.searchsorted(low, guess, side="right") - 1
    hit = counts & (near >= 0)
    hit[hit] = guess[hit] <= high[near[hit]]
    late = np.full(len(guess), np.nan)
    late[hit] = guess[hit] - distinct[near[hit]]
    found = np.zeros(len(distinct), dtype=bool)
    found[near[hit]] = True
    length = np.interp(high, edges, passed) - np.interp(low, edges, passed)
    at = np.interp(guess[counts], edges, passed)
    return Sensed(
        seconds=float(passed[-1]),
        counts=counts,
        late=late,
        there=_inside(hidden, onset) & ~_inside(blind, onset),
        sensed=found[place],
        by_chance=_by_chance(at, length, float(passed[-1])),
    )


def _by_chance(at: FloatArray, length: FloatArray, seconds: float) -> float | None:
    """Return how many rises guesses sense at a mean shift.

    A rise whose reach is `length` s long is sensed at those shifts that bring one of the guesses
    into it. On the circle these are arcs of that length, one a guess, and each adds what lies
    before the next one begins.
    """
    if len(at) < FEWEST_GUESSES or seconds <= 0.0:
        return None
    order = np.sort(at)
    apart = np.diff(order, append=order[0] + seconds)
    return float(np.minimum(apart[:, np.newaxis], length).sum() / seconds)


def _reach(onset: FloatArray, hidden: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return from when to when a guess senses each of these onsets, which are in order.

    Where two reach over each other they part in the middle.
    """
    low, high = onset - NEAR, onset.copy()
    among = np.searchsorted(hidden[:, 0], onset, side="right") - 1
    within = _inside(hidden, onset)
    high[within] = np.minimum(onset[within] + NEAR, hidden[among[within], 1])
    over = np.flatnonzero(high[:-1] > low[1:])
    middle = (onset[over] + onset[over + 1]) / 2.0
    low[over + 1] = high[over] = np.clip(middle, low[over + 1], high[over])
    return low, high


def _passed(hidden: FloatArray, blind: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return moments in order, and how much of what is hidden and not blind has passed at each."""
    edges = np.unique(np.concatenate(([0.0], hidden.ravel(), blind.ravel())))
    middle = (edges[:-1] + edges[1:]) / 2.0
    there = _inside(hidden, middle) & ~_inside(blind, middle)
    return edges, np.concatenate(([0.0], np.cumsum(np.diff(edges) * there)))


def _stretches(spans: ArrayLike) -> FloatArray:
    """Return (k, 2) stretches in order, those that touch as one."""
    each = np.asarray(spans, np.float64).reshape(-1, 2)
    each = each[np.argsort(each[:, 0], kind="stable")]
    until = np.maximum.accumulate(each[:, 1])
    begins = np.append(True, each[1:, 0] > until[:-1])[: len(each)]
    ends = np.append(begins[1:], True)[: len(each)]
    return np.column_stack((each[begins, 0], until[ends]))


def _inside(spans: FloatArray, time: FloatArray) -> BoolArray:
    """Return which of (t,) times lie in any of (k, 2) stretches, their ends left out."""
    among = np.searchsorted(spans[:, 0], time, side="right") - 1
    inside = among >= 0
    inside[inside] = time[inside] < spans[among[inside], 1]
    return inside
