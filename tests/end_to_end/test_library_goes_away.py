"""A library that goes away while it is recorded into: it is noticed, said, and nothing is lost."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from pipelines.live import commands
from pipelines.recording import pipe
from pipelines.store import running_sessions
from tests.end_to_end.program import (
    PASSPHRASE,
    PATIENCE,
    Program,
    differences,
    eventually,
    is_a_sentence,
    short,
)
from tests.views import REQUIRED, reason_to_skip

BEATS = 300
INTERVALS = "".join(f"{800 + (137 * i) % 97}\n" for i in range(BEATS))
DEVICE = "replay of intervals.txt"
MARK = "touched the left hip"


@pytest.fixture
def recording(tmp_path):
    """Starts a recorder of a library that has a folder of its own."""
    with contextlib.ExitStack() as running:

        def start(*arguments, folder=tmp_path, home=tmp_path):
            one = Recording(folder, home, arguments)
            running.callback(one.end_at_once)
            return one

        yield start


@pytest.fixture
def watched(tmp_path):
    """Starts a recorder with a window, where one can be drawn."""
    if why := reason_to_skip():
        pytest.skip(why)
    with contextlib.ExitStack() as running:

        def start(*arguments):
            one = Watched(tmp_path, tmp_path, arguments)
            running.callback(one.end_at_once)
            return one

        yield start


class Recording:
    """A recorder without a window, its words in files, so that nobody waits for a reader."""

    def __init__(self, folder, home, arguments):
        self.folder, self.home = folder, home
        self.program = Program(folder)
        self.program.folder = home
        self.out, self.err = home / "out.jsonl", home / "err.txt"
        with self.out.open("w") as out, self.err.open("w") as err:
            self.process = self.program.start(
                "live", *arguments, "--headless", "--json", stdout=out, stderr=err
            )
        assert eventually(lambda: self.lines), self.said
        self.session = self.lines[0]["session"]

    @property
    def lines(self):
        return [json.loads(line) for line in self.out.read_text().splitlines() if line[-1] == "}"]

    @property
    def said(self):
        return self.err.read_text()

    @property
    def beats(self):
        return self.lines[-1]["quality"]["beats"]

    @property
    def file(self):
        return self.program.store / "sessions" / f"{self.session}.db"

    def end_at_once(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()

    def notices(self):
        """Wait for the one sentence, and return it."""
        assert eventually(lambda: "rescue file" in self.said), self.said
        (sentence,) = [line for line in self.said.splitlines() if "rescue file" in line]
        assert sentence.endswith(".")
        return sentence

    def ends(self):
        assert self.process.wait(PATIENCE) == 1, self.said
        assert "Traceback" not in self.said
        return self.lines


class Watched(Recording):
    """A recorder with its real window, and a second one that has been there all along."""

    def __init__(self, folder, home, arguments):
        self.folder, self.home = folder, home
        self.program = Program(folder)
        self.err = home / "err.txt"
        with self.err.open("w") as err:
            self.process = self.program.start(
                "live", *arguments, stdout=err, stderr=err, env={"QT_QPA_PLATFORM": "offscreen"}
            )
        assert eventually(lambda: running_sessions(self.program.store)), self.said
        (found,) = running_sessions(self.program.store)
        self.session = found.session
        self.window = pipe.RemoteSession(lambda: (str(found.address), found.authkey))
        assert eventually(lambda: self.received > 3), self.said

    @property
    def received(self):
        snapshot = self.window.snapshot()
        return sum(view.quality.beats for view in snapshot.sources) if snapshot else 0

    def ends(self):
        assert self.process.wait(PATIENCE) == 1, self.said
        assert "Traceback" not in self.said

    def end_at_once(self):
        self.window.close()
        left = children(self.process) if self.process.poll() is None else []
        super().end_at_once()
        for window in left:
            os.kill(window, signal.SIGKILL)


def children(process):
    """Process ids of what the threads of a process have started (Linux)."""
    listed = Path(f"/proc/{process.pid}/task").glob("*/children")
    return [int(word) for path in listed for word in path.read_text().split()]


def rescue_folder(folder):
    return folder / ".local" / "state" / "interbeat" / "rescue"


def rescue_files(folder):
    return sorted(path.name for path in rescue_folder(folder).iterdir())


def replay(folder):
    path = folder / "intervals.txt"
    path.write_text(INTERVALS)
    # Slow enough that a machine busy for seconds does not find it over.
    return ("--replay", path, "--speed", "12")


def removed(recording):
    shutil.rmtree(recording.program.store)


def renamed(recording):
    recording.program.store.rename(recording.folder / "elsewhere")


def another_library_in_its_place(recording):
    renamed(recording)
    Program(recording.folder)


def an_empty_folder_in_its_place(recording):
    renamed(recording)
    recording.program.store.mkdir()


def file_removed(recording):
    recording.file.unlink()


def file_moved(recording):
    recording.file.rename(recording.folder / "moved.db")


def file_replaced(recording):
    other = recording.folder / "other"
    other.write_bytes(os.urandom(16384))
    other.replace(recording.file)


def file_overwritten(recording):
    recording.file.write_bytes(os.urandom(16384))


def log_removed(recording):
    recording.file.with_name(recording.file.name + "-wal").unlink()


def key_file_removed(recording):
    (recording.program.store / "library.json").unlink()


def index_replaced(recording):
    index = recording.program.store / "index.db"
    content = index.read_bytes()
    index.unlink()
    index.write_bytes(content)


GOING = (removed,)
GOING_OTHERWISE = (
    file_replaced, renamed, file_removed, an_empty_folder_in_its_place, file_moved,
    file_overwritten, log_removed, key_file_removed, index_replaced,
)  # fmt: skip


def named(ways):
    return [pytest.param(go, id=go.__name__) for go in ways]


@pytest.mark.parametrize(
    "go",
    named(GOING)
    + [pytest.param(go, id=go.__name__, marks=pytest.mark.long) for go in GOING_OTHERWISE],
)
@pytest.mark.long
def test_everything_is_there_after_a_library_went_away(recording, tmp_path, undisturbed, go):
    one = recording(*replay(tmp_path))
    go(one)
    assert str(one.program.store) in one.notices()
    lines = one.ends()
    assert one.session in one.said.splitlines()[-1]
    assert differences(final(lines), undisturbed) == []
    recovered(one, undisturbed)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("undisturbed")
    return final(Program(folder).recorded(*replay(folder)[:3], "max"))


@pytest.fixture
def disk(tmp_path):
    """A disk that may be unmounted, where this machine lets us mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        if REQUIRED:
            pytest.fail("no disk can be mounted here")
        pytest.skip("no disk can be mounted here")
    yield place
    subprocess.run(["umount", "-l", str(place)], capture_output=True)


@pytest.mark.long
def test_a_disk_that_is_unmounted(recording, disk, tmp_path, undisturbed):
    one = recording(*replay(tmp_path), home=tmp_path, folder=disk)
    subprocess.run(["umount", "-l", str(disk)], check=True)
    assert str(one.program.store) in one.notices()
    assert differences(final(one.ends()), undisturbed) == []
    recovered(one, undisturbed)


@pytest.mark.long
def test_a_quiet_recording_notices_too_and_its_window_is_told(watched):
    one = watched("--simulate", "rest", "--simulate", "rest")
    assert one.window.ask(commands.MarkMoment(MARK)) is None
    assert one.window.ask(commands.Pause()) is None
    one.program.store.rename(one.folder / "elsewhere")
    sentence = one.notices()
    assert eventually(lambda: one.window.snapshot().trouble == sentence)
    for command in (commands.MarkMoment("after"), commands.Talk(True), commands.GoOn()):
        assert one.window.ask(command) == sentence
    assert one.window.ask(commands.Finish()) == sentence
    assert eventually(lambda: one.window.snapshot().phase == "finished")
    assert one.window.snapshot().trouble == sentence
    for secret in (MARK, "Simulated", "client", "consent", PASSPHRASE):
        assert secret.encode() not in rescued(one)
    one.process.terminate()
    one.ends()
    (one.folder / "elsewhere").rename(one.program.store)
    (row,) = one.program.objects("sessions", "recover")
    assert row["beats"] > 0
    shown = one.program.run("sessions", "show", one.session).stdout
    assert MARK in shown
    assert "after" in shown


def rescued(one):
    """Check that nobody else reads the rescue file, and return what it holds."""
    folder = rescue_folder(one.home)
    assert oct(folder.stat().st_mode & 0o777) == "0o700"
    path = folder / f"{one.session}.rescue"
    assert oct(path.stat().st_mode & 0o777) == "0o600"
    return path.read_bytes()


@pytest.mark.long
def test_a_recorder_killed_after_the_loss_loses_nothing_printed(recording, tmp_path):
    one = recording(*replay(tmp_path))
    removed(one)
    one.notices()
    before = one.beats
    assert eventually(lambda: one.beats > before + 20)
    one.process.kill()
    one.process.wait(PATIENCE)
    printed = one.beats
    refused = one.program.run("sessions", "recover", env={"INTERBEAT_PASSPHRASE": "something else"})
    assert (refused.returncode, refused.stdout) == (2, "")
    assert is_a_sentence(refused.stderr)
    assert not one.program.store.exists()
    (row,) = one.program.objects("sessions", "recover")
    assert row["beats"] >= printed > before


@pytest.mark.long
def test_what_was_not_finished_is_mentioned(recording, tmp_path):
    one = recording(*replay(tmp_path))
    file_removed(one)
    one.notices()
    one.process.kill()
    one.process.wait(PATIENCE)
    listed = one.program.run("sessions", "list")
    assert is_a_sentence(listed.stderr)
    assert f"Waiting in rescue files: {one.session}" in listed.stderr
    again = one.program.run("live", "--replay", short(tmp_path), "--speed", "max", "--headless")
    told = [line for line in again.stderr.splitlines() if "did not come to an end" in line]
    assert len(told) == 1
    assert one.session in told[0]
    assert "sessions recover" in told[0]
    one.program.objects("sessions", "recover")
    assert one.program.run("sessions", "list").stderr == ""


@pytest.mark.long
def test_without_a_rescue_file_it_goes_on_in_memory_and_says_what_is_lost(recording, tmp_path):
    (tmp_path / ".local").write_text("no folder fits here")
    one = recording(*replay(tmp_path))
    removed(one)
    sentence = one.notices()
    assert "in memory alone" in sentence
    lines = one.ends()
    assert "is lost" in one.said.splitlines()[-1]
    assert final(lines)["quality"]["beats"] == BEATS


@pytest.mark.long
def test_a_rescue_file_that_is_removed_is_made_again(recording, tmp_path, undisturbed):
    one = recording(*replay(tmp_path))
    removed(one)
    one.notices()
    shutil.rmtree(rescue_folder(tmp_path))
    assert differences(final(one.ends()), undisturbed) == []
    recovered(one, undisturbed)


def final(lines):
    (line,) = [line for line in lines if line["final"]]
    return line


def recovered(one, undisturbed):
    """Check that `sessions recover` brings back the numbers, once."""
    assert rescue_files(one.home) == [f"{one.session}.rescue"]
    (row,) = one.program.objects("sessions", "recover")
    assert (row["id"], row["state"]) == (one.session, "recovered")
    assert row["beats"] == undisturbed["quality"]["beats"] == BEATS
    (found,) = one.program.objects("analyse", one.session)
    assert differences(found, undisturbed) == []
    assert rescue_files(one.home) == []
    assert one.program.run("sessions", "recover").stderr == "There is nothing to recover.\n"
