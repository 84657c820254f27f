"""The slow trend taken off intervals: windows keep their level, and see nothing of each other."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physio.beats import NO_BEATS, Beats
from physio.hrv.detrend import response
from physio.hrv.time_domain import mean_rr, sdnn
from physio.hrv.trend import trend_free
from physio.windows import windows


def waves(frequency, seconds=900.0, amplitude=40.0):
    rr, now = [], 0.0
    while now < seconds:
        rr.append(850.0 + amplitude * np.sin(2 * np.pi * frequency * now))
        now += rr[-1] / 1000.0
    rr = np.array(rr)
    return Beats(np.cumsum(rr) / 1000.0, rr, np.zeros(len(rr), int))


def held_in(beats, start, end, usable=None):
    usable = np.ones(len(beats), bool) if usable is None else usable
    return windows(beats, usable, start, end)


@pytest.mark.parametrize("frequency", [0.01, 0.0355, 0.1])
def test_a_wave_is_left_as_the_closed_form_of_the_detrend_says(frequency):
    held = held_in(waves(frequency), 0.0, 900.0)
    free = trend_free(held, regularization=500.0).windows
    expected = 40.0 / np.sqrt(2.0) * response(frequency)
    assert sdnn(free)[0] == pytest.approx(expected, rel=0.05, abs=1.0)


def test_the_mean_stays():
    held = held_in(waves(0.005), [0.0, 100.0], [900.0, 400.0])
    free = trend_free(held, regularization=500.0).windows
    assert mean_rr(free) == pytest.approx(mean_rr(held), rel=1e-12)


def recording(seed):
    rng = np.random.default_rng(seed)
    n = 500
    rr = rng.normal(850, 30, n) + np.cumsum(rng.normal(0, 3, n))
    segment = np.searchsorted(np.sort(rng.integers(1, n, 3)), np.arange(n), side="right")
    time = np.cumsum(rr) / 1000 + 5.0 * segment
    return Beats(time, rr, segment), rng.random(n) >= 0.03


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_windows_see_nothing_of_each_other(seed):
    beats, usable = recording(seed)
    end = np.array([30.0, 60.0, 200.0, 200.0, 400.0])
    start = end - [60.0, 50.0, 120.0, 3.0, 300.0]
    together = sdnn(trend_free(held_in(beats, start, end, usable), regularization=500.0).windows)
    for j in range(len(end)):
        alone = trend_free(held_in(beats, start[j], end[j], usable), regularization=500.0).windows
        assert sdnn(alone)[0] == pytest.approx(together[j], rel=1e-9, nan_ok=True)


def test_parts_of_a_window_lie_over_its_own_copies():
    beats, usable = recording(3)
    held = held_in(beats, [0.0, 100.0], [300.0, 400.0], usable)
    free = trend_free(held, regularization=500.0)
    parts = held.at(np.array([100.0, 100.0]), np.array([300.0, 300.0]))
    inside = free.inside(parts, np.array([0, 1]))
    assert (inside.last - inside.first == parts.last - parts.first).all()
    for j in range(2):
        own = slice(inside.first[j], inside.last[j])
        there = slice(parts.first[j], parts.last[j])
        assert inside.beats.time[own] == pytest.approx(beats.time[there], abs=0)


def test_no_beats_and_too_few_stay_as_they_are():
    nothing = held_in(NO_BEATS, [0.0], [60.0])
    assert len(trend_free(nothing, regularization=500.0).windows.beats) == 0
    few = held_in(waves(0.1, seconds=5.0), 0.0, 60.0)
    free = trend_free(few, regularization=500.0).windows
    assert free.beats.rr == pytest.approx(few.beats.rr)
