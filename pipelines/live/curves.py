"""A wearer's trace: what a view draws over time, computed for all new points at once."""

from __future__ import annotations

from physio.beats import IntArray
from pipelines.live.wearer import Wearer
from pipelines.session import POINT_REACH, Circumstances, Trace, packed, points_at

MOST = 256
"""Points of one answer: more would hold up the recorder, and a view that lacks some asks again."""


def trace(
    wearer: Wearer, first: int, rr_first: int, *, paced: bool, around: Circumstances
) -> Trace:
    """Return the points of `wearer` from `first` and the intervals from `rr_first` on.

    A packet with beats is a point; its values are the trailing windows that end with its last
    beat, with labels as they are known now. The newest points may still move, where packets turn
    out to be lost or labels become final. At most `MOST` points are given at a time.
    """
    count = wearer.points.values[first : first + MOST]
    before = int(wearer.points.values[first - 1]) if 0 < first <= len(wearer.points) else 0
    begin = _begin(wearer, before, count)
    beats, label = wearer.beats.since(begin)
    points = points_at(
        beats,
        label,
        count - 1 - begin,
        wearer.trusts.values[first : first + MOST],
        first=before - begin,
        baselines=wearer.baselines,
        paced=paced,
        around=around,
    )
    return packed(wearer.source.source, first, points, rr_first, wearer.beats.since(rr_first)[0])


def _begin(wearer: Wearer, before: int, count: IntArray) -> int:
    """Return the first beat that points need which follow `before` beats."""
    if len(count) == 0:
        return before
    end = float(wearer.beats.since(int(count[0]) - 1)[0].time[0])
    return min(before, wearer.beats.number_at(end - POINT_REACH))
