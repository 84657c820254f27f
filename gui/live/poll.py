"""Asks the recorder in a thread of its own, so that a slow answer never holds up a paint."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from gui.live.history import History
from pipelines.live import Command, RunningSession
from pipelines.session import NO_POINTS, Points, Snapshot

PERIOD = 0.1
"""Seconds between two questions."""
NO_INTERVALS = 1 << 40
"""More intervals than there ever are: this view draws none of them one by one."""
UNREACHABLE = 2.0
"""Seconds without an answer after which the recorder counts as out of reach."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """The newest state known, whole and frozen, and when it was learnt (s, the poller's clock)."""

    snapshot: Snapshot | None
    received: float
    points: dict[int, Points]

    def of(self, source: int) -> Points:
        """Return the points of a source."""
        return self.points.get(source, NO_POINTS)


class Poller(QObject):
    """Keeps the newest state of a session at hand; a state that was not drawn is dropped.

    `answered` tells, in the window's thread, what came of each command: the command, and "" once
    it is kept, else one sentence.
    """

    answered = Signal(object, str)

    def __init__(
        self, session: RunningSession, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__()
        self._session = session
        self._clock = clock
        self._orders: queue.SimpleQueue[Command | None] = queue.SimpleQueue()
        self._histories: dict[int, History] = {}
        self._running = True
        self._started = clock()
        self._seen = Seen(None, self._started, {})
        self._thread = threading.Thread(target=self._run, name="interbeat-poll", daemon=True)

    def start(self) -> None:
        """Begin to ask."""
        self._thread.start()

    def stop(self) -> None:
        """Stop asking and let go of the session, which goes on."""
        self._running = False
        self._orders.put(None)
        if self._thread.is_alive():
            self._thread.join(timeout=2.0)
        self._session.close()

    @property
    def seen(self) -> Seen:
        """The newest state; reading it never waits."""
        return self._seen

    def reachable(self) -> bool:
        """Return whether the recorder answered lately, or was only just asked for the first."""
        return self._clock() - self._seen.received < UNREACHABLE

    def order(self, command: Command) -> None:
        """Have a command carried out as soon as the recorder listens; never waits."""
        self._orders.put(command)

    def poll(self) -> None:
        """Ask once, in the calling thread."""
        snapshot = self._session.snapshot()
        if snapshot is None:
            return
        for view in snapshot.sources:
            self._follow(view.source, view.trace_length)
        points = {source: history.points() for source, history in self._histories.items()}
        self._seen = Seen(snapshot, self._clock(), points)

    def _follow(self, source: int, length: int) -> None:
        history = self._histories.setdefault(source, History())
        if length < len(history):  # another session took this one's place
            history = self._histories[source] = History()
        if length > len(history):
            trace = self._session.trace(source, history.wanted, NO_INTERVALS)
            if trace is not None:
                history.add(trace)

    def _run(self) -> None:
        while self._running:
            self.poll()
            self._carry_out()

    def _carry_out(self) -> None:
        try:
            command = self._orders.get(timeout=PERIOD)
        except queue.Empty:
            return
        if command is not None:
            self.answered.emit(command, self._session.ask(command) or "")
