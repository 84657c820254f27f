"""The key bar: what each key does now, painted as keycaps and pressed by key, mouse or Enter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGroupBox, QSizePolicy, QWidget

from gui.shared import mirror, theme
from gui.shared.buttons import QuietButton, in_tab_order, take_away
from pipelines.drawing import Palette
from pipelines.language import tr

CAP_HEIGHT = 26.0
CAP_PADDING = 8.0
CAP_GAP = 7.0
BETWEEN = theme.GUTTER
BAR_TOP = 762.0
"""Top of the keycaps in a window 800 logical pixels high."""
_ROOM = 6.0  # around a keycap, for the focus ring


@dataclass(frozen=True, slots=True)
class KeyHint:
    """A key, the words beside it, and the action it stands for."""

    cap: str
    words: str
    action: str

    @property
    def name(self) -> str:
        """What a screen reader calls it."""
        return tr("{words}, key {cap}", words=self.words, cap=self.cap)


def cap_width(cap: str) -> float:
    """Return how wide a keycap is in logical pixels."""
    return max(theme.text_width(cap, 14, 600) + 2 * CAP_PADDING, CAP_HEIGHT)


def key_width(hint: KeyHint) -> float:
    """Return how wide a keycap and its words are in logical pixels."""
    return cap_width(hint.cap) + CAP_GAP + theme.text_width(hint.words, 14)


def keys_width(hints: Sequence[KeyHint]) -> float:
    """Return how wide a row of keys is in logical pixels."""
    return sum(map(key_width, hints)) + BETWEEN * max(len(hints) - 1, 0)


def draw_cap(painter: QPainter, cap: str, x: float, y: float, palette: Palette) -> float:
    """Paint a keycap whose upper left corner is (x, y) and return its width."""
    width = cap_width(cap)
    painter.setPen(theme.line_pen(palette.line, theme.AXIS_WIDTH))
    painter.setBrush(theme.colour(palette.surface))
    box = QRectF(x + 0.5, y + 0.5, width - 1, CAP_HEIGHT - 1)
    painter.drawRoundedRect(box, theme.RADIUS_KEYCAP, theme.RADIUS_KEYCAP)
    middle = x + width / 2
    theme.draw_text(
        painter, middle, y + 18, cap, token=palette.ink, size=14, weight=600, align="centre"
    )
    return width


def draw_key(painter: QPainter, hint: KeyHint, x: float, y: float, palette: Palette) -> float:
    """Paint a keycap and its words from (x, y) and return their width."""
    words_at = x + draw_cap(painter, hint.cap, x, y, palette) + CAP_GAP
    theme.draw_text(painter, words_at, y + 18, hint.words, token=palette.ink2, size=14)
    return key_width(hint)


class KeyButton(QuietButton):
    """A keycap that the mouse or Enter presses."""

    def __init__(self, hint: KeyHint, palette: Palette, parent: QWidget) -> None:
        super().__init__(parent)
        self.hint = hint
        self._palette = palette
        self._scale = 1.0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(hint.name)

    def look(self, palette: Palette) -> None:
        """Take the colours of a palette."""
        self._palette = palette
        self.update()

    def show_at(self, x: float, scale: float) -> None:
        """Take the place whose keycap begins at logical x of the bar."""
        self._scale = scale
        width = key_width(self.hint) + 2 * _ROOM
        height = CAP_HEIGHT + 2 * _ROOM
        left = round((x - _ROOM) * scale)
        mirror.lay(self, left, 0, round(width * scale), round(height * scale))

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Return the size of keycap, words and focus ring."""
        return self.size()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Paint keycap, words and, with the focus, a ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(self._scale, self._scale)
        mirror.turn(painter, self.width() / self._scale)
        draw_key(painter, self.hint, _ROOM, _ROOM, self._palette)
        if self.hasFocus():
            self._draw_ring(painter)
        painter.end()

    def _draw_ring(self, painter: QPainter) -> None:
        painter.setPen(theme.line_pen(self._palette.lake, theme.FOCUS_WIDTH))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inset = _ROOM - theme.FOCUS_WIDTH
        width = cap_width(self.hint.cap) + 2 * (_ROOM - inset)
        box = QRectF(inset, inset, width, CAP_HEIGHT + 2 * (_ROOM - inset))
        painter.drawRoundedRect(box, theme.RADIUS_KEYCAP + 2, theme.RADIUS_KEYCAP + 2)


class KeyBar(QGroupBox):
    """The row at the foot of every view; `chosen` tells the action of a key that was clicked.

    Where there is too little room, the last keys of the left group give way, and where the right
    group alone has none, its keys but the first and the last.
    """

    chosen = Signal(str)

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._palette = palette
        self._scale = 1.0
        self._keys: tuple[tuple[KeyHint, ...], tuple[KeyHint, ...]] = ((), ())
        self._buttons: tuple[list[KeyButton], list[KeyButton]] = ([], [])
        self.setAccessibleName(tr("Keys"))

    def set_keys(self, left: Sequence[KeyHint], right: Sequence[KeyHint]) -> None:
        """Show these keys, the first group from the left edge, the second to the right edge."""
        if (tuple(left), tuple(right)) != self._keys:
            self._keys = (tuple(left), tuple(right))
            self._rebuild()

    def set_look(self, palette: Palette, scale: float) -> None:
        """Take other colours or another scale."""
        if (palette, scale) != (self._palette, self._scale):
            self._palette, self._scale = palette, scale
            self._rebuild()

    def place(self, width: float, height: float, scale: float) -> None:
        """Lie at the foot of a window this many device-independent pixels wide and high."""
        self.place_at(height / scale - theme.HEIGHT + BAR_TOP, width, scale)

    def place_at(self, top: float, width: float, scale: float) -> None:
        """Lie where lines begin, so many pixels wide, its keycaps from logical `top` on."""
        height = round((CAP_HEIGHT + 2 * _ROOM) * scale)
        mirror.lay(self, 0, round((top - _ROOM) * scale), round(width), height)
        self._arrange()  # Qt tells a widget of its size only once it is shown

    @property
    def left_room(self) -> float:
        """How many logical pixels the left group may take."""
        taken = 2 * theme.MARGIN + keys_width([one.hint for one in self._right()]) + BETWEEN
        return self.width() / self._scale - taken

    @property
    def hidden(self) -> list[KeyHint]:
        """The keys of the left group that have no room."""
        return [button.hint for button in self._buttons[0] if button.isHidden()]

    def _rebuild(self) -> None:
        """Show a button for each key; one whose key stays is kept, with its focus."""
        had = {button.hint: button for button in self._buttons[0] + self._buttons[1]}
        left, right = (
            [had.pop(hint) if hint in had else self._button(hint) for hint in side]
            for side in self._keys
        )
        take_away(had.values())
        self._buttons = left, right
        for button in left + right:
            button.look(self._palette)
        in_tab_order(left + right)
        self._arrange()

    def _button(self, hint: KeyHint) -> KeyButton:
        button = KeyButton(hint, self._palette, self)
        button.clicked.connect(lambda: self.chosen.emit(hint.action))
        return button

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint nothing: the keycaps are all."""

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep the groups at the edges."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        right_edge, right = self.width() / self._scale - theme.MARGIN, self._right()
        start = right_edge - keys_width([one.hint for one in right])
        for button in self._buttons[1]:
            button.setVisible(button in right)
        self._line_up(right, start, right_edge + 1)
        self._line_up(self._buttons[0], theme.MARGIN, start - BETWEEN)

    def _right(self) -> list[KeyButton]:
        """Return the keys of the right group that there is room for."""
        room, shown = self.width() / self._scale - 2 * theme.MARGIN, list(self._buttons[1])
        while len(shown) > 2 and keys_width([one.hint for one in shown]) > room:
            del shown[1]
        return shown

    def _line_up(self, buttons: Sequence[KeyButton], x: float, end: float) -> None:
        for button in buttons:
            button.show_at(x, self._scale)
            x += key_width(button.hint)
            button.setVisible(x <= end)
            x += BETWEEN
