"""The one heart rate that a glance shows: averaged until breathing has averaged out of it.

Over 10 s a breath of 15 s is no wave but a level, and the word would follow it up and down. Over
whole breaths the wave adds nothing; where they are slow, or not clear, over 45 s it adds little.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from physio.arousal.waves import level_and_trend
from physio.beats import Beats, BoolArray, FloatArray
from physio.breathing.rate import breathing_rate
from physio.windows import sums, windows

WHOLE_BREATHS = 30.0
"""Seconds that as many whole breaths as fit are averaged over, as in a block of the baseline."""

LONG = 45.0
"""Seconds averaged over where breathing is slow or its rate not clear: three breaths at 4/min."""

SLOW = 8.0
"""Breaths/min below which it is slow: three no longer fit, and it may be no breathing at all."""

BREATHING = 60.0
"""Seconds over which the breathing rate is looked for."""

BLOCKS = 7
"""Blocks of 4 to 6 s that tell the error. Ours: on real rest and slow breathing, 6 or 8 say much
the same, while a tenth of 30 s holds too few beats."""

SHORTEST = 10.0
"""Seconds of usable intervals that a level needs."""

SURE = 20.0
"""Seconds without a gap that an error needs: two waves of blood pressure."""


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
    allowed for (`physio.arousal.waves`); where there is a gap, of what follows it, once this lasts
    `SURE` seconds.

    Parameters
    ----------
    beats : Beats
        Beats that reach `BREATHING` s before each moment.
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
    newest = np.searchsorted(beats.time, end, side="right") - 1
    opening = np.searchsorted(beats.segment, beats.segment[newest])
    since = np.maximum(start, beats.start[opening])
    error = level_and_trend(windows(beats, usable, since, end), BLOCKS)[1][:, 0]
    return np.where(end - since >= SURE, error, np.nan)
