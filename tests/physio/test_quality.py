"""Verdicts: what is missing, labelled or irregular is said, and values are withheld for it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physio import quality
from physio.beats import NO_BEATS, Beats, Gap
from physio.quality import judge
from physio.reasons import Reason, ReasonCode
from physio.time.clock import beat_clock
from physio.windows import windows
from tests.recordings import DATA, real

CLEAN = {"coverage": 100.0, "corrected": 0.0, "irregular": 0.0, "beats": 60}


def beats_of(rr, segment=None):
    rr = np.asarray(rr, float)
    return Beats(np.cumsum(rr) / 1000, rr, np.zeros(len(rr), int) if segment is None else segment)


def held(beats, start, end):
    return windows(beats, np.ones(len(beats), bool), start, end)


@pytest.mark.parametrize(
    ("shares", "verdict", "reason"),
    [
        ({}, "good", None),
        ({"corrected": 5.0}, "good", None),
        ({"corrected": 5.1}, "limited", Reason(ReasonCode.LABELLED, percent=5)),
        ({"corrected": 15.0}, "limited", Reason(ReasonCode.LABELLED, percent=15)),
        ({"corrected": 18.2}, "none", Reason(ReasonCode.LABELLED, percent=18)),
        ({"coverage": 95.0}, "good", None),
        ({"coverage": 90.0}, "limited", Reason(ReasonCode.MUCH_MISSING, percent=10)),
        ({"coverage": 84.0}, "none", Reason(ReasonCode.LITTLE_COVERED, percent=84)),
        ({"irregular": 15.0}, "good", None),
        ({"irregular": 15.1}, "none", Reason(ReasonCode.TOO_IRREGULAR)),
        ({"in_step": 5.0}, "good", None),
        ({"in_step": 5.1}, "limited", Reason(ReasonCode.IN_STEP)),
        ({"in_step": 99.0, "irregular": 15.1}, "none", Reason(ReasonCode.TOO_IRREGULAR)),
        ({"beats": 0, "coverage": 0.0}, "none", Reason(ReasonCode.NO_BEATS)),
    ],
)
def test_each_rule_has_its_verdict_and_words(shares, verdict, reason):
    found = judge(**{**CLEAN, **shares})
    assert (found.verdict, found.reason) == (verdict, reason)


def test_heart_rate_survives_labels_and_irregularity_but_not_missing_time():
    assert judge(**{**CLEAN, "irregular": 60.0}).withhold_all is None
    assert judge(**{**CLEAN, "corrected": 60.0}).withhold_all is None
    assert judge(**{**CLEAN, "irregular": 60.0}).withhold_hrv is not None
    assert judge(**{**CLEAN, "coverage": 80.0}).withhold_all is not None


def test_missing_time_only_limits_a_whole_recording():
    found = judge(**{**CLEAN, "coverage": 61.0}, whole=True)
    assert (found.verdict, found.reason) == ("limited", Reason(ReasonCode.MUCH_MISSING, percent=39))
    assert found.withhold_hrv is None


@given(st.floats(0, 100), st.floats(0, 100), st.floats(0, 100), st.integers(0, 50))
@settings(max_examples=100, deadline=None)
def test_more_than_fifteen_percent_missing_never_gives_a_value(covered, labelled, uneven, beats):
    found = judge(coverage=covered, corrected=labelled, irregular=uneven, beats=beats)
    if 100 - covered > 15:
        assert found.withhold_all is not None
    assert (found.verdict == "good") == (found.reason is None)
    assert (found.verdict == "none") == (found.withhold_hrv is not None)


def test_coverage_is_what_beats_fill_of_a_window():
    rr = np.full(100, 1000.0)
    time = np.arange(1.0, 101.0) + np.where(np.arange(100) < 50, 0.0, 20.0)
    beats = Beats(time, rr, (np.arange(100) >= 50).astype(int))
    start, end = [0.0, 10.5, 40.0, 52.0, 110.0, 110.0], [50.0, 20.0, 80.0, 60.0, 121.0, 140.0]
    expected = [100.0, 100.0, 100 * 20 / 40, 0.0, 100.0, 100 * 11 / 30]
    assert quality.coverage(held(beats, start, end)) == pytest.approx(expected)
    assert quality.coverage(held(NO_BEATS, [0.0], [10.0])).tolist() == [0.0]
    assert quality.coverage(held(beats, [5.0], [5.0])).tolist() == [0.0]


def test_the_interval_going_on_at_the_end_of_a_window_counts_as_covered():
    beats = beats_of(np.full(60, 1000.0))
    one = quality.coverage(held(beats, 10.0, 20.7))
    cut = quality.coverage(held(beats[:20], 10.0, 20.7))
    assert one.tolist() == cut.tolist() == [100.0]


def test_corrected_counts_labelled_intervals_alone():
    beats = beats_of(np.full(20, 1000.0))
    label = np.zeros(20, np.int8)
    label[[2, 3, 15]] = 3, 1, 4
    found = held(beats, [0.0, 10.0, 30.0], [10.0, 20.0, 40.0])
    assert quality.corrected(found, label).tolist() == [20.0, 10.0, 0.0]
    assert quality.corrected(found, None).tolist() == [0.0, 0.0, 0.0]


def test_wide_alternation_is_irregular_and_no_gap_is_bridged_for_it():
    swinging = np.tile([700.0, 1000.0], 20)
    assert quality.alternation(held(beats_of(swinging), 0.0, 99.0)).tolist() == [100.0]
    assert quality.alternation(held(beats_of(np.linspace(600, 1300, 40)), 0.0, 99.0)).tolist() == [
        0
    ]
    alone = beats_of(swinging, np.arange(40) // 2)
    assert quality.alternation(held(alone, 0.0, 99.0)).tolist() == [0.0]
    narrow = np.tile([800.0, 950.0], 20)
    assert quality.alternation(held(beats_of(narrow), 0.0, 99.0)).tolist() == [0.0]


@given(st.integers(0, 2**32 - 1), st.integers(0, 60), st.integers(0, 40))
@settings(max_examples=50, deadline=None)
def test_irregularity_equals_a_plain_count(seed, n, skipped):
    rng = np.random.default_rng(seed)
    beats = beats_of(rng.normal(800, 250, n).clip(200), np.cumsum(rng.random(n) < 0.1))
    expected = []
    for i in range(2, n):
        one, two = beats.rr[i - 1] - beats.rr[i - 2], beats.rr[i] - beats.rr[i - 1]
        same = beats.segment[i] == beats.segment[i - 2]
        recent = [
            beats.rr[k]
            for k in range(max(0, i - 10), i + 1)
            if beats.segment[k] == beats.segment[i]
        ]
        limit = 0.2 * np.median(recent)
        expected.append(same and one * two < 0 and min(abs(one), abs(two)) > limit)
    assert quality.alternating(beats)[2:].tolist() == [float(x) for x in expected]
    # From 11 intervals before on, a part of the recording gives what the whole gives.
    late = min(skipped + 10, n)
    assert np.array_equal(
        quality.alternating(beats[skipped:])[late - min(skipped, n) :],
        quality.alternating(beats)[late:],
    )


def test_respiratory_swings_and_a_few_artefacts_are_not_irregular():
    rr, now = [], 0.0
    for _ in range(600):
        rr.append(900 + 200 * np.sin(2 * np.pi * 15 / 60 * now))
        now += rr[-1] / 1000
    assert quality.alternation(held(beats_of(rr), 0.0, 999.0))[0] < 5


@real
def test_frequent_extra_beats_are_refused_in_words():
    lines = (DATA / "polar_h10_ecg_pvc/polar_h10.csv").read_text().splitlines()[1:]
    rows = [line.split(",") for line in lines if not line.endswith(",")]
    rr = np.array([float(row[3]) for row in rows])
    arrival = np.array([int(row[0]) for row in rows]) / 1e9
    settled = beat_clock(arrival - arrival[0], rr)
    found = quality.of_whole(
        settled.beats, None, settled.gaps, start=0.0, end=float(settled.beats.time[-1])
    )
    assert found.irregular == pytest.approx(60.7, abs=0.1)
    assert (found.verdict, found.reason) == ("none", Reason(ReasonCode.TOO_IRREGULAR))


@real
def test_a_failing_hearts_rhythm_is_not_irregular():
    rr = 1000 * np.loadtxt(DATA / "rhrvbook_rr/chf205_3h.txt")
    beats = beat_clock(np.cumsum(rr) / 1000, rr).beats
    assert quality.alternation(held(beats, -1.0, 99999.0))[0] < 5


def test_the_quality_of_a_whole_recording_counts_gaps_as_missing():
    beats = beats_of(970.5 + np.arange(60) * 7.0 % 60.0)
    found = quality.of_whole(beats, None, (), start=0.0, end=60.0)
    assert (found.coverage, found.verdict) == (100.0, "good")
    gaps = (Gap(10.0, 16.0, "link lost"), Gap(59.0, 90.0, "link lost"))
    assert quality.of_whole(beats, None, gaps, start=0.0, end=60.0).coverage == pytest.approx(
        100 * 53 / 60
    )
    nothing = quality.of_whole(NO_BEATS, None, (), start=0.0, end=0.0)
    assert (nothing.coverage, nothing.verdict) == (0.0, "none")
    assert nothing.reason == Reason(ReasonCode.NO_BEATS)
