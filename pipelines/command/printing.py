"""Lines printed while a session is recorded: a reader who is slow never holds up a beat."""

from __future__ import annotations

import contextlib
import queue
import threading
from types import TracebackType

from pipelines.command.output import out

WAITING = 64
"""Lines that may wait for a slow reader; further ones are left out."""


class Printer:
    """Prints lines from a thread of its own; on leaving, those that wait are printed first."""

    def __init__(self) -> None:
        self._lines: queue.Queue[str | None] = queue.Queue(maxsize=WAITING)
        self._thread = threading.Thread(target=self._print, name="interbeat-print", daemon=True)

    def offer(self, line: str) -> None:
        """Print a line soon, or leave it out where too many wait already."""
        with contextlib.suppress(queue.Full):
            self._lines.put_nowait(line)

    def __enter__(self) -> Printer:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._lines.put(None)
        self._thread.join()

    def _print(self) -> None:
        while (line := self._lines.get()) is not None:
            out(line)
