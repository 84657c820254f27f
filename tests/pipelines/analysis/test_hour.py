"""What an hour tells besides its measures: parts, the personal band, how long could be read."""

from __future__ import annotations

import numpy as np
import pytest

from physio import compiled
from physio.reasons import ReasonCode
from pipelines.analysis import analyse, summaries
from pipelines.live import Engine
from pipelines.session import (
    BandUnit,
    Baseline,
    Packet,
    Part,
    PartName,
    PersonalBand,
    Posture,
    PostureName,
    Source,
    TalkBaseline,
    Talking,
)
from tests.pipelines.logs import of_file, session


@pytest.fixture(autouse=True)
def one_code():
    """Machine code throughout: what is interpreted first may differ from it in the last digit."""
    with compiled.machine_code_here():
        yield


TOGETHER = 8
"""Intervals of a packet, so that ten minutes are folded soon."""


def log(*more, rates=((60.0, 300.0), (75.0, 300.0))):
    """Ten even minutes unless told: 60 bpm, then 75 bpm."""
    rr = np.concatenate([np.full(round(rate * s / 60), 60000 / rate) for rate, s in rates])
    ends = np.cumsum(rr) / 1000.0
    parts = [slice(first, first + TOGETHER) for first in range(0, len(rr), TOGETHER)]
    packets = [of_file(float(ends[part][-1]), 0, rr[part]) for part in parts]
    return sorted([Source(0.0, 0, "client", "x"), *packets, *more], key=lambda e: e.time)


def only(events, **options):
    (result,) = analyse(events, **options)
    engine = Engine("s")
    engine.advance(events)
    (live,) = summaries(engine.source_beats())
    if not options:
        assert live == result
    return result


def test_time_inside_above_and_below_the_band_is_that_of_the_heart_rates():
    band = only(log(PersonalBand(1.0, 0, 55.0, 70.0, BandUnit.BPM, "flat", "too much"))).band
    assert (band.inside_s, band.above_s) == pytest.approx((300.0, 300.0), abs=10.0)
    assert band.below_s == 0.0
    assert band.readable_s == band.inside_s + band.above_s
    assert (band.low_words, band.high_words) == ("flat", "too much")
    below = only(log(PersonalBand(1.0, 0, 70.0, 80.0))).band
    assert (below.below_s, below.inside_s) == pytest.approx((300.0, 300.0), abs=10.0)
    assert below.readable_s == below.below_s + below.inside_s
    assert below.above_s == 0.0


def test_a_band_in_spreads_goes_with_the_baseline_of_posture_and_speech():
    drawn = PersonalBand(1.0, 0, -2.0, 2.0, BandUnit.SPREADS)
    assert only(log(drawn)).band.readable_s == 0.0
    one = only(log(drawn, Baseline(200.0, 0, 0.0, 180.0))).band
    assert (one.inside_s, one.above_s) == pytest.approx((300.0, 300.0), abs=10.0)
    talk = (Talking(300.0, True), TalkBaseline(500.0, 0, 320.0, 500.0))
    both = only(log(drawn, Baseline(200.0, 0, 0.0, 180.0), *talk)).band
    assert both.inside_s == pytest.approx(600.0, abs=20.0)
    stood = Posture(300.0, 0, PostureName.STANDING)
    assert only(log(drawn, Baseline(200.0, 0, 0.0, 180.0), stood)).band.readable_s == (
        pytest.approx(300.0, abs=10.0)
    )


def test_movement_without_an_accelerometer_has_no_heart_rate():
    parts = (Part(60.0, PartName.REST), Part(120.0, PartName.MOVEMENT), Part(180.0, PartName.NONE))
    result = only(log(*parts), window=60.0)
    rest, movement = result.phases
    assert (rest.start_s, rest.end_s, movement.end_s) == (60.0, 120.0, 180.0)
    assert rest.measures["mean_hr"].value == pytest.approx(60.0)
    assert movement.measures["mean_hr"].value is None
    assert movement.measures["mean_hr"].reason.code is ReasonCode.MOVING
    inside = [w.measures["mean_hr"].value is None for w in result.windows if w.start_s < 180.0]
    assert inside == [False, False, True]
    sensed = only(log(*parts, Packet(1.0, 0, "acc", b"")))
    assert sensed.phases[1].measures["mean_hr"].value == pytest.approx(60.0)


def test_a_part_that_goes_on_ends_with_the_recording():
    (part,) = only(log(Part(500.0, PartName.TOUCH))).phases
    assert part.end_s == pytest.approx(600.0)
    assert part.consent == "not recorded"


@pytest.mark.long
def test_talking_takes_its_share_of_what_rests_on_breathing_and_of_nothing_else():
    rest = session("rest", 600.0)
    talk = [Talking(0.0, True), Talking(300.0, False)]
    plain, talked = (
        only(sorted([*rest, *more], key=lambda e: e.time)).readable_percent for more in ((), talk)
    )
    assert talked["mean_hr"] == plain["mean_hr"] == 100.0
    assert talked["rmssd"] == plain["rmssd"]
    for name in ("breathing_rate", "rsa_amplitude", "rhythm_regularity"):
        assert plain[name] - talked[name] == pytest.approx(50.0, abs=12.0)
    moved = only(log(Part(0.0, PartName.MOVEMENT), Part(300.0, PartName.NONE))).readable_percent
    assert moved["mean_hr"] == pytest.approx(50.0, abs=2.0)


def test_each_baseline_is_told_with_its_posture_and_speech_and_a_whole_with_one_posture_alone():
    told = (
        Posture(5.0, 0, PostureName.SITTING),
        Baseline(200.0, 0, 10.0, 190.0),
        Talking(300.0, True),
        TalkBaseline(500.0, 0, 320.0, 500.0),
    )
    result = only(log(*told))
    assert [(one.posture, one.talking, round(one.bpm)) for one in result.baselines] == [
        ("sitting", False, 60),
        ("sitting", True, 75),
    ]
    assert result.arousal.baseline.posture == "sitting"
    assert result.arousal.value is not None
    stood = only(log(*told, Posture(520.0, 0, PostureName.STANDING)))
    assert (stood.arousal.value, stood.arousal.reason.code) == (None, ReasonCode.SEVERAL_POSTURES)
