"""Painters of what is set on a plot: marks, minutes, numbers, and the dot at a line's end."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtGui import QPainter

from gui.live.curve import Line
from gui.live.glance import dot
from gui.live.lane import Lane
from gui.live.paint import Row, Style
from gui.shared import Path, Polygon, Shape, Stroke, draw, straight, theme
from pipelines.drawing import Palette
from pipelines.harmless import harmless
from pipelines.language import tr
from pipelines.session import MarkView
from pipelines.words import STALE, clock_text

TITLE_ROOM = 74.0
"""Logical pixels from a plot's left edge that its title, in the flags' row, takes."""
_LEAD = 7.0  # the newest dot stays at the edge while its point is at most this far behind


def marks(painter: QPainter, lane: Lane, found: Sequence[MarkView], style: Style) -> None:
    """Paint each mark's line, flag and label."""
    box = lane.box
    row = Row(box.x if style.bare else box.x + TITLE_ROOM, box.right + 100)
    for mark in found:
        x = lane.x(mark.time)
        if box.x <= x <= box.right:
            _mark(painter, lane, mark, x, style, row)


def pole(lane: Lane, x: float, style: Style) -> Path:
    """Return the line of a mark down to the axis, shorter beside the title, where no flag is."""
    top = lane.box.y - (4 if _beside_title(lane, x, style) else 24)
    return straight((x, top), (x, lane.box.bottom), Stroke(style.palette.ink, theme.MARK_WIDTH))


def _beside_title(lane: Lane, x: float, style: Style) -> bool:
    return not style.bare and x < lane.box.x + TITLE_ROOM


def _mark(painter: QPainter, lane: Lane, mark: MarkView, x: float, style: Style, row: Row) -> None:
    palette, top = style.palette, lane.box.y - 24
    draw(painter, [pole(lane, x, style)])
    if _beside_title(lane, x, style):
        return
    draw_flag(painter, x, top, palette)
    words = theme.fitted(harmless(mark.text), 240, 16, 600)
    width = theme.text_width(words, 16, 600)
    if words and row.take(x, x + 18 + width):
        theme.draw_text(painter, x + 18, top + 11, words, token=palette.ink, size=16, weight=600)


def flag(x: float, y: float, palette: Palette) -> Polygon:
    """Return a small flag whose pole is at x and whose upper edge is at y."""
    return Polygon(((x, y), (x + 11, y + 6), (x, y + 12)), fill=palette.ink)


def draw_flag(painter: QPainter, x: float, y: float, palette: Palette) -> None:
    """Paint a small flag."""
    draw(painter, [flag(x, y, palette)])


def times(painter: QPainter, lane: Lane, y: float, palette: Palette, *, whole: bool) -> None:
    """Paint the minutes under the lowest plot, and "now" at its end."""
    box = lane.box
    row = Row(0.0, box.right + 60)
    if not whole:
        half = theme.text_width(tr("now"), 14, 600) / 2
        row.take(box.right - half, box.right + half)
        theme.draw_text(
            painter, box.right, y, tr("now"), token=palette.ink, size=14, weight=600, align="centre"
        )
    for time in lane.tick_times(900.0 if whole else 60.0):
        words = clock_text(time)
        half = theme.text_width(words, 14) / 2
        x = lane.x(time)
        if row.take(x - half, x + half):
            theme.draw_text(painter, x, y, words, token=palette.ink2, size=14, align="centre")


def time_ticks(painter: QPainter, lane: Lane, palette: Palette, *, whole: bool) -> None:
    """Paint the small ticks on the axis above the minutes."""
    draw(painter, small_ticks(lane, palette, whole=whole))


def small_ticks(lane: Lane, palette: Palette, *, whole: bool) -> list[Path]:
    """Return a tick below the axis at each minute in view, or quarter of an hour."""
    bottom, stroke = lane.box.bottom, Stroke(palette.line, theme.AXIS_WIDTH)
    places = map(lane.x, lane.tick_times(900.0 if whole else 60.0))
    return [straight((x, bottom), (x, bottom + 5), stroke) for x in places]


def newest(painter: QPainter, lane: Lane, going_on: Sequence[bool], style: Style) -> None:
    """Paint a dot at the end of each line that still goes on."""
    for shapes in newest_dots(lane, going_on, style):
        draw(painter, shapes)


def newest_dots(lane: Lane, going_on: Sequence[bool], style: Style) -> list[list[Shape]]:
    """Return the dot at the end of each line that still goes on."""
    return [
        _newest_dot(lane, line, curve.token, style)
        for line, curve, goes_on in zip(lane.lines, lane.curves, going_on, strict=False)
        if goes_on and _is_read(line, style.now)
    ]


def _is_read(line: Line, now: float) -> bool:
    """Return whether a line's newest point is known, trusted and not stale."""
    points = line.points
    return (
        len(points) > 0
        and bool(np.isfinite(line.values[-1]))
        and bool(points.trust[-1] > 0)
        and bool(now - points.time[-1] <= STALE)
    )


def _newest_dot(lane: Lane, line: Line, token: str, style: Style) -> list[Shape]:
    time, value = float(line.points.time[-1]), float(line.values[-1])
    x = min(lane.x(time) + _LEAD, lane.x(style.now), lane.box.right)
    kind = "full" if line.points.trust[-1] == 2 else "half"
    colour: str = getattr(style.palette, token)
    return dot(x, lane.within(lane.y(value)), 9.0, kind, colour, style.palette)


def tick_words(value: float, *, signed: bool) -> str:
    """Return the words of a tick."""
    words = f"{value:+.0f}" if signed and value else f"{value:.0f}"
    return words.replace("-", "−")
