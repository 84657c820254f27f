"""Whether anybody uses the window: for how long nobody pressed a key or moved the mouse there."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent

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


class Idle:
    """Counts for how long a window was not used; `clock` tells seconds that never go back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._used = clock, clock()

    def minutes(self) -> float:
        """Return for how many minutes nobody used the window."""
        return (self._clock() - self._used) / 60.0

    def use(self) -> None:
        """Count this moment as use."""
        self._used = self._clock()

    def see(self, event: QEvent) -> None:
        """Count an event as use, if it is any."""
        if event.type() in _USE:
            self.use()
