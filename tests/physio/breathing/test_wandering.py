"""Low and high of the breathing rate where the pace wanders, against the breaths counted."""

import numpy as np
import pytest

from physio import panel
from physio.breathing.clear import broadness
from physio.ragged import ragged
from proof.validation.made.beats import every_beat
from proof.validation.made.paces import breath_by_breath, breathed, even, slowly

WIDEST = {60.0: 0.12, 120.0: 0.10}
"""Median half-width of low and high over the rate."""


def told(pace_of, deviation, length, *, many=8, duration=610.0):
    """Return (m, 4) counted rate, rate, low and high of windows laid end to end."""
    rng, found = np.random.default_rng(31), []
    for rate in rng.uniform(8.0, 20.0, many):
        pace = pace_of(rng, rate, deviation, duration=duration)
        beats = breathed(rng, pace, heart_rate=rng.uniform(55.0, 80.0), duration=duration)
        start = np.arange(0.0, duration - length, length)
        end = start + length
        one = panel.over(beats, None, start=start, end=end, names=["breathing_rate"])
        known = one["breathing_rate"]
        found.append((pace.rate(start, end), known.value, known.low, known.high))
    return np.concatenate(found, axis=1).T


@pytest.mark.sampled
@pytest.mark.parametrize("pace_of", [slowly, breath_by_breath])
@pytest.mark.parametrize("length", [60.0, 120.0])
def test_low_and_high_hold_the_mean_rate_of_their_window(pace_of, length):
    held, width = [], []
    for deviation in (0.05, 0.08, 0.12):
        counted, rate, low, high = told(pace_of, deviation, length).T
        given = np.isfinite(low)
        assert given.mean() >= 0.7
        held.append(((low <= counted) & (counted <= high))[given])
        width.append(np.median(((high - low) / (2.0 * rate))[given]))
    assert np.concatenate(held).mean() >= 0.9
    assert max(width) <= WIDEST[length]


def test_the_peak_of_an_even_pace_is_as_broad_as_that_of_a_sinusoid_and_of_others_broader():
    rng = np.random.default_rng(32)
    broad = []
    for pace in (even(14.0), slowly(rng, 14.0, 0.15), breath_by_breath(rng, 14.0, 0.15)):
        batch = next(ragged(every_beat(breathed(rng, pace, noise=1.0), 0.0, 60.0)))
        broad.append(broadness(batch, np.array([pace.rate(0.0, 60.0)]))[0])
    assert broad[0] == pytest.approx(1.0, abs=0.05)
    assert min(broad[1:]) > 1.1
    assert np.isnan(broadness(batch, np.array([np.nan]))[0])
