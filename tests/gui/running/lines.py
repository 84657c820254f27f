"""What lines a window draws, and where, as it is painted."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from gui.shared import shapes
from gui.shared.pages import Page
from gui.start.sheet import Sheet


class Lines:
    """What lines were drawn in which part of a window, in the part's own pixels."""

    def __init__(self) -> None:
        self._found: list[tuple[shapes.Stroke, QWidget, list[QPointF]]] = []

    def note(self, painter: QPainter, stroke: shapes.Stroke, points: list[QPointF]) -> None:
        part = painter.device()
        if isinstance(part, QWidget):
            self._found.append((stroke, part, [painter.transform().map(one) for one in points]))

    def clear(self) -> None:
        self._found.clear()

    def within(self, window: QWidget) -> list[tuple[shapes.Stroke, list[QPointF]]]:
        """The lines that are seen, and through which points."""
        covers = [one for one in window.findChildren(Page) if one.isVisible()]
        covers = covers or [one for one in window.findChildren(Sheet) if one.isVisible()]
        return [
            (stroke, [point + QPointF(part.mapTo(window, QPoint(0, 0))) for point in points])
            for stroke, part, points in self._found
            if part.isVisible()
            and all(cover is part or cover.isAncestorOf(part) for cover in covers)
        ]


def noted(patch: pytest.MonkeyPatch) -> Lines:
    """Return what is drawn from now on, until the patch is undone."""
    found, strokes = Lines(), []
    take, draw = shapes._take, shapes._draw_path

    def taking(painter, fill, stroke, opacity=1.0):  # type: ignore[no-untyped-def]
        strokes.append(stroke)
        take(painter, fill, stroke, opacity)

    def drawing(painter, points):  # type: ignore[no-untyped-def]
        found.note(painter, strokes[-1], [QPointF(*one) for one in points])
        draw(painter, points)

    patch.setattr(shapes, "_take", taking)
    patch.setattr(shapes, "_draw_path", drawing)
    return found
