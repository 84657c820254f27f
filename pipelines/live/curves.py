"""A wearer's trace: what a view draws over time, computed for all new points at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from physio import panel
from physio.beats import Beats, FloatArray, IntArray
from physio.estimate import Estimates
from physio.labels import LabelArray
from physio.measures import MEASURES
from pipelines.live.wearer import BEFORE, Wearer
from pipelines.session import Span, Trace, overlaps, silenced

MOST = 256
"""Points of one answer: more would hold up the recorder, and a view that lacks some asks again."""
NAMES = ("mean_hr", "rsa_amplitude", "breathing_rate")
WINDOWS = sorted({MEASURES[name].window for name in NAMES})
"""Seconds that trailing windows of these measures last."""


def trace(
    wearer: Wearer, first: int, rr_first: int, *, paced: bool, talks: Sequence[Span]
) -> Trace:
    """Return the points of `wearer` from `first` and the intervals from `rr_first` on.

    A packet with beats is a point; its values are the trailing windows that end with its last
    beat, with labels as they are known now. The newest points may still move, where packets turn
    out to be lost or labels become final. At most `MOST` points are given at a time.
    """
    last = wearer.points.values[first : first + MOST] - 1
    begin = _begin(wearer, last)
    beats, label = wearer.beats.since(begin)
    place = last - begin
    end = beats.time[place]
    curves = _curves(beats, label, end, talks)
    rate, rsa, breathing = (curves[name] for name in NAMES)
    intervals = wearer.beats.since(rr_first)[0]
    return Trace(
        source=wearer.source.source,
        first=first,
        time=packed(end),
        heart_rate=packed(rate.value),
        heart_rate_low=packed(rate.low),
        heart_rate_high=packed(rate.high),
        rsa=packed(rsa.value),
        rsa_low=packed(rsa.low),
        rsa_high=packed(rsa.high),
        breathing=packed(breathing.value),
        arousal=_packed_known(
            wearer.index(*row, paced=paced).value for row in zip(rate, rsa, breathing, strict=True)
        ),
        segment=packed(beats.segment[place]),
        trust=packed(wearer.trusts.values[first : first + MOST]),
        corrected=packed(_labelled_since(label, place)),
        rr=packed(intervals.rr),
        rr_time=packed(intervals.time),
        rr_first=rr_first,
    )


def packed(values: FloatArray | IntArray | LabelArray) -> bytes:
    """Return values as little-endian float64 bytes."""
    return np.asarray(values, dtype="<f8").tobytes()


def _packed_known(values: Iterable[float | None]) -> bytes:
    """Return values as above, NaN where one is withheld."""
    return packed(np.array([np.nan if value is None else value for value in values]))


def _begin(wearer: Wearer, last: IntArray) -> int:
    if len(last) == 0:
        return len(wearer.beats)
    first = wearer.beats.since(int(last[0]))[0]
    return wearer.beats.number_at(float(first.time[0]) - WINDOWS[-1] - BEFORE)


def _curves(
    beats: Beats, label: LabelArray, end: FloatArray, talks: Sequence[Span]
) -> dict[str, Estimates]:
    curves: dict[str, Estimates] = {}
    for length in WINDOWS:
        names = [name for name in NAMES if MEASURES[name].window == length]
        found = panel.over(beats, label, start=end - length, end=end, names=names)
        curves |= silenced(found, overlaps(talks, end - length, end))
    return curves


def _labelled_since(label: LabelArray, place: IntArray) -> IntArray:
    """Return how many labelled beats each point has that the one before it had not."""
    count = np.concatenate(([0], np.cumsum(label != 0)))
    before = np.concatenate((place[:1], place[:-1] + 1))
    return count[place + 1] - count[np.minimum(before, place + 1)]
