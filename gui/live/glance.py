"""The glance: level, words, arrow and trust dot, painted so that two metres away is near enough."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from PySide6.QtGui import QPainter

from gui.live.layout import Layout
from gui.shared import (
    Box,
    Disc,
    LowerHalf,
    Point,
    Rectangle,
    Shape,
    Stroke,
    draw,
    mirror,
    straight,
    theme,
)
from physio.arousal.glance import Direction
from pipelines.drawing import Palette
from pipelines.words import Words

TILES = 6
"""Wearers that a page of a group shows."""
_TILE_NARROW = 320.0
_SMALLER = (28, 20, 16, 14)
THINNEST = 2.25
"""Of the track: wherever it lies and at nine tenths of the size, a pixel of it is whole."""
LEVEL_SPREADS = 6.0
"""The level's track reaches this many baseline spreads up and down."""
_SLOPES = {
    Direction.RISING: -36.0,
    Direction.STEADY: 0.0,
    Direction.SETTLING: 36.0,
    Direction.LOWERING: 36.0,
}


@dataclass(frozen=True, slots=True)
class Person:
    """What the glance shows of one wearer.

    `token` is their colour; `before` are the words that fade out while `words` fade in, of which
    `faded` says how far that has come, 0 to 1.
    """

    name: str
    words: Words
    token: str
    before: Words | None = None
    faded: float = 1.0

    def shown(self, of: Callable[[Words], str]) -> tuple[Words, float]:
        """Return which words to take a part from, and its opacity: old ones go, then new come."""
        if self.before is None or of(self.before) == of(self.words):
            return self.words, 1.0
        if self.faded < 0.5:
            return self.before, 1.0 - 2.0 * self.faded
        return self.words, 2.0 * self.faded - 1.0


def position_of(words: Words) -> str:
    """Return the first large line."""
    return words.position


def direction_of(words: Words) -> str:
    """Return the second large line."""
    return words.direction


def trust_of(words: Words) -> str:
    """Return the words of trust, with the dot that leads them."""
    return f"{words.dot} {words.trust}"


@contextmanager
def faded(painter: QPainter, opacity: float) -> Iterator[None]:
    """Paint with this opacity."""
    painter.setOpacity(opacity)
    yield
    painter.setOpacity(1.0)


def level_y(level: float, box: Box) -> float:
    """Return where the level's dot lies in `box`, at its end beyond six spreads."""
    clamped = min(max(level, -LEVEL_SPREADS), LEVEL_SPREADS)
    return box.y + box.height / 2 - clamped * box.height / (2 * LEVEL_SPREADS)


def level(
    box: Box, words: Words, token: str, palette: Palette, *, dot_radius: float = 13.0
) -> list[Shape]:
    """Return the track, the box of one spread each way, and the dot where the wearer is now."""
    middle, thin = box.x + box.width / 2, max(box.width / 28, THINNEST)
    track = straight((middle, box.y), (middle, box.bottom), Stroke(palette.line, thin))
    dots = () if words.level is None else dot(
        middle, level_y(words.level, box), dot_radius, words.dot, token, palette
    )  # fmt: skip
    return [track, *_spread(box, thin, palette, words), *dots]


def _spread(box: Box, thin: float, palette: Palette, words: Words) -> list[Shape]:
    """Return the box of one spread each way; without a baseline dashed, and filling with it."""
    dashes = () if words.compared else (4.0, 3.0)
    left, top, bottom = box.x + 0.5, level_y(1.0, box), level_y(-1.0, box)
    area = Rectangle(
        left,
        top,
        box.width - 1,
        bottom - top,
        fill=palette.band if words.compared else palette.paper,
        stroke=Stroke(palette.line, max(thin * 0.75, 1.25), dashes, flat=not words.compared),
        radius=theme.RADIUS_KEYCAP,
    )
    if not words.learnt:
        return [area]
    height = words.learnt * (bottom - top - 6.0)
    learnt = Rectangle(
        left + 3, bottom - 3.0 - height, box.width - 7, height, fill=palette.line, radius=2.0
    )
    return [area, learnt]


def draw_level(
    painter: QPainter, box: Box, words: Words, token: str, palette: Palette, *, dot: float = 13.0
) -> None:
    """Paint the level of a wearer."""
    draw(painter, level(box, words, token, palette, dot_radius=dot))


def dot(x: float, y: float, radius: float, kind: str, token: str, palette: Palette) -> list[Shape]:
    """Return the "full", "half" or "none" dot around (x, y), clear of what lies beneath it."""
    clearing = Disc((x, y), radius + 2.5, fill=palette.paper)
    match kind:
        case "full":
            return [clearing, Disc((x, y), radius, fill=token)]
        case "half":
            rim = Disc((x, y), radius * 0.9, stroke=Stroke(token, radius / 5))
            return [clearing, LowerHalf((x, y), radius, fill=token), rim]
        case _:
            return [clearing, _ring(x, y, radius, palette)]


def _ring(x: float, y: float, radius: float, palette: Palette) -> Disc:
    """Return a ring of eight dashes."""
    width = max(radius / 6, 2.0)
    around = 2 * math.pi * radius * 0.9 / width
    dashes = (around / 8 * 0.7, around / 8 * 0.3)
    return Disc((x, y), radius * 0.9, stroke=Stroke(palette.ink2, width, dashes, flat=True))


def draw_dot(
    painter: QPainter, x: float, y: float, radius: float, kind: str, token: str, palette: Palette
) -> None:
    """Paint a dot of trust."""
    draw(painter, dot(x, y, radius, kind, token, palette))


def arrow(
    x: float, y: float, length: float, direction: Direction | None, token: str
) -> list[Shape]:
    """Return the arrow of a direction, its middle at (x + length / 2, y); none where unclear.

    Shaft and barbs all end at the tip.
    """
    if direction is None or direction not in _SLOPES:
        return []
    angle = math.radians(_SLOPES[direction])
    ahead, aside = (math.cos(angle), math.sin(angle)), (-math.sin(angle), math.cos(angle))

    def at(along: float, across: float) -> Point:
        return (
            x + length / 2 + along * ahead[0] + across * aside[0],
            y + along * ahead[1] + across * aside[1],
        )

    half, barb = length / 2, length * 0.3
    stroke, tip = Stroke(token, theme.ARROW_WIDTH * length / 44), at(half, 0.0)
    starts = (at(-half, 0.0), at(half - barb, -barb), at(half - barb, barb))
    return [straight(start, tip, stroke) for start in starts]


def draw_arrow(
    painter: QPainter, x: float, y: float, length: float, direction: Direction | None, token: str
) -> None:
    """Paint the arrow of a direction."""
    draw(painter, arrow(x, y, length, direction, token))


def draw_words(
    painter: QPainter,
    person: Person,
    box: Box,
    palette: Palette,
    *,
    sizes: tuple[int, ...],
    lines: tuple[float, float],
    weight: int = 600,
) -> None:
    """Paint position and direction with its arrow, on two baselines, as large as `box` allows."""
    words, opacity = person.shown(position_of)
    size = theme.fitting_size(words.position, box.width, sizes, weight)
    first = theme.fitted(words.position, box.width, size, weight)
    with faded(painter, opacity):
        theme.draw_text(
            painter, box.x, lines[0], first, token=palette.ink, size=size, weight=weight
        )
    words, opacity = person.shown(direction_of)
    size = min(theme.fitting_size(words.direction, box.width, sizes), size)
    second = theme.fitted(words.direction, box.width, size)
    at = box.x + theme.text_width(second, size) + 0.45 * size
    with faded(painter, opacity):
        theme.draw_text(painter, box.x, lines[1], second, token=palette.ink, size=size)
        with mirror.in_time(painter, at, at + 0.8 * size):
            draw_arrow(painter, at, lines[1] - 0.3 * size, 0.8 * size, words.arrow, person.token)


def draw_trust(
    painter: QPainter,
    person: Person,
    dot: Disc,
    place: Point,
    palette: Palette,
    *,
    room: float,
    size: int,
    weight: int = 400,
    aside: bool = False,
    token: str = "",
) -> None:
    """Paint the words of trust at `place`, as far as `room` allows, led by their dot."""
    words, opacity = person.shown(trust_of)
    whole = f"{words.trust}{_aside(words) if aside else ''}"
    size = theme.fitting_size(whole, room, (size, *(s for s in _SMALLER if s < size)), weight)
    told = theme.fitted(whole, room, size, weight)
    with faded(painter, opacity):
        draw_dot(painter, *dot.centre, dot.radius, words.dot, person.token, palette)
        theme.draw_text(painter, *place, told, token=token or palette.ink, size=size, weight=weight)


def draw_one(painter: QPainter, person: Person, layout: Layout, palette: Palette) -> None:
    """Paint the glance of a session with one wearer."""
    level = Box(theme.MARGIN, 84.0, 48.0, 152.0)
    draw_level(painter, level, person.words, person.token, palette)
    draw_words(
        painter, person, layout.position, palette, sizes=(56, 40, 36, 28, 20), lines=(142.0, 214.0)
    )
    _draw_trust(painter, person, layout.trust, palette)


def _draw_trust(painter: QPainter, person: Person, box: Box, palette: Palette) -> None:
    words = person.words
    at, room = box.x + 44, box.width - 44
    dot = Disc((box.x + 14, 124), 14)
    draw_trust(painter, person, dot, (at, 137), palette, room=room, size=36, weight=500)
    token = palette.ink2 if words.stale else palette.ink
    for line, y in zip(wrapped(words.lines, room), (184.0, 213.0, 234.0), strict=False):
        first = y == 184.0 and line == words.lines[0]
        size, weight = (20, 500) if first and theme.text_width(line, 20, 500) <= room else (16, 400)
        ink = token if first else palette.ink2
        theme.draw_text(painter, at, y, line, token=ink, size=size, weight=weight)


def wrapped(lines: Sequence[str], room: float) -> list[str]:
    """Return the lines, a 16 px one too long for `room` broken at its comma, or else cut short."""
    result: list[str] = []
    for number, line in enumerate(line for line in lines if line):
        if theme.text_width(line, 16) > room and ", " in line:
            head, tail = line.split(", ", 1)
            result += [theme.fitted(f"{head},", room, 16), theme.fitted(tail, room, 16)]
        elif number == 0 and theme.text_width(line, 20, 500) <= room:
            result.append(line)
        else:
            result.append(theme.fitted(line, room, 16))
    return result


def draw_pair(
    painter: QPainter, people: Sequence[Person], layout: Layout, palette: Palette
) -> None:
    """Paint the glances of two wearers side by side."""
    for person, x in zip(people, (theme.MARGIN, layout.width / 2 + 12.0), strict=False):
        _draw_half(painter, person, x, layout.width / 2 - 124.0, palette)


def _draw_half(painter: QPainter, person: Person, x: float, room: float, palette: Palette) -> None:
    at, words = x + 80, person.words
    name = theme.fitted(person.name, room, 20, 500)
    theme.draw_text(painter, at, 96, name, token=palette.ink, size=20, weight=500)
    draw_level(painter, Box(x, 116.0, 48.0, 152.0), words, person.token, palette)
    box = Box(at, 116.0, room, 152.0)
    draw_words(painter, person, box, palette, sizes=(40, 36, 28, 20), lines=(170.0, 222.0))
    dot = Disc((at + 9, 259), 9)
    draw_trust(painter, person, dot, (at + 30, 266), palette, room=room - 30, size=20, aside=True)


def _aside(words: Words) -> str:
    """Return the reason beside the trust words, where the reading is not clear."""
    return f", {words.aside}" if words.aside else ""


def draw_dim(painter: QPainter, person: Person, layout: Layout, palette: Palette) -> None:
    """Paint the glance of the dim screen."""
    box = layout.position
    draw_level(
        painter, Box(96.0, box.y, 88.0, box.height), person.words, person.token, palette, dot=26.0
    )
    lines = (box.y + 0.425 * box.height, box.y + 0.80625 * box.height)
    draw_words(painter, person, box, palette, sizes=(96, 56, 40, 36), lines=lines, weight=500)
    y = box.bottom + 16
    draw_trust(
        painter, person, Disc((270, y - 11), 14), (304, y), palette,
        room=box.width - 48, size=32, aside=True, token=palette.ink2,
    )  # fmt: skip


def draw_group(
    painter: QPainter, people: Sequence[Person], layout: Layout, palette: Palette
) -> None:
    """Paint up to `TILES` wearers as tiles in the order they joined, without numbers."""
    for person, box in zip(people, tile_boxes(layout), strict=False):
        _draw_tile(painter, person, box, replace(palette, paper=palette.surface))


def tile_boxes(layout: Layout) -> list[Box]:
    """Return the places of six tiles, three in a row."""
    width = (layout.width - 2 * theme.MARGIN - 48) / 3
    height = (layout.height - 84 - 84 - 24) / 2
    return [
        Box(theme.MARGIN + column * (width + 24), 84 + row * (height + 24), width, height)
        for row in range(2)
        for column in range(3)
    ]


def tile(box: Box, palette: Palette) -> Rectangle:
    """Return the ground of a tile."""
    return Rectangle(
        box.x, box.y, box.width, box.height, fill=palette.surface, radius=theme.RADIUS_TILE
    )


def _draw_tile(painter: QPainter, person: Person, box: Box, palette: Palette) -> None:
    draw(painter, [tile(box, palette)])
    narrow = box.width < _TILE_NARROW
    words, at = person.words, box.x + (68 if narrow else 96)
    room = box.right - (10 if narrow else 24) - at
    name = theme.fitted(person.name, room, 20, 500)
    theme.draw_text(painter, at, box.y + 52, name, token=palette.ink2, size=20, weight=500)
    level = Box(box.x + (12 if narrow else 24), box.y + 32, 48, box.height - 64)
    draw_level(painter, level, words, person.token, palette)
    place = Box(at, box.y, room, box.height)
    first = box.y + 0.46 * box.height
    lines = (first, first + min(40.0, 0.17 * box.height))
    draw_words(painter, person, place, palette, sizes=(28, 20, 16, 14), lines=lines)
    y = box.bottom - min(48.0, 0.16 * box.height)
    dot = Disc((at + 8, y - 6), 8)
    draw_trust(painter, person, dot, (at + 28, y), palette, room=room - 28, size=16)
