"""Marks of one label together: every shift tried, clumps counted once, chance shared."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from physio.arousal import pooling
from physio.arousal.moments import FEWEST_MINUTES, Hours, hours
from physio.arousal.pooling import Together, holm, pooled, together
from physio.reasons import ReasonCode
from proof.validation.goals import marks as goal
from proof.validation.made import marked_hours as made
from tests.physio.hours import hour


def test_nothing_is_too_few():
    assert pooled([]).reason.code is ReasonCode.FEW_MARKS


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


def test_the_interval_is_the_change_less_what_shifting_does_where_that_is_lopsided():
    change = np.random.default_rng(3).exponential(2.0, 3000)
    marks = np.array([100, 400, 900, 2000])
    found = pooled([(waving(change), marks.astype(float))])
    shifted = np.mean([np.roll(change, -mark) for mark in marks], axis=0)
    low, high = np.quantile(shifted - shifted.mean(), (0.025, 0.975))
    grain = 2.0 * pooling.GRAIN
    assert found.change == pytest.approx(shifted[0])
    assert found.low == pytest.approx(found.change - high, abs=grain)
    assert found.high == pytest.approx(found.change - low, abs=grain)
    assert high > 1.3 * -low


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


@pytest.mark.sampled
@pytest.mark.parametrize("placed", [goal._anywhere, goal._clumped, goal._mixed])
def test_marks_after_which_nothing_happens_are_seldom_called_different(placed):
    # Of 300 hours 15 are due, 6 to 25 in 99 of 100 runs; validate tries 2000.
    assert 6 <= 300 * goal.share_different(goal.without_effect(300, placed)) <= 25


def test_four_beats_more_after_eight_marks_are_found():
    assert goal.share_different(goal.with_effect(100, goal._apart)) >= 0.8


def test_two_marks_have_nothing_in_common_from_two_minutes_on():
    assert pooling._separate(np.array([0.0, 119.0, 120.0, 200.0, 241.0])).tolist() == [
        True, False, True, False, True,
    ]  # fmt: skip
