"""Other people's modules: none of them runs, and where one is in the way a sentence says so."""

import base64
import hashlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.recording import pipe
from pipelines.store import running_sessions
from tests.end_to_end.program import (
    PATIENCE,
    ROOT,
    environment,
    eventually,
    is_a_sentence,
    python,
)
from tests.views import reason_to_skip

OURS = ("physio.py", "devices/__init__.py", "pipelines/__init__.py", "gui.py")
PYTHONS = ("queue.py", "email/__init__.py", "sqlite3/__init__.py", "time.py")
AT_START = ("sitecustomize.py", "usercustomize.py")

PLANTED = """
import os, pathlib, sys
pathlib.Path({marker!r}).write_text(os.environ.get("INTERBEAT_PASSPHRASE", ""))
"""


def planted(folder, *files):
    """Put modules into a folder that leave a mark where they run; return where the marks are."""
    marks = folder / "marks"
    marks.mkdir(parents=True)
    for file in files:
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        leave = PLANTED.format(marker=str(marks / file.replace("/", "-")))
        # What Python runs when it starts must let it start; the others end whatever they can.
        path.write_text(leave if file in AT_START else leave + "print('theirs'); sys.exit(0)\n")
    return marks


def marked(marks):
    return sorted(path.name for path in marks.iterdir())


def test_nothing_in_the_working_folder_runs(program, tmp_path):
    work = tmp_path / "work"
    marks = planted(work, *OURS, *PYTHONS, *AT_START)
    (work / "beats.txt").write_text("800\n" * 100)
    for call in (
        ("live", "--speed", "max", "--replay", "beats.txt", "--headless"),
        ("sessions", "list"),
        ("analyse", "beats.txt"),
    ):
        done = program.run(*call, cwd=work)
        assert done.returncode == 0, done.stderr
        assert "theirs" not in done.stdout
    assert not marked(marks)


def test_nothing_beside_the_command_itself_runs(program, tmp_path):
    marks = planted(tmp_path / "bin", *OURS, "queue.py", "email/__init__.py")
    script = tmp_path / "bin" / "interbeat"
    script.write_text("import sys\nfrom interbeat.start import main\nsys.exit(main())\n")
    done = subprocess.run(
        [sys.executable, str(script), "sessions", "list", "--store", str(program.store)],
        env=environment(tmp_path), capture_output=True, text=True, timeout=PATIENCE,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert not marked(marks)


@pytest.mark.parametrize("file", [*OURS, *PYTHONS])
def test_a_name_that_clashes_on_pythonpath_is_said_and_nothing_of_it_runs(program, tmp_path, file):
    work = tmp_path / "work"
    marks = planted(work, file)
    for value in (str(work), ".", f"{tmp_path}{os.pathsep}"):
        done = program.run("sessions", "list", cwd=work, env={"PYTHONPATH": value})
        assert done.returncode == 2
        assert is_a_sentence(done.stderr)
        name = Path(file).parts[0].removesuffix(".py")
        assert f'"{name}"' in done.stderr
        assert str(work) in done.stderr
        assert "PYTHONPATH" in done.stderr
        assert done.stdout == ""
    assert not marked(marks)


@pytest.mark.parametrize("file", AT_START)
def test_what_python_runs_at_its_start_is_named(program, tmp_path, file):
    planted(tmp_path / "work", file)
    done = program.run("sessions", "list", env={"PYTHONPATH": str(tmp_path / "work")})
    assert done.returncode == 2
    assert is_a_sentence(done.stderr)
    assert file.removesuffix(".py") in done.stderr


def test_a_zip_on_pythonpath_is_looked_into(program, tmp_path):
    marks = planted(tmp_path / "work", "queue.py")
    archive = shutil.make_archive(str(tmp_path / "modules"), "zip", tmp_path / "work")
    done = program.run("sessions", "list", env={"PYTHONPATH": archive})
    assert done.returncode == 2
    assert archive in done.stderr
    assert not marked(marks)


def test_other_modules_and_mere_folders_on_pythonpath_are_fine(program, tmp_path):
    work = tmp_path / "work"
    for name in ("physio", "pipelines", "queue"):
        (work / name).mkdir(parents=True)
        (work / name / "beats.txt").write_text("800\n" * 100)
    (work / "my_own.py").write_text("")
    absent = str(tmp_path / "absent")
    done = program.run(
        "sessions", "list", env={"PYTHONPATH": os.pathsep.join([str(work), absent, str(ROOT)])}
    )
    assert done.returncode == 0, done.stderr


def test_another_project_s_package_in_the_same_environment_is_said(tmp_path):
    marks = planted(tmp_path / "site", "physio.py")
    code = (
        "import sys; sys.path.insert(0, sys.argv.pop()); "
        "from interbeat import start; print(start.shadowed(), start.displaced())"
    )
    said = python(code, str(tmp_path / "site"))
    assert '"physio" clashes' in said
    assert str(tmp_path / "site") in said
    assert "environment of its own" in said
    assert not marked(marks)


@pytest.fixture
def installed(tmp_path):
    """Our packages as an installer leaves them, empty; and what the command says of them."""
    site = tmp_path / "site-packages"
    shutil.copytree(ROOT / "interbeat", site / "interbeat")
    lines = []
    for name in ("physio", "devices", "pipelines", "gui"):
        (site / name).mkdir()
        (site / name / "__init__.py").write_bytes(b"# ours\n")
        digest = base64.urlsafe_b64encode(hashlib.sha256(b"# ours\n").digest()).decode()
        lines.append(f"{name}/__init__.py,sha256={digest.rstrip('=')},7\n")
    (site / "interbeat-0.1.0.dist-info").mkdir()
    (site / "interbeat-0.1.0.dist-info" / "RECORD").write_text("".join(lines))
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); "
        "from interbeat import start; print(start.displaced())"
    )
    return site, lambda: python(code, str(site)).strip()


def test_a_package_that_another_project_overwrote_is_said(installed):
    site, said = installed
    assert said() == "None"
    (site / "physio" / "__init__.py").write_text("# theirs\n")
    assert '"physio" clashes' in said()


def test_a_package_that_another_project_took_along_is_said(installed):
    site, said = installed
    (site / "gui" / "__init__.py").unlink()
    assert '"gui" clashes' in said()


# Windows

OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}
LIVE = ("live", "--simulate", "rest", "--speed", "10")


@pytest.fixture(scope="module")
def can_draw():
    if why := reason_to_skip():
        pytest.skip(why)


def window_of(process):
    """Process id of the window that a command has opened (Linux)."""
    if not Path("/proc/self/task").exists():
        pytest.skip("only Linux lists the children of a process")
    listed = Path(f"/proc/{process.pid}/task").glob("*/children")
    return next((int(word) for path in listed for word in path.read_text().split()), None)


def variables_of(number):
    try:
        entries = Path(f"/proc/{number}/environ").read_bytes().split(b"\0")
    except OSError:  # it has ended
        return set()
    return {entry.partition(b"=")[0].decode() for entry in entries if entry}


def test_the_window_is_ours_wherever_it_is_opened_and_knows_no_secret(program, can_draw, tmp_path):
    work = tmp_path / "work"
    marks = planted(work, *OURS, *PYTHONS, *AT_START)
    process = program.start(*LIVE, cwd=work, env={**OFFSCREEN, "PYTHONUTF8": "1"})
    try:
        assert eventually(lambda: running_sessions(program.store) and window_of(process))
        client = pipe.connect(running_sessions(program.store)[0].session, program.store)
        assert eventually(lambda: (seen := client.snapshot()) is not None and bool(seen.sources))
        assert eventually(lambda: "QT_QPA_PLATFORM" in variables_of(window_of(process)))
        names = variables_of(window_of(process))
        assert "INTERBEAT_PASSPHRASE" not in names
        assert not [name for name in names if name.startswith("PYTHON")]
        client.close()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
    finally:
        end_both(process)
    assert process.returncode == 0, err
    assert "opens again" not in err
    assert "theirs" not in out
    assert not marked(marks)


def end_both(process):
    """Leave no process behind: a window outlives its killed recorder."""
    window = window_of(process) if process.poll() is None else None
    process.kill()
    if window is not None:
        os.kill(window, signal.SIGKILL)
    process.communicate(timeout=PATIENCE)


RECORD_WITH = """
import sys
from pipelines import recording
recording.window_command = lambda session, store, more: [
    sys.executable, "-c", {opened!r}, session, "--store", str(store), *more]
from pipelines.command import main
main()
"""
"""The command, with other code in place of its window."""

CLOSED_BY_A_PERSON = """
import os, sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from gui.__main__ import arguments, window
application = QApplication(["window"])
view = window(arguments())
view.show()
closing = QTimer(interval=1500)  # the first time finishes what is being recorded
closing.timeout.connect(lambda: view.isVisible() and view.close())
closing.start()
application.exec()
os._exit({code})
"""


def recorded_with(program, opened, *arguments):
    code = RECORD_WITH.format(opened=opened)
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments, "--store", str(program.store)],
        cwd=ROOT, env=environment(program.folder, **OFFSCREEN), text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("code", [0, 3])
@pytest.mark.parametrize("view", ["live", "breathe"])
def test_a_window_that_a_person_closes_ends_the_recording(program, can_draw, view, code):
    opened = CLOSED_BY_A_PERSON.format(code=code)
    process = recorded_with(program, opened, view, "--simulate", "rest")
    try:
        _, err = process.communicate(timeout=2 * PATIENCE)
    finally:
        end_both(process)
    assert process.returncode == 0, err
    assert "opens again" not in err
    assert "The recording is session" in err
    assert [one["state"] for one in program.listed()] == ["finished"]


@pytest.mark.long
def test_a_window_closed_after_the_end_lets_the_command_end(program, can_draw, tmp_path):
    (tmp_path / "short.txt").write_text("800\n" * 100)
    replay = ("live", "--replay", str(tmp_path / "short.txt"), "--speed", "max")
    process = recorded_with(program, CLOSED_BY_A_PERSON.format(code=0), *replay)
    try:
        _, err = process.communicate(timeout=2 * PATIENCE)
    finally:
        end_both(process)
    assert process.returncode == 0, err
    assert "The window" not in err


@pytest.mark.long
def test_a_window_that_leaves_without_goodbye_is_opened_again_whatever_its_exit_code(program):
    process = recorded_with(program, "raise SystemExit(0)", *LIVE)
    try:
        said = [process.stderr.readline()]
        while "cannot be kept open" not in said[-1]:
            said.append(process.stderr.readline())
            assert said[-1], "it ended"
        client = pipe.connect(running_sessions(program.store)[0].session, program.store)
        moments = []
        assert eventually(lambda: still_records(client, moments))
        client.close()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=PATIENCE)
    finally:
        end_both(process)
    assert process.returncode == 0, err
    assert "".join(said).count("it opens again") == 3


def still_records(client, moments):
    """Whether the session has gone on since the first time that it was asked."""
    seen = client.snapshot()
    if seen is not None and seen.phase == "session":
        moments.append(seen.time)
    return len(moments) > 1 and moments[-1] > moments[0]
