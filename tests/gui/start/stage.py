"""The window in a world without processes, for the tests to press keys in."""

from __future__ import annotations

import time
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from gui.shared import Poller
from gui.start import Shell, State
from pipelines.settings import Settings
from tests.gui.start.world import Remote, World

Key = Qt.Key
PRACTISED = Settings(begun=True)
"""What is chosen by somebody who has practised before."""


class Stage:
    """A window that looks when it is told to."""

    def __init__(self, world: World, **options: object) -> None:
        self.world = world
        options.setdefault("settings", PRACTISED)
        self.shell = Shell(Remote(world, own=True), lambda: Remote(world), **options)
        self.shell._timer.stop()
        self.shell.show()
        self.look()

    def look(self) -> None:
        """Let the line's own thread come round, and take in what it heard."""
        for _ in range(2):
            self._wait_for_news()
            live = self.shell.live
            if live is not None:
                _wait_for(live.poller)
                live.frame()
            self.shell.look()
            QApplication.processEvents()

    def _wait_for_news(self) -> None:
        line, end = self.shell._line, time.monotonic() + 60.0
        before = line._newest
        line._news.set()
        while line._newest is before or line.newest() is None:
            if self.world.desk is None and line._missed:
                return
            assert time.monotonic() < end, "the desk is not heard"
            time.sleep(0.002)

    def press(self, key: Key, *, look: bool = True) -> None:
        QTest.keyClick(self.focus, key)
        if look:
            self.look()

    def type(self, words: str) -> None:
        QTest.keyClicks(self.focus, words)

    @property
    def focus(self) -> QWidget:
        return QWidget.focusWidget(self.shell) or self.shell

    @property
    def state(self) -> State:
        return self.shell.life.state

    @property
    def words(self) -> str:
        return self.shell.sheet.accessibleName()

    def close(self) -> None:
        self.shell._finishes = False
        self.shell.close()
        self.shell.deleteLater()


def _wait_for(poller: Poller[Any]) -> None:
    """Let a poller's own thread come round twice: what it was at may be older than the world.

    Where no thread asks, it is asked here; two that ask at once would mix what they gather.
    """
    if poller._thread is None or not poller._thread.is_alive():
        poller.poll()
        return
    end = time.monotonic() + 60.0
    for _ in range(2):
        before = poller.newest
        while poller.newest is before:
            if poller._over or poller._session.snapshot() is None:
                return
            assert time.monotonic() < end, "the session is not heard"
            poller.orders.wake()
            time.sleep(0.002)
