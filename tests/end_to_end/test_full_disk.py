"""A full disk ends a recording with one sentence and takes nothing that was kept."""

import json
import os
import resource
import subprocess

import pytest

from tests.end_to_end.program import Program, is_a_sentence, short


def record(place):
    """What calls for a recording of two that takes more room than there is."""
    return ("live", *("--replay", short(place, beats=400)) * 2, "--headless", "--json")


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 4 MB, where this machine lets us mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("no small disk can be mounted here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(place, *, left):
    """Leave so many bytes free."""
    free = os.statvfs(place).f_bavail * os.statvfs(place).f_frsize
    filler = place / "filler"
    filler.write_bytes(b"0" * (free - left))
    return filler


def kept(program, done):
    """Check how it ended, and return what `sessions recover` or the end itself kept."""
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    (row,) = program.listed()
    if row["state"] == "recording":
        (row,) = program.objects("sessions", "recover")
    printed = {line["source"]: line["quality"]["beats"] for line in lines}
    assert row["beats"] >= sum(printed.values()) > 0
    found = program.objects("analyse", row["id"])
    assert sum(one["quality"]["beats"] for one in found) == row["beats"]
    return lines


@pytest.mark.long
def test_a_disk_that_fills_up(small_disk):
    program = Program(small_disk)
    recording = record(small_disk)
    filler = fill(small_disk, left=220_000)
    done = program.run(*recording, "--speed", "max")
    filler.unlink()
    lines = kept(program, done)
    assert lines[-1]["final"] is True
    assert [line for line in done.stderr.splitlines() if "is full" in line]


def test_a_disk_that_is_full_already(small_disk):
    program = Program(small_disk)
    recording = record(small_disk)
    filler = fill(small_disk, left=0)
    done = program.run(*recording, "--speed", "max")
    assert done.returncode == 1
    assert is_a_sentence(done.stderr)
    assert "is full" in done.stderr
    assert done.stdout == ""
    filler.unlink()
    assert program.library.sessions() == []


@pytest.mark.long
def test_a_file_that_may_not_grow(tmp_path):
    program = Program(tmp_path)
    done = program.run(
        *record(tmp_path),
        "--speed",
        "max",
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000)),
    )
    kept(program, done)
    assert [line for line in done.stderr.splitlines() if "everything before is kept" in line]
