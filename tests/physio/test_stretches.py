"""Stretches: unbroken parts of windows, against a plain loop."""

from itertools import chain

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from physio import stretches as module
from physio.beats import NO_BEATS, Beats
from physio.stretches import Stretches, parts, segments, spread
from physio.windows import windows


def rhythm(seed, n=60):
    rng = np.random.default_rng(seed)
    segment = np.cumsum(rng.random(n) < 0.1)
    rr = rng.normal(800, 60, n)
    beats = Beats(np.cumsum(rr) / 1000 + segment, rr, segment)
    start = rng.uniform(-5, 50, 9)
    return windows(beats, rng.random(n) > 0.15, start, start + rng.uniform(0, 40, 9))


def plain(held):
    """Every interval of a window in turn joins the stretch before it or begins one."""
    found = []
    for j in range(len(held)):
        open_stretch = None
        for i in range(held.first[j], held.last[j]):
            joined = i > held.first[j] and held.beats.segment[i] == held.beats.segment[i - 1]
            if open_stretch is None or not joined:
                open_stretch = [j, i, i]
                found.append(open_stretch)
            open_stretch[2] = i + 1
    return found


def rows(stretches):
    return np.stack((stretches.window, stretches.first, stretches.last), axis=1).tolist()


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=80, deadline=None)
def test_segments_equal_a_plain_loop(seed):
    held = rhythm(seed)
    assert rows(segments(held)) == plain(held)


def test_no_beats_and_empty_windows_have_no_stretch():
    nothing = windows(NO_BEATS, np.empty(0, bool), [0.0, 1.0], [5.0, 2.0])
    assert len(segments(nothing)) == 0
    one = Beats([1.0], [1000.0], [0])
    assert rows(segments(windows(one, np.ones(1, bool), [3.0, 0.0], [4.0, 2.0]))) == [[1, 0, 1]]
    # Between two empty windows lies a break, and it is in neither.
    two = Beats([1.0, 9.0], [1000.0, 1000.0], [0, 1])
    assert rows(segments(windows(two, np.ones(2, bool), [-1.0, 9.5], [-0.5, 9.8]))) == []


def test_spread_lists_the_places_of_each_in_turn():
    place, begin = spread(np.array([3, 0, 7]), np.array([5, 0, 10]))
    assert place.tolist() == [3, 4, 7, 8, 9]
    assert begin.tolist() == [0, 2, 2]


@given(st.lists(st.integers(1, 40), max_size=30), st.integers(1, 60), st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_parts_hold_everything_once_and_no_window_in_two(lengths, at_once, seed):
    window = np.sort(np.random.default_rng(seed).integers(0, 8, len(lengths)))
    last = np.cumsum(np.array(lengths, int))
    whole = Stretches(window, last - lengths, last)
    before, module.AT_ONCE = module.AT_ONCE, at_once
    try:
        cut = list(parts(whole))
    finally:
        module.AT_ONCE = before
    assert list(chain(*map(rows, cut))) == rows(whole)
    held = [set(part.window.tolist()) for part in cut]
    assert sum(len(part) for part in held) == len(set().union(*held))


@given(st.integers(0, 2**32 - 1), st.integers(0, 8))
@settings(max_examples=40, deadline=None)
def test_some_of_the_windows_have_the_stretches_they_have_among_all(seed, which):
    held = rhythm(seed)
    alone = held.take(np.array([which]))
    among = segments(held)
    assert rows(segments(alone)) == [[0, *row[1:]] for row in rows(among[among.window == which])]
