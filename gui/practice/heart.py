"""The heart's line in the practice view: from beats to a curve for the eye, and its height.

It is for looking at only: no measure is ever taken from the curve.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from scipy.interpolate import Akima1DInterpolator

from physio.beats import BoolArray, FloatArray, IntArray

BACK, AHEAD = 40.0, 40.0 / 3.0
"""Seconds shown before now and after it."""
GRID = 0.2
"""Seconds between the points of a drawn curve."""
SMALLEST_HALF = 3.0
"""Half the height in bpm that is never undercut, so that stillness looks still."""
Point: TypeAlias = tuple[float, float]
"""A moment in seconds and a heart rate in bpm."""

CLEAR = 2
"""The trust with which a stretch is drawn as a solid line; any other is dotted."""


@dataclass(frozen=True, slots=True, eq=False)
class Heart:
    """The newest beats, on the session clock.

    Attributes
    ----------
    time : (k,) float
        End of each interval in seconds, increasing.
    rate : (k,) float
        Heart rate of each interval in bpm.
    trust : (k,) int
        2 clear, 1 limited, 0 none.
    starts : (k,) bool
        Whether the line starts anew at this beat: a gap lies before it, which nothing bridges.
    """

    time: FloatArray
    rate: FloatArray
    trust: IntArray
    starts: BoolArray


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A heart line ready to be drawn: points every `GRID` seconds, in runs of one trust.

    `connect` says for each point whether a line leads from it to the next.
    """

    time: FloatArray
    rate: FloatArray
    trust: IntArray
    connect: BoolArray


@dataclass(frozen=True, slots=True)
class Span:
    """The heart rates in bpm that the wave's height stands for: middle plus and minus half."""

    middle: float
    half: float


NOTHING = Heart(np.empty(0), np.empty(0), np.empty(0, dtype=np.int64), np.empty(0, dtype=np.bool_))
EMPTY = Line(NOTHING.time, NOTHING.rate, NOTHING.trust, NOTHING.starts)


def heart_line(heart: Heart) -> Line:
    """Return the smooth curve through the beats of each unbroken run.

    A modified Akima spline (Akima 1970, doi:10.1145/321607.321609; SciPy's "makima"), which passes
    through every beat and hardly overshoots where one of them is odd.
    """
    edges = np.flatnonzero(heart.starts[1:]) + 1
    runs = [_run(heart, part) for part in np.split(np.arange(len(heart.time)), edges)]
    runs = [run for run in runs if len(run.time)]
    if not runs:
        return EMPTY
    return Line(
        np.concatenate([run.time for run in runs]),
        np.concatenate([run.rate for run in runs]),
        np.concatenate([run.trust for run in runs]),
        np.concatenate([run.connect for run in runs]),
    )


def ends(heart: Heart) -> list[tuple[Point, Point]]:
    """Return the two points between which the heart line is interrupted, for each gap."""
    points = list(zip(heart.time.tolist(), heart.rate.tolist(), strict=True))
    after = np.flatnonzero(heart.starts[1:]) + 1
    return [(points[index - 1], points[index]) for index in after]


def wanted_span(heart: Heart, now: float) -> Span | None:
    """Return the span that the beats in view fill, None where there are too few to say.

    Its ends are the 5 and 95 % points, so that one odd beat does not flatten the wave.
    """
    seen = heart.rate[heart.time > now - BACK]
    if len(seen) < 3:
        return None
    low, high = np.percentile(seen, [5.0, 95.0])
    return Span(float(low + high) / 2.0, max(float(high - low) / 2.0, SMALLEST_HALF))


def eased_span(span: Span, wanted: Span, seconds: float) -> Span:
    """Return `span` moved towards `wanted` for `seconds`: it widens in half a second or so.

    It narrows slowly, over half a minute, so that the wave's height never seems to jump.
    """
    pull = 1.0 - np.exp(-seconds / (0.6 if wanted.half > span.half else 30.0))
    drift = 1.0 - np.exp(-seconds / 2.0)
    return Span(
        span.middle + drift * (wanted.middle - span.middle),
        span.half + pull * (wanted.half - span.half),
    )


def _run(heart: Heart, part: IntArray) -> Line:
    time, rate = heart.time[part], heart.rate[part]
    if len(part) < 2:
        return EMPTY
    grid = np.append(np.arange(time[0], time[-1], GRID), time[-1])
    connect = np.ones(len(grid), dtype=np.bool_)
    connect[-1] = False
    trust = heart.trust[part][np.searchsorted(time, grid).clip(0, len(part) - 1)]
    curve = Akima1DInterpolator(time, rate, method="makima")
    return Line(grid, curve(grid), trust, connect)
