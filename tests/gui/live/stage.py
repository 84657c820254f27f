"""A live view on a made-up moment, for the tests to press keys on."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from docs import moments
from gui.live.view import LiveView

Key = Qt.Key


class Stage:
    """A view on a made-up moment, on a clock that the test moves."""

    def __init__(self, moment: moments.Moment, **options: object) -> None:
        self.moment, self.now = moment, 100.0
        options = {"still": True, **options}
        self.view = LiveView(moment, clock=lambda: self.now, polling=False, **options)
        self.view._timer.stop()
        self.view.resize(1280, 800)
        self.view.show()
        self.step()

    def step(self, seconds: float = 0.01) -> None:
        """Answer orders, poll and draw once."""
        self.now += seconds
        self.view.poller.poll()
        self.view.frame()

    def press(self, key: Key, text: str = "") -> None:
        target = QWidget.focusWidget(self.view) or self.view
        QTest.keyClick(target, key)
        self.step()

    def change(self, **changes: object) -> None:
        assert self.moment.state is not None
        self.moment.state = msgspec.structs.replace(self.moment.state, **changes)
        self.step(1.1)

    def close(self) -> None:
        self.view.close()
        self.view.deleteLater()
