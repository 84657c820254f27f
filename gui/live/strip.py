"""The whole hour in one low strip, with the window of the plots above boxed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from gui.live.axis import span
from gui.live.flags import flag
from gui.live.layout import Layout
from gui.live.traces import WINDOW, Content
from gui.shared import Box, Path, Rectangle, Shape, Stroke, draw, mirror, straight, theme
from gui.shared.scene import crisp, links, runs, thinned
from pipelines.drawing import Palette
from pipelines.language import tr
from pipelines.session import BaselineBand, Points
from pipelines.words import clock_text

_ABOVE = 26.0  # logical pixels from the strip's upper edge to its title's
_BELOW = 30.0
_MOST = 1048


class Strip(QLabel):
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
        self.setAccessibleName(tr("The whole session so far"))

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
        assert self._layout is not None
        palette, content = self._palette, self._content
        with mirror.turned(painter, self._layout.width):
            theme.draw_text(
                painter, theme.MARGIN, box.y - 14, tr("Whole hour"),
                token=palette.ink2, size=14, weight=600,
            )  # fmt: skip
        now = content.snapshot.time if content else 0.0
        scale = Scale(box, span(now), *self._range)
        draw(painter, shapes(scale, content, palette) if content else ())
        draw(painter, [axis(scale, palette)])
        self._draw_times(painter, scale)
        if content is not None and content.people:
            self._draw_baseline_word(painter, scale, content.people[0][0].baseline)

    def _draw_times(self, painter: QPainter, scale: Scale) -> None:
        for time in np.arange(0.0, scale.seconds + 1, scale.seconds / 4).tolist():
            at = {0.0: "left"}.get(time, "centre")
            theme.draw_text(
                painter, scale.x(time), scale.box.bottom + 18, clock_text(time),
                token=self._palette.ink2, size=14, align=at,
            )  # fmt: skip

    def _draw_baseline_word(
        self, painter: QPainter, scale: Scale, band: BaselineBand | None
    ) -> None:
        if band is None:
            return
        x = max(scale.x(band.start), scale.box.x + 44)
        free = x + 70 < scale.x(scale.seconds / 4) - 30
        if free:
            theme.draw_text(
                painter, x, scale.box.bottom + 18, tr("baseline"),
                token=self._palette.ink2, size=14, weight=600,
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scale:
    """Where time and heart rate lie in the strip's box, which lasts `seconds`."""

    box: Box
    seconds: float
    low: float
    high: float

    def x(self, time: float) -> float:
        """Return the x of a session time."""
        return self.box.x + time / self.seconds * self.box.width

    def y(self, value: float) -> float:
        """Return the y of a heart rate."""
        share = (value - self.low) / (self.high - self.low)
        return self.box.bottom - 6 - share * (self.box.height - 12)


def shapes(scale: Scale, content: Content, palette: Palette) -> list[Shape]:
    """Return everything in the strip but words and axis."""
    found: list[Shape] = [window(scale, content.snapshot.time, palette)]
    if content.people:
        view, points = content.people[0]
        found += [] if view.baseline is None else band(scale, view.baseline, palette)
        found += trace(scale, points, palette)
    for mark in content.snapshot.marks:
        found += mark_shapes(scale, mark.time, palette)
    return found


def window(scale: Scale, now: float, palette: Palette) -> Rectangle:
    """Return the box around what the plots above show."""
    left = scale.x(max(now - WINDOW, 0.0))
    right = max(scale.x(now), left + 6)
    stroke = Stroke(palette.line, theme.AXIS_WIDTH)
    return Rectangle(
        left, scale.box.y - 5.5, right - left, scale.box.height + 5,
        fill=palette.surface, stroke=stroke, radius=theme.RADIUS_BRACKET,
    )  # fmt: skip


def band(scale: Scale, baseline: BaselineBand, palette: Palette) -> list[Shape]:
    """Return the area of the baseline, and a line under the stretch that it was taken from."""
    box, top, y = scale.box, scale.y(baseline.high), scale.box.bottom - 4
    height = max(scale.y(baseline.low) - top, 3.0)
    stretch = (scale.x(baseline.start), y), (scale.x(baseline.end), y)
    return [
        Rectangle(box.x, top, box.width, height, fill=palette.band),
        straight(*stretch, Stroke(palette.ink2, 4.0)),
    ]


def trace(scale: Scale, points: Points, palette: Palette) -> list[Path]:
    """Return the heart rate of the whole session, broken where it is not known."""
    few = thinned(points, _MOST)
    joined = links(few, few.heart_rate).joined
    stroke = Stroke(palette.lake, theme.STRIP_WIDTH)
    x, y = scale.x(0.0) + few.time * (scale.box.width / scale.seconds), few.heart_rate
    return [
        Path(
            tuple(zip(x[a : b + 1].tolist(), map(scale.y, y[a : b + 1].tolist()), strict=True)),
            stroke,
        )
        for a, b in runs(joined)
    ]


def mark_shapes(scale: Scale, time: float, palette: Palette) -> list[Shape]:
    """Return a mark's line, and its flag at the line's upper end."""
    x, top = scale.x(time), scale.box.y - 6
    pole = straight((x, top), (x, scale.box.bottom), Stroke(palette.ink, theme.MARK_WIDTH))
    return [pole, flag(x, top, palette)]


def axis(scale: Scale, palette: Palette) -> Path:
    """Return the line of the time axis."""
    y = crisp(scale.box.bottom)
    stroke = Stroke(palette.line, theme.AXIS_WIDTH)
    return straight((scale.box.x, y), (scale.box.right, y), stroke)
