"""Earlier hours beside one: their baselines, what was noted of medicines, and no trend untold."""

import re
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from pipelines.report import as_html
from pipelines.session import (
    Baseline,
    Context,
    ContextLine,
    LeftOut,
    LeftOutReason,
    Pace,
    Posture,
    PostureName,
    Source,
    beats_of,
)
from tests.pipelines.logs import of_file
from tests.pipelines.report.hours import BEGAN, for_client, in_order, report, words_of

pytestmark = pytest.mark.usefixtures("english")

TREND = "trend|improve|better|worse|progress|recover"


@cache
def beating(bpm):
    """Four minutes at an even rate that sways a little."""
    count, time, log = int(4 * bpm), 0.0, [Source(0.0, 0, "client", "x")]
    for beat in range(count):
        rr = 60_000.0 / bpm + 20.0 * (beat % 4 - 1.5)
        time += rr / 1000.0
        log.append(of_file(time, 0, [rr]))
    return tuple(log)


def hour(bpm, *more, baseline=True):
    chosen = [Baseline(200.0, 0, 0.0, 180.0)] if baseline else []
    return in_order(beating(bpm), *chosen, *more)


def taking(words):
    return Context(1.0, ContextLine.MEDICINES, words)


def beside(*logs):
    """Return the report of the last of these hours, a week apart, with the others before it."""
    earlier = [
        (BEGAN - timedelta(weeks=len(logs) - 1 - week), beats_of(log)[0])
        for week, log in enumerate(logs[:-1])
    ]
    return report(logs[-1], earlier=earlier)


def section(*logs):
    return beside(*logs).earlier


FALLS = (70, 71, 69, 70, 66, 61, 60, 62, 61)


def test_every_hour_has_its_own_baseline_and_range():
    (table,) = section(hour(60), hour(72, taking("one tablet")), hour(66)).tables
    assert [row[2:] for row in table.rows] == [
        ("60", "58", "62", "–"),
        ("72", "70", "74", "one tablet"),
        ("66", "64", "68", "–"),
    ]
    assert [row[0][:15] for row in table.rows] == [
        "31 October 2026", "7 November 2026", "14 November 202",
    ]  # fmt: skip
    assert table.rows[-1][0].endswith(", 09:30")


def test_a_change_is_told_by_the_rule_alone():
    told = section(*map(hour, FALLS))
    assert told.paragraphs == (
        "In the last four hours the baseline was 9 bpm lower than in the first four: 61 against 70 "
        "bpm, which had a spread of 1.",
    )
    risen = section(*(hour(130 - bpm) for bpm in FALLS))
    assert "9 bpm higher than in the first four: 69 against 60 bpm" in risen.paragraphs[0]
    for silent in (FALLS[:7], (70, 71, 69, 70, 66, 66, 65, 66), (60, 80, 65, 75, 60, 61, 60, 61)):
        assert section(*map(hour, silent)).paragraphs == ()


def test_the_note_on_regression_and_the_rule_always_stand_there():
    for hours in (FALLS, FALLS[:2]):
        notes = " ".join(section(*map(hour, hours)).tables[0].notes)
        assert "regression to the mean" in notes
        assert "from 6 bpm and two spreads of the first four" in notes


@pytest.mark.long
def test_other_postures_paced_hours_and_such_without_a_baseline_are_listed_and_not_compared():
    sitting, standing = (
        Posture(2.0, 0, name) for name in (PostureName.SITTING, PostureName.STANDING)
    )
    usual = [hour(bpm, sitting) for bpm in FALLS]
    assert section(*usual).paragraphs
    for other, cell in (
        (hour(61, standing), "61"),
        (hour(61, sitting, Pace(3.0, 6.0, 0.5)), "breathing was paced"),
        (hour(61, sitting, baseline=False), "no baseline was chosen"),
        (hour(61, sitting, LeftOut(300.0, 0, 0.0, 170.0, LeftOutReason.MOVING)), None),
    ):
        several = [*usual[:4], other, other, other, usual[-1]]
        made = section(*several)
        assert made.paragraphs == ()
        assert len(made.tables[0].rows) == 8
        assert cell is None or made.tables[0].rows[4][2] == cell
    assert section(*usual[:-1], hour(61, standing)).paragraphs == ()
    assert section(*usual[:-1], hour(61, sitting, baseline=False)).paragraphs == ()


def test_it_says_when_other_medicines_were_noted():
    logs = (
        hour(70, taking("none")), hour(70), hour(70, taking("none")), hour(64, taking("a new one")),
        hour(64, taking("a new one")),
    )  # fmt: skip
    (told,) = section(*logs).paragraphs
    assert told.startswith("Other medicines were noted on 7 November 2026 than the time before")
    assert section(hour(70, taking("none")), hour(70)).paragraphs == ()


def test_many_hours_stay_on_one_page():
    made = beside(*map(hour, [70, 71] * 20))
    (table,) = made.earlier.tables
    assert len(table.rows) == 20
    assert table.notes[0] == "20 hours after the first four are not listed."
    days = [row[0] for row in table.rows]
    first = BEGAN - timedelta(weeks=39)
    assert days[0].startswith(f"{first.day} {first:%B} {first.year}")
    assert days[-1].startswith("14 November 2026")


def test_nothing_in_it_speaks_of_a_trend_and_the_client_has_none_of_it():
    made = beside(*map(hour, FALLS))
    assert not re.search(TREND, words_of(made), re.I)
    page = as_html(made)
    assert page.count("<svg") == as_html(report(hour(FALLS[-1]))).count("<svg")
    assert "Earlier hours" in page
    earlier = [(datetime(2026, 11, 1, tzinfo=UTC), beats_of(hour(60))[0])]
    assert for_client(hour(61), earlier=earlier).earlier is None
    assert report(hour(61)).earlier is None
