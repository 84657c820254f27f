"""Recovery: the three-parameter logistic, its residual, and the plain half-time beside it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physio.arousal.recovery import recovery

TIME = np.arange(180.0)


def curve(height, half, settling, base=70.0):
    return base + height / (1.0 + np.exp((TIME - half) / settling))


@settings(deadline=None)
@given(st.floats(4, 40), st.floats(25, 100), st.floats(3, 15), st.floats(40, 120))
def test_a_curve_without_noise_is_found_again(height, half, settling, base):
    found = recovery(TIME, curve(height, half, settling, base), base=base)
    assert found.half_time.value == pytest.approx(half, rel=1e-3)
    assert found.height == pytest.approx(height, rel=1e-3)
    assert found.settling == pytest.approx(settling, rel=1e-3)
    assert found.residual < 1e-3
    assert found.half_time.low <= found.half_time.value <= found.half_time.high


def test_with_noise_of_2_bpm_the_half_time_holds_to_15_percent_and_its_interval_holds():
    random = np.random.default_rng(1)
    near, held, residual = [], [], []
    for height, half in ((14.0, 70.0), (9.0, 50.0), (12.0, 90.0)) * 30:
        found = recovery(TIME, curve(height, half, 10.0) + random.normal(0, 2, 180), base=70.0)
        near.append(abs(found.half_time.value / half - 1) <= 0.15)
        held.append(found.half_time.low <= half <= found.half_time.high)
        residual.append(found.residual)
    assert np.mean(near) >= 0.95
    assert 0.88 <= np.mean(held) <= 1.0
    assert np.mean(residual) == pytest.approx(2.0, abs=0.1)


def test_it_moves_with_time_and_base():
    rate = curve(12.0, 50.0, 9.0) + np.random.default_rng(2).normal(0, 1, 180)
    here, there = recovery(TIME, rate, base=70.0), recovery(TIME + 500, rate + 20, base=90.0)
    assert there.half_time.value == pytest.approx(here.half_time.value, rel=1e-6)
    assert there.plain_half_time == here.plain_half_time


def test_what_never_settles_has_no_plain_half_time():
    assert recovery(TIME, np.full(180, 80.0), base=70.0).plain_half_time is None


@pytest.mark.parametrize(
    ("time", "bpm"), [(TIME[:7], TIME[:7]), (TIME, TIME[1:]), (TIME, np.full(180, np.nan))]
)
def test_what_cannot_be_fitted_is_refused_in_a_sentence(time, bpm):
    with pytest.raises(ValueError, match="A recovery needs"):
        recovery(time, bpm, base=70.0)
