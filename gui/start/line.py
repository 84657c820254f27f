"""The line to the desk: errands on their way, and how the desk stands, in a thread of its own."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass

from pipelines.recording import Desk, Errand, Look, RemoteSession

PERIOD = 0.1
"""Seconds between two questions."""
PATIENCE = 2.0
"""Seconds for which a closing window waits until its last errands are passed on."""
MISSED = 15
"""Questions without an answer after which the desk counts as out of reach."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the desk stood, None while it does not answer; `errands` had been passed on by then."""

    desk: Desk | None
    errands: int


class Line:
    """Passes on errands and asks how the desk stands; neither ever waits in the caller's thread.

    An errand that was not heard is passed on again.
    """

    def __init__(self, session: RemoteSession) -> None:
        self._session = session
        self._waiting: deque[Errand] = deque()
        self._look: Look | None = None
        self._told: Look | None = None
        self._given = self._passed = self._missed = 0
        self._newest: Standing | None = None
        self._news, self._over = threading.Event(), False
        self._thread = threading.Thread(target=self._run, name="interbeat-desk", daemon=True)
        self._thread.start()

    def give(self, errand: Errand) -> None:
        """Have an errand done."""
        self._given += 1
        self._waiting.append(errand)
        self._news.set()

    def tell(self, look: Look) -> None:
        """Have it told how the window looks; only the newest look counts."""
        if look != self._look:
            self._look = look
            self._news.set()

    def newest(self) -> Standing | None:
        """Return how the desk stands, None where no answer knows of the last errand yet."""
        newest = self._newest
        return newest if newest is not None and newest.errands == self._given else None

    def close(self) -> None:
        """Pass on the last errands, and say that a person closed the window."""
        self._over = True
        self._news.set()
        self._thread.join(timeout=PATIENCE)
        if self._thread.is_alive():
            self._session.close()

    def _run(self) -> None:
        while not self._over:
            self._pass_on()
            passed, desk = self._passed, self._session.desk()
            self._missed = 0 if desk is not None else self._missed + 1
            if desk is not None or self._missed >= MISSED:
                self._newest = Standing(desk, passed)
            self._news.wait(PERIOD)
            self._news.clear()
        self._pass_on()
        self._session.close()

    def _pass_on(self) -> None:
        while self._waiting and self._session.run(self._waiting[0]):
            self._waiting.popleft()
            self._passed += 1
        look = self._look
        if look is not None and look != self._told and self._session.tell(look):
            self._told = look
