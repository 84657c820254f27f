"""The process that parses may die or hang: the next file is read all the same."""

import os
import random
import signal
import time

import numpy as np
import pytest

from pipelines.formats import FormatError
from pipelines.formats.parsers import asking
from pipelines.formats.parsers.parsed import Parsed, Refused
from tests.pipelines.formats.ecgs import ECG, edf
from tests.recordings import DATA, real


@pytest.fixture
def parsing():
    found = asking._Parsing()
    yield found
    found.end()


@pytest.fixture
def data(tmp_path):
    return edf(tmp_path / "a.edf", {"ECG": ECG}).read_bytes()


def test_one_process_parses_many_files(parsing, data):
    first = parsing.ask("edf", data)
    process = parsing._process
    assert isinstance(first, Parsed)
    assert parsing.ask("edf", data) == first
    assert parsing._process is process
    np.testing.assert_allclose(first.channels[0].values, ECG, atol=1e-4)


def test_a_process_that_was_killed_is_followed_by_another(parsing, data):
    expected = parsing.ask("edf", data)
    os.kill(parsing._process.pid, signal.SIGKILL)
    assert parsing.ask("edf", data) is None
    assert parsing.ask("edf", data) == expected


def test_a_process_that_hangs_is_ended(parsing, data, monkeypatch):
    parsing.ask("edf", data)
    monkeypatch.setattr(asking, "AT_LEAST", 0.2)
    monkeypatch.setattr(asking, "PER_MEGABYTE", 0.0)
    os.kill(parsing._process.pid, signal.SIGSTOP)
    begun = time.monotonic()
    assert parsing.ask("edf", data) is None
    assert time.monotonic() - begun < 60.0


def test_what_ended_it_is_said(monkeypatch, tmp_path):
    monkeypatch.setattr(asking._PARSING, "ask", lambda parser, data: None)
    with pytest.raises(FormatError, match="ended the process that did it, or took too long"):
        asking.parsed(tmp_path / "a.edf", b"", parser="edf")


def test_memory_is_bounded(parsing, tmp_path):
    """A header that tells of samples without end asks for no more than there is."""
    data = bytearray(edf(tmp_path / "a.edf", {"ECG": ECG[:2500]}).read_bytes())
    data[236:244] = b"99999999"
    answer = parsing.ask("edf", bytes(data))
    assert isinstance(answer, Parsed)
    assert any("99999999" in note for note in answer.notes)


def mutated(data, draw):
    """Return bytes of which some were changed, cut off, doubled or moved."""
    held = bytearray(data)
    for _ in range(draw.choice((1, 1, 2, 5, 20))):
        at = draw.randrange(len(held))
        match draw.randrange(5):
            case 0:
                held[at] = draw.randrange(256)
            case 1:
                held[at : at + 8] = draw.choice((bytes(8), b"\xff" * 8, b"99999999"))
            case 2:
                del held[at:]
            case 3:
                held[at:at] = held[at : at + draw.randrange(1, 64)]
            case 4:
                del held[at : at + draw.randrange(1, 64)]
        if not held:
            return b"\0"
    return bytes(held)


SAMPLES = {
    "fit": ("fit_hrv/garmin-fenix-5-run.fit", "fit_hrv/sample-activity-indoor-trainer.fit"),
    "xdf": ("xdf_lsl_polar_ecg/data.xdf",),
}


@pytest.mark.long
@real
@pytest.mark.parametrize("parser", ["edf", "fit", "xdf"])
def test_a_thousand_damaged_files_are_each_answered(parser, tmp_path, parsing, monkeypatch):
    monkeypatch.setattr(asking, "AT_LEAST", 60.0)
    draw = random.Random(1)
    if parser == "edf":
        whole = [edf(tmp_path / "a.edf", {"ECG": ECG[:25000]}).read_bytes()]
    else:
        whole = [(DATA / name).read_bytes() for name in SAMPLES[parser]]
    unchanged = [parsing.ask(parser, data) for data in whole]
    first = parsing._process
    for _ in range(1000):
        which = draw.randrange(len(whole))
        data = mutated(whole[which], draw)
        answer = parsing.ask(parser, data)
        assert isinstance(answer, Parsed | Refused)
        if parser == "fit" and data != whole[which] and isinstance(answer, Parsed):
            assert answer != unchanged[which]
    assert parsing._process is first
