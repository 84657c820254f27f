"""What stands on a page, in pieces that no page's end may cut, in tenths of a point.

A piece knows its height and draws itself with its upper edge at y. Text is broken into lines here,
by the fonts with which it is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPen, QTextLayout, QTextOption
from PySide6.QtSvg import QSvgRenderer

from gui.shared.theme import colour
from pipelines.drawing import FAMILIES, LIGHT
from pipelines.report import WIDTH as PICTURE_WIDTH
from pipelines.report import Hour, Level, Table, Trusted, hour_picture

POINT = 10.0
"""Units of a page in a point."""
WIDTH = 503.0 * POINT
"""Between the margins of A4."""
SMALL, NORMAL, LEAD, TITLE = 9.0, 10.0, 14.0, 20.0
"""Sizes in points; tables are in the smallest, which is read on paper."""
SPACING = 1.4
PAD = 3.0 * POINT
GAP = 8.0 * POINT
"""Between columns."""
RADIUS = 8.0 * POINT
DOT = 4.0 * POINT
COLUMNS = (29, 31, 40)
"""Shares of the trust tile's columns."""


@dataclass(frozen=True)
class Piece:
    """Something of one height; what is `tied` stands on the page of the piece that follows it."""

    height: float
    draw: Callable[[QPainter, float], None]
    tied: bool = False


@dataclass(frozen=True)
class Style:
    """How words are written: size in points, weight, and colour of ink."""

    size: float = NORMAL
    weight: int = 400
    token: str = LIGHT.ink

    @property
    def line(self) -> float:
        """Height of a line."""
        return self.size * POINT * SPACING

    def font(self) -> QFont:
        """Return the font: figures aligned, and no ligatures, which a reader would not find."""
        font = QFont()
        font.setFamilies(list(FAMILIES))
        font.setPixelSize(round(self.size * POINT))
        font.setWeight(QFont.Weight(self.weight))
        font.setFeature(QFont.Tag("tnum"), 1)
        font.setFeature(QFont.Tag("liga"), 0)
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        return font


PLAIN = Style()
SECOND = Style(SMALL, token=LIGHT.ink2)
CELL = Style(SMALL)
NAME = Style(SMALL, 600)
HEAD = Style(SMALL, 600, LIGHT.ink2)
HEADING = Style(10.5, 600, LIGHT.ink2)
BADGE = Style(SMALL, 600, LIGHT.paper)


class Text:
    """Words in lines no wider than `width`."""

    def __init__(self, words: str, style: Style, width: float) -> None:
        self._style = style
        self._layout = QTextLayout(words, style.font())
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._layout.setTextOption(option)
        self._layout.beginLayout()
        self.lines = 0
        while (line := self._layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0.0, self.lines * style.line))
            self.lines += 1
        self._layout.endLayout()

    @property
    def height(self) -> float:
        """Height of all lines."""
        return self.lines * self._style.line

    @property
    def width(self) -> float:
        """Width of the longest line."""
        return (
            self._layout.maximumWidth() if self.lines == 1 else self._layout.boundingRect().width()
        )

    def draw(self, painter: QPainter, x: float, y: float, *, line: int | None = None) -> None:
        """Write all lines with the upper edge at y, or one of them."""
        painter.setPen(colour(self._style.token))
        if line is None:
            self._layout.draw(painter, QPointF(x, y))
        else:
            one = self._layout.lineAt(line)
            one.draw(painter, QPointF(x, y - line * self._style.line))


def space(points: float) -> Piece:
    """Return room between two pieces."""
    return Piece(points * POINT, lambda _painter, _y: None)


def rule() -> Piece:
    """Return a thin line across."""
    return Piece(POINT, lambda painter, y: _line(painter, y, LIGHT.hair))


def paragraph(words: str, style: Style = PLAIN, *, tied: bool = False) -> Iterator[Piece]:
    """Yield the lines of a paragraph, so that a page may end between two of them."""
    text = Text(words, style, WIDTH)

    def line(number: int) -> Piece:
        return Piece(
            style.line,
            lambda painter, y: text.draw(painter, 0.0, y, line=number),
            tied or number == 0 < text.lines - 1 or number == text.lines - 2,
        )

    yield from map(line, range(text.lines))


def heading(words: str, aside: str = "") -> Iterator[Piece]:
    """Yield a heading, which stands with what it heads, and words beside it."""
    yield Piece(12.0 * POINT, lambda _painter, _y: None, tied=True)
    if not aside:
        yield from paragraph(words, HEADING, tied=True)
    else:
        told = Text(words, HEADING, WIDTH)
        beside = Text(aside, SECOND, WIDTH - told.width - GAP)

        def draw(painter: QPainter, y: float) -> None:
            told.draw(painter, 0.0, y)
            beside.draw(painter, told.width + GAP, y + HEADING.line - SECOND.line)

        yield Piece(max(told.height, beside.height), draw, tied=True)
    yield Piece(PAD, lambda _painter, _y: None, tied=True)


def tile(title: str, lines: Sequence[Trusted]) -> Piece:
    """Return the tile that says how far the session can be trusted."""
    inset = 11.0 * POINT
    inner = WIDTH - 2.0 * inset
    name = Text(title, Style(10.5, 600), inner)
    rows = [_trusted(line, inner) for line in lines]
    height = 2.0 * inset + name.height + PAD + sum(row.height for row in rows)

    def draw(painter: QPainter, y: float) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(LIGHT.surface))
        painter.drawRoundedRect(QRectF(0.0, y, WIDTH, height), RADIUS, RADIUS)
        painter.translate(inset, 0.0)
        name.draw(painter, 0.0, y + inset)
        _below_each_other(painter, y + inset + name.height + PAD, rows)
        painter.translate(-inset, 0.0)

    return Piece(height, draw)


def _trusted(line: Trusted, width: float) -> Piece:
    left = 16.0 * POINT
    shares = _edges(COLUMNS, width - left)
    styles = (Style(NORMAL, 600), PLAIN, SECOND)
    words = (line.name, line.value, line.aside)
    texts = [
        Text(one, style, stop - start - GAP)
        for one, style, (start, stop) in zip(words, styles, shares, strict=True)
    ]

    def draw(painter: QPainter, y: float) -> None:
        if line.level is not None:
            dot(painter, DOT, y + PAD + PLAIN.line / 2.0, line.level)
        for text, (start, _), style in zip(texts, shares, styles, strict=True):
            text.draw(painter, left + start, y + PAD + (PLAIN.line - style.line) / 2.0)

    return Piece(max(text.height for text in texts) + PAD, draw)


def dot(painter: QPainter, x: float, y: float, level: Level) -> None:
    """Draw the dot of a level around a place: full, its lower half, or its edge alone."""
    circle = QRectF(x - DOT, y - DOT, 2.0 * DOT, 2.0 * DOT)
    painter.setPen(QPen(colour(LIGHT.lake), POINT))
    painter.setBrush(colour(LIGHT.lake) if level is Level.FULL else Qt.BrushStyle.NoBrush)
    painter.drawEllipse(circle)
    if level is Level.HALF:
        painter.setBrush(colour(LIGHT.lake))
        painter.drawChord(circle, 180 * 16, 180 * 16)


def picture(hour: Hour) -> Piece:
    """Return the session as it is drawn on every page."""
    drawn = QSvgRenderer(QByteArray(hour_picture(hour, LIGHT).encode()))
    height = WIDTH * drawn.defaultSize().height() / PICTURE_WIDTH
    return Piece(height, lambda painter, y: drawn.render(painter, QRectF(0.0, y, WIDTH, height)))


def table(content: Table) -> tuple[Piece, list[Piece]]:
    """Return the head of a table, which is repeated on each of its pages, and its rows."""
    edges = _edges(content.widths, WIDTH)
    styles = [HEAD] * len(edges)
    head = _row(content.head, styles, edges, numbered=False)

    def draw(painter: QPainter, y: float) -> None:
        head.draw(painter, y)
        _line(painter, y + head.height, LIGHT.line)

    name = 2 if content.numbered else 0
    styles = [NAME if place == name else CELL for place in range(len(edges))]
    rows = [_row(row, styles, edges, numbered=content.numbered) for row in content.rows]
    return Piece(head.height + 2.0 * POINT, draw, tied=True), rows


def _row(
    words: Iterable[str],
    styles: Sequence[Style],
    edges: Sequence[tuple[float, float]],
    *,
    numbered: bool,
) -> Piece:
    cells = [
        (Text(one, BADGE if numbered and start == 0.0 else style, stop - start - GAP), start)
        for one, style, (start, stop) in zip(words, styles, edges, strict=True)
    ]

    def draw(painter: QPainter, y: float) -> None:
        if numbered:
            _badge(painter, cells[0][0], y + PAD)
        for text, start in cells[1:] if numbered else cells:
            text.draw(painter, start, y + PAD)

    return Piece(max(text.height for text, _ in cells) + 2.0 * PAD, draw)


def _badge(painter: QPainter, number: Text, y: float) -> None:
    """Draw the number of a moment as it stands above the picture."""
    width = max(number.width + 6.0 * POINT, CELL.line)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(LIGHT.ink))
    painter.drawRoundedRect(QRectF(0.0, y, width, CELL.line), CELL.line / 2.0, CELL.line / 2.0)
    number.draw(painter, (width - number.width) / 2.0, y + 1.0 * POINT)


def _edges(widths: Sequence[int], width: float) -> list[tuple[float, float]]:
    """Return where columns of these shares begin and end."""
    whole = float(sum(widths))
    stops = [sum(widths[: place + 1]) / whole * width for place in range(len(widths))]
    return list(zip([0.0, *stops[:-1]], stops, strict=True))


def _below_each_other(painter: QPainter, y: float, pieces: Iterable[Piece]) -> None:
    for piece in pieces:
        piece.draw(painter, y)
        y += piece.height


def _line(painter: QPainter, y: float, token: str) -> None:
    painter.setPen(QPen(colour(token), 0.7 * POINT))
    painter.drawLine(QPointF(0.0, y), QPointF(WIDTH, y))
