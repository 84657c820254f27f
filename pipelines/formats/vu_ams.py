"""VU-AMS txt: one R peak a line with its clock time, and the interval in ms that it ends."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from itertools import repeat
from pathlib import Path

import numpy as np

from physio.beats import FloatArray
from pipelines.formats.recording import Intervals, Recording, recording
from pipelines.formats.refusal import FormatError
from pipelines.formats.text import column_of, joined, lines_of, numbers_of, text_of
from pipelines.language import tr

NAME = "VU-AMS"
_FIRST_LINES = 3
_ORIGIN, _STEP = datetime(2000, 1, 1), timedelta(microseconds=1)
_PEAK = re.compile(r"(\d\d)-(\d\d)-(\d\d)/(\d\d:\d\d:\d\d\.\d{1,6})", re.ASCII)
_HINT = tr("export the intervals again from VU-DAMS")


def recognise(head: str, path: Path) -> bool:  # noqa: ARG001 - the content alone decides
    """Tell whether the columns of VU-AMS are named in the first lines."""
    return any(line.startswith("R-peak time\t") for line in lines_of(head)[:_FIRST_LINES])


def read(path: Path, data: bytes) -> Recording:
    """Return the recording of a VU-AMS export; the first R peak ends no interval.

    Raises
    ------
    FormatError
        If the column `ibi` is missing, a line holds no time or number, or the numbers are no
        intervals.
    """
    text = text_of(path, data)
    lines = text.first(_FIRST_LINES)
    header = next((row for row, line in enumerate(lines) if line.startswith("R-peak time\t")), 0)
    names = lines[header].split("\t")
    if "ibi" not in names:
        raise FormatError(path, tr("it has no column ibi"), _HINT)
    ibi = names.index("ibi")
    peaks, rr = joined(path, (_columns(path, *block, ibi) for block in text.after(header + 1)), 2)
    time = (peaks - peaks[:1]) / 1e6
    ends = slice(1 if len(rr) and rr[0] == 0 else 0, None)
    intervals = Intervals(
        rr[ends], time[ends], unit="ms", column=tr("column {number}", number=ibi + 1)
    )
    started = (_ORIGIN + int(peak) * _STEP for peak in peaks[:1])
    return recording(path, intervals, format_name=NAME, started=next(started, _ORIGIN).isoformat())


def _columns(path: Path, lines: list[str], at: list[int], ibi: int) -> FloatArray:
    """Return times of R peaks since `_ORIGIN` in whole microseconds, and intervals (2, n)."""
    for line, number in zip(lines, at, strict=True):
        if line.count("\t") < ibi:
            raise FormatError(path, tr("line {number} has too few columns", number=number), _HINT)
    rr = numbers_of(path, column_of(lines, ibi, "\t"), at)
    peaks = map(_peak, repeat(path), column_of(lines, 0, "\t"), at)
    return np.stack((np.array([(peak - _ORIGIN) // _STEP for peak in peaks], np.float64), rr))


def _peak(path: Path, cell: str, line: int) -> datetime:
    written = _PEAK.fullmatch(cell.strip())
    day, month, year, clock = written.groups() if written else [""] * 4
    try:
        return datetime.fromisoformat(f"20{year}-{month}-{day}T{clock}")
    except ValueError:
        raise FormatError(
            path, tr("line {line} holds no time of an R peak", line=line), _HINT
        ) from None
