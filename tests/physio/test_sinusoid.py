"""Least squares on beats: against plain least squares, without each block, and where singular."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physio.beats import Beats
from physio.ragged import ragged
from physio.sinusoid import design, leave_out, solve
from physio.windows import windows
from tests.physio.laid import parts, stack_of


def block_of(batch, g, own, blocks):
    """Return which of `blocks` equally long parts of its window each interval ends in."""
    share = batch.time[own] / batch.span[g] + 0.5
    return np.clip(np.ceil(share * blocks) - 1, 0, blocks - 1)


seeds = st.integers(0, 2**32 - 1)


@given(seeds)
@settings(max_examples=30, deadline=None)
def test_fits_and_fits_without_a_block_are_plain_least_squares(seed):
    batch = stack_of(seed)
    rate = np.random.default_rng(seed).uniform(4.0, 20.0, len(batch.index))
    columns = design(batch, rate, most=2)
    whole, without = leave_out(batch, columns, batch.rr, 4)
    np.testing.assert_allclose(solve(batch, columns, batch.rr), whole, rtol=1e-9, atol=1e-9)
    for g, own in parts(batch):
        plain = np.linalg.lstsq(columns[own], batch.rr[own], rcond=None)[0]
        np.testing.assert_allclose(whole[g], plain, rtol=1e-7, atol=1e-6)
        block = block_of(batch, g, own, 4)
        for number in range(4):
            kept = block != number
            plain = np.linalg.lstsq(columns[own][kept], batch.rr[own][kept], rcond=None)[0]
            np.testing.assert_allclose(without[number, g], plain, rtol=1e-6, atol=1e-5)


@given(seeds)
@settings(max_examples=30, deadline=None)
def test_the_first_columns_are_an_orthonormal_basis_of_mean_and_linear_trend(seed):
    batch = stack_of(seed, flagged=0.3)
    columns = design(batch, np.full(len(batch.index), 9.0))[:, :2]
    for _, own in parts(batch):
        basis = columns[own]
        np.testing.assert_allclose(basis.T @ basis, np.eye(2), atol=1e-12)
        for line in (batch.usable[own], batch.time[own] * batch.usable[own]):
            np.testing.assert_allclose(basis @ (basis.T @ line), line, atol=1e-10)


def test_waves_are_cosines_and_sines_of_the_rate_and_its_overtones():
    batch = stack_of(1)
    rate = np.full(len(batch.index), 7.0)
    carried = np.arange(len(rate)) % 3 + 1
    found = design(batch, rate, most=3, fastest=7.0 * carried + np.resize([0.0, 6.9], len(rate)))
    for g, own in parts(batch):
        for k in (1, 2, 3):
            angle = 2 * np.pi * k * 7.0 / 60 * batch.time[own]
            kept = batch.usable[own] * (k <= carried[g])
            np.testing.assert_allclose(found[own, 2 * k], np.cos(angle) * kept, atol=1e-12)
            np.testing.assert_allclose(found[own, 2 * k + 1], np.sin(angle) * kept, atol=1e-12)
    np.testing.assert_array_equal(design(batch, rate), design(batch, rate, most=3)[:, :4])


def test_of_a_rate_that_is_not_known_no_wave_is_fitted_and_the_others_are():
    batch = stack_of(1)
    rate = np.where(np.arange(len(batch.index)) % 2 == 0, np.nan, 9.0)
    fit = solve(batch, design(batch, rate, most=3), batch.rr)
    known = solve(batch, design(batch, np.full(len(rate), 9.0), most=3), batch.rr)
    assert np.isnan(fit[::2, 2:]).all()
    np.testing.assert_array_equal(fit[1::2], known[1::2])


def test_two_waves_that_are_one_share_it_and_a_column_of_zeros_gets_nothing():
    batch = stack_of(2)
    once = design(batch, np.full(len(batch.index), 9.0))
    wave = once[:, 2:]
    twice = np.column_stack((once, wave, 0.0 * wave))
    fit, plain = solve(batch, twice, batch.rr), solve(batch, once, batch.rr)
    assert np.isfinite(fit).all()
    assert (fit[:, 6:] == 0.0).all()
    np.testing.assert_allclose(fit[:, 2:4] + fit[:, 4:6], plain[:, 2:4], rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("left", [0, 2, 3])
def test_a_block_that_holds_too_little_has_no_fit_without_it(left):
    rr = np.full(80, 900.0) + np.random.default_rng(3).normal(0.0, 20.0, 80)
    time = np.cumsum(rr) / 1000.0
    usable = time > time[19] + 0.2
    usable[:left] = True
    whole = windows(Beats(time, rr, np.zeros(80, int)), usable, 0.0, time[-1])
    batch = next(ragged(whole))
    without = leave_out(batch, design(batch, np.array([9.0])), batch.rr, 4)[1]
    assert np.isnan(without[0]).all() == (left < 3)
    assert np.isfinite(without[1:]).all()
