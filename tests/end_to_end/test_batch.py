"""`interbeat batch`: the same tables whoever measures, and nothing done twice or lost."""

import csv
import json
import os
import random
import signal
import subprocess
import sys
import time

import msgspec
import numpy as np
import pytest

from tests.end_to_end.program import COMMAND, PATIENCE, environment, eventually, same

polars = pytest.importorskip("polars", reason="the tables need the extra research")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("batch") / "study"
    (made / "more").mkdir(parents=True)
    for place in range(4):
        rng = np.random.default_rng(place)
        rr = 800 + 10 * place + 40 * np.sin(np.arange(330) / 1.2) + rng.normal(0, 8, 330)
        path = made / ("more" if place % 2 else "") / f"sub-{place}.txt"
        path.write_text("\n".join(f"{one:.0f}" for one in rr))
    (made / "again.txt").write_bytes((made / "sub-0.txt").read_bytes())
    (made / "broken.edf").write_bytes(b"0       " + bytes(40))
    (made / "README.md").write_text("about")
    os.mkfifo(made / "pipe.csv")
    return made


class Command:
    """The command without a library: a batch opens none."""

    def __init__(self, home):
        self.home = home

    def start(self, *arguments):
        command = [COMMAND, *map(str, arguments)]
        surroundings = environment(self.home)
        pipe = subprocess.PIPE
        return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=surroundings)

    def run(self, *arguments):
        begun = self.start(*arguments)
        out, said = begun.communicate(timeout=10 * PATIENCE)
        return subprocess.CompletedProcess(begun.args, begun.returncode, out, said)


@pytest.fixture
def program(tmp_path):
    return Command(tmp_path)


WINDOWS = ("--window", 60)


@pytest.fixture(scope="module")
def out(folder):
    """What the folder becomes, measured by one worker alone."""
    made = folder.parent / "one"
    done = Command(folder.parent).run("batch", folder, "--out", made, "--workers", 1, *WINDOWS)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{made}\n"
    assert "4 recordings measured, 3 not: see failures.csv." in done.stderr
    assert "\r" not in done.stderr
    return made


def tables(out):
    """Return what lies in a folder of results and does not tell how it came about."""
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }


def rows(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.long
def test_tables_are_the_same_for_any_number_of_workers(program, folder, out, tmp_path):
    other = tmp_path / "three"
    done = program.run("batch", folder, "--out", other, "--workers", 3, *WINDOWS)
    assert done.returncode == 0, done.stderr
    assert tables(other) == tables(out)


def test_a_folder_becomes_tables(program, folder, out):
    failures = {row["recording"]: row["reason"] for row in rows(out / "failures.csv")}
    assert sorted(failures) == ["broken.edf", "pipe.csv", "sub-0.txt"]
    assert "holds the same as again.txt" in failures["sub-0.txt"]
    assert "pipe" in failures["pipe.csv"]
    tidy = rows(out / "measures.csv")
    assert {row["recording"] for row in tidy} == {
        "again.txt", "sub-2.txt", "more/sub-1.txt", "more/sub-3.txt",
    }  # fmt: skip
    table = polars.read_parquet(out / "measures.parquet")
    assert table.height == len(tidy)
    assert table["recording"].to_list() == [row["recording"] for row in tidy]
    windows = polars.read_parquet(out / "windows.parquet" / "*.parquet")
    assert set(windows["recording"]) == {"again.txt", "sub-0.txt", "sub-2.txt", "more/sub-1.txt",
                                         "more/sub-3.txt"}  # fmt: skip
    told = json.loads((out / "provenance.json").read_text())
    assert told["passed_over"] == ["README.md"]
    assert len(told["inputs"]) == 7
    assert str(folder.parent) not in (out / "provenance.json").read_text()
    page = (out / "report.html").read_text("utf-8")
    assert "more/sub-3.txt" in page
    assert "src=" not in page
    _equal_to_analyse(program, folder / "sub-2.txt", tidy)


def _equal_to_analyse(program, path, tidy):
    done = program.run("analyse", path, "--json")
    line = msgspec.json.decode(done.stdout)
    for row in (row for row in tidy if row["recording"] == path.name):
        value = float(row["value"]) if row["value"] else None
        assert same(value, line["measures"][row["measure"]]["value"])


@pytest.mark.long
def test_whatever_is_killed_goes_on_with_more_workers_and_ends_the_same(
    program, folder, out, tmp_path
):
    killed = tmp_path / "killed"
    begun = program.start("batch", folder, "--out", killed, "--workers", 1, *WINDOWS)
    parts = killed / "parts"
    assert eventually(lambda: any(parts.glob("*.json")))
    begun.kill()
    begun.communicate()
    kept = {path: path.stat().st_mtime_ns for path in parts.glob("*.json")}
    assert kept
    refused = program.run("batch", folder, "--out", killed, *WINDOWS)
    assert refused.returncode == 2
    assert "go on with --resume" in refused.stderr
    done = program.run("batch", folder, "--out", killed, "--resume", "--workers", 2, *WINDOWS)
    assert done.returncode == 0, done.stderr
    assert "measured already" in done.stderr
    assert all(path.stat().st_mtime_ns == when for path, when in kept.items())
    assert tables(killed) == tables(out)


@pytest.mark.long
@pytest.mark.parametrize("moment", range(20))
def test_whenever_it_is_killed_it_ends_the_same(program, folder, tmp_path, moment):
    asked = ("--workers", 2, "--window", 60, "--beats")
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    began = time.monotonic()
    assert program.run("batch", folder, "--out", whole, *asked).returncode == 0
    lasts = time.monotonic() - began
    # The command alone: its workers end by themselves, and may write until they do.
    begun = program.start("batch", folder, "--out", killed, *asked)
    time.sleep(lasts * random.Random(moment).uniform(0.1, 1.1))
    begun.kill()
    begun.communicate()
    done = program.run("batch", folder, "--out", killed, "--resume", *asked)
    assert done.returncode == 0, done.stderr
    assert tables(killed) == tables(whole)


@pytest.mark.long
def test_a_folder_of_something_else_or_another_plan_is_left_alone(program, folder, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.txt").write_text("mine")
    done = program.run("batch", folder, "--out", out)
    assert done.returncode == 2
    assert "holds something else" in done.stderr
    assert [path.name for path in out.iterdir()] == ["thesis.txt"]
    other = tmp_path / "other"
    plan = tmp_path / "plan.toml"
    plan.write_text('names = ["rmssd"]\n')
    small, alone = folder / "more", ("--workers", 1)
    assert program.run("batch", small, "--out", other, "--plan", plan, *alone).returncode == 0
    assert {row["measure"] for row in rows(other / "measures.csv")} == {"rmssd"}
    done = program.run("batch", small, "--out", other, "--resume")
    assert done.returncode == 2
    assert "another plan" in done.stderr


def test_ctrl_c_keeps_what_was_measured(program, folder, tmp_path):
    out = tmp_path / "out"
    begun = program.start("batch", folder, "--out", out, "--workers", 1)
    assert eventually(lambda: any((out / "parts").glob("*.json")))
    begun.send_signal(signal.SIGINT)
    _, said = begun.communicate(timeout=PATIENCE)
    assert begun.returncode == 1
    assert "Stopped before it was done" in said
    assert any((out / "parts").glob("*.json"))


def test_a_cluster_that_is_not_there_is_said(program, folder, tmp_path, monkeypatch):
    pytest.importorskip("distributed", reason="clusters need the extra cluster")
    done = program.run("batch", folder, "--out", tmp_path / "out", "--cluster", "tcp://127.0.0.1:9")
    assert done.returncode == 1
    assert "No scheduler of Dask answers at tcp://127.0.0.1:9" in done.stderr
    both = program.run("batch", folder, "--out", tmp_path / "x", "--cluster", "tcp://h:1",
                       "--workers", 2)  # fmt: skip
    assert both.returncode == 2


@pytest.fixture
def cluster(tmp_path):
    """A scheduler and two workers of Dask, and the address of the one."""
    pytest.importorskip("distributed", reason="clusters need the extra cluster")
    told = tmp_path / "scheduler.json"
    begun = []

    def start(module, *arguments):
        command = [sys.executable, "-m", f"distributed.cli.{module}", *arguments]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        begun.append(
            subprocess.Popen(command, env=environment(tmp_path, PYTHONWARNINGS=""), **quiet)
        )

    start("dask_scheduler", "--port", "0", "--host", "127.0.0.1", "--no-dashboard",
          "--scheduler-file", str(told))  # fmt: skip
    assert eventually(told.exists)
    for _ in range(2):
        start("dask_worker", "--scheduler-file", str(told), "--nthreads", "1", "--no-nanny",
              "--no-dashboard")  # fmt: skip
    yield json.loads(told.read_text())["address"], begun[1:]
    for process in begun:
        process.kill()
        process.wait()


@pytest.mark.long
def test_a_cluster_that_loses_a_machine_gives_the_same_tables(program, tmp_path, cluster):
    address, machines = cluster
    study = tmp_path / "many"
    study.mkdir()
    for place in range(40):
        rng = np.random.default_rng(place)
        rr = 800 + 40 * np.sin(np.arange(3000) / 1.2) + rng.normal(0, 8, 3000)
        (study / f"sub-{place:02}.txt").write_text("\n".join(f"{one:.0f}" for one in rr))
    here, there = tmp_path / "here", tmp_path / "there"
    assert program.run("batch", study, "--out", here).returncode == 0
    begun = program.start("batch", study, "--out", there, "--cluster", address)
    assert eventually(lambda: len(list((there / "parts").glob("*.json"))) > 4)
    machines[0].kill()
    _, said = begun.communicate(timeout=10 * PATIENCE)
    assert begun.returncode == 0, said
    assert tables(there) == tables(here)
