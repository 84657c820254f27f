"""The one heart rate that a glance shows: averaged until breathing has averaged out of it.

Over 10 s a breath of 15 s is no wave but a level, and the word would follow it up and down. Over
whole breaths the wave adds nothing; where they are slow, or not clear, over 45 s it adds little.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from physio.arousal.waves import half_width, level_and_trend
from physio.beats import Beats, BoolArray, FloatArray
from physio.breathing.rate import breathing_rate
from physio.windows import Windows, sums, windows

WHOLE_BREATHS = 30.0
"""Seconds that as many whole breaths as fit are averaged over, as in a block of the baseline."""

LONG = 45.0
"""Seconds averaged over where breathing is slow or its rate not clear: three breaths at 4/min."""

SLOW = 8.0
"""Breaths/min below which it is slow: three no longer fit, and it may be no breathing at all."""

BREATHING = 60.0
"""Seconds over which the breathing rate is looked for."""

STRETCHES = 3
"""Stretches, as long as what is averaged over and the last of them it, that the error is told by.

One alone tells its own error so badly that t asks a quarter more. Ours: beside made-up breathing
and waves of blood pressure the interval holds the truth in 98 % either way.
"""

FEWEST_BLOCKS, MOST_BLOCKS = 5, 8
BEATS_OF_BLOCK = 4
"""Beats of a block on the average: a slow heart has fewer blocks, not blocks that tell nothing."""

REACH = STRETCHES * LONG
"""Seconds before a moment that its level looks back; `BREATHING` is less."""

SHORTEST = 10.0
"""Seconds of usable intervals that a level needs."""

SURE = 20.0
"""Seconds without a gap that an error needs: two waves of blood pressure."""


ROUNDING = 1e-6
"""Seconds by which the beginning of a stretch may seem to lie before its first beat."""


@dataclass(frozen=True, slots=True)
class Level:
    """Mean heart rate in bpm, and half of its 95 % interval; None where not known."""

    value: float | None
    error: float | None


NO_LEVEL = Level(None, None)


def levels(beats: Beats, usable: BoolArray, end: FloatArray) -> tuple[Level, ...]:
    """Return the level of heart rate up to each of m moments.

    The mean over usable intervals of the last `LONG` seconds, or of as many whole breaths as fit
    into `WHOLE_BREATHS` where the breathing of the last minute is clear and not slow. A gap inside
    is passed over. The error is that of the mean with the waves taken out and autocorrelation
    allowed for (`physio.arousal.waves`), its variance averaged over the last `STRETCHES` stretches
    of that length; where there is a gap, of what follows it, once this lasts `SURE` seconds.

    Parameters
    ----------
    beats : Beats
        Beats that reach `REACH` s before each moment.
    usable : (n,) bool
        Intervals that may enter a mean.
    end : (m,) float
        The moments in s on the session clock, each the end of a beat.

    Returns
    -------
    tuple of Level
        Without a value where less than `SHORTEST` seconds are usable.
    """
    start = end - _seconds(beats, usable, end)
    held = windows(beats, usable, start, end)
    lasting = sums(beats.rr * usable, held.first, held.last)
    count = sums(usable.astype(np.float64), held.first, held.last)
    enough = lasting >= 1000.0 * SHORTEST
    mean = 60000.0 * count / np.where(enough, lasting, np.inf)
    error = _errors(beats, usable, start, end)
    known = np.isfinite(error)
    return tuple(
        Level(value, half if sure else None) if there else NO_LEVEL
        for value, half, there, sure in zip(
            mean.tolist(), error.tolist(), enough.tolist(), known.tolist(), strict=True
        )
    )


def _seconds(beats: Beats, usable: BoolArray, end: FloatArray) -> FloatArray:
    """Return how many seconds to average over."""
    rate = breathing_rate(windows(beats, usable, end - BREATHING, end))
    breath = 60.0 / rate
    whole = breath * np.floor(WHOLE_BREATHS / breath)
    return np.where(rate >= SLOW, whole, LONG)


def _errors(beats: Beats, usable: BoolArray, start: FloatArray, end: FloatArray) -> FloatArray:
    """Return half of the 95 % interval of each level; NaN where its own stretch does not tell."""
    newest = np.searchsorted(beats.time, end, side="right") - 1
    opening = beats.start[np.searchsorted(beats.segment, beats.segment[newest])]
    long = end - np.maximum(start, opening)
    last = end - long * np.arange(STRETCHES)[:, np.newaxis]
    first = np.maximum(last - long, opening)
    there = (first - (last - long) <= ROUNDING) & (long >= SURE)
    variance, freedom = np.zeros((2, *there.shape))
    held = windows(beats, usable, first[there], last[there])
    variance[there], freedom[there] = _variances(held)
    total = np.fmax(freedom.sum(axis=0), 1.0)
    pooled = np.sqrt(np.sum(variance * freedom, axis=0) / total)
    return np.where(freedom[0] > 0.0, half_width(pooled, total), np.nan)


def _variances(held: Windows) -> tuple[FloatArray, FloatArray]:
    """Return the squared standard error of each window's level, and its degrees of freedom.

    Both are 0 where it is not known.
    """
    beats = sums(held.usable.astype(np.float64), held.first, held.last)
    blocks = np.clip(beats // BEATS_OF_BLOCK, FEWEST_BLOCKS, MOST_BLOCKS).astype(np.int64)
    error = np.full(len(held), np.nan)
    for number in np.unique(blocks):
        alike = np.flatnonzero(blocks == number)
        error[alike] = level_and_trend(held.take(alike), int(number))[1][:, 0]
    known = np.isfinite(error)
    return np.where(known, error, 0.0) ** 2, np.where(known, blocks - 1.0, 0.0)
