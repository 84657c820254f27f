"""Episodes: noticed as they happen, fitted with their settling, none where nothing is clear."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physio import labels as labelling
from physio.arousal.episodes import FEWEST, NORMAL, _spread, episodes
from physio.arousal.rates import rates
from physio.arousal.rise import shape
from physio.beats import Beats

STEP = 0.02


def heart(rate, seconds, seed=1):
    """Return beats of a heart whose rate (bpm) is known at any time, with a breath of 15/min."""
    random = np.random.default_rng(seed)
    time = np.arange(0.0, seconds, STEP)
    slow = sum(
        0.5 * np.cos(2 * np.pi * f * time + random.uniform(0, 6)) for f in (0.006, 0.011, 0.1)
    )
    bpm = rate(time) + slow + 2.0 * np.cos(np.pi / 2 * time + random.uniform(0, 6))
    passed = np.cumsum(bpm) * STEP / 60.0
    peaks = np.interp(np.arange(1.0, passed[-1]), passed, time) + random.normal(
        0, 0.0015, int(passed[-1] - 1e-9)
    )
    return Beats(peaks[1:], 1000.0 * np.diff(peaks), np.zeros(len(peaks) - 1, int))


def rising(*onsets, height=12.0, half=60.0, level=70.0):
    return lambda time: level + sum(height * shape(time, one, 2.0, half, 10.0) for one in onsets)


def found_in(beats, **options):
    label = labelling.labels(beats.rr, beats.segment)
    return episodes(beats, labelling.usable(label, beats.segment), label, **options)


def without(beats, start, end):
    """Return the beats with a gap from start to end."""
    kept = (beats.start < start) | (beats.start >= end)
    segment = (beats.start >= end).astype(int)
    return Beats(beats.time[kept], beats.rr[kept], segment[kept])


def test_an_episode_is_told_with_its_intervals():
    (one,) = found_in(heart(rising(400.0), 800.0))
    assert one.onset.value == pytest.approx(400.0, abs=5.0)
    assert one.half_recovery.value == pytest.approx(60.0, rel=0.15)
    assert one.recovery.value == pytest.approx(60.0 + 10.0 * np.log(9.0), rel=0.2)
    assert one.height.low < 12.0 < one.height.high
    assert one.onset.value < one.peak.value < one.onset.value + one.half_recovery.value
    assert one.noticed <= 420.0
    assert one.resolved
    assert one.sure
    for each in (one.onset, one.peak, one.height, one.half_recovery, one.recovery):
        assert each.low < each.value < each.high


@pytest.mark.parametrize("onset", range(300, 420, 15))
def test_a_step_of_8_bpm_for_30_s_is_noticed_within_20_s(onset):
    beats = heart(lambda t: 64.0 + 8.0 * ((t >= onset) & (t < onset + 30.0)), 600.0, seed=onset)
    (one,) = found_in(beats)
    assert onset < one.noticed <= onset + 20.0


def test_a_fall_is_no_episode():
    assert found_in(heart(rising(400.0, height=-12.0, level=80.0), 520.0)) == ()


def test_rest_has_none():
    for seed in range(8):
        assert found_in(heart(rising(), 1800.0, seed=seed)) == ()


def test_what_did_not_settle_before_the_end_is_unresolved():
    (one,) = found_in(heart(rising(400.0, half=300.0), 500.0))
    assert not one.resolved
    assert one.recovery is None
    assert one.half_recovery is None
    (half,) = found_in(heart(rising(400.0), 472.0))
    assert half.half_recovery is not None
    assert half.recovery is None


@pytest.mark.parametrize("start", [340.0, 390.0, 405.0])
def test_none_begins_in_what_is_not_read_nor_in_the_minute_after(start):
    beats = heart(rising(400.0), 800.0)
    assert found_in(beats, unread=[(start, 412.0)]) == ()
    assert found_in(without(beats, start, 412.0)) == ()


def test_it_is_followed_to_where_reading_breaks():
    beats = heart(rising(400.0), 800.0)
    for broken in (found_in(beats, unread=[(445.0, np.inf)]), found_in(without(beats, 445.2, 500))):
        (one,) = broken
        assert one.until == 445.0
        assert one.half_recovery is None
        assert not one.resolved


def test_labelled_beats_make_a_minute_unclear():
    beats = heart(rising(400.0), 800.0)
    usable, label = np.ones(len(beats), bool), np.zeros(len(beats), np.int8)
    many = (np.arange(len(beats)) % 12 == 0) & (beats.time > 350.0) & (beats.time < 410.0)
    label[many] = labelling.Label.ECTOPIC
    assert episodes(beats, usable & ~many, label) == ()


def test_slow_deep_breathing_is_none():
    for breaths in (4.0, 6.0):
        beats = heart(lambda t, b=breaths: 64.0 + 9.0 * np.cos(2 * np.pi * b / 60 * t), 900.0)
        assert found_in(beats) == ()


def test_a_few_beats_have_none():
    beats = heart(rising(), 30.0)
    for count in (0, 1, 2, 20):
        assert found_in(beats[:count]) == ()


def test_what_comes_later_changes_no_alarm_and_only_what_is_not_over():
    whole = heart(rising(400.0, 760.0), 1300.0)
    usable, label = np.ones(len(whole), bool), np.zeros(len(whole), np.int8)
    first, second = episodes(whole, usable, label)
    for end in (420.0, 500.0, 700.0, 770.0, 790.0, 1000.0):
        count = int(np.searchsorted(whole.time, end))
        part = episodes(whole[:count], usable[:count], label[:count])
        assert [one.noticed for one in part] == [
            one.noticed for one in (first, second) if one.noticed <= whole.time[count - 1]
        ]
        if len(part) == 2:
            assert part[0] == first


@settings(max_examples=15, deadline=None)
@given(st.floats(0.0, 1200.0))
def test_a_part_that_reaches_back_far_enough_has_the_same_episodes(since):
    beats = heart(rising(400.0, 760.0), 1300.0)
    usable, label = np.ones(len(beats), bool), np.zeros(len(beats), np.int8)
    first = int(np.searchsorted(beats.time, since - 490.0))
    part = episodes(beats[first:], usable[first:], label[first:], since=since)
    assert part == tuple(one for one in episodes(beats, usable, label) if one.noticed > since)


def test_a_second_is_the_same_in_any_recording():
    beats = heart(rising(100.0), 300.0)
    usable = np.arange(len(beats)) % 17 > 0
    whole, part = rates(beats, usable), rates(beats[100:], usable[100:])
    later = part.first - whole.first
    np.testing.assert_array_equal(whole.bpm[later + 5 :], part.bpm[5:])
    np.testing.assert_array_equal(whole.readable[later + 5 :], part.readable[5:])


def test_rates_are_those_of_the_beats_that_count():
    beats = Beats(np.arange(1.0, 31.0) * 0.8, np.full(30, 800.0), np.zeros(30, int))
    found = rates(beats, np.ones(30, bool), unread=[(3.5, 6.0)])
    assert (found.first, found.end) == (0, 24)
    np.testing.assert_allclose(found.bpm, 75.0)
    assert np.flatnonzero(~found.readable).tolist() == [3, 4, 5]


def test_a_second_in_which_a_segment_begins_is_not_read_though_no_beat_is_missed():
    place = np.arange(1.0, 31.0)
    beats = Beats(place * 0.8, np.full(30, 800.0), (place > 15.0).astype(int))
    found = rates(beats, np.ones(30, bool))
    assert np.flatnonzero(~found.readable).tolist() == [12]


def test_the_spread_is_that_of_the_estimates_before_and_of_enough_of_them():
    height, now = np.full(400, np.nan), np.array([300])
    height[300 - FEWEST : 300], height[300] = 2.0, 50.0
    assert _spread(height, now).tolist() == [2.0 * NORMAL]
    height[300 - FEWEST] = np.nan
    assert _spread(height, now).tolist() == [np.inf]
