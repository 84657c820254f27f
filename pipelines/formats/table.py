"""Tables of intervals with or without times, with or without a header."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np

from physio.beats import FloatArray
from pipelines.formats.recording import (
    EARLIEST_EPOCH,
    FormatError,
    Intervals,
    Recording,
    in_milliseconds,
    passing_time,
    recording,
)
from pipelines.formats.text import filled, is_number, lines_of, numbers_of, text_of

NAME = "table of intervals"
ROW_NUMBERS: Final = "the first column was read as row numbers, not as times"
_NAME_THEM = "begin the table with a header such as time_s,rr_ms"
_HEADER_WITHIN = 20
_DELIMITERS = (";", "\t", ",")
_UNIT = r"[\s_-]*[(\[]?\s*(ns|us|µs|μs|ms|msec|milliseconds?|s|sec|secs|seconds?)?\s*[)\]]?"
_INTERVAL = re.compile(
    r"(?:rr|r-r|rri|nn|nni|pp|ppi|ibi|inter[\s_-]?beat)(?:[\s_-]?intervals?)?" + _UNIT
)
_TIME = re.compile(
    r"(?:(?:phone|unix|epoch|elapsed|recording|arrival)?[\s_-]?(?:time|timestamp|datetime|date[\s_-]time)"
    r"|t|epoch|elapsed|since[\s_-]?start)" + _UNIT
)
_SECONDS = {"n": 1e-9, "u": 1e-6, "µ": 1e-6, "μ": 1e-6, "m": 1e-3, "s": 1.0}


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a table begins and which of its columns count, from 0."""

    first: int
    """Index of the first row of data among the filled lines."""
    delimiter: str | None
    rr: int
    rr_unit: str | None
    time: int | None
    time_unit: str | None
    named: bool


def recognise(head: str, path: Path) -> bool:  # noqa: ARG001 - the content alone decides
    """Tell whether the text is a table whose columns are known."""
    return layout_of(filled(lines_of(head))[0]) is not None


def read(path: Path, data: bytes) -> Recording:
    """Return the recording of a table; see `read_as`."""
    return read_as(path, data, format_name=NAME)


def read_as(path: Path, data: bytes, *, format_name: str, started: str | None = None) -> Recording:
    """Return the recording of a table; rows without an interval are passed over.

    Raises
    ------
    FormatError
        If its columns cannot be told apart, a line holds no number, or the numbers are no
        intervals.
    """
    lines, numbers = filled(lines_of(text_of(path, data).replace('"', "")))
    layout = layout_of(lines)
    if layout is None:
        raise FormatError(path, "its columns cannot be told apart", _NAME_THEM)
    intervals, written, notes = _intervals(path, lines, numbers, layout)
    return recording(
        path, intervals, format_name=format_name, started=started or written, notes=notes
    )


def layout_of(lines: Sequence[str]) -> Layout | None:
    """Return how the filled lines of a text are laid out, None where they are no such table."""
    for row, line in enumerate(lines[:_HEADER_WITHIN]):
        for delimiter in _DELIMITERS:
            layout = _header(row, line.replace('"', "").split(delimiter), delimiter)
            if layout is not None:
                return layout
    return _two_columns(lines[0]) if lines else None


def _header(row: int, cells: list[str], delimiter: str) -> Layout | None:
    names = [cell.strip().lower() for cell in cells]
    rr, rr_unit = _first(_INTERVAL, names)
    if rr is None:
        return None
    time, time_unit = _first(_TIME, names)
    return Layout(row + 1, delimiter, rr, rr_unit, time, time_unit, named=True)


def _first(pattern: re.Pattern[str], names: list[str]) -> tuple[int | None, str | None]:
    """Return the first column whose name fits, and the first letter of its unit if it has one."""
    for index, name in enumerate(names):
        match = pattern.fullmatch(name)
        if match:
            return index, match[1] and match[1][0]
    return None, None


def _two_columns(line: str) -> Layout | None:
    for delimiter in (*_DELIMITERS, None):
        cells = [cell for cell in line.split(delimiter) if cell.strip()]
        if len(cells) == 2 and all(is_number(_point(cell)) for cell in cells):
            return Layout(0, delimiter, 1, None, 0, None, named=False)
    return None


def _point(cell: str) -> str:
    return cell.replace(",", ".")


def _intervals(
    path: Path, lines: list[str], numbers: list[int], layout: Layout
) -> tuple[Intervals, str | None, tuple[str, ...]]:
    """Return the columns, when the times began as written, and notes."""
    rows = [line.split(layout.delimiter) for line in lines[layout.first :]]
    places = [
        place
        for place, row in enumerate(rows)
        if len(row) > layout.rr and row[layout.rr] and not row[layout.rr].isspace()
    ]
    at = [numbers[layout.first + place] for place in places]
    rr = numbers_of(path, [_point(rows[place][layout.rr]) for place in places], at)
    column = f"column {layout.rr + 1}"
    intervals = Intervals(rr, None, _interval_unit(layout.rr_unit), column)
    if layout.time is None or len(rr) == 0:
        return intervals, None, ()
    cells = [_cell(rows[place], layout.time) for place in places]
    return _with_times(path, intervals, cells, at, layout)


def _cell(row: list[str], column: int) -> str:
    return row[column] if column < len(row) else ""


def _interval_unit(letter: str | None) -> str | None:
    return {"m": "ms", "s": "s"}.get(letter or "")


def _with_times(
    path: Path, intervals: Intervals, cells: list[str], at: list[int], layout: Layout
) -> tuple[Intervals, str | None, tuple[str, ...]]:
    if not is_number(_point(cells[0])):
        time, started = _calendar_times(path, cells, at)
        return _timed(intervals, time), started, ()
    written = numbers_of(path, [_point(cell) for cell in cells], at)
    if not np.all(np.isfinite(written)):
        line = at[int(np.argmin(np.isfinite(written)))]
        raise FormatError(path, f"line {line} holds no time", "correct or delete that line")
    if layout.time_unit is None and _are_row_numbers(written):
        return intervals, None, (ROW_NUMBERS,)
    time = written * _time_scale(path, written, intervals, layout)
    return _timed(intervals, time), None, ()


def _timed(intervals: Intervals, time: FloatArray) -> Intervals:
    return Intervals(intervals.rr, time, intervals.unit, intervals.column)


def _calendar_times(path: Path, cells: list[str], at: list[int]) -> tuple[FloatArray, str | None]:
    """Return ISO 8601 times as seconds, and the first as written where it names no zone."""
    moments = [_moment(path, cell, line) for cell, line in zip(cells, at, strict=True)]
    if all(moment.tzinfo is not None for moment in moments):
        return np.array([moment.timestamp() for moment in moments]), None
    first = moments[0].replace(tzinfo=None)
    elapsed = [(moment.replace(tzinfo=None) - first).total_seconds() for moment in moments]
    return np.array(elapsed), first.isoformat()


def _moment(path: Path, cell: str, line: int) -> datetime:
    try:
        return datetime.fromisoformat(cell.strip())
    except ValueError:
        hint = "write times as seconds or as 2026-11-21T09:30:00.000"
        raise FormatError(path, f"line {line} holds no time that can be read", hint) from None


def _are_row_numbers(written: FloatArray) -> bool:
    return bool(len(written) > 2 and written[0] in (0.0, 1.0) and np.all(np.diff(written) == 1.0))


def _time_scale(path: Path, written: FloatArray, intervals: Intervals, layout: Layout) -> float:
    """Return by what to multiply times as written to get seconds."""
    if layout.time_unit is not None:
        return _SECONDS[layout.time_unit]
    middle = abs(float(np.median(written)))
    if middle > EARLIEST_EPOCH:
        return 10.0 ** (-3 * np.searchsorted((1e11, 1e14, 1e17), middle))
    rr, _ = in_milliseconds(path, intervals)
    return _scale_by_sum(path, written, float(np.sum(passing_time(rr))), layout)


def _scale_by_sum(path: Path, written: FloatArray, total: float, layout: Layout) -> float:
    """Return the unit of time in which the times reach about as far as the intervals' sum."""
    scales = np.array([1.0, 1e-3, 1e-6, 1e-9])
    reach = np.maximum(np.ptp(written), 1e-300) * scales / max(total, 1e-300)
    best = int(np.argmin(np.abs(np.log(reach))))
    if not layout.named and len(written) > 2 and not 0.5 <= reach[best] <= 50.0:
        what = "the first column does not run like the times of the intervals in the second"
        raise FormatError(path, what, _NAME_THEM)
    return float(scales[best])
