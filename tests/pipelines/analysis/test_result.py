"""The line of JSON that every command prints."""

import json
import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from physio.beats import Gap
from physio.estimate import Estimate, withheld
from physio.presets import INTERBEAT
from physio.reasons import Reason, ReasonCode
from pipelines.analysis.result import (
    NOT_FINITE,
    Result,
    WindowLine,
    encode_result,
    measure_line,
    measure_lines,
    preset_line,
    quality_line,
)
from pipelines.session.snapshot import Arousal, RecordingQuality
from tests.pipelines.lines import read_line

HEART = Estimate(61.5, "bpm", 60.0, 63.0, 600.0, 99.0, 1.5)
LASTING = Gap(3.0, None, "link lost")
QUALITY = RecordingQuality(620, 600.0, 99.0, 1.5, (LASTING,), "good", None)


WITHHELD = withheld("ms", Reason(ReasonCode.TALKING), window=60.0)


def result(**changes):
    fields = {
        "source": "client",
        "time_s": 600.0,
        "final": True,
        "quality": quality_line(QUALITY),
        "preset": preset_line(INTERBEAT),
        "measures": measure_lines({"mean_hr": HEART, "rmssd": WITHHELD}),
        "breathing_in_hf_band": None,
        "arousal": Arousal(None, None, None, None, (), Reason(ReasonCode.NO_BASELINE_CHOSEN)),
    }
    return Result(**(fields | changes))


def test_the_names_are_those_of_the_contract():
    line = json.loads(
        encode_result(result(file="a.csv", windows=(WindowLine(0.0, 60.0, {}, None),)))
    )
    assert list(line) == [
        "schema", "version", "file", "source", "time_s", "final", "quality", "preset", "measures",
        "breathing_in_hf_band", "breathing_from", "arousal", "baselines", "episodes", "marks",
        "pooled_marks", "windows", "context", "phases", "band", "readable_percent",
    ]  # fmt: skip
    assert list(line["quality"]) == [
        "beats", "duration_s", "coverage_percent", "corrected_percent", "gaps", "verdict", "reason",
        "gaps_total", "duplicates", "malformed",
    ]  # fmt: skip
    assert line["quality"]["gaps"] == [{"start_s": 3.0, "end_s": None, "cause": "link lost"}]
    assert line["measures"]["mean_hr"] == {
        "value": 61.5, "unit": "bpm", "low": 60.0, "high": 63.0, "window_s": 600.0,
        "coverage_percent": 99.0, "corrected_percent": 1.5, "reason": None,
        "doubt": None, "share_percent": 100.0,
    }  # fmt: skip
    assert line["measures"]["rmssd"]["value"] is None
    assert line["measures"]["rmssd"]["reason"] == "talking"
    assert line["arousal"]["value"] is None
    assert line["arousal"]["reason"] == "no baseline was chosen"
    assert list(line["windows"][0]) == [
        "start_s", "end_s", "measures", "breathing_in_hf_band", "breathing_from",
    ]  # fmt: skip


def test_a_line_names_a_file_or_a_session():
    assert "session" not in json.loads(encode_result(result(file="a.csv")))
    assert "file" not in json.loads(encode_result(result(session="abc")))


def test_a_line_is_one_line_and_comes_back_as_it_was():
    original = result(file="with\nbreak.csv", windows=(WindowLine(0.0, 60.0, {}, None),))
    line = encode_result(original)
    assert "\n" not in line
    assert encode_result(read_line(line, original)) == line
    assert read_line(line, original).quality == original.quality


def test_gaps_of_a_recording_keep_their_order():
    gaps = (Gap(0.0, 2.0, "interval above 3 s"), Gap(5.0, 6.0, "paused"), LASTING)
    line = quality_line(msgspec.structs.replace(QUALITY, gaps=gaps))
    assert [(gap.start_s, gap.end_s, gap.cause) for gap in line.gaps] == [
        (0.0, 2.0, "interval above 3 s"),
        (5.0, 6.0, "paused"),
        (3.0, None, "link lost"),
    ]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_becomes_null_with_a_reason(value):
    line = measure_line(Estimate(value, "ms", value, value, 60.0, 100.0, 0.0))
    assert line.value is line.low is line.high is None
    assert line.reason == NOT_FINITE


NUMBERS = st.none() | st.floats()


@given(NUMBERS, NUMBERS, NUMBERS)
def test_no_line_ever_holds_a_number_that_json_has_not(value, low, high):
    line = measure_line(
        Estimate(value, "ms", low, high, 60.0, 100.0, 0.0, Reason(ReasonCode.NO_BEATS))
    )
    written = encode_result(result(measures={"rmssd": line}))
    read = json.loads(written, parse_constant=lambda constant: pytest.fail(constant))
    assert read["measures"]["rmssd"]["value"] == line.value
    assert (line.value is None) <= bool(line.reason)
