"""Quantiles of many windows: NumPy's, one window at a time."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physio.quantiles import ROWS, TOGETHER, bounds, medians, quantiles

WIDTH = 11


def sliding(values, low, high):
    return [values[a : b + 1] for a, b in zip(low, high, strict=True)]


@given(st.lists(st.integers(0, 20), min_size=WIDTH, max_size=60), st.data())
@settings(max_examples=60, deadline=None)
def test_quantiles_are_those_of_each_window(values, data):
    values = np.array(values, float)
    low = np.array(data.draw(st.lists(st.integers(0, len(values) - 1), min_size=1, max_size=30)))
    high = np.minimum(low + WIDTH - 1, len(values) - 1)
    found = quantiles(values, low, high, WIDTH, (0.25, 0.5, 0.75))
    expected = [np.quantile(part, (0.25, 0.5, 0.75)) for part in sliding(values, low, high)]
    assert found == pytest.approx(np.transpose(expected))


def test_an_empty_window_gives_nothing_and_many_windows_are_all_done():
    values = np.random.default_rng(0).normal(size=3 * ROWS)
    low = np.arange(len(values) - WIDTH)
    found = quantiles(values, low, low + WIDTH - 1, WIDTH, (0.5,))[0]
    assert found == pytest.approx(
        np.median(np.lib.stride_tricks.sliding_window_view(values, WIDTH)[:-1], axis=1)
    )
    assert quantiles(values, np.array([5]), np.array([4]), WIDTH, (0.5,)).tolist() == [[0.0]]


@pytest.mark.parametrize("count", [0, 1, WIDTH - 1, WIDTH, WIDTH + 1, ROWS + WIDTH, 2 * ROWS + 50])
def test_medians_are_those_of_each_window(count):
    values = np.random.default_rng(count).integers(0, 40, count).astype(float)
    low = np.arange(max(count - WIDTH + 1, 0))
    expected = quantiles(values, low, low + WIDTH - 1, WIDTH, (0.5,))[0]
    assert medians(values, WIDTH).tolist() == expected.tolist()


def test_values_may_be_every_second_of_others_or_read_only():
    values = np.random.default_rng(4).normal(size=200)
    apart, fixed = np.repeat(values, 2)[::2], values.copy()
    fixed.setflags(write=False)
    low = np.arange(100)
    for given_ in (apart, fixed):
        assert np.array_equal(medians(given_, WIDTH), medians(values, WIDTH))
        for function, more in ((quantiles, (0.25, 0.75)), (bounds, (23, 67))):
            found = function(given_, low, low + 90, 91, more)
            assert np.array_equal(found, function(values, low, low + 90, 91, more))


WIDE = TOGETHER + 10


@given(
    st.lists(st.integers(0, 20), min_size=1, max_size=150),
    st.integers(0, WIDE - TOGETHER),
    st.integers(TOGETHER - 1, WIDE - 1),
    st.data(),
)
@settings(max_examples=80, deadline=None)
def test_bounds_hold_for_every_window_they_are_given_for(values, lower, upper, data):
    values = np.array(values, float)
    breaks = data.draw(st.sets(st.integers(1, len(values)), max_size=2))
    at = np.arange(len(values))
    first = np.maximum.accumulate(np.where(np.isin(at, list(breaks)), at, 0))
    low, high = np.maximum(first, at - WIDE + 1), at
    above, below = bounds(values, low, high, WIDE, (lower, upper))
    for j, part in enumerate(sliding(values, low, high)):
        if above[j] or below[j]:
            assert len(part) == WIDE
            assert np.sort(part)[lower] <= above[j]
            assert np.sort(part)[upper] >= below[j]


def test_bounds_are_known_where_windows_stay_in_one_place():
    values = np.random.default_rng(2).normal(10, 1, 100)
    above, below = bounds(values, *np.full((2, 2 * TOGETHER), [[9], [99]]), 91, (23, 67))
    lower, upper = np.quantile(values[9:], (0.25, 0.75))
    assert (above >= lower).all()
    assert (below > 0).all()
    assert (below <= upper).all()


def test_bounds_are_not_known_where_windows_share_too_little():
    low = 2 * np.arange(8 * TOGETHER)
    values = np.random.default_rng(3).normal(10, 1, int(low[-1]) + 91)
    assert not bounds(values, low, low + 90, 91, (23, 67)).any()


def test_bounds_are_known_where_windows_move_on_by_one_and_are_close():
    values = np.random.default_rng(1).normal(10, 1, 400)
    low = np.arange(400 - 91 + 1)
    above, below = bounds(values, low, low + 90, 91, (23, 67))
    whole = len(low) // TOGETHER * TOGETHER
    assert (above[:whole] > 0).all()
    assert not above[whole:].any()
    lower, upper = quantiles(values, low, low + 90, 91, (0.25, 0.75))
    assert (below[:whole] - above[:whole] > 0.6 * (upper - lower)[:whole]).mean() > 0.9
