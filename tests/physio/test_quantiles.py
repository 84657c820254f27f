"""Quantiles of many windows: NumPy's, one window at a time."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physio.quantiles import ROWS, TOGETHER, bounds, quantiles

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


@given(st.lists(st.integers(0, 20), min_size=1, max_size=90), st.integers(0, WIDTH - 1), st.data())
@settings(max_examples=80, deadline=None)
def test_bounds_hold_for_every_window_they_are_given_for(values, rank, data):
    values = np.array(values, float)
    breaks = data.draw(st.sets(st.integers(1, len(values)), max_size=2))
    at = np.arange(len(values))
    first = np.maximum.accumulate(np.where(np.isin(at, list(breaks)), at, 0))
    low, high = np.maximum(first, at - WIDTH + 1), at
    above, below = bounds(values, low, high, WIDTH, (rank, rank))
    for j, part in enumerate(sliding(values, low, high)):
        if above[j] or below[j]:
            assert len(part) == WIDTH
            assert below[j] <= np.sort(part)[rank] <= above[j]


def test_bounds_are_known_where_windows_move_on_by_one_and_are_close():
    values = np.random.default_rng(1).normal(10, 1, 400)
    low = np.arange(400 - 91 + 1)
    above, below = bounds(values, low, low + 90, 91, (23, 67))
    whole = len(low) // TOGETHER * TOGETHER
    assert (above[:whole] > 0).all()
    assert not above[whole:].any()
    lower, upper = quantiles(values, low, low + 90, 91, (0.25, 0.75))
    assert (below[:whole] - above[:whole] > 0.6 * (upper - lower)[:whole]).mean() > 0.9
