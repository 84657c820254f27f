"""Empatica IBI.csv: start in s since 1970 UTC, then for each interval its end after it, and s."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from physio.beats import FloatArray
from pipelines.formats.recording import Intervals, Recording, recording
from pipelines.formats.refusal import FormatError
from pipelines.formats.text import (
    column_of,
    joined,
    lines_of,
    numbers_at,
    numbers_of,
    refuse_no_times,
    text_of,
    times_of,
)
from pipelines.language import tr

NAME = "Empatica IBI"
_FIRST_LINE = re.compile(r"\s*(\d{1,12}(?:\.\d{1,12})?)\s*,\s*IBI\s*", re.ASCII)


def recognise(head: str, path: Path) -> bool:  # noqa: ARG001 - the content alone decides
    """Tell whether the first line is a start and the word IBI."""
    return _FIRST_LINE.fullmatch(lines_of(head)[0]) is not None


def read(path: Path, data: bytes) -> Recording:
    """Return the recording of an IBI.csv.

    Raises
    ------
    FormatError
        If a line does not hold two numbers, or the numbers are no intervals.
    """
    text = text_of(path, data)
    start = _FIRST_LINE.fullmatch("".join(text.first(1)))
    time, rr = joined(path, (_columns(path, lines, at) for lines, at in text.after(1)), 2)
    time = time + (float(start[1]) if start else 0.0)
    intervals = Intervals(rr, time, unit="s", column=tr("column {number}", number=2))
    return recording(path, intervals, format_name=NAME)


def _columns(path: Path, lines: list[str], at: list[int]) -> FloatArray:
    """Return times and intervals (2, n)."""
    numbers = numbers_at(lines, None, ",")
    if numbers is not None and len(numbers) == 2:
        refuse_no_times(path, numbers[0], at)
        return numbers
    for line, number in zip(lines, at, strict=True):
        if line.count(",") != 1:
            hint = tr("export the file again from the program that wrote it")
            raise FormatError(
                path, tr("line {number} does not hold a time and an interval", number=number), hint
            )
    rr = numbers_of(path, column_of(lines, 1, ","), at)
    return np.stack((times_of(path, column_of(lines, 0, ","), at), rr))
