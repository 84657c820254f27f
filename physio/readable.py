"""The part of a recording that its values rest on: the beats of windows that are fit to be shown.

A beat counts where at least half of the windows that hold it pass the rules which withhold a value
from a live screen (`physio.quality`): what is hard to read takes its own beats out and leaves its
neighbours, a gap of a few seconds takes nothing, and none of it depends on where a first window is
laid. What is left is joined on one clock without the pauses between, so that blocks for low and
high, and the time that a measure asks for, are counted in beats that are there; each join begins a
segment of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from physio.beats import NO_BEATS, Beats, BoolArray, IntArray, beginnings
from physio.labels import LabelArray
from physio.reasons import Reason
from physio.respiration import Respiration, Source
from physio.windows import Windows, whole, windows
from physio.withholding import grounds

OVERLAP = 4
"""Windows that hold each beat."""


@dataclass(frozen=True, slots=True, eq=False)
class Readable:
    """What is left of n beats.

    Attributes
    ----------
    place : (k,) int
        Which beats they are.
    window : Windows
        The one window of them all, on a clock of their own.
    lacking : Reason or None
        Why there are none, where there are none: what most windows lack.
    """

    place: IntArray
    window: Windows
    lacking: Reason | None

    @property
    def lasting(self) -> float:
        """Seconds that they last."""
        return float(self.window.end[0] - self.window.start[0])


def readable(
    beats: Beats,
    usable: BoolArray,
    label: LabelArray | None,
    *,
    length: float,
    hrv: bool,
    respiration: Respiration | None = None,
) -> Readable:
    """Return the readable part of a recording.

    Parameters
    ----------
    beats : Beats
        All n of them.
    usable : (n,) bool
        Intervals that may enter a mean.
    label : (n,) int8 or None
        A label for each, None where labels are not used.
    length : float
        Seconds of the windows that are judged; a shorter recording is one window.
    hrv : bool
        Whether labels and an irregular rhythm count, as they do for variability.
    respiration : Respiration or None
        What tells of breathing beside the intervals; it is cut as they are.
    """
    if len(beats) == 0:
        return Readable(np.empty(0, np.int64), _window(NO_BEATS, usable), None)
    held = _laid(beats, usable, length)
    ground = grounds(held, label)
    why = ground.no_hrv if hrv else ground.no_value
    place = np.flatnonzero(2 * _holding(held, why == 0) >= _holding(held, why >= 0))
    lacking = ground.told_why[commonest(why[why > 0])] if len(place) == 0 else None
    joined = _joined(beats, place)
    beside = respiration and respiration.each(lambda one: _cut(one, beats, place, joined))
    return Readable(place, _window(joined, usable[place], beside), lacking)


def _laid(beats: Beats, usable: BoolArray, length: float) -> Windows:
    """Return overlapping windows that lie inside the recording."""
    begin, last = beats.start[0], beats.time[-1]
    lasting = min(length, last - begin)
    end = np.append(np.arange(begin + lasting, last, lasting / OVERLAP), last)
    return windows(beats, usable, end - lasting, end)


def _holding(held: Windows, which: BoolArray) -> IntArray:
    """Return (n,) how many of those windows `which` (m,) hold each beat."""
    n = len(held.beats) + 1
    begun = np.bincount(held.first[which], minlength=n)
    ended = np.bincount(held.last[which], minlength=n)
    return np.asarray(np.cumsum(begun - ended)[:-1])


def _joined(beats: Beats, place: IntArray) -> Beats:
    """Return the beats at `place` on a clock without the pauses between them."""
    time, start, segment = beats.time[place], beats.start[place], beats.segment[place]
    joins = np.flatnonzero((np.diff(place) > 1) | (np.diff(segment) != 0)) + 1
    if len(joins) == 0 and len(place) == len(beats):
        return beats
    pause, number = np.zeros(len(place)), np.zeros(len(place), np.int64)
    pause[joins], number[joins] = start[joins] - time[joins - 1], 1
    return Beats.of_any_length(time - np.cumsum(pause), beats.rr[place], np.cumsum(number))


def _cut(source: Source, beats: Beats, place: IntArray, joined: Beats) -> Source:
    """Return what lies beside the beats at `place`, on the clock of those `joined`."""
    if joined is beats or len(place) == 0:
        return source
    first = beginnings(joined.segment)
    last = np.append(first[1:], len(place)) - 1
    begin, end = beats.start[place[first]], beats.time[place[last]]
    piece = np.searchsorted(begin, source.time, side="right") - 1
    kept = np.flatnonzero((piece >= 0) & (source.time <= end[piece]))
    piece = piece[kept]
    # A stretch ends where the beats are cut, and where the source itself is broken.
    broken = (np.diff(piece) != 0) | (np.diff(source.segment[kept]) != 0)
    segment = np.concatenate((np.zeros(min(len(kept), 1), np.int64), np.cumsum(broken)))
    time = source.time[kept] - (begin - joined.start[first])[piece]
    return Source(source.names, time, source.values[kept], segment)


def _window(beats: Beats, usable: BoolArray, respiration: Respiration | None = None) -> Windows:
    edges = (float(beats.start[0]), float(beats.time[-1])) if len(beats) else (0.0, 0.0)
    return whole(beats, usable, start=edges[0], end=edges[1], respiration=respiration)


def commonest(number: IntArray) -> int:
    """Return the number that stands most often, of two the one that stands first; 0 of none."""
    return int(number[np.bincount(number)[number].argmax()]) if len(number) else 0
