"""Reminders as other programs read them: RFC 5545, read by its rules."""

from datetime import date, datetime, time, timedelta

import pytest

from pipelines.programmes import Kind, Often, Plan, Step, Week
from pipelines.weeks import reminders
from tests.pipelines.programmes.plans import PLAN
from tests.pipelines.weeks.calendars import events

DAY = date(2026, 10, 23)


@pytest.mark.usefixtures("english")
def test_a_question_each_week_and_a_look_back_after_six_months():
    week, later = events(reminders(DAY, time(18, 30), 12, 1.79e9))
    assert week["DTSTART"] == "20261023T183000"
    assert week["RRULE"] == "FREQ=WEEKLY;COUNT=12"
    assert week["SUMMARY"] == "A question about your week"
    begins = datetime.strptime(later["DTSTART"], "%Y%m%dT%H%M%S")
    assert begins == datetime.combine(DAY, time(18, 30)) + timedelta(days=182)
    assert "RRULE" not in later
    assert week["UID"] != later["UID"]
    assert all(one["DTSTAMP"].endswith("Z") for one in (week, later))


@pytest.mark.usefixtures("english")
def test_what_a_plan_arranges_comes_along_from_the_first_day_on():
    begin = date(2026, 11, 23)
    week, *others = events(reminders(begin, time(18), 12, 1.79e9, plan=PLAN))
    assert "RRULE" in week
    told = [(one.get("DTSTART", one.get("DTSTART;VALUE=DATE")), one["SUMMARY"]) for one in others]
    assert told == [
        ("20261123", "This week: talk"),
        ("20261208", "bring the letter"),
        ("20261208T143000", "meet Linden"),
        ("20270601", "six months"),
    ]
    assert others[2]["DURATION"] == "PT45M"
    assert len({one["UID"] for one in (week, *others)}) == 5
    later = events(reminders(date(2026, 12, 9), time(18), 12, 1.79e9, plan=PLAN))
    assert [one["SUMMARY"] for one in later[1:]] == ["six months", "Six months: how is it now?"]


def test_a_week_that_has_begun_is_told_of_today_and_practice_at_home_is_no_meeting():
    steps = (
        Step(kind=Kind.GROUP, text="meet"),
        Step(kind=Kind.HANDS_ON, text="at home", often=Often.PRACTICE_DAYS),
        Step(kind=Kind.WRITING, text="write"),
    )
    plan = Plan(start=date(2026, 11, 30), weeks=(Week(number=1, steps=steps),))
    told = events(reminders(date(2026, 12, 2), time(18), 1, 1.79e9, plan=plan))
    assert [one.get("DTSTART;VALUE=DATE") for one in told] == [None, "20261202", None]
    assert len(events(reminders(date(2026, 12, 7), time(18), 1, 1.79e9, plan=plan))) == 2


def test_one_week_is_asked_about_once():
    week, _ = events(reminders(DAY, time(9), 1, 1.79e9))
    assert "RRULE" not in week


def test_long_words_are_folded_between_letters(monkeypatch):
    words = "ä,;\\" * 60
    monkeypatch.setattr("pipelines.weeks.reminding.tr", lambda _: words)
    week, _ = events(reminders(DAY, time(9), 2, 1.79e9))
    assert week["SUMMARY"] == words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
