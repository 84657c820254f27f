"""Reminders as a calendar file (RFC 5545): the weekly question, what a plan arranged, a look back.

Times are those of the clock on the wall, wherever the person is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple

from pipelines.language import tr
from pipelines.programmes import Appointment, Kind, Often, Plan, due, kind_text

HALF_A_YEAR: Final = timedelta(weeks=26)
MEETINGS: Final = (Kind.TALK, Kind.GROUP, Kind.HANDS_ON, Kind.REVIEW)
"""Steps for which people meet, where they are meant once in their week."""
_LONGEST = 73
"""Bytes of a line before it is folded, of 75 that it may have."""


class _Event(NamedTuple):
    """What a calendar is told: a time or a whole day, minutes where known, in how many weeks."""

    name: str
    start: datetime | date
    minutes: float | None
    words: str
    weeks: int = 1


def reminders(day: date, at: time, weeks: int, now: float, *, plan: Plan | None = None) -> bytes:
    """Return reminders: from `day` on once in each of so many `weeks`, then after six months.

    Of a plan it holds every appointment from `day` on. A week in which people are to meet, and for
    which nothing is arranged yet, is told of on its first day. Where the plan has people meet after
    half a year or later, that takes the place of the look back.

    Parameters
    ----------
    day, at
        When the first is.
    weeks : int
        How many there are, at least 1.
    now : float
        When it was made, in seconds since 1970 UTC.
    plan : Plan or None
        What a person and a clinician arranged.
    """
    begin, later = datetime.combine(day, at), day + HALF_A_YEAR
    arranged = [] if plan is None else list(_arranged(plan, day))
    found = [_Event("week", begin, 5.0, tr("A question about your week"), weeks), *arranged]
    if not any(_day(one.start) >= later for one in arranged):
        words = tr("Six months: how is it now?")
        found.append(_Event("half-a-year", datetime.combine(later, at), 5.0, words))
    stamp = datetime.fromtimestamp(now, UTC)
    named = Counter[str]()
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Interbeat//Weeks//EN"]
    for one in found:
        name = f"{one.name}-{one.start:%Y%m%dT%H%M%S}"
        lines += _lines(one, f"{name}-{named[name]}@interbeat", stamp)
        named[name] += 1
    lines.append("END:VCALENDAR")
    return b"".join(folded + b"\r\n" for line in lines for folded in _folded(line))


def _arranged(plan: Plan, day: date) -> Iterator[_Event]:
    """Yield when people meet, from `day` on."""
    name = f"plan-{plan.id}" if plan.id else "plan"
    for week in due(plan, day):
        for one in week.appointments:
            if one.day >= day:
                yield _Event(name, _when(one), one.minutes, one.what)
        for step in () if week.appointments or week.last < day else week.steps:
            if step.kind in MEETINGS and step.often is Often.ONCE:
                words = tr("This week: {what}", what=kind_text(step.kind))
                yield _Event(name, max(week.first, day), None, words)


def _when(one: Appointment) -> datetime | date:
    return one.day if one.at is None else datetime.combine(one.day, one.at)


def _day(start: datetime | date) -> date:
    return start.date() if isinstance(start, datetime) else start


def _lines(one: _Event, uid: str, stamp: datetime) -> Iterator[str]:
    timed = isinstance(one.start, datetime)
    yield "BEGIN:VEVENT"
    yield f"UID:{uid}"
    yield f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}"
    begins = "DTSTART:%Y%m%dT%H%M%S" if timed else "DTSTART;VALUE=DATE:%Y%m%d"
    yield one.start.strftime(begins)
    if timed and one.minutes is not None:
        yield f"DURATION:PT{max(round(one.minutes), 1)}M"
    if one.weeks > 1:
        yield f"RRULE:FREQ=WEEKLY;COUNT={one.weeks}"
    yield f"SUMMARY:{_escaped(one.words)}"
    yield "BEGIN:VALARM"
    yield "ACTION:DISPLAY"
    yield f"TRIGGER:{'PT0S' if timed else 'PT9H'}"
    yield f"DESCRIPTION:{_escaped(one.words)}"
    yield "END:VALARM"
    yield "END:VEVENT"


def _escaped(words: str) -> str:
    for mark in ("\\", ";", ","):
        words = words.replace(mark, f"\\{mark}")
    return " ".join(words.split())


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
