"""Whatever the letters of a terminal, and whether there is one: all is told, all is kept."""

import json
import os
import subprocess
import sys

import pytest

from devices.codec.heart_rate import HeartRate, encode
from pipelines import store
from pipelines.session.events import Mark, Packet, Source, WallClock
from tests.end_to_end.program import COMMAND, FAST, PATIENCE, ROOT, environment
from tests.pipelines.formats.test_formats_export import files, zipped
from tests.pipelines.store.libraries import recorded

WORDS = "süß Ω 日本 😀"
ENCODINGS = {
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "ascii strict": {"PYTHONIOENCODING": "ascii:strict"},
    "C": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "cp1252": {"PYTHONIOENCODING": "cp1252"},
    "latin-1": {"PYTHONIOENCODING": "latin-1"},
    "cp437": {"PYTHONIOENCODING": "cp437"},
    "utf-8": {"PYTHONUTF8": "1"},
}


def quickly(*few):
    """Each of the encodings, those that are not named in the long tests."""
    return [
        pytest.param(encoding, id=name, marks=[] if name in few else [pytest.mark.long])
        for name, encoding in ENCODINGS.items()
    ]


@pytest.fixture
def recording(tmp_path):
    """A minute of a heart at rest, in letters of many scripts."""
    log = (
        WallClock(0.0, 1.7e9),
        Source(0.0, 0, f"client {WORDS}", f"strap {WORDS}", "A0"),
        *(
            Packet(float(second), 0, "heart_rate", encode(HeartRate(60, rr_ticks=(1000 + second,))))
            for second in range(1, 60)
        ),
        Mark(20.0, WORDS),
    )
    return zipped(tmp_path / f"{WORDS}.zip", files(log))


def surroundings(program, encoding):
    kept = environment(program.folder)
    return {name: kept[name] for name in kept if name not in ("LANG", "LC_ALL")} | encoding


def called(program, encoding, *arguments, **more):
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL}
    return subprocess.run(
        [COMMAND, *map(os.fspath, arguments)],
        env=surroundings(program, encoding), timeout=2 * PATIENCE, check=False, **{**pipes, **more},
    )  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("encoding", quickly("C"))
def test_a_letter_that_is_lacking_is_escaped_and_ends_nothing(program, recording, encoding):
    kept = ("--store", program.store)
    replay = ("live", "--replay", recording, "--speed", "max", "--headless", *kept)
    calls = (
        replay,
        ("analyse", recording),
        ("scan", "--seconds", "x"),
    )
    for arguments in calls:
        done = called(program, encoding, *arguments)
        assert b"Traceback" not in done.stderr, done.stderr
        assert done.returncode == (2 if "scan" in arguments else 0), done.stderr
    (row,) = program.listed()
    assert (row["state"], row["beats"]) == ("finished", 59)
    shown = called(program, encoding, "sessions", "show", row["id"], *kept)
    letters = encoding.get("PYTHONIOENCODING", "ascii:x" if "LC_ALL" in encoding else "utf-8")
    mark = WORDS.encode(letters.partition(":")[0], "backslashreplace")
    assert mark in shown.stdout


@pytest.mark.parametrize("encoding", quickly("cp1252"))
@pytest.mark.long
def test_a_line_of_json_is_the_same_in_every_encoding(program, recording, encoding):
    done = called(program, encoding, "analyse", recording, "--json")
    assert done.returncode == 0, done.stderr
    line = json.loads(done.stdout.decode("ascii"))
    assert line["source"] == f"client {WORDS}"
    assert os.fsencode(line["file"]) == os.fsencode(recording)


EACH_CLOSED = [pytest.param(one, marks=pytest.mark.long) for one in ("<&-", ">&-", "2>&-")]


@pytest.mark.long
@pytest.mark.parametrize("closed", ["<&- >&- 2>&-", *EACH_CLOSED])
def test_streams_that_were_closed_cost_nothing(program, recording, closed):
    arguments = ("live", "--replay", recording, "--speed", "max", "--headless", "--json")
    script = f'exec "$0" "$@" --store "{program.store}" {closed}'
    done = subprocess.run(
        ["sh", "-c", script, COMMAND, *map(os.fspath, arguments)],
        env=environment(program.folder), capture_output=True, timeout=2 * PATIENCE, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr
    (row,) = program.listed()
    assert (row["state"], row["beats"]) == ("finished", 59)


def test_no_file_takes_the_number_of_a_stream_that_was_closed(tmp_path):
    code = (
        "import os, subprocess, sys; from pipelines.command import streams\n"
        "streams.make_ready(); file = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)\n"
        "subprocess.run([sys.executable, '-c', 'import os; os.write(1, b\"x\"); os.fstat(2)'],"
        " check=True)\n"
        "os.write(file, str(file).encode())"
    )
    subprocess.run(
        ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", sys.executable, "-c", code, tmp_path / "file"],
        check=True, timeout=PATIENCE, cwd=ROOT,
    )  # fmt: skip
    assert int((tmp_path / "file").read_text()) > 2


@pytest.mark.parametrize("nobody", ["stdout", "stderr"])
@pytest.mark.long
def test_a_pipe_that_nobody_reads_costs_nothing(program, recording, nobody):
    reading, writing = os.pipe()
    os.close(reading)
    arguments = ("live", "--replay", recording, "--speed", "max", "--headless")
    done = called(
        program, ENCODINGS["ascii"], *arguments, "--store", program.store, **{nobody: writing}
    )
    os.close(writing)
    assert done.returncode == 0, done.stderr
    (row,) = program.listed()
    assert row["beats"] == 59


def test_a_passphrase_opens_the_library_under_every_locale(program):
    secret = "sieben stille Lämpchen"
    library = store.create_library(program.folder / "own", secret, show=lambda _: None, cost=FAST)
    session = recorded(library)
    for encoding in (ENCODINGS["utf-8"], ENCODINGS["C"]):
        listed = called(
            program, encoding | {"INTERBEAT_PASSPHRASE": secret}, "sessions", "list", "--json",
            "--store", program.folder / "own",
        )  # fmt: skip
        assert listed.returncode == 0, listed.stderr
        assert json.loads(listed.stdout)["id"] == session


def test_a_passphrase_file_in_another_encoding_is_told_in_one_sentence(program, tmp_path):
    for encoding in ("utf-16", "latin-1"):
        (tmp_path / "words").write_text("Lämpchen\n", encoding=encoding)
        done = program.run("sessions", "list", "--passphrase-file", tmp_path / "words")
        assert done.returncode == 2
        (sentence,) = done.stderr.splitlines()
        assert "UTF-8" in sentence
