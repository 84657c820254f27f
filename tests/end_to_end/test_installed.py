"""What an empty environment gets: few packages, and each extra by the line that is said.

These need a package index; without one they skip, saying so.
"""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.program import ROOT, environment
from tests.views import REQUIRED

pytestmark = pytest.mark.long

MOST = 12
"""Packages beside its own in a base installation."""

TWO_LINES = """
import interbeat
beats = interbeat.beats_from_intervals([812, 804, 790] * 100)
table = interbeat.table(interbeat.measure(beats))
print(len(table), 'numba' in __import__('sys').modules)
"""
COST = """
import time
begin = time.process_time()
import {0}
print(time.process_time() - begin)
"""


class Environment:
    """A virtual environment, empty at first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)

    def run(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        """Run one of its programs in a folder of its own."""
        program = next(iter(self.folder.glob(f"*/{arguments[0]}")))
        return subprocess.run(
            [str(program), *map(str, arguments[1:])],
            capture_output=True,
            text=True,
            cwd=self.folder,
            env=environment(self.folder) | _of_pip(),
        )

    def install(self, *arguments: object) -> None:
        """Install something, or skip where there is no package index."""
        done = self.run("pip", "install", "--constraint", ROOT / "constraints.txt", *arguments)
        if done.returncode and not REQUIRED and "No matching distribution" in done.stderr:
            pytest.skip("No package index can be reached from here.")
        assert done.returncode == 0, done.stderr

    def packages(self) -> set[str]:
        """Return what is installed beside Python's own pip and setuptools."""
        listed = self.run("pip", "list", "--format", "freeze").stdout.split()
        return {line.partition("==")[0].lower() for line in listed} - {"pip", "setuptools"}


def _of_pip():
    """How pip reaches its index here; a warning of pip's own ends nothing."""
    kept = {name: os.environ[name] for name in os.environ if name.startswith("PIP_")}
    return {**kept, "PYTHONWARNINGS": "default", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel that the sdist builds."""
    builder = Environment(tmp_path_factory.mktemp("builder"))
    builder.install("hatchling")
    made = builder.folder / "made"
    done = subprocess.run(
        [builder.folder / "bin" / "python", "-m", "hatchling", "build", "-t", "sdist", "-d", made],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    (sdist,) = made.glob("*.tar.gz")
    done = builder.run("pip", "wheel", "--no-deps", "--wheel-dir", made, sdist)
    assert done.returncode == 0, done.stderr
    (found,) = made.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def base(wheel, tmp_path_factory):
    found = Environment(tmp_path_factory.mktemp("base"))
    found.install(wheel)
    return found


def test_the_base_is_small(base):
    packages = base.packages()
    assert "interbeat" in packages
    assert len(packages) - 1 <= MOST, packages


def test_help_and_analysis_work_in_the_base(base):
    (base.folder / "rr.txt").write_text("812\n804\n790\n" * 100)
    assert "analyse" in base.run("interbeat", "--help").stdout
    done = base.run("interbeat", "analyse", "rr.txt", "--json")
    assert done.returncode == 0, done.stderr
    assert '"rmssd"' in done.stdout


def test_from_intervals_to_a_table_in_two_lines(base):
    done = base.run("python", "-c", TWO_LINES)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[0]) > 30


def test_importing_it_costs_no_more_than_two_imports_of_numpy(base):
    ours, numpys = (
        min(float(base.run("python", "-c", COST.format(name)).stdout) for _ in range(5))
        for name in ("interbeat; interbeat.measure", "numpy")
    )
    assert ours <= 2 * numpys


def test_all_can_be_had(base, wheel):
    done = base.run("pip", "install", "--dry-run", "-c", ROOT / "constraints.txt", f"{wheel}[all]")
    assert done.returncode == 0, done.stderr
    for name in ("bleak", "PySide6", "sqlcipher3", "neurokit2", "polars"):
        assert name in done.stdout


def test_the_line_that_is_said_installs_what_is_missing(wheel, tmp_path):
    found = Environment(tmp_path / "found")
    found.install(wheel)
    done = found.run("interbeat", "scan")
    assert done.returncode == 1
    pip, *line = shlex.split(done.stderr.strip().rpartition("run ")[2].removesuffix("."))
    assert pip == "pip"
    found.install(*line[1:])
    done = found.run("interbeat", "demo", "--headless", "--seconds", "1")
    assert done.returncode == 0, done.stderr
