"""A bundle: it starts its own modules with itself, and says what it does without."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.extras import EXTRAS, how_to_install
from pipelines.processes import program

ROOT = Path(__file__).parents[1]
SPEC = (ROOT / "interbeat" / "bundle.spec").read_text(encoding="utf-8")


def bundled(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run what a bundle runs, by the Python of these tests."""
    return subprocess.run(
        [sys.executable, "-P", ROOT / "interbeat" / "bundled.py", *arguments],
        capture_output=True,
        text=True,
        env={name: value for name, value in os.environ.items() if name != "INTERBEAT_PASSPHRASE"},
    )


def test_it_starts_its_own_modules_with_itself(monkeypatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert program("gui", "--desk") == [sys.executable, "-m", "gui", "--desk"]
    ours = bundled(*program("proof.bench.pair")[1:])
    assert "main() missing" in ours.stderr, "ours, called without what it needs"


def test_another_module_is_no_command_of_it():
    found = bundled("-m", "this")
    assert found.returncode == 2
    assert "Zen" not in found.stdout


def test_it_is_the_command_otherwise():
    assert bundled("--version").stdout.startswith("interbeat")


def test_it_says_that_it_does_without_what_is_large(monkeypatch, english):
    lacking = ModuleNotFoundError("No module named 'polars'", name="polars")
    assert "pip install" in how_to_install(lacking)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert "bundle does without" in how_to_install(lacking)


def test_what_is_left_out_is_of_no_extra_that_it_needs():
    left_out = SPEC.partition("UNUSED = (")[2].partition(")")[0]
    lacking = {f'"{name}"' for extra in ("app", "elan", "voice") for name in EXTRAS[extra]}
    assert not [name for name in lacking if name in left_out]


@pytest.mark.long
def test_made_anew_it_runs_without_python(tmp_path):
    if shutil.which("strip") is None or shutil.which("objdump") is None:
        pytest.skip("strip and objdump (of binutils) are not here.")
    clone = tmp_path / "clone"
    shutil.copytree(
        ROOT,
        clone,
        ignore=shutil.ignore_patterns(".git", ".venv", "build", "dist", "tests", ".*_cache"),
    )
    made = subprocess.run(["make", "bundle"], cwd=clone, capture_output=True, text=True)
    if "No matching distribution" in made.stderr:
        pytest.skip("No package index can be reached from here.")
    assert made.returncode == 0, made.stderr[-2000:]
    folder = clone / "dist" / "interbeat"
    before = {file: file.stat().st_mtime for file in folder.rglob("*")}
    size = sum(file.lstat().st_size for file in before if file.is_file() and not file.is_symlink())
    assert size <= 480e6
    home = {"HOME": str(tmp_path), "INTERBEAT_PASSPHRASE": "seven quiet lamps", "LANG": "C.UTF-8"}

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [folder / "interbeat", *arguments],
            cwd=tmp_path,
            env=home,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    (tmp_path / "rr.txt").write_text("812\n804\n790\n" * 100)
    assert '"rmssd"' in run("analyse", "rr.txt", "--json")
    demo = ("--headless", "--seconds", "8", "--store", "demo")
    assert "heart rate" in run("demo", *demo)
    (listed,) = run("sessions", "list", "--json", "--store", "demo").splitlines()
    assert '"device":"Simulated strap (therapy)"' in listed
    assert {file: file.stat().st_mtime for file in folder.rglob("*")} == before, "written into"
