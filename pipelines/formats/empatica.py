"""Empatica IBI.csv: start in s since 1970 UTC, then for each interval its end after it, and s."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from pipelines.formats.recording import FormatError, Intervals, Recording, recording
from pipelines.formats.text import filled, lines_of, numbers_of, text_of

NAME = "Empatica IBI"
_FIRST_LINE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*,\s*IBI\s*")


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
    lines, numbers = filled(lines_of(text_of(path, data)))
    start = _FIRST_LINE.fullmatch(lines[0])
    rows, at = [line.split(",") for line in lines[1:]], numbers[1:]
    for row, line in zip(rows, at, strict=True):
        if len(row) != 2:
            hint = "export the file again from the program that wrote it"
            raise FormatError(path, f"line {line} does not hold a time and an interval", hint)
    rr = numbers_of(path, [row[1] for row in rows], at)
    elapsed = numbers_of(path, [row[0] for row in rows], at)
    if not np.all(np.isfinite(elapsed)):
        raise FormatError(path, "one of its lines holds no time", "correct or delete that line")
    time = elapsed + (float(start[1]) if start else 0.0)
    intervals = Intervals(rr, time, unit="s", column="column 2")
    return recording(path, intervals, format_name=NAME)
