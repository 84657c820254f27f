"""`interbeat validate` as it is called."""

import json

import pytest
from click.testing import CliRunner

from pipelines.command import main
from pipelines.command.output import Lost
from proof import page
from proof.validation import command as validate
from proof.validation import every
from proof.validation.check import NO_RECORDINGS, Check, Finding


def check(key, finding):
    return Check(key, f"Title of {key}", "a goal", "closed form", lambda folder: finding(folder))


def held(folder):
    return Finding("0 %", True)


def missed(folder):
    return Finding("9 %", False, "Too far.")


def on_recordings(folder):
    return NO_RECORDINGS if folder is None else Finding(folder.name, True)


@pytest.fixture(autouse=True)
def checks(monkeypatch, tmp_path):
    """A project of its own with three checks, none of them slow."""
    found = {"held": held, "missed": missed, "recorded": on_recordings}

    def topics(only=()):
        kept = [check(key, find) for key, find in found.items() if not only or key in only]
        return (every.Topic("A topic", tuple(kept)),)

    monkeypatch.setattr(every, "topics", topics)
    monkeypatch.setattr(page, "PROJECT", tmp_path / "clone")
    (tmp_path / "clone" / "docs").mkdir(parents=True)
    (tmp_path / "clone" / "pyproject.toml").touch()
    return found


def call(*arguments):
    done = CliRunner().invoke(main, ["validate", *map(str, arguments)], prog_name="interbeat")
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def test_a_missed_goal_is_exit_code_1_and_is_told(tmp_path):
    done = call()
    assert done.exit_code == 1
    assert "held: Title of held [held]" in done.stdout
    assert "missed: Title of missed [missed]" in done.stdout
    assert "Too far." in done.stdout
    assert "not tried: Title of recorded" in done.stdout
    assert "No recordings are here" in done.stderr
    assert (
        done.stderr.splitlines()[-1] == "3 checks: 1 held, 1 missed, 1 not tried. Missed: `missed`."
    )
    page = (tmp_path / "clone" / "docs" / "validation.md").read_text()
    assert "## A topic" in page
    assert str(tmp_path) not in page


def test_nothing_missed_is_exit_code_0_and_a_part_replaces_no_page(tmp_path):
    done = call("--only", "held", "--only", "recorded")
    assert done.exit_code == 0
    assert "2 checks: 1 held, 0 missed, 1 not tried." in done.stderr
    assert not (tmp_path / "clone" / "docs" / "validation.md").exists()


def test_recordings_beside_the_clone_are_found(tmp_path):
    (tmp_path / "shared" / "data").mkdir(parents=True)
    done = call("--only", "recorded", "--json")
    assert json.loads(done.stdout)["ours"] == "data"
    assert "No recordings" not in done.stderr


def test_recordings_elsewhere_are_named(tmp_path):
    (tmp_path / "mine").mkdir()
    done = call("--only", "recorded", "--json", "--recordings", tmp_path / "mine")
    assert json.loads(done.stdout)["ours"] == "mine"


def test_json_is_one_object_a_check():
    rows = [json.loads(line) for line in call("--json").stdout.splitlines()]
    assert [(row["key"], row["held"]) for row in rows] == [
        ("held", True),
        ("missed", False),
        ("recorded", None),
    ]


def test_the_page_goes_where_it_is_told(tmp_path):
    done = call("--only", "held", "--out", tmp_path / "page.md")
    assert done.exit_code == 0
    assert (tmp_path / "page.md").read_text().startswith("# Validation")


def test_without_docs_there_is_no_page(tmp_path, monkeypatch):
    monkeypatch.setattr(page, "PROJECT", tmp_path / "site-packages")
    assert "Written" not in call("--only", "held").stderr


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--recordings", "nowhere"), 2, "is no folder"),
        (("--only", "held", "--out", "nowhere/page.md"), 1, "cannot be written"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(arguments, code, words):
    done = call(*arguments)
    assert done.exit_code == code
    assert words in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_a_page_that_cannot_be_written_is_told_before_anything_is_tried(tmp_path):
    done = call("--out", tmp_path / "nowhere" / "page.md")
    assert done.exit_code == 1
    assert done.stdout == ""


def test_a_page_is_untouched_until_there_is_another(checks, tmp_path):
    def stopped(folder):
        raise KeyboardInterrupt

    checks["held"] = stopped
    page_file = tmp_path / "clone" / "docs" / "validation.md"
    call()
    assert not page_file.exists()
    page_file.write_text("before")
    call()
    assert page_file.read_text() == "before"


def test_lost_output_is_exit_code_1(monkeypatch):
    monkeypatch.setattr("sys.stdout", Lost())
    with pytest.raises(SystemExit) as ended:
        main(["validate", "--only", "held"], prog_name="interbeat")
    assert ended.value.code == 1


def test_who_stops_it_is_told_in_one_sentence(checks):
    def stopped(folder):
        raise KeyboardInterrupt

    checks["held"] = stopped
    done = call("--only", "held")
    assert done.exit_code == 1
    assert done.stderr.splitlines()[-1] == "Stopped before it was done."


def test_an_unknown_check_is_a_wrong_call(monkeypatch):
    def refuse(only=()):
        raise every.UnknownCheckError('No check is called "x"; docs/validation.md names them all.')

    monkeypatch.setattr(every, "topics", refuse)
    done = call("--only", "x")
    assert done.exit_code == 2
    assert done.stderr == 'No check is called "x"; docs/validation.md names them all.\n'


def test_the_command_is_offered():
    assert main.commands["validate"].loaded() is validate.validate
