"""Tables of intervals with or without times, with or without a header."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
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
from pipelines.formats.text import (
    Text,
    filled,
    is_number,
    joined,
    lines_of,
    numbers_of,
    text_of,
    times_of,
)

NAME = "table of intervals"
ROW_NUMBERS: Final = "the first column was read as row numbers, not as times"
_NAME_THEM = "begin the table with a header such as time_s,rr_ms"
_HEADER_WITHIN = 20
_LONGEST_HEADER = 65_536
_LONGEST_NAME = 80
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
    text = text_of(path, data).without('"')
    layout = layout_of(text.first(_HEADER_WITHIN))
    if layout is None:
        raise FormatError(path, "its columns cannot be told apart", _NAME_THEM)
    intervals, written, notes = _intervals(text, layout)
    return recording(
        path, intervals, format_name=format_name, started=started or written, notes=notes
    )


def layout_of(lines: Sequence[str]) -> Layout | None:
    """Return how the filled lines of a text are laid out, None where they are no such table."""
    for row, line in enumerate(lines[:_HEADER_WITHIN]):
        if len(line) > _LONGEST_HEADER:
            continue
        for delimiter in _DELIMITERS:
            layout = _header(row, line.replace('"', "").split(delimiter), delimiter)
            if layout is not None:
                return layout
    return _two_columns(lines[0]) if lines else None


def _header(row: int, cells: list[str], delimiter: str) -> Layout | None:
    names = [cell.strip().lower() if len(cell) <= _LONGEST_NAME else "" for cell in cells]
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


def _intervals(text: Text, layout: Layout) -> tuple[Intervals, str | None, tuple[str, ...]]:
    """Return the columns, when the times began as written, and notes."""
    first = next(_rows(text, layout), None)
    if first is None or layout.time is None:
        pieces = (_rr(text.path, rows) for rows in _rows(text, layout))
        return _of(joined(text.path, pieces)[0], layout), None, ()
    if is_number(_point(first.time[0])):
        return _with_numbers(text, layout)
    _rr(text.path, first)  # whoever gave a table without intervals is not asked about its times
    return _with_calendar(text, layout, _moment(text.path, first.time[0], first.at[0]))


def _of(rr: FloatArray, layout: Layout, time: FloatArray | None = None) -> Intervals:
    unit = {"m": "ms", "s": "s"}.get(layout.rr_unit or "")
    return Intervals(rr, time, unit, f"column {layout.rr + 1}")


@dataclass(frozen=True, slots=True)
class _Rows:
    """Cells of rows that hold an interval, and their line numbers."""

    rr: list[str]
    time: list[str]
    at: list[int]


def _rows(text: Text, layout: Layout) -> Iterator[_Rows]:
    """Yield the rows that hold an interval, block by block."""
    rr, time = layout.rr, 0 if layout.time is None else layout.time
    for lines, numbers in text.after(layout.first):
        rows = [line.split(layout.delimiter, max(rr, time) + 1) for line in lines]
        places = [
            place
            for place, row in enumerate(rows)
            if len(row) > rr and row[rr] and not row[rr].isspace()
        ]
        if places:
            kept = [rows[place] for place in places]
            at = [numbers[place] for place in places]
            yield _Rows([row[rr] for row in kept], [_cell(row, time) for row in kept], at)


def _cell(row: list[str], column: int) -> str:
    return row[column] if column < len(row) else ""


def _rr(path: Path, rows: _Rows) -> FloatArray:
    """Return the intervals (1, n)."""
    return numbers_of(path, [_point(cell) for cell in rows.rr], rows.at)[None]


def _with_numbers(text: Text, layout: Layout) -> tuple[Intervals, None, tuple[str, ...]]:
    pieces = (
        np.vstack((_rr(text.path, rows), _numeric_times(text.path, rows)))
        for rows in _rows(text, layout)
    )
    rr, written = joined(text.path, pieces)
    if layout.time_unit is None and _are_row_numbers(written):
        return _of(rr, layout), None, (ROW_NUMBERS,)
    scale = _time_scale(text.path, written, _of(rr, layout), layout)
    return _of(rr, layout, written * scale), None, ()


def _numeric_times(path: Path, rows: _Rows) -> FloatArray:
    return times_of(path, [_point(cell) for cell in rows.time], rows.at)


def _with_calendar(
    text: Text, layout: Layout, first: datetime
) -> tuple[Intervals, str | None, tuple[()]]:
    """Return ISO 8601 times as seconds, and the first as written where one names no zone."""
    begin = first.replace(tzinfo=None)
    pieces = (
        np.vstack((_rr(text.path, rows), _calendar_times(text.path, rows, begin)))
        for rows in _rows(text, layout)
    )
    rr, elapsed, epoch = joined(text.path, pieces)
    if np.isfinite(epoch).all():
        return _of(rr, layout, epoch), None, ()
    return _of(rr, layout, elapsed), begin.isoformat(), ()


def _calendar_times(path: Path, rows: _Rows, begin: datetime) -> FloatArray:
    """Return seconds since `begin`, and since 1970 UTC or NaN where no zone is named (2, n)."""
    moments = [_moment(path, cell, line) for cell, line in zip(rows.time, rows.at, strict=True)]
    elapsed = [(moment.replace(tzinfo=None) - begin).total_seconds() for moment in moments]
    epoch = [np.nan if moment.tzinfo is None else moment.timestamp() for moment in moments]
    return np.array((elapsed, epoch))


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
