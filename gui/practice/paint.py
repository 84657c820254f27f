"""The still parts of the practice view: where everything lies, header, sentence and foot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from gui.practice.guide import DOT, LARGEST, OUTLINE
from gui.practice.keys import BAR
from gui.practice.wave import SHARE_BACK
from gui.practice.words import DIZZY
from gui.shared import BETWEEN, CAP_HEIGHT, keys_width, theme
from pipelines.drawing import Palette
from pipelines.language import tr

WAVE_LEFT = 80.0
WAVE_HEIGHT = 120.0
SENTENCE_WIDTH = 880.0
SENTENCE_SIZES = (20, 16, 14)
WRAP = int(Qt.TextFlag.TextWordWrap)
OFFER_TOP = 92.0
"""Top of the key with which a strap joins, at the left of the circle."""
REACH = LARGEST + DOT + 2.0 * OUTLINE
"""Logical pixels from the circle's centre to the end of its dot, where it has room."""
HEAD, UNDER_CIRCLE = 286.0 - REACH, 134.0
"""Logical pixels above the circle, and below it for the sentence and the keys where no wave is."""
NARROW = 760.0
"""Logical width below which the numbers take two lines, and the keys may not all have room."""
NUMBERS_STEP = 20.0
SAMPLE, AFTER_SAMPLE = 42.0, 26.0
"""Logical pixels from where a piece of line begins to its name, and from there to the next."""
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
        return theme.scale(self.width_px, self.height_px, whole=True)

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
        return self.height - theme.HEIGHT

    @property
    def size(self) -> float:
        """How large the circle is: 1, or less where a low window has no room for it under HEAD."""
        if self.has_wave:
            return min((self._middle - HEAD) / REACH, 1.0)
        return min((self.height - self.head - UNDER_CIRCLE) / (2.0 * REACH), 1.0)

    @property
    def head(self) -> float:
        """Logical pixels above the circle; where the numbers take two lines, one line more."""
        return HEAD + (NUMBERS_STEP if self.narrow else 0.0)

    @property
    def narrow(self) -> bool:
        """Whether there is too little width for a line of numbers, or all the keys."""
        return self.width < NARROW

    @property
    def centre(self) -> QPointF:
        """Centre of the circle."""
        y = self._middle if self.has_wave else self.head + REACH * self.size
        return QPointF(self.width / 2.0, y)

    @property
    def _middle(self) -> float:
        return 286.0 + max(self.spare / 2.0, self.spare)

    @property
    def circle(self) -> QRectF:
        """The square that the circle, its outer line and its dot never leave."""
        reach = REACH * self.size
        return QRectF(-reach, -reach, 2.0 * reach, 2.0 * reach).translated(self.centre)

    @property
    def sentence(self) -> QRectF:
        """Two lines of room under the circle."""
        wide = min(SENTENCE_WIDTH, self.width - 2.0 * theme.MARGIN)
        top = self.circle.bottom() + 221.0 - REACH
        return QRectF((self.width - wide) / 2.0, top, wide, 54.0)

    @property
    def wave(self) -> QRectF:
        """The box of the wave."""
        top = self._middle + 280.0
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
    room = layout.width - 2.0 * theme.MARGIN - theme.text_width(left, 16) - theme.GUTTER
    size = theme.fitting_size(title, room, (20, 16, 14), 600)
    box = theme.draw_text(
        painter, theme.MARGIN, 40.0, theme.fitted(title, room, size, 600),
        token=palette.ink, size=size, weight=600,
    )  # fmt: skip
    end = theme.draw_text(
        painter, layout.width - theme.MARGIN, 40.0, left, token=palette.ink2, size=16, align="right"
    )
    at = box.right() + 20.0
    says = theme.fitted(kept, max(end.left() - theme.GUTTER - at, 0.0), 14)
    theme.draw_text(painter, at, 40.0, says, token=palette.ink2, size=14)
    for place, line in enumerate(number_lines(numbers, layout)):
        y = 68.0 + NUMBERS_STEP * place
        theme.draw_text(painter, theme.MARGIN, y, line, token=palette.ink2, size=16)


def number_lines(numbers: str, layout: Layout) -> list[str]:
    """Return the numbers on one line, in a narrow window on two."""
    room = layout.width - 2.0 * theme.MARGIN
    parts = numbers.split(theme.APART)
    lines = (
        [theme.APART.join(parts[:2]), theme.APART.join(parts[2:])] if layout.narrow else [numbers]
    )
    return [theme.fitted(line, room, 16) for line in lines if line]


def paint_sentence(
    painter: QPainter, layout: Layout, palette: Palette, words: str, *, opacity: float
) -> None:
    """Write the sentence under the circle, on two lines where one is too short, or smaller."""
    theme.draw_wrapped(
        painter, layout.sentence, words,
        token=palette.ink, size=sentence_size(words, layout.sentence), centred=True,
        opacity=opacity,
    )  # fmt: skip


def sentence_size(words: str, box: QRectF) -> int:
    """Return the largest size in which a sentence fits its box."""

    def fits(size: int) -> bool:
        return theme.metrics(size).boundingRect(box, WRAP, words).height() <= box.height()

    return next((size for size in SENTENCE_SIZES if fits(size)), SENTENCE_SIZES[-1])


def paint_legend(
    painter: QPainter, layout: Layout, palette: Palette, *, heart: str, ahead: str, guided: bool
) -> None:
    """Name the lines, the `heart` where there is one and a guide that leads, now and `ahead`."""
    box, guide = layout.wave, tr("the guide")
    base = box.bottom() + 30.0
    x = box.left()
    now = box.left() + SHARE_BACK * box.width()
    end = now - theme.text_width(tr("now"), 14, 600) / 2.0 - AFTER_SAMPLE
    if heart:
        painter.setPen(theme.line_pen(palette.lake, theme.HEART_WIDTH))
        beside = AFTER_SAMPLE + SAMPLE + theme.text_width(guide, 14) if guided else 0.0
        words = theme.fitted(heart, end - x - SAMPLE - beside, 14)
        x = _paint_sample(painter, palette, QPointF(x, base), words)
    if guided:
        painter.setPen(theme.dashed_pen(palette.clay, theme.LANE_WIDTH))
        _paint_sample(painter, palette, QPointF(x, base), theme.fitted(guide, end - x - SAMPLE, 14))
    theme.draw_text(
        painter, now, base, tr("now"), token=palette.ink, size=14, weight=600, align="centre"
    )
    theme.draw_text(painter, box.right(), base, ahead, token=palette.ink2, size=14, align="right")


def dizzy_baseline(layout: Layout) -> float:
    """Return where the dizzy line is written: beside the keys, or above them if that is too narrow.

    It lies there in every state, since the keys have the same words in all of them.
    """
    beside = keys_width(BAR) + BETWEEN + theme.text_width(DIZZY, 14) + 2.0 * theme.MARGIN
    return layout.height - (20.0 if beside <= layout.width else 56.0)


def paint_dizzy(painter: QPainter, layout: Layout, palette: Palette) -> None:
    """Say at the lower right what to do when breathing feels wrong."""
    theme.draw_text(
        painter, layout.width - theme.MARGIN, dizzy_baseline(layout), DIZZY,
        token=palette.ink2, size=14, align="right",
    )  # fmt: skip


def paint_offer(painter: QPainter, layout: Layout, palette: Palette, lines: Sequence[str]) -> None:
    """Write which strap can join under its key, and what becomes of what it sends."""
    room = layout.circle.left() - theme.GUTTER - theme.MARGIN
    for place, line in enumerate(lines):
        y = OFFER_TOP + CAP_HEIGHT + 22.0 + 20.0 * place
        token = palette.ink2 if place else palette.ink
        theme.draw_text(
            painter, theme.MARGIN, y, theme.fitted(line, room, 14), token=token, size=14
        )


def _paint_sample(painter: QPainter, palette: Palette, at: QPointF, words: str) -> float:
    """Draw a piece of line in the painter's pen, name it, and return where the next may begin."""
    painter.drawLine(QLineF(at.x(), at.y() - 5.0, at.x() + 32.0, at.y() - 5.0))
    box = theme.draw_text(painter, at.x() + SAMPLE, at.y(), words, token=palette.ink2, size=14)
    return box.right() + AFTER_SAMPLE
