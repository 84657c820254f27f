"""Heart rate by the second, and where it cannot be read: what episodes are sought in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from physio.beats import LONGEST_INTERVAL, Beats, BoolArray, FloatArray, IntArray

COVERED = 0.5
"""Seconds of a second that usable intervals must cover for its rate to be read."""

BRIDGED = 4
"""Seconds in a row without a usable interval that are still read across: two early beats."""


@dataclass(frozen=True, slots=True, eq=False)
class Rates:
    """Mean heart rate of n seconds of the session clock, one after the other.

    Attributes
    ----------
    first : int
        Where the first second begins, in s.
    bpm : (n,) float
        In beats a minute, read across labelled beats.
    readable : (n,) bool
        False in gaps, in what was declared unread, and where labelled beats last too long.
    """

    first: int
    bpm: FloatArray
    readable: BoolArray

    def __len__(self) -> int:
        return len(self.bpm)

    @property
    def end(self) -> int:
        """Where the last second ends, in s."""
        return self.first + len(self)


def rates(beats: Beats, usable: BoolArray, unread: Iterable[tuple[float, float]] = ()) -> Rates:
    """Return heart rate by the second.

    Parameters
    ----------
    beats : Beats
        Intervals of a recording, or of a part of it.
    usable : (n,) bool
        Those that may enter a mean.
    unread : iterable of (start, end)
        Stretches in s that are not to be read, as while somebody talks.

    Returns
    -------
    Rates
        The beats of each second, counted in fractions, over the seconds that they cover.
    """
    if len(beats) == 0:
        return Rates(0, np.empty(0), np.empty(0, bool))
    first = int(np.ceil(beats.start[0] - 1e-9))
    count = max(int(np.floor(beats.time[-1] + 1e-9)) - first, 0)
    edge = first + np.arange(count + 1.0)
    place, share = _pieces(beats, first, count)
    counted = np.divide(
        1000.0, beats.rr, out=np.zeros(len(beats)), where=usable & (beats.rr >= 1.0)
    )
    seconds, number, held = (
        np.bincount(place, (each * share).ravel(), count + 1)[:count]
        for each in (usable, counted, np.ones(len(beats)))
    )
    known = seconds >= COVERED
    readable = (held >= COVERED) & ~_in_a_row(~known, BRIDGED) & ~_breaks(beats, edge)
    for start, end in unread:
        readable &= (edge[1:] <= start) | (edge[:-1] >= end)
    rate = 60.0 * number / np.where(known, seconds, np.inf)
    return Rates(first, _across(rate, known), readable)


def _pieces(beats: Beats, first: int, count: int) -> tuple[IntArray, FloatArray]:
    """Return in which second each interval's pieces lie, and (pieces, n) how long (s) they are.

    A piece for each second that the longest interval can touch. Those outside lie in place `count`.
    Each second is summed by itself, so that it is the same whatever recording it is cut from.
    """
    begun = np.floor(beats.start)
    second = begun + np.arange(LONGEST_INTERVAL / 1000.0 + 1.0)[:, np.newaxis]
    share = np.minimum(beats.time, second + 1.0) - np.maximum(beats.start, second)
    place = (second - first).astype(np.int64)
    place[(place < 0) | (place >= count)] = count
    return place.ravel(), np.maximum(share, 0.0)


def _breaks(beats: Beats, edge: FloatArray) -> BoolArray:
    """Return in which seconds a segment begins."""
    begun = beats.start[1:][np.diff(beats.segment) > 0]
    place = np.floor(begun - edge[0]).astype(np.int64)
    broken = np.zeros(len(edge) - 1, bool)
    broken[place[(place >= 0) & (place < len(broken))]] = True
    return broken


def _in_a_row(which: BoolArray, most: int) -> BoolArray:
    """Return which seconds lie in a row of more than `most`."""
    row: IntArray = np.cumsum(~which)
    return which & (np.bincount(row, which, minlength=1)[row] > most)


def _across(rate: FloatArray, known: BoolArray) -> FloatArray:
    if not known.any():
        return np.zeros(len(rate))
    place = np.arange(len(rate))
    return np.interp(place, place[known], rate[known])
