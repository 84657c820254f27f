"""The sheet that pages are drawn on: clicks, a key bar, and the fields of a passphrase."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QGroupBox, QLineEdit, QWidget

from gui.shared import KeyBar, KeyHint, Places, Speaker, mirror, theme
from gui.shared.drawing import NOTHING, SURFACE, Drawing, Paper, Spot, paint
from gui.start.keys import Key
from pipelines.drawing import Palette
from pipelines.language import tr

LONGEST = 500
STILL = 4.0
"""Logical pixels that a mouse may move while it clicks."""
NOTCH = 120.0
"""What Qt says of one notch of a wheel."""


class Sheet(QGroupBox):
    """A page with a key bar at its foot; `chosen` tells the action of a click.

    Of a `SURFACE` it tells "at X" for a click, "drag D" for a move by so much of its width, and
    "wheel N X" for so many notches at a place.

    `scale` says how many device-independent pixels a logical one takes in the window.
    """

    chosen = Signal(str)

    def __init__(self, palette: Palette, parent: QWidget) -> None:
        super().__init__(parent)
        self._palette, self._scale = palette, 1.0
        self._page: Callable[[Paper], Drawing] = lambda _: NOTHING
        self._drawing = NOTHING
        self._dragged: tuple[Spot, float, bool] | None = None
        self._places, self._speaker = Places(self, self.chosen.emit), Speaker(self)
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
            self._draw(drawing)
            self.setAccessibleName(drawing.sentence())
            self._speaker.say(drawing.headline())

    def _place_bar(self) -> None:
        self.bar.place(self.width(), self.height(), self._scale)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Draw for the new size."""
        super().resizeEvent(event)
        self._place_bar()
        self._draw(self._page(self.paper))

    def _draw(self, drawing: Drawing) -> None:
        self._drawing = drawing
        self._places.show(drawing.places(), self._palette, self._scale)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Paint the page."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour(self._palette.paper))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(self._scale, self._scale)
        mirror.turn(painter, self.paper.width)
        paint(painter, self._drawing)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Tell the action of what was clicked."""
        spot = self._spot(event.position())
        if spot is not None and spot.action == SURFACE:
            self._dragged = spot, event.position().x() / self._scale, False
        elif spot is not None:
            self.chosen.emit(spot.action)

    def _spot(self, at: QPointF, action: str = "") -> Spot | None:
        """Return the first spot of an action, or of any, at a place on the screen."""
        place = at / self._scale
        x = mirror.begins(place.x(), 0.0, self.paper.width)
        return next(
            (
                spot
                for spot in self._drawing.spots
                if action in ("", spot.action) and spot.holds(x, place.y())
            ),
            None,
        )

    def _along(self, spot: Spot, at: QPointF) -> float:
        """Return the x of a place on a surface, as whoever drew it counts."""
        left = mirror.begins(spot.x, spot.width, self.paper.width)
        return spot.origin + at.x() / self._scale - left

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Tell how far a surface is dragged."""
        if self._dragged is None:
            return
        (spot, before, moved), x = self._dragged, event.position().x() / self._scale
        if moved or abs(x - before) > STILL:
            self._dragged = spot, x, True
            self.chosen.emit(f"drag {(before - x) / spot.width}")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Tell where a surface was clicked."""
        dragged, self._dragged = self._dragged, None
        if dragged is not None and not dragged[2]:
            self.chosen.emit(f"at {self._along(dragged[0], event.position())}")

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Tell how far the wheel was turned over a surface."""
        spot = self._spot(event.position(), SURFACE)
        if spot is not None:
            x = self._along(spot, event.position())
            self.chosen.emit(f"wheel {event.angleDelta().y() / NOTCH} {x}")


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
