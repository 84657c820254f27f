"""`interbeat weeks`, `interbeat outcomes`: a person's own file from the command line."""

import json
import time
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipelines.command import main
from pipelines.command.opening import keep_practice
from pipelines.programmes import PhoneLog, Practised, written
from pipelines.recording import KeepPractice
from pipelines.session import Consent, Phase, PhaseName, Source
from pipelines.weeks import Practice, decoded, encoded, person
from tests.pipelines.logs import session
from tests.pipelines.programmes.codes import code_of
from tests.pipelines.programmes.plans import PLAN
from tests.pipelines.programmes.test_questionnaires import OWN as GARDEN
from tests.pipelines.store.libraries import make_library
from tests.pipelines.weeks.made import SECRET, START, a_log, day

pytestmark = pytest.mark.usefixtures("english")

PASSPHRASE, THEIRS = "seven quiet lamps", "nine blue doors"
LATER = (date.today() + timedelta(days=30)).isoformat()


@pytest.fixture
def library(tmp_path, monkeypatch):
    monkeypatch.setenv("INTERBEAT_PASSPHRASE", PASSPHRASE)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "seal").write_text(THEIRS + "\n")
    return make_library(tmp_path / "lib", PASSPHRASE)[0]


def call(*arguments, store=True, code=0, typed=None):
    rest = ("--store", "lib") if store else ()
    done = CliRunner().invoke(main, [*map(str, arguments), *rest], input=typed)
    assert done.exit_code == code, (done.stdout, done.stderr)
    return done


def entries(library):
    return decoded(library.own_file().bodies())


def test_a_week_is_told_and_seen(library):
    call("weeks", "want", "walking to the lake")
    call("weeks", "rate", "--activity", 3, "--tension", 5, "--day", "2026-09-03")
    call("weeks", "note", "moved house", "--day", "2026-09-16")
    call("weeks", "note", "after the drive", "--flare", 4, "--day", "2026-10-06")
    shown = call("weeks", "show", "--until", "2026-11-22").stdout
    assert shown.startswith("Walking to the lake\nAfter 7 more answers")
    assert "16 September  moved house" in shown
    assert "4 days, after the drive" in shown
    told = json.loads(call("weeks", "show", "--until", "2026-11-22", "--json").stdout)
    assert told["lanes"][0]["values"][0] == 3.0
    assert told["start"] == "2026-08-31"


def test_whoever_begins_with_a_wish_needs_no_recording_first(tmp_path, monkeypatch):
    monkeypatch.setenv("INTERBEAT_PASSPHRASE", PASSPHRASE)
    monkeypatch.chdir(tmp_path)
    assert "record a session first" in call("weeks", "show", code=2).stderr
    assert not (tmp_path / "lib").exists()
    assert "recovery key" in call("weeks", "want", "walking to the lake").stderr
    assert "Walking to the lake" in call("weeks", "show").stdout


def test_a_folder_without_shared_weeks_is_told_before_a_passphrase_is_asked_for(tmp_path):
    (tmp_path / "notes.txt").write_text("nothing")
    done = call("outcomes", tmp_path, store=False, code=2)
    assert "holds no shared weeks" in done.stderr


def test_after_something_unwanted_a_gentler_way_is_offered(library):
    first = call("weeks", "note", "dizzy", "--unwanted", "--day", "2026-09-01").stderr
    assert "Try a short one, with open eyes" in first
    second = call("weeks", "note", "dizzy again", "--unwanted", "--day", "2026-09-02").stderr
    assert "It is fine to stop for now" in second


def test_practices_of_the_library_come_in_once_and_other_sessions_never(library):
    kept = KeepPractice(700.0, ((0.0, 6.0), (600.0, None)), 0.4)
    practice = keep_practice(library, kept)
    short = keep_practice(library, KeepPractice(29.0, ((0.0, 6.0), (29.0, None)), 0.4))
    writer = library.new_session(time.time())
    writer.append([Consent(0.0, "agreed"), *session("rest", 60.0)])
    writer.close(beats=1)
    for _ in range(2):
        call("weeks", "show")
    (found,) = person(entries(library)).practices
    assert (found.id, found.seconds) == (practice, 600.0)
    assert isinstance(found, Practice)
    assert len(entries(library)) == 3
    assert short != practice


def test_a_page_is_kept_alone_and_let_go_for_good(library):
    told = call("weeks", "write", "--json", typed=SECRET)
    (page,) = json.loads(told.stdout)["added"]
    assert SECRET not in call("weeks", "show").stdout
    assert page in call("weeks", "read").stdout
    assert call("weeks", "read", page).stdout.strip() == SECRET
    call("weeks", "let-go", page)
    assert call("weeks", "read").stdout == ""
    call("weeks", "read", page, code=2)
    assert not any(b"box" in body for body in library.own_file().bodies())


def test_all_of_it_leaves_to_be_read_without_us(library, tmp_path):
    library.own_file().add([encoded(one) for one in a_log()])
    call("weeks", "export", "--out", "away")
    names = sorted(path.name for path in (tmp_path / "away").iterdir())
    assert names == ["entries.csv", "entries.json", "weeks.html"]
    plain = json.loads((tmp_path / "away/entries.json").read_text())
    assert len(plain["entries"]) == len(a_log())
    again = call("weeks", "export", "--out", "away", code=2)
    assert "--replace" in again.stderr
    call("weeks", "export", "--out", "away", "--replace")
    inside = call("weeks", "export", "--out", "lib/away", code=1)
    assert inside.stderr


def test_a_part_is_shared_opened_counted_and_taken_back(library, tmp_path):
    library.own_file().add([encoded(one) for one in a_log()])
    (tmp_path / "shared").mkdir()
    told = call(
        "plan", "share", "--with", "Anna", "--part", "weeks", "--part", "plan",
        "--until", LATER, "--out", "shared/a", "--seal-file", "seal", "--json",
    )  # fmt: skip
    share = json.loads(told.stdout)["share"]
    assert share in call("plan", "shares").stdout
    opened = call("plan", "open", "shared/a", "--seal-file", "seal", store=False).stdout
    assert "Walking to the lake is easier" in opened
    assert "moved house" not in opened
    call("plan", "open", "shared/a", "--plan", "p.toml", "--seal-file", "seal", store=False)
    (tmp_path / "shared/other.txt").write_text("nobody's")
    counted = call("outcomes", "shared", "--seal-file", "seal", store=False).stdout
    assert "1 person shared." in counted
    assert "1 better (21 to 100 %)" in counted
    assert "Anna" not in counted
    call("plan", "take-back", share, "--file", "shared/a")
    assert call("plan", "shares").stdout == ""
    gone = call("plan", "open", "shared/a", "--seal-file", "seal", store=False, code=1)
    assert "taken back" in gone.stderr
    after = call("outcomes", "shared", "--seal-file", "seal", "--json", store=False)
    assert json.loads(after.stdout)["people"] == 0


def test_what_could_not_be_written_is_not_noted_as_shared(library, tmp_path):
    (tmp_path / "there").write_text("something else")
    told = ("--with", "Anna", "--part", "weeks", "--until", LATER, "--seal-file", "seal")
    call("plan", "share", *told, "--out", "there", code=2)
    assert (tmp_path / "there").read_text() == "something else"
    assert not entries(library)


def test_a_copy_of_a_share_that_was_taken_back_is_not_counted_beside_its_notice(library, tmp_path):
    library.own_file().add([encoded(one) for one in a_log()])
    (tmp_path / "shared").mkdir()
    told = call("plan", "share", "--with", "A", "--part", "weeks", "--until", LATER,
                "--out", "shared/a", "--seal-file", "seal", "--json")  # fmt: skip
    (tmp_path / "shared/copy").write_bytes((tmp_path / "shared/a").read_bytes())
    call("plan", "take-back", json.loads(told.stdout)["share"], "--file", "shared/a")
    after = call("outcomes", "shared", "--seal-file", "seal", "--json", store=False)
    assert json.loads(after.stdout)["people"] == 0


@pytest.mark.long
def test_a_file_that_does_not_open_is_named_and_the_others_counted(library, tmp_path):
    library.own_file().add([encoded(one) for one in a_log()])
    (tmp_path / "shared").mkdir()
    (tmp_path / "other").write_text("another one\n")
    for name, seal in (("a", "seal"), ("b", "other")):
        call("plan", "share", "--with", "A", "--part", "weeks", "--until", LATER,
             "--out", f"shared/{name}", "--seal-file", seal)  # fmt: skip
    done = call("outcomes", "shared", "--seal-file", "seal", "--json", store=False, code=1)
    assert json.loads(done.stdout)["not_opened"] == 1
    assert json.loads(done.stdout)["people"] == 1
    assert "does not open shared/b" in done.stderr.replace("\\", "/")


def test_a_changed_plan_and_a_file_from_elsewhere_come_in_once(library, tmp_path):
    other = make_library(tmp_path / "other", THEIRS)[0]
    other.own_file().add([encoded(one) for one in a_log()])
    (tmp_path / "theirs").write_bytes(other.own_file().path.read_bytes())
    for added in (len(a_log()), 0):
        told = call("weeks", "import", "theirs", "--seal-file", "seal", "--json")
        assert json.loads(told.stdout) == {"added": added}
    plan = Path("plan.toml")
    call(
        "plan",
        "new",
        "--programme",
        "home-plan",
        "--out",
        plan,
        "--start",
        "2026-09-07",
        store=False,
    )
    for added in (1, 0):
        told = call("weeks", "import", plan, "--json")
        assert json.loads(told.stdout) == {"added": added}
    plan.write_text(plan.read_text().replace('made_by = ""', 'made_by = "Juniper"'))
    assert json.loads(call("weeks", "import", plan, "--json").stdout) == {"added": 1}
    assert "Juniper" in person(entries(library)).plan
    plan.write_text("start = 3")
    assert "plan.toml" in call("weeks", "import", plan, code=1).stderr
    call("weeks", "let-go", "h")
    told = call("weeks", "import", "theirs", "--seal-file", "seal", "--json")
    assert json.loads(told.stdout) == {"added": 0}
    assert person(entries(library)).happenings == ()


def test_what_the_phone_logged_comes_in_once_with_its_tension_and_note(library):
    started = datetime(2026, 9, 3, 20, 30, tzinfo=timezone(timedelta(hours=2)))
    log = [
        Practised(started=started + timedelta(days=number), breathed_s=300, first_rate=7.0,
                  last_rate=6.0, tension_before=3, tension_after=6, note="on the sofa")
        for number in range(2)
    ]  # fmt: skip
    for count, added in ((1, 2), (2, 2), (2, 0)):
        code = code_of(PhoneLog("0a1b2c3d", tuple(log[:count])))
        told = call("weeks", "import", code, "--json")
        assert json.loads(told.stdout) == {"added": added}
    first, _ = person(entries(library)).practices
    assert (first.day, first.hour, first.seconds) == (date(2026, 9, 3), 20, 300.0)
    assert (first.before, first.after) == (3, 6)
    assert [one.words for one in person(entries(library)).happenings] == ["on the sofa"] * 2
    shown = call("weeks", "show", "--until", "2026-09-10").stdout
    assert "It is fine to stop for now" in shown
    assert "neither a code nor a file" in call("weeks", "import", "no log", code=1).stderr


def test_a_quiet_recording_is_a_resting_measure_in_one_posture(library):
    writer = library.new_session(1.79e9)
    writer.append([*session("rest", 310.0), Phase(310.0, PhaseName.FINISHED)])
    writer.close(beats=1)
    assert any(isinstance(one, Source) for one in library.events(writer.session))
    call("weeks", "rest", writer.session, "--posture", "lying")
    found = person(entries(library))
    assert found.on == {"resting"}
    assert 2.0 < found.resting[0].ln_rmssd < 6.0
    other = call("weeks", "rest", writer.session, "--posture", "sitting", code=1)
    assert "one posture" in other.stderr
    practice = keep_practice(library, KeepPractice(90.0, ((0.0, 6.0), (90.0, None)), 0.4))
    guided = call("weeks", "rest", practice, "--posture", "lying", code=1)
    assert "is no rest" in guided.stderr
    call("weeks", "rest", "--off")
    assert person(entries(library)).on == frozenset()


def test_reminders_are_written_for_a_calendar(library, tmp_path):
    call("weeks", "remind", "--from", "2026-10-23", "--out", "r.ics", store=False)
    assert (tmp_path / "r.ics").read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    call("weeks", "remind", "--out", "r.ics", store=False, code=2)
    (tmp_path / "plan.toml").write_text(written(PLAN), "utf-8")
    told = ("weeks", "remind", "--from", "2026-11-23", "--plan", "plan.toml", "--out", "p.ics")
    call(*told, store=False)
    assert b"meet Linden" in (tmp_path / "p.ics").read_bytes()
    (tmp_path / "plan.toml").write_text("start = 3")
    refused = call(*told, "--replace", store=False, code=1)
    assert "start is to be a day" in refused.stderr
    assert b"meet Linden" in (tmp_path / "p.ics").read_bytes()


@pytest.mark.parametrize(
    "wrong",
    [
        ("rate",),
        ("rate", "--activity", 11),
        ("want", " "),
        ("note", "x", "--flare", 2, "--unwanted"),
        ("let-go", "nobody"),
        ("rest",),
        ("rest", "abcdefgh"),
        ("share", "--with", "A", "--part", "weeks", "--until", "2020-01-01", "--out", "s"),
        ("take-back", "x", "--file", "seal"),
    ],
)
def test_a_wrong_call_is_one_sentence_and_changes_nothing(library, wrong):
    group = "plan" if wrong[0] in ("share", "take-back") else "weeks"
    done = call(group, *wrong, code=2)
    assert len(done.stderr.strip().splitlines()) >= 1
    assert library.own_file().bodies() == []


def test_a_sum_beyond_a_questionnaire_is_refused(library):
    assert "from 0 to 21" in call("weeks", "sum", "GAD-7", 22, code=1).stderr
    call("weeks", "sum", "GAD-7", 21)
    call("weeks", "sum", "our own", 900)


def test_a_questionnaire_is_answered_item_by_item_and_its_sum_alone_is_kept(library):
    first = call("weeks", "ask", "gad-7", "--json", typed="3\n2\n9\n3\n2\n2\n1\n0\n")
    assert len(json.loads(first.stdout)["added"]) == 1
    assert "Feeling nervous, anxious or on edge" in first.stderr
    assert "No permission required to reproduce" in first.stderr
    assert first.stderr.rstrip().endswith("Sum: 13 of 21.")
    second = call("weeks", "ask", "GAD-7", typed="1\n1\n1\n1\n1\n1\n1\n").stderr
    assert "Sum: 7 of 21. That is less than the first time (13), beyond chance." in second
    third = call("weeks", "ask", "GAD-7", typed="2\n2\n2\n1\n1\n1\n1\n").stderr
    assert "The first time it was 13: no more change than chance makes." in third
    assert [(one.scale, one.value) for one in entries(library)] == [
        ("GAD-7", 13), ("GAD-7", 7), ("GAD-7", 10)]  # fmt: skip
    for word in ("severe", "mild", "moderate", "minimal"):
        assert word not in (first.stderr + second + third).casefold()


def test_a_questionnaire_that_is_broken_off_leaves_nothing(library):
    call("weeks", "ask", "PHQ-4", typed="1\n1\n", code=1)
    assert entries(library) == []
    refused = call("weeks", "ask", "GAD-8", code=2).stderr
    assert "There is no such questionnaire; take GAD-7, PHQ-4, or a file" in refused


def test_where_official_words_are_missing_that_is_said_plainly(library, monkeypatch):
    monkeypatch.setattr("pipelines.command.weeks.language", lambda: "de")
    told = call("weeks", "ask", "PHQ-4", typed="0\n0\n0\n0\n").stderr
    assert "This questionnaire is here in English only" in told
    assert "Trouble" not in told
    assert "Feeling down, depressed, or hopeless" in told


def test_a_clinics_own_questionnaire_is_asked_and_counted_the_way_it_reads(library, tmp_path):
    (tmp_path / "own.toml").write_text(GARDEN, "utf-8")
    call("weeks", "ask", "own.toml", typed="0\n0\n")
    assert "more than the first time (0)" in call("weeks", "ask", "own.toml", typed="2\n2\n").stderr
    (tmp_path / "given").mkdir()
    told = ("--with", "Anna", "--part", "sums", "--until", LATER, "--seal-file", "seal")
    call("plan", "share", *told, "--out", "given/one")
    counted = call("outcomes", "given", "--scale", "own.toml", "--seal-file", "seal", "--json",
                   store=False)  # fmt: skip
    found = {one["measure"]: one for one in json.loads(counted.stdout)["measures"]}
    assert found["Garden days"]["better"]["count"] == 1
    (tmp_path / "own.toml").write_text(GARDEN.replace('"higher"', '"lower"'), "utf-8")
    counted = call("outcomes", "given", "--scale", "own.toml", "--seal-file", "seal", "--json",
                   store=False)  # fmt: skip
    found = {one["measure"]: one for one in json.loads(counted.stdout)["measures"]}
    assert found["Garden days"]["worse"]["count"] == 1
    (tmp_path / "own.toml").write_text("name = 3")
    assert "name is to be a text in quotes" in call("weeks", "ask", "own.toml", code=1).stderr
    wrong = ("outcomes", "given", "--scale", "own.toml", "--seal-file", "seal")
    assert "name is to be a text in quotes" in call(*wrong, store=False, code=1).stderr


def test_the_page_to_print_is_written_outside_the_library(library, tmp_path):
    library.own_file().add([encoded(one) for one in a_log()])
    call("weeks", "show", "--out", "w.html", "--until", day(83).isoformat())
    assert "easier than in the first month" in (tmp_path / "w.html").read_text("utf-8")
    assert START.isoformat() not in (tmp_path / "w.html").read_text("utf-8")
