"""The still parts of the practice view: where everything lies, header, sentence, calm and keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from gui.keys import BETWEEN, CAP_GAP, KeyHint, cap_width, draw_cap
from gui.practice.guide import DOT, LARGEST, OUTLINE
from gui.practice.wave import SHARE_BACK
from gui.practice.words import CALM, DIZZY
from gui.theme import (
    HEART_WIDTH,
    HEIGHT,
    LANE_WIDTH,
    MARGIN,
    Palette,
    colour,
    dashed_pen,
    draw_text,
    fitted,
    font,
    line_pen,
    scale,
    text_width,
)
from pipelines.language import tr

WAVE_LEFT = 80.0
WAVE_HEIGHT = 120.0
SENTENCE_WIDTH = 880.0
NO_ROOM = -32.0
"""Missing logical pixels of height at which the wave gives way to the circle."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything lies, in logical pixels, in a window of this many device pixels."""

    width_px: float
    height_px: float

    @property
    def scale(self) -> float:
        """Device-independent pixels of one logical pixel."""
        return scale(self.width_px, self.height_px)

    @property
    def width(self) -> float:
        """Logical width of the window."""
        return self.width_px / self.scale

    @property
    def height(self) -> float:
        """Logical height of the window."""
        return self.height_px / self.scale

    @property
    def spare(self) -> float:
        """Logical pixels of height beyond those of the drawing; below 0 where some are missing."""
        return self.height - HEIGHT

    @property
    def centre(self) -> QPointF:
        """Centre of the circle."""
        return QPointF(self.width / 2.0, 286.0 + max(self.spare / 2.0, self.spare))

    @property
    def circle(self) -> QRectF:
        """The square that the circle, its outer line and its dot never leave."""
        reach = LARGEST + DOT + 2.0 * OUTLINE
        return QRectF(-reach, -reach, 2.0 * reach, 2.0 * reach).translated(self.centre)

    @property
    def sentence(self) -> QRectF:
        """Two lines of room under the circle."""
        left = (self.width - SENTENCE_WIDTH) / 2.0
        return QRectF(left, self.centre.y() + 221.0, SENTENCE_WIDTH, 54.0)

    @property
    def wave(self) -> QRectF:
        """The box of the wave."""
        top = self.centre.y() + 280.0
        return QRectF(WAVE_LEFT, top, self.width - 2.0 * WAVE_LEFT, WAVE_HEIGHT)

    @property
    def has_wave(self) -> bool:
        """Whether there is room for the wave."""
        return self.spare > NO_ROOM


def wave_area(box: QRectF) -> QRectF:
    """Return the box with the room that the dot takes at its edges."""
    return box.adjusted(-4.0, -4.0, 4.0, 4.0)


def paint_header(
    painter: QPainter, layout: Layout, palette: Palette, texts: tuple[str, str, str, str]
) -> None:
    """Write title, what is kept, the time left, and below them the numbers where asked for."""
    title, kept, left, numbers = texts
    box = draw_text(painter, MARGIN, 40.0, title, token=palette.ink, size=20, weight=600)
    draw_text(painter, box.right() + 20.0, 40.0, kept, token=palette.ink2, size=14)
    draw_text(
        painter, layout.width - MARGIN, 40.0, left, token=palette.ink2, size=16, align="right"
    )
    words = fitted(numbers, layout.width - 2.0 * MARGIN, 16)
    draw_text(painter, MARGIN, 68.0, words, token=palette.ink2, size=16)


def paint_sentence(
    painter: QPainter, layout: Layout, palette: Palette, words: str, *, opacity: float
) -> None:
    """Write the sentence under the circle, on two lines where one is too short."""
    painter.setFont(font(20))
    painter.setPen(colour(palette.ink, opacity))
    where = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
    painter.drawText(layout.sentence, int(where) | int(Qt.TextFlag.TextWordWrap), words)


def paint_legend(
    painter: QPainter, layout: Layout, palette: Palette, *, heart: bool, ahead: str
) -> None:
    """Name the two lines, now, and what lies ahead."""
    box = layout.wave
    base = box.bottom() + 30.0
    x = box.left()
    if heart:
        painter.setPen(line_pen(palette.lake, HEART_WIDTH))
        x = _paint_sample(painter, palette, QPointF(x, base), tr("your heart"))
    painter.setPen(dashed_pen(palette.clay, LANE_WIDTH))
    _paint_sample(painter, palette, QPointF(x, base), tr("the guide"))
    now = box.left() + SHARE_BACK * box.width()
    draw_text(painter, now, base, tr("now"), token=palette.ink, size=14, weight=600, align="centre")
    draw_text(painter, box.right(), base, ahead, token=palette.ink2, size=14, align="right")


def paint_dizzy(painter: QPainter, layout: Layout, palette: Palette) -> None:
    """Say at the lower right what to do when breathing feels wrong."""
    draw_text(
        painter, layout.width - MARGIN, layout.height - 20.0, DIZZY,
        token=palette.ink2, size=14, align="right",
    )  # fmt: skip


def dizzy_width() -> float:
    """Return how much of the foot that line takes, its distance from the keys included."""
    return text_width(DIZZY, 14) + BETWEEN


def paint_calm(painter: QPainter, layout: Layout, palette: Palette, second: str) -> None:
    """Draw the calm screen: a sentence, and what goes on meanwhile."""
    middle = QPointF(layout.width / 2.0, layout.height / 2.0)
    draw_text(
        painter, middle.x(), middle.y() - 24.0, CALM,
        token=palette.ink, size=40, weight=500, align="centre",
    )  # fmt: skip
    draw_text(
        painter, middle.x(), middle.y() + 24.0, second,
        token=palette.ink2, size=20, align="centre",
    )  # fmt: skip


def paint_help(
    painter: QPainter, layout: Layout, palette: Palette, rows: Sequence[KeyHint], foot: str
) -> None:
    """Draw the page of keys, one a row, and the words that always belong to it."""
    left = (layout.width - 640.0) / 2.0
    draw_text(painter, left, 108.0, tr("Keys"), token=palette.ink, size=28, weight=600)
    for number, row in enumerate(rows):
        _paint_help_row(painter, palette, row, QPointF(left, 140.0 + 38.0 * number))
    painter.setFont(font(14))
    painter.setPen(colour(palette.ink2))
    room = QRectF(left, 152.0 + 38.0 * len(rows), 640.0, 90.0)
    painter.drawText(room, int(Qt.TextFlag.TextWordWrap), foot)


def _paint_help_row(painter: QPainter, palette: Palette, row: KeyHint, at: QPointF) -> None:
    draw_cap(painter, row.cap, at.x() + 64.0 - cap_width(row.cap), at.y(), palette)
    draw_text(
        painter, at.x() + 64.0 + 2.0 * CAP_GAP, at.y() + 19.0, row.words,
        token=palette.ink, size=16,
    )  # fmt: skip


def _paint_sample(painter: QPainter, palette: Palette, at: QPointF, words: str) -> float:
    """Draw a piece of line in the painter's pen, name it, and return where the next may begin."""
    painter.drawLine(QLineF(at.x(), at.y() - 5.0, at.x() + 32.0, at.y() - 5.0))
    box = draw_text(painter, at.x() + 42.0, at.y(), words, token=palette.ink2, size=14)
    return box.right() + 26.0
