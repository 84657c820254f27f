"""Marks among the other moments of their hour: exact on beats of known rate, honest on chance."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physio.arousal.moments import FEWEST_MINUTES, Among, _meets, among, hours, mark_changes
from physio.arousal.pooling import pooled
from physio.beats import Beats
from physio.labels import Label
from physio.reasons import Reason, ReasonCode
from proof.validation.made.beats import from_intervals, rest, with_gaps
from tests.physio.hours import hour

TALKING = Reason(ReasonCode.WHILE_TALKING)


def steps(*levels):
    """Beats of an even heart that has each of these (bpm, s) in turn."""
    return from_intervals(
        np.concatenate([np.full(round(rate * s / 60), 60000 / rate) for rate, s in levels])
    )


def told(beats, marks, **others):
    label = others.pop("label", None)
    end = float(beats.time[-1])
    return mark_changes(beats, label, marks, start=0.0, end=end, **others)


def test_the_change_is_the_minute_after_less_the_minute_before():
    beats = steps((60, 1200), (75, 1200))
    before, at, half, after = told(beats, [600.0, 1200.0, 1230.0, 1800.0])
    assert at.change == pytest.approx(15.0, abs=0.3)
    assert half.change == pytest.approx(7.5, abs=0.5)
    assert (before.change, after.change) == pytest.approx((0.0, 0.0), abs=1e-9)


def test_it_is_told_among_moments_that_have_nothing_to_do_with_a_mark():
    beats = steps((60, 1500), (80, 1500))
    (alone,) = told(beats, [1500.0])
    assert alone.percentile == 100.0
    # From the beginning on, as far as beats cover 85 % of the minute before, less the four minutes.
    assert alone.minutes == pytest.approx((3000 - 2 * 51 - 240) / 60, abs=0.1)
    first, _ = told(beats, [1500.0, 600.0])
    assert first.minutes == pytest.approx(alone.minutes - 4.0, abs=0.1)


def test_a_mark_is_held_against_moments_of_its_own_posture_alone():
    """Standing, heart rate jumps by 10 bpm every 5 minutes; sitting, it never moves."""
    sitting, jumps = [(60, 1500)], [(70 + 10 * (n % 2), 300) for n in range(8)]
    beats = steps(*sitting, *jumps)
    postures = [(0.0, "sitting"), (1500.0, "standing")]
    plain, other = told(beats, [1800.0]), told(beats, [1800.0], postures=postures)
    assert other[0].change == plain[0].change
    assert other[0].percentile < plain[0].percentile
    assert other[0].minutes == pytest.approx((3600 - 1560) / 60 - 4, abs=0.1)
    same = told(beats, [1800.0], postures=[*postures, (2500.0, "standing")])
    assert same == other
    (still,) = told(beats, [600.0], postures=postures)
    assert (still.percentile, still.minutes < 25.0) == (50.0, True)


def test_a_fall_is_told_among_falls():
    (up,), (down,) = (told(steps((a, 1500), (b, 1500)), [1500.0]) for a, b in ((60, 70), (70, 60)))
    assert up.change == pytest.approx(-down.change, abs=0.5)
    assert up.percentile == down.percentile == 100.0


def test_where_nothing_changes_a_mark_lies_in_the_middle():
    (found,) = told(from_intervals(np.full(3000, 900.0)), [1200.0])
    assert found.change == pytest.approx(0.0, abs=1e-9)
    assert found.percentile == 50.0


def test_an_episode_that_reaches_into_the_minutes_is_left_out_and_no_other():
    beats = steps((60, 3000))
    (plain,) = told(beats, [1000.0])
    (on_it,) = told(beats, [1000.0], episodes=[(1010.0, 1400.0)])
    (elsewhere,) = told(beats, [1000.0], episodes=[(2000.0, 2400.0)])
    assert elsewhere == plain
    # Moments from 1120 s, where the mark's are over, to a minute after the episode.
    assert on_it.minutes == pytest.approx(plain.minutes - (1460 - 1120) / 60, abs=0.1)


def test_the_hour_of_a_mark_is_no_longer_than_an_hour():
    beats = steps((60, 4 * 3600.0))
    for mark in (700.0, 2 * 3600.0, 4 * 3600.0 - 700.0):
        (found,) = told(beats, [mark])
        assert found.minutes == pytest.approx(60 - 4, abs=1.0)
    busy = steps((60, 3600), *((60, 120), (90, 120)) * 15)
    (calm,) = told(busy, [1500.0])
    assert calm.percentile == pytest.approx(50.0, abs=1.0)


@pytest.mark.parametrize(
    ("mark", "code"),
    [(40.0, ReasonCode.NO_MINUTE_BEFORE), (2980.0, ReasonCode.NO_MINUTE_AFTER)],
)
def test_without_a_whole_minute_there_is_no_change(mark, code):
    (found,) = told(steps((60, 3000)), [mark])
    assert (found.change, found.low, found.high, found.percentile, found.minutes) == (None,) * 5
    assert found.reason.code is code


def test_a_gap_in_a_minute_withholds_the_change_and_a_short_one_its_low_and_high():
    rr, segment = np.full(3000, 1000.0), np.repeat([0, 1], 1500)
    (lost,) = told(with_gaps(rr, segment, gap=20.0), [1490.0])
    assert lost.reason == Reason(ReasonCode.LITTLE_BESIDE, percent=67)
    assert lost.change is None
    (short,) = told(with_gaps(rr, segment, gap=5.0), [1490.0])
    assert short.change == pytest.approx(0.0, abs=1e-6)
    assert short.low is short.high is None


def test_moments_beside_a_gap_are_no_others():
    rr, segment = np.full(3000, 1000.0), np.repeat([0, 1], 1500)
    whole, broken = (with_gaps(rr, segment, gap=gap) for gap in (0.0, 300.0))
    (one,), (other,) = told(whole, [600.0]), told(broken, [600.0])
    assert other.minutes == pytest.approx(one.minutes - 2 * 51 / 60, abs=0.1)


def test_labels_withhold_and_their_intervals_do_not_enter():
    beats = steps((60, 3000))
    label = np.zeros(len(beats), np.int8)
    label[1010:1025] = int(Label.MISSED)
    (found,) = told(beats, [1000.0], label=label)
    assert found.reason == Reason(ReasonCode.LABELLED, percent=25)
    rr = np.full(3000, 1000.0)
    rr[1010:1014], label[:] = 700.0, 0
    label[1010:1014] = int(Label.SHORT)
    (found,) = told(from_intervals(rr), [1000.0], label=label)
    assert found.change == pytest.approx(0.0, abs=1e-9)


def test_what_is_not_read_is_told_with_its_reason_and_no_other_moment_lies_there():
    beats = steps((60, 3000))
    inside, beside = told(beats, [1000.0, 1300.0], unread=[(1050.0, 1200.0, TALKING)])
    assert (inside.change, inside.reason) == (None, TALKING)
    assert beside.change is not None
    (plain,) = told(beats, [2000.0])
    (found,) = told(beats, [2000.0], unread=[(1050.0, 1200.0, TALKING)])
    assert found.minutes == pytest.approx(plain.minutes - (150 + 120) / 60, abs=0.1)
    (lasting,) = told(beats, [1000.0], unread=[(900.0, np.inf, TALKING)])
    assert lasting.reason == TALKING


def test_stretches_that_only_touch_have_nothing_in_common():
    start = np.array([0.0, 60.0, 90.0, 120.0])
    assert _meets(start, start + 60.0, [(60.0, 120.0)]).tolist() == [False, True, True, False]
    assert not _meets(start, start + 60.0, []).any()


def test_too_few_other_minutes_withhold_the_percentile_and_say_how_many_there_are():
    (found,) = told(steps((60, 15 * 60.0)), [450.0])
    assert found.change is not None
    assert found.percentile is None
    assert found.minutes < FEWEST_MINUTES
    assert found.reason == Reason(ReasonCode.FEW_OTHER_MINUTES, have=9, needed=15)


def test_low_and_high_are_those_of_a_heart_that_breathes():
    found = told(rest(1, duration=3600.0), np.arange(100.0, 3500.0, 130.0))
    assert all(one.low < one.change < one.high for one in found)
    # Nothing changes in rest without a slow part.
    assert np.mean([one.low <= 0.0 <= one.high for one in found]) >= 0.92
    assert np.median([one.high - one.low for one in found]) < 1.5


def test_low_and_high_rest_on_both_minutes():
    even, uneven = np.full(1500, 1000.0), np.random.default_rng(1).normal(1000.0, 40.0, 1500)
    for first, second in ((uneven, even), (even, uneven)):
        beats = from_intervals(np.concatenate((first, second)))
        (found,) = told(beats, [first.sum() / 1000.0])
        assert found.high - found.low > 0.3


def test_nothing_marked_and_nothing_heard_are_told_so():
    assert told(steps((60, 300)), []) == ()
    nothing = Beats(np.empty(0), np.empty(0), np.empty(0, np.int64))
    (found,) = mark_changes(nothing, None, [3.0], start=0.0, end=0.0)
    assert found.reason.code is ReasonCode.NO_MINUTE_BEFORE


@given(seed=st.integers(0, 50), marks=st.lists(st.floats(-100.0, 4000.0), min_size=1, max_size=12))
@settings(max_examples=25, deadline=None)
def test_every_change_has_a_percentile_or_a_reason(seed, marks):
    for one in told(hour(seed), marks):
        assert (one.percentile is None) == (one.reason is not None)
        assert one.percentile is None or 0.0 <= one.percentile <= 100.0
        assert (one.change is None) == (one.minutes is None)


@pytest.mark.parametrize("far", [1e300, -1e300, 1e18, -1e6])
def test_a_mark_far_outside_the_recording_is_told_so(far):
    beats = hour()
    (found,) = told(beats, [far])
    assert found.reason.code in (ReasonCode.NO_MINUTE_BEFORE, ReasonCode.NO_MINUTE_AFTER)
    inside = hours(beats, None, start=0.0, end=float(beats.time[-1]))
    assert pooled([(inside, [far, 500.0, 900.0, 1300.0])]).marks == 3


@given(seed=st.integers(0, 50), at=st.floats(200.0, 3400.0))
@settings(max_examples=25, deadline=None)
def test_a_session_told_later_on_the_clock_says_the_same(seed, at):
    beats = hour(seed)
    later = Beats(beats.time + 512.0, beats.rr, beats.segment)
    (one,) = told(beats, [at])
    end = float(later.time[-1])
    (other,) = mark_changes(later, None, [at + 512.0], start=512.0, end=end)
    assert other.change == pytest.approx(one.change, abs=1e-9)
    # A moment at the very edge of what is read may fall to either side.
    assert other.minutes == pytest.approx(one.minutes, abs=0.1)
    assert other.percentile == pytest.approx(one.percentile, abs=0.2)


@pytest.mark.parametrize(
    ("percentile", "words"),
    [
        (50.0, Among.LIKE_ANY),
        (89.99, Among.LIKE_ANY),
        (90.0, Among.MORE_THAN_MOST),
        (94.99, Among.MORE_THAN_MOST),
        (95.0, Among.MORE_THAN_NEARLY_ALL),
        (100.0, Among.MORE_THAN_NEARLY_ALL),
    ],
)
def test_the_words_of_a_percentile(percentile, words):
    assert among(percentile) is words


def test_hours_change_as_much_as_they_are_made_to():
    changes = [hours(hour(seed), None, start=0.0, end=3600.0).change for seed in range(40)]
    assert np.nanstd(np.concatenate(changes)) == pytest.approx(3.5, abs=0.25)
