"""Reminders as a calendar file (RFC 5545): the weekly question, and a look back after six months.

Times are those of the clock on the wall, wherever the person is.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from pipelines.language import tr

HALF_A_YEAR = timedelta(weeks=26)
_LONGEST = 73
"""Bytes of a line before it is folded, of 75 that it may have."""


def reminders(day: date, at: time, weeks: int, now: float) -> bytes:
    """Return reminders: from `day` on once in each of so many `weeks`, then after six months.

    Parameters
    ----------
    day, at
        When the first is.
    weeks : int
        How many there are, at least 1.
    now : float
        When it was made, in seconds since 1970 UTC.
    """
    stamp = datetime.fromtimestamp(now, UTC)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Interbeat//Weeks//EN",
        *_event("week", stamp, datetime.combine(day, at), tr("A question about your week"), weeks),
        *_event(
            "half-a-year",
            stamp,
            datetime.combine(day + HALF_A_YEAR, at),
            tr("Six months: how is it now?"),
            1,
        ),
        "END:VCALENDAR",
    ]
    return b"".join(folded + b"\r\n" for line in lines for folded in _folded(line))


def _event(name: str, stamp: datetime, start: datetime, words: str, weeks: int) -> list[str]:
    repeats = [f"RRULE:FREQ=WEEKLY;COUNT={weeks}"] if weeks > 1 else []
    return [
        "BEGIN:VEVENT",
        f"UID:{name}-{start:%Y%m%dT%H%M%S}@interbeat",
        f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}",
        f"DTSTART:{start:%Y%m%dT%H%M%S}",
        "DURATION:PT5M",
        *repeats,
        f"SUMMARY:{_escaped(words)}",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "TRIGGER:PT0S",
        f"DESCRIPTION:{_escaped(words)}",
        "END:VALARM",
        "END:VEVENT",
    ]


def _escaped(words: str) -> str:
    for mark in ("\\", ";", ","):
        words = words.replace(mark, f"\\{mark}")
    return words.replace("\n", "\\n")


def _folded(line: str) -> Iterator[bytes]:
    """Yield a line in pieces that are short enough, none of which cuts a letter."""
    piece = b""
    for letter in line:
        more = letter.encode()
        if len(piece) + len(more) > _LONGEST:
            yield piece
            piece = b" "
        piece += more
    yield piece
