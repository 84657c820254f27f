"""The process that parses may die or hang: the next file is read all the same."""

import os
import random
import signal

import msgspec
import numpy as np
import pytest

from pipelines.formats import FormatError
from pipelines.formats.parsers import asking
from pipelines.formats.parsers import edf as parse_edf
from pipelines.formats.parsers.parsed import Parsed, Question, Refused
from pipelines.servants import Servant
from tests.pipelines.formats.ecgs import ECG, edf
from tests.recordings import DATA, real


class Parsing:
    """The process that parses, one of a test's own."""

    def __init__(self):
        self.servant = Servant("pipelines.formats.parsers")

    def ask(self, parser, data, *, within=600.0):
        question = msgspec.msgpack.encode(Question(parser, data))
        content = self.servant.ask(question, within=within)
        return None if content is None else msgspec.msgpack.decode(content, type=Parsed | Refused)

    @property
    def process(self):
        return self.servant._process


@pytest.fixture
def parsing():
    found = Parsing()
    yield found
    found.servant.let_go()


@pytest.fixture
def data(tmp_path):
    return edf(tmp_path / "a.edf", {"ECG": ECG}).read_bytes()


def test_one_process_parses_many_files(parsing, data):
    first = parsing.ask("edf", data)
    process = parsing.process
    assert isinstance(first, Parsed)
    assert parsing.ask("edf", data) == first
    assert parsing.process is process
    np.testing.assert_allclose(first.channels[0].values, ECG, atol=1e-4)


def test_a_process_that_was_killed_is_followed_by_another(parsing, data):
    expected = parsing.ask("edf", data)
    os.kill(parsing.process.pid, signal.SIGKILL)
    assert parsing.ask("edf", data) is None
    assert parsing.ask("edf", data) == expected


def test_a_process_that_hangs_is_ended(parsing, data):
    parsing.ask("edf", data)
    os.kill(parsing.process.pid, signal.SIGSTOP)
    assert parsing.ask("edf", data, within=0.2) is None
    assert parsing.servant.overdue


def test_what_ended_it_is_said(monkeypatch, tmp_path):
    monkeypatch.setattr(asking._PARSING, "ask", lambda question, *, within: None)
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
    "acq": ("biopac_acq/physio-5.0.1-c.acq",),
}


@pytest.mark.long
@real
@pytest.mark.parametrize("parser", ["acq", "edf", "fit", "xdf"])
def test_a_thousand_damaged_files_are_each_answered(parser, tmp_path, parsing):
    draw = random.Random(1)
    if parser == "edf":
        whole = [edf(tmp_path / "a.edf", {"ECG": ECG[:25000]}).read_bytes()]
    else:
        whole = [(DATA / name).read_bytes() for name in SAMPLES[parser]]
    unchanged = [parsing.ask(parser, data) for data in whole]
    first = parsing.process
    for _ in range(1000):
        which = draw.randrange(len(whole))
        data = mutated(whole[which], draw)
        answer = parsing.ask(parser, data, within=60.0)
        assert isinstance(answer, Parsed | Refused)
        if parser == "fit" and data != whole[which] and isinstance(answer, Parsed):
            assert answer != unchanged[which]
    assert parsing.process is first


def test_samples_are_calibrated_in_parts_as_in_one(tmp_path, monkeypatch):
    edfio = pytest.importorskip("edfio", reason="edfio is not installed")
    (signal,) = edfio.read_edf(edf(tmp_path / "a.edf", {"ECG": ECG})).signals
    monkeypatch.setattr(parse_edf, "_AT_ONCE", 777)
    assert np.array_equal(parse_edf._samples(signal), signal.data.astype("<f4"))
