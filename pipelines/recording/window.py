"""The window as a process of its own: started by name, watched, opened again if it dies."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from pipelines.language import tr
from pipelines.processes import program, surroundings

REOPEN_AT_MOST = 3
CLOSES_WITHIN = 5.0
"""Seconds that a window may take to close before it is ended."""
GOODBYE_WITHIN = 1.0
"""Seconds that a goodbye may take to be heard after its window has ended."""


class SaidGoodbye(Protocol):
    """Tells whether a person closed the window of an opening; see `pipe.Server`."""

    def __call__(self, opening: int, *, within: float) -> bool:
        """Return whether it says so, or will say so `within` seconds."""


def no_display() -> str | None:
    """Return why no window can be opened here, None where one can be tried."""
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM"):
        return None
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return None
    return tr("There is no display here")


def window_command(session: str | None, store: Path | None, arguments: Sequence[str]) -> list[str]:
    """Return the command that opens a window on a running session, or on none."""
    named = [] if session is None else [session]
    kept = [] if store is None else ["--store", str(store)]
    return program("gui", *named, *kept, *arguments)


class Window:
    """A window on a session.

    Parameters
    ----------
    command : sequence of str
        What starts it; see `window_command`. Which opening it is, counted from 1, is added.
    told : bytes
        What it reads on its standard input: others may read its arguments.
    said_goodbye : callable
        Whether a person closed that opening, as it says over the pipe. An exit code says nothing
        of the kind: whatever ran in its place may have left with 0.
    closed : callable
        Called from a thread of its own when it was closed by a person.
    say : callable
        Told one sentence when it dies otherwise. It is opened again at most three times.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        said_goodbye: SaidGoodbye,
        closed: Callable[[], None],
        say: Callable[[str], None],
        told: bytes = b"",
    ) -> None:
        self._command, self._told = command, told
        self._said_goodbye = said_goodbye
        self._closed = closed
        self._say = say
        self._openings = 0
        self._over = False
        self._turn = threading.Lock()
        self._process = self._opened()
        self._ended = threading.Event()
        threading.Thread(target=self._watch, name="interbeat-window", daemon=True).start()

    @property
    def is_open(self) -> bool:
        """Whether the window is there, or about to be there again."""
        return not self._ended.is_set()

    def stay_closed(self) -> None:
        """Leave it closed from now on if it dies: the recording is over."""
        with self._turn:
            self._over = True

    def close(self) -> None:
        """Close the window."""
        self.stay_closed()
        self._process.terminate()
        if not self._ended.wait(CLOSES_WITHIN):
            self._process.kill()

    def _opened(self) -> subprocess.Popen[bytes]:
        self._openings += 1
        command = [*self._command, "--opening", str(self._openings)]
        # In a group of its own, so that Ctrl+C in the terminal ends the recorder alone.
        opened = subprocess.Popen(
            command, stdin=subprocess.PIPE, env=surroundings(), start_new_session=True
        )
        if opened.stdin is not None:
            with contextlib.suppress(OSError), opened.stdin as read:  # it may have ended already
                read.write(self._told)
        return opened

    def _watch(self) -> None:
        while not (by_a_person := self._left_by_a_person()) and self._opened_again():
            self._say(tr("The window ended by itself; the recording goes on, and it opens again."))
        self._ended.set()
        if by_a_person:
            self._closed()
        elif not self._over:
            self._say(
                tr("The window cannot be kept open; the recording goes on, Ctrl+C finishes it.")
            )

    def _left_by_a_person(self) -> bool:
        """Wait for the end of the window and return whether a person closed it."""
        self._process.wait()
        # Whoever was killed said all they had to say; a goodbye may still be on its way else.
        within = GOODBYE_WITHIN if self._process.returncode >= 0 else 0.0
        return not self._over and self._said_goodbye(self._openings, within=within)

    def _opened_again(self) -> bool:
        with self._turn:
            if self._over or self._openings > REOPEN_AT_MOST:
                return False
            self._process = self._opened()
            return True
