"""The cells of lines, each accounted for: several numbers in one, words for none, wide rows."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import Final

import numpy as np

from physio.beats import FloatArray, IntArray
from pipelines.formats.refusal import FormatError
from pipelines.formats.text import ONE_A_LINE, Lines, column_of, number_of, numbers_at, numbers_of
from pipelines.language import tr

NO_VALUE: Final = frozenset(
    ("", "null", "none", "na", "n/a", "#n/a", "nan", "nil", "-", "--", "?", "missing", "#value!")
)
"""Words for no number, in small letters."""
_BETWEEN = re.compile(r"[\s,;|/]+")
_BRACKETS = "[]()\"' \t"


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a table begins and which of its columns count, from 0."""

    first: int
    """Index of the first row of data among the filled lines."""
    delimiter: str | None
    """None for blanks."""
    width: int
    """Columns that are known; what stands beyond them is `open_end` or refused."""
    rr: tuple[int, ...]
    """Columns of intervals, the oldest first."""
    rr_unit: str | None = None
    time: tuple[int, ...] = ()
    """Column of times, or columns of dates and clock times."""
    time_unit: str | None = None
    open_end: bool = False
    """Whether cells beyond the last column are further intervals."""
    decimal_comma: bool = False
    kind: int | None = None
    """Column that says what a row holds, and what it says of an interval."""
    kinds: frozenset[str] = frozenset()
    named: bool = True

    @property
    def column(self) -> str:
        """How to name the column of intervals to a person."""
        if self.width == 1:
            return tr("this column")
        return tr("column {number}", number=self.rr[0] + 1)


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Intervals of a block of lines, the oldest first.

    Attributes
    ----------
    rr : (n,) float
        As written, NaN where a row holds none.
    row : (n,) int
        Place of the line of each.
    time : (n,) float, or list of n str
        The time of each as a number, or the cell that holds it; empty where there are no times.
    at : (n,) int
        Number of the line of each.
    shared : (k,) int
        Numbers of the lines that hold several.
    """

    rr: FloatArray
    time: FloatArray | list[str]
    at: IntArray
    shared: IntArray


def cells_of(line: str, delimiter: str | None) -> list[str]:
    """Return the cells of a line, without empty ones at its end."""
    if '"' in line:
        row = next(csv.reader([line], delimiter=delimiter or " ", skipinitialspace=True), [])
    else:
        row = line.split(delimiter)
    while row and not row[-1].strip():
        row.pop()
    return row


def values_of(cell: str, *, decimal_comma: bool) -> list[float]:
    """Return the numbers in a cell, none where a word says so.

    Raises
    ------
    ValueError
        If it holds anything else.
    """
    digits = cell.strip(_BRACKETS)
    if digits.lower() in NO_VALUE:
        return []
    if decimal_comma:
        digits = digits.replace(",", ".")
    try:
        return [number_of(digits)]
    except ValueError:
        return [number_of(part) for part in _BETWEEN.split(digits)]


def read_cells(path: Path, block: Lines, layout: Layout) -> Cells:
    """Return the intervals of a block of lines and the cells of their times.

    Raises
    ------
    FormatError
        If a row holds no number where an interval is to stand, or more cells than are known.
    """
    if not block[0]:
        return Cells(np.empty(0), [], np.empty(0, np.int64), np.empty(0, np.int64))
    fast = _at_once(block, layout)
    return _row_by_row(path, block, layout) if fast is None else fast


def _at_once(block: Lines, layout: Layout) -> Cells | None:
    """Return what `_row_by_row` does of lines that hold one number in each cell, else None."""
    lines, at = block
    if layout.kind is not None or len(layout.rr) > 1:
        return None
    if layout.decimal_comma:
        lines = "\n".join(lines).replace(",", ".").split("\n")
    if layout.width == 1 and layout.open_end:
        return _one_a_line(lines, at)
    if layout.delimiter is None:
        numbers = numbers_at(lines, None, None)
        if numbers is None or len(numbers) != layout.width:
            return None
        chosen = numbers[[layout.rr[0], *layout.time]]
    else:
        if set(map(str.count, lines, repeat(layout.delimiter))) != {layout.width - 1}:
            return None
        columns = (layout.rr[0], *(layout.time if len(layout.time) == 1 else ()))
        found = numbers_at(lines, columns, layout.delimiter)
        if found is None and len(layout.time) > 0:
            found = numbers_at(lines, layout.rr, layout.delimiter)
        if found is None:
            return None
        chosen = found
    numbered = np.array(at, np.int64)
    none = np.empty(0, np.int64)
    if not layout.time:
        return Cells(chosen[0], [], numbered, none)
    time = chosen[1] if len(chosen) == 2 else _time_cells(lines, layout)
    return Cells(chosen[0], time, numbered, none)


def _time_cells(lines: Sequence[str], layout: Layout) -> list[str]:
    """Return the cells of times, those of dates before them."""
    columns = [column_of(lines, place, layout.delimiter) for place in layout.time]
    return columns[0] if len(columns) == 1 else list(map(" ".join, zip(*columns, strict=True)))


def _one_a_line(lines: Sequence[str], at: Sequence[int]) -> Cells | None:
    try:
        rr = numbers_of(Path(), lines, at)
    except FormatError:
        return None
    return Cells(rr, [], np.array(at, np.int64), np.empty(0, np.int64))


def _time_cell(row: Sequence[str], layout: Layout) -> str:
    return " ".join(row[place].strip() for place in layout.time if place < len(row))


def _row_by_row(path: Path, block: Lines, layout: Layout) -> Cells:
    rr: list[float] = []
    time: list[str] = []
    numbers: list[int] = []
    shared: list[int] = []
    for line, number in zip(*block, strict=True):
        row = cells_of(line, layout.delimiter)
        if layout.kind is not None and _kind(row, layout.kind) not in layout.kinds:
            continue
        values = _values(path, row, number, layout)
        if len(values) > 1:
            shared.append(number)
        rr += values
        numbers += [number] * len(values)
        if layout.time:
            time += [_time_cell(row, layout)] * len(values)
    return Cells(
        np.array(rr, np.float64), time, np.array(numbers, np.int64), np.array(shared, np.int64)
    )


def _kind(row: Sequence[str], column: int) -> str:
    return row[column].strip().lower() if column < len(row) else ""


def _values(path: Path, row: list[str], number: int, layout: Layout) -> list[float]:
    """Return the intervals of a row, NaN where it holds none."""
    beyond = row[layout.width :]
    if beyond and not layout.open_end:
        what = tr(
            "line {number} has {cells} cells under {width} columns",
            number=number,
            cells=len(row),
            width=layout.width,
        )
        raise FormatError(path, what, tr("give each row as many cells as the header has names"))
    own = [row[place] for place in layout.rr if place < len(row)] + beyond
    if own and not layout.decimal_comma:
        with suppress(FormatError):
            found: list[float] = numbers_of(path, own, [number] * len(own)).tolist()
            return found
    try:
        values = [
            value for cell in own for value in values_of(cell, decimal_comma=layout.decimal_comma)
        ]
    except ValueError:
        raise FormatError(path, tr("line {bad} holds no number", bad=number), ONE_A_LINE) from None
    return values or [np.nan]
