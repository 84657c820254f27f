"""What a trace shows, worked out from points and gaps without Qt: lines, stretches and words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from physio.beats import BoolArray, FloatArray, Gap, GapCause
from physio.reasons import Reason, ReasonCode
from pipelines.language import tr
from pipelines.session import PartName, PartView, Points, SourceView, TalkingView
from pipelines.words import (
    FRESH,
    cause_text,
    duration_text,
    posture_text,
    reason_text,
    talking_text,
)

SHORTEST = 2.0
"""Seconds; a shorter stretch without a value is too narrow to be seen."""
FLAG_WIDTH, AFTER_FLAG, BEFORE_FLAG, BETWEEN_WORDS = 11.0, 18.0, 6.0, 8.0
"""Logical pixels: a flag, from its pole to a label right or left of it, and between two labels."""
LEAST_LABEL = 28.0
"""Logical pixels; a label with less room is left out."""
CALM = 24
"""Points over which the edges of a ribbon are smoothed: about 20 s."""
CLUSTER = 20.0
"""Corrected beats closer together than this (s) share their words."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the time axis and the words that say what it is; it lasts while `end` is inf."""

    start: float
    end: float
    words: str


@dataclass(frozen=True, slots=True)
class Cap:
    """Where a line ends at a gap."""

    time: float
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class Links:
    """For n points, which are joined to the next by a (n,) solid or dotted line."""

    solid: BoolArray
    dotted: BoolArray

    @property
    def joined(self) -> BoolArray:
        """Points joined to the next in either way."""
        return self.solid | self.dotted


def links(points: Points, values: FloatArray) -> Links:
    """Return the lines between points: never across two segments or a withheld value."""
    drawn = np.isfinite(values) & (points.trust > 0)
    joined = np.zeros(len(values), bool)
    joined[:-1] = drawn[:-1] & drawn[1:] & (np.diff(points.segment) == 0)
    clear = np.zeros(len(values), bool)
    clear[:-1] = (points.trust[:-1] == 2) & (points.trust[1:] == 2)
    return Links(joined & clear, joined & ~clear)


def quiet(values: FloatArray, low: FloatArray, high: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return low and high around n values, their distance the mean of the last `CALM` ones.

    Beat by beat it flickers more than it tells; what is drawn once never changes.
    """
    return values - _trailing_mean(values - low), values + _trailing_mean(high - values)


def _trailing_mean(widths: FloatArray) -> FloatArray:
    """Return the mean of the last `CALM` widths that are known; NaN where there is none now."""
    known = np.isfinite(widths)
    total = np.concatenate(([0.0], np.cumsum(np.where(known, widths, 0.0))))
    count = np.concatenate(([0], np.cumsum(known)))
    first = np.maximum(np.arange(len(widths)) + 1 - CALM, 0)
    with np.errstate(invalid="ignore"):
        means = (total[1:] - total[first]) / (count[1:] - count[first])
    return np.where(known, means, np.nan)


def runs(flags: BoolArray) -> list[tuple[int, int]]:
    """Return first and one past the last index of each unbroken run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def gap_stretches(gaps: Iterable[Gap], now: float, *, name: str = "") -> list[Stretch]:
    """Return the gaps with their words; one that lasts has no end yet."""
    return [
        Stretch(gap.start, gap.until, name + _gap_words(gap.cause, min(gap.until, now) - gap.start))
        for gap in gaps
    ]


def _gap_words(cause: GapCause, lasting: float) -> str:
    took = tr("{seconds:.0f} s", seconds=lasting) if lasting < 100 else duration_text(lasting)
    return f"{cause_text(cause)}, {took}"


def pause(
    points: Points, gaps: Sequence[Stretch], since: float, now: float, *, name: str
) -> list[Stretch]:
    """Return the blank of a pause since `since` (s), where no gap tells of it yet."""
    if any(gap.end == math.inf for gap in gaps):
        return []
    start = float(points.time[-1]) if len(points) else 0.0
    return [Stretch(start, math.inf, name + _gap_words(GapCause.PAUSED, max(now - since, 0.0)))]


def silence(
    points: Points, gaps: Sequence[Stretch], now: float, *, name: str, last_beat: float | None
) -> list[Stretch]:
    """Return the blank since the newest point, or the start, where no gap tells of it yet.

    Points may come later than the beats that they are of, which arrived at `last_beat` (s).
    """
    last = float(points.time[-1]) if len(points) else 0.0
    if now - last <= FRESH or any(gap.end == math.inf for gap in gaps):
        return []
    if last_beat is None:
        words = tr("no beats yet")
    elif now - last_beat <= FRESH:
        words = tr("beats arrive, drawn soon")
    else:
        words = tr("no beats, {seconds:.0f} s", seconds=now - max(last, last_beat))
    return [Stretch(last, math.inf, name + words)]


def talking_stretches(talking: Iterable[TalkingView]) -> list[Stretch]:
    """Return the stretches of talking."""
    return [
        Stretch(t.start, math.inf if t.end is None else t.end, talking_text(likely=t.likely))
        for t in talking
    ]


def posture_stretches(view: SourceView) -> list[Stretch]:
    """Return the two minutes after each change of posture, with the posture's name."""
    return [
        Stretch(one.start, two.end, posture_text(one.name))
        for one, two in zip(view.postures, settling_stretches(view), strict=True)
    ]


def moving_stretches(parts: Iterable[PartView]) -> list[Stretch]:
    """Return the parts in which the body moved, with the words of what cannot be read then."""
    words = reason_text(Reason(ReasonCode.MOVING))
    return [
        Stretch(part.start, math.inf if part.end is None else part.end, words)
        for part in parts
        if part.name is PartName.MOVEMENT
    ]


def settling_stretches(view: SourceView) -> list[Stretch]:
    """Return where a change of posture still moves heart rate, up to the next one."""
    words = reason_text(Reason(ReasonCode.POSTURE_CHANGED))
    nexts = [*(one.start for one in view.postures[1:]), math.inf][: len(view.postures)]
    return [
        Stretch(one.start, min(one.until, after), words)
        for one, after in zip(view.postures, nexts, strict=True)
    ]


def overlap(start: float, end: float, others: Iterable[Stretch]) -> bool:
    """Return whether any of the stretches lies partly between start and end."""
    return any(o.start < end and start < o.end for o in others)


def without(start: float, end: float, others: Sequence[Stretch]) -> list[tuple[float, float]]:
    """Return the parts of start to end that no other stretch covers."""
    parts, at = [], start
    for other in sorted(others, key=lambda o: o.start):
        if other.end <= at or other.start >= end:
            continue
        parts.append((at, other.start))
        at = max(at, other.end)
    parts.append((at, end))
    return [(a, b) for a, b in parts if b - a >= SHORTEST]


def withheld_stretches(
    points: Points,
    values: FloatArray,
    gaps: Sequence[Stretch],
    talking: Sequence[Stretch],
    told: Sequence[Stretch] = (),
) -> list[Stretch]:
    """Return where there are beats but no value, with words that say why.

    Those of the stretches `told` are theirs; what reaches beyond them is told apart.
    """
    time, found = points.time, []
    for first, last in runs(~(np.isfinite(values) & (points.trust > 0))):
        start = time[max(first - 1, 0)]
        end = time[last] if last < len(time) else math.inf
        found += [
            Stretch(max(one.start, float(start)), min(one.end, float(end)), one.words)
            for one in told
            if min(one.end, float(end)) - max(one.start, float(start)) >= SHORTEST
        ]
        for a, b in without(float(start), float(end), [*gaps, *told]):
            found.append(Stretch(a, b, _no_estimate(a, b, talking)))
    return found


def _no_estimate(start: float, end: float, talking: Sequence[Stretch]) -> str:
    """Return that there is no value from start to end, and who talked meanwhile."""
    spoken = {one.words for one in talking if one.start < end and start < one.end}
    if not spoken:
        return tr("no estimate")
    heard_alone = spoken == {talking_text(likely=True)}
    code = ReasonCode.WHILE_TALKING_LIKELY if heard_alone else ReasonCode.WHILE_TALKING
    return reason_text(Reason(code))


def limited_stretches(points: Points, named: Sequence[Stretch]) -> list[Stretch]:
    """Return the dotted stretches that no other words speak of."""
    dotted = links(points, points.heart_rate).dotted
    found = []
    for first, last in runs(dotted):
        start, end = float(points.time[first]), float(points.time[min(last, len(dotted) - 1)])
        if not overlap(start, end, named) and end - start >= SHORTEST:
            found.append(Stretch(start, end, tr("limited")))
    return found


def caps(points: Points, values: FloatArray, gaps: Sequence[Stretch]) -> list[Cap]:
    """Return the ends of the line on either side of each gap."""
    known = np.flatnonzero(np.isfinite(values) & (points.trust > 0))
    found = []
    for gap in gaps:
        after = int(np.searchsorted(points.time[known], gap.start + 0.5))
        if after > 0:
            found.append(_cap(points, values, int(known[after - 1])))
        beyond = known[np.searchsorted(points.time[known], gap.end - 0.5) :]
        if len(beyond) and points.time[beyond[0]] > gap.start + 0.5:
            found.append(_cap(points, values, int(beyond[0])))
    return found


def _cap(points: Points, values: FloatArray, at: int) -> Cap:
    return Cap(float(points.time[at]), float(values[at]))


def corrected_groups(*people: Points) -> list[tuple[list[float], str]]:
    """Return the times of all corrected beats in groups, each with its words."""
    found = sorted(
        (float(points.time[i]), int(points.corrected[i]))
        for points in people
        for i in np.flatnonzero(points.corrected > 0).tolist()
    )
    groups: list[list[tuple[float, int]]] = []
    for beat in found:
        near = groups and beat[0] - groups[-1][-1][0] < CLUSTER
        groups[-1].append(beat) if near else groups.append([beat])
    return [
        (
            [time for time, _ in group],
            tr("{count} corrected", count=sum(count for _, count in group)),
        )
        for group in groups
    ]


def placed_labels(
    flags: Sequence[float], widths: Sequence[float], left: float, right: float
) -> list[tuple[float, float] | None]:
    """Return where each flag's label begins and how much room it has; None where it has none.

    `flags` are their x from left to right, `widths` those of their labels; all between `left` and
    `right`. A label lies right of its flag. It gives way to the next flag, and what does not fit
    before the edge lies left of its flag, where it gives way to the flag before.
    """
    found: list[tuple[float, float] | None] = [None] * len(flags)
    free = right
    for place in reversed(range(len(flags))):
        at, width = flags[place], widths[place]
        start, room = at + AFTER_FLAG, free - at - AFTER_FLAG
        if room < width and free == right:
            before = flags[place - 1] + FLAG_WIDTH if place else left
            room = at - BEFORE_FLAG - before - BETWEEN_WORDS
            start = at - BEFORE_FLAG - min(width, room)
        if room >= min(width, LEAST_LABEL):
            found[place] = start, min(width, room)
        free = min(at, start) - BETWEEN_WORDS if room >= LEAST_LABEL else at - BETWEEN_WORDS
    return found


def crisp(y: float) -> float:
    """Return the middle of the pixel row that y lies in, where a 1 px line is sharp."""
    return math.floor(y) + 0.5


class Row:
    """A row of words, in which a later one that would meet an earlier one hides."""

    def __init__(self, left: float, right: float) -> None:
        self._left, self._right = left, right
        self._taken: list[tuple[float, float]] = []

    def take(self, middle: float, width: float, *, move: bool = False) -> float | None:
        """Return the middle of the room taken, None where there is none.

        Words that would cross an end of the row hide, or `move` inside.
        """
        if move:
            middle = min(max(middle, self._left + width / 2), self._right - width / 2)
        start, end = middle - width / 2, middle + width / 2
        free = all(end + 8 <= a or b + 8 <= start for a, b in self._taken)
        if not free or start < self._left or end > self._right:
            return None
        self._taken.append((start, end))
        return middle

    def hold(self, start: float, end: float) -> None:
        """Take this room whatever lies there."""
        self._taken.append((start, end))

    def is_met(self, x: float) -> bool:
        """Return whether an upright line at x would strike through words."""
        return any(start - STRUCK <= x <= end + STRUCK for start, end in self._taken)


ASCENT, DESCENT = 13.0, 5.0
"""Logical pixels that words of 14 px reach above their baseline and below it, with some room."""
STRUCK = 2.0
"""Logical pixels beside words within which a line still strikes through them."""


@dataclass(frozen=True, slots=True)
class Words:
    """The row that words may be written in, and its baseline."""

    row: Row
    baseline: float


def upright(
    x: float, top: float, bottom: float, words: Iterable[Words]
) -> list[tuple[float, float]]:
    """Return from which y to which an upright line is drawn that strikes through no words."""
    met = [
        Stretch(one.baseline - ASCENT, one.baseline + DESCENT, "")
        for one in words
        if one.row.is_met(x)
    ]
    return without(top, bottom, met)


def thinned(points: Points, most: int) -> Points:
    """Return every k-th point, the same ones while k lasts, so that at most `most` remain."""
    step = max(math.ceil(len(points) / most), 1)
    if step == 1:
        return points
    step = 1 << (step - 1).bit_length()
    return Points(*(column[::step] for column in points.columns()))


def dashes_begin(
    x: FloatArray, y: FloatArray, first: int, period: float
) -> tuple[FloatArray, FloatArray]:
    """Return the line from point `first` on, begun a little earlier at a whole dash.

    x and y are in pixels. Cut like this, the dashes stay where they are on the line while its
    beginning leaves the screen.
    """
    steps = np.hypot(np.diff(x), np.diff(y))
    along = np.concatenate(([0.0], np.cumsum(steps)))
    start = math.floor(along[first] / period) * period
    x0, y0 = np.interp(start, along, x), np.interp(start, along, y)
    return np.concatenate(([x0], x[first:])), np.concatenate(([y0], y[first:]))
