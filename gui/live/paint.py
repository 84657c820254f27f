"""Painters of a plot's ground, gaps, hatches and other stretches, in logical pixels."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPolygonF

from gui import theme
from gui.live.lane import Lane
from gui.live.scene import Stretch
from gui.live.sketch import Sketch
from gui.theme import Palette

_WORDS_ROOM = 32.0
_CAP = 16.0
_HATCH = 8.0
_SHORT = "no estimate"
_DIAMOND = 5.0


@dataclass(frozen=True, slots=True)
class Style:
    """How to paint: colours, the session time now, and whether bare, as on the dim screen."""

    palette: Palette
    now: float
    bare: bool = False


def ground(
    painter: QPainter,
    lane: Lane,
    palette: Palette,
    bands: Sequence[tuple[float, float]],
    *,
    hairs: bool,
    bare: bool = False,
) -> None:
    """Paint the baseline band and, unless bare, hair lines at the ticks and the axis."""
    box = lane.box
    for low, high in bands:
        _band(painter, lane, palette, lane.within(lane.y(high)), lane.within(lane.y(low)))
    if bare:
        return
    painter.setPen(theme.line_pen(palette.hair, theme.AXIS_WIDTH))
    for value in lane.tick_values() if hairs else ():
        y = crisp(lane.y(value))
        if y > box.bottom - _WORDS_ROOM or any(low < value < high for low, high in bands):
            continue  # a hair would strike through the words, or through the band
        painter.drawLine(QLineF(box.x, y, box.right, y))
    painter.setPen(theme.line_pen(palette.line, theme.AXIS_WIDTH))
    painter.drawLine(QLineF(box.x, crisp(box.bottom), box.right, crisp(box.bottom)))


def _band(painter: QPainter, lane: Lane, palette: Palette, top: float, bottom: float) -> None:
    box = lane.box
    painter.fillRect(QRectF(box.x, top, box.width, bottom - top), theme.colour(palette.band))
    pen = theme.line_pen(palette.line, theme.AXIS_WIDTH)
    pen.setDashPattern([0.01, 4.0])
    painter.setPen(pen)
    for y in (top, bottom):
        painter.drawLine(QLineF(box.x, y, box.right, y))


def crisp(y: float) -> float:
    """Return the middle of the pixel row that y lies in, where a 1 px line is sharp."""
    return math.floor(y) + 0.5


def _ends(lane: Lane, stretch: Stretch, now: float) -> tuple[float, float] | None:
    left = max(lane.x(stretch.start), lane.box.x)
    right = min(lane.x(min(stretch.end, now)), lane.box.right)
    return (left, right) if right > left else None


class Row:
    """A row of words in which a later one that would meet an earlier one hides."""

    def __init__(self, left: float, right: float) -> None:
        self._left, self._right = left, right
        self._taken: list[tuple[float, float]] = []

    def take(self, start: float, end: float) -> bool:
        """Take start to end and return True, or return False where somebody was first."""
        free = all(end + 8 <= a or b + 8 <= start for a, b in self._taken)
        inside = start >= self._left and end <= self._right
        if free and inside:
            self._taken.append((start, end))
        return free and inside


def stretches(painter: QPainter, lane: Lane, sketch: Sketch, style: Style) -> None:
    """Paint hatches, brackets with their words, caps and corrected beats of the heart rate."""
    box = lane.box
    hatches(painter, lane, sketch.hatches[0], style)
    row = Row(box.x - 40, box.right + 100)
    for bracket in sketch.brackets:
        _bracket(painter, lane, bracket, style, row)
    for times, words in () if style.bare else sketch.corrected:
        _diamonds(painter, lane, times, words, style.palette, row)
    _caps(painter, lane, sketch, style.palette)
    _before(painter, lane, style.palette)


def _caps(painter: QPainter, lane: Lane, sketch: Sketch, palette: Palette) -> None:
    painter.setPen(theme.line_pen(palette.line, 2.0))
    for cap in sketch.caps:
        x, y = lane.x(cap.time), lane.within(lane.y(cap.value))
        if lane.box.x <= x <= lane.box.right:
            painter.drawLine(QLineF(x, y - _CAP / 2, x, y + _CAP / 2))


def _bracket(painter: QPainter, lane: Lane, stretch: Stretch, style: Style, row: Row) -> None:
    ends = _ends(lane, stretch, style.now)
    if ends is None:
        return
    y = lane.box.bottom - 7
    if not style.bare:
        painter.setPen(theme.line_pen(style.palette.line, 2.0))
        painter.drawLine(QLineF(ends[0], y, ends[1], y))
    words_y = lane.box.bottom + 20 if style.bare else y - 10
    _words_over(painter, stretch.words, sum(ends) / 2, words_y, style.palette, row)


def _words_over(
    painter: QPainter, words: str, middle: float, baseline: float, palette: Palette, row: Row
) -> None:
    half = theme.text_width(words, 14) / 2
    if row.take(middle - half, middle + half):
        theme.draw_text(
            painter, middle, baseline, words, token=palette.ink2, size=14, align="centre"
        )


def _diamonds(
    painter: QPainter,
    lane: Lane,
    times: Sequence[float],
    words: str,
    palette: Palette,
    row: Row,
) -> None:
    inside = [x for x in map(lane.x, times) if lane.box.x <= x <= lane.box.right]
    if not inside:
        return
    painter.setPen(theme.line_pen(palette.ink2, 1.25))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    y, r = lane.box.bottom - 7, _DIAMOND / 2 + 1
    for x in inside:
        corners = (QPointF(x - r, y), QPointF(x, y - r), QPointF(x + r, y), QPointF(x, y + r))
        painter.drawPolygon(QPolygonF(corners))
    _words_over(painter, words, (inside[0] + inside[-1]) / 2, y - 10, palette, row)


def hatches(painter: QPainter, lane: Lane, found: Iterable[Stretch], style: Style) -> None:
    """Paint stretches without an estimate, each with its words."""
    row = Row(lane.box.x + 130, lane.box.right + 100)
    for stretch in found:
        ends = _ends(lane, stretch, style.now)
        if ends is not None:
            _hatch(painter, lane, ends, lane.x(stretch.start), style.palette)
            _hatch_words(painter, lane, stretch.words, ends, style.palette, row)


def _hatch(
    painter: QPainter, lane: Lane, ends: tuple[float, float], anchor: float, palette: Palette
) -> None:
    box = lane.box
    area = QRectF(ends[0], box.y, ends[1] - ends[0], box.height)
    # Anchored at the stretch's own beginning, so that the pattern moves with the line.
    first = anchor + math.floor((ends[0] - box.height - anchor) / _HATCH) * _HATCH
    painter.save()
    painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
    pen = theme.line_pen(palette.hair, theme.AXIS_WIDTH)
    pen.setCosmetic(True)  # wider than one pixel, hundreds of lines would cost half a core
    painter.setPen(pen)
    painter.drawLines(
        [
            QLineF(x, box.bottom, x + box.height, box.y)
            for x in np.arange(first, ends[1], _HATCH).tolist()
        ]
    )
    painter.restore()


def _hatch_words(
    painter: QPainter,
    lane: Lane,
    words: str,
    ends: tuple[float, float],
    palette: Palette,
    row: Row,
) -> None:
    """Write inside the hatch what fits there, or else over it, in the title's row."""
    middle, y = sum(ends) / 2, lane.box.y + lane.box.height / 2
    room = ends[1] - ends[0] - 16
    fitting = [w for w in (words, _SHORT) if theme.text_width(w, 14) <= room]
    if not fitting:
        _words_over(painter, _SHORT, middle, lane.box.y - 8, palette, row)
        return
    half = theme.text_width(fitting[0], 14) / 2
    back = QRectF(middle - half - 8, y - 13, 2 * half + 16, 26)
    painter.fillRect(back, theme.colour(palette.paper))
    theme.draw_text(painter, middle, y + 5, fitting[0], token=palette.ink2, size=14, align="centre")


def nothing(painter: QPainter, lane: Lane, palette: Palette) -> None:
    """Say of an empty plot that nothing is known yet."""
    x, y = lane.box.x + lane.box.width / 2, lane.box.y + lane.box.height / 2
    theme.draw_text(
        painter, x, y + 12, "nothing to show yet", token=palette.ink2, size=14, align="centre"
    )


def _before(painter: QPainter, lane: Lane, palette: Palette) -> None:
    """Say of the blank before the first second what it is."""
    width, words = lane.x(0.0) - lane.box.x, "before the start"
    if width > theme.text_width(words, 14) + 16:
        middle, y = lane.box.x + width / 2, lane.box.y + lane.box.height / 2
        theme.draw_text(painter, middle, y, words, token=palette.ink2, size=14, align="centre")
