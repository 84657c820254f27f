"""Rhythms that are locked to the beat: the same change of pace at every k-th heartbeat.

Labels do not see an early beat that comes at every k-th place, for thresholds grow with it. Folded
at k, the differences of such a rhythm keep their size however many periods are laid on each other;
those of breathing do not, for it drifts against the beats. A breath that happens to keep step with
them, as a paced one can, is told by its shape: it swings all along the period, where an early beat
changes two intervals and leaves the others alone. At k = 3 every pattern is a sinusoid, and no
shape tells them apart.

The rule is our own; its limits were chosen on rhythms made for it and on the recordings named in
docs/science.md.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from physio.beats import LONGEST_INTERVAL, Beats, FloatArray, IntArray, beginnings
from physio.compiled import compiled, frozen

SECONDS = 300.0
"""Of beats that a rhythm is judged by, up to the moment."""
FEWEST_SECONDS = 0.98 * 120.0
"""Of unbroken beats below which it is not judged: two minutes, as a strap's beats fill them."""
FEWEST_BEATS, MOST_BEATS = 39, 1024
"""Three of the longest periods, below which nothing is folded; the newest that are looked at."""

PERIODS = np.arange(2, 14)
"""Beats from one early beat to the next; an interpolated one makes an interval two."""
LEAST_SWING = 0.06
"""Share of the mean interval that the folded intervals span."""
LEAST_SHARE = 0.1
"""Share of the differences' variance that the fold holds."""
LEAST_RATIO = 5.0
"""Variance of the fold over that of its scatter, each by its degrees of freedom."""

STEADY, HALF_STEADY = 0.85, 0.5
"""Share of the power of four quarters' folds that their mean keeps: of a wave that turns by a
quarter against the beats, over the whole, it keeps 0.81; by a half, 0.41."""
QUARTERS = 4
ALTERNATION = 0.2
"""Share of an even half in a fold at 4, which a sinusoid has not, and a pulse has."""
PULSE = np.array([0.95, 0.9, *[0.78] * 7])
"""For k = 5 to 13, the share of the folded differences that one early beat explains, if it is one.
A sinusoid in step with the beats has at most 0.72, 0.5, 0.37 and less."""
MAYBE_PULSE = np.minimum(PULSE, 0.82)
"""From here on it may be one: a breath that is no sinusoid is between."""

TICK = 1.0 / 64.0
"""Milliseconds. Sums of whole ticks are exact, so that no order of adding them matters."""
_ROWS = 4096


class Lock(IntEnum):
    """Whether a rhythm is locked to the beat."""

    NONE = 0
    UNCLEAR = 1
    """It is, and may be breathing in step with the beats."""
    LOCKED = 2


LockArray = NDArray[np.int8]


def locks(beats: Beats, end: FloatArray) -> LockArray:
    """Return (m,) values of `Lock`: what the five minutes of beats before each `end` (s) are.

    Parameters
    ----------
    beats : Beats
        Of a recording, or of any part of it that reaches `SECONDS` before each `end`.
    end : (m,) float
        Moments in s on the session clock.

    Returns
    -------
    (m,) int8
        `Lock.NONE` too where no unbroken two minutes lie in these five.
    """
    ticks = _ticks(beats)
    first, last = _stretches(beats, ticks, end)
    found = np.zeros(len(end), np.int8)
    judged = (last > first).nonzero()[0]
    for start in range(0, len(judged), _ROWS):
        rows = judged[start : start + _ROWS]
        found[rows] = _locks(ticks, first[rows], last[rows])
    return found


def parts(beats: Beats) -> IntArray:
    """Return the last beat of each five minutes laid end to end in each segment, and of the rest.

    What a whole recording is judged by; the rest of a segment is judged with what came before it.
    """
    if len(beats) == 0:
        return np.empty(0, np.int64)
    number = np.floor(beats.elapsed / (1000.0 * SECONDS))
    ends = (np.diff(number) != 0) | (np.diff(beats.segment) != 0)
    return np.append(np.flatnonzero(ends), len(beats) - 1)


def counts(lock: LockArray, ends: IntArray, *, begin: int = 0) -> IntArray:
    """Return (3,) how many beats lie in parts of each kind, the first from place `begin` on."""
    size = np.diff(ends, prepend=begin - 1)
    return np.bincount(lock, size, minlength=len(Lock)).astype(np.int64)


class _Ticks(NamedTuple):
    """Intervals in whole ticks.

    Attributes
    ----------
    each : (n,) float
        What is no length is none.
    change : (n,) float
        From the one before; the first is 0.
    sums : (n + 1,) float
        Of those before each.
    """

    each: FloatArray
    change: FloatArray
    sums: FloatArray


def _ticks(beats: Beats) -> _Ticks:
    each = np.rint(np.fmin(np.fmax(beats.rr, 0.0), LONGEST_INTERVAL) / TICK)
    change, sums = np.zeros(len(each)), np.zeros(len(each) + 1)
    np.subtract(each[1:], each[:-1], out=change[1:])
    np.cumsum(each, out=sums[1:])
    return _Ticks(each, change, sums)


def _stretches(beats: Beats, ticks: _Ticks, end: FloatArray) -> tuple[IntArray, IntArray]:
    """Return the first and one after the last beat that each moment is judged by, 0 if none.

    They are the newest unbroken stretch of two minutes in the last five.
    """
    last = beats.time.searchsorted(end, side="right")
    first = last.copy()
    _set_stretches(frozen(beats.time), frozen(beats.segment), ticks.sums, end, first, last)
    return first, last


def _one_by_one(
    time: FloatArray,
    segment: IntArray,
    sums: FloatArray,
    end: FloatArray,
    first: IntArray,
    last: IntArray,
) -> None:
    """Set `first` and `last`, which hold the place after the newest beat, to the stretches."""
    fewest = FEWEST_SECONDS * 1000.0 / TICK
    for j in range(len(end)):
        begin, stop, oldest = last[j], last[j], end[j] - SECONDS
        while begin > 0 and time[begin - 1] > oldest:
            begin -= 1
            begins = begin == 0 or segment[begin - 1] != segment[begin]
            if begins or time[begin - 1] <= oldest:
                if sums[stop] - sums[begin] >= fewest:
                    break
                # A stretch that has just begun says nothing yet; the one before it still does.
                stop = begin
        begin = min(max(begin, stop - MOST_BEATS), stop)
        judged = sums[stop] - sums[begin] >= fewest and stop - begin >= FEWEST_BEATS
        first[j], last[j] = (begin, stop) if judged else (0, 0)


def _all_at_once(
    time: FloatArray,
    segment: IntArray,
    sums: FloatArray,
    end: FloatArray,
    first: IntArray,
    last: IntArray,
) -> None:
    """Set what `_one_by_one` does, for all moments together."""
    if len(time) == 0:
        return
    begins, fewest = beginnings(segment), FEWEST_SECONDS * 1000.0 / TICK
    oldest = time.searchsorted(end - SECONDS, side="right")
    own = begins.searchsorted(np.maximum(last - 1, 0), side="right") - 1
    first[:] = np.maximum(begins[own], oldest)
    short = sums[last] - sums[np.minimum(first, last)] < fewest
    edges = np.append(begins, len(time))
    long = sums[edges[1:]] - sums[edges[:-1]] >= fewest
    before = np.maximum.accumulate(np.where(long, np.arange(len(begins)), -1))
    earlier = np.where(own > 0, before[own - 1], -1)
    last[:] = np.where(short, np.where(earlier >= 0, edges[earlier + 1], 0), last)
    first[:] = np.where(short, np.maximum(begins[np.maximum(earlier, 0)], oldest), first)
    first[:] = np.minimum(np.maximum(first, last - MOST_BEATS), last)
    none = (sums[last] - sums[first] < fewest) | (last - first < FEWEST_BEATS)
    first[none] = last[none] = 0


_set_stretches = compiled(_one_by_one, interpreted=_all_at_once)


_BEGINS = np.cumsum(PERIODS) - PERIODS
"""Where the places of each period begin in a row that holds them all."""
_OF = np.arange(len(PERIODS)).repeat(PERIODS)
"""Which period each of those places is one of."""
_PERIOD, _PLACE = PERIODS[_OF], np.arange(len(_OF)) - _BEGINS[_OF]
"""That period, and which of its places; 0 is that of the newest difference."""


def _locks(ticks: _Ticks, first: IntArray, last: IntArray) -> LockArray:
    """Return what m stretches of beats are."""
    found = np.zeros(len(first), np.int8)
    fold, swing = np.empty((len(first), len(_OF))), np.empty((len(first), len(PERIODS)))
    _fold(ticks.change, first, last, fold, swing)
    wide = swing >= LEAST_SWING * _means(ticks, first, last)
    if not wide.any():
        return found
    count = (last - first - 1)[:, np.newaxis]
    size = np.add.reduceat(fold**2, _BEGINS, axis=1)
    power = _powers(ticks, first, last) / count
    share = size / PERIODS / np.where(power > 0.0, power, 1.0)
    # What is left of the variance, and how much of it a fold of noise alone would hold.
    rest = np.maximum(1.0 - share, 1e-12) / (count - PERIODS)
    noise = rest * power * PERIODS
    may = wide & (share >= LEAST_SHARE) & (share / (PERIODS - 1) / rest >= LEAST_RATIO)
    for place in np.flatnonzero(may.any(axis=0)).tolist():
        rows, period = np.flatnonzero(may[:, place]), int(PERIODS[place])
        own = fold[rows, _BEGINS[place] : _BEGINS[place] + period], noise[rows, place]
        if period > QUARTERS:
            kind = _by_shape(*own)
        else:
            change = _changes(ticks, first[rows], last[rows])
            kind = _by_steadiness(*own, _quarters(change, count[rows], period))
        found[rows] = np.maximum(found[rows], kind)
    return found


def _changes(ticks: _Ticks, first: IntArray, last: IntArray) -> FloatArray:
    """Return (m, w) the differences inside each stretch, the newest last; 0 before it."""
    at = last[:, np.newaxis] - np.arange(int((last - first).max()), 0, -1)
    inside = at > first[:, np.newaxis]
    return np.where(inside, ticks.change[np.where(inside, at, 0)], 0)


def _fold_each(
    change: FloatArray, first: IntArray, last: IntArray, fold: FloatArray, swing: FloatArray
) -> None:
    """Set what `_fold_all` does, stretch by stretch."""
    for j in range(len(first)):
        begin = 0
        for k in range(swing.shape[1]):
            period, total = PERIODS[k], 0.0
            own = fold[j, begin : begin + period]
            own[:] = 0.0
            place = 0
            for i in range(last[j] - 1, first[j], -1):
                own[place] += change[i]
                place = place + 1 if place + 1 < period else 0
            for place in range(period):
                own[place] /= -((place - (last[j] - first[j] - 1)) // period)
                total += own[place]
            rr, least, most = 0.0, np.inf, -np.inf
            for place in range(period):
                own[place] -= total / period
                rr += own[place]
                least, most = min(least, rr), max(most, rr)
            swing[j, k] = most - least
            begin += period


def _fold_all(
    change: FloatArray, first: IntArray, last: IntArray, fold: FloatArray, swing: FloatArray
) -> None:
    """Set `fold` (m, 90) to the mean of the differences on each place of each period, less theirs.

    Set `swing` (m, 12) to how widely the intervals span whose differences are folded.
    """
    number = -((_PLACE - (last - first - 1)[:, np.newaxis]) // _PERIOD)
    # Of what these stretches hold alone: so a recording twice as long takes twice as long.
    begin, end = int(first.min()), int(last.max())
    fold[:] = _sums_on_places(change[begin:end], last - begin, number) / number
    fold -= (np.add.reduceat(fold, _BEGINS, axis=1) / PERIODS)[:, _OF]
    rr = np.cumsum(fold, axis=1)
    most, least = (edge.reduceat(rr, _BEGINS, axis=1) for edge in (np.maximum, np.minimum))
    swing[:] = most - least


_fold = compiled(_fold_each, interpreted=_fold_all)


def _sums_on_places(change: FloatArray, last: IntArray, number: IntArray) -> FloatArray:
    """Return (m, 90) the sums of the newest `number` (m, 90) differences on each place."""
    each = [_sums_at_stride(change, period) for period in PERIODS.tolist()]
    begin = np.cumsum([0, *map(len, each[:-1])])[_OF]
    newest = begin + _PERIOD + last[:, np.newaxis] - 1 - _PLACE
    sums = np.concatenate(each)
    return np.asarray(sums[newest] - sums[newest - number * _PERIOD])


def _sums_at_stride(change: FloatArray, stride: int) -> FloatArray:
    """Return the sums of every `stride`-th difference up to each; the first `stride` are 0."""
    held = np.zeros(stride * (1 - -len(change) // stride))
    held[stride : stride + len(change)] = change
    return held.reshape(-1, stride).cumsum(axis=0).ravel()


def _powers(ticks: _Ticks, first: IntArray, last: IntArray) -> FloatArray:
    """Return (m, 1) the sum of the squared differences inside each stretch."""
    sums = np.cumsum(ticks.change**2)
    return np.asarray((sums[last - 1] - sums[first])[:, np.newaxis])


def _means(ticks: _Ticks, first: IntArray, last: IntArray) -> FloatArray:
    """Return (m, 1) the mean interval of each stretch."""
    whole = ticks.sums[last] - ticks.sums[first]
    return np.asarray((whole / (last - first))[:, np.newaxis])


def _by_shape(fold: FloatArray, noise: FloatArray) -> LockArray:
    """Return what folds (m, k) of at least five are by how much of each one early beat explains.

    An early beat changes two intervals, so three differences, which add up to nothing.
    """
    period = fold.shape[1]
    three = fold[:, (np.arange(period)[:, np.newaxis] + np.arange(3)) % period]
    explained = (three**2).sum(axis=2) - three.sum(axis=2) ** 2 / 3.0
    size = (fold**2).sum(axis=1)
    left = np.maximum(size - explained.max(axis=1) - (period - 3) * noise, 0.0)
    share = 1.0 - left / (size - (period - 1) * noise)
    may, sure = share >= MAYBE_PULSE[period - 5], share >= PULSE[period - 5]
    return np.where(sure, Lock.LOCKED, np.where(may, Lock.UNCLEAR, Lock.NONE)).astype(np.int8)


def _by_steadiness(fold: FloatArray, noise: FloatArray, quarters: FloatArray) -> LockArray:
    """Return what folds (m, k) of two to four are by how alike their quarters (m, 4, k) are."""
    period = fold.shape[1]
    free = (period - 1) * noise
    kept = (quarters.mean(axis=1) ** 2).sum(axis=1) - free
    steady = kept / ((quarters**2).sum(axis=(1, 2)) / QUARTERS - QUARTERS * free)
    if period == 2:
        sure = steady >= STEADY
    else:
        sure = (_alternation(fold) >= ALTERNATION) & (steady >= HALF_STEADY)
    may = steady >= STEADY
    return np.where(sure, Lock.LOCKED, np.where(may, Lock.UNCLEAR, Lock.NONE)).astype(np.int8)


def _quarters(change: FloatArray, count: IntArray, period: int) -> FloatArray:
    """Return (m, 4, period) the fold of each quarter of the newest `count` (m, 1) differences."""
    turns = count // (QUARTERS * period)
    before = np.arange(change.shape[1])[::-1]
    quarter = before // (turns * period)
    row = np.arange(len(change))[:, np.newaxis]
    place = (row * QUARTERS + quarter) * period + before % period
    held = quarter < QUARTERS
    size = len(change) * QUARTERS * period
    sums = np.bincount(place[held], change[held], size).reshape(len(change), QUARTERS, period)
    fold = sums / turns[:, :, np.newaxis]
    return np.asarray(fold - fold.mean(axis=2, keepdims=True))


def _alternation(fold: FloatArray) -> FloatArray:
    """Return the share of what alternates from beat to beat in intervals folded (m, k) at four.

    Nothing that is folded at three does.
    """
    if fold.shape[1] != 4:
        return np.zeros(len(fold))
    rr = np.cumsum(fold, axis=1)
    rr -= rr.mean(axis=1, keepdims=True)
    turned = (rr * (1.0, -1.0, 1.0, -1.0)).sum(axis=1)
    return np.asarray(turned**2 / 4.0 / (rr**2).sum(axis=1))
