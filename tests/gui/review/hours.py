"""A made-up hour to look back at: two rises, five moments, talking, a gap."""

from __future__ import annotations

from functools import cache

import numpy as np

from docs.moments import columns
from physio.arousal.pooling import Together
from physio.beats import Gap, GapCause
from physio.reasons import Reason, ReasonCode
from pipelines.analysis import Held, Reviewed, ReviewedMoment
from pipelines.session import (
    COLUMNS,
    BaselineBand,
    EpisodeMark,
    EpisodeView,
    MarkChange,
    Points,
    PooledMarks,
    PostureName,
    TalkingView,
)

LENGTH = 3120.0
TALKING = Reason(ReasonCode.WHILE_TALKING)


def rise(onset: float, peak: float, height: float, half: float, whole: float, text: str):
    return EpisodeView(
        onset, onset - 2, onset + 2, peak, peak - 3, peak + 3, height, height - 2, height + 2,
        half, half - 6, half + 6, whole, whole - 12, whole + 12, resolved=True,
        until_s=onset + whole, marks=(EpisodeMark(onset - 4.0, text),),
    )  # fmt: skip


def moment(time: float, text: str, change: float | None, percentile: float | None, place=None):
    known = change is not None
    low, high = (change - 2.0, change + 2.0) if known else (None, None)
    told = MarkChange(
        time,
        text,
        change,
        percentile,
        low,
        high,
        None if known else TALKING,
        31.0 if known else None,
    )
    return ReviewedMoment(told, place, 0.0)


@cache
def an_hour() -> tuple[Reviewed, Points]:
    values = columns(LENGTH).values
    points = Points(*(np.asarray(values[name], float) for name in COLUMNS))
    told = Reviewed(
        session="K1",
        started=1.7e9,
        duration_s=LENGTH,
        readable_s=LENGTH - 14.0,
        client="Juniper",
        role="client",
        roles=("client",),
        simulated=True,
        source=0,
        points=len(points),
        sway=False,
        held=(Held(0.0, None, PostureName.NONE, BaselineBand(68.5, 2.7, 12.0, 192.0)),),
        rises=(
            rise(504.0, 545.0, 11.0, 39.0, 57.0, "long silence"),
            rise(1656.0, 1720.0, 21.0, 146.0, 217.0, "touched hip"),
        ),
        moments=(
            moment(500.0, "long silence", 9.0, 91.4, 0),
            moment(1000.0, "breathing together", 1.0, 72.0),
            moment(1652.0, "touched hip", 15.0, 97.2, 1),
            moment(2166.0, "spoke of father", None, None),
            moment(2790.0, "tears", None, None),
        ),
        moments_total=5,
        pooled=(
            PooledMarks("touched hip", 9, 4, 5.0, 3.0, 7.0, 0.02, Together.RISE, None),
            PooledMarks("long silence", 8, 4, 1.0, -2.0, 4.0, 0.6, Together.LIKE_ANY, None),
            PooledMarks("tears", 3, 2, None, None, None, None, Together.TOO_FEW, None),
        ),
        gaps=(Gap(1776.0, 1790.0, GapCause.LINK_LOST),),
        talking=(TalkingView(1588.0, 1634.0), TalkingView(2100.0, 2300.0)),
        left_out=(),
        undoable=0,
    )
    return told, points
