"""However a command ends, stdout carries JSON alone and what was recorded is kept."""

import json
import signal
import subprocess
from itertools import pairwise

import pytest

from pipelines.analysis.ready import WHY
from tests.end_to_end.program import PATIENCE, environment, eventually, short

RECORD = ("live", "--simulate", "rest", "--json", "--headless")


@pytest.fixture
def heeded():
    """Let children heed a signal that whoever runs the tests ignores, as nohup does a hang-up."""
    before = {}

    def heed(number):
        if signal.getsignal(number) is signal.SIG_IGN:
            before[number] = signal.signal(number, signal.SIG_DFL)

    yield heed
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize(
    ("number", "speed"),
    [
        pytest.param(signal.SIGINT, "max", marks=pytest.mark.long),
        (signal.SIGTERM, "1"),
        pytest.param(signal.SIGHUP, "1", marks=pytest.mark.long),
    ],
)
def test_a_signal_ends_it_with_final_objects(program, number, speed, heeded):
    heeded(number)
    process = program.start(*RECORD, "--simulate", "therapy", "--speed", speed)
    first = process.stdout.readline()
    process.send_signal(number)
    with process.stdout, process.stderr:
        lines = [json.loads(line) for line in (first, *process.stdout)]
        err = process.stderr.read()
    assert process.wait(PATIENCE) == 0, err
    assert [line["source"] for line in lines[-2:]] == ["client", "therapist"]
    assert [line["final"] for line in lines] == [False] * (len(lines) - 2) + [True] * 2
    assert lines[-1]["time_s"] < 300.0
    assert len([line for line in err.splitlines() if line != WHY]) == 2
    (row,) = program.listed()
    assert row["state"] == "finished"
    assert row["beats"] == sum(line["quality"]["beats"] for line in lines[-2:])


@pytest.mark.long
def test_a_reader_who_leaves_ends_nothing(program):
    replay = ("--replay", short(program.folder))
    process = program.start("live", *replay, "--json", "--headless", "--speed", "max")
    process.stdout.readline()
    process.stdout.close()
    with process.stderr:
        err = process.stderr.read()
    assert process.wait(PATIENCE) == 0
    assert "Traceback" not in err
    (row,) = program.listed()
    assert row["state"] == "finished"
    assert row["beats"] == 150


@pytest.mark.long
def test_an_output_without_room_costs_no_beat(program):
    replay = ("--replay", short(program.folder))
    with open("/dev/full", "w") as full:  # noqa: PTH123
        done = program.run(
            "live", *replay, "--json", "--headless", "--speed", "max", "--baseline", "0:120",
            stdout=full,
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.count("cannot be written") == 1
    assert "Traceback" not in done.stderr
    (row,) = program.listed()
    assert row["beats"] == 150
    log = program.library.events(row["id"])
    assert [event.end for event in log if type(event).__name__ == "Baseline"]


@pytest.mark.parametrize("command", [(), ("analyse",)])
def test_help_without_room_is_told_in_one_sentence(command, tmp_path):
    from tests.end_to_end.program import COMMAND

    with open("/dev/full", "w") as full:  # noqa: PTH123
        done = subprocess.run(
            [COMMAND, *command, "--help"],
            stdout=full, stderr=subprocess.PIPE, text=True, timeout=PATIENCE,
            env=environment(tmp_path),
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.count("cannot be written") == 1
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.long
def test_there_are_objects_all_along(program):
    # Some seconds, of any machine.
    lines = program.recorded("--replay", short(program.folder), "--speed", "40")
    assert len(lines) > 3
    times = [line["time_s"] for line in lines[:-1]]
    assert times == sorted(times)
    steps = sorted(later - earlier for earlier, later in pairwise(times))
    assert steps[0] >= 1.0
    # A busy machine may stand still for a while, at 40 times the pace for minutes.
    assert steps[len(steps) // 2] < 120.0


@pytest.mark.long
def test_the_demo_says_where_the_recording_is(tmp_path):
    from tests.end_to_end.program import COMMAND

    done = subprocess.run(
        [COMMAND, "demo", "--headless", "--seconds", "2", "--store", str(tmp_path / "demo")],
        capture_output=True, text=True, timeout=PATIENCE, env=environment(tmp_path),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (told,) = [line for line in done.stderr.splitlines() if "sessions show" in line]
    words = told.split(": ", 1)[1].split()
    shown = subprocess.run(
        [COMMAND, *words[1:]],
        capture_output=True, text=True, timeout=PATIENCE, env=environment(tmp_path),
    )  # fmt: skip
    assert shown.returncode == 0, shown.stderr
    assert "Simulated strap" in shown.stdout
    assert "heart rate" in shown.stdout


@pytest.mark.long
def test_a_reader_who_stops_reading_holds_up_no_beat(program):
    two = ("--replay", short(program.folder)) * 2
    process = program.start("live", *two, "--speed", "40", "--json", "--headless", pipesize=4096)
    first = process.stdout.readline()  # and no more for now: the pipe fills up
    session = json.loads(first)["session"]
    assert eventually(lambda: program.library.events(session)[-1].time > 100.0)
    with process.stdout, process.stderr:
        lines = [json.loads(line) for line in process.stdout]
    assert [line["final"] for line in lines] == [False] * (len(lines) - 2) + [True] * 2
    assert process.wait(PATIENCE) == 0
