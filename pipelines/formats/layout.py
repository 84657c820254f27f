"""How a text of numbers is laid out: its header, its separators, its columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from statistics import median
from typing import Final

import numpy as np

from physio.beats import LONGEST_INTERVAL, FloatArray
from pipelines.formats.cells import Layout, cells_of, values_of
from pipelines.formats.dates import is_date, is_moment
from pipelines.formats.recording import LARGEST_SECONDS, SHORTEST_PLAUSIBLE
from pipelines.formats.text import is_number

HEADER_WITHIN: Final = 20
"""Filled lines in which a header may stand."""
SAMPLE: Final = 1000
"""Filled lines that are looked at."""
MOST_COLUMNS: Final = 16
"""Columns of a table without a header; a longer line holds intervals."""
_LONGEST_SAMPLE = 65_536
"""Letters."""
_LONGEST_HEADER = 65_536
_LONGEST_NAME = 80
_DELIMITERS = (";", "\t", ",", None)
_WORD = r"ns|us|µs|μs|ms|msec|milliseconds?|s|sec|secs|seconds?|min|mins|minutes?|h|hours?"
_UNIT = rf"[\s_-]*[(\[]?\s*({_WORD})?\s*[)\]]?"
_BETWEEN = r"(?:intervals?|intervall[eoi]?s?|intervalos?|abst[aä]nde?|间期|间隔|間隔)"
"""The word for an interval, in the languages of those who export."""
_INTERVAL = re.compile(
    rf"(?:{_BETWEEN}[\s_-])?(?:rr|r-r|rri|nn|nni|pp|ppi|ibi|inter[\s_-]?beat)(?:[\s_-]?{_BETWEEN})?"
    rf"(?:[\s_#-]?(\d))?{_UNIT}"
)
_TIME = re.compile(
    r"(?:(?:phone|unix|epoch|elapsed|recording|arrival|local|utc)?[\s_-]?"
    r"(?:time|timestamp|datetime|date[\s_-]time)|t|epoch|elapsed|since[\s_-]?start|"
    r"(?:uhr)?zeit|zeitstempel|temps|heure|horodatage|tiempo|hora|tempo|ora|tijd|tid|czas|время|"
    rf"时间|時間|時刻)(){_UNIT}"
)
_DATE = frozenset(("date", "day", "datum", "tag", "fecha", "jour", "日期", "日付"))
_KIND = frozenset(
    ("event", "type", "signal", "name", "channel", "measure", "metric", "stream", "kind", "key")
)
_VALUE = frozenset(("value", "val", "data", "reading"))
_UNITS = re.compile(
    rf"[(\[]?\s*(?:{_WORD}|bpm|hz|u?m?v|%|-|1/min|beats/min|a\.?u\.?|n/a)?\s*[)\]]?"
)
_PULSE = 60_000.0


@np.errstate(all="ignore")  # what 1e308 overflows to is no interval, and is told as such
def layout_of(lines: Sequence[str]) -> Layout | None:
    """Return how the filled lines of a text are laid out, None where that cannot be told."""
    return with_header(lines) or without_header(_sample(lines))


def _sample(lines: Sequence[str]) -> Sequence[str]:
    """Return the first lines, few of them where they are long."""
    letters = accumulate(map(len, lines[:SAMPLE]))
    return lines[: max(1, sum(1 for reached in letters if reached <= _LONGEST_SAMPLE))]


def with_header(lines: Sequence[str]) -> Layout | None:
    """Return the layout that a header in the first filled lines names, None where none does."""
    for row, line in enumerate(lines[:HEADER_WITHIN]):
        if len(line) > _LONGEST_HEADER:
            continue
        for delimiter in _delimiters(line):
            layout = _named(row, [_name(cell) for cell in cells_of(line, delimiter)], delimiter)
            if layout is not None and (delimiter or _same_width(layout, lines[row + 1 :])):
                return _looked_at(layout, _sample(lines[layout.first :]))
    return None


def _delimiters(line: str) -> tuple[str | None, ...]:
    """Return what may part the cells of a line; one cell alone is parted by any of them."""
    found = tuple(one for one in _DELIMITERS if one is not None and one in line)
    return (*(found or _DELIMITERS[:-1]), None)


def _name(cell: str) -> str:
    return cell.strip(" \t\"'").lower() if len(cell) <= _LONGEST_NAME else ""


def _same_width(layout: Layout, lines: Sequence[str]) -> bool:
    """Tell whether a line of words between blanks is a header: the next has as many cells.

    Where intervals stand last it may have more.
    """
    width = len(cells_of(lines[0], None)) if lines else 0
    return width == layout.width or (layout.rr[-1] == layout.width - 1 < width - 1)


def _named(row: int, names: list[str], delimiter: str | None) -> Layout | None:
    kind = next((place for place, name in enumerate(names) if name in _KIND), None)
    value = next((place for place, name in enumerate(names) if name in _VALUE), None)
    rr, unit = _intervals(names)
    if kind is not None and value is not None and not rr:
        rr = (value,)
    elif rr:
        kind = None
    else:
        return None
    time, time_unit = _times(names)
    return Layout(row + 1, delimiter, len(names), rr, unit, time, time_unit, kind=kind)


def _intervals(names: Sequence[str]) -> tuple[tuple[int, ...], str | None]:
    """Return the columns of intervals, and their unit: one, or some of one name and a number."""
    found = [(place, match) for place, match in _matches(_INTERVAL, names)]
    if not found:
        return (), None
    first, match = found[0]
    stem = _stem(names[first])
    numbered = [
        place for place, other in found if _stem(names[place]) == stem and (other[1] or match[1])
    ]
    same = [place for place, _ in found if names[place] == names[first]]
    return tuple(numbered if len(numbered) > 1 else same), _unit(match[2])


def _stem(name: str) -> str:
    return re.sub(r"[\s_#-]?\d", "", name)


def _matches(pattern: re.Pattern[str], names: Sequence[str]) -> Iterator[tuple[int, re.Match[str]]]:
    for place, name in enumerate(names):
        match = pattern.fullmatch(name)
        if match:
            yield place, match


def _times(names: Sequence[str]) -> tuple[tuple[int, ...], str | None]:
    """Return the column of times, behind that of dates where there is one, and its unit."""
    place, match = next(_matches(_TIME, names), (None, None))
    day = next((at for at, name in enumerate(names) if name in _DATE), None)
    if place is None or match is None:
        return (() if day is None else (day,)), None
    return ((place,) if day is None else (day, place)), _unit(match[2])


def _unit(word: str | None) -> str | None:
    """Return "ns", "us", "ms", "s", "min" or "h" for a word that names it."""
    if word is None:
        return None
    if word.startswith("mi"):
        return "ms" if word.startswith("milli") else "min"
    if word[0] == "m":
        return "ms"
    return {"n": "ns", "u": "us", "µ": "us", "μ": "us"}.get(word[0], word[0])


def _looked_at(layout: Layout, lines: Sequence[str]) -> Layout:
    """Return a named layout with what the rows under the header say beside it."""
    if lines:
        layout, lines = _units_row(layout, lines)
    if layout.width == 1 and layout.delimiter != ",":
        bare = without_header(lines)
        if bare is not None and not bare.time and bare.open_end:
            return replace(bare, first=layout.first, rr_unit=layout.rr_unit, named=True)
    rows = [cells_of(line, layout.delimiter) for line in lines]
    if layout.kind is not None:
        layout = _of_kind(layout, rows)
    own = [row[layout.rr[0]] for row in rows if len(row) > layout.rr[0]]
    last = layout.kind is None and layout.rr[-1] == layout.width - 1
    return replace(layout, open_end=last, decimal_comma=_is_decimal(own))


def _units_row(layout: Layout, lines: Sequence[str]) -> tuple[Layout, Sequence[str]]:
    """Return the layout with the units that stand in a row of their own, and the lines after it."""
    row = [_name(cell) for cell in cells_of(lines[0], layout.delimiter)]
    if not any(row) or not all(map(_UNITS.fullmatch, row)):
        return layout, lines
    words = {
        place: re.fullmatch(rf"[(\[]?\s*({_WORD})\s*[)\]]?", cell) for place, cell in enumerate(row)
    }
    rr, time = words.get(layout.rr[0]), words.get(layout.time[-1]) if layout.time else None
    return (
        replace(
            layout,
            first=layout.first + 1,
            rr_unit=layout.rr_unit or _unit(rr[1] if rr else None),
            time_unit=layout.time_unit or _unit(time[1] if time else None),
        ),
        lines[1:],
    )


def _of_kind(layout: Layout, rows: Sequence[Sequence[str]]) -> Layout:
    """Return the layout of a long table, whose rows say what they hold."""
    kind = layout.kind or 0
    said = dict.fromkeys(_name(row[kind]) for row in rows if len(row) > kind)
    match = next((match for _, match in _matches(_INTERVAL, list(said))), None)
    if match is None:
        return layout
    return replace(layout, kinds=frozenset((match[0],)), rr_unit=_unit(match[2]))


def _is_decimal(cells: Sequence[str]) -> bool:
    """Tell whether commas in cells mark decimals; otherwise they part several intervals."""
    parts = [pair for cell in cells if (pair := _pair(cell)) is not None]
    return bool(parts) and not all(_are_alike(one) for one in parts)


def _pair(cell: str) -> tuple[float, float] | None:
    """Return what stands before and after the one comma of a cell, None where there is none."""
    before, comma, after = cell.strip(" \t\"'").partition(",")
    if not comma or not is_number(before) or not is_number(after):
        return None
    return float(before), float(after)


def _are_alike(pair: tuple[float, float]) -> bool:
    """Tell whether two numbers may be intervals in ms of one moment."""
    shorter, longer = min(pair), max(pair)
    return shorter >= SHORTEST_PLAUSIBLE and longer <= min(LONGEST_INTERVAL, 2 * shorter)


def without_header(lines: Sequence[str]) -> Layout | None:
    """Return how lines of numbers alone are laid out, None where that cannot be told."""
    if not lines:
        return None
    delimiter, decimal_comma = _separators(lines)
    rows = [cells_of(line, delimiter) for line in lines]
    plain = Layout(0, delimiter, 1, (0,), open_end=True, decimal_comma=decimal_comma, named=False)
    widths = {len(row) for row in rows}
    if widths <= {0, 1}:
        return plain
    time = _written_times(rows)
    rest = [[cell for place, cell in enumerate(row) if place not in time] for row in rows]
    numbers = _numbers(rest, decimal_comma=decimal_comma)
    if numbers is None:
        return plain
    if time:
        return _beside_times(numbers, replace(plain, time=time))
    is_table = len(widths) == 1 and len(rows) > 1 and max(widths) <= MOST_COLUMNS
    return _columns(numbers, plain) if is_table else _ragged(numbers, plain)


def _separators(lines: Sequence[str]) -> tuple[str | None, bool]:
    """Return what parts the cells, and whether a comma marks decimals."""
    text = "\n".join(lines)
    for delimiter in (";", "\t"):
        if delimiter in text:
            return delimiter, "," in text
    if "," not in text:
        return None, False
    bare = [line.strip().rstrip(",").rstrip() for line in lines]
    if any(map(_BLANKS.search, bare)) and not all(map(_is_row, bare)):
        return None, True
    if any(re.search(r",\s|\.|:", line) or line.count(",") > 1 for line in bare):
        return ",", False
    pairs = [pair for line in bare if (pair := _pair(line)) is not None]
    two = not pairs or _are_two(pairs) or _are_whole(bare)
    return (",", False) if two else (None, True)


_BLANKS = re.compile(r"[^,\s]\s+[^,\s]")
"""Blanks that part cells by themselves, as those beside a comma do not."""


def _is_row(line: str) -> bool:
    """Tell whether a line holds numbers and times between commas."""
    return all(is_number(cell) or is_moment(cell) or not cell.strip() for cell in line.split(","))


_FEWEST_DECIMALS = 60
"""Lines of which one in ten would have a 0 after the comma, were it a decimal one."""


def _are_whole(lines: Sequence[str]) -> bool:
    """Tell whether whole numbers of several lengths follow the commas, never a 0 first."""
    after = [end for line in lines if len(end := line.partition(",")[2].strip()) >= 3]
    return (
        len(after) >= _FEWEST_DECIMALS
        and 2 * len(after) > len(lines)
        and len(set(map(len, after))) > 1
        and not any(end.startswith("0") for end in after)
        and all(len(line.partition(",")[0].strip()) >= 3 for line in lines)
    )


def _are_two(pairs: Sequence[tuple[float, float]]) -> bool:
    """Tell whether the numbers on both sides of a comma are two: intervals, time, or pulse."""
    if all(map(_are_alike, pairs)):
        return True
    columns = np.array(pairs).T
    pulse = median(abs(one * other / _PULSE - 1.0) for one, other in pairs)
    return pulse < 0.2 or any(
        _is_interval(rr) and _runs_forward(time) for time, rr in (columns, columns[::-1])
    )


def _written_times(rows: Sequence[Sequence[str]]) -> tuple[int, ...]:
    """Return the column of dates or clock times, or that of dates and the one of clock times."""
    first = next(row for row in rows if row)
    moments = [place for place, cell in enumerate(first) if is_moment(cell)]
    days = [place for place, cell in enumerate(first) if is_date(cell)]
    return (*days[:1], *moments[:1]) if moments else ()


def _numbers(rows: Sequence[Sequence[str]], *, decimal_comma: bool) -> list[list[float]] | None:
    """Return the numbers of each row, NaN for words of none; None where a cell is no number."""
    try:
        return [
            [(values_of(cell, decimal_comma=decimal_comma) or [np.nan])[0] for cell in row]
            for row in rows
        ]
    except ValueError:
        return None


def _beside_times(rows: list[list[float]], plain: Layout) -> Layout | None:
    """Return the layout of rows with written times: the one other column holds the intervals.

    Where the times come first, further intervals may follow the first.
    """
    if not _is_interval(np.array([value for row in rows for value in row])):
        return None
    rr = next(place for place in range(len(plain.time) + 1) if place not in plain.time)
    most = max(map(len, rows))
    if most > 1 and max(plain.time) > rr:
        return None
    return replace(plain, width=len(plain.time) + 1, rr=(rr,), open_end=most > 1)


def _columns(rows: list[list[float]], plain: Layout) -> Layout | None:
    """Return the layout of rows of one width."""
    columns = np.array(rows).T
    width = len(columns)
    table = replace(plain, width=width, open_end=False)
    intervals = [
        place
        for place, column in enumerate(columns)
        if _is_interval(column) and not _counts(column)
    ]
    timed = [
        (time, rr)
        for rr in intervals
        for time in range(width)
        if time != rr and _runs_like(columns[time], columns[rr])
    ]
    if len(timed) > 1:  # beside times another column may number the rows
        timed = [pair for pair in timed if not _counts(columns[pair[0]])] or timed
    if len(timed) == 1:
        return replace(table, rr=timed[0][1:], time=timed[0][:1])
    if timed:
        return None
    if len(intervals) == width:
        return plain if _follow_each_other(columns) else None
    alone = [rr for rr in intervals if _accounted(columns, rr)]
    return replace(table, rr=(alone[0],)) if len(alone) == 1 else None


def _accounted(columns: FloatArray, rr: int) -> bool:
    """Tell whether every other column is the pulse of these intervals, or numbers the rows."""
    others = [column for place, column in enumerate(columns) if place != rr]
    return all(_is_pulse(column, columns[rr]) or _counts(column) for column in others)


def _is_pulse(column: FloatArray, rr: FloatArray) -> bool:
    milliseconds = rr * (1000.0 if np.nanmedian(rr) < LARGEST_SECONDS else 1.0)
    return bool(np.nanmedian(np.abs(column * milliseconds / _PULSE - 1.0)) < 0.2)


def _counts(column: FloatArray) -> bool:
    return bool(column[0] in (0.0, 1.0) and np.all(np.diff(column) == 1.0))


def _is_interval(column: FloatArray) -> bool:
    """Tell whether most of a column may be intervals."""
    known = column[np.isfinite(column) & (column > 0)]
    if 2 * len(known) < len(column) or len(known) == 0:
        return False
    unit = 1000.0 if np.median(known) < LARGEST_SECONDS else 1.0
    likely = (known * unit >= SHORTEST_PLAUSIBLE) & (known * unit <= LONGEST_INTERVAL)
    return bool(np.mean(likely) > 0.5)


def _runs_forward(time: FloatArray) -> bool:
    """Tell whether a column runs forward, as no part of a decimal number does."""
    steps = np.diff(time)
    return len(steps) > 0 and bool(np.mean(steps >= 0) >= 0.9 and np.mean(steps > 0) >= 0.5)


def _runs_like(time: FloatArray, rr: FloatArray) -> bool:
    """Tell whether a column runs one way, in steps of the size of the intervals in another."""
    steps = np.diff(time[np.isfinite(time)])
    steps *= np.sign(np.median(steps)) if len(steps) else 1.0  # the newest row may stand first
    if len(steps) == 0 or np.mean(steps >= 0) < 0.9 or not (steps > 0).any():
        return False
    if _counts(time):
        return True
    seconds = np.nansum(rr) / (1.0 if np.nanmedian(rr) < LARGEST_SECONDS else 1000.0)
    reach = float(np.max(time) - np.min(time)) * np.array([1.0, 1e-3, 1e-6, 1e-9]) / seconds
    return bool(((reach >= 0.4) & (reach <= 50.0)).any())


def _follow_each_other(columns: FloatArray) -> bool:
    """Tell whether a row holds several intervals, not one raw and corrected or in two units."""
    typical = np.nanmedian(columns, axis=1)
    return bool(typical.max() <= 2 * typical.min() and np.mean(columns[0] == columns[1]) < 0.3)


def _ragged(rows: list[list[float]], plain: Layout) -> Layout:
    """Return the layout of rows of several widths: packets, with or without a time before."""
    rest = np.array([value for row in rows for value in row[1:]])
    first = np.array([row[0] if row else np.nan for row in rows])
    if _is_interval(rest) and not _is_interval(first) and _runs_like(first, rest):
        return replace(plain, width=2, rr=(1,), time=(0,))
    return plain
