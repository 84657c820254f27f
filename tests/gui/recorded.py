"""What a paint drew, where and in which colour: told by Qt's own SVG device, not by pixels."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QIODevice, QPoint, QRect, QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QGraphicsView, QWidget

Point = tuple[float, float]
_NUMBER = r"-?\d+(?:\.\d+)?(?:e-?\d+)?"
_PAIR = re.compile(rf"({_NUMBER})[ ,]+({_NUMBER})")


@dataclass(frozen=True)
class Text:
    """Words, where their baseline begins, and their colour."""

    words: str
    x: float
    y: float
    token: str
    size: float


@dataclass(frozen=True)
class Mark:
    """An ellipse, polygon, line or rectangle in the coordinates of the whole window."""

    kind: str
    points: tuple[Point, ...]
    fill: str | None
    stroke: str | None
    width: float
    dashed: bool

    @property
    def left(self) -> float:
        return min(x for x, _ in self.points)

    @property
    def right(self) -> float:
        return max(x for x, _ in self.points)

    @property
    def top(self) -> float:
        return min(y for _, y in self.points)

    @property
    def bottom(self) -> float:
        return max(y for _, y in self.points)

    @property
    def middle(self) -> Point:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2


@dataclass(frozen=True)
class Picture:
    """Everything that was drawn, the first thing lowest."""

    texts: tuple[Text, ...]
    marks: tuple[Mark, ...]

    def text(self, words: str) -> Text:
        """The one text of these words."""
        (found,) = [text for text in self.texts if text.words == words]
        return found

    @property
    def words(self) -> list[str]:
        return [text.words for text in self.texts]

    def filled(self, token: str, kind: str = "") -> list[Mark]:
        """What is filled in this colour."""
        return [m for m in self.marks if m.fill == token.lower() and kind in ("", m.kind)]

    def stroked(self, token: str, kind: str = "") -> list[Mark]:
        """What is drawn as a line in this colour."""
        return [m for m in self.marks if m.stroke == token.lower() and kind in ("", m.kind)]


def painted(paint: Callable[[QPainter], object], size: tuple[int, int] = (1280, 800)) -> Picture:
    """Record what `paint` draws."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    device = QSvgGenerator()
    device.setOutputDevice(buffer)
    device.setSize(QSize(*size))
    device.setViewBox(QRect(0, 0, *size))
    painter = QPainter(device)
    try:
        paint(painter)
    finally:
        painter.end()
    return _read(bytes(buffer.data().data()).decode())


def recorded(widget: QWidget) -> Picture:
    """Record a widget in the coordinates of its window."""
    corner = widget.mapTo(widget.window(), QPoint(0, 0))

    def paint(painter: QPainter) -> None:
        if isinstance(widget, QGraphicsView):
            target = QRectF(corner, widget.size())
            widget.render(painter, target, widget.rect())
        else:
            widget.render(painter, corner)

    size = widget.window().size()
    return painted(paint, (size.width(), size.height()))


def _read(svg: str) -> Picture:
    texts: list[Text] = []
    marks: list[Mark] = []
    for group in ET.fromstring(svg).findall(".//{*}g"):
        for item in group:
            kind = item.tag.rpartition("}")[2]
            if kind == "text":
                texts.append(_text(group, item))
            elif kind not in ("g", "image", "defs"):
                marks += _marks(group, item, kind)
    return Picture(tuple(texts), tuple(marks))


def _placed(group: ET.Element, points: list[Point]) -> tuple[Point, ...]:
    numbers = re.findall(_NUMBER, group.get("transform", "matrix(1,0,0,1,0,0)"))
    a, b, c, d, e, f = map(float, numbers)
    return tuple((a * x + c * y + e, b * x + d * y + f) for x, y in points)


def _text(group: ET.Element, item: ET.Element) -> Text:
    ((x, y),) = _placed(group, [(_of(item, "x"), _of(item, "y"))])
    return Text(
        "".join(item.itertext()).strip(), x, y, item.get("fill", ""), _of(item, "font-size")
    )


def _marks(group: ET.Element, item: ET.Element, kind: str) -> list[Mark]:
    stroke = group.get("stroke")
    fill = item.get("fill") or group.get("fill")
    return [
        Mark(
            kind,
            _placed(group, points),
            None if fill == "none" else fill,
            None if stroke == "none" else stroke,
            _of(group, "stroke-width", 1.0),
            group.get("stroke-dasharray", "none") != "none",
        )
        for points in _pieces(item, kind)
        if len(points) > 1
    ]


def _pieces(item: ET.Element, kind: str) -> list[list[Point]]:
    """The points of each unbroken part."""
    if kind in ("circle", "ellipse"):
        x, y = _of(item, "cx"), _of(item, "cy")
        rx, ry = _of(item, "r", _of(item, "rx")), _of(item, "r", _of(item, "ry"))
        return [[(x - rx, y), (x, y - ry), (x + rx, y), (x, y + ry)]]
    if kind == "rect":
        x, y, width, height = (_of(item, name) for name in ("x", "y", "width", "height"))
        return [[(x, y), (x + width, y + height)]]
    if kind == "line":
        return [[(_of(item, "x1"), _of(item, "y1")), (_of(item, "x2"), _of(item, "y2"))]]
    written = item.get("points") or item.get("d") or ""
    parts = [_PAIR.findall(part) for part in written.split("M")]
    return [[(float(x), float(y)) for x, y in part] for part in parts]


def _of(item: ET.Element, name: str, default: float = 0.0) -> float:
    return float(item.get(name, default))
