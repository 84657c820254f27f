"""Plain intervals: one number a line, in ms or s by magnitude. Elite HRV exports are this too."""

from __future__ import annotations

import re
from pathlib import Path

from physio.beats import FloatArray
from pipelines.formats.recording import Intervals, Recording, recording
from pipelines.formats.text import Text, joined, numbers_of, text_of

NAME = "plain intervals"
_ELITE = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d)-(\d\d)-(\d\d)\.txt", re.ASCII)


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
    intervals = Intervals(_column(text_of(path, data)))
    elite = _ELITE.fullmatch(path.name)
    if elite is None:
        return recording(path, intervals, format_name=NAME)
    started = f"{elite[1]}T{elite[2]}:{elite[3]}:{elite[4]}"
    return recording(path, intervals, format_name="Elite HRV", started=started)


def _column(text: Text) -> FloatArray:
    pieces = (numbers_of(text.path, lines, at) for lines, at in text.blocks())
    return joined(text.path, pieces, 1).ravel()
