"""Where time and heart rate lie in the plot of an hour, and what of a line is in view."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from gui.shared import Box
from gui.shared.scene import Links, links, quiet, runs
from physio.beats import BoolArray, FloatArray
from pipelines.session import BaselineBand, Points, Span

LEAST = 20.0
"""Beats a minute that the axis shows at least."""
STEPS = (10.0, 20.0, 50.0, 100.0)
MOST_TICKS = 4
TIME_STEPS = (10.0, 30.0, 60.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0, 14400.0)
TIMES_APART = 120.0
"""Logical pixels between two times under the axis, at least."""
FOOT = 30.0
"""Logical pixels of a plot's foot that its words take."""
CLOSE = 1.0
"""Points to a logical pixel, at most, that are drawn."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Where seconds `span` and beats a minute `low` to `high` lie in a box of logical pixels."""

    box: Box
    span: Span
    low: float
    high: float

    def x(self, time: float) -> float:
        """Return the x of a session time."""
        start, end = self.span
        return self.box.x + (time - start) / (end - start) * self.box.width

    def y(self, value: float) -> float:
        """Return the y of a heart rate."""
        share = (value - self.low) / (self.high - self.low)
        return self.box.bottom - share * self.box.height

    def time(self, x: float) -> float:
        """Return the session time at an x."""
        start, end = self.span
        return start + (x - self.box.x) / self.box.width * (end - start)

    def ends(self, start: float, end: float) -> Span | None:
        """Return the x of a stretch as far as it is in view, None where it is not."""
        left, right = max(self.x(start), self.box.x), min(self.x(end), self.box.right)
        return (left, right) if right > left else None

    def ticks(self) -> list[float]:
        """Return the heart rates that bear a number."""
        for step in STEPS:
            first, last = math.ceil(self.low / step), math.floor(self.high / step)
            if last - first < MOST_TICKS:
                break
        return [number * step for number in range(first, last + 1)]

    def times(self) -> list[float]:
        """Return the session times that bear a number, none before the start."""
        start, end = self.span
        most = max(self.box.width / TIMES_APART, 1.0)
        step = next((s for s in TIME_STEPS if (end - start) / s <= most), TIME_STEPS[-1])
        first = max(math.ceil(start / step), 0)
        return [number * step for number in range(first, math.floor(end / step) + 1)]


def heights(points: Points, bands: Iterable[BaselineBand], height: float) -> Span:
    """Return from which to which heart rate the axis of an hour reaches, whatever is in view.

    In a plot of this height (px) the words at its foot have their room under all that is drawn.
    """
    known = points.heart_rate[np.isfinite(points.heart_rate) & (points.trust > 0)]
    values = [float(known.min()), float(known.max())] if len(known) else [60.0, 80.0]
    values += [edge for band in bands for edge in (band.low, band.high)]
    low, high = min(values), max(values)
    spare = max((LEAST - (high - low)) / 2.0, 0.0)
    top = math.ceil((high + spare + 2.0) / 5.0) * 5.0
    share = FOOT / height
    room = (low - share * top) / (1.0 - share)
    return math.floor(min(low - spare - 4.0, room) / 5.0) * 5.0, top


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """n points in view as x and y in logical pixels, with the edges of their ribbon."""

    time: FloatArray
    x: FloatArray
    y: FloatArray
    low: FloatArray
    high: FloatArray
    links: Links


def curve(points: Points, scale: Scale, *, sway: bool = False) -> Curve:
    """Return the part of a trace in view, of heart rate or of the sway, cut at the edges."""
    start, end = scale.span
    bounds = (points.heart_rate, points.heart_rate_low, points.heart_rate_high)
    values, *edged = (points.rsa, points.rsa_low, points.rsa_high) if sway else bounds
    low, high = quiet(values, *edged)
    first = max(int(np.searchsorted(points.time, start, "right")) - 1, 0)
    last = int(np.searchsorted(points.time, end)) + 1
    every = max(math.ceil((last - first) / (scale.box.width * CLOSE)), 1)
    # The same points while the same step lasts, so that a line does not change as it moves.
    part = slice(first - first % every, last + every, every)
    few = Points(*(column[part] for column in points.columns()))
    found = links(few, values[part])
    time = few.time
    rows = [_cut(time, values[part], scale.span) for values in (values, low, high)]
    clipped = np.clip(time, start, end)
    inside = _joins_in_view(time, scale.span)
    x = scale.box.x + (clipped - start) / (end - start) * scale.box.width
    zero, step = scale.y(0.0), scale.y(1.0) - scale.y(0.0)
    edges = scale.box.y, scale.box.bottom
    y, under, over = (np.clip(zero + step * values, *edges) for values in rows)
    return Curve(time, x, y, under, over, Links(found.solid & inside, found.dotted & inside))


def _joins_in_view(time: FloatArray, span: Span) -> BoolArray:
    """Return which points are joined to the next by a line that is in view."""
    inside = np.zeros(len(time), bool)
    inside[:-1] = (time[1:] > span[0]) & (time[:-1] < span[1])
    return inside


def _cut(time: FloatArray, values: FloatArray, span: Span) -> FloatArray:
    """Return values with those beyond an edge of what is in view replaced by the line's there."""
    cut = values.copy()
    before = np.flatnonzero(time < span[0])
    after = np.flatnonzero(time > span[1])
    if len(before) and before[-1] + 1 < len(time):
        at = int(before[-1])
        cut[at] = _between(time, values, at, span[0])
    if len(after) and after[0] > 0:
        at = int(after[0])
        cut[at] = _between(time, values, at - 1, span[1])
    return cut


def _between(time: FloatArray, values: FloatArray, at: int, when: float) -> float:
    share = (when - time[at]) / (time[at + 1] - time[at])
    return float(values[at] + share * (values[at + 1] - values[at]))


def pieces(joined: BoolArray) -> list[tuple[int, int]]:
    """Return first and one past the last point of each unbroken part."""
    return [(first, last + 1) for first, last in runs(joined)]
