"""A page of words to read calmly, before something begins."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from gui.shared import KeyHint, Page, theme
from gui.shared.drawing import wrapped
from pipelines.drawing import Palette

SIZES = ((20, 30.0), (16, 23.0), (14, 18.0))
"""Sizes of the words, each with the step between lines, from the largest."""
TITLE, FOOT = 84.0, 72.0
"""Logical pixels above the words in a low window, and below them."""


class ReadingPage(Page):
    """A title and a few paragraphs, and the keys that lead on from them."""

    def __init__(
        self,
        palette: Palette,
        parent: QWidget,
        title: str,
        parts: Sequence[str],
        bar: tuple[Sequence[KeyHint], Sequence[KeyHint]],
    ) -> None:
        super().__init__(palette, parent)
        self._title, self._parts = title, tuple(parts)
        self.bar.set_keys(*bar)
        self.setAccessibleName(" ".join((title, *parts)))

    def draw(self, painter: QPainter, width: float, height: float) -> None:
        """Write the words as large as there is room for, in the middle of the page."""
        room = min(theme.READING, width - 2 * theme.MARGIN)
        left = (width - room) / 2.0
        rows, size, tall = _fitting(self._parts, room, height - TITLE - FOOT)
        top = TITLE + (height - TITLE - FOOT - tall) / 3.0
        large = theme.fitting_size(self._title, room, (28, 20, 16), 600)
        theme.draw_text(
            painter, left, top - 32.0, self._title, token=self._palette.ink, size=large, weight=600
        )
        for line, below in rows:
            theme.draw_text(painter, left, top + below, line, token=self._palette.ink, size=size)


def _fitting(
    words: Sequence[str], room: float, high: float
) -> tuple[list[tuple[str, float]], int, float]:
    """Return each line with how far below the top it stands, their size, and their height."""
    for size, step in SIZES:
        parts = [wrapped(part, room, size) for part in words]
        lines = [line for part in parts for line in part]
        steps = [step * (1.6 if last else 1.0) for part in parts for last in _lasts(part)]
        below = [step, *accumulate(steps, initial=step)][1:-1]
        if below[-1] <= high:
            break
    return list(zip(lines, below, strict=True)), size, below[-1]


def _lasts(part: list[str]) -> list[bool]:
    return [place == len(part) - 1 for place in range(len(part))]
