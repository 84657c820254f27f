"""Which humps of the envelope are beats: two thresholds that follow the signal, no loop over time.

A hump counts when it is the highest within `NEAREST` and at least `SHARE` of what is usual around
it: the median, over the blocks before and one after, of the highest hump in each. A second look
accepts humps of at least `LOW_SHARE` where a beat seems left out, after the search back of Pan and
Tompkins 1985 (doi:10.1109/TBME.1985.325532). Deviations from theirs: a median of blocks stands for
their running signal and noise levels, so that a burst of noise shorter than two blocks changes
nothing, and nothing is sequential; every decision depends on a bounded stretch around the hump.
All numbers are ours, set on the recordings that `proof/validation/goals/r_peaks.py` names.
"""

from __future__ import annotations

import numpy as np

from physio.beats import BoolArray, FloatArray, IntArray, beginnings
from physio.ecg.filters import Design, Work
from physio.medians import median_of_known

NEAREST = 0.2
"""Seconds between two beats at least."""

BLOCK = 1.5
"""Seconds in which one highest hump is taken."""

BLOCKS_BEFORE, BLOCKS_AFTER = 4, 1
"""Blocks around a hump's own whose median is the usual height."""

SHARE, LOW_SHARE = 0.45, 0.3
"""Of the usual height: what a hump needs at the first look, and at the second."""

LEFT_OUT = 1.6
"""Usual intervals; a pause longer than that gets the second look."""

CLOSEST_LEFT_OUT = 0.36
"""Seconds from the beats around; nearer ones are T waves."""

AHEAD, BEHIND = 1.5, 3.0
"""Seconds that a pause is followed after and before a hump."""

INTERVALS, MEMORY = 8, 12.0
"""The usual interval is the median of up to this many before, none older than this (seconds)."""


def beats_in(work: Work, unreadable: BoolArray, plan: Design, *, origin: int) -> IntArray:
    """Return the places in `work` of the humps that are beats, in order.

    Parameters
    ----------
    work : Work
        n working samples.
    unreadable : (n,) bool
        Where no beat may lie.
    plan : Design
        For the sampling rate.
    origin : int
        Number of the first of these working samples in the whole record, which puts the blocks in
        the same places however the record is cut.
    """
    place = _humps(work.envelope, plan.work_rate, unreadable)
    if len(place) == 0:
        return place
    height = work.envelope[place]
    usual = _usual_height(place, height, plan.work_rate, origin)
    accepted = height >= SHARE * usual
    possible = ~accepted & (height >= LOW_SHARE * usual)
    accepted[possible] = _left_out(place[possible], place[accepted], plan.work_rate)
    return place[accepted]


def _humps(envelope: FloatArray, rate: float, unreadable: BoolArray) -> IntArray:
    inner = envelope[1:-1]
    place = np.flatnonzero((inner > envelope[:-2]) & (inner >= envelope[2:])) + 1
    place = place[~unreadable[place]]
    height = envelope[place]
    highest = np.ones(len(place), bool)
    for apart in range(1, len(place)):
        near = place[apart:] - place[:-apart] <= NEAREST * rate
        if not near.any():
            break
        # Of two equal ones the earlier stays.
        later_wins = height[apart:] > height[:-apart]
        highest[apart:] &= ~near | later_wins
        highest[:-apart] &= ~near | ~later_wins
    return place[highest]


def _usual_height(place: IntArray, height: FloatArray, rate: float, origin: int) -> FloatArray:
    length = round(BLOCK * rate)
    block = (place + origin) // length
    block -= block[0]
    highest = np.full(BLOCKS_BEFORE + int(block[-1]) + 1 + BLOCKS_AFTER, np.nan)
    first = beginnings(block)
    highest[BLOCKS_BEFORE + block[first]] = np.maximum.reduceat(height, first)
    around = BLOCKS_BEFORE + 1 + BLOCKS_AFTER
    rows = np.lib.stride_tricks.sliding_window_view(highest, around)
    return median_of_known(rows)[block]


def _left_out(possible: IntArray, accepted: IntArray, rate: float) -> BoolArray:
    """Return which of the `possible` lie in a pause between the `accepted`."""
    if len(possible) == 0 or len(accepted) == 0:
        return np.zeros(len(possible), bool)
    # Whole samples throughout: a tie must not depend on where the record was cut.
    behind, ahead, closest = (int(part * rate) for part in (BEHIND, AHEAD, CLOSEST_LEFT_OUT))
    after = np.searchsorted(accepted, possible)
    last, following = np.maximum(after - 1, 0), np.minimum(after, len(accepted) - 1)
    since = np.where(after > 0, possible - accepted[last], behind + 1)
    until = np.where(after < len(accepted), accepted[following] - possible, ahead)
    pause = since + np.minimum(until, ahead)
    clear = (since >= closest) & (since <= behind) & (until >= closest)
    return np.asarray(clear & (pause > LEFT_OUT * _usual_interval(accepted, rate)[last]))


def _usual_interval(place: IntArray, rate: float) -> FloatArray:
    """Return (k,) the median of the intervals up to each beat, in samples; NaN for the first."""
    rows = np.full((len(place), INTERVALS), np.nan)
    interval = np.diff(place)
    for back in range(min(INTERVALS, len(interval))):
        recent = place[1 + back :] - place[: len(interval) - back] < MEMORY * rate
        rows[1 + back :, back] = np.where(recent, interval[: len(interval) - back], np.nan)
    return median_of_known(rows)
