"""Hostile files end in a sentence or a result, soon and in bounded memory, whatever they hold."""

import gzip
import json
import os
import random
import re
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.formats import FormatError, read
from pipelines.formats.text import number_of, numbers_at, text_of
from tests.end_to_end.program import ROOT, python
from tests.pipelines.formats import hostile

pytestmark = pytest.mark.skipif(
    not hasattr(os, "fork") or not Path("/proc/self/statm").exists(),
    reason="what a file costs is measured with fork and /proc, which this system has not",
)
SECONDS = 5.0
MEGABYTES = 500.0
HANGS = 2.0
"""Seconds of the processor, of which a file of a few lines takes a thousandth."""


LARGE = {
    "10 million empty lines",
    "10 million lines of CR LF",
    "100000 marks.zip",
    "25 MB of dates",
    "30 days of intervals and one more",
    "5 million comments",
    "5 million lines of blanks",
    "IBI of 50 MB",
    "UTF-8 that is wrong at the end",
    "VU-AMS of 25 MB",
    "a block of 40 MB.zip",
    "many columns, many lines",
    "metadata of many sources.zip",
    "more intervals than 30 days",
    "one line of 50 MB of blanks",
    "only separators, many lines",
    "rows too short",
    "zip bomb of 1 GB.zip",
    "zip of 100000 members.zip",
}
"""Files that take most of a second and more to make and to read."""


def outcomes_of(names, folder):
    """Return what came of each file, and what it cost in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.pipelines.formats.hostile", str(folder), *names],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=1500,
    )
    assert done.returncode == 0, done.stderr
    return {found["name"]: found for found in map(json.loads, done.stdout.splitlines())}


@pytest.fixture(scope="module")
def outcomes(request, tmp_path_factory):
    """Those of the files that are asked for: all are made and read by one process."""
    asking = test_a_hostile_file_ends_in_one_sentence_or_a_result.__name__
    those = [one for one in request.session.items if getattr(one, "originalname", "") == asking]
    names = [one.callspec.params["name"] for one in those]
    return outcomes_of(names, tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def outcomes_of_large(tmp_path_factory):
    return outcomes_of(sorted(LARGE), tmp_path_factory.mktemp("large"))


def test_there_are_many_hostile_files():
    assert len(hostile.NAMES) >= 120
    assert set(hostile.NAMES) > LARGE


@pytest.mark.sampled
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", [name for name in hostile.NAMES if name not in LARGE])
def test_a_hostile_file_ends_in_one_sentence_or_a_result(outcomes, name):
    check_outcome(outcomes[name])


@pytest.mark.long
@pytest.mark.parametrize("name", sorted(LARGE))
def test_a_large_hostile_file_does_too(outcomes_of_large, name):
    check_outcome(outcomes_of_large[name])


def check_outcome(found):
    assert "exception" not in found, found["exception"]
    assert found["seconds"] <= SECONDS
    assert found["memory"] <= MEGABYTES
    if "sentence" in found:
        check_sentence(found["sentence"])
    else:
        assert found["results"]


def check_sentence(sentence):
    what, _, hint = sentence.partition("; ")
    assert what.count(": ") >= 1
    assert hint
    assert "\n" not in sentence
    assert len(sentence) < 400
    assert "no room" not in sentence, "the memory ran out before the file was refused"
    # The names of channels are the file's own words.
    ours = re.sub(r"\(channels: .*\)", "", what.split(": ", 1)[1])
    for word in ("Error", "Traceback", "numpy", "array", "dtype", "utf-8", "codec", "1e308"):
        assert word not in ours, sentence


CHILD = """
import sys
from pathlib import Path
from tests.pipelines.formats.hostile import peak
small, large = map(Path, sys.argv[1:])
print(peak(large) - peak(small))
"""
ROWS = {
    "plain intervals": ("", "900\n"),
    "a table of numbers": ("time_s,rr_ms\n", "1234.567,900\n"),
    "a table of dates": ("timestamp;rr_ms\n", "2026-01-02T10:00:00;900\n"),
    "VU-AMS": (hostile.VU.decode(), "30-06-23/23:59:58.000\t0\t900\tO\n"),
    "IBI.csv": ("1560279825.000000, IBI\n", "1234.567890,0.900000\n"),
}


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(kind, marks=[] if kind == "a table of numbers" else [pytest.mark.long])
        for kind in ROWS
    ],
)
def test_reading_takes_less_than_ten_times_the_size_of_a_file(tmp_path, kind):
    header, row = ROWS[kind]
    small, large = tmp_path / "small.txt", tmp_path / "large.txt"
    small.write_text(header + 10 * row)
    large.write_text(header + 10_000_000 // len(row) * row)
    taken = float(python(CHILD, str(small), str(large)))
    assert taken <= 10 * large.stat().st_size / 1e6


SAMPLES = {
    "plain.txt": hostile.COLUMN[:80],
    "table.csv": hostile.TABLE[:120],
    "dates.csv": hostile.ISO[:300],
    "IBI.csv": hostile.IBI[:150],
    "run.hrm": hostile.HRM + hostile.COLUMN[:80],
    "vu.txt": hostile.VU + hostile.VU_ROWS[:200],
    "loops.txt": b"1 May 2017 18:51:01\nTime (ms),HR (bpm),R-R (ms)\n900,60,900\n1800,60,900\n",
    "logger.csv": b"timestamp, rr, since_start\n1688126658992,900,1\n1688126659892,900,1\n",
    "array.npy": hostile.npy(shape="(8,)", data=np.full(8, 900.0).tobytes()),
    "half.npy": hostile.npy("<f2", shape="(8,)", data=np.full(8, 900, "f2").tobytes()),
    "export.zip": hostile.zipped(hostile.contents(hostile.PACKETS[:8])),
    "stored.zip": hostile.zipped(hostile.contents(hostile.PACKETS[:8]), 0),
    "wide.txt": hostile.COLUMN[:80].decode().encode("utf-16"),
    "packed.csv.gz": gzip.compress(hostile.TABLE[:120], mtime=0),
    "signals.csv": b"time_s,ecg_mV\n"
    + b"".join(b"%.3f,%.3f\n" % (place / 100, place % 80 == 40) for place in range(400)),
    "elite.txt": b"Elite HRV\n" + hostile.COLUMN[:80],
}
PIECES = (
    b"", b"\x00", b"\xff", b"\n", b"\r", b",", b";", b"\t", b'"', b"-", b"e", b"_", b"1e308",
    b"nan", b"-inf", b"9" * 400, b"PK\x01\x02", b"PK\x05\x06", b"\xef\xbb\xbf", b"\xff\xfe",
    b"[" * 3000, b"9999-12-31T23:59:59-14:00", b"0001-01-01", b"\xff\xff\xff\xff",
    "９".encode(), b"{", b"}",
)  # fmt: skip


def mutated(chance, data):
    """`data` with up to four places written over, cut out, doubled or put in."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        begin = chance.randrange(len(changed) + 1)
        end = min(len(changed), begin + chance.choice((0, 0, 1, 1, 2, 4, 8, 50)))
        piece = chance.choice(PIECES) if chance.random() < 0.6 else chance.randbytes(2)
        changed[begin:end] = bytes(changed[begin:end]) * 2 if chance.random() < 0.1 else piece
    return bytes(changed)


def check_mutations(folder, name, count, seed):
    chance = random.Random(f"{name} {seed}")
    path = folder / name
    before = peak_memory()
    for _ in range(count):
        data = mutated(chance, SAMPLES[name])
        path.write_bytes(data)
        begun = time.process_time()
        try:
            assert read(path).intervals > 0
        except FormatError as error:
            check_sentence(str(error))
        assert time.process_time() - begun <= HANGS, data
    assert peak_memory() - before <= MEGABYTES


def peak_memory():
    """Return the most memory in MB that this process has ever taken."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@pytest.mark.parametrize("name", SAMPLES)
def test_no_mutation_ends_in_anything_else(tmp_path, name):
    check_mutations(tmp_path, name, 20, 1)


@pytest.mark.long
@pytest.mark.parametrize("name", SAMPLES)
def test_no_mutation_of_many_ends_in_anything_else(tmp_path, name):
    check_mutations(tmp_path, name, 10_000, 2)


def cell_by_cell(lines):
    try:
        return [[number_of(cell) for cell in line.split(",")[:2]] for line in lines]
    except (ValueError, IndexError):
        return None


CELLS = st.sampled_from(
    ["900", " 9e2 ", "1_000", "９", "nan", "-inf", "Infinity", "0x1p3", "", "1e999", "1d3", "+5",
     "5.", ".5", "\xa05", "1 2", "1e-400", "--1", "nan(1)", "5L", "1j", "\x0b5", "5\x0c", "#5"]
) | st.floats().map(repr)  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=2, max_size=3).map(",".join), min_size=1, max_size=4))
def test_the_fast_way_reads_what_reading_cell_by_cell_does(lines):
    fast, slow = numbers_at(lines, (0, 1), ","), cell_by_cell(lines)
    assert (fast is None) == (slow is None)
    if fast is not None:
        assert np.array_equal(fast.T, np.array(slow), equal_nan=True)


@pytest.fixture(scope="module")
def small_blocks():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipelines.formats.text.BLOCK", 10)
        yield


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(["", " ", "#c", " #c", "900", "x" * 40]), max_size=30))
def test_blocks_hold_each_line_once_under_its_number(small_blocks, lines):
    text = text_of(Path("a"), "\n".join([*lines, "end"]).encode())
    found = [pair for block in text.blocks() for pair in zip(*block, strict=True)]
    expected = [
        (line, number)
        for number, line in enumerate([*lines, "end"], start=1)
        if line.strip() and not line.strip().startswith("#")
    ]
    assert found == expected
