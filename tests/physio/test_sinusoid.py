"""Least squares on beats: against plain least squares, without each block, and where singular."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physio.beats import Beats
from physio.sinusoid import block_of, explained, leave_out, solve, stacks, trend, waves
from physio.windows import windows


def stack_of(seed, n=70, windows_held=3):
    rng = np.random.default_rng(seed)
    rr = rng.uniform(700.0, 1100.0, n * windows_held)
    usable = rng.random(len(rr)) > 0.1
    time = np.cumsum(rr) / 1000.0
    edges = time[n - 1 :: n]
    held = windows(Beats(time, rr, np.zeros(len(rr), int)), usable, edges - 50.0, edges)
    return next(stacks(held))


seeds = st.integers(0, 2**32 - 1)


@given(seeds)
@settings(max_examples=30, deadline=None)
def test_fits_and_fits_without_a_block_are_plain_least_squares(seed):
    stack = stack_of(seed)
    rate = np.random.default_rng(seed).uniform(4.0, 20.0, len(stack.index))
    design = np.concatenate((trend(stack), waves(stack, rate, most=2)), axis=2)
    block = block_of(stack, 4)
    whole, without = leave_out(design, stack.rr, block, 4)
    np.testing.assert_allclose(solve(design, stack.rr), whole, rtol=1e-9, atol=1e-9)
    for g in range(len(stack.index)):
        plain = np.linalg.lstsq(design[g], stack.rr[g], rcond=None)[0]
        np.testing.assert_allclose(whole[g], plain, rtol=1e-7, atol=1e-6)
        for number in range(4):
            kept = block[g] != number
            plain = np.linalg.lstsq(design[g][kept], stack.rr[g][kept], rcond=None)[0]
            np.testing.assert_allclose(without[number, g], plain, rtol=1e-6, atol=1e-5)


def test_waves_are_cosines_and_sines_of_the_rate_and_its_overtones():
    stack = stack_of(1)
    rate = np.full(len(stack.index), 7.0)
    carried = np.arange(len(rate)) % 3 + 1
    found = waves(stack, rate, most=3, carried=carried)
    for g, last in enumerate(carried):
        for k in range(3):
            angle = 2 * np.pi * (k + 1) * 7.0 / 60 * stack.time[g]
            kept = stack.usable[g] * (k < last)
            np.testing.assert_allclose(found[g, :, 2 * k], np.cos(angle) * kept, atol=1e-12)
            np.testing.assert_allclose(found[g, :, 2 * k + 1], np.sin(angle) * kept, atol=1e-12)
    np.testing.assert_array_equal(waves(stack, rate), waves(stack, rate, most=3)[:, :, :2])


def test_two_waves_that_are_one_share_it_and_a_column_of_zeros_gets_nothing():
    stack = stack_of(2)
    wave = waves(stack, np.full(len(stack.index), 9.0))
    twice = np.concatenate((trend(stack), wave, wave, 0.0 * wave), axis=2)
    once = np.concatenate((trend(stack), wave), axis=2)
    fit, plain = solve(twice, stack.rr), solve(once, stack.rr)
    assert np.isfinite(fit).all()
    assert (fit[:, 6:] == 0.0).all()
    np.testing.assert_allclose(fit[:, 2:4] + fit[:, 4:6], plain[:, 2:4], rtol=1e-5, atol=1e-5)


def test_a_block_that_holds_too_little_has_no_fit_without_it():
    stack = stack_of(3)
    design = np.concatenate((trend(stack), waves(stack, np.full(len(stack.index), 9.0))), axis=2)
    block = np.where(np.arange(stack.time.shape[1]) < 2, 0, 1) + np.zeros_like(block_of(stack, 2))
    without = leave_out(design, stack.rr, block, 2)[1]
    assert np.isnan(without[0]).all()
    assert np.isfinite(without[1]).all()


@pytest.mark.parametrize("count", [1, 2, 5, 300])
def test_any_number_of_grid_points_is_explained_alike(count):
    stack = stack_of(4)
    first, step = np.full(len(stack.index), 3.0), np.full(len(stack.index), 0.09)
    many = explained(stack, first, step, 300)[:, :count]
    np.testing.assert_allclose(explained(stack, first, step, count), many, rtol=1e-9)
    one = explained(stack, first + 0.09 * (count - 1), step, 1)[:, 0]
    np.testing.assert_allclose(one, many[:, -1], rtol=1e-8)
