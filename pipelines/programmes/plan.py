"""A plan that a person and a clinician write together: what it holds, and what it may hold.

Times are days of a calendar; nothing here asks what day it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, time, timedelta
from enum import StrEnum
from math import isfinite
from typing import Any, Final

import msgspec

from physio.breathing.pacer import FASTEST, SLOWEST
from pipelines.language import tr

SCHEMA: Final = 1
"""That of the plans written here. A newer one is read, and what is new in it carried along."""
LONGEST: Final = 60.0
"""Minutes of a practice at most."""
LAST_WEEK: Final = 520
"""Ten years."""
_YEARS: Final = timedelta(days=7 * LAST_WEEK)
_DAY: Final = 24 * 60.0
"""Minutes."""
RATIOS: Final = ("50:50", "45:55", "40:60", "35:65", "30:70")
"""In to out. Breathing out is never the shorter part."""
SMALL: Final = 0.5
"""Share of an activity's baseline by which it grows in a week at most."""
_ID: Final = frozenset("0123456789abcdef")


class BadPlan(ValueError):  # noqa: N818 - the name states the trouble
    """A plan or programme that is none, in one sentence: where, what, what to do."""


class Day(StrEnum):
    """Days of the week, Monday first."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class Kind(StrEnum):
    """What a step of a week is."""

    TALK = "talk"
    GROUP = "group"
    HANDS_ON = "hands-on"
    PRACTICE = "practice"
    WRITING = "writing"
    LETTER = "letter"
    AUDIO = "audio"
    AFFIRMATION = "affirmation"
    ACTIVITY = "activity"
    SKILL = "skill"
    QUESTION = "question"
    REVIEW = "review"


class Often(StrEnum):
    """How often a step is meant: once in its week, each day, or on the days of practice."""

    ONCE = "once"
    DAILY = "daily"
    PRACTICE_DAYS = "practice days"


class Carrying(msgspec.Struct, frozen=True, kw_only=True):
    """A table of a plan. `unread` holds what a newer program wrote in it, to be written again."""

    unread: Mapping[str, Any] = {}


class Guide(Carrying, frozen=True, kw_only=True):
    """The breathing guide.

    Attributes
    ----------
    rate : float
        Breaths/min that it keeps or eases to.
    begin : float or None
        Breaths/min at which it begins, `rate` where it is None.
    ratio : str
        In to out, one of `RATIOS`.
    minutes : float
        Length of a practice.
    sound : bool
        Whether it begins with tones.
    """

    rate: float = 6.0
    begin: float | None = None
    ratio: str = "40:60"
    minutes: float = 10.0
    sound: bool = False

    @property
    def first(self) -> float:
        """Breaths/min at which it begins."""
        return self.rate if self.begin is None else self.begin

    @property
    def inhale(self) -> float:
        """Share of each breath spent breathing in."""
        return float(self.ratio.partition(":")[0]) / 100.0


class Activity(Carrying, frozen=True, kw_only=True):
    """Something to do again: how much of it is easy on most days, and how it grows.

    Attributes
    ----------
    name, unit : str
        In own words, such as "walking" and "minutes".
    baseline : float
        How much of it in week 1.
    increase : float
        How much more each week, at most half of the baseline.
    most : float or None
        Where it stops growing.
    """

    name: str
    unit: str
    baseline: float
    increase: float = 0.0
    most: float | None = None

    def planned(self, week: int) -> float:
        """Return how much of it is planned in a week."""
        grown = self.baseline + self.increase * max(week - 1, 0)
        return grown if self.most is None else min(grown, self.most)


class Step(Carrying, frozen=True, kw_only=True):
    """What a week holds: of which kind, in words, how often, and for how many minutes."""

    kind: Kind
    text: str
    often: Often = Often.ONCE
    minutes: float | None = None


class Week(Carrying, frozen=True, kw_only=True):
    """A week. Number 1 begins on the day on which the plan starts, 0 is the one before it."""

    number: int
    title: str = ""
    steps: tuple[Step, ...] = ()


class Contact(Carrying, frozen=True, kw_only=True):
    """Whom to call in a crisis."""

    name: str = ""
    number: str = ""

    @property
    def line(self) -> str:
        """Both in a line, "" where neither is known."""
        return ", ".join(filter(None, (self.name, self.number)))


class Appointment(Carrying, frozen=True, kw_only=True):
    """When two people meet, here."""

    day: date
    what: str
    at: time | None = None
    minutes: float | None = None


class Course(Carrying, frozen=True, kw_only=True):
    """What programmes and plans share: a guide, weeks, and words to begin with."""

    schema: int = SCHEMA
    title: str = ""
    days: tuple[Day, ...] = tuple(Day)
    skills: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    setback: str = ""
    beliefs: str = ""
    guide: Guide = Guide()
    weeks: tuple[Week, ...] = ()


class Programme(Course, frozen=True, kw_only=True):
    """A course that plans are made from; `about` says for whom and how, in a sentence or two."""

    about: str = ""


class Plan(Course, frozen=True, kw_only=True):
    """A person's plan.

    Attributes
    ----------
    id : str
        Eight hexadecimal digits that stay while the plan is changed, "" for none.
    programme : str
        What it was made from.
    made_by, made_with : str
        Pseudonyms.
    start : date
        The first day of week 1.
    goals : tuple of str
        In own words.
    valued_activity : str
        What the person would love to do again, in own words.
    activities, contact, appointments
        As their classes have them.
    """

    id: str = ""
    programme: str = ""
    made_by: str = ""
    made_with: str = ""
    start: date
    goals: tuple[str, ...] = ()
    valued_activity: str = ""
    contact: Contact = Contact()
    activities: tuple[Activity, ...] = ()
    appointments: tuple[Appointment, ...] = ()


def checked_course(course: Course) -> None:
    """Refuse a guide or weeks that are none.

    Raises
    ------
    BadPlan
        If a value is not what it may be; it names the key, never what stands there.
    """
    _check_guide(course.guide)
    _check("schema", course.schema >= 1, tr("1 or more"))
    numbers = [week.number for week in course.weeks]
    for place, number in enumerate(numbers, start=1):
        key = f"weeks[{place}].number"
        _check(key, 0 <= number <= LAST_WEEK, tr("0 to {most}", most=LAST_WEEK))
        earlier = numbers[: place - 1]
        _check(key, all(one < number for one in earlier), tr("above those of the weeks before it"))
    for key, minutes in _lengths(course):
        _check(key, 0.0 < minutes <= _DAY, tr("minutes, above 0 and at most a day"))


def checked(plan: Plan) -> Plan:
    """Return a plan that can be carried out.

    Raises
    ------
    BadPlan
        If a value is not what it may be; it names the key, never what stands there.
    """
    checked_course(plan)
    is_id = not plan.id or (len(plan.id) == 8 and _ID.issuperset(plan.id))
    _check("id", is_id, tr("eight digits from 0 to 9 and a to f, or left out"))
    for place, one in enumerate(plan.activities, start=1):
        _check_activity(f"activities[{place}]", one)
    has_weeks = date.min + 2 * _YEARS <= plan.start <= date.max - 2 * _YEARS
    _check("start", has_weeks, tr("a day such as 2026-11-30"))
    for place, meeting in enumerate(plan.appointments, start=1):
        _check_appointment(f"appointments[{place}]", meeting, plan.start)
    return plan


def first_day(plan: Plan, week: int) -> date:
    """Return the day on which a week of a plan begins."""
    return plan.start + timedelta(days=7 * (week - 1))


def _lengths(course: Course) -> Iterator[tuple[str, float]]:
    for place, week in enumerate(course.weeks, start=1):
        for number, step in enumerate(week.steps, start=1):
            if step.minutes is not None:
                yield f"weeks[{place}].steps[{number}].minutes", step.minutes


def _check_guide(guide: Guide) -> None:
    rates = tr("{slowest:g} to {fastest:g} breaths a minute", slowest=SLOWEST, fastest=FASTEST)
    _check("guide.rate", SLOWEST <= guide.rate <= FASTEST, rates)
    _check("guide.begin", SLOWEST <= guide.first <= FASTEST, rates)
    _check("guide.ratio", guide.ratio in RATIOS, one_of(RATIOS))
    length = tr("minutes, 1 to {most:g}", most=LONGEST)
    _check("guide.minutes", 1.0 <= guide.minutes <= LONGEST, length)


def _check_activity(key: str, one: Activity) -> None:
    _check(f"{key}.baseline", one.baseline > 0.0 and isfinite(one.baseline), tr("above 0"))
    small = tr("small: from 0 to half of the baseline")
    _check(f"{key}.increase", 0.0 <= one.increase <= SMALL * one.baseline, small)
    most = one.most is None or one.baseline <= one.most < float("inf")
    _check(f"{key}.most", most, tr("at least as much as the baseline"))


def _check_appointment(key: str, one: Appointment, start: date) -> None:
    near = abs(one.day - start) <= _YEARS
    _check(f"{key}.day", near, tr("within ten years of the start"))
    if one.minutes is not None:
        length = 0.0 < one.minutes <= _DAY
        _check(f"{key}.minutes", length, tr("minutes, above 0 and at most a day"))


def one_of(choices: Iterable[str]) -> str:
    """Return what there is to choose among, in words."""
    return tr("one of {choices}", choices=", ".join(f'"{one}"' for one in choices))


def _check(key: str, holds: object, may_be: str) -> None:
    if not holds:
        raise BadPlan(not_so(key, may_be))


def not_so(key: str, may_be: str) -> str:
    """Return what to write under a key instead of what stands there, which is not repeated."""
    return tr("{key} is to be {may_be}; docs/plans.md shows how.", key=key, may_be=may_be)
