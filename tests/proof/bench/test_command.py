"""`interbeat bench` as it is called."""

import pytest
from click.testing import CliRunner

from pipelines.command import main
from proof import page
from proof.bench import command as bench
from proof.bench import run
from proof.bench.run import Row


@pytest.fixture(name="measured")
def _measured(monkeypatch, tmp_path):
    """A clone of its own, and what stands in for measuring a pair; returns what was measured."""
    found = []

    def row(pair, *, quick):
        found.append((pair, quick))
        return Row(*pair, ours=1.0, theirs=None if pair[1] is None else 2.0)

    monkeypatch.setattr(run, "row", row)
    monkeypatch.setattr(page, "PROJECT", tmp_path / "clone")
    (tmp_path / "clone" / "docs").mkdir(parents=True)
    (tmp_path / "clone" / "pyproject.toml").touch()
    return found


def call(*arguments):
    done = CliRunner().invoke(main, ["bench", *map(str, arguments)], prog_name="interbeat")
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def test_the_whole_page_goes_into_the_clone(tmp_path, measured):
    done = call()
    assert done.exit_code == 0
    assert len(measured) > 50
    assert (tmp_path / "clone" / "docs" / "benchmarks.md").read_text().startswith("# Benchmarks")
    assert (tmp_path / "clone" / "docs" / "pictures" / "bench_ratios_light.svg").is_file()


def test_the_clone_is_the_folder_that_the_packages_are_in():
    assert (page.PROJECT / "proof" / "page.py").samefile(page.__file__)


@pytest.mark.parametrize("part", [("--quick",), ("--only", "sampen")])
def test_a_part_replaces_no_page_but_goes_where_it_is_told(tmp_path, measured, part):
    assert "Written" not in call(*part).stderr
    assert measured
    assert not (tmp_path / "clone" / "docs" / "benchmarks.md").exists()
    call(*part, "--out", tmp_path / "new" / "page.md")
    assert "This page is of a part" in (tmp_path / "new" / "page.md").read_text()


def test_a_page_that_cannot_be_written_is_told_before_anything_is_measured(tmp_path, measured):
    (tmp_path / "file").touch()
    done = call("--out", tmp_path / "file" / "page.md")
    assert done.exit_code == 1
    assert "cannot be written" in done.stderr.splitlines()[-1]
    assert measured == []


def test_an_unknown_task_is_a_wrong_call(measured):
    done = call("--only", "x")
    assert done.exit_code == 2
    assert done.stderr.startswith("There is no task x; there are sliding-time-domain,")
    assert measured == []


def test_a_quick_run_of_long_tasks_alone_is_a_wrong_call(measured):
    done = call("--quick", "--only", "memory")
    assert done.exit_code == 2
    assert "without --quick" in done.stderr
    assert measured == []


def test_one_task_is_timed_and_its_page_written(tmp_path):
    out = tmp_path / "page.md"
    done = call("--only", "live-minute", "--out", out)
    assert done.exit_code == 0
    heading, row = done.stdout.splitlines()
    assert heading.startswith("task")
    assert row.startswith("Live panel")
    assert "only live-minute" in out.read_text(encoding="utf-8")


def test_the_command_is_offered():
    assert main.commands["bench"].loaded() is bench.bench
