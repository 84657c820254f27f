"""Whether somebody talks, as a process of its own hears it; see `devices.voice`."""

from __future__ import annotations

import contextlib
import subprocess
import threading
from collections.abc import Callable
from typing import Final

from devices.voice import NO_MICROPHONE
from pipelines.extras import lacks
from pipelines.language import tr
from pipelines.processes import program, surroundings

MODULE: Final = "devices.voice"
ENDS_WITHIN: Final = 2.0
"""Seconds that it may take to let go of the microphone before it is ended."""
UNHEARD: Final = tr(
    "Talking is not listened for: no microphone can be opened here; T tells of talking."
)
LACKING: Final = tr(
    'Talking is not listened for: that needs pip install "interbeat[voice]"; T tells of talking.'
)


def why_not() -> str | None:
    """Return one sentence where nothing here can listen, None where it can be tried."""
    return LACKING if lacks("voice") else None


class Listener:
    """Somebody who listens, from now until `close`.

    Parameters
    ----------
    heard : callable
        Told this listener and each word of `devices.voice`, in a thread of its own; the last is
        that there is no microphone, unless it was closed.
    """

    def __init__(self, heard: Callable[[Listener, str], None]) -> None:
        self._heard = heard
        self._closed = False
        self._process = subprocess.Popen(
            program(MODULE),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=surroundings(),
            start_new_session=True,
        )
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def close(self) -> None:
        """Let go of the microphone; nothing more is told."""
        self._closed = True
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()
        try:
            self._process.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reading.join()

    def _read(self) -> None:
        said = self._process.stdout
        if said is not None:
            with said:
                for line in said:
                    self._tell(line.decode().strip())
        self._tell(NO_MICROPHONE)

    def _tell(self, word: str) -> None:
        if not self._closed:
            self._heard(self, word)
