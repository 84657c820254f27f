"""Whether anybody uses the window: for how long nobody pressed a key or moved the mouse there."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

_USE = frozenset(
    (
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.HoverMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
    )
)


class Idle(QObject):
    """Watches for use of this process's windows.

    `clock` tells seconds that never go back, also while the computer sleeps where it can.
    """

    def __init__(self, parent: QObject, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._clock, self._used = clock, clock()
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    def minutes(self) -> float:
        """Return for how many minutes nobody used a window."""
        return (self._clock() - self._used) / 60.0

    def use(self) -> None:
        """Count this moment as use."""
        self._used = self._clock()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002, N802
        """Note use, and pass everything on."""
        if event.type() in _USE:
            self.use()
        return False
