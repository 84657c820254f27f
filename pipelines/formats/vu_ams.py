"""VU-AMS txt: one R peak a line with its clock time, and the interval in ms that it ends."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np

from pipelines.formats.recording import FormatError, Intervals, Recording, recording
from pipelines.formats.text import filled, lines_of, numbers_of, text_of

NAME = "VU-AMS"
_HINT = "export the intervals again from VU-DAMS"


def recognise(head: str, path: Path) -> bool:  # noqa: ARG001 - the content alone decides
    """Tell whether the columns of VU-AMS are named in the first lines."""
    return any(line.startswith("R-peak time\t") for line in lines_of(head)[:3])


def read(path: Path, data: bytes) -> Recording:
    """Return the recording of a VU-AMS export; the first R peak ends no interval.

    Raises
    ------
    FormatError
        If the column `ibi` is missing, a line holds no time or number, or the numbers are no
        intervals.
    """
    lines, numbers = filled(lines_of(text_of(path, data)))
    header = next(row for row, line in enumerate(lines) if line.startswith("R-peak time\t"))
    names = lines[header].split("\t")
    if "ibi" not in names:
        raise FormatError(path, "it has no column ibi", _HINT)
    ibi = names.index("ibi")
    rows, at = [line.split("\t") for line in lines[header + 1 :]], numbers[header + 1 :]
    _refuse_short_rows(path, rows, at, ibi)
    rr = numbers_of(path, [row[ibi] for row in rows], at)
    peaks = [_peak(path, row[0], line) for row, line in zip(rows, at, strict=True)]
    time = np.array([(peak - peaks[0]).total_seconds() for peak in peaks])
    ends = slice(1 if len(rr) and rr[0] == 0 else 0, None)
    intervals = Intervals(rr[ends], time[ends], unit="ms", column=f"column {ibi + 1}")
    started = peaks[0].isoformat() if peaks else None
    return recording(path, intervals, format_name=NAME, started=started)


def _refuse_short_rows(path: Path, rows: list[list[str]], at: list[int], ibi: int) -> None:
    for row, line in zip(rows, at, strict=True):
        if len(row) <= ibi:
            raise FormatError(path, f"line {line} has too few columns", _HINT)


def _peak(path: Path, cell: str, line: int) -> datetime:
    try:
        return datetime.strptime(cell.strip(), "%d-%m-%y/%H:%M:%S.%f")
    except ValueError:
        raise FormatError(path, f"line {line} holds no time of an R peak", _HINT) from None
