"""Plain intervals: one or several a line, in ms or s by magnitude; Elite HRV exports too."""

from __future__ import annotations

import re
from pathlib import Path

from pipelines.formats.recording import Recording
from pipelines.formats.table import read_as

NAME = "plain intervals"
_ELITE = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d)-(\d\d)-(\d\d)\.txt", re.ASCII)


def recognise(head: str, path: Path) -> bool:  # noqa: ARG001 - the last resort takes every text
    """Tell that any text may be this."""
    return True


def read(path: Path, data: bytes) -> Recording:
    """Return the recording of a file with one interval a line, or several, the oldest first.

    Raises
    ------
    FormatError
        If a line holds no number, or the numbers are no intervals.
    """
    elite = _ELITE.fullmatch(path.name)
    if elite is None:
        return read_as(path, data, format_name=NAME)
    started = f"{elite[1]}T{elite[2]}:{elite[3]}:{elite[4]}"
    return read_as(path, data, format_name="Elite HRV", started=started)
