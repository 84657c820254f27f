"""What is due in which week of a plan, on a calendar that is told what day it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

import msgspec

from pipelines.programmes.plan import Activity, Appointment, Plan, Step, first_day

WEEK: Final = timedelta(days=7)


class Planned(msgspec.Struct, frozen=True):
    """How much of an activity is planned in a week, in its own unit."""

    name: str
    amount: float
    unit: str


class Due(msgspec.Struct, frozen=True):
    """A week of a plan from its first to its last day, and whether today is one of them."""

    number: int
    first: date
    last: date
    now: bool
    title: str
    steps: tuple[Step, ...]
    activities: tuple[Planned, ...]
    appointments: tuple[Appointment, ...]


def due(plan: Plan, today: date) -> tuple[Due, ...]:
    """Return the weeks of a plan that hold something, in order of time.

    A week holds its own steps, the appointments that lie in it, and how much of each activity is
    planned. Weeks of which the plan says nothing but that an activity goes on are left out, as it
    goes on as before.
    """
    return tuple(_due(plan, number, today) for number in sorted(_numbers(plan)))


def due_now(plan: Plan, today: date) -> Due:
    """Return the week of a plan in which `today` lies, whether it holds something or not."""
    return _due(plan, _number(plan, today), today)


def _numbers(plan: Plan) -> set[int]:
    meetings = {_number(plan, one.day) for one in plan.appointments}
    return {week.number for week in plan.weeks} | meetings | set(_growing(plan))


def _growing(plan: Plan) -> Iterator[int]:
    """Yield the weeks in which an activity still grows, up to the last week of the plan."""
    last = max((week.number for week in plan.weeks), default=1)
    for activity in plan.activities:
        yield 1
        for week in range(2, last + 1):
            if activity.planned(week) > activity.planned(week - 1):
                yield week


def _number(plan: Plan, day: date) -> int:
    return (day - plan.start) // WEEK + 1


def _due(plan: Plan, number: int, today: date) -> Due:
    first = first_day(plan, number)
    last = first + WEEK - timedelta(days=1)
    weeks = [week for week in plan.weeks if week.number == number]
    return Due(
        number=number,
        first=first,
        last=last,
        now=first <= today <= last,
        title=weeks[0].title if weeks else "",
        steps=weeks[0].steps if weeks else (),
        activities=tuple(_planned(one, number) for one in plan.activities if number >= 1),
        appointments=tuple(
            sorted((one for one in plan.appointments if first <= one.day <= last), key=_when)
        ),
    )


def _planned(activity: Activity, week: int) -> Planned:
    return Planned(activity.name, round(activity.planned(week), 6), activity.unit)


def _when(meeting: Appointment) -> tuple[date, bool, str]:
    return meeting.day, meeting.at is not None, "" if meeting.at is None else str(meeting.at)
