"""Windows hold what ends inside them, and their sums depend on nothing else."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from physio.beats import NO_BEATS, Beats
from physio.windows import pairs, sums, tiles, whole, windows

ONE_SEGMENT = Beats([1.0, 2.0, 3.0, 4.0], [1000.0] * 4, [0] * 4)


def all_usable(beats):
    return np.ones(len(beats), bool)


def test_a_window_holds_the_intervals_that_end_after_its_start_up_to_its_end():
    held = windows(ONE_SEGMENT, all_usable(ONE_SEGMENT), [0.0, 1.0, 2.5, 9.0], [4.0, 3.0, 2.9, 9.5])
    assert held.first.tolist() == [0, 1, 2, 4]
    assert held.last.tolist() == [4, 3, 2, 4]
    assert len(held) == 4


def test_a_single_pair_of_edges_is_one_window():
    held = windows(ONE_SEGMENT, all_usable(ONE_SEGMENT), 1.0, 3.0)
    assert (held.first.tolist(), held.last.tolist()) == ([1], [3])


def test_a_window_that_ends_before_it_starts_is_empty():
    held = windows(ONE_SEGMENT, all_usable(ONE_SEGMENT), 3.0, 1.0)
    assert held.first.tolist() == held.last.tolist()


def test_take_and_at_give_other_windows_over_the_same_intervals():
    held = windows(ONE_SEGMENT, all_usable(ONE_SEGMENT), [0.0, 1.0, 2.0], [2.0, 3.0, 4.0])
    some = held.take(np.array([2, 0]))
    assert some.start.tolist() == [2.0, 0.0]
    assert some.last.tolist() == [4, 2]
    other = held.at(np.array([0.5]), np.array([1.5]))
    assert (other.first.tolist(), other.last.tolist()) == ([0], [1])


def test_blocks_are_equal_parts_of_each_window_one_after_the_other():
    held = windows(ONE_SEGMENT, all_usable(ONE_SEGMENT), [0.0, 2.0], [4.0, 3.0])
    parts = held.blocks(2)
    assert parts.start.tolist() == [0.0, 2.0, 2.0, 2.5]
    assert parts.end.tolist() == [2.0, 4.0, 2.5, 3.0]
    assert (parts.last - parts.first).tolist() == [2, 2, 0, 1]


def test_windows_followed_by_others_are_both():
    held = windows(ONE_SEGMENT, all_usable(ONE_SEGMENT), [0.0, 2.0], [4.0, 3.0])
    both = held.followed_by(held.blocks(2))
    assert both.start.tolist() == [0.0, 2.0, 0.0, 2.0, 2.0, 2.5]
    assert both.last.tolist() == [4, 3, 2, 4, 2, 3]
    assert both.beats is held.beats


def test_pairs_need_two_usable_intervals_of_one_segment():
    beats = Beats(np.arange(6.0), np.full(6, 1000.0), [0, 0, 0, 1, 1, 1])
    usable = np.array([True, True, False, True, True, True])
    assert pairs(beats, usable).tolist() == [False, True, False, False, True, True]
    assert pairs(NO_BEATS, np.empty(0, bool)).tolist() == []


def test_whole_holds_every_beat_whatever_its_times():
    held = whole(ONE_SEGMENT, all_usable(ONE_SEGMENT), start=2.0, end=3.0)
    assert (held.first.tolist(), held.last.tolist()) == ([0], [4])


def test_tiles_lie_end_to_end_in_each_segment_from_its_beginning():
    rr = np.full(25, 1000.0)
    time = np.arange(1.0, 26.0) + np.where(np.arange(25) < 13, 0.0, 100.0)
    beats = Beats(time, rr, (np.arange(25) >= 13).astype(int))
    start, end = tiles(beats, 5.0)
    assert start.tolist() == [0.0, 5.0, 113.0, 118.0]
    assert end.tolist() == [5.0, 10.0, 118.0, 123.0]
    assert [len(part) for part in tiles(beats, 14.0)] == [0, 0]
    assert [len(part) for part in tiles(NO_BEATS, 5.0)] == [0, 0]


@st.composite
def ranges(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = draw(st.integers(0, 50))
    first = rng.integers(0, n + 1, draw(st.integers(0, 20)))
    last = np.maximum(first, rng.integers(0, n + 1, len(first)))
    return rng.normal(800, 50, n), first, last


@given(ranges())
@settings(max_examples=100, deadline=None)
def test_sums_are_those_of_each_slice(case):
    values, first, last = case
    expected = [math.fsum(values[a:b]) for a, b in zip(first, last, strict=True)]
    assert np.allclose(sums(values, first, last), expected, rtol=1e-13, atol=0)
