"""A process of our own runs our modules, wherever it is started, and is told no secret."""

import os
import subprocess

import pytest

from pipelines.processes import HOME, program, surroundings
from pipelines.store.passphrase import VARIABLE


@pytest.fixture
def variables(monkeypatch):
    """Set variables in place of those of the tests' own that steer Python."""
    for name in [name for name in os.environ if name.startswith("PYTHON")]:
        monkeypatch.delenv(name)

    def give(**values):
        for name, value in values.items():
            monkeypatch.setenv(name, value)
        return surroundings()

    return give


def test_it_is_told_no_passphrase_and_nothing_that_steers_python(variables):
    told = variables(
        PYTHONPATH="/elsewhere", PYTHONHOME="/nowhere", PYTHONSTARTUP="x", PYTHONINSPECT="1",
        LANG="C.UTF-8", **{VARIABLE: "seven quiet lamps"},
    )  # fmt: skip
    assert VARIABLE not in told
    assert "seven quiet lamps" not in told.values()
    assert not [name for name in told if name.startswith("PYTHON")]
    assert told["LANG"] == "C.UTF-8"
    assert told["PATH"] == os.environ["PATH"]


def test_a_checkout_that_is_found_by_pythonpath_alone_is_found_again_and_nothing_else(variables):
    told = variables(PYTHONPATH=os.pathsep.join(["/elsewhere", "", str(HOME)]))
    assert told["PYTHONPATH"] == str(HOME)


@pytest.mark.parametrize("by_variable", [False, True])
def test_the_working_folder_holds_nothing_that_it_runs(variables, tmp_path, by_variable):
    marker = tmp_path / "ran"
    for name in ("gui.py", "pipelines.py", "physio.py", "queue.py", "sitecustomize.py"):
        (tmp_path / name).write_text(f"open({str(marker)!r}, 'a').write({name!r})\n")
    told = variables(PYTHONPATH=str(tmp_path)) if by_variable else variables()
    done = subprocess.run(
        program("proof.bench.pair"), cwd=tmp_path, env=told, capture_output=True, text=True
    )
    assert "main() missing" in done.stderr, "ours, called without what it needs"
    assert not marker.exists()
