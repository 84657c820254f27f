"""One wearer's line in a plot: ribbon, solid and dotted parts, drawn by pyqtgraph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsPathItem

from gui.shared import theme
from gui.shared.scene import Links, dashes_begin, links, quiet, runs
from physio.beats import FloatArray
from pipelines.drawing import Palette
from pipelines.session import Points

Points2D: TypeAlias = FloatArray
"""(n, 2) times in s and values."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """What a curve draws: n points and the (n,) values, low and high at each."""

    points: Points
    values: FloatArray
    low: FloatArray
    high: FloatArray

    @property
    def edges(self) -> tuple[FloatArray, FloatArray]:
        """Low and high as they are drawn, without the flicker from beat to beat."""
        return quiet(self.values, self.low, self.high)


@dataclass(frozen=True, slots=True)
class PixelScale:
    """Device-independent pixels for one second and for one unit of the value."""

    x: float
    y: float


class Curve:
    """One line of a plot; the client's is solid, a second person's long-dashed."""

    def __init__(self, box: pg.ViewBox, token: str, *, width: float, dashed: bool = False) -> None:
        self.token, self._width, self._dashed = token, width, dashed
        self._period = 1.0
        self._ribbon = QGraphicsPathItem()
        self._ribbon.setPen(QPen(Qt.PenStyle.NoPen))
        self._solid = pg.PlotCurveItem(antialias=True, segmentedLineMode="on")
        self._dashes, self._dots = QGraphicsPathItem(), QGraphicsPathItem()
        for item in (self._ribbon, self._solid, self._dashes, self._dots):
            box.addItem(item, ignoreBounds=True)

    def look(self, palette: Palette, scale: float, *, ratio: float, bare: bool) -> None:
        """Take the colours of a palette; a bare curve has no ribbon.

        `scale` is that of the window, `ratio` how many device pixels one of its own takes: cosmetic
        pens, whose dashes do not stretch with the axes, know neither.
        """
        self._ribbon.setVisible(not bare)
        colour = getattr(palette, self.token)
        self._ribbon.setBrush(theme.colour(colour, theme.UNCERTAINTY))
        solid = theme.line_pen(colour, self._width)
        dashed, dotted = (
            theme.dashed_pen(colour, self._width),
            theme.dotted_pen(colour, self._width),
        )
        self._period = sum(dashed.dashPattern()) * self._width * scale
        for pen in (solid, dashed, dotted):
            pen.setCosmetic(True)
            pen.setWidthF(self._width * scale * ratio)
        self._solid.setPen(solid)
        self._dashes.setPen(dashed)
        self._dots.setPen(dotted)

    def show(self, line: Line, start: float, pixels: PixelScale) -> None:
        """Draw the part of a line from `start` (s) on."""
        joins = links(line.points, line.values)
        first = max(int(np.searchsorted(line.points.time, start)) - 1, 0)
        self._ribbon.setPath(_path(ribbon(line, joins, first), closed=True))
        self._dots.setPath(_path(pieces(line, runs(joins.dotted), first, 6.0, pixels)))
        if self._dashed:
            spans = runs(joins.solid)
            self._dashes.setPath(_path(pieces(line, spans, first, self._period, pixels)))
        else:
            self._show_solid(line, joins, first)

    def _show_solid(self, line: Line, joins: Links, first: int) -> None:
        connect = joins.solid[first:].astype(np.int32)
        x, y = line.points.time[first:], line.values[first:]
        if connect.any():
            self._solid.setData(x, np.where(np.isfinite(y), y, 0.0), connect=connect)
        else:
            self._solid.clear()


def ribbon(line: Line, joins: Links, first: int) -> list[Points2D]:
    """Return the outline of low to high along each unbroken part: there above, and back below."""
    low, high = line.edges
    bounded = joins.joined & np.isfinite(low) & np.isfinite(high)
    bounded[:-1] &= np.isfinite(low[1:]) & np.isfinite(high[1:])
    parts = [slice(first + a, first + b + 1) for a, b in runs(bounded[first:])]
    return [
        np.concatenate(
            (
                np.column_stack((line.points.time[part], high[part])),
                np.column_stack((line.points.time[part], low[part]))[::-1],
            )
        )
        for part in parts
    ]


def pieces(
    line: Line, spans: list[tuple[int, int]], first: int, period: float, pixels: PixelScale
) -> list[Points2D]:
    """Return the parts of a line in these spans, from a whole dash before point `first` on."""
    found = []
    for a, b in spans:
        if b < first:
            continue
        x, y = line.points.time[a : b + 1], line.values[a : b + 1]
        if a < first:
            sx, sy = dashes_begin(x * pixels.x, y * pixels.y, first - a, period)
            x, y = sx / pixels.x, sy / pixels.y
        found.append(np.column_stack((x, y)))
    return found


def _path(outlines: list[Points2D], *, closed: bool = False) -> QPainterPath:
    path = QPainterPath()
    for points in outlines:
        path.addPolygon(QPolygonF([QPointF(x, y) for x, y in points.tolist()]))
        if closed:
            path.closeSubpath()
    return path
