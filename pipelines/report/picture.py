"""The session as a picture: the trace over its band, the moments above, what is named below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import ceil

import numpy as np

from pipelines.drawing import Axes, Palette, Picture
from pipelines.report.content import Bracket, Flag, Hour, Rise, Stretch
from pipelines.words import clock_text

WIDTH = 640
LEFT, RIGHT = 34.0, 8.0
PLOT = 124.0
"""Height of the plot itself."""
ROW = 20.0
"""Height of a row of moments' numbers, and of one of brackets."""
MOST_ROWS = 4
"""Rows of numbers; where moments lie closer, the later number hides."""
MANY = 20
"""Moments above which their lines are paler than the trace."""
SIZE = 12
RADIUS = 8.5
LETTER = 0.58
"""Width of a letter, in its size: what a writer of SVG can know of it."""
STEPS = (30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800)
MOST_TICKS = 8
WASH, RIBBON, LIMITED = 0.12, 0.16, 0.78
DOTS = "0.1 4"


@dataclass
class Room:
    """Which places of a row are taken; a text that finds no room is not written."""

    taken: list[tuple[float, float]] = field(default_factory=list)

    def take(self, left: float, right: float) -> bool:
        """Take a place, and return whether it was free."""
        free = all(right <= start or left >= stop for start, stop in self.taken)
        if free:
            self.taken.append((left, right))
        return free


def hour_picture(hour: Hour, palette: Palette) -> str:
    """Return a session as SVG, `WIDTH` wide, with no ground of its own.

    Parameters
    ----------
    hour : Hour
    palette : Palette
        Any colours that CSS knows, so that a page may change them.
    """
    rows = list(number_rows(hour.flags, hour.end))
    top = 10.0 + ROW * (max((row for _, row in rows), default=-1) + 1)
    bottom = top + 8.0 + PLOT
    used = sorted({bracket.row for bracket in hour.brackets})
    height = round(bottom + 28.0 + ROW * len(used))
    page = Picture(palette, WIDTH, height, hour.alt, bare=True)
    box = (LEFT, top + 8.0, WIDTH - RIGHT, bottom)
    axes = Axes(page, box, (0.0, hour.end), (hour.low, hour.high))
    _ground(axes, hour)
    for rise in hour.rises:
        _wash(axes, hour, rise)
    for stretch in hour.stretches:
        _trace(axes, stretch)
    for flag, row in rows:
        _flag(axes, flag, row, crowded=len(hour.flags) > MANY)
    _labels(axes, hour)
    _below(axes, hour, used)
    return page.svg()


def number_rows(flags: Sequence[Flag], end: float) -> Iterator[tuple[Flag, int]]:
    """Yield each moment with the first row in which its number has room, -1 where none has."""
    rows = [Room() for _ in range(MOST_ROWS)]
    for flag in flags:
        x = LEFT + flag.time / end * (WIDTH - LEFT - RIGHT)
        span = (x - RADIUS - 1.0, x + RADIUS + 1.0)
        yield flag, next((n for n, row in enumerate(rows) if row.take(*span)), -1)


def _ground(axes: Axes, hour: Hour) -> None:
    page, (left, top, right, bottom) = axes.picture, axes.box
    if hour.band is not None:
        low, high = np.clip(hour.band, hour.low, hour.high)
        upper, lower = float(axes.down(high)), float(axes.down(low))
        page.box(left, upper, right - left, lower - upper, fill=page.palette.band)
        for edge in (upper, lower):
            page.path([(left, edge), (right, edge)], stroke=page.palette.line, width=1, dash="1 3")
    for bpm in _levels(hour):
        y = float(axes.down(bpm))
        page.path([(left, y), (right, y)], stroke=page.palette.hair, width=0.7)
        if hour.figures:
            page.text(left - 6, y + 4, f"{bpm:g}", size=SIZE, fill=page.palette.ink2, anchor="end")
    if not hour.figures:
        page.text(left + 4, top + 10, hour.faster, size=SIZE, fill=page.palette.ink2)
        page.text(left + 4, bottom - 5, hour.slower, size=SIZE, fill=page.palette.ink2)


def _levels(hour: Hour) -> list[float]:
    """Return the levels at which a line runs across: three to six."""
    step = next(step for step in (10.0, 20.0, 50.0, 100.0) if (hour.high - hour.low) / step <= 5.0)
    levels: list[float] = np.arange(ceil(hour.low / step) * step, hour.high + 1.0, step).tolist()
    return levels


def _trace(axes: Axes, stretch: Stretch) -> None:
    page = axes.picture
    low, high = axes.y
    time, rate = np.array(stretch.time), np.clip(stretch.rate, low, high)
    if len(time) == 1:
        axes.dots(time, rate, fill=page.palette.lake, radius=0.9)
        return
    axes.band(
        time,
        np.clip(stretch.low, low, high),
        np.clip(stretch.high, low, high),
        fill=page.palette.lake,
        opacity=RIBBON,
    )
    axes.line(
        time,
        rate,
        stroke=page.palette.lake,
        width=1.5,
        dash=DOTS if stretch.limited else "",
        opacity=LIMITED if stretch.limited else 1.0,
    )


def _wash(axes: Axes, hour: Hour, rise: Rise) -> None:
    """Fill what lies between the trace and where heart rate had been when it rose."""
    floor: float | None = None
    for stretch in hour.stretches:
        time = np.array(stretch.time)
        inside = (time >= rise.onset) & (time <= rise.until)
        if inside.sum() < 2:
            continue
        rate = np.clip(np.array(stretch.rate)[inside], hour.low, hour.high)
        floor = float(rate[0]) if floor is None else floor
        axes.band(
            time[inside],
            np.full(len(rate), floor),
            np.maximum(rate, floor),
            fill=axes.picture.palette.clay,
            opacity=WASH,
        )


def _flag(axes: Axes, flag: Flag, row: int, *, crowded: bool) -> None:
    page, bottom = axes.picture, axes.box[3]
    ink = page.palette.line if crowded else page.palette.ink
    x, y = float(axes.across(flag.time)), 8.0 + RADIUS + ROW * max(row, 0)
    page.path([(x, y), (x, bottom)], stroke=ink, width=0.5 if crowded else 0.8, opacity=LIMITED)
    if row < 0:
        return
    page.box(x - RADIUS, y - RADIUS, 2 * RADIUS, 2 * RADIUS, fill=page.palette.ink, radius=RADIUS)
    size = 11 if flag.number < 100 else 9
    page.text(
        x, y + 3.8, str(flag.number), size=size, fill=page.palette.paper, anchor="middle", bold=True
    )


def _labels(axes: Axes, hour: Hour) -> None:
    """Write above each rise how high it was, to a side where no line and no other label is."""
    left, top, right, _ = axes.box
    row = Room([(x - 1.0, x + 1.0) for x in map(float, axes.across([f.time for f in hour.flags]))])
    for rise in filter(lambda rise: rise.label, hour.rises):
        width, peak = _width(rise.label), float(axes.across(rise.peak))
        y = max(float(axes.down(_highest(hour, rise))) - 5.0, top + 10.0)
        for x in (peak + 3.0, peak - 6.0 - width, peak - width / 2.0):
            if left <= x <= right - width and row.take(x - 2.0, x + width + 2.0):
                axes.picture.text(x, y, rise.label, size=SIZE, bold=True)
                break


def _highest(hour: Hour, rise: Rise) -> float:
    """Return the highest edge of the ribbon beside the highest moment of a rise, in bpm."""
    room = hour.end / 20.0
    near = [
        high
        for one in hour.stretches
        for time, high in zip(one.time, one.high, strict=True)
        if rise.peak - room / 5.0 <= time <= rise.peak + room
    ]
    return min(max(near, default=hour.high), hour.high)


def _below(axes: Axes, hour: Hour, used: Sequence[int]) -> None:
    """Draw the axis of time, and below it the brackets with those of their names that fit."""
    page, (left, _, right, bottom) = axes.picture, axes.box
    page.path([(left, bottom), (right, bottom)], stroke=page.palette.line, width=1)
    for time in _ticks(hour.end):
        x = float(axes.across(time))
        page.path([(x, bottom), (x, bottom + 4)], stroke=page.palette.line, width=1)
        place = min(max(x, 14.0), right - 10.0)
        page.text(
            place,
            bottom + 17,
            clock_text(time),
            size=SIZE,
            fill=page.palette.ink2,
            anchor="middle",
        )
    rooms = {row: Room() for row in used}
    for bracket in hour.brackets:
        y = bottom + 26.0 + ROW * used.index(bracket.row)
        _bracket(axes, bracket, y, rooms[bracket.row])


def _bracket(axes: Axes, bracket: Bracket, y: float, room: Room) -> None:
    page, (left, _, right, _) = axes.picture, axes.box
    start, stop = axes.across([max(bracket.start, 0.0), min(bracket.end, axes.x[1])]).tolist()
    page.path([(start, y), (max(stop, start + 1.5), y)], stroke=page.palette.ink2, width=2.5)
    half = _width(bracket.label) / 2.0
    middle = min(max((start + stop) / 2.0, left + half), right - half)
    if room.take(middle - half - 5.0, middle + half + 5.0):
        page.text(middle, y + 13, bracket.label, size=SIZE, fill=page.palette.ink2, anchor="middle")


def _ticks(end: float) -> list[float]:
    step = next((step for step in STEPS if end / step <= MOST_TICKS), STEPS[-1])
    return [float(time) for time in range(0, int(end) + 1, step)]


def _width(words: str) -> float:
    return LETTER * SIZE * len(words)
