"""Low and high: Student's t over blocks, against the textbook and against repetition."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physio.uncertainty import block_count, interval

T3 = 3.182446305284263
"""Student's t, 97.5 %, 3 degrees of freedom (any table)."""


def one(value, blocks, **options):
    low, high = interval(np.array([value]), np.array([blocks], float), **options)
    return low[0], high[0]


def test_four_blocks_by_hand():
    low, high = one(10.0, [8.0, 9.0, 11.0, 12.0], positive=False)
    margin = T3 * math.sqrt(10 / 3) / 2
    assert (low, high) == (pytest.approx(10 - margin), pytest.approx(10 + margin))


def test_of_positive_measures_the_logarithm_spreads():
    blocks = np.exp([-0.2, -0.1, 0.1, 0.2]) * 40
    low, high = one(40.0, blocks, positive=True)
    factor = math.exp(T3 * math.sqrt(0.1 / 3) / 2)
    assert (low, high) == (pytest.approx(40 / factor), pytest.approx(40 * factor))
    assert low * high == pytest.approx(40.0**2)


def test_a_block_at_zero_leaves_the_logarithm_out_and_limits_hold():
    low, high = one(1.0, [0.0, 0.0, 1.0, 9.0], positive=True, limits=(0.0, np.inf))
    assert low == 0.0
    assert high == pytest.approx(1 + T3 * np.std([0, 0, 1, 9], ddof=1) / 2)
    low, high = one(99.0, [90.0, 98.0, 99.0, 100.0], positive=False, limits=(0.0, 100.0))
    assert high == 100.0
    assert low < 99.0


def test_the_widest_spread_is_still_finite():
    assert np.isfinite(one(5.0, [1e-300, 1.0, 1e300, 1.0], positive=True)).all()
    assert np.isfinite(one(800.0, [1.0, 1.0, 1.0, 2000.0], positive=False)).all()


@pytest.mark.parametrize(
    ("value", "blocks"),
    [
        (5.0, [4.0, 5.0, 6.0]),
        (5.0, [4.0, 5.0, 6.0, np.nan]),
        (np.nan, [4.0, 5.0, 6.0, 7.0]),
        (5.0, [np.nan] * 5),
        (5.0, []),
    ],
)
def test_too_few_blocks_or_no_value_give_none(value, blocks):
    for positive in (True, False):
        assert np.isnan(one(value, blocks, positive=positive)).all()


@given(st.lists(st.floats(1, 1000), min_size=4, max_size=12), st.integers(0, 4), st.booleans())
@settings(max_examples=60, deadline=None)
def test_blocks_without_a_value_play_no_part_and_the_value_lies_inside(blocks, absent, positive):
    value = float(np.mean(blocks))
    low, high = one(value, blocks, positive=positive)
    assert low <= value * (1 + 1e-12)
    assert high >= value * (1 - 1e-12)
    padded = one(value, blocks + [np.nan] * absent, positive=positive)
    assert padded == pytest.approx((low, high), rel=1e-9)


@pytest.mark.parametrize(
    ("duration", "trailing", "count"),
    [
        (60.0, 60.0, 4),
        (60.0 - 1e-11, 60.0, 4),
        (10.0, 10.0, 4),
        (240.0, 60.0, 4),
        (300.0, 60.0, 5),
        (60.0, 10.0, 6),
        (0.0, 60.0, 4),
    ],
)
def test_a_block_is_the_trailing_window_or_a_quarter(duration, trailing, count):
    assert block_count(np.array([duration]), trailing).tolist() == [count]


def test_the_interval_holds_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(0)
    for positive in (True, False):
        blocks = rng.normal(0, 0.2, (4000, 4))
        blocks = np.exp(blocks) if positive else blocks
        value = np.exp(np.log(blocks).mean(axis=1)) if positive else blocks.mean(axis=1)
        low, high = interval(value, blocks, positive=positive)
        truth = 1.0 if positive else 0.0
        assert np.mean((low <= truth) & (truth <= high)) == pytest.approx(0.95, abs=0.015)
