"""Texts of intervals, with or without times, with or without a header."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import compress
from pathlib import Path
from typing import Final, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from physio.beats import LONGEST_INTERVAL, BoolArray, FloatArray, IntArray
from physio.time.beat_times import passing_time
from pipelines.formats import dates
from pipelines.formats.agreement import is_filler
from pipelines.formats.cells import Cells, Layout, read_cells
from pipelines.formats.dates import DAY, Moments
from pipelines.formats.layout import SAMPLE, layout_of
from pipelines.formats.recording import (
    EARLIEST_EPOCH,
    SHORTEST_PLAUSIBLE,
    Intervals,
    Recording,
    in_milliseconds,
    recording,
)
from pipelines.formats.refusal import MOST_INTERVALS, FormatError, no_intervals, too_many
from pipelines.formats.text import (
    Text,
    filled,
    is_number,
    lines_of,
    refuse_no_times,
    text_of,
    times_of,
)
from pipelines.language import tr

Scalar = TypeVar("Scalar", bound=np.generic)
LineNumbers: TypeAlias = NDArray[np.int32]
"""Half as long as other integers: there are as many as intervals."""

NAME = "table of intervals"
ROW_NUMBERS: Final = tr("the first column was read as row numbers, not as times")
_NAME_THEM = tr("begin the table with a header such as time_s,rr_ms")
_UNITS: Final = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0, "day": DAY}
_ALIKE: Final = 5.0
"""How many times longer than their intervals times may last in a unit that nobody names."""
_FAR_BETTER: Final = 20.0
NEAR_SECONDS: Final = 0.02
"""By how many seconds intervals may last other than 1 s for row numbers to do as times."""


def recognise(head: str, path: Path) -> bool:  # noqa: ARG001 - the content alone decides
    """Tell whether the text is a table whose columns are known."""
    lines = filled(lines_of(head))[0][:SAMPLE]
    layout = layout_of(lines)
    return layout is not None and (layout.named or layout.width > 1)


def read(path: Path, data: bytes) -> Recording:
    """Return the recording of a table; see `read_as`."""
    return read_as(path, data, format_name=NAME)


def read_as(path: Path, data: bytes, *, format_name: str, started: str | None = None) -> Recording:
    """Return the recording of a text of intervals.

    Raises
    ------
    FormatError
        If its columns cannot be told apart, a cell is not accounted for, a line holds no number, or
        the numbers are no intervals.
    """
    intervals, timed = _read(path, data)
    return recording(
        path,
        replace(intervals, time=timed.seconds),
        format_name=format_name,
        started=started or timed.started,
        notes=timed.notes,
    )


@np.errstate(all="ignore")  # what 1e308 overflows to is no interval, and is told as such
def _read(path: Path, data: bytes) -> tuple[Intervals, _Timed]:
    """Return what a text holds; its lines are forgotten before anything is made of it."""
    text = text_of(path, data)
    lines = text.first(SAMPLE)
    if not lines:
        raise no_intervals(path)
    layout = layout_of(lines)
    if layout is None:
        raise FormatError(path, tr("its columns cannot be told apart"), _NAME_THEM)
    rows = _rows(path, text, layout)
    unit = layout.rr_unit if layout.rr_unit in ("ms", "s") else None
    intervals = Intervals(rows.rr, unit=unit, column=layout.column, said=rows.said)
    _refuse_split(path, rows, intervals)
    return intervals, _timed(path, rows, intervals, layout)


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """All intervals of a text as written, when they came, and where they stand."""

    rr: FloatArray
    time: FloatArray | Moments | None
    said: BoolArray
    """Whether the row above says that an interval is missing."""
    at: LineNumbers
    """Numbers of their lines."""
    shared: IntArray
    """Numbers of the lines that hold several."""


def _rows(path: Path, text: Text, layout: Layout) -> _Rows:
    """Return the intervals of a text; a row without one says that it is missing.

    Where most rows hold none, as beside an ECG, those say nothing.
    """
    intervals: list[FloatArray] = []
    lines: list[LineNumbers] = []
    several: list[IntArray] = []
    times: list[FloatArray | Moments] = []
    count, dated = 0, False
    for block in text.after(layout.first):
        cells = read_cells(path, block, layout)
        known = ~np.isnan(cells.rr)
        count += len(known)
        if count > MOST_INTERVALS:
            raise too_many(path)
        intervals.append(cells.rr)
        lines.append(cells.at.astype(np.int32))
        several.append(cells.shared)
        if layout.time and known.any():
            dated = dated or (not times and _is_calendar(cells.time, known))
            times.append(_times(path, cells, known, dated=dated))
    if not intervals:
        raise no_intervals(path)
    rr, at, shared = _joined(intervals), _joined(lines), _joined(several)
    missing = np.isnan(rr)
    if layout.time or 2 * np.count_nonzero(missing) > len(rr):
        told = missing & (2 * np.count_nonzero(missing) <= len(rr))
        said = np.concatenate(([False], told[:-1]))[~missing]
        rr, at = rr[~missing], at[~missing]
    else:
        said = np.zeros(len(rr), bool)
    if len(rr) == 0:
        raise no_intervals(path)
    return _Rows(rr, _together(path, times, at), said, at, shared)


def _joined(parts: list[NDArray[Scalar]]) -> NDArray[Scalar]:
    """Return the parts as one, and forget them: both take as much room."""
    whole = np.concatenate(parts)
    parts.clear()
    return whole


def _is_calendar(time: FloatArray | list[str], known: BoolArray) -> bool:
    """Tell whether times are dates or clock times rather than numbers."""
    return isinstance(time, list) and not is_number(_point(time[int(np.argmax(known))]))


def _point(cell: str) -> str:
    return cell.replace(",", ".")


def _times(path: Path, cells: Cells, known: BoolArray, *, dated: bool) -> FloatArray | Moments:
    """Return when the `known` intervals of a block came."""
    at = cells.at[known]
    if isinstance(cells.time, np.ndarray):
        times = cells.time[known]
        refuse_no_times(path, times, at.tolist())
        return times
    written = list(compress(cells.time, known.tolist()))
    if dated:
        return dates.moments_of(path, written, at)
    return times_of(path, [_point(cell) for cell in written], at.tolist())


def _together(
    path: Path, times: Sequence[FloatArray | Moments], at: LineNumbers
) -> FloatArray | Moments | None:
    """Return the times of all blocks; the first says whether they are numbers."""
    if not times:
        return None
    moments = [one for one in times if isinstance(one, Moments)]
    if moments:
        return dates.joined(path, moments, at)
    return np.concatenate([one for one in times if not isinstance(one, Moments)])


def _refuse_split(path: Path, rows: _Rows, intervals: Intervals) -> None:
    """Raise `FormatError` where one of several numbers in a row is no interval: a cell was cut."""
    if len(rows.shared) == 0:
        return
    rr, _ = in_milliseconds(path, intervals)
    likely = (rr >= SHORTEST_PLAUSIBLE) & (rr <= LONGEST_INTERVAL) | is_filler(rr) | np.isnan(rr)
    bad = ~likely & np.isin(rows.at, rows.shared)
    if bad.any():
        line = int(rows.at[np.argmax(bad)])
        what = tr("line {line} holds several numbers, and not all of them intervals", line=line)
        raise FormatError(path, what, tr("correct or delete that line"))


@dataclass(frozen=True, slots=True)
class _Timed:
    """Times in s, from 1970 UTC where that is known, and what was inferred."""

    seconds: FloatArray | None
    started: str | None = None
    notes: tuple[str, ...] = ()


def _timed(path: Path, rows: _Rows, intervals: Intervals, layout: Layout) -> _Timed:
    if rows.time is None:
        return _Timed(None)
    if isinstance(rows.time, Moments):
        return _of_moments(rows.time)
    if layout.time_unit is None and _are_row_numbers(rows.time):
        if layout.named:
            _refuse_even(path, intervals)
        return _Timed(None, notes=(ROW_NUMBERS,))
    return _Timed(rows.time * _scale(path, rows.time, intervals, layout))


def _of_moments(time: Moments) -> _Timed:
    """Return seconds since 1970 UTC where zones are written, else since the first."""
    epoch = time.seconds - time.zone
    if time.dated and np.isfinite(epoch).all():
        return _Timed(epoch, notes=time.notes)
    first = float(time.seconds[0])
    started = dates.begins_at(first) if time.dated else None
    return _Timed(time.seconds - first, started, time.notes)


def _are_row_numbers(written: FloatArray) -> bool:
    return bool(len(written) > 2 and written[0] in (0.0, 1.0) and np.all(np.diff(written) == 1.0))


def _refuse_even(path: Path, intervals: Intervals) -> None:
    """Raise `FormatError` where what is called a time counts the rows: these may be seconds.

    What was read once a second has left out beats, or repeats them.
    """
    rr, _ = in_milliseconds(path, intervals)
    each = float(np.mean(passing_time(rr)))
    if abs(each - 1.0) > NEAR_SECONDS:
        what = tr("its times step by 1 whatever the intervals, as of a series read once a second")
        hint = tr("give the times of beats, or name that column row if it numbers the rows")
        raise FormatError(path, what, hint)


def _scale(path: Path, written: FloatArray, intervals: Intervals, layout: Layout) -> float:
    """Return by what to multiply times as written to get seconds."""
    if layout.time_unit is not None:
        return _UNITS[layout.time_unit]
    rr, _ = in_milliseconds(path, intervals)
    pace = _pace(written, passing_time(rr))
    best, off = _nearest(np.array(list(_UNITS.values())), pace)
    middle = abs(float(np.median(written)))
    if middle > EARLIEST_EPOCH:
        # Of the wall clock by its magnitude, unless another unit fits the intervals far better.
        clock = 10.0 ** (-3.0 * np.searchsorted((1e11, 1e14, 1e17), middle))
        if _nearest(np.array([clock]), pace)[1] < off + np.log(_FAR_BETTER):
            return float(clock)
    if off > np.log(_ALIKE) and len(written) > 2:
        what = tr("no column of it runs like the times of its intervals")
        raise FormatError(path, what, _NAME_THEM)
    return best


def _nearest(scales: FloatArray, pace: float) -> tuple[float, float]:
    """Return the scale at which times run most as their intervals do, and ln of by how much not."""
    off = np.abs(np.log(scales * pace))
    return float(scales[np.argmin(off)]), float(off.min())


def _pace(written: FloatArray, lengths: FloatArray) -> float:
    """Return how far times run while the intervals run a second, in the middle of short stretches.

    Gaps lie in few of the stretches. Where the newest row stands first times run backwards.
    """
    edges = np.unique(np.linspace(0, len(written) - 1, 1 + max(1, len(written) // 20)).astype(int))
    if len(edges) < 2:
        return 1.0
    lasting = np.diff(np.cumsum(lengths)[edges])
    pace = float(np.median(np.diff(written[edges]) / np.maximum(lasting, 1e-9)))
    return max(abs(pace), 1e-300)
