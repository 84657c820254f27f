"""Weeks made up for tests: a log of entries, by what each week was answered."""

from datetime import date, timedelta

from pipelines.weeks import (
    Answer,
    Choice,
    Flare,
    Happening,
    Intention,
    PlanKept,
    Practice,
    Question,
    Resting,
    Sum,
    Unwanted,
    writing,
)

START = date(2026, 8, 31)
"""A Monday."""
PICTURE = (3, 2, 4, 3, 3, None, 2, 4, 5, 6, 7, 6)
"""The ratings of the design's picture."""
SECRET = "a letter that I do not send"
PLAN = '''title = "the plan of now"
start = 2026-09-07
setback = """
How I notice a harder time: I sleep little and cancel things.
What I do less of, for some days: half of the walk is still fine.
What has helped before: an hour in the garden, a warm bath.

Whom I tell: my sister."""

[contact]
name = "Mo"
number = "0123 456"
'''


def day(number):
    return START + timedelta(days=number)


def intention(activity="walking to the lake", at=0.0):
    return Intention(id=f"i{at:g}", day=START, at=at, activity=activity)


def answers(values, question=Question.ACTIVITY):
    return [
        Answer(
            id=f"{question}{week}",
            day=day(7 * week + 3),
            at=1.0 + week,
            question=question,
            value=value,
        )
        for week, value in enumerate(values)
        if value is not None
    ]


def practice(number, *, seconds=600.0, hour=20, before=None, after=None):
    return Practice(
        id=f"p{number}",
        day=day(number),
        at=float(number),
        seconds=seconds,
        hour=hour,
        before=before,
        after=after,
    )


def rests(days):
    """A resting measure on each of so many days, and that it is shown: 20 ms, every other 55."""
    measured = [
        Resting(id=f"r{one}", day=day(one), at=1.0, ln_rmssd=3.0 + one % 2, posture="lying")
        for one in range(days)
    ]
    return [*measured, Choice(id="resting", day=START, at=1.0, name="resting", on=True)]


def unwanted(number):
    return Unwanted(id=f"u{number}", day=day(number), at=float(number), words="dizzy at the end")


def a_log():
    """Every kind of entry a person writes, with the ratings of the picture."""
    return [
        intention(),
        *answers(PICTURE),
        *answers([5, 5, 6, 4, 5, None, 6, 5, 4, 5, 4, 5], Question.TENSION),
        *(practice(number) for number in (2, 3, 4, 19, 40, 41)),
        Happening(id="h", day=day(16), at=3.0, words="moved house"),
        Flare(id="f", day=day(36), at=4.0, days=4, words="after the long drive"),
        unwanted(40),
        Sum(id="s1", day=day(1), at=5.0, scale="GAD-7", value=14),
        Sum(id="s2", day=day(80), at=6.0, scale="GAD-7", value=7),
        PlanKept(id="plan1", day=day(0), at=7.0, text=PLAN.replace("of now", "before")),
        PlanKept(id="plan2", day=day(9), at=8.0, text=PLAN),
        writing(SECRET, 1.79e9),
    ]
