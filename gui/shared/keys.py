"""The keys that mean the same in every view, and a view that has keys."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGroupBox

KEYS: Mapping[int, str] = {
    Qt.Key.Key_Escape: "calm",
    Qt.Key.Key_Space: "mark",
    Qt.Key.Key_P: "pause",
    Qt.Key.Key_H: "numbers",
    Qt.Key.Key_L: "light",
    Qt.Key.Key_F: "full",
    Qt.Key.Key_Question: "help",
    Qt.Key.Key_F1: "help",
    Qt.Key.Key_Return: "finish",
    Qt.Key.Key_Enter: "finish",
}
"""Action by key."""


class KeyView(QGroupBox):
    """A view whose every action has a key: `chosen` tells the action of one that was pressed.

    `keys` holds the action of each key. A key held down counts once.
    """

    chosen = Signal(str)
    keys: Mapping[int, str] = KEYS

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Tell what the key stands for."""
        action = self.keys.get(event.key())
        if action is None:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            self.chosen.emit(action)

    def toggle_full_screen(self) -> None:
        """Fill the screen, or go back to the window as it was, maximised or not."""
        window = self.window()
        window.setWindowState(window.windowState() ^ Qt.WindowState.WindowFullScreen)
