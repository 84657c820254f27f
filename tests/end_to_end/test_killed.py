"""kill -9: of the recorder at any moment, and of the window while the recording goes on."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from pipelines.live import commands
from pipelines.recording import pipe
from pipelines.store import database, running_sessions
from tests.end_to_end.program import PATIENCE, ROOT, environment, eventually
from tests.views import reason_to_skip

OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}


def acknowledged(path):
    """Beats of each source in the last object that was printed whole, and the session's id."""
    lines = [json.loads(line) for line in path.read_text().splitlines() if line.endswith("}")]
    beats = {line["source"]: line["quality"]["beats"] for line in lines}
    return lines[-1]["session"] if lines else None, sum(beats.values())


HOUR = ("live", "--simulate", "therapy", "--simulate", "rest")
PRACTICE = ("breathe", "--simulate", "paced:6", "--minutes", "60")
ASSESSMENT = ("assess", "--simulate", "resonance:5.5")


def kill_at(program, path, *, speed, after, what=HOUR):
    """Record, print into a file, and kill -9 `after` seconds from the first beat that is told."""
    with path.open("w") as printed:
        process = program.start(*what, "--speed", speed, "--headless", "--json", stdout=printed)
        assert eventually(lambda: path.stat().st_size > 0 and acknowledged(path)[1] > 0)
        time.sleep(after)
        assert process.poll() is None, "it ended before it was killed"
        process.kill()
        process.communicate()
    return acknowledged(path)


def survive(program, folder, *, kills, seed, what=HOUR, speeds=(("max", 1.0), ("40", 3.0))):
    draw = random.Random(seed)
    promised = {}
    for number in range(kills):
        speed, longest = draw.choice(speeds)
        session, beats = kill_at(
            program, folder / f"{number}.jsonl", speed=speed, after=draw.uniform(0.0, longest),
            what=what,
        )  # fmt: skip
        promised[session] = beats
    assert len(promised) == kills
    rows = {row["id"]: row for row in program.objects("sessions", "recover")}
    assert set(rows) == set(promised)
    for session, beats in promised.items():
        assert rows[session]["state"] == "recovered"
        assert rows[session]["beats"] >= beats > 0
        assert whole(program.library, session)
    assert not list(program.store.rglob("*-wal"))
    return promised


def whole(library, session):
    with library._opened(session) as connection:
        return database.damage(connection) == []


@pytest.mark.long
def test_the_recorder_killed_at_random_moments_loses_no_printed_beat(program, tmp_path):
    promised = survive(program, tmp_path, kills=1, seed=random.randrange(2**32))
    session = next(iter(promised))
    done = program.run("sessions", "export", session, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    (*found,) = program.objects("analyse", done.stdout.strip())
    assert sum(one["quality"]["beats"] for one in found) >= promised[session]
    assert program.run("sessions", "recover").stderr == "There is nothing to recover.\n"


@pytest.mark.long
def test_the_recorder_killed_at_fifty_random_moments(program, tmp_path):
    promised = survive(program, tmp_path, kills=50, seed=random.randrange(2**32))
    for session in promised:
        done = program.run("sessions", "export", session, "--out", tmp_path / "out")
        assert done.returncode == 0, done.stderr


@pytest.mark.long
@pytest.mark.parametrize("what", [PRACTICE, ASSESSMENT])
def test_a_practice_or_an_assessment_killed_at_fifteen_random_moments(program, tmp_path, what):
    seed = random.randrange(2**32)
    survive(program, tmp_path, kills=15, seed=seed, what=what, speeds=(("40", 3.0),))


KEEPING = """
import sys
from pathlib import Path
from pipelines.command.opening import keep_practice
from pipelines.recording import KeepPractice
from pipelines.store import open_library
from tests.end_to_end.program import PASSPHRASE

library = open_library(Path(sys.argv[1]), PASSPHRASE)
practice = KeepPractice(70.0, ((0.0, 6.0), (30.0, None), (40.0, 5.5), (70.0, None)), 0.4)
while True:
    print(keep_practice(library, practice), flush=True)
"""


@pytest.mark.long
def test_practices_without_a_strap_outlive_thirty_kills(program, tmp_path):
    draw, kept = random.Random(), set()
    assert program.library  # it is made
    for number in range(30):
        path = tmp_path / f"{number}.txt"
        with path.open("w") as printed:
            process = subprocess.Popen(
                [sys.executable, "-c", KEEPING, program.store],
                cwd=ROOT, env=environment(program.folder), stdout=printed,
            )  # fmt: skip
            assert eventually(lambda now=path: now.stat().st_size > 0)
            time.sleep(draw.uniform(0.0, 0.2))
            process.kill()
            process.communicate()
        kept |= {
            line.strip() for line in path.read_text().splitlines(keepends=True) if "\n" in line
        }
    assert len(kept) >= 30
    program.run("sessions", "recover")
    rows = {row["id"]: row for row in program.objects("sessions", "list")}
    assert kept <= set(rows)
    assert {rows[one]["state"] for one in kept} == {"finished"}
    assert {rows[one]["duration_s"] for one in kept} == {70.0}


@pytest.fixture(scope="module")
def can_draw():
    if why := reason_to_skip():
        pytest.skip(why)


def children(process):
    """Process ids of what the threads of a process have started (Linux)."""
    if not Path("/proc/self/task").exists():
        pytest.skip("only Linux lists the children of a process")
    listed = Path(f"/proc/{process.pid}/task").glob("*/children")
    return [int(word) for path in listed for word in path.read_text().split()]


class Seen:
    """A recording with its real window, seen through a second client of the pipe."""

    def __init__(self, program, *arguments):
        self.process = program.start("live", *arguments, env=OFFSCREEN)
        assert eventually(lambda: running_sessions(program.store) and children(self.process))
        self.id = running_sessions(program.store)[0].session
        self.client = pipe.connect(self.id, program.store)

    @property
    def window(self):
        found = children(self.process)
        return found[0] if found else None

    def beats(self):
        snapshot = self.client.snapshot()
        return snapshot.sources[0].quality.beats if snapshot and snapshot.sources else 0

    def end(self, number=signal.SIGINT):
        self.client.close()
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=PATIENCE)
        assert self.process.returncode == 0, err
        assert "Traceback" not in err
        return out, err

    def end_at_once(self):
        """Leave no process behind: a window outlives its killed recorder."""
        left = children(self.process) if self.process.poll() is None else []
        self.process.kill()
        for window in left:
            os.kill(window, signal.SIGKILL)
        self.process.communicate(timeout=PATIENCE)


@pytest.fixture
def seen(program, can_draw):
    running = []

    def start(*arguments):
        running.append(Seen(program, *arguments))
        return running[-1]

    yield start
    for one in running:
        one.end_at_once()


def trace(client):
    got = []
    assert eventually(lambda: bool(got.append(client.trace(0, 0, 0)) or got[-1]))
    return got[-1]


def test_a_killed_window_leaves_the_recording_alone_and_a_new_one_finds_it(program, seen):
    session = seen("--simulate", "therapy", "--speed", "20")
    assert eventually(lambda: session.beats() > 150)
    first, old = trace(session.client), session.window
    os.kill(old, signal.SIGKILL)
    before = session.beats()
    assert eventually(lambda: session.beats() > before + 40)
    assert eventually(lambda: session.window not in (None, old))
    again = pipe.connect(session.id, program.store)
    second = trace(again)
    again.close()
    ours, theirs = first.intervals(), second.intervals()
    known = ours.shape[1] - 10  # the newest may still move
    assert theirs.shape[1] > known + 40
    assert np.array_equal(ours[:, :known], theirs[:, :known])
    ours, theirs = first.points(), second.points()
    points = len(ours) - 60  # labels are final by then
    assert points > 20
    for name in ("time", "heart_rate"):
        before_it, after_it = (getattr(one, name)[:points] for one in (ours, theirs))
        np.testing.assert_allclose(before_it, after_it, rtol=1e-9)
    listed = program.listed()
    assert listed[0]["state"] == "recording"
    assert listed[0]["beats"] > before
    _, said = session.end()
    assert "recording goes on" in said
    assert program.listed()[0]["state"] == "finished"


@pytest.mark.long
def test_a_window_opened_by_hand_finds_the_session_and_may_go(program, seen, tmp_path):
    session = seen("--simulate", "rest", "--speed", "10")
    window = subprocess.Popen(
        [sys.executable, "-m", "gui", session.id, "--store", str(program.store)],
        cwd=ROOT, env=environment(tmp_path, **OFFSCREEN), stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert eventually(lambda: session.beats() > 30)
    assert window.poll() is None
    window.terminate()
    _, said = window.communicate(timeout=PATIENCE)
    assert "Traceback" not in said
    before = session.beats()
    assert eventually(lambda: session.beats() > before)
    session.end(signal.SIGTERM)


@pytest.mark.long
def test_a_window_that_cannot_be_kept_open_does_not_end_the_recording(program, seen):
    session = seen("--simulate", "rest", "--speed", "10")
    for _ in range(4):
        assert eventually(lambda: session.window is not None)
        dying = session.window
        os.kill(dying, signal.SIGKILL)
        assert eventually(lambda gone=dying: session.window != gone)
    before = session.beats()
    assert eventually(lambda: session.beats() > before)
    _, said = session.end(signal.SIGTERM)
    assert said.count("it opens again") == 3
    assert said.count("cannot be kept open") == 1


@pytest.mark.long
def test_commands_of_a_window_are_kept(program, seen):
    session = seen("--simulate", "rest", "--speed", "10")
    assert eventually(lambda: session.beats() > 5)
    # A busy machine may answer too late, and is then asked again, as a person would.
    assert eventually(lambda: session.client.ask(commands.MarkMoment("touched hip")) is None)
    assert eventually(lambda: session.client.ask(commands.Talk(True)) is None)
    kept = [getattr(event, "text", "") for event in program.library.events(session.id)]
    assert "touched hip" in kept
    session.client.ask(commands.Finish())
    assert eventually(lambda: program.listed()[0]["state"] == "finished")
    assert session.process.poll() is None, "the last picture stays until somebody closes it"
    window = session.window
    _, said = session.end(signal.SIGTERM)
    assert session.id in said
    assert eventually(lambda: not Path(f"/proc/{window}").exists())


@pytest.mark.long
def test_a_replay_that_is_over_at_once_is_still_shown(program, seen, tmp_path):
    path = tmp_path / "short.txt"
    path.write_text("800\n" * 100)
    session = seen("--replay", path, "--speed", "max")
    assert eventually(lambda: session.beats() == 100)
    assert eventually(lambda: program.library.session(session.id).state == "finished")
    window = session.window
    os.kill(window, signal.SIGKILL)
    _, said = session.process.communicate(timeout=PATIENCE)
    assert session.process.returncode == 0
    assert "goes on" not in said
