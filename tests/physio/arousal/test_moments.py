"""Marks among the other moments of their hour: exact on beats of known rate, honest on chance."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physio.arousal import moments
from physio.arousal.moments import (
    FEWEST_MINUTES,
    Among,
    Hours,
    Together,
    among,
    holm,
    hours,
    mark_changes,
    pooled,
    together,
)
from physio.beats import Beats
from physio.labels import Label
from physio.reasons import Reason, ReasonCode
from proof.validation.goals import marks as goal
from proof.validation.made import hours as made
from proof.validation.made.beats import from_intervals, rest, with_gaps

TALKING = Reason(ReasonCode.WHILE_TALKING)


def steps(*levels):
    """Beats of an even heart that has each of these (bpm, s) in turn."""
    return from_intervals(
        np.concatenate([np.full(round(rate * s / 60), 60000 / rate) for rate, s in levels])
    )


def hour(seed=1, seconds=3600.0, deviation=3.5):
    random = np.random.default_rng(seed)
    return made.heard(made.wandering_rate(random, seconds, deviation), random)


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


def test_nothing_marked_and_nothing_heard_are_told_so():
    assert told(steps((60, 300)), []) == ()
    nothing = Beats(np.empty(0), np.empty(0), np.empty(0, np.int64))
    (found,) = mark_changes(nothing, None, [3.0], start=0.0, end=0.0)
    assert found.reason.code is ReasonCode.NO_MINUTE_BEFORE
    assert pooled([]).reason.code is ReasonCode.FEW_MARKS


@given(seed=st.integers(0, 50), marks=st.lists(st.floats(-100.0, 4000.0), min_size=1, max_size=12))
@settings(max_examples=25, deadline=None)
def test_every_change_has_a_percentile_or_a_reason(seed, marks):
    for one in told(hour(seed), marks):
        assert (one.percentile is None) == (one.reason is not None)
        assert one.percentile is None or 0.0 <= one.percentile <= 100.0
        assert (one.change is None) == (one.minutes is None)


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


def waving(changes):
    return Hours(np.arange(len(changes), dtype=float), np.asarray(changes, float))


def test_all_shifts_are_tried_and_the_marks_as_they_are_is_one_of_them():
    change = np.zeros(3000)
    change[[100, 400, 900, 2000]] = 5.0
    found = pooled([(waving(change), [100.0, 400.0, 900.0, 2000.0])])
    assert found.change == 5.0
    assert found.p == pytest.approx(2 / 3000)
    assert together(found.change, found.p) is Together.RISE
    fallen = pooled([(waving(-change), [100.0, 400.0, 900.0, 2000.0])])
    assert (fallen.change, fallen.p) == (-5.0, found.p)
    assert together(fallen.change, fallen.p) is Together.FALL


def test_two_sessions_are_every_combination_of_their_shifts():
    change = np.zeros(1000)
    change[[100, 400]] = 5.0
    one = waving(change), [100.0, 400.0]
    found = pooled([one, one])
    assert (found.marks, found.sessions, found.change) == (4, 2, 5.0)
    assert found.p == pytest.approx(2 / 1000**2)


def test_the_order_of_sessions_does_not_matter():
    sessions = []
    for seed in range(3):
        beats = hour(seed)
        marks = made.anywhere(np.random.default_rng(seed), 3 + seed, 3600.0)
        sessions.append((hours(beats, None, start=0.0, end=float(beats.time[-1])), marks))
    one, other = pooled(sessions), pooled(sessions[::-1])
    assert one.p == pytest.approx(other.p, abs=1e-12)
    assert (one.low, one.change, one.high) == pytest.approx((other.low, other.change, other.high))


def test_overlapping_minutes_count_once():
    change = np.zeros(3000)
    change[[100, 700, 1500, 2000]] = 4.0
    clean = pooled([(waving(change), [100.0, 700.0, 1500.0, 2000.0])])
    crowded = pooled([(waving(change), [2000.0, 100.0, 101.0, 219.9, 700.0, 1500.0, 1501.0])])
    assert (crowded.change, crowded.low, crowded.high, crowded.p) == (
        clean.change, clean.low, clean.high, clean.p,
    )  # fmt: skip
    assert crowded.marks == 7


@pytest.mark.parametrize(
    "marks", [[500.0], [500.0] * 9, [500.0, 510.0, 560.0, 600.0, 619.0], [500.0, 900.0, 1300.0]]
)
def test_one_mark_and_one_crowd_and_three_are_too_few(marks):
    change = np.zeros(3000)
    change[[500, 900, 1300]] = 30.0
    found = pooled([(waving(change), marks)])
    assert found.reason.code is ReasonCode.FEW_MARKS
    assert found.change is found.p is found.low is None
    assert together(found.change, found.p) is Together.TOO_FEW


def test_what_cannot_be_read_is_no_mark_and_too_short_a_session_adds_nothing():
    change = np.zeros(3000)
    change[100:200] = np.nan
    found = pooled([(waving(change), [150.0, 400.0, 900.0, 2000.0, -50.0, 4000.0, 2500.0])])
    assert (found.marks, found.p) == (4, 1.0)
    short = waving(np.zeros(int(60 * FEWEST_MINUTES) - 1))
    assert pooled([(short, [100.0, 300.0, 500.0, 700.0])]).marks == 0


def test_holm_shares_the_chance_among_labels():
    assert holm([0.01, 0.02, 0.03, 0.5]).tolist() == pytest.approx([0.04, 0.06, 0.06, 0.5])
    assert holm([]).tolist() == []
    assert holm([0.9, 0.8]).tolist() == [1.0, 1.0]


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=8))
def test_holm_keeps_the_order_and_lies_between_each_alone_and_bonferroni(p):
    shared, alone = holm(p), np.array(p)
    assert np.all(shared >= alone)
    assert np.all(shared <= np.minimum(len(p) * alone, 1.0) + 1e-12)
    assert np.all(np.diff(shared[np.argsort(alone, kind="stable")]) >= 0.0)


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


@pytest.mark.parametrize("placed", [goal._anywhere, goal._clumped, goal._mixed])
def test_marks_after_which_nothing_happens_are_seldom_called_different(placed):
    # Of 300 hours 15 are due, 6 to 25 in 99 of 100 runs; validate tries 2000.
    assert 6 <= 300 * goal.share_different(goal.without_effect(300, placed)) <= 25


def test_four_beats_more_after_eight_marks_are_found():
    assert goal.share_different(goal.with_effect(100, goal._apart)) >= 0.8


def test_hours_change_as_much_as_they_are_made_to():
    changes = [hours(hour(seed), None, start=0.0, end=3600.0).change for seed in range(40)]
    assert np.nanstd(np.concatenate(changes)) == pytest.approx(3.5, abs=0.25)


def test_two_marks_have_nothing_in_common_from_two_minutes_on():
    assert moments._separate(np.array([0.0, 119.0, 120.0, 200.0, 241.0])).tolist() == [
        True, False, True, False, True,
    ]  # fmt: skip
