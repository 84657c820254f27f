"""The spectrum of the beats where they lie: against plain least squares and closed forms."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physio.beats import Beats
from physio.hrv.lomb import FINENESS, densities
from physio.windows import whole, windows


def everything(rr, usable=None, segment=None):
    rr = np.asarray(rr, float)
    usable = np.ones(len(rr), bool) if usable is None else usable
    segment = np.zeros(len(rr), int) if segment is None else segment
    return whole(Beats(np.cumsum(rr) / 1000, rr, segment), usable, start=0.0, end=1.0)


def squares(design, values):
    rest = values - design @ np.linalg.lstsq(design, values, rcond=None)[0]
    return rest @ rest


def plain(rr, usable, frequency):
    """Return what a sinusoid explains beyond mean and trend, on the scale of a density."""
    time = np.cumsum(rr) / 1000
    span, t, y = time[-1], time[usable], rr[usable]
    t = t - span / 2
    line = np.stack((np.ones_like(t), t), axis=1)
    found = []
    for f in frequency:
        wave = np.stack((np.cos(2 * np.pi * f * t), np.sin(2 * np.pi * f * t)), axis=1)
        explained = squares(line, y) - squares(np.concatenate((line, wave), axis=1), y)
        found.append(explained * span / usable.sum())
    return np.array(found)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=15, deadline=None)
def test_each_density_is_what_a_sinusoid_explains_beyond_mean_and_trend(seed):
    rng = np.random.default_rng(seed)
    rr, usable = rng.normal(850, 50, 90), rng.random(90) > 0.08
    found = next(densities(everything(rr, usable), highest=0.4))
    place = rng.integers(2, found.values.shape[1], 8)
    frequency = found.step[0] * (place + 1)
    expected = plain(rr, usable, frequency)
    assert found.values[0, place] == pytest.approx(expected, rel=1e-6, abs=1e-6)


def test_the_frequencies_reach_the_highest_asked_for_at_a_quarter_of_the_resolution():
    held = everything(np.full(80, 900.0) + np.arange(80) % 3)
    found = next(densities(held, highest=0.4))
    assert found.step[0] == pytest.approx(1 / (FINENESS * 72.079), rel=1e-3)
    assert found.step[0] * found.values.shape[1] >= 0.4


@pytest.mark.parametrize("frequency", [0.07, 0.1, 0.2, 0.3])
@pytest.mark.parametrize("missing", [0.0, 0.1])
def test_a_tone_keeps_half_its_squared_amplitude(frequency, missing):
    time, rr = 0.0, []
    while time < 300:
        rr.append(900 + 40 * np.sin(2 * np.pi * frequency * time))
        time += rr[-1] / 1000
    usable = np.random.default_rng(5).random(len(rr)) >= missing
    found = next(densities(everything(rr, usable), highest=0.45))
    axis = found.step[0] * np.arange(1, found.values.shape[1] + 1)
    near = np.abs(axis - frequency) < 0.03
    assert found.values[0, near].sum() * found.step[0] == pytest.approx(800, rel=0.04)


def test_windows_with_a_gap_or_too_few_usable_beats_are_left_out():
    rr = np.random.default_rng(6).normal(900, 40, 120)
    segment = (np.arange(120) > 70).astype(int)
    beats = Beats(np.cumsum(rr) / 1000 + 9.0 * segment, rr, segment)
    usable = np.arange(120) < 90
    held = windows(beats, usable, [0.0, 30.0, 80.0, 100.0], [50.0, 90.0, 110.0, 130.0])
    index = [one for found in densities(held, highest=0.4) for one in found.index.tolist()]
    assert sorted(index) == [0, 2]
