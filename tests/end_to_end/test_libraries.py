"""Libraries through the real command: made at once by two, read only, locked, and their secrets."""

import json
import os
import re
import resource
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from pipelines import store
from pipelines.store import database, trouble
from pipelines.store.session import TABLES as SESSION_TABLES
from tests.end_to_end.program import (
    COMMAND,
    PASSPHRASE,
    environment,
    eventually,
    is_a_sentence,
    python,
    short,
)
from tests.pipelines.store.libraries import NOBODY, Nobody, abandoned, make_library, recorded

RECOVERY = re.compile(r"(?:[0-9A-Z]{4}-){7}[0-9A-Z]{4}")


def record(folder):
    """What calls for a recording that is soon over."""
    return ("live", "--replay", short(folder), "--speed", "max", "--headless", "--json")


def run(home, *arguments, **more):
    surroundings = environment(home, **more.pop("env", {}))
    return subprocess.run(
        [COMMAND, *map(str, arguments)],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env=surroundings,
        timeout=600,
        **more,
    )


def start(home, *arguments, **more):
    surroundings = environment(home, **more.pop("env", {}))
    return subprocess.Popen(
        [COMMAND, *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=surroundings,
        **more,
    )


def test_a_first_recording_shows_a_recovery_key_that_opens_the_library(tmp_path):
    folder = tmp_path / "library"
    done = run(tmp_path, *record(tmp_path), "--store", folder)
    assert done.returncode == 0, done.stderr
    (recovery,) = RECOVERY.findall(done.stderr)
    assert len(store.open_library(folder, recovery).sessions()) == 1
    assert len(store.open_library(folder, PASSPHRASE).sessions()) == 1


@pytest.mark.long
def test_without_a_place_to_show_the_recovery_key_there_is_no_library(tmp_path):
    folder = tmp_path / "library"
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [COMMAND, *record(tmp_path), "--store", str(folder)],
            env=environment(tmp_path),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=full,
            timeout=600,
        )
    assert done.returncode == 1
    assert not store.library_exists(folder)
    assert run(tmp_path, *record(tmp_path), "--store", folder).returncode == 0


@pytest.mark.long
def test_two_programs_that_make_one_library_at_once_both_record(tmp_path):
    folder = tmp_path / "library"
    both = [start(tmp_path, *record(tmp_path), "--store", folder) for _ in range(2)]
    said = [process.communicate(timeout=600)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    (recovery,) = RECOVERY.findall("".join(said))
    assert len(store.open_library(folder, recovery).sessions()) == 2


@pytest.mark.long
def test_the_second_of_two_with_another_passphrase_is_told_in_a_sentence(tmp_path):
    folder = tmp_path / "library"
    words = (PASSPHRASE, "another long passphrase")
    both = [
        start(tmp_path, *record(tmp_path), "--store", folder, env={"INTERBEAT_PASSPHRASE": word})
        for word in words
    ]
    said = [process.communicate(timeout=600)[1] for process in both]
    assert sorted(process.returncode for process in both) == [0, 2], said
    (lost,) = [words for words, one in zip(said, both, strict=True) if one.returncode]
    assert is_a_sentence(lost)
    assert "does not open the library" in lost


@pytest.mark.long
def test_a_new_recovery_key_and_a_new_passphrase(program, tmp_path):
    session = recorded(program.library)
    (found,) = program.objects("sessions", "recovery-key")
    assert store.open_library(program.store, found["recovery_key"]).session(session)
    told = program.run("sessions", "recovery-key")
    assert told.returncode == 0
    assert told.stdout == ""
    (newest,) = RECOVERY.findall(told.stderr)
    with pytest.raises(store.WrongPassphrase):
        store.open_library(program.store, found["recovery_key"])
    (tmp_path / "new").write_text("eight tall windows\n")
    changed = program.run("sessions", "passphrase", "--new-passphrase-file", tmp_path / "new")
    assert changed.returncode == 0, changed.stderr
    assert "eight" not in changed.stdout + changed.stderr
    with pytest.raises(store.WrongPassphrase):
        store.open_library(program.store, PASSPHRASE)
    for secret in ("eight tall windows", newest):
        assert store.open_library(program.store, secret).session(session)


def test_a_new_passphrase_is_asked_at_a_terminal_only(program):
    done = program.run("sessions", "passphrase")
    assert done.returncode == 2
    assert is_a_sentence(done.stderr)
    assert "--new-passphrase-file" in done.stderr
    with Path("/dev/full").open("w") as full:
        refused = program.run("sessions", "recovery-key", "--json", stdout=full)
    assert refused.returncode == 1
    assert is_a_sentence(refused.stderr)
    assert program.library.sessions() == []


@pytest.mark.long
def test_a_short_passphrase_is_used_and_said_once(tmp_path):
    folder = tmp_path / "library"
    short = {"INTERBEAT_PASSPHRASE": "bars"}
    done = run(tmp_path, *record(tmp_path), "--store", folder, env=short)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("4 letters") == 1
    assert "bars" not in done.stderr
    again = run(tmp_path, "sessions", "list", "--store", folder, env=short)
    assert again.returncode == 0
    assert again.stderr == ""


@pytest.fixture
def read_only(program):
    """The library with a whole and a crashed session, seen through a mount that is read only."""
    whole, crashed = recorded(program.library), abandoned(program.library)
    view = program.folder / "view"
    view.mkdir()
    for options in (["--bind", program.store, view], ["-o", "remount,ro,bind", view]):
        if os.geteuid() or subprocess.run(["mount", *options], capture_output=True).returncode:
            pytest.skip("mounting a folder to be read only needs Linux and root")
    yield view, whole, crashed
    subprocess.run(["umount", "-l", str(view)], check=True)


@pytest.mark.long
def test_a_read_only_library_is_listed_shown_analysed_and_exported(program, read_only, tmp_path):
    view, whole, crashed = read_only

    def look(*arguments):
        done = run(tmp_path, *arguments, "--store", view)
        assert done.returncode == 0, done.stderr
        assert done.stderr.count("\n") <= 1
        return done.stdout

    rows = [json.loads(line) for line in look("sessions", "list", "--json").splitlines()]
    assert {row["id"]: row["packets"] for row in rows} == {whole: 3, crashed: 3}
    assert whole in look("sessions", "show", whole)
    assert crashed in look("sessions", "show", crashed)
    assert look("analyse", crashed, "--json")
    assert look("sessions", "export", crashed, "--out", tmp_path / "out")
    for refused in (record(tmp_path), ("sessions", "delete", whole, "--yes")):
        done = run(tmp_path, *refused, "--store", view)
        assert done.returncode == 1
        # Whether the functions that measure are compiled is said before.
        assert is_a_sentence(done.stderr.splitlines(keepends=True)[-1])
        assert "can only be read" in done.stderr


@pytest.mark.long
def test_orphans_are_listed_and_deleted(program):
    older = (program.store / "index.db").read_bytes()
    lost = recorded(program.library)
    (program.store / "index.db").write_bytes(older)
    (row,) = program.listed()
    assert (row["id"], row["state"], row["beats"]) == (lost, "orphan", None)
    assert lost in program.run("sessions", "list").stdout
    assert is_a_sentence(program.run("sessions", "show", lost).stderr)
    assert program.run("sessions", "delete", lost).returncode == 2
    done = program.run("sessions", "delete", lost, "--yes")
    assert done.returncode == 0
    assert is_a_sentence(done.stderr)
    assert program.listed() == []


@pytest.mark.long
def test_a_file_that_another_program_holds_for_8_s_ends_no_recording(program):
    speed = 5
    process = program.start("live", "--simulate", "rest", "--speed", speed, "--headless", "--json")
    try:
        assert process.stdout is not None
        process.stdout.readline()
        (info,) = program.library.sessions()
        with held(program.library, info.id):
            time.sleep(8.0)
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=600)
    finally:
        process.kill()
    assert process.returncode == 0, stderr
    last = json.loads(stdout.splitlines()[-1])
    assert last["final"] is True
    assert last["quality"]["gaps"] == []
    assert last["quality"]["duration_s"] > 8 * speed * 0.9
    (found,) = program.objects("analyse", info.id)
    assert found["quality"]["beats"] == last["quality"]["beats"]


def held(library, session):
    """Hold the lock that whoever writes a session's file needs."""
    path = library.folder / "sessions" / f"{session}.db"
    place = trouble.Place("It", library.folder)

    class Held:
        def __enter__(self):
            self.opened = database.opened(path, library._index.key(session), SESSION_TABLES, place)
            self.connection = self.opened.__enter__()
            self.connection.execute("BEGIN EXCLUSIVE")

        def __exit__(self, *_):
            self.connection.execute("ROLLBACK")
            self.opened.__exit__(None, None, None)

    return Held()


OPENED = """
import os, sys, time
from pathlib import Path
from pipelines import store
library = store.open_library(Path(sys.argv[1]), "x")
print(os.getpid(), flush=True)
time.sleep(float(sys.argv[3]))
os.kill(os.getpid(), int(sys.argv[2]))
"""
PEEK = "import sys; open(f'/proc/{sys.argv[1]}/mem', 'rb').read(0); print('read')"


def allow_dumps():
    """As `ulimit -c unlimited` in the shell that starts the program."""
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))


def dumps(folder):
    return [path.name for path in folder.iterdir() if "core" in path.name]


@pytest.mark.skipif(sys.platform != "linux", reason="core files are looked for on Linux")
@pytest.mark.parametrize(
    "number", [signal.SIGABRT, pytest.param(signal.SIGSEGV, marks=pytest.mark.long)]
)
def test_a_crash_with_an_open_library_leaves_no_core(tmp_path, number):
    make_library(tmp_path / "library")
    arguments = [str(tmp_path / "library"), str(int(number)), "0"]
    for code, expected in ((OPENED, False), (OPENED.replace("library = ", "# "), True)):
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
            preexec_fn=allow_dumps,
            capture_output=True,
        )
        assert done.returncode == -number, done.stderr
        pattern = Path("/proc/sys/kernel/core_pattern").read_text()
        possible = resource.getrlimit(resource.RLIMIT_CORE)[1] != 0
        if expected and possible and "/" not in pattern and "|" not in pattern:
            assert dumps(tmp_path), "otherwise this test would see none where there is one"
        elif not expected:
            assert dumps(tmp_path) == []


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_the_memory_of_an_open_library_is_read_by_nobody_else():
    nobody = Nobody()
    with tempfile.TemporaryDirectory() as place:
        make_library(Path(place) / "library")
        for path in (Path(place), *Path(place).rglob("*")):
            os.chown(path, NOBODY, NOBODY)
        seen = []
        for code in (OPENED, OPENED.replace("library = ", "# ")):
            process = nobody.start(code, f"{place}/library", "15", "600")
            try:
                assert process.stdout is not None
                process.stdout.readline()
                seen.append(nobody.start(PEEK, process.pid).communicate()[0].strip())
            finally:
                process.kill()
                process.communicate()
    assert seen == ["", "read"]


def test_the_command_forbids_dumps_while_it_records(program):
    process = program.start("live", "--simulate", "rest", "--headless", "--json")
    try:
        assert process.stdout is not None
        process.stdout.readline()
        limits = Path(f"/proc/{process.pid}/limits").read_text()
        assert re.search(r"Max core file size +0 ", limits)
        assert eventually(lambda: Path(f"/proc/{process.pid}").stat().st_uid == 0)
    finally:
        process.kill()
        process.communicate()


@pytest.mark.long
def test_a_kill_during_an_export_leaves_nothing_that_looks_like_one(program, tmp_path):
    session = recorded(program.library)
    out = tmp_path / "out"
    out.mkdir()
    whole = store.export_session(program.library, session, tmp_path / "whole")
    shutil.copy(whole, out / f"{session}.zip.new")
    done = run(tmp_path, "analyse", out / f"{session}.zip.new", "--json")
    assert done.returncode == 1
    assert program.run("sessions", "export", session, "--out", out).returncode == 0
    assert [path.name for path in out.iterdir()] == [f"{session}.zip"]
    assert stat.S_IMODE((out / f"{session}.zip").stat().st_mode) == 0o600


def test_the_face_of_the_store_imports_no_window_and_no_compiler():
    loaded = python("import sys, pipelines.store; print(' '.join(sys.modules))").split()
    assert not {"PySide6", "numba"} & set(loaded)
