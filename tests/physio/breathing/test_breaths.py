"""Breath by breath: times, depth, and what is no breath."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physio.breathing.breaths import breaths, usual_swing
from physio.breathing.pacer import steady
from physio.breathing.turning import turning_points


def lungs(rate, inhale, time):
    return steady(rate, inhale=inhale).volume(time)


@pytest.mark.parametrize("per_second", [4, 25, 100, 1000])
@pytest.mark.parametrize(("rate", "inhale"), [(4.0, 0.4), (6.0, 0.4), (12.0, 0.35), (24.0, 0.5)])
def test_even_breaths_are_found_with_their_phases(rate, inhale, per_second):
    time = np.arange(0.0, 120.0, 1.0 / per_second)
    found = breaths(time, lungs(rate, inhale, time))
    assert len(found) in (int(2 * rate) - 2, int(2 * rate) - 1, int(2 * rate))
    np.testing.assert_allclose(found.rate[1:-1], rate, rtol=0.01)
    period = 60.0 / rate
    np.testing.assert_allclose(
        found.onset[1:], period * np.round(found.onset[1:] / period), atol=0.1
    )
    # Both of its turns may lie 0.1 s off.
    np.testing.assert_allclose(found.inspiration[1:-1], inhale * period, atol=0.2)
    np.testing.assert_allclose(found.inspiration + found.expiration, found.end - found.onset)
    np.testing.assert_allclose(found.end[:-1], found.onset[1:])


def test_depth_falls_short_by_the_smoothing_alone():
    time = np.arange(0.0, 90.0, 0.04)
    for rate in (4.0, 10.0, 20.0, 30.0):
        wave = np.sin(2 * np.pi * rate / 60 * time)
        kept = np.exp(-2 * (np.pi * rate / 60 * 0.15) ** 2) * np.sinc(rate / 60 * 0.1)
        np.testing.assert_allclose(breaths(time, 3.0 * wave).depth[1:-1], 6.0 * kept, rtol=0.01)


@pytest.mark.parametrize("rate", [4.0, 9.0, 16.0, 25.0])
def test_wiggles_drift_and_one_sigh_do_not_change_the_count(rate):
    rng = np.random.default_rng(int(rate))
    time = np.arange(0.0, 180.0, 0.02)
    plain = np.sin(2 * np.pi * rate / 60 * time)
    sigh = 1.0 + 3.0 * np.exp(-0.5 * ((time - 90.0) / (20.0 / rate)) ** 2)
    noisy = sigh * plain + 0.1 * rng.standard_normal(len(time)) + time / 60.0
    noisy += 0.15 * np.sin(2 * np.pi * 1.15 * time)
    assert abs(len(breaths(time, noisy)) - len(breaths(time, plain))) <= 1


@given(
    rate=st.floats(4.0, 24.0),
    size=st.floats(1e-3, 1e3),
    level=st.floats(-1e3, 1e3),
    later=st.floats(-1e4, 1e4),
)
@settings(max_examples=40, deadline=None)
def test_size_level_and_clock_do_not_matter(rate, size, level, later):
    time = np.arange(0.0, 60.0, 0.05)
    one = breaths(time, lungs(rate, 0.4, time))
    other = breaths(time + later, level + size * lungs(rate, 0.4, time))
    np.testing.assert_allclose(other.onset - later, one.onset, atol=1e-3)
    np.testing.assert_allclose(other.depth, size * one.depth, rtol=1e-3, atol=1e-6)


def test_no_breath_reaches_across_a_gap_and_what_is_no_breath_is_left_out():
    time = np.arange(0.0, 120.0, 0.1)
    signal = lungs(10.0, 0.4, time)
    kept = (time < 43.0) | (time > 53.0)
    found = breaths(time[kept], signal[kept])
    assert not np.any((found.onset < 43.0) & (found.end > 53.0))
    assert len(found) >= 14
    held = np.where((time > 30.0) & (time < 72.0), 0.0, signal)
    long_pause = breaths(time, held)
    assert long_pause.rate.min() >= 3.0 / 1.2
    unknown = np.where(kept, signal, np.nan)
    np.testing.assert_allclose(breaths(time, unknown).onset, found.onset)


def test_beats_can_carry_the_signal():
    # A signal read once a beat: the turning points of the spline through it.
    time = np.cumsum(np.full(120, 0.8))
    found = breaths(time, np.sin(2 * np.pi * 0.2 * time))
    np.testing.assert_allclose(found.rate[1:-1], 12.0, rtol=0.02)
    assert abs(len(found) - 18) <= 1


def test_nothing_flat_and_wrong_signals():
    assert len(breaths([], [])) == 0
    assert len(breaths([0.0, 1.0], [1.0, 2.0])) == 0
    assert len(breaths(np.arange(600) / 10, np.ones(600))) == 0
    with pytest.raises(ValueError, match="one length"):
        breaths([0.0, 1.0], [1.0])
    with pytest.raises(ValueError, match="must increase"):
        breaths([0.0, 0.0, 1.0], [1.0, 2.0, 3.0])


def test_the_usual_swing_is_the_median_range_of_twenty_seconds():
    time = np.arange(1200) / 10
    wave = np.sin(2 * np.pi * 0.1 * time)
    assert usual_swing([wave]) == pytest.approx(2.0, rel=0.01)
    sigh = wave * np.where((time > 50) & (time < 60), 5.0, 1.0)
    assert usual_swing([sigh, 3.0 * wave[:50]]) == pytest.approx(2.0, rel=0.01)
    assert usual_swing([]) == 0.0


rows = st.lists(st.integers(-9, 9), min_size=1, max_size=40)


@given(rows, st.integers(1, 9))
def test_turning_points_alternate_and_lie_far_enough_apart(row, least):
    values = np.array([row], float)
    mark = turning_points(values, np.ones_like(values), np.array([float(least)]))[0]
    place = np.flatnonzero(mark)
    assert (np.diff(mark[place]) != 0).all()
    assert (np.abs(np.diff(values[0, place])) >= least).all()
    for first, last in pairwise(place):
        between = values[0, first : last + 1]
        ends = values[0, [first, last]]
        assert between.max() == ends.max()
        assert between.min() == ends.min()
    upside = turning_points(-values, np.ones_like(values), np.array([float(least)]))[0]
    assert (upside == -mark).all()
