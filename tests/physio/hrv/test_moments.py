"""Moments of windows against exact sums, and at the edges where there is nothing to divide by."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physio.beats import NO_BEATS, Beats
from physio.hrv import poincare, time_domain
from physio.hrv.moments import moments
from physio.windows import whole, windows

FIELDS = ("mean", "variance", "mean_square", "change_variance", "above_20", "above_50")


def held_by(rr, usable=None, segment=None, edges=None):
    rr = np.asarray(rr, float)
    segment = np.zeros(len(rr), int) if segment is None else segment
    usable = np.ones(len(rr), bool) if usable is None else np.asarray(usable)
    beats = Beats(np.cumsum(rr) / 1000 + segment, rr, segment)
    return (
        whole(beats, usable, start=0.0, end=1.0)
        if edges is None
        else windows(beats, usable, *edges)
    )


def exact(values):
    """Return mean, mean square and variance (N - 1) by sums without rounding."""
    n = len(values)
    if n == 0:
        return math.nan, math.nan, math.nan
    mean = math.fsum(values) / n
    squares = math.fsum((value - mean) ** 2 for value in values)
    variance = squares / (n - 1) if n > 1 else math.nan
    return mean, math.fsum(value * value for value in values) / n, variance


@given(st.integers(0, 2**32 - 1), st.sampled_from([1e-3, 1.0, 60.0, 400.0]))
@settings(max_examples=60, deadline=None)
def test_every_window_has_its_moments_to_twelve_digits(seed, spread):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 400))
    rr = np.clip(rng.normal(1000, spread, n), 300, 2900)
    usable, segment = rng.random(n) > 0.1, np.cumsum(rng.random(n) < 0.02)
    start = rng.uniform(-5, 300, 8)
    held = held_by(rr, usable, segment, (start, start + rng.uniform(0, 200, 8)))
    found = moments(held)
    for j in range(8):
        part = range(held.first[j], held.last[j])
        mean, _, variance = exact([rr[i] for i in part if usable[i]])
        steps = [rr[i] - rr[i - 1] for i in part[1:] if held.paired[i]]
        _, mean_square, change_variance = exact(steps)
        shares = [sum(abs(step) > limit for step in steps) for limit in (20, 50)]
        expected = (mean, variance, mean_square, change_variance)
        for name, value in zip(FIELDS, expected, strict=False):
            assert getattr(found, name)[j] == pytest.approx(value, rel=1e-12, nan_ok=True), name
        for name, count in zip(FIELDS[4:], shares, strict=True):
            share = count / len(steps) if steps else math.nan
            assert getattr(found, name)[j] == pytest.approx(share, nan_ok=True), name


def test_a_day_keeps_twelve_digits():
    rr = 850 + 40 * np.sin(np.arange(100_000) / 7) + np.random.default_rng(0).normal(0, 20, 100_000)
    found = moments(held_by(rr))
    mean, _, variance = exact(rr.tolist())
    _, mean_square, change_variance = exact(np.diff(rr).tolist())
    assert found.mean[0] == pytest.approx(mean, rel=1e-12)
    assert found.variance[0] == pytest.approx(variance, rel=1e-12)
    assert found.mean_square[0] == pytest.approx(mean_square, rel=1e-12)
    assert found.change_variance[0] == pytest.approx(change_variance, rel=1e-12)


def test_a_spread_needs_two_and_a_mean_one():
    one = moments(held_by([800.0]))
    assert one.mean[0] == 800.0
    assert all(np.isnan(getattr(one, name)[0]) for name in FIELDS[1:])
    two = moments(held_by([800.0, 860.0]))
    assert (two.variance[0], two.mean_square[0]) == (1800.0, 3600.0)
    assert (two.above_20[0], two.above_50[0]) == (1.0, 1.0)
    assert np.isnan(two.change_variance[0])


def test_windows_without_usable_intervals_have_none():
    for held in (
        held_by([800.0, 810.0], usable=[False, False]),
        held_by([800.0, 810.0], edges=([5.0, -9.0], [9.0, -1.0])),
        windows(NO_BEATS, np.empty(0, bool), [0.0], [9.0]),
    ):
        found = moments(held)
        assert all(np.isnan(getattr(found, name)).all() for name in FIELDS)
        assert found.mean.shape == (len(held),)


def test_limits_are_not_above_themselves():
    found = moments(held_by([800.0, 820.0, 870.0, 891.0, 941.1]))
    assert found.above_20[0] == pytest.approx(3 / 4)
    assert found.above_50[0] == pytest.approx(1 / 4)


@pytest.mark.parametrize(
    "measure",
    [
        *(getattr(time_domain, name) for name in ("mean_rr", "mean_hr", "sdnn", "rmssd")),
        *(getattr(time_domain, name) for name in ("ln_rmssd", "sdsd", "pnn50", "pnn20")),
        poincare.sd1,
        poincare.sd2,
    ],
)
def test_measures_read_moments_that_are_known(measure):
    rr = np.random.default_rng(1).normal(800, 40, 90)
    one, other = held_by(rr), held_by(rr + 30 * np.sin(np.arange(90)))
    assert measure(one, moments(one)) == measure(one)
    assert measure(one, moments(other)) == measure(other)
