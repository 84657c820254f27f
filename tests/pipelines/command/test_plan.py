"""`interbeat plan`: a plan is made, told and carried to a phone; what is not so is one sentence."""

import json
import tomllib
from datetime import date

import pytest
from click.testing import CliRunner

from pipelines.command import main
from pipelines.command import plan as command
from pipelines.programmes import SHIPPED, read_plan
from tests.pipelines.programmes.codes import code_of
from tests.pipelines.programmes.test_codes import CODE, LOG

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture(autouse=True)
def _today(monkeypatch, tmp_path):
    monkeypatch.setattr(command, "today", lambda: date(2026, 12, 1))
    monkeypatch.chdir(tmp_path)


def run(*arguments, given=None):
    return CliRunner().invoke(main, ["plan", *map(str, arguments)], input=given)


def made(name="workshop", *more):
    done = run("new", "--programme", name, "--out", "plan.toml", *more)
    assert done.exit_code == 0, done.stderr
    return "plan.toml"


@pytest.mark.parametrize("name", SHIPPED)
def test_a_plan_of_each_programme_is_made_and_told(name):
    path = made(name, "--for", "Juniper", "--start", "2026-11-30")
    told = json.loads(run("show", path, "--json").stdout)
    assert (told["programme"], told["made_by"], told["start"]) == (name, "Juniper", "2026-11-30")
    assert [week["number"] for week in told["weeks"] if week["now"]] == [1]
    assert "Week 1, 30 November to 6 December 2026 (this week)" in run("show", path).stdout
    (later,) = (
        week
        for week in json.loads(run("show", path, "--json", "--day", "2026-12-08").stdout)["weeks"]
        if week["now"]
    )
    assert later["number"] == 2


def test_it_begins_today_and_has_an_id_of_its_own():
    first = read_plan(made())
    second = read_plan(made("workshop", "--replace"))
    assert first.start == date(2026, 12, 1)
    assert first.id != second.id
    assert len(first.id) == 8


def test_it_is_its_owners_alone(tmp_path):
    assert (tmp_path / made()).stat().st_mode & 0o777 == 0o600


def test_what_a_newer_program_wrote_is_no_part_of_its_json(tmp_path):
    path = tmp_path / made()
    path.write_text('mellow = "x"\n' + path.read_text("utf-8"), "utf-8")
    told = run("show", path, "--json").stdout
    assert "mellow" not in told
    assert "unread" not in told


def test_a_clinic_makes_plans_of_its_own_programme(tmp_path):
    (tmp_path / "ours.toml").write_text('title = "Ours"\n[[weeks]]\nnumber = 1\n', "utf-8")
    plan = read_plan(made("ours.toml"))
    assert (plan.title, plan.programme) == ("Ours", "ours")


def test_a_page_is_made_and_its_code_read():
    done = run("phone", made(), "--out", "page.html")
    assert done.exit_code == 0
    assert done.stdout == "page.html\n"
    assert done.stderr == "This file is not encrypted; whoever has it can read it.\n"
    lines = run("phone", "--read", CODE, "--json").stdout.splitlines()
    assert [json.loads(line)["breathed_s"] for line in lines] == [600, 31]
    assert {json.loads(line)["plan"] for line in lines} == {LOG.plan}
    assert run("phone", "--read", "-", "--json", given=f"{CODE}\n").stdout.splitlines() == lines


def test_a_log_is_told_in_words():
    done = run("phone", "--read", code_of(LOG))
    assert done.stdout.splitlines() == [
        "2026-12-01 19:30  That was 10 minutes of breathing.  Tension before: 4.  "
        "Tension after: 0.  ruhig, dann müde 🌙",
        "2026-12-03 07:00  That was a minute of breathing.",
    ]
    assert done.stderr == "2 practices.\n"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["new", "--programme", "none", "--out", "x.toml"], 2, 'There is no programme "none"'),
        (["new", "--programme", "no.toml", "--out", "x.toml"], 1, "there is no such file"),
        (["new", "--programme", "workshop", "--out", "plan.toml"], 2, "plan.toml is there already"),
        (
            ["new", "--programme", "workshop", "--out", "no/x.toml"],
            1,
            "no/x.toml cannot be written",
        ),
        (
            ["new", "--programme", "workshop", "--out", "x.toml", "--start", "soon"],
            2,
            "--start is no day; give one such as 2026-11-30.",
        ),
        (
            ["new", "--programme", "workshop", "--out", "x.toml", "--start", "0001-01-01"],
            1,
            "start is to be a day",
        ),
        (["show", "none.toml"], 1, "none.toml cannot be read: there is no such file"),
        (["show", "plan.toml", "--day", "x"], 2, "--day is no day"),
        (["phone"], 2, "Name the plan, and where its page goes"),
        (["phone", "plan.toml"], 2, "Name the plan, and where its page goes"),
        (["phone", "plan.toml", "--out", "x.html", "--json"], 2, "--json goes with --read"),
        (["phone", "plan.toml", "--read", CODE], 2, "--read takes a code or a file"),
        (["phone", "--out", "x.html", "--read", CODE], 2, "--read takes a code or a file"),
        (["phone", "plan.toml", "--out", "plan.toml"], 2, "plan.toml is there already"),
        (["phone", "--read", CODE[:-3]], 1, "This code is cut or changed"),
        (["phone", "--read", "none"], 1, "none is neither a code nor a file"),
    ],
)
def test_what_is_not_so_is_one_sentence(arguments, code, said, tmp_path):
    before = (tmp_path / made()).read_bytes()
    done = run(*arguments)
    assert done.exit_code == code
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""
    assert (tmp_path / "plan.toml").read_bytes() == before


def test_what_is_written_can_be_edited_by_hand(tmp_path):
    text = (tmp_path / made()).read_text("utf-8")
    edited = text.replace("goals = []", 'goals = ["walk to the lake"]') + (
        '\n[[activities]]\nname = "walking"\nunit = "minutes"\nbaseline = 10\nincrease = 2\n'
    )
    (tmp_path / "plan.toml").write_text(edited, "utf-8")
    assert tomllib.loads(edited)["goals"] == ["walk to the lake"]
    said = run("show", "plan.toml").stdout
    assert "walk to the lake" in said
    assert "walking: 10 minutes" in said
    assert "walking: 12 minutes" in said
