"""Words for a screen reader to say as they come, without being asked."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

QUIET_MS = 5000
"""Milliseconds that lie at least between two things that one part says."""


class Speaker:
    """Says a part's words politely: after what is being read, and at most now and then.

    What changes meanwhile is said afterwards, the newest alone; nothing of a part that is not seen.
    """

    def __init__(self, part: QWidget, quiet_ms: int = QUIET_MS) -> None:
        self._part = part
        self._said = self._next = ""
        self._quiet = QTimer(part, interval=quiet_ms, singleShot=True)
        self._quiet.timeout.connect(self._say)

    def say(self, words: str) -> None:
        """Say these words, unless they were the last; after nothing the same may come again."""
        if not words:
            self._said = ""
        elif self._part.isVisible():
            self._next = "" if words == self._said else words
        if not self._quiet.isActive():
            self._say()

    def _say(self) -> None:
        words, self._next = self._next, ""
        if not words or not self._part.isVisible():
            return
        self._said = words
        event = QAccessibleAnnouncementEvent(self._part, self._said)
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Polite)
        QAccessible.updateAccessibility(event)
        self._quiet.start()
