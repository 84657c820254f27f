"""Welch's method against SciPy's, by products and by fast transforms alike."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import signal

from physio.hrv import welch as module
from physio.hrv.welch import LONG, welch


def scipys(values, length):
    return signal.welch(values, fs=4.0, nperseg=length, noverlap=length - length // 2)


@pytest.mark.parametrize(
    ("n", "length"),
    [(1000, 1000), (1000, 255), (777, 256), (64, 64), (9, 8), (2 * LONG, LONG + 1), (5000, 3001)],
)
def test_welch_equals_that_of_scipy(n, length):
    values = np.random.default_rng(n).normal(800, 30, (2, n))
    kept = values.copy()
    frequency, density = welch(values, rate=4.0, length=length)
    expected = scipys(values, length)
    assert frequency == pytest.approx(expected[0])
    assert density == pytest.approx(expected[1], rel=1e-9, abs=1e-9)
    assert np.array_equal(values, kept)


@given(
    st.integers(0, 2**32 - 1),
    st.integers(8, 400),
    st.integers(1, 4),
    st.floats(0.05, 2.5),
    st.integers(1, 4000),
)
@settings(max_examples=60, deadline=None)
def test_the_lowest_frequencies_alone_are_the_same_however_many_at_once(
    seed, length, rows, highest, at_once
):
    rng = np.random.default_rng(seed)
    values = rng.normal(900, 40, (rows, rng.integers(length, 5 * length)))
    before, module.AT_ONCE = module.AT_ONCE, at_once
    try:
        frequency, density = welch(values, rate=4.0, length=length, highest=highest)
    finally:
        module.AT_ONCE = before
    expected = scipys(values, length)
    count = len(frequency)
    assert frequency == pytest.approx(expected[0][:count])
    assert frequency[-1] >= min(highest, expected[0][-1]) - 1e-9
    assert density == pytest.approx(expected[1][:, :count], rel=1e-9, abs=1e-8)


def test_products_and_fast_transforms_agree():
    cuts = np.random.default_rng(2).normal(900, 50, (5, 1193))
    for one, other in zip(
        module._by_products(cuts.copy(), 130), module._by_fft(cuts.copy(), 130), strict=True
    ):
        assert np.abs(one) == pytest.approx(np.abs(other), rel=1e-9, abs=1e-9)


def test_one_series_needs_no_second_axis():
    values = np.random.default_rng(3).normal(900, 50, 500)
    one, many = (welch(v, rate=4.0, length=200)[1] for v in (values, values[np.newaxis]))
    assert one.shape == (101,)
    assert np.array_equal(one, many[0])


@given(st.floats(0.2, 3.0), st.floats(-150, 150))
@settings(max_examples=15, deadline=None)
def test_power_grows_with_the_square_of_the_swing(factor, level):
    # Time is made of the intervals themselves, so the law holds for the values on one grid.
    rng = np.random.default_rng(3)
    values = rng.normal(0, 40, (1, 1200))
    one, other = (welch(v, rate=4.0, length=1200)[1] for v in (values, level + factor * values))
    assert other == pytest.approx(factor**2 * one, rel=1e-8, abs=1e-8)


@pytest.mark.parametrize("length", [240, 239])
def test_the_power_of_white_noise_is_its_variance(length):
    values = np.random.default_rng(4).normal(0, 30, 200_000)
    frequency, density = welch(values, rate=4.0, length=length)
    assert density.sum() * frequency[1] == pytest.approx(900, rel=0.01)
