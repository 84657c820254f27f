"""Killed at any call that changes the disk, or on a disk of any size: usable or absent."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pipelines.store.libraries import ROOT
from tests.views import REQUIRED

SCRIPT = Path(__file__).with_name("disk_calls.py")
CANNOT = 77
KINDS = (
    "creation",
    "key file",
    "opening",
    "finishing",
    "deletion",
    "backup",
    "restore",
    "withdrawal",
    "export",
    "passphrase",
    "recovery key",
    "migration",
    "own file",
    "letting go",
    "index migration",
)

ALIKE = (
    *("moving", "merging", "adding", "restore anew", "import"),
    *("sharing", "taking back", "planning", "own file restored"),
)
"""Kinds whose steps are those of another one."""


def tried(*arguments: object) -> int:
    """Run the script; return how often it tried. It ends at the first that does not hold."""
    done = subprocess.run(
        [sys.executable, str(SCRIPT), *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    if done.returncode == CANNOT and not REQUIRED:
        pytest.skip(done.stderr.strip())
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.sampled
def test_a_kill_at_some_calls_leaves_it_usable_or_absent(tmp_path, kind):
    assert tried("kill", kind, 15, tmp_path) >= 1


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS + ALIKE)
def test_a_kill_at_every_call_leaves_it_usable_or_absent(tmp_path, kind):
    assert tried("kill", kind, 1, tmp_path) >= 10


@pytest.mark.sampled
def test_a_library_and_a_session_on_disks_of_some_sizes(tmp_path):
    assert tried("sizes", 9, tmp_path) == 36


@pytest.mark.long
def test_a_library_and_a_session_on_disks_of_every_size(tmp_path):
    assert tried("sizes", 1, tmp_path) == 300
