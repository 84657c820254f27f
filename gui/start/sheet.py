"""The sheet that pages are drawn on: clicks, a key bar, and the fields of a passphrase."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from gui.shared import KeyBar, KeyHint, theme
from gui.start.drawing import NOTHING, Drawing, Paper, paint
from gui.start.life import Key
from pipelines.drawing import Palette
from pipelines.language import tr

LONGEST = 500


class Sheet(QWidget):
    """A page with a key bar at its foot; `chosen` tells the action of a click.

    `scale` says how many device-independent pixels a logical one takes in the window.
    """

    chosen = Signal(str)

    def __init__(self, palette: Palette, parent: QWidget) -> None:
        super().__init__(parent)
        self._palette, self._scale = palette, 1.0
        self._page: Callable[[Paper], Drawing] = lambda _: NOTHING
        self._drawing = NOTHING
        self.bar = KeyBar(palette, self)
        self.bar.chosen.connect(self.chosen)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def look(self, palette: Palette, scale: float) -> None:
        """Take other colours or another scale."""
        self._palette, self._scale = palette, scale
        self.bar.set_look(palette, scale)
        self._place_bar()

    @property
    def paper(self) -> Paper:
        """What there is to draw on."""
        return Paper(self.width() / self._scale, self.height() / self._scale, self._palette)

    def show_page(
        self, page: Callable[[Paper], Drawing], keys: tuple[Sequence[Key], Sequence[Key]]
    ) -> None:
        """Show another page, or the same with other words; what is unchanged is not repainted."""
        self._page = page
        left, right = keys
        self.bar.set_keys([_hint(key) for key in left], [_hint(key) for key in right])
        drawing = page(self.paper)
        if drawing != self._drawing:
            self._drawing = drawing
            self.setAccessibleName(drawing.sentence())
            self.update()

    def _place_bar(self) -> None:
        self.bar.place(self.width(), self.height(), self._scale)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Draw for the new size."""
        super().resizeEvent(event)
        self._place_bar()
        self._drawing = self._page(self.paper)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Paint the page."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour(self._palette.paper))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(self._scale, self._scale)
        paint(painter, self._drawing)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Tell the action of what was clicked."""
        place = event.position() / self._scale
        for spot in self._drawing.spots:
            if spot.holds(place.x(), place.y()):
                self.chosen.emit(spot.action)
                return


class SecretField(QLineEdit):
    """A field for a passphrase; what is typed is not shown. `entered` tells that Enter was hit."""

    entered = Signal()

    def __init__(self, name: str, palette: Palette, parent: QWidget) -> None:
        super().__init__(parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setMaxLength(LONGEST)
        self.setAccessibleName(name)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.hide()
        self._looks: tuple[Palette, float] | None = None
        self.look(palette, 1.0)

    def look(self, palette: Palette, scale: float) -> None:
        """Take the colours of a palette."""
        if self._looks == (palette, scale):
            return
        self._looks = palette, scale
        self.setStyleSheet(theme.field_style(palette, scale))


class WordsField(QLineEdit):
    """A field for a few words, which are shown as they are typed."""

    def __init__(self, palette: Palette, parent: QWidget) -> None:
        super().__init__(parent)
        self.setMaxLength(LONGEST)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.hide()
        self.look(palette, 1.0)

    def look(self, palette: Palette, scale: float) -> None:
        """Take the colours of a palette."""
        style = theme.field_style(palette, scale)
        if style != self.styleSheet():
            self.setStyleSheet(style)

    def ask(self, name: str, words: str) -> None:
        """Begin with these words; `name` says to a screen reader what they are."""
        self.setAccessibleName(name)
        self.setText(words)
        self.setFocus()


def _hint(key: Key) -> KeyHint:
    return KeyHint(key.cap, key.words, key.action)


def secret_fields(palette: Palette, parent: QWidget) -> tuple[SecretField, SecretField]:
    """Return the two fields of a passphrase, hidden at first."""
    names = tr("Passphrase"), tr("The same passphrase again")
    return SecretField(names[0], palette, parent), SecretField(names[1], palette, parent)
