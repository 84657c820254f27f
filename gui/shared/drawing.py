"""A page as it is drawn: shapes, words, and the places that a click acts on; and how to draw it.

Lengths are logical pixels. What makes a drawing asks for no painter, so that it can be looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from PySide6.QtGui import QPainter

from gui.shared import CAP_HEIGHT, Place, Rectangle, Shape, Stroke, cap_width, draw, theme
from gui.shared.shapes import reflected
from pipelines.drawing import Palette
from pipelines.language import from_the_right

_ACROSS = {"left": "right", "centre": "centre", "right": "left"}


@dataclass(frozen=True, slots=True)
class Text:
    """Words on the line y, from x on; `align` says whether x is left, centre or right of them.

    A page is laid out from the left; where it is read from the right, all of it is mirrored.
    """

    x: float
    y: float
    words: str
    token: str
    size: int
    weight: int = 400
    align: str = "left"


SURFACE = "surface"
"""The action of a place that is clicked at, dragged and wheeled over: each says where."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a click acts, and the action.

    `taken` says whether it is the one taken of several, None where there is no choice. `drawn` is
    where it began before it was laid as time goes, None for everywhere else.
    """

    x: float
    y: float
    width: float
    height: float
    action: str
    taken: bool | None = None
    drawn: float | None = None

    @property
    def origin(self) -> float:
        """Where it begins for who drew it."""
        return self.x if self.drawn is None else self.drawn

    def holds(self, x: float, y: float) -> bool:
        """Return whether a point lies in it."""
        return self.x <= x < self.x + self.width and self.y <= y < self.y + self.height


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything on a page, the first thing lowest; words lie above shapes."""

    shapes: tuple[Shape, ...] = ()
    texts: tuple[Text, ...] = ()
    spots: tuple[Spot, ...] = ()

    def __add__(self, other: Drawing) -> Drawing:
        return Drawing(
            self.shapes + other.shapes, self.texts + other.texts, self.spots + other.spots
        )

    def in_time(self, left: float, right: float) -> Drawing:
        """Return what lies between two x as it goes with time, from the left on any page."""
        if not from_the_right():
            return self
        across = left + right
        return Drawing(
            tuple(reflected(shape, across) for shape in self.shapes),
            tuple(
                replace(text, x=across - text.x, align=_ACROSS[text.align]) for text in self.texts
            ),
            tuple(
                replace(spot, x=across - spot.x - spot.width, drawn=spot.x) for spot in self.spots
            ),
        )

    def sentence(self) -> str:
        """Return all words in one line, for a screen reader."""
        return ". ".join(text.words for text in self.texts if text.words)

    def places(self) -> list[Place]:
        """Return what can be pressed, each called by the words that stand in it."""
        return [
            Place((spot.x, spot.y, spot.width, spot.height), name, spot.action, spot.taken)
            for spot in self.spots
            if spot.action != SURFACE and (name := self._words_in(spot))
        ]

    def _words_in(self, spot: Spot) -> str:
        return ", ".join(t.words for t in self.texts if t.words and spot.holds(t.x, t.y))

    def headline(self) -> str:
        """Return the words in the largest letters."""
        largest = max((text.size for text in self.texts), default=0)
        return " ".join(t.words for t in self.texts if t.words and t.size == largest)


NOTHING = Drawing()


@dataclass(frozen=True, slots=True)
class Paper:
    """What a page is drawn on: logical size and colours."""

    width: float
    height: float
    palette: Palette

    @property
    def right(self) -> float:
        """Where the right margin begins."""
        return self.width - theme.MARGIN


def paint(painter: QPainter, drawing: Drawing) -> None:
    """Draw a page with a painter that is turned where it is read from the right."""
    draw(painter, drawing.shapes)
    for text in drawing.texts:
        theme.draw_text(
            painter, text.x, text.y, text.words,
            token=text.token, size=text.size, weight=text.weight, align=text.align,
        )  # fmt: skip


def wrapped(words: str, room: float, size: int, weight: int = 400) -> list[str]:
    """Return words on as many lines as they need; one that is too long for a line is cut short."""
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and theme.text_width(longer, size, weight) <= room:
            lines[-1] = longer
        else:
            lines.append(theme.fitted(word, room, size, weight))
    return lines


def head(x: float, y: float, words: str, room: float, palette: Palette) -> Text:
    """Return the head of a column, lighter where it would not fit, or else cut short."""
    weight = 600 if theme.text_width(words, 14, 600) <= room else 400
    return Text(x, y, theme.fitted(words, room, 14, weight), palette.ink2, 14, weight)


def cell(x: float, y: float, words: str, room: float, token: str, weight: int = 400) -> Text:
    """Return words of a row, smaller where they would not fit, or else cut short."""
    size = theme.fitting_size(words, room, (16, 14), weight)
    return Text(x, y, theme.fitted(words, room, size, weight), token, size, weight)


def paragraph(
    x: float,
    y: float,
    words: str,
    room: float,
    *,
    token: str,
    size: int,
    step: float,
    most: int | None = None,
) -> Drawing:
    """Return words on lines `step` apart, the first on the line y; after `most` they are cut."""
    lines = wrapped(words, room, size)
    if most is not None and len(lines) > most:
        rest = " ".join(lines[most - 1 :])
        lines = [*lines[: most - 1], theme.fitted(rest, room, size)]
    texts = [Text(x, y + step * n, line, token, size) for n, line in enumerate(lines)]
    return Drawing(texts=tuple(texts))


def cap(x: float, y: float, name: str, palette: Palette) -> tuple[Drawing, float]:
    """Return a keycap whose upper left corner is (x, y), and its width."""
    width = cap_width(name)
    box = Rectangle(
        x + 0.5, y + 0.5, width - 1.0, CAP_HEIGHT - 1.0,
        fill=palette.surface, stroke=Stroke(palette.line, theme.AXIS_WIDTH),
        radius=theme.RADIUS_KEYCAP,
    )  # fmt: skip
    label = Text(x + width / 2, y + 18.0, name, palette.ink, 14, 600, "centre")
    return Drawing((box,), (label,)), width


def tile(
    x: float,
    y: float,
    width: float,
    height: float,
    palette: Palette,
    *,
    chosen: bool = False,
    filled: bool = False,
    dashed: bool = False,
) -> Rectangle:
    """Return a tile's box; the chosen one stands out by its edge."""
    edge = (
        Stroke(palette.lake, 3.0)
        if chosen
        else Stroke(palette.line, 1.0, (5.0, 4.0) if dashed else (), flat=dashed)
    )
    inset = edge.width / 2
    return Rectangle(
        x + inset, y + inset, width - 2 * inset, height - 2 * inset,
        fill=palette.surface if filled or chosen else palette.paper,
        stroke=edge, radius=theme.RADIUS_TILE,
    )  # fmt: skip


def joined(parts: Sequence[Drawing] | Iterator[Drawing]) -> Drawing:
    """Return drawings as one."""
    result = NOTHING
    for part in parts:
        result += part
    return result
