"""A share of the processor: what takes more of it than its share waits until that is made up."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator


class Share:
    """Processor time that several threads may take together.

    Parameters
    ----------
    part : float
        Seconds of processor time to a second of real time.
    saved : float
        Seconds of processor time that may be taken at once after a quiet while.
    clock : callable
        Seconds of real time, never going back.
    """

    def __init__(
        self,
        *,
        part: float = 0.08,
        saved: float = 0.5,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._part = part
        self._saved = saved
        self._clock = clock
        self._left = saved
        self._then = clock()
        self._turn = threading.Lock()

    @contextlib.contextmanager
    def charged(self) -> Iterator[None]:
        """Count what this thread takes of the processor in here."""
        began = time.thread_time()
        try:
            yield
        finally:
            self.charge(time.thread_time() - began)

    def charge(self, seconds: float) -> None:
        """Count processor time that was taken."""
        with self._turn:
            self._earn()
            self._left -= seconds

    def wait(self, over: threading.Event) -> bool:
        """Wait until nothing is owed; return False where it is `over` before that."""
        while not over.is_set():
            owed = self.owed()
            if owed <= 0.0:
                return True
            over.wait(owed / self._part)
        return False

    def owed(self) -> float:
        """Return the seconds of processor time taken beyond the share, below 0 what is left."""
        with self._turn:
            self._earn()
            return -self._left

    def _earn(self) -> None:
        now = self._clock()
        self._left = min(self._saved, self._left + self._part * (now - self._then))
        self._then = now
