"""Porges-Bohrer: the closed form for pure tones, its range of breathing, and what it leaves out."""

import numpy as np
import pytest
from scipy.signal import savgol_coeffs

from physio.beats import Beats
from physio.breathing.porges import polynomial_weights, rsa_porges_bohrer
from physio.windows import whole


def everything(rr, segment=None):
    rr = np.asarray(rr, float)
    segment = np.zeros(len(rr), int) if segment is None else segment
    beats = Beats(np.cumsum(rr) / 1000 + segment, rr, segment)
    return whole(beats, np.ones(len(rr), bool), start=0.0, end=1.0)


def tone(size, frequency, seconds=330.0, level=700.0):
    time, rr = 0.0, []
    while time < seconds:
        rr.append(level + size * np.sin(2 * np.pi * frequency * time))
        time += rr[-1] / 1000
    return np.array(rr)


def test_the_moving_polynomial_is_the_cubic_one_of_21_points():
    assert polynomial_weights() == pytest.approx(savgol_coeffs(21, 3), abs=1e-12)


def passed(frequency):
    """Return the closed-form gain of taking the moving polynomial off, at 2 Hz."""
    place = np.arange(-10, 11)
    return abs(1 - np.sum(savgol_coeffs(21, 3) * np.cos(2 * np.pi * frequency * place / 2)))


@pytest.mark.parametrize("frequency", [0.15, 0.17, 0.2, 0.25, 0.3, 0.35])
def test_pure_tones_have_their_closed_form(frequency):
    size = 30.0
    found = rsa_porges_bohrer(everything(tone(size, frequency)), np.array([60 * frequency]))[0]
    expected = np.log(size**2 / 2 * passed(frequency) ** 2)
    # At 700 ms; of slower hearts the beats themselves keep less of fast tones (.09 at 900 ms, .35).
    assert found == pytest.approx(expected, abs=0.05)


def test_the_shifts_of_the_polynomial_are_those_published():
    assert 2 * np.log(passed(0.25)) == pytest.approx(0.229, abs=0.01)
    assert 2 * np.log(passed(0.15)) == pytest.approx(-0.374, abs=0.01)
    assert 2 * np.log(passed(0.12)) == pytest.approx(-1.48, abs=0.02)


def test_slow_or_unknown_breathing_and_short_windows_have_no_value():
    held = everything(tone(30.0, 0.2))
    assert np.isnan(rsa_porges_bohrer(held, np.array([7.1]))[0])
    assert np.isnan(rsa_porges_bohrer(held, np.array([np.nan]))[0])
    assert np.isfinite(rsa_porges_bohrer(held, np.array([7.2]))[0])
    assert np.isnan(rsa_porges_bohrer(everything(tone(30.0, 0.2, 35.0)), np.array([12.0]))[0])
    assert np.isnan(rsa_porges_bohrer(everything(np.full(100, 700.1)), np.array([12.0]))[0])


def test_no_epoch_reaches_across_a_gap():
    rr = tone(30.0, 0.2, 200.0)
    segment = (np.arange(len(rr)) >= 140).astype(int)
    rate = np.array([12.0])
    apart = rsa_porges_bohrer(everything(rr + 200 * segment, segment), rate)[0]
    parts = [everything(rr[segment == k] + 200 * k) for k in (0, 1)]
    epochs = [int((np.sum(part.beats.rr[1:]) / 1000 - 10) // 30) for part in parts]
    values = [rsa_porges_bohrer(part, rate)[0] for part in parts]
    assert apart == pytest.approx(np.average(values, weights=epochs), rel=1e-9)


def test_twice_the_swing_adds_the_logarithm_of_four():
    rate = np.array([15.0])
    one, two = (rsa_porges_bohrer(everything(tone(s, 0.25)), rate)[0] for s in (10.0, 20.0))
    assert two - one == pytest.approx(np.log(4), abs=0.03)
