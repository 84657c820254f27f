"""Small files after situations that people met, each with what is right about it."""

from dataclasses import dataclass

import numpy as np
import pytest

import physio
from pipelines.analysis import analyse
from pipelines.formats import FormatError, read
from tests.recordings import DATA

CASES = DATA.parent / "cases"

pytestmark = [
    pytest.mark.skipif(
        not CASES.is_dir(), reason="the small files (../shared/cases) are not beside this clone"
    ),
    pytest.mark.usefixtures("english"),
]


@dataclass(frozen=True)
class Right:
    """What is right; RMSSD in ms, breathing in breaths/min, duration in s."""

    beats: int = 334
    duration: float = 300.2
    rmssd: float | None = 29.97
    breathing: float | None = 15.0
    gaps: int = 0
    verdict: str = "good"
    note: str = ""
    reason: str | None = None
    hf: float | None = None
    """In ms2; 0 where it must be withheld."""


ONE_HEART = Right()
MINUTES = Right(beats=300, duration=299.9, rmssd=32.59)

READ = {
    "duplicated-rows-with-times/each_twice.csv": Right(note="334 rows that were there already"),
    "duplicated-rows-with-times/block_resent.csv": Right(note="100 rows that were there already"),
    "ragged-rows-several-rr/hr_log.csv": ONE_HEART,
    "packet-a-line/comma_67.csv": Right(beats=326, duration=293.3, rmssd=30.76),
    "packet-a-line/space_110.txt": Right(beats=545, duration=299.5, rmssd=21.59),
    "one-line/two_on_a_line.txt": ONE_HEART,
    "one-line/suunto.txt": ONE_HEART,
    "several-in-cell/quoted_comma.csv": ONE_HEART,
    "rr-then-time-no-header/rr_time_2400_1.txt": Right(beats=2669, duration=2401.9, rmssd=30.61),
    "decimal-comma-ms/rr_1024.txt": ONE_HEART,
    "decimal-comma-seconds/rr.txt": Right(note="read as seconds"),
    "single-intervals-missing-exact-times/missing_5.csv": Right(
        beats=583, duration=600.1, rmssd=87.6, breathing=6.0, gaps=24, hf=0.0
    ),
    "single-intervals-missing-exact-times/complete.csv": Right(
        beats=612, duration=600.1, rmssd=87.67, breathing=6.0, hf=110.7
    ),
    "missing-values/m.csv": Right(beats=324, gaps=10, breathing=None),
    "clock-set-anew/back_1h.txt": Right(
        beats=10806,
        duration=10801,
        rmssd=32.94,
        verdict="limited",  # it breathes at exactly a quarter of its heart rate
        reason="in_step",
        note="set back by 3600 s",
    ),
    "fit-filler/now_and_then.txt": Right(note="37 values that stand for"),
    "zero-between/zeros.txt": Right(note="37 values that stand for"),
    "h10-memory-garbage/one_14679420.txt": Right(
        beats=667, duration=600.2, rmssd=30.5, gaps=1, note="taken for a gap"
    ),
    "ticks-as-ms/ticks_with_times.csv": Right(note="1/1024 s"),
    "other-dates/apple_style_zone.csv": MINUTES,
    "other-dates/dmy.csv": MINUTES,
    "other-dates/minutes.csv": MINUTES,
    "clock-only-times/psl.txt": MINUTES,
    "openhrv-long/openhrv.csv": ONE_HEART,
    "trailing-comma/trail.txt": ONE_HEART,
    "units-row/labchart.csv": ONE_HEART,
}

REFUSED = {
    "over-count/two_transports.csv": r"the intervals add up to 2\.0 times the time that passed",
    "repeated-last-value/every_second_48bpm.csv": r"add up to 1\.2 times the time that passed",
    "raw-and-corrected/s1.txt": "columns cannot be told apart",
    "sample-units/rr_250hz.txt": r"267 heartbeats a minute; is this column in milliseconds\?",
}


@pytest.mark.parametrize("file", READ)
def test_what_is_right_is_measured(file):
    right = READ[file]
    recording = read(CASES / file)
    (result,) = analyse(recording.events)
    value = {name: one.value for name, one in result.measures.items()}
    assert result.quality.beats == recording.intervals == right.beats
    assert result.quality.duration_s == pytest.approx(right.duration, abs=1.5)
    assert value["rmssd"] == pytest.approx(right.rmssd, rel=0.002)
    assert result.quality.verdict == right.verdict
    assert right.reason is None or result.quality.reason.code == right.reason
    assert result.quality.gaps_total == right.gaps
    if right.breathing is not None:
        assert value["breathing_rate"] == pytest.approx(right.breathing, abs=0.1)
    if right.hf is not None:
        assert (value["hf"] or 0.0) == pytest.approx(right.hf, rel=0.01)
    assert right.note in " ".join(recording.notes)


@pytest.mark.parametrize("file", REFUSED)
def test_what_contradicts_itself_is_refused_in_words(file):
    with pytest.raises(FormatError, match=REFUSED[file]) as caught:
        read(CASES / file)
    assert str(caught.value).startswith(f"{CASES / file}: ")


def test_intervals_that_repeat_the_last_one_are_not_interpreted():
    events = read(CASES / "repeated-last-value/every_second_48bpm.txt").events
    (result,) = analyse(events)
    assert result.quality.verdict == "none"
    assert result.quality.reason.code == "repeated"


@pytest.mark.parametrize("file", ["missing_5.csv", "complete.csv"])
def test_beats_of_arrays_have_the_gaps_of_a_file(file):
    path = CASES / "single-intervals-missing-exact-times" / file
    time, rr = np.loadtxt(path, delimiter=",", skiprows=1).T
    beats = physio.beats_from_intervals(rr, time=time)
    (result,) = analyse(read(path).events)
    assert beats.segment[-1] == result.quality.gaps_total
    assert physio.measure(beats)["rmssd"].value == pytest.approx(result.measures["rmssd"].value)


def test_every_file_is_told_of():
    held = {str(file.relative_to(CASES)) for file in CASES.rglob("*.*") if file.parent != CASES}
    by_others = {"harmonic/saw_6.0_0.9.txt", "repeated-last-value/every_second_48bpm.txt"}
    assert held == set(READ) | set(REFUSED) | by_others
