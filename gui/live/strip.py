"""The whole hour in one low strip, with the window of the plots above boxed."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QPolygonF
from PySide6.QtWidgets import QWidget

from gui import theme
from gui.live.axis import span
from gui.live.flags import draw_flag
from gui.live.layout import Box, Layout
from gui.live.paint import crisp
from gui.live.scene import links, runs, thinned
from gui.live.traces import WINDOW, Content
from gui.theme import Palette
from gui.words import clock_text
from pipelines.session import BaselineBand

_ABOVE = 26.0  # logical pixels from the strip's upper edge to its title's
_BELOW = 30.0
_MOST = 1048


class Strip(QWidget):
    """The session so far; repainted only when there is something new."""

    def __init__(self, palette: Palette, parent: QWidget) -> None:
        super().__init__(parent)
        self._palette = palette
        self._layout: Layout | None = None
        self._content: Content | None = None
        self._range = (50.0, 100.0)
        self._picture = QPixmap()
        self._stale = True
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName("The whole session so far")

    def place(self, layout: Layout) -> None:
        """Lie where the layout says, or nowhere."""
        self._layout = layout
        if layout.strip is None:
            return
        s, top = layout.scale, layout.strip.y - _ABOVE
        height = layout.strip.height + _ABOVE + _BELOW
        self.setGeometry(0, round(top * s), round(layout.width * s), round(height * s))

    def look(self, palette: Palette) -> None:
        """Take the colours of a palette."""
        self._palette = palette
        self._renew()

    def show_content(self, content: Content) -> None:
        """Draw what is new."""
        self._content = content
        self._grow()
        self._renew()

    def _renew(self) -> None:
        self._stale = True
        self.update()

    def _grow(self) -> None:
        for _, points in self._content.people if self._content else ():
            known = points.heart_rate[np.isfinite(points.heart_rate)]
            if len(known):
                low, high = float(known.min()) - 5, float(known.max()) + 5
                self._range = (min(self._range[0], low), max(self._range[1], high))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Paint the strip from its picture, which is drawn anew only when something is new."""
        if self._stale or self._picture.deviceIndependentSize() != self.size().toSizeF():
            self._picture, self._stale = self._drawn(), False
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        painter.end()

    def _drawn(self) -> QPixmap:
        layout, ratio = self._layout, self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(theme.colour(self._palette.paper))
        painter = QPainter(picture)
        if layout is not None and layout.strip is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.scale(layout.scale, layout.scale)
            painter.translate(0.0, _ABOVE - layout.strip.y)
            self._draw(painter, layout.strip)
        painter.end()
        return picture

    def _draw(self, painter: QPainter, box: Box) -> None:
        palette = self._palette
        theme.draw_text(
            painter, theme.MARGIN, box.y - 14, "Whole hour",
            token=palette.ink2, size=14, weight=600,
        )  # fmt: skip
        content = self._content
        if content is not None:
            band = content.people[0][0].baseline if content.people else None
            self._draw_window(painter, box, content.snapshot.time)
            self._draw_band(painter, box, band)
            self._draw_line(painter, box, content)
            self._draw_marks(painter, box, content)
        self._draw_axis(painter, box)

    def _x(self, box: Box, time: float) -> float:
        return box.x + time / self._span() * box.width

    def _y(self, box: Box, value: float) -> float:
        low, high = self._range
        return box.bottom - 6 - (value - low) / (high - low) * (box.height - 12)

    def _span(self) -> float:
        return span(self._content.snapshot.time if self._content else 0.0)

    def _draw_window(self, painter: QPainter, box: Box, now: float) -> None:
        left = self._x(box, max(now - WINDOW, 0.0))
        right = max(self._x(box, now), left + 6)
        painter.setPen(theme.line_pen(self._palette.line, theme.AXIS_WIDTH))
        painter.setBrush(theme.colour(self._palette.surface))
        area = QRectF(left, box.y - 5.5, right - left, box.height + 5)
        painter.drawRoundedRect(area, theme.RADIUS_BRACKET, theme.RADIUS_BRACKET)

    def _draw_band(self, painter: QPainter, box: Box, band: BaselineBand | None) -> None:
        if band is None:
            return
        top, bottom = self._y(box, band.high), self._y(box, band.low)
        area = QRectF(box.x, top, box.width, max(bottom - top, 3.0))
        painter.fillRect(area, theme.colour(self._palette.band))
        painter.setPen(theme.line_pen(self._palette.ink2, 4.0))
        y = box.bottom - 4
        painter.drawLine(QLineF(self._x(box, band.start), y, self._x(box, band.end), y))

    def _draw_line(self, painter: QPainter, box: Box, content: Content) -> None:
        if not content.people:
            return
        points = thinned(content.people[0][1], _MOST)
        joined = links(points, points.heart_rate).joined
        x, y = self._x(box, 0) + points.time * (box.width / self._span()), points.heart_rate
        painter.setPen(theme.line_pen(self._palette.lake, theme.STRIP_WIDTH))
        for a, b in runs(joined):
            part = zip(x[a : b + 1].tolist(), y[a : b + 1].tolist(), strict=True)
            painter.drawPolyline(QPolygonF([QPointF(i, self._y(box, j)) for i, j in part]))

    def _draw_marks(self, painter: QPainter, box: Box, content: Content) -> None:
        for mark in content.snapshot.marks:
            x = self._x(box, mark.time)
            painter.setPen(theme.line_pen(self._palette.ink, theme.MARK_WIDTH))
            painter.drawLine(QLineF(x, box.y - 6, x, box.bottom))
            draw_flag(painter, x, box.y - 6, self._palette)

    def _draw_axis(self, painter: QPainter, box: Box) -> None:
        painter.setPen(theme.line_pen(self._palette.line, theme.AXIS_WIDTH))
        painter.drawLine(QLineF(box.x, crisp(box.bottom), box.right, crisp(box.bottom)))
        whole = self._span()
        for time in np.arange(0.0, whole + 1, whole / 4).tolist():
            at = {0.0: "left"}.get(time, "centre")
            theme.draw_text(
                painter, self._x(box, time), box.bottom + 18, clock_text(time),
                token=self._palette.ink2, size=14, align=at,
            )  # fmt: skip
        if self._content is not None and self._content.people:
            self._draw_baseline_word(painter, box, self._content.people[0][0].baseline)

    def _draw_baseline_word(self, painter: QPainter, box: Box, band: BaselineBand | None) -> None:
        if band is None:
            return
        x = max(self._x(box, band.start), box.x + 44)
        free = x + 70 < self._x(box, self._span() / 4) - 30
        if free:
            theme.draw_text(
                painter, x, box.bottom + 18, "baseline",
                token=self._palette.ink2, size=14, weight=600,
            )  # fmt: skip
