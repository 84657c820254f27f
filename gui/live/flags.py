"""Painters of what is set on a plot: marks, minutes, numbers, and the dot at a line's end."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QPainter, QPolygonF

from gui import theme
from gui.live.glance import draw_dot
from gui.live.lane import Lane
from gui.live.paint import Row, Style
from gui.theme import Palette
from gui.words import STALE, clock_text
from pipelines.harmless import harmless
from pipelines.session import MarkView

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


def _mark(painter: QPainter, lane: Lane, mark: MarkView, x: float, style: Style, row: Row) -> None:
    palette, top = style.palette, lane.box.y - 24
    beside_title = not style.bare and x < lane.box.x + TITLE_ROOM
    painter.setPen(theme.line_pen(palette.ink, theme.MARK_WIDTH))
    start = lane.box.y - 4 if beside_title else top
    painter.drawLine(QLineF(x, start, x, lane.box.bottom))
    if beside_title:
        return
    draw_flag(painter, x, top, palette)
    words = theme.fitted(harmless(mark.text), 240, 16, 600)
    width = theme.text_width(words, 16, 600)
    if words and row.take(x, x + 18 + width):
        theme.draw_text(painter, x + 18, top + 11, words, token=palette.ink, size=16, weight=600)


def draw_flag(painter: QPainter, x: float, y: float, palette: Palette) -> None:
    """Paint a small flag whose pole is at x and whose upper edge is at y."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(palette.ink))
    painter.drawPolygon(QPolygonF([QPointF(x, y), QPointF(x + 11, y + 6), QPointF(x, y + 12)]))


def times(painter: QPainter, lane: Lane, y: float, palette: Palette, *, whole: bool) -> None:
    """Paint the minutes under the lowest plot, and "now" at its end."""
    box = lane.box
    row = Row(0.0, box.right + 60)
    if not whole:
        half = theme.text_width("now", 14, 600) / 2
        row.take(box.right - half, box.right + half)
        theme.draw_text(
            painter, box.right, y, "now", token=palette.ink, size=14, weight=600, align="centre"
        )
    for time in lane.tick_times(900.0 if whole else 60.0):
        words = clock_text(time)
        half = theme.text_width(words, 14) / 2
        x = lane.x(time)
        if row.take(x - half, x + half):
            theme.draw_text(painter, x, y, words, token=palette.ink2, size=14, align="centre")


def time_ticks(painter: QPainter, lane: Lane, palette: Palette, *, whole: bool) -> None:
    """Paint the small ticks on the axis above the minutes."""
    painter.setPen(theme.line_pen(palette.line, theme.AXIS_WIDTH))
    for time in lane.tick_times(900.0 if whole else 60.0):
        x = lane.x(time)
        painter.drawLine(QLineF(x, lane.box.bottom, x, lane.box.bottom + 5))


def newest(painter: QPainter, lane: Lane, going_on: Sequence[bool], style: Style) -> None:
    """Paint a dot at the end of each line that still goes on."""
    for line, curve, goes_on in zip(lane.lines, lane.curves, going_on, strict=False):
        points = line.points
        if (
            not goes_on
            or not len(points)
            or not np.isfinite(line.values[-1])
            or points.trust[-1] == 0
        ):
            continue
        if style.now - points.time[-1] > STALE:
            continue
        x = min(lane.x(float(points.time[-1])) + _LEAD, lane.x(style.now), lane.box.right)
        y = lane.within(lane.y(float(line.values[-1])))
        kind = "full" if points.trust[-1] == 2 else "half"
        token = getattr(style.palette, curve.token)
        draw_dot(painter, x, y, 9.0, kind, token, style.palette)


def tick_words(value: float, *, signed: bool) -> str:
    """Return the words of a tick."""
    words = f"{value:+.0f}" if signed and value else f"{value:.0f}"
    return words.replace("-", "−")
