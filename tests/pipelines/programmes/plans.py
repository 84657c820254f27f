"""A plan with something in each of its places."""

from datetime import date, time

from pipelines.programmes import (
    Activity,
    Appointment,
    Contact,
    Day,
    Guide,
    Kind,
    Often,
    Plan,
    Step,
    Week,
)

PLAN = Plan(
    id="0a1b2c3d",
    title="Small steps",
    programme="pain-management",
    made_by="Juniper",
    made_with="Linden",
    start=date(2026, 11, 30),
    days=(Day.MONDAY, Day.THURSDAY),
    guide=Guide(rate=6.0, begin=8.0, ratio="40:60", minutes=10.0, sound=True),
    goals=("walk to the lake", 'say "no" once'),
    valued_activity="dancing with my sister",
    beliefs="something gave way\nwhen I lifted the box",
    activities=(
        Activity(name="walking", unit="minutes", baseline=10.0, increase=2.0, most=15.0),
        Activity(name="reading", unit="pages", baseline=4.0),
    ),
    skills=("breathing with ease",),
    setback="Rest for a day.\nThen half of everything.",
    contact=Contact(name="Rowan", number="+49 (30) 901-820"),
    questions=("How much could you do?",),
    appointments=(
        Appointment(day=date(2026, 12, 8), at=time(14, 30), minutes=45.0, what="meet Linden"),
        Appointment(day=date(2026, 12, 8), what="bring the letter"),
        Appointment(day=date(2027, 6, 1), what="six months"),
    ),
    weeks=(
        Week(number=0, title="Before", steps=(Step(kind=Kind.TALK, text="talk", minutes=90.0),)),
        Week(
            number=2,
            title="Moving",
            steps=(Step(kind=Kind.ACTIVITY, text="walk", often=Often.DAILY),),
        ),
        Week(number=5),
    ),
)
