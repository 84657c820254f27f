"""Empatica IBI.csv: start in s since 1970 UTC, then for each interval its end after it, and s."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from physio.beats import FloatArray
from pipelines.formats.recording import FormatError, Intervals, Recording, recording
from pipelines.formats.text import joined, lines_of, numbers_of, text_of, times_of

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
    columns = joined(path, (_columns(path, lines, at) for lines, at in text.after(1)))
    time = columns[0] + (float(start[1]) if start else 0.0)
    intervals = Intervals(columns[-1], time, unit="s", column="column 2")
    return recording(path, intervals, format_name=NAME)


def _columns(path: Path, lines: list[str], at: list[int]) -> FloatArray:
    """Return times and intervals (2, n)."""
    rows = [line.split(",", 2) for line in lines]
    for row, line in zip(rows, at, strict=True):
        if len(row) != 2:
            hint = "export the file again from the program that wrote it"
            raise FormatError(path, f"line {line} does not hold a time and an interval", hint)
    rr = numbers_of(path, [row[1] for row in rows], at)
    return np.stack((times_of(path, [row[0] for row in rows], at), rr))
