"""A plan in words: what it holds, and what is due in which week."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.language import tr, trn
from pipelines.programmes.plan import Appointment, Day, Guide, Kind, Often, Plan, Step
from pipelines.programmes.weeks import Due
from pipelines.words import day_text, span_text, weekday_text


def plan_lines(plan: Plan, weeks: tuple[Due, ...]) -> Iterator[str]:
    """Yield a plan as lines to be read; what nobody has filled in yet is left out."""
    yield plan.title or tr("A plan")
    if plan.made_by:
        yield tr("Made by {who}.", who=plan.made_by)
    yield guide_text(plan.guide, plan.days)
    for heading, told in _own_words(plan):
        yield from ("", heading, *(f"  {line}" for one in told for line in one.splitlines()))
    for week in weeks:
        days = span_text(week.first, week.last)
        number = tr("Week {number}, {days}", number=week.number, days=days)
        yield from ("", tr("{week} (this week)", week=number) if week.now else number)
        yield from (f"  {line}" for line in week_lines(week))


def guide_text(guide: Guide, days: tuple[Day, ...]) -> str:
    """Return how a plan breathes, and on which days."""
    length = trn("{count} minute", "{count} minutes", round(guide.minutes))
    if guide.first == guide.rate:
        pace = tr("{length} at {rate:g} breaths a minute", length=length, rate=guide.rate)
    else:
        pace = tr(
            "{length}, going from {first:g} to {rate:g} breaths a minute",
            length=length,
            first=guide.first,
            rate=guide.rate,
        )
    among = tuple(Day)
    named = [weekday_text(among.index(day)) for day in among if day in days]
    when = tr("every day") if len(named) == len(among) else ", ".join(named)
    return tr("Breathing: {pace}; {when}.", pace=pace, when=when or tr("on no set day"))


def kind_text(kind: Kind) -> str:
    """Return what a step is, in a word or two."""
    return {
        Kind.TALK: tr("talk"),
        Kind.GROUP: tr("group"),
        Kind.HANDS_ON: tr("hands-on"),
        Kind.PRACTICE: tr("practice"),
        Kind.WRITING: tr("writing"),
        Kind.LETTER: tr("letter"),
        Kind.AUDIO: tr("audio"),
        Kind.AFFIRMATION: tr("kind sentence"),
        Kind.ACTIVITY: tr("activity"),
        Kind.SKILL: tr("skill"),
        Kind.QUESTION: tr("question"),
        Kind.REVIEW: tr("looking back"),
    }[kind]


def often_text(often: Often) -> str:
    """Return how often a step is meant."""
    return {
        Often.ONCE: tr("once"),
        Often.DAILY: tr("every day"),
        Often.PRACTICE_DAYS: tr("on days of practice"),
    }[often]


def week_lines(week: Due) -> Iterator[str]:
    """Yield what a week holds: its title, appointments, steps, and how much of each activity."""
    if week.title:
        yield week.title
    yield from map(_appointment_text, week.appointments)
    yield from map(_step_text, week.steps)
    for one in week.activities:
        yield tr("{name}: {amount:g} {unit}", name=one.name, amount=one.amount, unit=one.unit)


def _own_words(plan: Plan) -> Iterator[tuple[str, tuple[str, ...]]]:
    told = (
        (tr("What I want to be able to do"), plan.goals),
        (tr("What I would love to do again"), (plan.valued_activity,)),
        (tr("What I think is going on"), (plan.beliefs,)),
        (tr("Skills"), plan.skills),
        (tr("Questions of the week"), plan.questions),
        (tr("My plan for harder days"), (plan.setback,)),
        (tr("My contact"), (plan.contact.line,)),
    )
    for heading, words in told:
        if any(one.strip() for one in words):
            yield heading, words


def _step_text(step: Step) -> str:
    kind = f"{kind_text(step.kind)}, {often_text(step.often)}"
    if step.minutes is None:
        return f"{kind}: {step.text}"
    length = trn("{count} minute", "{count} minutes", round(step.minutes))
    return f"{kind}, {length}: {step.text}"


def _appointment_text(one: Appointment) -> str:
    at = "" if one.at is None else f" {one.at:%H:%M}"
    return f"{weekday_text(one.day.weekday())}, {day_text(one.day, year=False)}{at}: {one.what}"
