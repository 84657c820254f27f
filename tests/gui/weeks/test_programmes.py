"""Each programme from its first week to its last, by keyboard, on a calendar that is turned."""

import json
import re
from datetime import date, timedelta

import msgspec
import pytest
from click.testing import CliRunner

from gui.start import State
from gui.weeks import Leaf
from pipelines.command import main
from pipelines.command.keeper import Keeper
from pipelines.programmes import Kind, first_day, read_plan, written
from pipelines.programmes.plan import Activity, Appointment, Contact
from pipelines.recording import KeepWeeks, LibraryState
from pipelines.weeks import Question, Writing, decoded, person, rows
from tests.gui.start.stage import Key, Stage
from tests.gui.weeks.desk import Calendar, OwnDesk
from tests.pipelines.store.libraries import make_library
from tests.pipelines.weeks.calendars import events

pytestmark = [pytest.mark.view, pytest.mark.usefixtures("english", "qapp")]

PASSPHRASE = "seven quiet lamps"
START = date(2026, 11, 30)
TALK = date(2026, 11, 26)
MISSED = (2, 3)
"""Of the weeks that are answered, the second and the third are not."""
HARDER = (
    "Half of everything for some days, and a call to my sister. What helped before: an hour in the "
    "garden, a warm bath, and the walk to the bench by the water."
)
PAGE = "what I do not send"


@pytest.fixture
def calendar(monkeypatch):
    turned = Calendar(START - timedelta(days=7))
    monkeypatch.setattr("gui.start.telling.time", turned.as_module())
    return turned


@pytest.fixture
def library(tmp_path):
    return make_library(tmp_path / "library", PASSPHRASE)[0]


@pytest.fixture
def s(library, calendar, monkeypatch):
    monkeypatch.setattr(Keeper, "is_open", property(lambda _: True))
    with Keeper(LibraryState.OPEN) as keeper:
        stage = Stage(OwnDesk(keeper, library, calendar))
        yield stage
        stage.close()


def plan_from(name, path):
    """A plan that the program makes of a programme, filled in by two people."""
    asked = ["plan", "new", "--programme", name, "--out", path, "--start", START.isoformat()]
    done = CliRunner().invoke(main, [str(one) for one in asked])
    assert done.exit_code == 0, done.stderr
    filled = msgspec.structs.replace(
        read_plan(path),
        setback=HARDER,
        contact=Contact(name="Mo", number="0123 456"),
        activities=(
            Activity(name="walking", unit="minutes", baseline=10.0, increase=2.0, most=20.0),
        ),
        appointments=(Appointment(day=TALK, what="screening talk, with Linden", minutes=90.0),),
    )
    path.write_text(written(filled), "utf-8")
    return filled


def choose(s, key, path):
    """Press a key that asks for a file, and choose one."""
    s.press(key, look=False)
    s.shell.chooses.fileSelected.emit(str(path))
    s.shell.chooses.close()
    s.look()


def turn_to(s, calendar, day):
    """Come back to the weeks on another day."""
    s.press(Key.Key_Escape)
    assert s.state is State.START
    calendar.day = day
    s.press(Key.Key_W)
    assert s.state is State.WEEKS
    assert s.shell.life.story.today == day


def write_a_page(s, *, keeps):
    s.press(Key.Key_W)
    s.press(Key.Key_N)
    s.type(PAGE)
    s.press(Key.Key_Escape)
    s.press(Key.Key_Return if keeps else Key.Key_Delete)
    s.press(Key.Key_Escape)


def answer(s, value):
    """Answer how well the valued activity went, and leave out the rest."""
    s.press(Key.Key_Return)
    s.press(getattr(Key, f"Key_{value}"))
    s.press(Key.Key_Return)
    for _ in s.shell.life.story.asked[1:]:
        s.press(Key.Key_S)


def letters(words):
    """Words without what lies between them: a page reads its lines one by one."""
    return re.sub(r"\W", "", words)


def looked_at(s, week):
    """What the plan holds for this week is one key away, and so is the plan for harder days."""
    s.press(Key.Key_T)
    assert "My plan for this week" in s.words
    said = letters(s.words)
    for step in week.steps:
        assert letters(step.text) in said
    assert letters(week.title) in said
    s.press(Key.Key_Escape)
    s.press(Key.Key_H)
    assert letters(HARDER) in letters(s.words)
    assert "My contact: Mo, 0123 456" in s.words
    s.press(Key.Key_Escape)
    assert s.shell.life.telling.leaf is None


def meets(week):
    kinds = (Kind.TALK, Kind.GROUP, Kind.HANDS_ON, Kind.REVIEW)
    return [one for one in week.steps if one.kind in kinds and one.often == "once"]


def arranged(plan, told):
    """Check what a calendar was told of a plan: each meeting at its week, one a day arranged."""
    weekly, *others = told
    assert weekly["RRULE"] == "FREQ=WEEKLY;COUNT=12"
    assert all(re.fullmatch(r"\d{8}", one["DTSTART;VALUE=DATE"]) for one in others)
    talk = next(one for one in others if one["SUMMARY"].startswith("screening"))
    assert talk["DTSTART;VALUE=DATE"] == TALK.strftime("%Y%m%d")
    assert talk["SUMMARY"] == "screening talk\\, with Linden"
    days = [one["DTSTART;VALUE=DATE"] for one in others if one is not talk]
    wanted = [
        first_day(plan, week.number).strftime("%Y%m%d")
        for week in plan.weeks
        for _ in meets(week)
        if week.number > 0
    ]
    assert days == wanted
    assert len({one["UID"] for one in told}) == len(told)


@pytest.mark.parametrize(
    ("name", "last"),
    [
        ("home-plan", 4),
        pytest.param("workshop", 29, marks=pytest.mark.long),
        pytest.param("pain-management", 38, marks=pytest.mark.long),
    ],
)
def test_a_programme_is_walked_from_its_first_week_to_its_last(
    s, library, calendar, tmp_path, name, last
):
    plan = plan_from(name, tmp_path / "plan.toml")
    s.press(Key.Key_W)
    choose(s, Key.Key_O, tmp_path / "plan.toml")
    s.press(Key.Key_H)
    assert letters(HARDER) in letters(s.words)
    s.press(Key.Key_Escape)
    choose(s, Key.Key_C, tmp_path / "weeks.ics")
    assert "weeks.ics" in s.words
    told = events((tmp_path / "weeks.ics").read_bytes())
    half_a_year = [one for one in told if "half-a-year" in one["UID"]]
    assert len(half_a_year) == (last < 26), "a plan's own look back takes the place of ours"
    arranged(plan, [one for one in told if one not in half_a_year])
    s.press(Key.Key_I)
    s.type("walking to the lake")
    s.press(Key.Key_Return)
    assert max(week.number for week in plan.weeks) == last
    given = {}
    for week in plan.weeks:
        if week.number in MISSED:
            continue  # not looked at at all
        day = first_day(plan, week.number) + timedelta(days=2)
        turn_to(s, calendar, day)
        assert "Walking to the lake" in s.words
        looked_at(s, week)
        for keeps in (False, True) if any(one.kind == Kind.WRITING for one in week.steps) else ():
            write_a_page(s, keeps=keeps)
        given[day - timedelta(days=2)] = value = len(given) % 8 + 2
        answer(s, value)
        assert s.shell.life.story.lanes[0].values[s.shell.life.story.now] == value
        assert s.shell.life.story.caution == ""
    after_all(s, library, given, plan)


def after_all(s, library, given, plan):
    story, kept = s.shell.life.story, decoded(library.own_file().bodies())
    assert dict(person(kept).answers[Question.ACTIVITY]) == given
    values = story.lanes[0].values
    assert sum(one is not None for one in values) == len(given)
    days = [story.start + timedelta(weeks=n) for n, one in enumerate(values) if one is not None]
    assert days == list(given)
    assert "A week without an answer stays empty. That is all right." in s.words
    pages = [one for one in kept if isinstance(one, Writing)]
    writes = [
        one
        for one in plan.weeks
        if one.number not in MISSED and any(step.kind == Kind.WRITING for step in one.steps)
    ]
    assert len(pages) == len(writes)
    sent = [one for one in s.world.errands if isinstance(one, KeepWeeks)]
    assert not any(PAGE.encode() in body for errand in sent for body in errand.entries)
    plain = json.dumps(rows(kept), default=str)
    assert plain.count(PAGE) == len(pages)


def test_a_plan_that_is_none_is_told_and_nothing_is_kept(s, library, tmp_path):
    (tmp_path / "plan.toml").write_text("start = 3\n")
    s.press(Key.Key_W)
    choose(s, Key.Key_O, tmp_path / "plan.toml")
    assert "start is to be a day such as 2026-11-30" in s.words
    assert library.own_file().bodies() == []
    assert s.state is State.WEEKS
    s.press(Key.Key_T)
    assert s.shell.life.telling.leaf is not Leaf.DUE
