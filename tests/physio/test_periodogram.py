"""What sinusoids explain at each rate of a grid, against plain least squares."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physio.periodogram import explained
from tests.physio.laid import parts, stack_of


@pytest.mark.parametrize("count", [1, 2, 5, 16, 17, 300])
def test_any_number_of_grid_points_is_explained_alike(count):
    batch = stack_of(4)
    first, step = np.full(len(batch.index), 3.0), np.full(len(batch.index), 0.09)
    many = explained(batch, first, step, 300)[:, :count]
    np.testing.assert_allclose(explained(batch, first, step, count), many, rtol=1e-9)
    one = explained(batch, first + 0.09 * (count - 1), step, 1)[:, 0]
    np.testing.assert_allclose(one, many[:, -1], rtol=1e-8)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=10, deadline=None)
def test_explained_is_what_plain_least_squares_takes_off(seed):
    batch = stack_of(seed)
    first = np.random.default_rng(seed).uniform(3.0, 6.0, len(batch.index))
    found = explained(batch, first, np.full(len(batch.index), 0.7), 30)
    for g, own in parts(batch):
        kept = batch.usable[own] > 0.0
        time, rr = batch.time[own][kept], batch.rr[own][kept]
        line = np.column_stack((np.ones_like(time), time))
        for k in range(0, 30, 7):
            angle = 2 * np.pi / 60 * (first[g] + 0.7 * k) * time
            wave = np.column_stack((line, np.cos(angle), np.sin(angle)))
            plain = (squares(line, rr) - squares(wave, rr)) / kept.sum()
            assert found[g, k] == pytest.approx(plain, rel=1e-8, abs=1e-5)


def squares(columns, values):
    """Return what least squares on `columns` leaves."""
    fit = np.linalg.lstsq(columns, values, rcond=None)[0]
    return np.sum((values - columns @ fit) ** 2)
