"""Beats from what a researcher has: intervals, or moments of peaks."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from physio import inputs
from physio.beats import LONGEST_INTERVAL, Beats
from physio.labels import LabelArray, labels
from physio.time.beat_times import are_beat_times, holes, with_gaps
from physio.time.clock import beat_clock


def beats_from_intervals(rr: ArrayLike, *, time: ArrayLike | None = None) -> Beats:
    """Return the beats of a recording of intervals, as `interbeat analyse` has them of a file.

    Parameters
    ----------
    rr : (n,) float
        Intervals in ms, in order. One above `LONGEST_INTERVAL` is a gap, and no beat.
    time : (n,) float, optional
        When each interval ended or arrived, in s; where it runs away from the sum of the intervals,
        a gap is found: at once where times are exact to 5 ms, over several intervals otherwise.
        Without it the intervals follow each other.

    Raises
    ------
    ValueError
        If these are no intervals in ms or no times in s, or the intervals add up to more than the
        time that passed; the message is one sentence.

    Examples
    --------
    >>> import physio
    >>> beats = physio.beats_from_intervals([812, 804, 790, 5000, 795, 801])
    >>> len(beats)
    5
    >>> beats.segment.tolist()
    [0, 0, 0, 1, 1]
    """
    intervals = inputs.intervals(rr)
    if time is None:
        return beat_clock(np.cumsum(intervals) / 1000.0, intervals).beats
    ends = inputs.times(time, intervals)
    if not are_beat_times(ends, intervals):
        return beat_clock(ends, intervals).beats
    inputs.refuse_without_room(ends, intervals)
    hole = np.concatenate(([False], holes(ends, intervals)))
    return beat_clock(*with_gaps(ends, intervals, hole)).beats


def beats_from_peaks(peaks: ArrayLike, *, rate: float = 1.0) -> Beats:
    """Return the intervals between peaks: of an ECG, a pulse wave, or what else marks a heartbeat.

    Parameters
    ----------
    peaks : (n,) float
        When each peak was, in s; or the number of its sample.
    rate : float
        Samples a second, where sample numbers are given.

    Raises
    ------
    ValueError
        If these are no rising times; the message is one sentence.

    Examples
    --------
    >>> import physio
    >>> physio.beats_from_peaks([100, 200, 305], rate=125).rr.round().tolist()
    [800.0, 840.0]
    """
    moments = inputs.peaks(peaks, rate)
    rr = 1000.0 * np.diff(moments)
    held = rr <= LONGEST_INTERVAL
    segment = np.cumsum(~held)[held]
    return Beats(moments[1:][held], rr[held], np.unique(segment, return_inverse=True)[1])


def label_beats(beats: Beats) -> LabelArray:
    """Return a `Label` for each interval of a whole recording; 0 is a normal one.

    Examples
    --------
    >>> import physio
    >>> beats = physio.beats_from_intervals([800, 805] * 30 + [1600] + [802, 798] * 30)
    >>> labels = physio.label_beats(beats)
    >>> physio.Label(labels[60]).name, int(labels.sum())
    ('MISSED', 4)
    """
    return labels(inputs.beats(beats).rr, beats.segment)
