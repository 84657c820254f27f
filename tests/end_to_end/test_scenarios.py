"""Simulated straps through the whole program, alone and two at a time."""

import csv
import io
import math
import zipfile

import pytest

from tests.end_to_end.program import Program, same


@pytest.fixture(scope="module")
def therapy(tmp_path_factory):
    """A session recorded once for several tests, and the objects it printed."""
    program = Program(tmp_path_factory.mktemp("therapy"))
    return program, program.recorded("--simulate", "therapy", "--speed", "max")


@pytest.mark.long
def test_arousal_waits_for_a_baseline(therapy):
    program, therapy = therapy
    log = program.library.events(therapy[-1]["session"])
    (chosen,) = [event.time for event in log if type(event).__name__ == "Baseline"]
    before = [line["arousal"] for line in therapy[:-1] if line["time_s"] < chosen - 1]
    after = [line["arousal"] for line in therapy[:-1] if line["time_s"] > chosen + 61]
    assert before
    assert after
    assert {(one["value"], one["reason"]) for one in before} == {(None, "no baseline yet")}
    assert all(one["value"] is not None or one["reason"] for one in after)
    values = [one["value"] for one in after if one["value"] is not None]
    assert len(values) > len(after) / 2
    assert max(values) > 2
    assert therapy[-1]["arousal"]["value"] is not None


@pytest.mark.long
def test_marks_are_shown_and_exported(therapy, tmp_path):
    program, therapy = therapy
    session = therapy[-1]["session"]
    log = program.library.events(session)
    marks = [(mark.time, mark.text) for mark in log if type(mark).__name__ == "Mark"]
    assert len(marks) >= 3
    shown = program.run("sessions", "show", session).stdout
    assert all(text in shown for _, text in marks)
    done = program.run("sessions", "export", session, "--out", tmp_path / "out")
    with zipfile.ZipFile(done.stdout.strip()) as export:
        (name,) = [one for one in export.namelist() if one.endswith("marks.csv")]
        rows = list(csv.reader(io.StringIO(export.read(name).decode())))
    assert [(float(time), text) for time, text in rows[1:]] == marks


@pytest.mark.parametrize(
    ("scenario", "breathing"),
    [pytest.param("rest", 14.0, marks=pytest.mark.long), ("paced:6", 6.0)],
)
def test_it_finds_the_breathing_that_was_simulated(program, scenario, breathing):
    *_, last = program.recorded("--simulate", scenario, "--speed", "max")
    assert last["measures"]["breathing_rate"]["value"] == pytest.approx(breathing, abs=0.3)
    assert last["quality"]["verdict"] == "good"
    assert last["quality"]["gaps"] == []


@pytest.mark.long
def test_early_beats_are_labelled(program):
    *_, last = program.recorded("--simulate", "ectopic:5", "--speed", "max")
    assert 2.0 < last["quality"]["corrected_percent"] < 12.0


@pytest.mark.long
def test_dropouts_are_gaps(program):
    *_, last = program.recorded("--simulate", "dropouts", "--speed", "max")
    assert last["quality"]["gaps"]
    assert last["quality"]["coverage_percent"] < 99.0
    assert all(gap["cause"] for gap in last["quality"]["gaps"])


@pytest.mark.long
def test_a_recording_and_a_simulation_together(program, tmp_path):
    path = tmp_path / "plain.txt"
    path.write_text("\n".join(str(800 + 30 * math.sin(n / 3)) for n in range(300)) + "\n")
    lines = program.recorded("--replay", path, "--simulate", "rest", "--speed", "max")
    client, therapist = lines[-2:]
    assert (client["source"], therapist["source"]) == ("client", "therapist")
    (alone,) = program.objects("analyse", path)
    assert client["quality"]["beats"] == alone["quality"]["beats"] == 300
    assert same(*(one["measures"]["rmssd"]["value"] for one in (client, alone)))
    assert alone["measures"]["rmssd"]["value"] > 0
    assert client["quality"]["gaps"] == [], "a recording that is over lost no link"
    assert therapist["quality"]["beats"] > 500
    (row,) = program.listed()
    assert [source["role"] for source in row["sources"]] == ["client", "therapist"]
    assert row["beats"] == 300 + therapist["quality"]["beats"]


@pytest.mark.long
def test_consent_is_noted(program, tmp_path):
    path = tmp_path / "short.txt"
    path.write_text("800\n" * 20)
    for arguments, noted in (((), "consent not asked"), (("--consent",), "agreed")):
        *_, last = program.recorded("--replay", path, "--speed", "max", *arguments)
        log = program.library.events(last["session"])
        (consent,) = [event.text for event in log if type(event).__name__ == "Consent"]
        assert noted in consent
