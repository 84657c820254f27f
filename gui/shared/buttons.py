"""Buttons without a face: what is painted can be pressed by Tab and Enter, or a screen reader."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from gui.shared import mirror, theme
from pipelines.drawing import Palette


class QuietButton(QAbstractButton):
    """A button that Enter presses; Space passes it by, to mark."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Press on Enter and leave every other key to the view."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Leave every key to the view."""
        event.ignore()


def take_away(buttons: Iterable[QuietButton]) -> None:
    """Take buttons away; a focus goes to the window, else Qt gives it to another button."""
    for button in buttons:
        window = button.window()
        if window.focusWidget() is button:
            window.setFocus()
        button.hide()
        button.deleteLater()


def in_tab_order(buttons: Sequence[QuietButton]) -> None:
    """Let Tab go from each button to the next."""
    for before, after in itertools.pairwise(buttons):
        QWidget.setTabOrder(before, after)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something can be pressed, in logical pixels of its page: its name and its action.

    `taken` says whether it is the one taken of several, None where there is no choice.
    """

    box: tuple[float, float, float, float]
    name: str
    action: str
    taken: bool | None = None


class PlaceButton(QuietButton):
    """Lies over what is painted, and shows nothing but a ring while it has the focus.

    The mouse passes through it to the page.
    """

    def __init__(self, place: Place, palette: Palette, parent: QWidget) -> None:
        super().__init__(parent)
        self.place, self._palette, self._scale = place, palette, 1.0
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setCheckable(place.taken is not None)

    def nextCheckState(self) -> None:  # noqa: N802
        """Stay as the page says."""

    def lie(self, place: Place, palette: Palette, scale: float) -> None:
        """Lie at this place."""
        self.place, self._palette, self._scale = place, palette, scale
        x, y, width, height = (round(at * scale) for at in place.box)
        mirror.lay(self, x, y, width, height)
        if place.name != self.accessibleName():
            self.setAccessibleName(place.name)
        self.setChecked(bool(place.taken))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Paint a ring while it has the focus."""
        if not self.hasFocus():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.line_pen(self._palette.lake, theme.FOCUS_WIDTH * self._scale))
        inset = theme.FOCUS_WIDTH * self._scale / 2
        ring = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        radius = theme.RADIUS_KEYCAP * self._scale
        painter.drawRoundedRect(ring, radius, radius)
        painter.end()


class Places:
    """The buttons over a page; `press` tells the action of one that was pressed.

    A button stays the same while its action does, so that it keeps the focus.
    """

    def __init__(self, page: QWidget, press: Callable[[str], object]) -> None:
        self._page, self._press = page, press
        self.buttons: list[PlaceButton] = []

    def show(self, places: Sequence[Place], palette: Palette, scale: float) -> None:
        """Let these places be pressed."""
        kinds = [(place.action, place.taken is None) for place in places]
        had = {(b.place.action, b.place.taken is None): b for b in self.buttons}
        take_away([button for kind, button in had.items() if kind not in kinds])
        self.buttons = [
            had.get(kind) or self._button(place, palette)
            for kind, place in zip(kinds, places, strict=True)
        ]
        in_tab_order(self.buttons)
        for button, place in zip(self.buttons, places, strict=True):
            button.lie(place, palette, scale)

    def _button(self, place: Place, palette: Palette) -> PlaceButton:
        button = PlaceButton(place, palette, self._page)
        button.clicked.connect(lambda: self._press(button.place.action))
        button.show()
        return button
