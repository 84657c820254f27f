"""A line for a few words, to a mark or as an answer; only Enter and Esc act in it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from gui.shared import mirror, theme
from pipelines.drawing import Palette
from pipelines.harmless import harmless
from pipelines.language import tr

LONGEST = 500


class NoteField(QLineEdit):
    """The field, hidden at first. `kept` tells the words on Enter, `left` that Esc was pressed.

    What was typed before Esc is still there the next time.
    """

    kept = Signal(str)
    left = Signal()

    def __init__(self, palette: Palette, parent: QWidget) -> None:
        super().__init__(parent)
        self.setMaxLength(LONGEST)
        self.setAccessibleName(tr("Words, kept with Enter"))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.hide()
        self.look(palette, 1.0)

    def look(self, palette: Palette, scale: float) -> None:
        """Take the colours of a palette."""
        self.setStyleSheet(theme.field_style(palette, scale))

    def place(self, height: float, scale: float, *, room: float) -> None:
        """Lie over the left keys at the foot of a window, within so many logical pixels."""
        width, top = min(480.0, room), height - 46 * scale
        left, wide = round(theme.MARGIN * scale), round(width * scale)
        mirror.lay(self, left, round(top), wide, round(38 * scale))

    def open(self, words: str) -> None:
        """Show the field, with the words that ask, and write in it."""
        self.setPlaceholderText(words)
        self.setAccessibleName(words)
        self.show()
        self.raise_()
        self.setFocus()

    def keep(self) -> None:
        """Hand over the words."""
        self.kept.emit(harmless(self.text().strip(), most=LONGEST))
        self.clear()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Keep on Enter, leave on Esc, write everything else."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.keep()
        else:
            super().keyPressEvent(event)
            event.accept()
