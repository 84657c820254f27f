"""The log folded: what stands in a person's own file, week by week. A pure function of the log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from math import nan
from types import MappingProxyType
from typing import TypeVar

import numpy as np

from physio.beats import FloatArray
from pipelines.weeks.entries import (
    Answer,
    AnyEntry,
    Choice,
    Entry,
    Flare,
    Gone,
    Happening,
    Intention,
    PlanKept,
    Practice,
    Question,
    Resting,
    Shared,
    Sum,
    Unwanted,
    Withdrawn,
    Writing,
)

Kind = TypeVar("Kind", bound=Entry)
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Person:
    """What stands in a person's own file.

    Attributes
    ----------
    activity : str
        What they want to be able to do, "" where they did not say.
    answers : mapping of Question to mapping of date to int
        The last answer of each week, by the week's Monday. Those about another activity than the
        present one are left out.
    practices, happenings, flares, unwanted, sums, resting : tuples
        In order of days.
    plan : str or None
        The text of the newest version.
    writings : tuple of Writing
        As they are sealed.
    shares : tuple of Shared
        Those that were not taken back.
    on : frozenset of str
        What was chosen to be on.
    """

    activity: str
    answers: Mapping[Question, Mapping[date, int]]
    practices: tuple[Practice, ...]
    happenings: tuple[Happening, ...]
    flares: tuple[Flare, ...]
    unwanted: tuple[Unwanted, ...]
    sums: tuple[Sum, ...]
    resting: tuple[Resting, ...]
    plan: str | None
    writings: tuple[Writing, ...]
    shares: tuple[Shared, ...]
    on: frozenset[str]

    @property
    def first_day(self) -> date | None:
        """The first day that anything dated is about, None where there is nothing."""
        dated = (self.practices, self.happenings, self.flares, self.unwanted, self.sums)
        days = [rows[0].day for rows in (*dated, self.resting) if rows]
        days += [day for weeks in self.answers.values() for day in weeks]
        return min(days, default=None)


def monday(day: date) -> date:
    """Return the day on which the week of a day begins."""
    return day - timedelta(days=day.weekday())


def person(entries: Iterable[AnyEntry]) -> Person:
    """Return what a log comes to."""
    there = _there(entries)
    activity, answers = _answers(there)
    plans = [one.text for one in there if isinstance(one, PlanKept)]
    taken_back = {one.id for one in there if isinstance(one, Withdrawn)}
    choices = {one.name: one.on for one in there if isinstance(one, Choice)}
    return Person(
        activity=activity,
        answers=answers,
        practices=_dated(there, Practice),
        happenings=_dated(there, Happening),
        flares=_dated(there, Flare),
        unwanted=_dated(there, Unwanted),
        sums=_dated(there, Sum),
        resting=_dated(there, Resting),
        plan=plans[-1] if plans else None,
        writings=_dated(there, Writing),
        shares=tuple(one for one in there if isinstance(one, Shared) and one.id not in taken_back),
        on=frozenset(name for name, on in choices.items() if on),
    )


def weekly(answers: Mapping[date, int], first: date, last: date) -> FloatArray:
    """Return (weeks,) an answer for each week from that of `first` to that of `last`, NaN for none.

    Examples
    --------
    >>> from datetime import date
    >>> from pipelines.weeks.folding import weekly
    >>> weekly({date(2026, 9, 7): 4}, date(2026, 9, 2), date(2026, 9, 20)).tolist()
    [nan, 4.0, nan]
    """
    start = monday(first)
    count = (monday(last) - start) // WEEK + 1
    return np.array([answers.get(start + week * WEEK, nan) for week in range(count)], np.float64)


def daily(resting: Iterable[Resting], first: date, last: date) -> FloatArray:
    """Return (days,) the first resting measure of each day from `first` to `last`, NaN for none."""
    by_day = {day: next(rows).ln_rmssd for day, rows in groupby(resting, key=lambda one: one.day)}
    count = (last - first).days + 1
    return np.array([by_day.get(first + timedelta(days=day), nan) for day in range(count)])


def _there(entries: Iterable[AnyEntry]) -> list[AnyEntry]:
    """Return the entries that were not let go of, each id's once but for withdrawals."""
    listed = list(entries)
    gone = {one.id for one in listed if isinstance(one, Gone)}
    found = {(type(one), one.id): one for one in listed if one.id not in gone}
    return list(found.values())


def _answers(there: Iterable[AnyEntry]) -> tuple[str, Mapping[Question, Mapping[date, int]]]:
    activity = ""
    found: dict[Question, dict[date, int]] = {question: {} for question in Question}
    for one in sorted(there, key=lambda entry: entry.at):
        if isinstance(one, Intention):
            if one.activity != activity and activity:
                found[Question.ACTIVITY] = {}  # answers about something else say nothing of this
            activity = one.activity
        elif isinstance(one, Answer):
            found[one.question][monday(one.day)] = one.value
    return activity, MappingProxyType({key: MappingProxyType(of) for key, of in found.items()})


def _dated(there: Iterable[AnyEntry], kind: type[Kind]) -> tuple[Kind, ...]:
    rows = (one for one in there if isinstance(one, kind))
    return tuple(sorted(rows, key=lambda one: (one.day, one.at)))
