"""Asks the recorder in a thread of its own, so that a slow answer never holds up a paint."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from gui.shared.orders import Orders
from pipelines.live import RunningSession
from pipelines.session import Snapshot

PERIOD = 0.1
"""Seconds between two questions."""
UNREACHABLE = 1.8
"""Seconds without an answer after which the recorder counts as out of reach."""
_PATIENCE = 2.0
"""Seconds for which a closing view waits until its last orders are passed on."""

Traces = TypeVar("Traces")


@dataclass(frozen=True, slots=True, eq=False)
class Update(Generic[Traces]):
    """The newest that is known of a session, whole and frozen.

    Attributes
    ----------
    snapshot : Snapshot or None
        The last one received.
    received : float
        When that was, in seconds on the view's clock; the start before any answer.
    traces : object
        What the view keeps of the session's traces.
    """

    snapshot: Snapshot | None
    received: float
    traces: Traces


class Poller(Generic[Traces]):
    """Keeps the newest state of a session at hand; a state that was not drawn is dropped.

    Parameters
    ----------
    session : RunningSession
        The session; only the poller's own thread calls it once `start` has been called.
    gather : callable
        Takes the session and its newest snapshot, asks for what is new of its traces, and returns
        what the view draws, frozen.
    nothing : object
        What the view draws before the first answer.
    clock : callable
        The view's clock in seconds.
    """

    def __init__(
        self,
        session: RunningSession,
        gather: Callable[[RunningSession, Snapshot], Traces],
        nothing: Traces,
        *,
        clock: Callable[[], float],
    ) -> None:
        self._session, self._gather, self._clock = session, gather, clock
        self.orders = Orders(clock)
        self.newest: Update[Traces] = Update(None, clock(), nothing)
        """The newest state; reading it never waits."""
        self._over = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to ask, in a thread of its own; once begun, nothing more."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="interbeat-poll", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Pass on the last orders and let go of the session, which goes on."""
        self._over = True
        if self._thread is None:
            self._let_go()
        else:
            self.orders.wake()
            self._thread.join(timeout=_PATIENCE)
            if self._thread.is_alive():  # the recorder must hear of it before this program ends
                self._session.close()

    def reachable(self) -> bool:
        """Return whether the recorder answered lately, or was only just asked for the first."""
        return self._clock() - self.newest.received < UNREACHABLE

    def poll(self) -> None:
        """Pass on the orders and ask for what is new, once, in the calling thread."""
        self.orders.carry_out(self._session)
        snapshot = self._session.snapshot()
        if snapshot is not None:
            received = self._clock()
            self.newest = Update(snapshot, received, self._gather(self._session, snapshot))

    def _run(self) -> None:
        while not self._over:
            self.poll()
            self.orders.wait(PERIOD)
        self._let_go()

    def _let_go(self) -> None:
        self.orders.carry_out(self._session)
        self._session.close()
