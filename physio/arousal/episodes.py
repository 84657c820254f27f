"""Episodes: stretches in which heart rate rose above where it had been, and settled again.

A change is noticed as it happens: each second the height of a rise that may have begun a little
before is estimated beside the waves of the last minute, and where it stands out of what such
estimates were over the last minutes, an episode has begun. So the baseline follows heart rate
slowly, the threshold follows the wearer, and what is noticed depends on nothing that comes later.
Page (1954, doi:10.1093/biomet/41.1-2.100) noticed changes by the cumulative sum of what exceeds a
level; see `noticed` why the sum is weighed here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from physio import quality
from physio.arousal.rates import Rates, rates
from physio.arousal.rise import (
    BEFORE,
    LONGEST,
    RISE,
    Rise,
    Value,
    fitted,
    shape,
    waves,
)
from physio.beats import Beats, BoolArray, FloatArray, IntArray
from physio.labels import LabelArray
from physio.windows import windows

LOOKS_BACK = 60
"""Seconds of heart rate that the height of a rise is estimated from."""

AGO = 18.0
"""Seconds before now at which the rise that is looked for begins."""

SD_QUICK, SD_REST = 3.0, 0.55
"""Bpm of the waves and of the rest that it must be told from: all slow waves are taken for quick,
so that no wave of half a minute passes for a rise."""

HIGHEST = 4.0
"""Bpm that a rise must be estimated at."""

STANDS_OUT = 3.6
"""Times the spread of the last estimates that it must be estimated at."""

USUAL, FEWEST = 300, 120
"""Seconds of estimates that tell their spread, and how many of them must be there."""

APART = 60
"""Seconds without an alarm before another counts."""

ECHO, OWN = 1.0, 8
"""Share of any estimate of the last `APART` s, but for the newest 8, that a rise must reach: the
weights see an echo of the other sign, .8 as high, after each rise and fall."""

MEMORY = LOOKS_BACK + USUAL + 2 * APART
"""Seconds of beats before a moment that tell whether an episode begins at it."""

NORMAL = 1.4826
"""A normal standard deviation in median absolute deviations."""


@dataclass(frozen=True, slots=True)
class Episode:
    """A rise of heart rate above where it had been, and how it settled.

    Attributes
    ----------
    onset, peak : Value
        Seconds on the session clock.
    height : Value
        Bpm.
    half_recovery, recovery : Value or None
        Seconds from the onset until half, and a tenth, of the height are left; None where the
        episode was not followed so far.
    noticed, until : float
        When it was noticed, and until when it could be followed: to what broke the reading, to the
        next episode, for `LONGEST` seconds, or to the newest beat.
    """

    onset: Value
    peak: Value
    height: Value
    half_recovery: Value | None
    recovery: Value | None
    noticed: float
    until: float

    @property
    def resolved(self) -> bool:
        """Whether heart rate was seen to settle."""
        return self.recovery is not None

    @property
    def sure(self) -> bool:
        """Whether heart rate surely rose: what was noticed may look otherwise later."""
        return self.height.low > 0.0


def episodes(
    beats: Beats,
    usable: BoolArray,
    label: LabelArray | None,
    *,
    unread: Iterable[tuple[float, float]] = (),
    since: float = -np.inf,
) -> tuple[Episode, ...]:
    """Return the episodes of a recording, or of what has come of it so far.

    Parameters
    ----------
    beats : Beats
        Beats that reach `MEMORY` s before `since`.
    usable : (n,) bool
        Intervals that may enter a mean.
    label : (n,) int8 or None
        Their labels, None where they are not used.
    unread : iterable of (start, end)
        Stretches in s in which heart rate is not to be read.
    since : float
        Seconds on the session clock from which on episodes are noticed.

    Returns
    -------
    tuple of Episode
        In order, those that are not sure included. None begins within a minute after a gap, an
        unread stretch, or beats of which too many bear a label; an episode is followed to the next
        such stretch.

    Examples
    --------
    >>> import numpy as np, physio
    >>> from physio.arousal.episodes import episodes
    >>> from physio.arousal.rise import shape
    >>> time = np.arange(800) * 0.8
    >>> bpm = 75 + 2 * np.sin(1.3 * time) + 12 * shape(time, 400, 2, 60, 10)
    >>> passed = np.cumsum(bpm) * 0.8 / 60
    >>> beats = physio.beats_from_peaks(np.interp(np.arange(1, 780), passed, time))
    >>> (one,) = episodes(beats, np.ones(len(beats), bool), None)
    >>> round(one.onset.value), round(one.height.value), round(one.half_recovery.value)
    (399, 12, 60)
    """
    rate = rates(beats, usable, unread)
    alarms, spread = noticed(rate, beats, label, since=since)
    if len(alarms) == 0:
        return ()
    last = np.append(alarms[1:] - int(AGO), len(rate))
    each = zip(alarms.tolist(), last.tolist(), spread.tolist(), strict=True)
    found = (_episode(rate, *one) for one in each)
    return tuple(found)


def noticed(
    rate: Rates, beats: Beats, label: LabelArray | None, *, since: float = -np.inf
) -> tuple[IntArray, FloatArray]:
    """Return the places of the seconds in which an episode is noticed, and the spread then (bpm).

    The height of a rise that began `AGO` s before, by generalised least squares over `LOOKS_BACK`
    s, must be `HIGHEST` and `STANDS_OUT` times the spread (scaled median of absolute values, of
    estimates whose middle is 0) of the last `USUAL` estimates, and no `ECHO`.

    Notes
    -----
    Chosen on simulated hours with slow waves that give the difference of two minutes an SD of 3.5
    bpm, as real hours have, in two kinds: periods of 33 to 250 s, and of 1 to 15 min. Beside the
    first, at one false alarm in 3 h, Page's sum of what exceeds a trailing mean finds 63 % of rises
    of 9 to 14 bpm (the best of 24 choices of mean and slack), a mean of seconds less the mean or
    line of those before 75 % (the best of 225), and these weights 98 %, at half as many.
    """
    height = _heights(rate)
    candidates = np.flatnonzero(height >= HIGHEST)
    spread = np.full(len(height), np.inf)
    spread[candidates] = _spread(height, candidates)
    least = np.maximum(HIGHEST, STANDS_OUT * spread)
    out = height >= np.maximum(least, ECHO * _just_before(np.abs(height)))
    places = np.flatnonzero(np.diff(out, prepend=False) & out)
    places = places[np.diff(places, prepend=-APART) >= APART]
    places = places[rate.first + places + 1.0 > since]
    places = places[_clear(np.asarray(rate.first + places + 1.0), beats, label)]
    return places, spread[places]


def _just_before(size: FloatArray) -> FloatArray:
    """Return the largest of the sizes up to `APART` and from `OWN` seconds before each."""
    from scipy.ndimage import maximum_filter1d

    known = np.concatenate((np.zeros(APART), np.nan_to_num(size)))
    width = APART - OWN
    # The filter looks to both sides of its middle.
    largest = maximum_filter1d(known, width, origin=-(width // 2), mode="constant")
    return np.asarray(largest[: len(size)])


@lru_cache(maxsize=1)
def _weights() -> tuple[FloatArray, float]:
    """Return the weight of each second, the newest first, and the error (bpm) of the height."""
    from scipy.linalg import toeplitz

    ago = np.arange(float(LOOKS_BACK))
    rise = shape(AGO - ago - 0.5, 0.0, RISE, np.inf, 1.0)
    model = np.column_stack((rise, np.ones(LOOKS_BACK)))
    inverse = np.linalg.inv(toeplitz(waves(ago, quick=SD_QUICK, slow=0.0, rest=SD_REST)))
    covariance = np.linalg.inv(model.T @ inverse @ model)
    return (covariance @ model.T @ inverse)[0], float(np.sqrt(covariance[0, 0]))


def _heights(rate: Rates) -> FloatArray:
    """Return (n,) the height (bpm) of a rise that began a little before, NaN where not known."""
    height = np.full(len(rate), np.nan)
    if len(rate) >= LOOKS_BACK:
        ago = enumerate(_weights()[0].tolist())
        last = len(rate) - LOOKS_BACK + 1
        rows = (each * rate.bpm[(k := LOOKS_BACK - 1 - back) : k + last] for back, each in ago)
        # Added one after the other, so that a second's sum is the same in any recording.
        height[LOOKS_BACK - 1 :] = sum(rows)
        lost = np.cumsum(np.append(0, ~rate.readable))
        height[LOOKS_BACK - 1 :][lost[LOOKS_BACK:] > lost[:-LOOKS_BACK]] = np.nan
    return height


def _spread(height: FloatArray, places: IntArray) -> FloatArray:
    """Return the spread (bpm) of the `USUAL` estimates before each place."""
    at = places[:, np.newaxis] - np.arange(1, USUAL + 1)
    before = np.sort(np.abs(np.where(at >= 0, height[np.maximum(at, 0)], np.nan)), axis=1)
    known = np.isfinite(before).sum(axis=1)
    row = np.arange(len(places))
    middle = 0.5 * (before[row, np.maximum(known - 1, 0) // 2] + before[row, known // 2])
    return np.where(known >= FEWEST, NORMAL * middle, np.inf)


def _clear(end: FloatArray, beats: Beats, label: LabelArray | None) -> BoolArray:
    """Return whether the minute up to each moment (s) can be read."""
    minute = windows(beats, np.ones(len(beats), bool), end - LOOKS_BACK, end)
    covered, labelled, uneven, _ = quality.shares(minute, label)
    return (
        (covered >= 100.0 - quality.LIMITED_ABOVE)
        & (labelled <= quality.LIMITED_ABOVE)
        & (uneven <= quality.NONE_ABOVE)
    )


def _episode(rate: Rates, alarm: int, last: int, spread: float) -> Episode:
    """Return the episode noticed in second `alarm`, of which the seconds before `last` tell."""
    first = max(alarm - BEFORE, _stretch_begins(rate, alarm))
    last = min(last, alarm + LONGEST, _stretch_ends(rate, alarm))
    time = np.asarray(rate.first + np.arange(first, last) + 0.5)
    size = max(1.0, spread / _weights()[1])
    at, until = rate.first + alarm + 1.0, float(rate.first + last)
    rise = fitted(time, rate.bpm[first:last], alarm=at, size=size)
    return _followed(rise, at, until)


def _followed(rise: Rise, noticed: float, until: float) -> Episode:
    seen = until - rise.onset.value
    half, whole = (
        time if time.value <= seen else None for time in (rise.half_recovery, rise.recovery)
    )
    return Episode(rise.onset, rise.peak, rise.height, half, whole, noticed, until)


def _stretch_begins(rate: Rates, place: int) -> int:
    lost = np.flatnonzero(~rate.readable[:place])
    return int(lost[-1]) + 1 if len(lost) else 0


def _stretch_ends(rate: Rates, place: int) -> int:
    lost = np.flatnonzero(~rate.readable[place:])
    return place + int(lost[0]) if len(lost) else len(rate)
