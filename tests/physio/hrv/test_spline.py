"""Splines of many stretches at once, each against SciPy's through its own usable beats."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.interpolate import CubicSpline

from physio.beats import NO_BEATS, Beats
from physio.hrv import spline as module
from physio.hrv.spectrum import band_powers
from physio.hrv.spline import FEWEST, FEWEST_VALUES, SHORTEST, resample, splines
from physio.hrv.trend import trend_free
from physio.stretches import segments
from physio.windows import whole, windows


def beats_of(rr, segment=None, passed=None):
    rr = np.asarray(rr, float)
    segment = np.zeros(len(rr), int) if segment is None else np.asarray(segment)
    return Beats.of_any_length(np.cumsum(rr) / 1000 + 7.0 * segment, rr, segment, passed)


def everything(rr, passed=None):
    beats = beats_of(rr, passed=passed)
    return whole(beats, np.ones(len(beats), bool), start=0.0, end=1.0)


def recording(seed, n=200, m=40):
    """Return windows of many lengths over beats with gaps, flags and fast and slow hearts."""
    rng = np.random.default_rng(seed)
    rr = rng.choice([250.0, 500.0, 850.0, 1000.0, 1900.0]) * rng.uniform(0.6, 1.4, n)
    beats = beats_of(rr, np.cumsum(rng.random(n) < 0.01))
    start = rng.uniform(0, beats.time[-1], m)
    return windows(beats, rng.random(n) > 0.1, start, start + rng.uniform(5, 80, m))


def plain(held, found, k, rate):
    """Return SciPy's spline through one stretch, read at multiples of the step of elapsed time."""
    part = slice(found.first[k], found.last[k])
    usable = held.usable[part]
    time = (np.cumsum(held.beats.rr[part]) / 1000)[usable]
    begin, end = held.beats.elapsed[part][usable][[0, -1]] / 1000
    steps = np.arange(np.ceil(begin * rate - 1e-6), np.ceil(end * rate - 1e-6))
    return CubicSpline(time - time[0], held.beats.rr[part][usable])(steps / rate - begin)


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
            (part, rows.copy()) for part, rows in splines(held, segments(held), rate=4.0).rows()
        ]
    finally:
        module.AT_ONCE = before
    assert [k for part, _ in drawn for k in series.stretch[part]] == series.stretch.tolist()
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
    rr = np.concatenate((rng.normal(800, 30, 20), [absurd], inside, [absurd], [900.0] * 20))
    beats = beats_of(rr)
    alone = everything(inside, passed=beats.elapsed[20])
    edges = beats.time[20] + 1e-9, beats.time[20 + n] + 1e-9
    for usable in (np.ones(len(rr), bool), (np.arange(len(rr)) % (n + 1)) != 20):
        held = windows(beats, usable, *edges)
        assert held.last[0] - held.first[0] == n
        found, expected = (
            resample(each, segments(each), rate=4.0).values for each in (held, alone)
        )
        assert np.abs(found - expected).max() < 1e-11 * np.ptp(expected)


@given(st.integers(0, 2**32 - 1), st.integers(FEWEST, 20))
@settings(max_examples=40, deadline=None)
def test_the_shortest_and_the_longest_intervals_outside_change_nothing(seed, n):
    rng = np.random.default_rng(seed)
    before, after = rng.choice([SHORTEST, 850.0, 3000.0], (2, 14))
    inside = rng.normal(850.0, 40.0, n)
    beats = beats_of(np.concatenate((before, inside, after)))
    part = whole(beats[14 : 14 + n], np.ones(n, bool), start=0.0, end=1.0)
    alone = resample(part, segments(part), rate=4.0).values
    both = whole(beats, np.ones(len(beats), bool), start=0.0, end=1.0).take(np.array([0, 0]))
    both.first[1], both.last[1] = 14, 14 + n
    series = resample(both, segments(both), rate=4.0)
    place = series.stretch.tolist().index(1)
    found = series.rows(np.array([place]), series.count[place])[0]
    assert found == pytest.approx(alone, abs=1e-11 * np.abs(alone).max())


@pytest.mark.parametrize("absurd", [np.nan, np.inf, -np.inf, 0.0, -800.0, 1e-300, 1e-9, 1e300])
@pytest.mark.parametrize("flagged", [True, False])
def test_what_is_no_interval_takes_the_spline_of_its_own_window_alone(absurd, flagged):
    rr = np.random.default_rng(5).normal(850, 40, 300)
    sound = beats_of(rr)
    usable = np.ones(300, bool)
    usable[150] = not flagged
    start, end = sound.time[[10, 120, 200]], sound.time[[90, 180, 290]]
    rr[150] = absurd
    spoilt = windows(Beats.of_any_length(sound.time, rr, sound.segment), usable, start, end)
    found = resample(spoilt, segments(spoilt), rate=4.0)
    left_out = flagged and 0.0 <= absurd <= 1.0
    assert sorted(found.stretch.tolist()) == ([0, 1, 2] if left_out else [0, 2])
    assert np.isfinite(found.values).all()
    for k, stretch in enumerate(found.stretch.tolist()):
        if stretch != 1:
            expected = plain(spoilt, segments(spoilt), stretch, 4.0)
            ours = found.rows(np.array([k]), found.count[k])[0]
            np.testing.assert_allclose(ours, expected, rtol=1e-12)


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


def test_a_spline_does_not_wear_off_after_days():
    days = np.tile(850 + 40 * np.sin(np.arange(5000.0)), 150)
    beats = beats_of(days)
    end = beats.time[[5000, -1]]
    held = windows(beats, np.ones(len(days), bool), end - 300.0, end)
    series = resample(held, segments(held), rate=4.0)
    for place, k in enumerate(series.stretch.tolist()):
        expected = plain(held, segments(held), k, 4.0)
        row = series.rows(np.array([place]), len(expected))[0]
        # A digit of the time is lost in a week: 1e-10 s.
        assert row == pytest.approx(expected, rel=1e-10)


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


def test_a_step_on_a_knot_belongs_to_what_follows():
    held = everything(np.full(21, 500.0) + np.arange(21) % 2 * 500)
    series = resample(held, segments(held), rate=4.0)
    assert series.start[0] == 0.0
    assert series.values[0] == pytest.approx(500.0)
    assert series.count[0] == 60


@pytest.mark.parametrize("three", [(302.4, 727.8, 1219.8), (897.4, 781.9, 570.7)])
def test_a_knot_on_a_step_lies_on_it_although_sums_are_rounded(three):
    beats = beats_of(np.tile(three, 60))
    steps = np.round(beats.elapsed[::3] / 250.0)
    assert (beats.elapsed[::3] > 250.0 * steps).any()
    held = windows(beats, np.ones(180, bool), beats.time[:-20:3] - 1e-4, beats.time[-1])
    series = resample(held, segments(held), rate=4.0)
    found = dict(zip(series.stretch.tolist(), (4.0 * series.start).tolist(), strict=True))
    assert [found[j] for j in range(len(held))] == steps[: len(held)].tolist()


@given(st.integers(0, 2**32 - 1), st.integers(1, 150))
@settings(max_examples=25, deadline=None)
def test_the_steps_are_those_of_the_recording_wherever_its_beats_are_cut(seed, cut):
    rr = np.random.default_rng(seed).uniform(400.0, 1300.0, 220)
    beats = beats_of(rr)
    for part in (beats[cut:], beats[cut:][:60], beats[: cut + 60][cut:], beats[1:][cut - 1 :]):
        held = whole(part, np.ones(len(part), bool), start=0.0, end=1.0)
        series = resample(held, segments(held), rate=4.0)
        assert series.start[0] * 4 == round(series.start[0] * 4)
        assert 0 <= series.start[0] - rr[1 : cut + 1].sum() / 1000 < 0.25 + 1e-9


def test_no_beats_and_too_few_have_no_spline():
    nothing = windows(NO_BEATS, np.empty(0, bool), [0.0], [60.0])
    few = everything(np.full(FEWEST - 1, 900.0))
    for held in (nothing, few):
        series = resample(held, segments(held), rate=4.0)
        assert len(series.stretch) == len(series.values) == 0
        assert list(splines(held, segments(held), rate=4.0).rows()) == []
    enough = everything(np.full(FEWEST, 900.0))
    assert len(resample(enough, segments(enough), rate=4.0).stretch) == 1


@pytest.mark.parametrize("length", [1.0, 10.0, 25.0, 36.0, 60.0])
def test_knots_between_which_no_two_steps_lie_have_no_spline(length):
    # Half a minute of flagged beats, so that the spectra take the stretch for a long one.
    rr = np.concatenate((np.full(30, 900.0), np.full(FEWEST, length), np.full(40, 800.0)))
    usable = np.arange(len(rr)) >= 30
    beats = beats_of(rr)
    edges = np.array([0.0, beats.time[40]]), beats.time[[30 + FEWEST - 1, -1]]
    held = windows(beats, usable, *edges)
    series = resample(held, segments(held), rate=4.0)
    drawn = 1 if length < 60.0 else 2
    assert len(series.stretch) == drawn
    assert (series.count >= FEWEST_VALUES).all()
    powers, freed = band_powers(held), trend_free(held, regularization=500.0).windows
    assert np.isnan(powers.lf[0]) == (drawn == 1)
    assert powers.lf[1] == powers.hf[1] == 0.0
    usable_now = freed.beats.rr[freed.usable]
    assert usable_now[:FEWEST] == pytest.approx(length)
    assert usable_now[FEWEST:] == pytest.approx(800.0)
