"""The series with a known truth hold what they say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proof.validation.made import beats as synthetic

frequencies = st.floats(0.02, 0.45)
amplitudes = st.floats(0.0, 150.0)


@settings(deadline=None, max_examples=30)
@given(frequencies, amplitudes, st.floats(600, 1300), st.floats(0, 7))
def test_an_interval_holds_the_tone_at_its_end(frequency, amplitude, mean_rr, phase):
    beats = synthetic.tone(frequency, amplitude, mean_rr=mean_rr, duration=60.0, phase=phase)
    wave = amplitude * np.sin(2 * np.pi * frequency * beats.time + phase)
    assert np.allclose(beats.rr, mean_rr + wave, atol=1e-6)
    assert beats.time[-2] < 60.0 + 1e-9
    assert beats.time[-1] > 60.0 - 1e-9
    assert np.allclose(np.cumsum(beats.rr) / 1000.0, beats.time)


def test_rest_has_the_spread_that_its_parts_add_up_to():
    spreads = [synthetic.rest(seed, duration=600.0).rr.var() for seed in range(40)]
    assert np.mean(spreads) == pytest.approx(25.0**2 + 20.0**2 + 10.0**2, rel=0.06)


def test_rest_does_not_drift():
    halves = [np.array_split(synthetic.rest(seed).rr, 2) for seed in range(40)]
    steps = [second.mean() - first.mean() for first, second in halves]
    assert abs(np.mean(steps)) < 1.0


def test_the_same_seed_gives_the_same_beats_and_another_does_not():
    one, same, other = (synthetic.rest(seed).rr for seed in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one[:300], other[:300])


def test_paced_breathing_swings_as_told():
    quiet = synthetic.paced(6.0, 200.0, seed=3, noise=0.0)
    assert np.ptp(quiet.rr) == pytest.approx(200.0, rel=0.01)
    noisy = synthetic.paced(6.0, 200.0, seed=3, noise=8.0)
    assert np.std(noisy.rr - quiet.rr[: len(noisy)]) == pytest.approx(8.0, rel=0.1)


def test_the_logistic_map_follows_its_own_rule():
    rr = synthetic.logistic(200).rr
    x = (rr - 900.0) / 200.0 + 0.5
    assert np.allclose(x[1:], 3.9 * x[:-1] * (1 - x[:-1]))
