"""Days in words."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from pipelines.language import tr, translatable

_MONTHS: Final = (
    translatable("January"),
    translatable("February"),
    translatable("March"),
    translatable("April"),
    translatable("May"),
    translatable("June"),
    translatable("July"),
    translatable("August"),
    translatable("September"),
    translatable("October"),
    translatable("November"),
    translatable("December"),
)

_DAYS: Final = (
    translatable("Monday"),
    translatable("Tuesday"),
    translatable("Wednesday"),
    translatable("Thursday"),
    translatable("Friday"),
    translatable("Saturday"),
    translatable("Sunday"),
)


def day_at(when: float) -> date:
    """Return the day, here, of a moment in seconds since 1970 UTC."""
    return datetime.fromtimestamp(when).astimezone().date()


def day_text(day: date, *, year: bool = True) -> str:
    """Return a day, such as "14 November 2026", or without the `year`."""
    month = tr(_MONTHS[day.month - 1])
    if year:
        return tr("{day} {month} {year}", day=day.day, month=month, year=day.year)
    return tr("{day} {month}", day=day.day, month=month)


def weekday_text(number: int) -> str:
    """Return a day of the week, 0 for Monday."""
    return tr(_DAYS[number])


def span_text(first: date, last: date) -> str:
    """Return a stretch of days, the year once where it is one."""
    begins = day_text(first, year=first.year != last.year)
    return tr("{first} to {last}", first=begins, last=day_text(last))
