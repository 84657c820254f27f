"""The field for a page of one's own: to write it, and to read it again."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from gui.shared import theme
from pipelines.drawing import Palette
from pipelines.language import tr

LONGEST = 24_000
"""Bytes of a page: so much goes to the desk at once, sealed. A command keeps longer ones."""


class PageField(QPlainTextEdit):
    """A field for a page, hidden at first; what is more than a page takes is not taken in.

    Signal `full` says whether something was just not taken in.
    """

    full = Signal(bool)

    def __init__(self, palette: Palette, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("A page of my own"))
        self.textChanged.connect(self._keep_within)
        self._draft, self._full = "", False
        self.hide()
        self.look(palette, 1.0)

    @property
    def words(self) -> str:
        """What stands on the page, "" for blanks alone."""
        written = self.toPlainText()
        return written if written.strip() else ""

    def look(self, palette: Palette, scale: float) -> None:
        """Take the colours of a palette."""
        style = theme.field_style(palette, scale, "QPlainTextEdit")
        if style != self.styleSheet():
            self.setStyleSheet(style)

    def read(self, words: str) -> None:
        """Show a page that was kept; one that is begun waits."""
        if not self.isReadOnly():
            self._draft = self.toPlainText()
            self.setReadOnly(True)
        if self.toPlainText() != words:
            self.setPlainText(words)

    def write(self) -> None:
        """Let a page be written, or written on."""
        if self.isReadOnly():
            self.setPlainText(self._draft)
            self._draft = ""
            self.setReadOnly(False)
            self.moveCursor(QTextCursor.MoveOperation.End)

    def forget(self) -> None:
        """Be an empty page; nothing brings back what stood on it."""
        self._draft = ""
        self.setReadOnly(False)
        self.clear()

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802
        """Take in plain words alone, all of them or, where the page does not hold them, none."""
        taken = self.textCursor().selection().toPlainText()
        more = len(source.text().encode()) - len(taken.encode())
        if len(self.toPlainText().encode()) + more > LONGEST:
            self._tell(full=True)
        else:
            self.insertPlainText(source.text())

    def _keep_within(self) -> None:
        """Take away what was written last where a page holds no more."""
        over = len(self.toPlainText().encode()) - LONGEST
        if self.isReadOnly():
            return
        self._tell(full=over > 0)
        if over <= 0:
            return
        cursor = self.textCursor()
        until = self.toPlainText().encode("utf-16-le")[: 2 * cursor.position()]
        stays = until.decode("utf-16-le").encode()[:-over].decode(errors="ignore")
        cursor.setPosition(len(stays.encode("utf-16-le")) // 2, QTextCursor.MoveMode.KeepAnchor)
        with QSignalBlocker(self):
            cursor.removeSelectedText()

    def _tell(self, *, full: bool) -> None:
        if full is not self._full:
            self._full = full
            self.full.emit(full)
