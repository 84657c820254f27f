"""Times that are those of beats, exact to a few ms: where they part from the intervals."""

from __future__ import annotations

from typing import Final

import numpy as np

from physio.beats import MISSING, BoolArray, FloatArray

EXACT: Final = 0.005
"""Seconds within which most beat times step by their intervals; arrivals do not."""
HOLE: Final = 0.25
"""Share of an interval by which beat times must run ahead of the intervals, or fall behind."""
JITTER: Final = 6.0
"""How many times their usual deviation they must."""
SEEN_OVER: Final = 3
"""Rows over which beat times must stay ahead or behind: a time that is wrong is no hole."""


def passing(rr: FloatArray) -> FloatArray:
    """Return by how many ms each interval (ms) moves time on: 0 unless finite and above 0."""
    return np.where(np.isfinite(rr) & (rr > 0), rr, 0.0)


def passing_time(rr: FloatArray) -> FloatArray:
    """Return `passing` in seconds."""
    seconds = passing(rr)
    seconds /= 1000.0
    return seconds


def delay(time: FloatArray, rr: FloatArray) -> FloatArray:
    """Return (n,) time minus the intervals so far, in s: falls where these exceed the time."""
    return np.asarray(time - np.cumsum(passing_time(rr)))


def late(time: FloatArray, rr: FloatArray) -> FloatArray:
    """Return (n - 1,) by how many seconds each step of time is longer than the interval it ends."""
    return np.asarray(np.diff(time) - passing_time(rr[1:]))


def are_beat_times(time: FloatArray, rr: FloatArray) -> bool:
    """Return whether times step by their intervals, as beats do and arrivals do not."""
    return len(rr) > 2 and bool(np.median(np.abs(late(time, rr))) <= EXACT)


def holes(time: FloatArray, rr: FloatArray) -> BoolArray:
    """Return (n - 1,) before which intervals beat times run ahead for good: beats are missing."""
    run = delay(time, rr)
    stay = ahead(np.minimum, run, SEEN_OVER) - behind(np.maximum, run, SEEN_OVER)
    return np.asarray(stay > _enough(time, rr))


def without_room(time: FloatArray, rr: FloatArray) -> BoolArray:
    """Return (n - 1,) which intervals, after the first, beat times leave no room for."""
    run = delay(time, rr)
    stay = ahead(np.maximum, run, SEEN_OVER) - behind(np.minimum, run, SEEN_OVER)
    return np.asarray(stay < -_enough(time, rr))


def _enough(time: FloatArray, rr: FloatArray) -> FloatArray:
    """Return (n - 1,) seconds by which beat times must part from the intervals to tell of more."""
    least = JITTER * float(np.median(np.abs(late(time, rr))))
    return np.maximum(HOLE * passing_time(rr[1:]), least)


def ahead(extreme: np.ufunc, run: FloatArray, count: int) -> FloatArray:
    """Return (n - 1,) the `extreme` of `count` rows from each on, but from the first."""
    found = run[1:].copy()
    count, seen = min(count, len(found)), 1
    while seen < count:
        # What is seen of as many rows again, or of those that are left.
        more = min(seen, count - seen)
        found[:-more] = extreme(found[:-more], found[more:])
        seen += more
    return found


def behind(extreme: np.ufunc, run: FloatArray, count: int) -> FloatArray:
    """Return (n - 1,) the `extreme` of `count` rows before each, but before the first."""
    return ahead(extreme, run[::-1], count)[::-1]


def with_gaps(
    time: FloatArray, rr: FloatArray, before: BoolArray, stand_in: FloatArray | float = MISSING
) -> tuple[FloatArray, FloatArray]:
    """Return times and intervals with what stands for the missing `before` (n,) some of them."""
    gap = np.flatnonzero(before)
    ends = np.maximum(time[gap] - passing_time(rr[gap]), time[gap - 1])
    return np.insert(time, gap, ends), np.insert(rr, gap, stand_in)
