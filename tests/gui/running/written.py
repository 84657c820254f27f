"""What a window writes, and where, as it is painted."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from gui.shared import theme
from gui.shared.pages import Page
from gui.start.sheet import Sheet


class Written:
    """What was written in which part of a window, in the part's own pixels."""

    def __init__(self) -> None:
        self._found: list[tuple[str, QWidget, QRectF]] = []

    def note(self, painter: QPainter, words: str, box: QRectF) -> None:
        part = painter.device()
        if isinstance(part, QWidget) and words:
            self._found.append((words, part, painter.transform().mapRect(box)))

    def clear(self) -> None:
        self._found.clear()

    def within(self, window: QWidget) -> list[tuple[str, QRectF]]:
        """The words that are seen, and where."""
        covers = [one for one in window.findChildren(Page) if one.isVisible()]
        covers = covers or [one for one in window.findChildren(Sheet) if one.isVisible()]
        told = []
        for words, part, box in self._found:
            place = box.translated(part.mapTo(window, QPoint(0, 0)))
            lies_under = any(
                not (cover is part or cover.isAncestorOf(part))
                and place.intersects(QRectF(cover.rect().translated(cover.mapTo(window, QPoint()))))
                for cover in covers
            )
            if part.isVisible() and not lies_under:
                told.append((words, place))
        return told


def noted(patch: pytest.MonkeyPatch) -> Written:
    """Return what is written from now on, until the patch is undone."""
    found = Written()
    draw = theme.draw_text

    def noting(painter, x, baseline, words, **how):  # type: ignore[no-untyped-def]
        box = draw(painter, x, baseline, words, **how)
        found.note(painter, words, box)
        return box

    patch.setattr(theme, "draw_text", noting)
    return found
