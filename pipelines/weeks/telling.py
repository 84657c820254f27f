"""The weeks of a person as one frozen model in words: page, text and print show the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import ceil, exp, floor, isnan

import numpy as np

from physio.beats import FloatArray
from physio.weeks import FEWEST, FOUR, fours, marks, personal_range, rolling_week
from pipelines.language import tr
from pipelines.programmes import BadPlan, Plan, due_now, plan_of_text, week_lines
from pipelines.weeks.cautioning import caution
from pipelines.weeks.entries import Practice, Question
from pipelines.weeks.folding import WEEK, Person, daily, monday, weekly
from pipelines.weeks.wording import (
    DayPart,
    capital,
    caution_text,
    change_text,
    change_word,
    days_text,
    ends_text,
    means_text,
    minutes_each_text,
    question_text,
    resting_text,
    waiting_text,
    when_text,
    whole,
)
from pipelines.words import day_text, spread_text

SHORTEST = 12
"""Weeks that the picture is long at least, so that a first answer does not fill it."""
_FEW_HOURS = 4
_PARTS = ((5, DayPart.MORNING), (11, DayPart.DAY), (17, DayPart.EVENING), (22, DayPart.NIGHT))


@dataclass(frozen=True, slots=True)
class Lane:
    """A question over the weeks.

    Attributes
    ----------
    question : Question
    heading, ends : str
        What is asked, and what 0 and 10 mean.
    values : tuple of (float or None)
        A value a week, None where there is none.
    mark : int
        +1 where answers have risen by the rule, -1 fallen, 0 neither.
    word, figures : str
        In one word, and with means and spreads; "" where nothing is said.
    band : (float, float) or None
        Mean and spread of the first four answers, as low and high.
    first, last : (int, int) or None
        First and last week of the first four answers, and of the last four.
    """

    question: Question
    heading: str
    ends: str
    values: tuple[float | None, ...]
    mark: int
    word: str
    figures: str
    band: tuple[float, float] | None
    first: tuple[int, int] | None
    last: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Noted:
    """Something noted on a day, counted from the first; a flare lasts some `days`."""

    day: int
    words: str
    days: int = 0


@dataclass(frozen=True, slots=True)
class OwnPage:
    """A page that the person wrote and kept: its id and its day, and nothing of what it says."""

    id: str
    day: date


@dataclass(frozen=True, slots=True)
class Story:
    """All that is shown of a person's weeks.

    Attributes
    ----------
    activity : str
        What the person wants to be able to do, in their words.
    title, aside : str
        What stands out, and the figures of it.
    start, today : date
        The Monday of the first week, and the day of all this.
    weeks, now : int
        How many there are, and which of them it is now.
    asked : tuple of Question
        What is asked about a week, in this order.
    pain : bool
        Whether that is one of them.
    span : str
        From when to when.
    happenings, flares, unwanted : tuple of Noted
    lanes : tuple of Lane
        Those that were ever answered, the valued activity's always first.
    practised : tuple of int
        Days with practice, counted from `start`, each once.
    when, each : str
        When in the day practices mostly were, and how long.
    resting : tuple of (float or None)
        A mean of seven days, ms, for each day from `start`; empty where it is off.
    resting_range : (float, float) or None
        The person's own range, ms.
    resting_text : (str, str)
    caution : str
        What is offered before the next practice, "" for nothing.
    changes : tuple of str
        A sentence for each change that the rule marks.
    setback : tuple of str
        Whom to call, and the lines of the plan for harder days; empty where there are none.
    due : tuple of str
        What the plan holds for this week, a line each; empty where it holds nothing.
    plan : bool
        Whether there is a plan.
    pages : tuple of OwnPage
        Those that the person wrote and kept, the newest first.
    """

    activity: str
    title: str
    aside: str
    start: date
    today: date
    weeks: int
    now: int
    asked: tuple[Question, ...]
    pain: bool
    span: str
    happenings: tuple[Noted, ...]
    flares: tuple[Noted, ...]
    unwanted: tuple[Noted, ...]
    lanes: tuple[Lane, ...]
    practised: tuple[int, ...]
    when: str
    each: str
    resting: tuple[float | None, ...]
    resting_range: tuple[float, float] | None
    resting_text: tuple[str, str]
    caution: str
    changes: tuple[str, ...]
    setback: tuple[str, ...]
    due: tuple[str, ...]
    plan: bool
    pages: tuple[OwnPage, ...]


def story(person: Person, today: date) -> Story:
    """Return what there is to show on a day of a person's weeks."""
    start = monday(person.first_day or today)
    weeks = max((monday(today) - start) // WEEK + 1, SHORTEST)
    lanes = _lanes(person, start, start + (weeks - 1) * WEEK)
    changes = tuple(
        filter(None, (change_text(one.question, one.mark, person.activity) for one in lanes))
    )
    title, aside = _title(person, lanes, changes)
    plan = kept_plan(person)
    rolled, low_high = _resting(person, start, today)
    low, high = low_high or (None, None)
    return Story(
        activity=person.activity,
        title=title,
        aside=aside,
        start=start,
        today=today,
        weeks=weeks,
        now=(monday(today) - start) // WEEK,
        asked=_asked(person),
        pain=Question.PAIN in _asked(person),
        span=tr(
            "{start} to {end}",
            start=day_text(start, year=start.year != today.year),
            end=day_text(today, year=start.year != today.year),
        ),
        happenings=tuple(Noted((one.day - start).days, one.words) for one in person.happenings),
        flares=tuple(
            Noted(
                (one.day - start).days,
                ", ".join(filter(None, (days_text(one.days), one.words))),
                one.days,
            )
            for one in person.flares
        ),
        unwanted=tuple(Noted((one.day - start).days, one.words) for one in person.unwanted),
        lanes=lanes,
        practised=tuple(sorted({(one.day - start).days for one in person.practices})),
        when=when_text(_when(person.practices)),
        each=_each(person.practices),
        resting=rolled,
        resting_range=low_high,
        resting_text=resting_text(on="resting" in person.on, low=low, high=high),
        caution=caution_text(caution(person)),
        changes=changes,
        setback=() if plan is None else _setback(plan),
        due=() if plan is None else tuple(week_lines(due_now(plan, today))),
        plan=plan is not None,
        pages=tuple(OwnPage(one.id, one.day) for one in reversed(person.writings)),
    )


def kept_plan(person: Person) -> Plan | None:
    """Return the newest plan, None where there is none, or none that can be read."""
    try:
        return plan_of_text(person.plan or "")
    except BadPlan:
        # Whoever asks for it, or shares it, is told what is wrong with it.
        return None


def resting_ends(told: Story) -> tuple[float, float]:
    """Return between which tens of ms the resting measure and its own range lie."""
    known = [value for value in (*told.resting, *(told.resting_range or ())) if value is not None]
    if not known:
        return 0.0, 10.0
    low = 10.0 * floor(min(known) / 10.0)
    return low, max(10.0 * ceil(max(known) / 10.0), low + 10.0)


def _setback(plan: Plan) -> tuple[str, ...]:
    contact = plan.contact.line and tr("My contact: {contact}", contact=plan.contact.line)
    return tuple(filter(None, (contact, *map(str.strip, plan.setback.splitlines()))))


def _title(person: Person, lanes: tuple[Lane, ...], changes: tuple[str, ...]) -> tuple[str, str]:
    valued = lanes[0]
    values = np.array(valued.values, np.float64)
    told = fours(values)
    if valued.mark:
        return changes[0], means_text(float(told.last), float(told.first))
    answers = int(np.isfinite(values).sum())
    title = capital(person.activity) or tr("What do you want to be able to do?")
    if not person.activity:
        return title, tr("Say it in your own words. You are asked about it once a week.")
    return title, waiting_text(answers)


def _lanes(person: Person, first: date, last: date) -> tuple[Lane, ...]:
    shown = [Question.ACTIVITY]
    shown += [one for one in Question if one is not Question.ACTIVITY and person.answers[one]]
    return tuple(
        _lane(one, person.activity, weekly(person.answers[one], first, last)) for one in shown
    )


def _lane(question: Question, activity: str, values: FloatArray) -> Lane:
    answered = np.flatnonzero(np.isfinite(values))
    told = fours(values)
    # A verdict compares by itself; what it says of a change would be said of a change of it.
    mark = 0
    if len(answered) and question is not Question.VERDICT:
        mark = int(marks(values)[answered[-1]])
    enough = len(answered) >= FEWEST
    first = (int(answered[0]), int(answered[FOUR - 1])) if enough else None
    last = (int(answered[-FOUR]), int(answered[-1])) if enough else None
    band = None
    if enough:
        mean, spread = float(told.first), float(told.first_spread)
        band = (max(mean - spread, 0.0), min(mean + spread, 10.0))
    return Lane(
        question=question,
        heading=question_text(question, activity),
        ends=ends_text(question),
        values=_known(values),
        mark=mark,
        word=change_word(question, mark),
        figures=_figures(values[answered], mark),
        band=band,
        first=first,
        last=last,
    )


def _figures(answers: FloatArray, mark: int) -> str:
    if len(answers) < FOUR:
        return ""
    now = _mean_text(answers[-FOUR:])
    if not mark:
        return tr("{now} of 10", now=now)
    return tr("{now} of 10, was {before}", now=now, before=_mean_text(answers[:FOUR]))


def _mean_text(four: FloatArray) -> str:
    mean, spread = float(np.mean(four)), float(np.std(four, ddof=1))
    return f"{whole(mean)} {spread_text(mean - spread, mean + spread, 1.0)}"


def _when(practices: tuple[Practice, ...]) -> DayPart | None:
    """Return the part of the day in which over half of the practices began."""
    hours = [one.hour for one in practices if one.hour is not None]
    if len(hours) < _FEW_HOURS:
        return None
    parts = [_part(hour) for hour in hours]
    most = max(DayPart, key=parts.count)
    return most if 2 * parts.count(most) > len(parts) else None


def _part(hour: int) -> DayPart:
    for (begins, part), (ends, _) in pairwise(_PARTS):
        if begins <= hour < ends:
            return part
    return DayPart.NIGHT


def _each(practices: tuple[Practice, ...]) -> str:
    if not practices:
        return ""
    minutes = np.array([one.seconds for one in practices]) / 60.0
    spread = float(np.std(minutes, ddof=1)) if len(minutes) >= FOUR else None
    return minutes_each_text(float(np.mean(minutes)), spread)


def _resting(
    person: Person, start: date, today: date
) -> tuple[tuple[float | None, ...], tuple[float, float] | None]:
    """Return the rolling week and the own range in ms; nothing where it is off."""
    if "resting" not in person.on or not person.resting or today < start:
        return (), None
    days = daily(person.resting, start, today)
    found = personal_range(days)
    rolled = np.exp(rolling_week(days))
    return _known(rolled), None if found is None else (exp(found[0]), exp(found[1]))


def _asked(person: Person) -> tuple[Question, ...]:
    """Return what is asked once a week: of pain only where that was chosen."""
    pain = "pain" in person.on or bool(person.answers[Question.PAIN])
    wanted = {Question.ACTIVITY: bool(person.activity), Question.PAIN: pain}
    return tuple(one for one in Question if wanted.get(one, True))


def _known(values: FloatArray) -> tuple[float | None, ...]:
    return tuple(None if isnan(value) else value for value in values.tolist())


def lines(told: Story) -> list[str]:
    """Return a story as lines of text."""
    found = [told.title, told.aside, told.span, *told.changes[1:], ""]
    for lane in told.lanes:
        answers = ["·" if value is None else f"{value:.0f}" for value in lane.values]
        found += [lane.heading, "  " + " ".join(answers).rstrip(" ·")]
        found += [f"  {told_of}" for told_of in (lane.figures, lane.ends) if told_of]
    if told.practised:
        said = ", ".join(filter(None, (told.when, told.each)))
        found += ["", tr("Days with practice"), *(f"  {week}" for week in _weeks_of(told))]
        found += [f"  {said}"] if said else []
    for heading, rows in (
        (tr("What happened, in my words"), told.happenings),
        (tr("Flare"), told.flares),
        (tr("Unwanted"), told.unwanted),
    ):
        if rows:
            found += ["", heading]
            found += [f"  {_day(told, one)}  {one.words}" for one in rows]
    found += ["", " ".join(told.resting_text)] if told.resting else []
    return [*found, *(["", told.caution] if told.caution else [])]


def _weeks_of(told: Story) -> list[str]:
    """Return a line a week with practice: a dot a day of it."""
    found = []
    for week in range(told.weeks):
        days = [day - 7 * week for day in told.practised if day // 7 == week]
        if days:
            dots = "".join("●" if day in days else " " for day in range(7))
            found.append(f"{day_text(told.start + week * WEEK, year=False):>14}  {dots}".rstrip())
    return found


def _day(told: Story, one: Noted) -> str:
    return day_text(told.start + timedelta(days=one.day), year=False)
