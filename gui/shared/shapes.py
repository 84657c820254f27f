"""Shapes as points and colours: what a painter draws, worked out without it, and how it is drawn.

Lengths are logical pixels, y grows downwards, and colours are a palette's "#RRGGBB".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from gui.shared.theme import colour, line_pen

Point: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A box in logical pixels."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Lower edge."""
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Stroke:
    """How a line is drawn; dashes are in widths of it, and end flat where `flat`."""

    token: str
    width: float
    dashes: tuple[float, ...] = ()
    flat: bool = False


@dataclass(frozen=True, slots=True)
class Path:
    """A line through points."""

    points: tuple[Point, ...]
    stroke: Stroke


@dataclass(frozen=True, slots=True)
class Polygon:
    """A closed outline, filled or not; a wash where its `opacity` is below 1."""

    points: tuple[Point, ...]
    fill: str | None = None
    stroke: Stroke | None = None
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Rectangle:
    """An upright rectangle, its corners rounded by `radius`."""

    x: float
    y: float
    width: float
    height: float
    fill: str | None = None
    stroke: Stroke | None = None
    radius: float = 0.0


@dataclass(frozen=True, slots=True)
class Disc:
    """A circle, filled or not."""

    centre: Point
    radius: float
    fill: str | None = None
    stroke: Stroke | None = None


@dataclass(frozen=True, slots=True)
class LowerHalf:
    """The half of a circle that lies below its centre, filled."""

    centre: Point
    radius: float
    fill: str


Shape: TypeAlias = Path | Polygon | Rectangle | Disc | LowerHalf


def straight(start: Point, end: Point, stroke: Stroke) -> Path:
    """Return a straight line."""
    return Path((start, end), stroke)


def reflected(shape: Shape, across: float) -> Shape:
    """Return a shape with what lies at x at `across` - x."""
    match shape:
        case Path(points) | Polygon(points):
            return replace(shape, points=tuple((across - x, y) for x, y in points))
        case Rectangle(x, _, width):
            return replace(shape, x=across - x - width)
        case Disc((x, y)) | LowerHalf((x, y)):
            return replace(shape, centre=(across - x, y))


def draw(painter: QPainter, shapes: Iterable[Shape]) -> None:
    """Draw shapes, the first one lowest."""
    for shape in shapes:
        match shape:
            case Path(points, stroke):
                _take(painter, None, stroke)
                _draw_path(painter, points)
            case Polygon(points, fill, outline, opacity):
                _take(painter, fill, outline, opacity)
                painter.drawPolygon(_polygon(points))
            case Rectangle(x, y, width, height, str(fill), None, 0.0):
                painter.fillRect(QRectF(x, y, width, height), colour(fill))
            case Rectangle(x, y, width, height, fill, outline, radius):
                _take(painter, fill, outline)
                painter.drawRoundedRect(QRectF(x, y, width, height), radius, radius)
            case Disc(centre, radius, fill, outline):
                _take(painter, fill, outline)
                painter.drawEllipse(QPointF(*centre), radius, radius)
            case LowerHalf((x, y), radius, fill):
                _take(painter, fill, None)
                box = QRectF(x - radius, y - radius, 2 * radius, 2 * radius)
                painter.drawPie(box, 180 * 16, 180 * 16)


def _draw_path(painter: QPainter, points: tuple[Point, ...]) -> None:
    if len(points) == 2:  # a straight line is drawn sharper, and quicker
        painter.drawLine(QPointF(*points[0]), QPointF(*points[1]))
    else:
        painter.drawPolyline(_polygon(points))


def _polygon(points: Iterable[Point]) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in points])


def _take(painter: QPainter, fill: str | None, stroke: Stroke | None, opacity: float = 1.0) -> None:
    painter.setPen(Qt.PenStyle.NoPen if stroke is None else pen(stroke))
    painter.setBrush(Qt.BrushStyle.NoBrush if fill is None else colour(fill, opacity))


def pen(stroke: Stroke) -> QPen:
    """Return the pen of a stroke, round at caps and joins unless it is flat."""
    result = line_pen(stroke.token, stroke.width)
    if stroke.flat:
        result.setCapStyle(Qt.PenCapStyle.FlatCap)
    if stroke.dashes:
        result.setDashPattern(list(stroke.dashes))
    return result
