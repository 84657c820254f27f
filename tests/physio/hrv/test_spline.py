"""Splines of many stretches at once, each against SciPy's through its own usable beats."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.interpolate import CubicSpline

from physio.beats import NO_BEATS, Beats
from physio.hrv import spline as module
from physio.hrv.spline import FEWEST, resample, splines
from physio.stretches import segments
from physio.windows import whole, windows


def beats_of(rr, segment=None):
    rr = np.asarray(rr, float)
    segment = np.zeros(len(rr), int) if segment is None else np.asarray(segment)
    return Beats(np.cumsum(rr) / 1000 + 7.0 * segment, rr, segment)


def everything(rr):
    beats = beats_of(rr)
    return whole(beats, np.ones(len(beats), bool), start=0.0, end=1.0)


def recording(seed, n=200, m=40):
    """Return windows of many lengths over beats with gaps, flags and fast and slow hearts."""
    rng = np.random.default_rng(seed)
    rr = rng.choice([250.0, 500.0, 850.0, 1000.0, 1900.0]) * rng.uniform(0.6, 1.4, n)
    beats = beats_of(rr, np.cumsum(rng.random(n) < 0.01))
    start = rng.uniform(0, beats.time[-1], m)
    return windows(beats, rng.random(n) > 0.1, start, start + rng.uniform(5, 80, m))


def plain(held, found, k, rate):
    """Return SciPy's spline through one stretch, read at even steps from its first knot."""
    part = slice(found.first[k], found.last[k])
    usable = held.usable[part]
    time = (np.cumsum(held.beats.rr[part]) / 1000)[usable]
    count = int(np.floor((time[-1] - time[0]) * rate + 1e-9)) + 1
    return CubicSpline(time - time[0], held.beats.rr[part][usable])(np.arange(count) / rate)


@given(st.integers(0, 2**32 - 1), st.sampled_from([2.0, 4.0, 7.0]))
@settings(max_examples=25, deadline=None)
def test_every_spline_equals_that_of_scipy_through_its_own_usable_beats(seed, rate):
    held = recording(seed)
    found = segments(held)
    series = resample(held, found, rate=rate)
    knots = [held.usable[found.first[k] : found.last[k]].sum() for k in range(len(found))]
    assert sorted(series.stretch.tolist()) == np.flatnonzero(np.array(knots) >= FEWEST).tolist()
    for place, k in enumerate(series.stretch):
        expected = plain(held, found, k, rate)
        assert series.count[place] == len(expected)
        values = series.rows(np.array([place]), len(expected))[0]
        assert values == pytest.approx(expected, rel=1e-9, abs=1e-7 * np.ptp(expected))


@given(st.integers(0, 2**32 - 1), st.integers(1, 2000))
@settings(max_examples=15, deadline=None)
def test_rows_drawn_a_few_at_a_time_are_those_of_all_at_once(seed, at_once):
    held = recording(seed)
    series = resample(held, segments(held), rate=4.0)
    before, module.AT_ONCE = module.AT_ONCE, at_once
    try:
        drawn = [
            (which, rows.copy()) for which, rows in splines(held, segments(held), rate=4.0).rows()
        ]
    finally:
        module.AT_ONCE = before
    assert [k for which, _ in drawn for k in which] == series.stretch.tolist()
    assert np.array_equal(np.concatenate([rows.ravel() for _, rows in drawn]), series.values)
    assert all(rows.size <= max(at_once, rows.shape[1]) for _, rows in drawn)


@given(st.integers(0, 2**32 - 1))
@example(333404)
@settings(max_examples=15, deadline=None)
def test_a_window_alone_gives_the_same_values(seed):
    held = recording(seed)
    found = segments(held)
    series = resample(held, found, rate=4.0)
    for place, k in enumerate(series.stretch.tolist()):
        j, first, last = found.window[k], found.first[k], found.last[k]
        alone = windows(held.beats[first:last], held.usable[first:last], held.start[j], held.end[j])
        again = resample(alone, segments(alone), rate=4.0)
        expected = series.rows(np.array([place]), series.count[place])[0]
        # Between far knots a spline may pass through 0: its error is one of all its values.
        assert again.values == pytest.approx(expected, abs=1e-12 * np.abs(expected).max())


@pytest.mark.parametrize("absurd", [3000.0, 1e6])
@pytest.mark.parametrize("n", [FEWEST, 12, 30, 71, 300])
def test_an_absurd_interval_just_outside_changes_nothing(n, absurd):
    rng = np.random.default_rng(n)
    inside = 850 + rng.normal(0, 40, n)
    alone = everything(inside)
    rr = np.concatenate((rng.normal(800, 30, 20), [absurd], inside, [absurd], [900.0] * 20))
    beats = beats_of(rr)
    edges = beats.time[20] + 1e-9, beats.time[20 + n] + 1e-9
    for usable in (np.ones(len(rr), bool), (np.arange(len(rr)) % (n + 1)) != 20):
        held = windows(beats, usable, *edges)
        assert held.last[0] - held.first[0] == n
        found, expected = (
            resample(each, segments(each), rate=4.0).values for each in (held, alone)
        )
        assert np.abs(found - expected).max() < 1e-11 * np.ptp(expected)


@pytest.mark.parametrize("absurd", [np.nan, np.inf, -np.inf, 0.0, -800.0, 1e-300, 1e-9, 1e300])
@pytest.mark.parametrize("flagged", [True, False])
def test_what_is_no_interval_takes_the_spline_of_its_own_window_alone(absurd, flagged):
    rr = np.random.default_rng(5).normal(850, 40, 300)
    sound = beats_of(rr)
    usable = np.ones(300, bool)
    usable[150] = not flagged
    start, end = sound.time[[10, 120, 200]], sound.time[[90, 180, 290]]
    held = windows(sound, usable, start, end)
    expected = resample(held, segments(held), rate=4.0)
    rr[150] = absurd
    spoilt = windows(Beats(sound.time, rr, sound.segment), usable, start, end)
    found = resample(spoilt, segments(spoilt), rate=4.0)
    left_out = flagged and 0.0 <= absurd <= 1.0
    assert sorted(found.stretch.tolist()) == ([0, 1, 2] if left_out else [0, 2])
    assert np.isfinite(found.values).all()
    for k, stretch in enumerate(found.stretch.tolist()):
        if stretch == 1:
            continue
        j = expected.stretch.tolist().index(stretch)
        theirs = expected.rows(np.array([j]), expected.count[j])
        ours = found.rows(np.array([k]), found.count[k])
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)


@given(st.integers(0, 2**32 - 1), st.integers(FEWEST, 20))
@settings(max_examples=40, deadline=None)
def test_few_knots_of_very_unequal_widths_end_as_those_of_scipy_do(seed, n):
    rng = np.random.default_rng(seed)
    rr = np.exp(rng.uniform(np.log(200.0), np.log(rng.choice([1500.0, 3000.0, 60_000.0])), n))
    held = everything(rr)
    series = resample(held, segments(held), rate=4.0)
    expected = plain(held, segments(held), 0, 4.0)
    assert series.values == pytest.approx(expected, abs=1e-10 * np.abs(expected).max())


def test_intervals_that_hold_many_values_lie_beside_those_that_hold_none():
    # Minutes left out, hearts so fast that a step of the grid passes over a knot, and both in one.
    rr = np.tile([200.0, 210.0, 230.0, 2900.0, 190.0, 40_000.0, 220.0, 700.0], 40)
    held = everything(rr)
    series = resample(held, segments(held), rate=4.0)
    expected = plain(held, segments(held), 0, 4.0)
    assert series.values == pytest.approx(expected, abs=1e-9 * np.abs(expected).max())


def test_time_within_a_stretch_does_not_wear_off_after_days():
    day = np.tile(850 + 40 * np.sin(np.arange(5000.0)), 150)
    beats = beats_of(day)
    last = slice(len(day) - 5000, len(day))
    late = whole(beats[last], np.ones(5000, bool), start=0.0, end=1.0)
    held = windows(beats, np.ones(len(day), bool), beats.time[-5001] + 1e-6, beats.time[-1])
    early = windows(beats, np.ones(len(day), bool), 0.0, 60.0)
    both = windows(beats, np.ones(len(day), bool), [0.0, held.start[0]], [60.0, held.end[0]])
    series = resample(both, segments(both), rate=4.0)
    for k, alone in enumerate((early, late)):
        expected = resample(alone, segments(alone), rate=4.0).values
        row = series.rows(np.array([k]), len(expected))[0]
        assert row == pytest.approx(expected, rel=1e-12)


@given(st.floats(-3, 3), st.floats(-30, 30), st.integers(8, 60))
@settings(max_examples=20, deadline=None)
def test_a_cubic_is_its_own_spline(bend, slope, n):
    # Intervals whose values are a cubic of the time at which they end.
    def at(t):
        return 800 + slope * t / 10 + bend * (t / 10) ** 3 / 10

    rr, time = [800.0], 0.0
    while len(rr) < n:
        step = 0.8
        for _ in range(60):
            step = at(time + step) / 1000
        time += step
        rr.append(1000 * step)
    series = resample(everything(rr), segments(everything(rr)), rate=4.0)
    expected = at(np.arange(series.count[0]) / 4)
    assert series.values[1:] == pytest.approx(expected[1:], rel=1e-7)


def test_a_grid_that_ends_on_the_last_beat_holds_it():
    held = everything(np.full(21, 500.0) + np.arange(21) % 2 * 500)
    series = resample(held, segments(held), rate=4.0)
    assert series.values[0] == pytest.approx(500.0)
    assert series.values[-1] == pytest.approx(500.0)
    assert series.count[0] == 61


def test_no_beats_and_too_few_have_no_spline():
    nothing = windows(NO_BEATS, np.empty(0, bool), [0.0], [60.0])
    few = everything(np.full(FEWEST - 1, 900.0))
    for held in (nothing, few):
        series = resample(held, segments(held), rate=4.0)
        assert len(series.stretch) == len(series.values) == 0
        assert list(splines(held, segments(held), rate=4.0).rows()) == []
    enough = everything(np.full(FEWEST, 900.0))
    assert len(resample(enough, segments(enough), rate=4.0).stretch) == 1
