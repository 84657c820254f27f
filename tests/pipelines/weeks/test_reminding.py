"""Reminders as other programs read them: RFC 5545, read by its rules."""

from datetime import date, datetime, time, timedelta

import pytest

from pipelines.weeks import reminders

DAY = date(2026, 10, 23)


def events(content):
    """Return the events of a calendar, each as a mapping, by the rules of RFC 5545."""
    assert content.endswith(b"\r\n")
    raw = content.split(b"\r\n")[:-1]
    assert all(len(line) <= 75 for line in raw)
    assert not any(b"\n" in line for line in raw)
    lines = content.decode().replace("\r\n ", "").split("\r\n")[:-1]
    found, open_ones = [], []
    for line in lines:
        name, _, value = line.partition(":")
        if name == "BEGIN":
            open_ones.append((value, {}))
        elif name == "END":
            kind, fields = open_ones.pop()
            assert kind == value
            found += [fields] if kind == "VEVENT" else []
        else:
            open_ones[-1][1][name] = value
    assert open_ones == []
    assert lines[:3] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Interbeat//Weeks//EN"]
    return found


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


def test_one_week_is_asked_about_once():
    week, _ = events(reminders(DAY, time(9), 1, 1.79e9))
    assert "RRULE" not in week


def test_long_words_are_folded_between_letters(monkeypatch):
    words = "ä,;\\" * 60
    monkeypatch.setattr("pipelines.weeks.reminding.tr", lambda _: words)
    week, _ = events(reminders(DAY, time(9), 2, 1.79e9))
    assert week["SUMMARY"] == words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
