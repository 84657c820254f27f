"""Pages that are read from the right: the painter is turned round, words and time are not.

Every page is laid out from the left, in any language. Where the language is written from the right,
its painter is turned, and all of it mirrors at once. Words stay readable (`gui.shared.theme`), and
what shares an axis of time says so and stays as it is: `in_time`, and `Drawing.in_time`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from pipelines.language import from_the_right

Length = TypeVar("Length", int, float)
_LETTERS: Final = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
_RIGHT: Final = re.compile(f"[{_LETTERS}]")
_SIGNS: Final = r"+\u2212±×–\-"
_WORD: Final = rf"[^\W_{_LETTERS}](?:[^\s{_LETTERS}]*[^\W_{_LETTERS}])?[%°]?"
_LEFT: Final = re.compile(rf"[{_SIGNS}/]?{_WORD}(?:(?: [{_SIGNS}] ?| )[{_SIGNS}]?{_WORD})*")
"""Figures with their signs, names and paths: what is read from the left in any sentence."""


def turn(painter: QPainter, width: float) -> None:
    """Let a painter of a page so many logical pixels wide begin where reading begins."""
    if from_the_right():
        reflect(painter, width)


def reflect(painter: QPainter, across: float) -> None:
    """Let what is painted at x come to lie at `across` - x."""
    painter.translate(across, 0.0)
    painter.scale(-1.0, 1.0)


def is_turned(painter: QPainter) -> bool:
    """Return whether what is painted comes out mirrored."""
    return painter.worldTransform().m11() < 0.0


@contextmanager
def in_time(painter: QPainter, left: float, right: float) -> Iterator[None]:
    """Paint from `left` to `right` as time goes, wherever this stretch of the page lies."""
    if not is_turned(painter):
        yield
        return
    painter.save()
    reflect(painter, left + right)
    yield
    painter.restore()


@contextmanager
def turned(painter: QPainter, width: float) -> Iterator[None]:
    """Paint a page's own words over what stays as time goes."""
    painter.save()
    turn(painter, width)
    yield
    painter.restore()


def begins(x: Length, width: Length, whole: Length) -> Length:
    """Return where on the screen a part begins that is so wide, and begins at x of the `whole`."""
    return whole - x - width if from_the_right() else x


def lay(part: QWidget, x: int, y: int, width: int, height: int) -> None:
    """Lay a part over its page, x counted from where lines begin, in device-independent pixels."""
    page = part.parentWidget()
    part.setGeometry(x if page is None else begins(x, width, page.width()), y, width, height)


def readable(painter: QPainter, words: str) -> str:
    """Let a painter write words in the order of the language, and return them as it takes them.

    Among letters that are written from the right, figures and names are kept apart: "+9 ± 2" is
    never read as "2 ± 9+".
    """
    if words.isascii() or not from_the_right() or not _RIGHT.search(words):
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        return words
    painter.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    return _LEFT.sub("\u2066\u200e\\g<0>\u200e\u2069", words)
