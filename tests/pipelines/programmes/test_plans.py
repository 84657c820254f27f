"""A plan is what its file says; what is not so is told by its place, never by its words."""

import re
from datetime import date

import msgspec
import pytest

from pipelines.programmes import (
    SHIPPED,
    Activity,
    BadPlan,
    Kind,
    Often,
    due,
    due_now,
    guide_text,
    kind_text,
    often_text,
    plan_lines,
    plan_of,
    plan_of_text,
    programme_of_text,
    read_plan,
    shipped,
    written,
)
from tests.pipelines.programmes.plans import PLAN

START = "start = 2026-11-30\n"


def test_what_is_written_is_read(tmp_path):
    path = tmp_path / "plan.toml"
    path.write_text(written(PLAN), "utf-8")
    assert read_plan(path) == PLAN


def test_a_plan_needs_no_more_than_its_first_day():
    plan = plan_of_text(START)
    assert plan.start == date(2026, 11, 30)
    assert (plan.guide.first, plan.guide.rate, plan.guide.inhale) == (6.0, 6.0, 0.4)


def test_what_a_newer_program_wrote_is_written_again():
    newer = START.replace("start", 'mood = ["new", 1]\nunread = "mine"\nstart') + (
        "schema = 7\n[guide]\nhum = true\n[[weeks]]\nnumber = 1\n[[weeks.steps]]\nkind = 'talk'\n"
        "text = 'a'\n[weeks.steps.place]\nroom = 3\n[later]\nx = 1.5\n"
    )
    plan = plan_of_text(newer)
    again = plan_of_text(written(plan))
    assert again == plan
    assert again.unread == {"mood": ["new", 1], "unread": "mine", "later": {"x": 1.5}}
    assert again.schema == 7
    assert again.guide.unread == {"hum": True}
    assert again.weeks[0].steps[0].unread == {"place": {"room": 3}}


def test_what_a_programme_carries_its_plans_carry():
    programme = programme_of_text("[later]\nx = 1")
    assert plan_of(programme, date(2026, 11, 30)).unread == {"later": {"x": 1}}


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a secret", "line 1 is no TOML"),
        (START + "\n[guide\nrate = 6.0", "line 3 is no TOML"),
        ('title = "a secret', "line 1 is no TOML"),
        ("x = " + "[" * 5000, "is no TOML|lie too deep"),
        ('title = "a secret"', "start is missing"),
        ('start = "a secret"', "start is to be a day such as"),
        ("start = 0001-01-01", "start is to be a day"),
        (START + "days = 'a secret'", "days is to be a list"),
        (START + "days = ['a secret']", r'days\[1\] is to be one of "monday", "tuesday"'),
        (START + "goals = ['x', 3]", r"goals\[2\] is to be a text in quotes"),
        (START + "guide = 3", r"guide is to be a table, under \[guide\]"),
        (START + "id = 'a secret'", "id is to be eight digits"),
        (START + "schema = 0", "schema is to be 1 or more"),
        (START + "schema = 1.5", "schema is to be a whole number"),
        (START + "guide.rate = 3.9", "guide.rate is to be 4 to 24 breaths a minute"),
        (START + "guide.rate = nan", "guide.rate is to be 4 to 24 breaths a minute"),
        (START + "guide.rate = true", "guide.rate is to be a number"),
        (START + "guide.begin = 25", "guide.begin is to be 4 to 24"),
        (START + "guide.ratio = '60:40'", 'guide.ratio is to be one of "50:50"'),
        (START + "guide.minutes = 61", "guide.minutes is to be minutes, 1 to 60"),
        (START + "guide.sound = 1", "guide.sound is to be true or false"),
        (START + "weeks = [3]", r"weeks\[1\] is to be a table"),
        (START + "weeks = [{number = 521}]", r"weeks\[1\].number is to be 0 to 520"),
        (START + "weeks = [{number = 2}, {number = 2}]", r"weeks\[2\].number is to be above"),
        (
            START + "weeks = [{number = 1, steps = [{kind = 'a secret', text = ''}]}]",
            r'weeks\[1\].steps\[1\].kind is to be one of "talk"',
        ),
        (
            START + "weeks = [{number = 1, steps = [{kind = 'talk', text = '', minutes = 0}]}]",
            r"weeks\[1\].steps\[1\].minutes is to be minutes",
        ),
        (
            START + "activities = [{name = 'x', unit = 'm', baseline = 0}]",
            r"activities\[1\].baseline is to be above 0",
        ),
        (
            START + "activities = [{name = 'x', unit = 'm', baseline = 4, increase = 2.1}]",
            r"activities\[1\].increase is to be small",
        ),
        (
            START + "activities = [{name = 'x', unit = 'm', baseline = 4, most = 3}]",
            r"activities\[1\].most is to be at least",
        ),
        (START + "appointments = [{what = 'a secret'}]", r"appointments\[1\].day is missing"),
        (
            START + "appointments = [{day = 2026-12-01, what = '', at = 'a secret'}]",
            r"appointments\[1\].at is to be a time such as",
        ),
        (
            START + "appointments = [{day = 2026-12-01, what = '', minutes = -1}]",
            r"appointments\[1\].minutes is to be minutes",
        ),
        (
            START + "appointments = [{day = 9999-12-31, what = ''}]",
            r"appointments\[1\].day is to be within ten years",
        ),
    ],
)
def test_what_is_not_so_is_one_sentence_with_its_place(tmp_path, text, said):
    path = tmp_path / "plan.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(BadPlan, match=said) as raised:
        read_plan(path)
    sentence = str(raised.value)
    assert sentence.startswith(f"{path}: ")
    assert "a secret" not in sentence
    assert "\n" not in sentence


@pytest.mark.usefixtures("english")
def test_what_is_no_text_is_said(tmp_path):
    path = tmp_path / "plan.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(BadPlan, match=r"plan.toml is no text in UTF-8"):
        read_plan(path)
    with pytest.raises(BadPlan, match="there is no such file"):
        read_plan(tmp_path / "none.toml")


def test_an_activity_grows_by_small_steps_and_stops():
    walking, reading = PLAN.activities
    assert [walking.planned(week) for week in (0, 1, 2, 3, 4, 9)] == [10, 10, 12, 14, 15, 15]
    assert reading.planned(30) == 4.0


def test_a_step_of_half_the_baseline_is_still_small():
    table = "activities = [{name = 'x', unit = 'm', baseline = 4, increase = 2, most = 4}]"
    assert plan_of_text(START + table).activities == (
        Activity(name="x", unit="m", baseline=4.0, increase=2.0, most=4.0),
    )


def test_what_is_due_follows_the_calendar():
    weeks = due(PLAN, date(2026, 12, 13))
    assert [week.number for week in weeks] == [0, 1, 2, 3, 4, 5, 27]
    assert [(week.first, week.last) for week in weeks[:3]] == [
        (date(2026, 11, 23), date(2026, 11, 29)),
        (date(2026, 11, 30), date(2026, 12, 6)),
        (date(2026, 12, 7), date(2026, 12, 13)),
    ]
    assert [week.number for week in weeks if week.now] == [2]
    before, _, second, third = weeks[:4]
    assert before.activities == ()
    assert [step.text for step in second.steps] == ["walk"]
    assert [one.what for one in second.appointments] == ["bring the letter", "meet Linden"]
    assert [(one.name, one.amount) for one in third.activities] == [("walking", 14), ("reading", 4)]
    assert [one.what for one in weeks[-1].appointments] == ["six months"]


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (date(2026, 11, 29), 0),
        (date(2026, 11, 30), 1),
        (date(2026, 12, 6), 1),
        (date(2026, 12, 7), 2),
        (date(2027, 12, 1), 53),
    ],
)
def test_each_day_lies_in_one_week(day, number):
    week = due_now(PLAN, day)
    assert (week.number, week.now) == (number, True)


@pytest.mark.usefixtures("english")
def test_a_plan_is_told_in_words():
    said = "\n".join(plan_lines(PLAN, due(PLAN, date(2026, 12, 8))))
    assert "Week 2, 7 December to 13 December 2026 (this week)" in said
    assert "Week 5, 28 December 2026 to 3 January 2027" in said
    assert "  Tuesday, 8 December 14:30: meet Linden" in said
    assert "  activity, every day: walk" in said
    assert "  walking: 12 minutes" in said
    assert "10 minutes, going from 8 to 6 breaths a minute; Monday, Thursday." in said
    for words in (*PLAN.goals, PLAN.valued_activity, "Rowan, +49 (30) 901-820", "Made by Juniper"):
        assert words in said
    steady = msgspec.structs.replace(PLAN.guide, begin=None)
    assert guide_text(steady, ()) == ("Breathing: 10 minutes at 6 breaths a minute; on no set day.")


def test_every_code_has_its_words():
    assert all(map(kind_text, Kind))
    assert len({kind_text(one) for one in Kind}) == len(Kind)
    assert all(map(often_text, Often))


def shape(value):
    """What a programme is without its words: tables, lists, numbers and codes."""
    if isinstance(value, dict):
        return {name: shape(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [shape(one) for one in value]
    return value if not isinstance(value, str) or value in {*Kind, *Often} else ""


@pytest.mark.parametrize("name", SHIPPED)
def test_a_programme_has_one_shape_in_every_language(name, monkeypatch):
    monkeypatch.setenv("INTERBEAT_LANGUAGE", "en")
    english = shipped(name)
    monkeypatch.setenv("INTERBEAT_LANGUAGE", "de")
    german = shipped(name)
    monkeypatch.setenv("INTERBEAT_LANGUAGE", "pseudo")
    assert shipped(name) == english
    assert german.title != english.title
    assert shape(msgspec.to_builtins(german)) == shape(msgspec.to_builtins(english))


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("name", SHIPPED)
def test_a_programme_becomes_a_plan(name):
    programme = shipped(name)
    plan = plan_of(programme, date(2026, 11, 30), name=name, plan_id="00c0ffee", made_by="Juniper")
    assert plan_of_text(written(plan)) == plan
    assert plan.weeks == programme.weeks
    assert (plan.programme, plan.id, plan.made_by) == (name, "00c0ffee", "Juniper")
    assert plan.setback
    assert plan.questions


@pytest.mark.usefixtures("english")
def test_the_workshop_is_the_one_of_the_groups():
    weeks = {week.number: week for week in shipped("workshop").weeks}
    assert list(weeks) == [0, 1, 2, 3, 29]
    assert [(step.kind, step.minutes) for step in weeks[0].steps] == [(Kind.TALK, 90.0)]
    for number in (1, 2, 3):
        steps = {step.kind: step for step in weeks[number].steps}
        assert steps[Kind.GROUP].often is Often.ONCE
        assert steps[Kind.WRITING].often is Often.DAILY
    kinds = {step.kind for week in weeks.values() for step in week.steps}
    assert {Kind.AUDIO, Kind.AFFIRMATION, Kind.LETTER, Kind.REVIEW} <= kinds


@pytest.mark.usefixtures("english")
def test_the_pain_programme_is_at_least_twelve_half_days():
    programme = shipped("pain-management")
    halves = [step for week in programme.weeks for step in week.steps if step.kind is Kind.GROUP]
    assert len(halves) >= 12
    assert all(step.minutes >= 180 for step in halves)
    said = " ".join(step.text for week in programme.weeks for step in week.steps)
    assert re.search("setback plan.*letter|Write to your doctor", said)


@pytest.mark.usefixtures("english")
def test_the_home_plan_asks_what_the_person_believes_and_would_love():
    programme = shipped("home-plan")
    assert programme.beliefs
    said = " ".join(step.text for week in programme.weeks for step in week.steps)
    assert "love to do again" in said
    assert "Rest, then a hand on the place, then move again" in said


def test_there_is_no_other_programme():
    with pytest.raises(KeyError):
        shipped("../plan")
