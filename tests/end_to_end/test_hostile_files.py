"""Hostile files through the real commands: one sentence, no hang, nothing recorded."""

import os
import subprocess

import pytest
from click.testing import CliRunner

from pipelines.command import main
from tests.end_to_end.program import PASSPHRASE, is_a_sentence
from tests.pipelines.formats import hostile

pytestmark = pytest.mark.skipif(
    not hasattr(os, "mkfifo"), reason="this system has no pipes, devices and sockets with a name"
)
REFUSED = {
    "a pipe": "it is a pipe, which may never end",
    "a socket": "it is a socket",
    "an endless device": "it is a device",
    "a link in a circle": "round in a circle",
    "a name of 300 letters": "no file can have this name",
    "zip bomb of 1 GB.zip": "its events.jsonl holds more than 64 MB; if this is right, allow it",
    "events of deep JSON.zip": "is no event of Interbeat",
    "one line of 50 MB": "longer than a million letters",
    "larger than the cap": "it holds more than 64 MB; if this is right, allow it with --large",
}


FEW = ("a pipe", "an endless device", "larger than the cap")
"""What a process itself may hang on or drown in; what reading says of each is tested with it."""


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=[] if n in FEW else [pytest.mark.long]) for n in REFUSED]
)
def test_a_hostile_file_is_refused_in_one_sentence(program, name):
    path = hostile.made(program.folder, name)
    live = ("live", "--headless", "--speed", "max", "--replay", path)
    for arguments, code in ((("analyse", path, "--json"), 1), (live, 2)):
        done = program.run(*arguments)
        assert done.returncode == code
        assert done.stdout == ""
        assert is_a_sentence(done.stderr), done.stderr
        assert REFUSED[name] in done.stderr
    assert not program.library.sessions()


def test_a_hostile_baseline_is_refused_in_one_sentence(program):
    good, bad = program.folder / "good.txt", hostile.made(program.folder, "a pipe")
    good.write_bytes(hostile.COLUMN)
    for name in (bad, "n" * 300, "n" * 300 + ":"):
        done = program.run("analyse", good, "--baseline", name)
        assert done.returncode in (1, 2)
        assert is_a_sentence(done.stderr), done.stderr


def test_large_lifts_the_cap(program):
    path = program.folder / "large.txt"
    path.write_bytes(hostile.COLUMN + b"\n" * hostile.MOST)
    # In this process: what starting one of its own would add is tested above.
    refused, done = (
        CliRunner().invoke(main, ["analyse", str(path), *large]) for large in ([], ["--large"])
    )
    assert refused.exit_code == 1
    assert done.exit_code == 0, done.stderr
    assert done.stdout


@pytest.mark.parametrize(
    "name",
    [
        "a pipe",
        "an endless device",
        pytest.param("a socket", marks=pytest.mark.long),
        "larger than the cap",
    ],
)
def test_a_hostile_passphrase_file_is_refused_in_one_sentence(program, name):
    file = hostile.made(program.folder, name)
    if name == "a pipe":
        keep = os.open(file, os.O_RDWR)  # a writer who says nothing but a line that never ends
        os.write(keep, b"x" * 5000)
    done = program.run("sessions", "list", "--passphrase-file", file)
    if name == "a pipe":
        os.close(keep)
    assert done.returncode == 2
    assert is_a_sentence(done.stderr), done.stderr
    assert "passphrase" in done.stderr


def test_a_passphrase_may_come_by_a_pipe(program):
    file = program.folder / "pipe"
    os.mkfifo(file)
    done = subprocess.Popen(["sh", "-c", f"sleep 1; echo '{PASSPHRASE}' > '{file}'"])
    listed = program.run(
        "sessions", "list", "--passphrase-file", file, env={"INTERBEAT_PASSPHRASE": "wrong"}
    )
    assert done.wait() == 0
    assert listed.returncode == 0, listed.stderr
