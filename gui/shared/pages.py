"""The calm screen and the page of keys: two quiet pages that lie over a view."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import (
    QHideEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QGroupBox, QWidget

from gui.shared import mirror, theme
from gui.shared.buttons import Place, Places
from gui.shared.key_bar import CAP_HEIGHT, KeyBar, KeyHint, cap_width, draw_cap
from gui.shared.speaker import Speaker
from pipelines.drawing import Palette
from pipelines.language import tr
from pipelines.words import DISCLAIMER

BACK = KeyHint(tr("Esc"), tr("back"), "calm")
FINISH = KeyHint(tr("Enter"), tr("finish here"), "finish")
MARK = KeyHint(tr("Space"), tr("mark"), "mark")
CALM = tr("Take all the time you need.")
FOOT, LOW_FOOT, LOW = 124.0, 114.0, 560.0
"""Logical pixels at the foot of the page of keys, for words that wrap and the key bar: usually, and
in windows up to this low."""
NARROW = 760.0
"""Logical width below which the words of a row of keys stand nearer to its key."""
TOP, TIGHT, TOP_OF_MANY, LOW_TOP = 96.0, 36.0, 58.0, 40.0
"""Where the rows of keys begin, the row below which they begin higher, and where then; and where in
a low window."""


class Page(QGroupBox):
    """A page of one colour with a key bar at its foot, hidden at first.

    `chosen` tells the action of a key that was clicked.
    """

    chosen = Signal(str)

    whole = False
    """Whether it has room for text as large as is preferred."""

    def __init__(self, palette: Palette, parent: QWidget) -> None:
        super().__init__(parent)
        self._palette = palette
        self.bar = KeyBar(palette, self)
        self.bar.chosen.connect(self.chosen)
        self._speaker = Speaker(self)
        self.hide()

    def look(self, palette: Palette) -> None:
        """Take the colours of a palette."""
        self._palette = palette
        self._arrange_bar()
        self.update()

    @property
    def scale(self) -> float:
        """The scale of the page's size."""
        return theme.scale(self.width(), self.height(), whole=self.whole)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep the key bar at the foot."""
        super().resizeEvent(event)
        self._arrange_bar()

    def _arrange_bar(self) -> None:
        self.bar.set_look(self._palette, self.scale)
        self.bar.place(self.width(), self.height(), self.scale)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Paint the page."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour(self._palette.paper))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(self.scale, self.scale)
        mirror.turn(painter, self.width() / self.scale)
        self.draw(painter, self.width() / self.scale, self.height() / self.scale)
        painter.end()

    def draw(self, painter: QPainter, width: float, height: float) -> None:
        """Paint the page's own words, in logical pixels."""


class CalmPage(Page):
    """Two sentences and nothing that moves."""

    def __init__(self, palette: Palette, parent: QWidget) -> None:
        super().__init__(palette, parent)
        self._line = ""

    def tell(self, line: str, *, recording: bool) -> None:
        """Say what goes on meanwhile; a moment can be marked while `recording`."""
        self._line = line
        self.bar.set_keys((BACK, FINISH), (MARK,) if recording else ())
        self.setAccessibleName(f"{CALM} {line}")
        self._speaker.say(self.accessibleName())
        self.update()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Be ready to say it again."""
        super().hideEvent(event)
        self._speaker.say("")

    def draw(self, painter: QPainter, width: float, height: float) -> None:
        """Write the two sentences in the middle."""
        middle, y, palette = width / 2, height / 2, self._palette
        size = theme.fitting_size(CALM, width - 2 * theme.MARGIN, (40, 36, 28, 20), 500)
        theme.draw_text(
            painter, middle, y - 24, CALM, token=palette.ink, size=size, weight=500, align="centre"
        )
        room = min(width - 2 * theme.MARGIN, theme.READING)
        below = QRectF(middle - room / 2, y + 4, room, height / 2 - 80)
        theme.draw_wrapped(painter, below, self._line, token=palette.ink2, size=20, centred=True)


class HelpPage(Page):
    """Every key of a view and what it does, in two columns, and the words that always belong.

    A click on a row does what its key does, once `chosen` has told "help", which puts this away.
    """

    def __init__(
        self,
        palette: Palette,
        parent: QWidget,
        rows: Sequence[KeyHint],
        bar: tuple[Sequence[KeyHint], Sequence[KeyHint]],
    ) -> None:
        super().__init__(palette, parent)
        self._places = Places(self, self._press)
        self.bar.set_keys(*bar)
        self.show_rows(rows)

    def show_rows(self, rows: Sequence[KeyHint]) -> None:
        """Show these keys and what each one does."""
        self._rows = tuple(rows)
        keys = ", ".join(f"{hint.cap} {hint.words}" for hint in rows)
        self.setAccessibleName(f"{tr('Keys')}: {keys}")
        self._arrange_rows()
        self.update()

    def draw(self, painter: QPainter, width: float, height: float) -> None:
        """Write the keys and what each one does."""
        palette = self._palette
        title = 40.0 if height > LOW else 30.0
        theme.draw_text(
            painter, theme.MARGIN, title, tr("Keys"), token=palette.ink, size=20, weight=500
        )
        places = row_places(len(self._rows), width, height)
        beside = 16.0 if width > NARROW else 8.0
        for hint, (x, y) in zip(self._rows, places, strict=True):
            same = [one.cap for one, (at, _) in zip(self._rows, places, strict=True) if at == x]
            column = max(map(cap_width, same)) + beside
            room = width / 2 - 20 - theme.GUTTER - column
            draw_cap(painter, hint.cap, x, y, palette)
            _draw_row(painter, hint.words, QRectF(x + column, y, room, CAP_HEIGHT + 8), palette)
        low = foot_of(height)
        foot = QRectF(theme.MARGIN, height - low, width - 2 * theme.MARGIN, low - 48)
        theme.draw_wrapped(painter, foot, " ".join(DISCLAIMER), token=palette.ink2, size=14)

    def row_boxes(self) -> list[QRectF]:
        """Return the box of each row, in logical pixels."""
        width = self.width() / self.scale
        places = row_places(len(self._rows), width, self.height() / self.scale)
        return [QRectF(x, y, width / 2 - 20 - theme.GUTTER, CAP_HEIGHT) for x, y in places]

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Do what the key of the row does that was clicked."""
        place = event.position() / self.scale
        x = mirror.begins(place.x(), 0.0, self.width() / self.scale)
        for hint, box in zip(self._rows, self.row_boxes(), strict=True):
            if hint.action and box.contains(x, place.y()):
                self._press(hint.action)
                return

    def _press(self, action: str) -> None:
        self.chosen.emit("help")
        if action != "help":
            self.chosen.emit(action)

    def _arrange_bar(self) -> None:
        super()._arrange_bar()
        self._arrange_rows()

    def _arrange_rows(self) -> None:
        """Let each row be pressed without a mouse too."""
        places = [
            Place((box.x(), box.y(), box.width(), box.height()), hint.name, hint.action)
            for hint, box in zip(self._rows, self.row_boxes(), strict=True)
            if hint.action
        ]
        self._places.show(places, self._palette, self.scale)


def foot_of(height: float) -> float:
    """Return the room at the foot of the page of keys; a low window gives some to its rows."""
    return FOOT if height > LOW else LOW_FOOT


def row_places(count: int, width: float, height: float) -> list[tuple[float, float]]:
    """Return where each key's row begins: two columns, read downwards."""
    half = (count + 1) // 2
    many = TOP_OF_MANY if height > LOW else LOW_TOP
    top = TOP if (height - TOP - FOOT) / half > TIGHT else many
    row = min(48.0, (height - top - foot_of(height)) / half)
    return [
        (theme.MARGIN + number // half * (width / 2 - 20), top + number % half * row)
        for number in range(count)
    ]


def _draw_row(painter: QPainter, words: str, box: QRectF, palette: Palette) -> None:
    """Write what a key does on one line, or on two where one has no room for it."""
    size = theme.fitting_size(words, box.width(), (16, 14))
    lines = broken(words, box.width(), size)
    first = box.y() + (19 if len(lines) == 1 else 11)
    for number, line in enumerate(lines):
        says = theme.fitted(line, box.width(), size)
        y = first + 16 * number
        theme.draw_text(painter, box.x(), y, says, token=palette.ink, size=size)


def broken(words: str, width: float, size: int) -> list[str]:
    """Return the words on one line, or on two where they are wider than `width`."""
    if theme.text_width(words, size) <= width:
        return [words]
    parts = words.split(" ")
    fits = [n for n in range(1, len(parts)) if theme.text_width(" ".join(parts[:n]), size) <= width]
    if not fits:
        return [words]
    return [" ".join(parts[: fits[-1]]), " ".join(parts[fits[-1] :])]
