"""Times as people and programs write them: dates and clock times, with or without zones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from physio.beats import FloatArray, IntArray
from pipelines.formats.refusal import FormatError
from pipelines.language import tr

_EPOCH = datetime(1970, 1, 1)
DAY: Final = 86_400.0
"""Seconds."""
_CELL = re.compile(
    r"(?:(?P<a>\d{1,4})(?P<by>[-/.])(?P<b>\d{1,2})(?P=by)(?P<c>\d{1,4})[T ,_]*)?"
    r"(?:(?P<hour>\d{1,3}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<part>\d{1,9}))?)?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?\s*(?P<zone>z|utc|gmt|(?:utc|gmt)?[+-]\d\d:?\d\d)?",
    re.ASCII | re.IGNORECASE,
)
_HINT = tr("write times as seconds or as 2026-11-21T09:30:00.000")
UNKNOWN_ORDER = tr("day and month of its dates cannot be told apart, so its start is not known")
MIDNIGHT = tr("clock times that began anew were read as those of the next day")


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """Times as written, n of them.

    Attributes
    ----------
    seconds : (n,) float
        Since 1970 on the clock of the file; since midnight where no day is known.
    zone : (n,) float
        By how many seconds that clock runs ahead of UTC, NaN where no zone is written.
    date : (n,) int
        The three numbers of a date whose order is to be found, `_packed`; 0 where there is none.
    dated : bool
        Whether the day is known.
    notes : tuple of str
        What was inferred.
    """

    seconds: FloatArray
    zone: FloatArray
    date: IntArray
    dated: bool = True
    notes: tuple[str, ...] = ()


def is_moment(cell: str) -> bool:
    """Tell whether a cell holds a date with a time, or a clock time."""
    found = _CELL.fullmatch(cell.strip())
    return found is not None and found["hour"] is not None


def is_date(cell: str) -> bool:
    """Tell whether a cell holds a date alone."""
    found = _CELL.fullmatch(cell.strip())
    return found is not None and found["a"] is not None and found["hour"] is None


def moments_of(path: Path, cells: Sequence[str], at: IntArray) -> Moments:
    """Return cells as times; `at` are their line numbers.

    Raises
    ------
    FormatError
        If one is no time.
    """
    iso = _iso(cells)
    return _written(path, cells, at) if iso is None else iso


def _iso(cells: Sequence[str]) -> Moments | None:
    """Return ISO 8601 times, None where one is written in another way."""
    try:
        found = list(map(datetime.fromisoformat, map(str.strip, cells)))
    except ValueError:
        return None
    ahead = [one.utcoffset() for one in found]
    zone = np.array([np.nan if one is None else one.total_seconds() for one in ahead])
    if np.isfinite(zone).any():
        found = [one.replace(tzinfo=None) for one in found]
    seconds = np.array([(one - _EPOCH).total_seconds() for one in found])
    return Moments(seconds, zone, np.zeros(len(found), np.int64))


def _written(path: Path, cells: Sequence[str], at: IntArray) -> Moments:
    rows = [_row(path, cell, line) for cell, line in zip(cells, at.tolist(), strict=True)]
    seconds, zone, packed = zip(*rows, strict=True)
    date_of = np.array(packed, np.int64)
    return Moments(np.array(seconds), np.array(zone), date_of, dated=bool((date_of >= 0).all()))


def _row(path: Path, cell: str, line: int) -> tuple[float, float, int]:
    """Return seconds, zone and packed date of a cell: -1 for none, 0 where the day is known."""
    match = _CELL.fullmatch(cell.strip())
    if match is None or match["hour"] is None:
        raise _no_time(path, line)
    seconds, zone = _clock(match), _zone(match["zone"])
    if match["a"] is None:
        return seconds, zone, -1
    numbers = int(match["a"]), int(match["b"]), int(match["c"])
    if len(match["a"]) < 4:
        return seconds, zone, _packed(*numbers, dotted=match["by"] == ".")
    try:
        return seconds + DAY * _day(*numbers), zone, 0
    except ValueError:
        raise _no_time(path, line) from None


def _no_time(path: Path, line: int) -> FormatError:
    return FormatError(path, tr("line {bad} holds no time that can be read", bad=line), _HINT)


def _clock(match: re.Match[str]) -> float:
    hour, half = int(match["hour"]), (match["half"] or "").lower()
    if half:
        hour = hour % 12 + 12 * half.startswith("p")
    return (
        3600.0 * hour
        + 60.0 * int(match["minute"])
        + int(match["second"] or 0)
        + float(f"0.{match['part'] or 0}")
    )


def _zone(written: str | None) -> float:
    if written is None:
        return np.nan
    digits = re.sub(r"[^0-9]", "", written)
    if not digits:
        return 0.0
    ahead = 3600.0 * int(digits[:2]) + 60.0 * int(digits[2:])
    return -ahead if "-" in written else ahead


def _packed(first: int, second: int, third: int, *, dotted: bool) -> int:
    return ((first * 1000 + second) * 10_000 + third) * 2 + dotted


def _unpacked(date_of: int) -> tuple[int, int, int]:
    rest, third = divmod(date_of // 2, 10_000)
    return *divmod(rest, 1000), third


def joined(path: Path, parts: Sequence[Moments], at: NDArray[np.signedinteger]) -> Moments:
    """Return the times of all blocks, with their days.

    Raises
    ------
    FormatError
        If day and month of several dates cannot be told apart.
    """
    seconds, zone, date_of = (
        np.concatenate([getattr(part, name) for part in parts])
        for name in ("seconds", "zone", "date")
    )
    if (date_of == 0).all():
        return Moments(seconds, zone, date_of)
    if (date_of == -1).all():
        midnights = np.cumsum(np.diff(seconds, prepend=seconds[:1]) < -DAY / 2)
        notes = (MIDNIGHT,) if midnights[-1] else ()
        return Moments(seconds + DAY * midnights, zone, date_of, dated=False, notes=notes)
    if (date_of <= 0).any():
        raise _no_time(path, int(at[np.argmax(date_of <= 0)]))
    each, which = np.unique(date_of, return_inverse=True)
    days, known = _days(path, each.tolist(), int(at[0]))
    notes = () if known else (UNKNOWN_ORDER,)
    return Moments(seconds + DAY * days[which], zone, date_of, dated=known, notes=notes)


def _days(path: Path, dates: Sequence[int], line: int) -> tuple[FloatArray, bool]:
    """Return the day of each date, from 1970, and whether day and month can be told apart.

    Between dots the day comes first; else the order is the one in which they are dates, and as the
    days of one recording follow each other.
    """
    orders = ((2, 1, 0),) if all(one % 2 for one in dates) else ((2, 1, 0), (2, 0, 1))
    found = [days for order in orders if (days := _in_order(dates, order)) is not None]
    if not found:
        raise _no_time(path, line)
    if len(found) == 2 and (found[0] != found[1]).any():
        near = [days for days in found if np.ptp(days) <= len(days)]
        if len(dates) == 1:
            return found[0], False
        if len(near) != 1:
            raise FormatError(path, tr("day and month of its dates cannot be told apart"), _HINT)
        found = near
    return found[0], True


def _in_order(dates: Sequence[int], order: tuple[int, int, int]) -> FloatArray | None:
    """Return the days of dates whose year, month and day stand so, None where one is no date."""
    try:
        return np.array([_day(*(_unpacked(one)[at] for at in order)) for one in dates], np.float64)
    except ValueError:
        return None


def _day(year: int, month: int, day: int) -> int:
    return date(year + 2000 * (year < 100), month, day).toordinal() - _EPOCH.toordinal()


def begins_at(seconds: float) -> str:
    """Return a time since 1970 as it is written in ISO 8601, without a zone."""
    return (_EPOCH + timedelta(seconds=seconds)).isoformat()
