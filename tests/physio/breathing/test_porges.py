"""Porges-Bohrer: the closed form for pure tones, its range of breathing, and what it leaves out."""

import numpy as np
import pytest
from scipy.signal import savgol_coeffs

from physio.beats import Beats
from physio.breathing.porges import (
    polynomial_weights,
    rsa_porges_bohrer,
    rsa_porges_bohrer_blocks,
    spline_response,
)
from physio.hrv.spline import resample
from physio.stretches import segments
from physio.windows import whole, windows


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


@pytest.mark.parametrize("level", [500.0, 800.0, 1250.0])
@pytest.mark.parametrize("frequency", [0.15, 0.17, 0.2, 0.25, 0.3, 0.35])
def test_pure_tones_have_their_closed_form_at_any_heart_rate(frequency, level):
    size = 30.0
    beats = tone(size, frequency, level=level)
    found = rsa_porges_bohrer(everything(beats), np.array([60 * frequency]))[0]
    expected = np.log(size**2 / 2 * passed(frequency) ** 2)
    assert found == pytest.approx(expected, abs=0.05)


def plain(values):
    """Return the logarithm of the variance in the band of each epoch, step by step."""
    rest = values[10:-10] - np.convolve(values, savgol_coeffs(21, 3), mode="valid")
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(60) / 60)
    frequency = np.arange(31) / 30
    inside = (frequency > 0.1199) & (frequency < 0.4001)
    logs = []
    for first in range(0, len(rest) - 59, 60):
        wave = np.fft.rfft(rest[first : first + 60] * hann)[inside]
        spacing = values[10 + first : 70 + first].mean() / 1000
        wave /= spline_response(frequency[inside] * spacing)
        logs.append(np.log(2 * np.sum(np.abs(wave) ** 2) / (60 * np.sum(hann**2))))
    return np.array(logs)


def test_epochs_are_those_found_step_by_step():
    rng = np.random.default_rng(5)
    rr = tone(30.0, 0.2, 200.0)
    rr = rr + rng.normal(0, 12, len(rr))
    held = everything(rr)
    expected = plain(resample(held, segments(held), rate=2.0).values)
    assert len(expected) == 6
    found = rsa_porges_bohrer_blocks(held, np.array([12.0]), 6)[0]
    np.testing.assert_allclose(found, expected, rtol=1e-10)


@pytest.mark.parametrize("cycles", [0.05, 0.15, 0.25, 0.35, 0.45])
def test_the_spline_passes_what_its_closed_form_says(cycles):
    # Knots lie evenly here, 0.8 s apart, as no heart's do.
    place = np.arange(400)
    rr = 800.0 + 1e-3 * np.sin(2 * np.pi * cycles * (place + 0.3))
    held = everything(rr)
    series = resample(held, segments(held), rate=5.0).values[100:-100]
    at = np.arange(len(series)) / 4.0
    wave = np.column_stack((np.cos(2 * np.pi * cycles * at), np.sin(2 * np.pi * cycles * at)))
    image = 2 * np.pi * (1 - cycles) * at
    design = np.column_stack((wave, np.cos(image), np.sin(image), np.ones(len(at))))
    fit = np.linalg.lstsq(design, series, rcond=None)[0]
    assert np.hypot(*fit[:2]) / 1e-3 == pytest.approx(spline_response(cycles), rel=2e-3)


def test_the_spline_response_stays_where_knots_carry_no_more():
    assert spline_response(np.array([0.0])) == pytest.approx(1.0)
    found = spline_response(np.array([0.5, 0.7, 2.0]))
    assert found == pytest.approx(np.full(3, 0.4928), abs=1e-4)


def test_blocks_are_means_over_runs_of_epochs():
    rng = np.random.default_rng(2)
    rr = tone(30.0, 0.2, 345.0) + rng.normal(0, 12, len(tone(30.0, 0.2, 345.0)))
    held, rate = everything(rr), np.array([12.0])
    whole_value = rsa_porges_bohrer(held, rate)[0]
    epochs = rsa_porges_bohrer_blocks(held, rate, 11)[0]
    assert np.isfinite(epochs).all()
    assert np.isnan(rsa_porges_bohrer_blocks(held, rate, 14)[0]).sum() == 3
    assert epochs.mean() == pytest.approx(whole_value, rel=1e-12)
    four = rsa_porges_bohrer_blocks(held, rate, 4)[0]
    expected = [epochs[:3].mean(), epochs[3:6].mean(), epochs[6:9].mean(), epochs[9:].mean()]
    np.testing.assert_allclose(four, expected, rtol=1e-12)
    assert np.isnan(rsa_porges_bohrer_blocks(held, np.array([7.0]), 4)).all()


def test_epochs_stay_in_order_over_stretches_of_other_lengths():
    rr = tone(30.0, 0.2, 330.0) + np.linspace(0, 60, len(tone(30.0, 0.2, 330.0)))
    segment = np.searchsorted([90, 140, 330], np.arange(len(rr)), side="right")
    rr = 700.0 + (rr - 700.0) * (1.0 + segment)
    held = everything(rr, segment)
    epochs = rsa_porges_bohrer_blocks(held, np.array([12.0]), 40)[0]
    known = epochs[np.isfinite(epochs)]
    assert len(known) >= 5
    assert (np.diff(known) > -0.2).all()
    assert known[-1] - known[0] > 2.0


def test_sliding_blocks_equal_window_by_window():
    rng = np.random.default_rng(4)
    rr = np.round(tone(30.0, 0.22, 500.0) + rng.normal(0, 15, len(tone(30.0, 0.22, 500.0))))
    beats = everything(rr).beats
    usable = rng.random(len(rr)) > 0.03
    end = np.arange(150.0, 480.0, 33.0)
    held = windows(beats, usable, end - 140.0, end)
    rate = np.full(len(end), 13.0)
    together = rsa_porges_bohrer_blocks(held, rate, 4)
    for j in range(len(end)):
        part = slice(int(held.first[j]), int(held.last[j]))
        alone = windows(beats[part], usable[part], end[j] - 140.0, end[j])
        found = rsa_porges_bohrer_blocks(alone, rate[:1], 4)[0]
        np.testing.assert_allclose(found, together[j], rtol=1e-9)


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
