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
from pipelines.formats.text import (
    Lines,
    Text,
    cells_of,
    filled,
    is_number,
    joined,
    lines_of,
    numbers_at,
    numbers_of,
    refuse_no_times,
    text_of,
    times_of,
)
from pipelines.language import tr

NAME = "table of intervals"
ROW_NUMBERS: Final = tr("the first column was read as row numbers, not as times")
_NAME_THEM = tr("begin the table with a header such as time_s,rr_ms")
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
        raise FormatError(path, tr("its columns cannot be told apart"), _NAME_THEM)
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
    blocks = (_rows(block, layout) for block in text.after(layout.first))
    first = next((rows for rows in blocks if rows.at), None)
    if first is None or layout.time is None:
        (rr,) = _numbers(text, layout, (layout.rr,))
        return _of(rr, layout), None, ()
    if is_number(_point(first.time[0])):
        return _with_numbers(text, layout, layout.time)
    _rr(text.path, first)  # whoever gave a table without intervals is not asked about its times
    (begin,) = _moments(text.path, first.time[:1], first.at[:1])
    return _with_calendar(text, layout, begin.replace(tzinfo=None))


def _of(rr: FloatArray, layout: Layout, time: FloatArray | None = None) -> Intervals:
    unit = {"m": "ms", "s": "s"}.get(layout.rr_unit or "")
    return Intervals(rr, time, unit, tr("column {number}", number=layout.rr + 1))


@dataclass(frozen=True, slots=True)
class _Rows:
    """Cells of rows that hold an interval, and their line numbers."""

    rr: list[str]
    time: list[str]
    at: list[int]


def _rows(block: Lines, layout: Layout) -> _Rows:
    """Return the rows of a block that hold an interval."""
    cells = cells_of(block[0], layout.rr, layout.delimiter)
    places = [place for place, cell in enumerate(cells) if cell and not cell.isspace()]
    rr, at = [cells[place] for place in places], [block[1][place] for place in places]
    if layout.time is None:
        return _Rows(rr, [], at)
    lines = [block[0][place] for place in places]
    return _Rows(rr, cells_of(lines, layout.time, layout.delimiter), at)


def _rr(path: Path, rows: _Rows) -> FloatArray:
    """Return the intervals (n,)."""
    return numbers_of(path, [_point(cell) for cell in rows.rr], rows.at)


def _numbers(text: Text, layout: Layout, columns: tuple[int, ...]) -> FloatArray:
    """Return the intervals (1, n), or with a second of the `columns` their times too (2, n)."""
    blocks = text.after(layout.first)
    return joined(
        text.path, (_block(text.path, block, layout, columns) for block in blocks), len(columns)
    )


def _block(path: Path, block: Lines, layout: Layout, columns: tuple[int, ...]) -> FloatArray:
    numbers = numbers_at(block[0], columns, layout.delimiter)
    if numbers is not None:
        refuse_no_times(path, numbers[1:], block[1])
        return numbers
    rows = _rows(block, layout)
    series = [_rr(path, rows)]
    if len(columns) > 1:
        series.append(times_of(path, [_point(cell) for cell in rows.time], rows.at))
    return np.vstack(series)


def _with_numbers(
    text: Text, layout: Layout, column: int
) -> tuple[Intervals, None, tuple[str, ...]]:
    rr, written = _numbers(text, layout, (layout.rr, column))
    if layout.time_unit is None and _are_row_numbers(written):
        return _of(rr, layout), None, (ROW_NUMBERS,)
    scale = _time_scale(text.path, written, _of(rr, layout), layout)
    return _of(rr, layout, written * scale), None, ()


def _with_calendar(
    text: Text, layout: Layout, begin: datetime
) -> tuple[Intervals, str | None, tuple[()]]:
    """Return ISO 8601 times as seconds, and the first as written where one names no zone."""
    blocks = (_rows(block, layout) for block in text.after(layout.first))
    pieces = (
        np.vstack((_rr(text.path, rows), _calendar_times(text.path, rows, begin)))
        for rows in blocks
    )
    rr, elapsed, epoch = joined(text.path, pieces, 3)
    if np.isfinite(epoch).all():
        return _of(rr, layout, epoch), None, ()
    return _of(rr, layout, elapsed), begin.isoformat(), ()


def _calendar_times(path: Path, rows: _Rows, begin: datetime) -> FloatArray:
    """Return seconds since `begin`, and since 1970 UTC or NaN where no zone is named (2, n)."""
    moments = _moments(path, rows.time, rows.at)
    elapsed = [(moment.replace(tzinfo=None) - begin).total_seconds() for moment in moments]
    epoch = [np.nan if moment.tzinfo is None else moment.timestamp() for moment in moments]
    return np.array((elapsed, epoch))


def _moments(path: Path, cells: list[str], at: list[int]) -> list[datetime]:
    try:
        return list(map(datetime.fromisoformat, map(str.strip, cells)))
    except ValueError:
        bad = next(line for cell, line in zip(cells, at, strict=True) if not _is_moment(cell))
        hint = tr("write times as seconds or as 2026-11-21T09:30:00.000")
        raise FormatError(
            path, tr("line {bad} holds no time that can be read", bad=bad), hint
        ) from None


def _is_moment(cell: str) -> bool:
    try:
        datetime.fromisoformat(cell.strip())
    except ValueError:
        return False
    return True


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
        what = tr("the first column does not run like the times of the intervals in the second")
        raise FormatError(path, what, _NAME_THEM)
    return float(scales[best])
