"""What heart rate did around marked moments, and whether other moments of the hour do the same.

Heart rate goes up and down by some beats from one minute to the next without any reason that could
be marked, so the change at a mark means little alone. It is told among the changes at all other
moments of the same hour, a second from one to the next, so that nothing is drawn at random. All
thresholds here are ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from physio import labels as labelling
from physio import quality
from physio.arousal.waves import half_width, level_and_trend
from physio.beats import Beats, BoolArray, FloatArray, IntArray
from physio.labels import LabelArray
from physio.reasons import Reason, ReasonCode
from physio.windows import Windows, sums, windows

MINUTE = 60.0
"""Seconds before and after a moment whose heart rates are compared."""

HOUR = 3600.0
"""Seconds around a mark whose other moments it is held against, as many as there are."""

STEP = 1.0
"""Seconds from one moment of a recording to the next."""

FEWEST_MINUTES = 15.0
"""Minutes of other moments without which nothing is said. Over simulated hours whose changes have
an SD of 3.5 bpm, random moments read 95 or more in 8 to 10 of 100 with 5 minutes, in 6 with 15; the
percentile is then off by 4 to 5 points (SD)."""

MISSING = LABELLED = quality.NONE_ABOVE
"""Percent of a minute without beats, and of its intervals that bear a label, above which it is not
read."""

BLOCKS = 6
"""Blocks of 10 s that tell the error of a minute's heart rate."""

LIKE = 1e-9
"""Bpm within which two changes are one."""

MOST, NEARLY_ALL = 90.0, 95.0
"""Percentiles from which on a change is more than at most, and at nearly all other moments."""


class Among(StrEnum):
    """How the change at one mark lies among those at the other moments of its hour."""

    LIKE_ANY = "like any"
    MORE_THAN_MOST = "more than most"
    MORE_THAN_NEARLY_ALL = "more than nearly all"


Span = tuple[float, float]
"""Start and end in s."""

Unread = tuple[float, float, Reason]
"""A stretch that is not read, from when to when in s, and why."""

Held = tuple[float, str]
"""From when in s a posture was held, and its name."""


@dataclass(frozen=True, slots=True, eq=False)
class Hours:
    """The change of heart rate at every moment of a recording, `STEP` s from one to the next.

    Attributes
    ----------
    time : (k,) float
        The moments in s on the session clock.
    change : (k,) float
        Mean heart rate of the minute after less that of the minute before, in bpm; NaN where one of
        the two is not read.
    """

    time: FloatArray
    change: FloatArray

    def where(self, kept: BoolArray) -> Hours:
        """Return the same moments, the change known only where `kept`, k of them, is True."""
        return Hours(self.time, np.where(kept, self.change, np.nan))


@dataclass(frozen=True, slots=True)
class MarkChange:
    """What heart rate did at one mark, among the other moments of its hour.

    Attributes
    ----------
    change : float or None
        Mean heart rate of the minute after less that of the minute before, in bpm.
    low, high : float or None
        Its 95 % interval, sampling error alone; None where it is not known, as with a gap inside.
    percentile : float or None
        Percent of the other moments at which heart rate rose less, of a rise, or fell less, of a
        fall; None where there are too few of them.
    minutes : float or None
        How many minutes of other moments that rests on.
    reason : Reason or None
        Why there is no change, or no percentile.
    """

    change: float | None
    low: float | None
    high: float | None
    percentile: float | None
    minutes: float | None
    reason: Reason | None


def hours(
    beats: Beats,
    label: LabelArray | None,
    *,
    start: float,
    end: float,
    unread: Sequence[Unread] = (),
) -> Hours:
    """Return the change of heart rate at all moments of a recording.

    A minute is read where beats cover at least 85 % of it, at most 15 % of its intervals bear a
    label, and no stretch of `unread` lies in it.

    Parameters
    ----------
    beats : Beats
        n intervals of the recording, which lasts from `start` to `end` (s).
    label : (n,) int8 or None
        Their labels; None to use every interval.
    start, end : float
        In seconds on the session clock.
    unread : sequence of (start, end, Reason)
        Stretches in s that are not read.

    Examples
    --------
    >>> import numpy as np, physio
    >>> from physio.arousal.moments import hours
    >>> beats = physio.beats_from_intervals([1000] * 300 + [800] * 375)
    >>> found = hours(beats, None, start=0.0, end=600.0)
    >>> found.change[[100, 300, 500]].round(1).tolist()
    [0.0, 15.0, 0.0]
    """
    time = np.asarray(start + STEP * np.arange(max(int((end - start) / STEP) + 1, 0)), np.float64)
    lag = round(MINUTE / STEP)
    begin = np.concatenate((time[:1] - MINUTE + STEP * np.arange(lag if len(time) else 0), time))
    rate = _rates(beats, label, begin, unread)
    return Hours(time, rate[lag:] - rate[: len(rate) - lag])


def mark_changes(
    beats: Beats,
    label: LabelArray | None,
    marks: ArrayLike,
    *,
    start: float,
    end: float,
    unread: Sequence[Unread] = (),
    episodes: Sequence[Span] = (),
    postures: Sequence[Held] = (),
) -> tuple[MarkChange, ...]:
    """Return what heart rate did at each of m marks, among the other moments of its hour.

    The hour reaches from 30 min before a mark to 30 min after it, or as far to the other side as
    the recording ends earlier. Left out are moments whose minutes have something in common with
    those of any mark, or with an episode that reaches into these, and moments of another posture
    than the mark's: heart rate changes otherwise lying than standing.

    Parameters
    ----------
    beats, label, start, end, unread
        As for `hours`.
    marks : (m,) float
        When what was marked is seen in the beats, in s on the session clock: where a strap tells of
        beats late, so much later than the mark was made.
    episodes : sequence of (start, end)
        Episodes in s, as far as they are known.
    postures : sequence of (start, name)
        From when in s each posture was held, in order; before the first, none is named.

    Examples
    --------
    >>> import physio
    >>> from physio.arousal.moments import mark_changes
    >>> beats = physio.beats_from_intervals([1000, 1010] * 750 + [800, 808] * 900)
    >>> (found,) = mark_changes(beats, None, [1507.5], start=0.0, end=2954.7)
    >>> round(found.change), found.percentile, round(found.minutes)
    (15, 100.0, 44)
    """
    at = np.asarray(marks, np.float64)
    if len(at) == 0:
        return ()
    all_moments = hours(beats, label, start=start, end=end, unread=unread)
    others = _others(all_moments, at, episodes)
    posture, own = _postures_throughout(others.time, postures), _postures(at, postures)
    before, after = (_minutes(beats, label, at + shift) for shift in (-MINUTE, 0.0))
    reasons = [
        _unread_between(moment - MINUTE, moment + MINUTE, unread)
        or _sparse(before, place, start, end)
        or _sparse(after, place, start, end)
        for place, moment in enumerate(at.tolist())
    ]
    change = _mean_rate(after) - _mean_rate(before)
    error = np.hypot(_error(before), _error(after))
    each = zip(at.tolist(), change.tolist(), error.tolist(), own.tolist(), reasons, strict=True)
    return tuple(
        _among(others.where(posture == held), moment, value, half)
        if reason is None
        else _unknown(reason)
        for moment, value, half, held, reason in each
    )


def among(percentile: float) -> Among:
    """Return how a change with this percentile lies among the others.

    Examples
    --------
    >>> from physio.arousal.moments import among
    >>> [among(percentile).value for percentile in (89.9, 90.0, 95.0)]
    ['like any', 'more than most', 'more than nearly all']
    """
    if percentile >= NEARLY_ALL:
        return Among.MORE_THAN_NEARLY_ALL
    return Among.MORE_THAN_MOST if percentile >= MOST else Among.LIKE_ANY


@dataclass(frozen=True, slots=True, eq=False)
class _Minutes:
    """m minutes: the windows, what of them is usable, and their shares in percent."""

    held: Windows
    coverage: FloatArray
    labelled: FloatArray

    @property
    def read(self) -> BoolArray:
        return np.asarray((self.coverage >= 100.0 - MISSING) & (self.labelled <= LABELLED))


def _minutes(beats: Beats, label: LabelArray | None, begin: FloatArray) -> _Minutes:
    """Return the minutes that begin at each of m times (s)."""
    usable = labelling.usable(label, beats.segment)
    held = windows(beats, usable, begin, begin + MINUTE)
    return _Minutes(held, quality.coverage(held), quality.corrected(held, label))


def _mean_rate(minutes: _Minutes) -> FloatArray:
    """Return (m,) mean heart rates in bpm, NaN where a minute cannot be read."""
    held = minutes.held
    count = sums(held.usable.astype(np.float64), held.first, held.last)
    lasting = sums(held.beats.rr * held.usable, held.first, held.last)
    return np.where(minutes.read & (count > 0.0), 60000.0 * count / np.fmax(lasting, 1.0), np.nan)


def _rates(
    beats: Beats, label: LabelArray | None, begin: FloatArray, unread: Sequence[Unread]
) -> FloatArray:
    rate = _mean_rate(_minutes(beats, label, begin))
    spans = [(first, last) for first, last, _ in unread]
    return np.where(_meets(begin, begin + MINUTE, spans), np.nan, rate)


def _error(minutes: _Minutes) -> FloatArray:
    """Return half of the 95 % interval of each minute's heart rate, its waves taken out."""
    half = np.full(len(minutes.held), np.nan)
    rows = np.flatnonzero(minutes.read)
    error = level_and_trend(minutes.held.take(rows), BLOCKS)[1][:, 0]
    half[rows] = half_width(error, BLOCKS - 1)
    return half


def _meets(start: FloatArray, end: FloatArray, spans: Sequence[Span]) -> BoolArray:
    """Return whether each of m stretches has anything in common with one of the spans."""
    first, last = np.array(spans, np.float64).reshape(-1, 2).T
    begun = np.searchsorted(np.sort(first), end, side="left")
    over = np.searchsorted(np.sort(last), start, side="right")
    return np.asarray(begun > over)


def _unread_between(start: float, end: float, unread: Sequence[Unread]) -> Reason | None:
    found = (reason for first, last, reason in unread if first < end and last > start)
    return next(found, None)


def _sparse(minutes: _Minutes, place: int, start: float, end: float) -> Reason | None:
    """Return why one minute of a recording from `start` to `end` (s) is not read."""
    if minutes.read[place]:
        return None
    coverage, begin = minutes.coverage[place], minutes.held.start[place]
    if coverage >= 100.0 - MISSING:
        return Reason(ReasonCode.LABELLED, percent=round(minutes.labelled[place]))
    if begin < start:
        return Reason(ReasonCode.NO_MINUTE_BEFORE)
    if begin + MINUTE > end:
        return Reason(ReasonCode.NO_MINUTE_AFTER)
    return Reason(ReasonCode.LITTLE_BESIDE, percent=round(coverage))


def _unknown(reason: Reason) -> MarkChange:
    return MarkChange(None, None, None, None, None, reason)


def _others(all_moments: Hours, marks: FloatArray, episodes: Sequence[Span]) -> Hours:
    """Return the moments that could be read and have nothing to do with a mark."""
    around = [(mark - MINUTE, mark + MINUTE) for mark in marks.tolist()]
    start, end = np.array(episodes, np.float64).reshape(-1, 2).T
    marked = [
        one for one, met in zip(episodes, _meets(start, end, around).tolist(), strict=True) if met
    ]
    time = all_moments.time
    kept = ~_meets(time - MINUTE, time + MINUTE, [*around, *marked])
    kept &= np.isfinite(all_moments.change)
    # The hour is laid within the whole recording, whatever of it is left out.
    return all_moments.where(kept)


def _postures(time: FloatArray, postures: Sequence[Held]) -> IntArray:
    """Return a number for the posture held at each of k moments, the same for the same posture."""
    number = {
        name: place for place, name in enumerate(dict.fromkeys(["", *(n for _, n in postures)]))
    }
    held = np.array([0, *(number[name] for _, name in postures)], np.int64)
    return held[np.searchsorted([start for start, _ in postures], time, side="right")]


def _postures_throughout(time: FloatArray, postures: Sequence[Held]) -> IntArray:
    """Return the same of both minutes beside each moment, -1 where they are not of one posture."""
    first, last = (_postures(time + shift, postures) for shift in (-MINUTE, MINUTE))
    return np.where(first == last, first, -1)


def _among(others: Hours, moment: float, change: float, half: float) -> MarkChange:
    """Return a change with its percentile among the `others` of its hour."""
    known = np.isfinite(half)
    low, high = (change - half, change + half) if known else (None, None)
    found = _of_the_hour(others, moment)
    minutes = STEP * len(found) / 60.0
    if minutes < FEWEST_MINUTES:
        few = Reason(ReasonCode.FEW_OTHER_MINUTES, have=int(minutes), needed=round(FEWEST_MINUTES))
        return MarkChange(change, low, high, None, minutes, few)
    return MarkChange(change, low, high, _percentile(found, change), minutes, None)


def _of_the_hour(others: Hours, moment: float) -> FloatArray:
    time = others.time
    begin = max(min(moment - HOUR / 2.0, time[-1] - HOUR), time[0])
    first, last = np.searchsorted(time, (begin, begin + HOUR), side="left")
    change = others.change[first:last]
    return change[np.isfinite(change)]


def _percentile(changes: FloatArray, change: float) -> float:
    """Return the percentage of `changes` that go less far the way that `change` goes.

    Those that are as large count half.
    """
    further = changes - change if change < 0.0 else change - changes
    less = np.count_nonzero(further > LIKE) + np.count_nonzero(further >= -LIKE)
    return 100.0 * float(less) / (2.0 * len(changes))
