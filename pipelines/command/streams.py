"""The three streams as a terminal, a pipe or nobody left them, made fit to run with."""

from __future__ import annotations

import io
import os
import sys


class Silence(io.StringIO):
    """Takes the place of an output that nobody reads, and keeps nothing."""

    def write(self, text: str) -> int:
        """Drop `text`."""
        return len(text)


def make_ready() -> None:
    """Open the streams that were closed, and let no letter that one of them lacks stop a run."""
    _fill_descriptors()
    sys.stdin = sys.stdin or io.StringIO()
    sys.stdout = sys.stdout or Silence()
    sys.stderr = sys.stderr or Silence()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _fill_descriptors() -> None:
    # The next file opened would take the free number, and what a library writes to the stream
    # of that number would land in a recording.
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            lowest_free = os.open(os.devnull, os.O_RDWR)
            os.set_inheritable(lowest_free, True)  # noqa: FBT003 - it takes no keyword
