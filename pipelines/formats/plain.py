"""Plain intervals: one number a line, in ms or s by magnitude. Elite HRV exports are this too."""

from __future__ import annotations

import re
from pathlib import Path

from pipelines.formats.recording import Intervals, Recording, recording
from pipelines.formats.text import filled, lines_of, numbers_of, text_of

NAME = "plain intervals"
_ELITE = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d)-(\d\d)-(\d\d)\.txt")


def recognise(head: str, path: Path) -> bool:  # noqa: ARG001 - the last resort takes every text
    """Tell that any text may be this."""
    return True


def read(path: Path, data: bytes) -> Recording:
    """Return the recording of a file with one interval a line.

    Raises
    ------
    FormatError
        If a line holds no number, or the numbers are no intervals.
    """
    cells, lines = filled(lines_of(text_of(path, data)))
    intervals = Intervals(numbers_of(path, cells, lines))
    elite = _ELITE.fullmatch(path.name)
    if elite is None:
        return recording(path, intervals, format_name=NAME)
    started = f"{elite[1]}T{elite[2]}:{elite[3]}:{elite[4]}"
    return recording(path, intervals, format_name="Elite HRV", started=started)
