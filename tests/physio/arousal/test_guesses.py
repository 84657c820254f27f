"""Guesses against rises: the laws of what is sensed, and what chance alone would give."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from physio.arousal.guesses import FEWEST_GUESSES, NEAR, sensed

HOUR = [(0.0, 3600.0)]


@st.composite
def stretches(draw, most=4):
    """Return stretches in order, whole tenths of seconds long, none over another."""
    edges = draw(st.lists(st.integers(0, 20_000), max_size=2 * most, unique=True).map(sorted))
    return [(a / 10.0, b / 10.0) for a, b in zip(edges[::2], edges[1::2], strict=False)]


times = st.lists(st.integers(0, 20_000).map(lambda tenth: tenth / 10.0), max_size=12).map(sorted)


def minus(covered, unread):
    """Return the pieces of stretches that lie in none of the others, one by one."""
    pieces = list(covered)
    for low, high in unread:
        pieces = [
            part
            for start, end in pieces
            for part in ((start, min(end, low)), (max(start, high), end))
            if part[1] > part[0]
        ]
    return sorted(pieces)


def within(spans, time):
    return any(start <= time < end for start, end in spans)


def shifted(guesses, pieces, by):
    """Return guesses moved on in a circle through pieces of time, by so many seconds."""
    length = [end - start for start, end in pieces]
    begun = np.concatenate(([0.0], np.cumsum(length)))
    found = []
    for guess in guesses:
        place = next(n for n, (a, b) in enumerate(pieces) if a <= guess < b)
        at = (begun[place] + guess - pieces[place][0] + by) % begun[-1]
        to = min(int(np.searchsorted(begun, at, side="right")) - 1, len(pieces) - 1)
        found.append(pieces[to][0] + at - begun[to])
    return found


@given(onsets=times, covered=stretches(), unread=stretches())
def test_a_guess_at_each_onset_senses_it_at_0_s(onsets, covered, unread):
    pieces = minus(covered, unread)
    found = sensed(onsets, onsets, covered, unread)
    there = [within(pieces, one) for one in onsets]
    assert found.there.tolist() == there
    assert found.counts.tolist() == there
    assert found.sensed[found.there].all()
    assert (found.late[found.counts] == 0.0).all()


@given(guesses=times, onsets=times, covered=stretches(), unread=stretches())
def test_guesses_outside_count_nothing(guesses, onsets, covered, unread):
    pieces = minus(covered, unread)
    found = sensed(guesses, onsets, covered, unread)
    inside = [one for one in guesses if within(pieces, one)]
    alone = sensed(inside, onsets, covered, unread)
    assert np.isnan(found.late[~found.counts]).all()
    assert found.late[found.counts].tolist() == pytest.approx(alone.late.tolist(), nan_ok=True)
    assert found.sensed.tolist() == alone.sensed.tolist()
    assert found.by_chance == alone.by_chance
    assert found.seconds == pytest.approx(sum(end - start for start, end in pieces))


@given(guesses=times, onsets=times, covered=stretches(), unread=stretches())
def test_each_guess_senses_one_rise_at_most_and_none_that_is_far(guesses, onsets, covered, unread):
    found = sensed(guesses, onsets, covered, unread)
    near = found.late[np.isfinite(found.late)]
    assert (np.abs(near) <= NEAR + 1e-9).all()
    assert len(set(np.asarray(onsets)[found.sensed].tolist())) <= len(near)
    if found.by_chance is not None:
        assert 0.0 <= found.by_chance <= len(set(onsets)) + 1e-9


@given(
    guesses=times,
    onsets=times,
    covered=stretches(),
    unread=stretches(),
    by=st.integers(0, 20_000),
)
def test_chance_is_the_same_however_the_guesses_are_shifted(guesses, onsets, covered, unread, by):
    pieces = minus(covered, unread)
    inside = [one for one in guesses if within(pieces, one)]
    one = sensed(inside, onsets, covered, unread)
    moved = [min(at, 2000.0) for at in shifted(inside, pieces, by / 10.0)]
    other = sensed(moved, onsets, covered, unread)
    if one.by_chance is None or not other.counts.all():  # rounding at the end of a stretch
        return
    assert other.by_chance == pytest.approx(one.by_chance, abs=1e-6)


def test_chance_is_the_mean_over_all_shifts():
    generator = np.random.default_rng(13)
    covered, unread = [(100.0, 700.0), (760.0, 1500.0)], [(300.0, 340.0), (900.0, 910.0)]
    pieces = minus(covered, unread)
    onsets = np.sort(generator.uniform(90.0, 1520.0, 7))
    guesses = [one for one in np.sort(generator.uniform(100.0, 1500.0, 9)) if within(pieces, one)]
    whole = sum(end - start for start, end in pieces)
    shifts = np.arange(0.05, whole, 0.1)
    each = [
        int(sensed(shifted(guesses, pieces, by), onsets, covered, unread).sensed.sum())
        for by in shifts[::5]
    ]
    told = sensed(guesses, onsets, covered, unread).by_chance
    assert told == pytest.approx(np.mean(each), abs=0.02)


def test_a_key_pressed_all_the_time_senses_all_and_so_does_chance():
    onsets = [400.0, 1300.0, 2600.0]
    found = sensed(np.arange(5.0, 3600.0, 10.0), onsets, HOUR)
    assert found.sensed.all()
    assert found.by_chance == pytest.approx(3.0)


def test_one_rise_is_sensed_once_however_often_it_is_guessed():
    found = sensed([98.0, 100.0, 101.0, 104.0, 110.0], [100.0, 500.0], HOUR)
    assert found.sensed.tolist() == [True, False]
    assert found.late.tolist() == [-2.0, 0.0, 1.0, 4.0, 10.0]


def test_what_was_to_be_seen_is_not_sensed_and_what_is_seen_after_may_be():
    covered = [(100.0, 200.0), (220.0, 300.0)]
    assert not sensed([101.0], [95.0], covered).sensed.any()  # it was in view before
    before = sensed([195.0], [205.0], covered)  # she looked when she had guessed
    assert before.late.tolist() == [-10.0]
    assert not before.there.any()
    assert not sensed([221.0], [210.0], covered).sensed.any()
    short = [(100.0, 200.0), (203.0, 300.0)]
    assert not sensed([204.0], [199.0], short).sensed.any()  # seen between the two
    assert sensed([199.5], [199.0], short).sensed.all()


def test_stretches_may_lie_over_each_other_and_in_any_order():
    parts = sensed([130.0], [150.0, 120.0], [(140.0, 200.0), (100.0, 150.0)], [(190.0, 300.0)])
    whole = sensed([130.0], [150.0, 120.0], [(100.0, 200.0)], [(250.0, 300.0), (190.0, 260.0)])
    assert parts.seconds == whole.seconds == 90.0
    assert parts.sensed.tolist() == whole.sensed.tolist() == [False, True]
    assert parts.there.all()
    assert whole.there.all()


def test_of_two_rises_the_nearer_is_sensed():
    found = sensed([108.0], [100.0, 112.0], HOUR)
    assert (found.late.tolist(), found.sensed.tolist()) == ([-4.0], [False, True])


def test_below_five_guesses_nothing_is_said_of_chance():
    few = np.linspace(100.0, 3000.0, FEWEST_GUESSES - 1)
    assert sensed(few, [100.0], HOUR).by_chance is None
    assert sensed([*few, 3200.0], [100.0], HOUR).by_chance is not None
    # One that does not count makes no five.
    assert sensed([*few, 3700.0], [100.0], HOUR).by_chance is None


@pytest.mark.parametrize("covered", [[], [(5.0, 5.0)]])
def test_where_nothing_was_covered_nothing_is_said(covered):
    found = sensed([1.0, 2.0, 3.0, 4.0, 5.0], [3.0], covered)
    assert (found.seconds, found.by_chance) == (0.0, None)
    assert not found.sensed.any()
    assert not found.there.any()


def test_without_rises_chance_gives_none():
    assert sensed(np.arange(100.0, 600.0, 50.0), [], HOUR).by_chance == 0.0
