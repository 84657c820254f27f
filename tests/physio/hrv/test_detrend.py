"""Smoothness priors against the dense formula, its closed-form response and NeuroKit2."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import solveh_banded

from physio.hrv.detrend import ROOM, cutoff, detrend, response


def dense(values, regularization):
    second = np.diff(np.eye(len(values)), 2, axis=0)
    matrix = np.eye(len(values)) + regularization**2 * second.T @ second
    return values - np.linalg.solve(matrix, values)


@pytest.mark.sampled
@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 50, 300])
@pytest.mark.parametrize("regularization", [0.0, 1.0, 500.0])
def test_the_banded_solution_equals_the_dense_one(n, regularization):
    values = np.random.default_rng(n).normal(0, 50, (3, n))
    expected = [dense(row, regularization) for row in values]
    assert detrend(values, regularization=regularization) == pytest.approx(
        np.array(expected), abs=1e-8
    )


@given(st.floats(-1e4, 1e4), st.floats(-50, 50), st.floats(0.1, 100))
@settings(max_examples=30, deadline=None)
def test_a_line_vanishes_and_the_rest_scales(level, slope, factor):
    place = np.arange(400.0)
    wave = 30 * np.sin(place)
    line = level + slope * place
    assert detrend(line) == pytest.approx(np.zeros(400), abs=1e-4)
    assert detrend(factor * wave + line) == pytest.approx(factor * detrend(wave), abs=1e-4)


def test_half_the_power_is_left_at_the_published_frequencies():
    assert cutoff() == pytest.approx(0.0355, abs=0.0005)
    assert cutoff(regularization=1000.0) == pytest.approx(0.0251, abs=0.0005)
    assert cutoff(rate=1 / 0.9) == pytest.approx(0.0099, abs=0.0005)
    for regularization in (1.0, 500.0, 1000.0):
        edge = cutoff(regularization=regularization)
        assert response(edge, regularization=regularization) ** 2 == pytest.approx(0.5)
    assert cutoff(regularization=0.0) == 2.0


@pytest.mark.parametrize("frequency", [0.01, 0.0355, 0.1, 0.3])
def test_a_sinusoid_keeps_its_closed_form_share(frequency):
    time = np.arange(8000) / 4
    wave = np.sin(2 * np.pi * frequency * time)
    middle = slice(2000, 6000)
    left = detrend(wave)[middle] @ wave[middle] / (wave[middle] @ wave[middle])
    assert left == pytest.approx(float(response(frequency)), abs=2e-4)


def test_neurokit_agrees_away_from_the_end_that_it_gets_wrong():
    import neurokit2

    values = np.cumsum(np.random.default_rng(0).normal(0, 5, 400))
    theirs = neurokit2.signal_detrend(values, method="tarvainen2002", regularization=10)
    # Its matrix lacks entries in the last two columns; at lambda 10 that fades within 60 values.
    assert detrend(values, regularization=10.0)[:300] == pytest.approx(theirs[:300], abs=1e-3)


def banded(values, regularization):
    n, bend = len(values), np.zeros(len(values) + 2)
    bend[: n - 2] = regularization**2
    upper = np.zeros((3, n))
    upper[2] = 1 + bend[:n] + 4 * np.roll(bend, 1)[:n] + np.roll(bend, 2)[:n]
    upper[1, 1:] = -2 * (bend[: n - 1] + np.roll(bend, 1)[: n - 1])
    upper[0, 2:] = bend[: n - 2]
    return values - solveh_banded(upper, values)


@pytest.mark.parametrize("n", [ROOM - 1, ROOM, ROOM + 1, 3 * ROOM + 5])
@pytest.mark.parametrize("regularization", [0.0, 10.0, 500.0, 1000.0])
def test_long_rows_equal_those_of_a_banded_library_where_the_factor_repeats_or_not(
    n, regularization
):
    values = 900 + np.cumsum(np.random.default_rng(n).normal(0, 3, n))
    expected = banded(values, regularization)
    assert detrend(values, regularization=regularization) == pytest.approx(expected, abs=1e-7)


def test_rows_do_not_know_of_each_other_and_the_values_stay_as_they_were():
    values = np.random.default_rng(8).normal(900, 40, (2, 11, 333))
    kept = values.copy()
    together = detrend(values)
    assert np.array_equal(values, kept)
    for place in np.ndindex(2, 11):
        assert np.array_equal(together[place], detrend(values[place]))


def test_a_level_and_a_slope_leave_nothing_behind():
    line = 900.0 + 0.5 * np.arange(5000)
    assert np.array_equal(detrend(line), np.zeros(5000))
