"""The calm screen and the list of keys: two quiet pages that lie over a view."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from gui import theme
from gui.keys import KeyBar, KeyHint, cap_width, draw_cap
from gui.theme import Palette
from pipelines.language import tr
from pipelines.words import DISCLAIMER

BACK = KeyHint(tr("Esc"), tr("back"), "calm")
FINISH = KeyHint(tr("Enter"), tr("finish here"), "finish")
MARK = KeyHint(tr("Space"), tr("mark"), "mark")


class Page(QWidget):
    """A page of one colour with a key bar at its foot, hidden at first.

    `chosen` tells the action of a key that was clicked.
    """

    chosen = Signal(str)

    def __init__(self, palette: Palette, parent: QWidget) -> None:
        super().__init__(parent)
        self._palette = palette
        self.bar = KeyBar(palette, self)
        self.bar.chosen.connect(self.chosen)
        self.hide()

    def look(self, palette: Palette) -> None:
        """Take the colours of a palette."""
        self._palette = palette
        self.bar.set_look(palette, self.scale)
        self.update()

    @property
    def scale(self) -> float:
        """The scale of the page's size."""
        return theme.scale(self.width(), self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep the key bar at the foot."""
        super().resizeEvent(event)
        self.bar.set_look(self._palette, self.scale)
        self.bar.place(self.width(), self.height(), self.scale)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Paint the page."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour(self._palette.paper))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(self.scale, self.scale)
        self.draw(painter, self.width() / self.scale, self.height() / self.scale)
        painter.end()

    def draw(self, painter: QPainter, width: float, height: float) -> None:
        """Paint the page's own words, in logical pixels."""


class CalmPage(Page):
    """Two sentences and nothing that moves."""

    def __init__(self, palette: Palette, parent: QWidget) -> None:
        super().__init__(palette, parent)
        self._line = ""
        self.tell(recording=True)

    def tell(self, *, recording: bool) -> None:
        """Say whether the recording goes on, and show the keys that act."""
        self._line = (
            tr("The recording goes on quietly.") if recording else tr("Nothing is recorded now.")
        )
        self.bar.set_keys((BACK, FINISH), (MARK,) if recording else ())
        self.setAccessibleName(f"{tr('Take all the time you need.')} {self._line}")
        self.update()

    def draw(self, painter: QPainter, width: float, height: float) -> None:
        """Write the two sentences in the middle."""
        middle, y, palette = width / 2, height / 2, self._palette
        theme.draw_text(
            painter, middle, y - 24, tr("Take all the time you need."),
            token=palette.ink, size=40, weight=500, align="centre",
        )  # fmt: skip
        theme.draw_text(
            painter, middle, y + 24, self._line, token=palette.ink2, size=20, align="centre"
        )


class HelpPage(Page):
    """Every key of a view, in two columns."""

    def __init__(
        self, palette: Palette, parent: QWidget, title: str, keys: Sequence[tuple[str, str]]
    ) -> None:
        super().__init__(palette, parent)
        self._title, self._keys = title, tuple(keys)
        self.bar.set_keys((KeyHint(tr("Esc"), tr("calm screen"), "calm"),), (_CLOSE,))
        self.setAccessibleName(f"{title}: " + ", ".join(f"{k} {w}" for k, w in self._keys))

    def draw(self, painter: QPainter, width: float, height: float) -> None:
        """Write the keys and what each one does."""
        palette = self._palette
        theme.draw_text(
            painter, theme.MARGIN, 40, self._title, token=palette.ink, size=20, weight=500
        )
        places = row_places(len(self._keys), width, height)
        for (cap, words), (x, y) in zip(self._keys, places, strict=True):
            self._draw_row(painter, cap, words, x, y, width / 2 - 20)
        for line, words in enumerate(DISCLAIMER):
            says = theme.fitted(words, width - 2 * theme.MARGIN, 14)
            y = height - 92 + 22 * line
            theme.draw_text(painter, theme.MARGIN, y, says, token=palette.ink2, size=14)

    def _draw_row(
        self, painter: QPainter, cap: str, words: str, x: float, y: float, width: float
    ) -> None:
        draw_cap(painter, cap, x, y, self._palette)
        at = x + max(cap_width(cap), 92.0) + 16
        says = theme.fitted(words, width - (at - x), 16)
        theme.draw_text(painter, at, y + 19, says, token=self._palette.ink, size=16)


def row_places(count: int, width: float, height: float) -> list[tuple[float, float]]:
    """Return where each key's row begins: two columns, read downwards."""
    half = (count + 1) // 2
    row = min(48.0, (height - 180.0) / half)
    return [
        (theme.MARGIN + number // half * (width / 2 - 20), 96 + number % half * row)
        for number in range(count)
    ]


_CLOSE = KeyHint("?", tr("back to the session"), "help")
