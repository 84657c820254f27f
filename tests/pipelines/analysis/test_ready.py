"""Machine code is prepared once, beside the work, by a process that troubles nobody."""

import os
import shutil
import subprocess
import sys

import pytest
from click.testing import CliRunner

from physio import code_cache, compiled
from pipelines import analysis
from pipelines.analysis import ready
from pipelines.command import main
from pipelines.store.locks import acquire
from tests.end_to_end.program import eventually, python


@pytest.fixture
def empty(tmp_path, monkeypatch):
    """A cache of its own, in which nothing is, and a course of its own."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(compiled, "_course", type(compiled._course)())
    return code_cache.folder()


@pytest.fixture
def quick(monkeypatch):
    """Preparing that compiles nothing; returns how often it was done."""
    done = []
    monkeypatch.setattr(ready, "measure_once", lambda: done.append(True))
    return done


def test_what_is_prepared_leaves_no_function_out_and_a_live_session_takes_it():
    code = """
from pipelines.analysis import ready
from physio import compiled
import threading
ready.get_ready_meanwhile(print, speed=1.0)
(loading,) = [one for one in threading.enumerate() if one.name == "interbeat-machine-code"]
loading.join(55.0)
assert compiled._course.machine
print(*ready.stored())
"""
    # An empty cache takes longer to fill than the process is waited for.
    assert code_cache.is_complete() or ready.wait_until_prepared(ready.start_preparing())
    stored, functions = python(code).split()
    assert stored == functions


def test_preparing_marks_its_folder_and_is_done_once(empty, quick):
    ready.prepare()
    ready.prepare()
    assert code_cache.is_complete()
    assert len(quick) == 1
    assert [path.name for path in empty.iterdir()] == [code_cache._mark().name]


def test_of_many_commands_one_prepares(empty, quick):
    empty.mkdir(parents=True)
    lock = acquire(ready._lock())
    try:
        assert ready.is_preparing()
        assert ready.start_preparing() is None
        ready.prepare()
    finally:
        lock.release()
    assert quick == []
    assert not ready.is_preparing()


def test_older_versions_go_when_a_new_one_is_complete(empty, quick):
    old, busy = empty.parent / "0.0.1-old", empty.parent / "0.0.2-busy"
    for folder in (old, busy):
        folder.mkdir(parents=True)
        (folder / "some.nbc").touch()
    lock = acquire(busy / ready._lock().name)
    ready.prepare()
    lock.release()
    assert not old.exists()
    assert (busy / "some.nbc").exists()


def test_a_version_that_failed_removes_nothing(empty, monkeypatch):
    (empty.parent / "0.0.1-old").mkdir(parents=True)

    def fails():
        raise OSError("no space left")

    monkeypatch.setattr(ready, "measure_once", fails)
    with pytest.raises(OSError, match="no space"):
        ready.prepare()
    assert (empty.parent / "0.0.1-old").exists()
    assert not code_cache.is_complete()
    assert not ready.is_preparing()


def test_without_room_nothing_is_compiled(empty, quick, monkeypatch):
    monkeypatch.setattr(ready.shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(9, 9, 0))
    with pytest.raises(OSError, match="room"):
        ready.prepare()
    assert quick == []


def test_it_dies_quietly_where_it_cannot_write(tmp_path):
    (tmp_path / "file").touch()
    done = subprocess.run(
        [sys.executable, "-P", "-m", "pipelines.analysis"],
        capture_output=True,
        env={**os.environ, "NUMBA_CACHE_DIR": str(tmp_path / "file")},
        timeout=100,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_the_process_inherits_neither_terminal_nor_secrets(empty, monkeypatch):
    seen = {}
    monkeypatch.setenv("INTERBEAT_PASSPHRASE", "seven quiet lamps")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    monkeypatch.setattr(
        subprocess.Popen, "__init__", lambda self, command, **how: seen.update(how, command=command)
    )
    assert ready.start_preparing() is not None
    assert seen["command"][1:] == ["-P", "-m", "pipelines.analysis"]
    assert seen["start_new_session"]
    assert {seen[name] for name in ("stdin", "stdout", "stderr")} == {subprocess.DEVNULL}
    assert not [name for name in seen["env"] if "PASSPHRASE" in name or name.startswith("PYTHON")]
    assert seen["env"]["NUMBA_CACHE_DIR"] == os.environ["NUMBA_CACHE_DIR"]


class Ended:
    """A process that was started and ended at once."""

    def poll(self):
        return 0


def test_nobody_waits_for_what_nobody_prepares(empty):
    assert ready.wait_until_prepared(Ended()) is False
    assert ready.wait_until_prepared(None) is False


def test_long_work_waits_and_is_told_why_and_short_work_does_not(empty, monkeypatch):
    monkeypatch.setattr(ready, "PATIENCE", 0.0)
    monkeypatch.setattr(ready, "start_preparing", Ended)
    looks = iter([True] * 5)
    monkeypatch.setattr(ready, "is_preparing", lambda: next(looks, False))
    told = []
    ready.get_ready(told.append)
    assert told == []
    compiled._course.before()
    assert told == [ready.WHY]


def test_a_hurried_session_waits_and_one_at_the_pace_of_a_heart_does_not(empty, quick, monkeypatch):
    monkeypatch.setattr(ready, "start_preparing", Ended)
    ready.get_ready_meanwhile(pytest.fail, speed=1.0)
    assert compiled._course.held
    assert not compiled._course.machine
    ready.get_ready_meanwhile(pytest.fail, speed=120.0)
    assert compiled._course.machine
    assert quick


def test_where_all_is_prepared_nothing_is_started(empty, quick, monkeypatch):
    ready.prepare()
    monkeypatch.setattr(ready, "start_preparing", lambda: pytest.fail("started"))
    ready.get_ready(pytest.fail)
    assert compiled._course.before is None


def test_set_up_says_that_it_is_done(empty, quick):
    ready.prepare()
    done = CliRunner().invoke(main, ["set-up"])
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == "Everything is prepared.\n"


def test_set_up_says_in_one_sentence_where_nothing_can_be_stored(empty, monkeypatch):
    monkeypatch.setattr(analysis, "start_preparing", Ended)
    done = CliRunner().invoke(main, ["set-up"])
    assert done.exit_code == 1
    assert str(empty) in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.long
def test_a_first_command_answers_at_once_and_its_preparing_outlives_it(tmp_path, monkeypatch):
    path = tmp_path / "ten.txt"
    path.write_text("".join(f"{800 + 30 * (k % 5)}\n" for k in range(700)))
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "cache"))
    code = "from pipelines.command import main; main()"
    # It returns when the pipes are closed: nobody else holds them.
    done = subprocess.run(
        [sys.executable, "-c", code, "analyse", str(path)],
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    assert ready.WHY not in done.stderr
    assert not code_cache.is_complete()
    assert eventually(code_cache.is_complete, 900.0)
    assert eventually(lambda: not ready.is_preparing())


def test_what_others_stored_is_not_counted(empty):
    empty.mkdir(parents=True)
    (empty / "test_compiled.one-tests.physio.test_compiled-20.py311.nbi").touch()
    assert ready.stored() == (0, len(compiled.FUNCTIONS))
