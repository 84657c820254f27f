"""The slope of heart rate: many windows at once are each alone, and a ramp is its own slope."""

import numpy as np
import pytest

from physio.arousal.slope import NO_SLOPE, slope, slopes
from physio.beats import Beats
from physio.windows import windows


def ramp(bpm_each_minute: float, n: int = 400) -> Beats:
    """Beats whose rate changes evenly from 70 bpm, with breathing in it, and a gap after 200."""
    rng = np.random.default_rng(2)
    n = 260 if bpm_each_minute < 0.0 else n  # it would stop
    rr, now = np.empty(n), 0.0
    for i in range(n):
        rate = 70.0 + bpm_each_minute * now / 60.0 + 3.0 * np.sin(1.6 * now)
        rr[i] = 60000.0 / rate + rng.normal(0, 3)
        now += rr[i] / 1000.0
    time = np.cumsum(rr) / 1000.0
    time[200:] += 20.0
    return Beats(time, rr, np.repeat([0, 1], [200, n - 200]))


def test_many_windows_at_once_are_each_alone():
    beats = ramp(4.0)
    usable = np.ones(len(beats), bool)
    usable[[50, 51, 120]] = False
    end = beats.time[5:]
    together = slopes(windows(beats, usable, end - 30.0, end))
    alone = [slope(beats, usable, end=one) for one in end.tolist()]
    for one, other in zip(together, alone, strict=True):
        assert (one is NO_SLOPE) == (other is NO_SLOPE)
        if one is not NO_SLOPE:
            assert (one.value, one.low, one.high) == pytest.approx(
                (other.value, other.low, other.high), rel=1e-9, abs=1e-9
            )
    assert 30 < sum(one is NO_SLOPE for one in together) < 120


@pytest.mark.parametrize("change", [-8.0, 0.0, 6.0])
def test_a_ramp_lies_within_the_interval_of_its_slope(change):
    beats = ramp(change, 260)
    usable = np.ones(len(beats), bool)
    end = beats.time[40:190]
    found = slopes(windows(beats, usable, end - 30.0, end))
    inside = [one.low <= change <= one.high for one in found if one.value is not None]
    assert len(inside) > 100
    assert np.mean(inside) > 0.85
    assert np.median([one.value for one in found if one.value is not None]) == pytest.approx(
        change, abs=1.5
    )


def test_no_window_no_slope():
    beats = ramp(0.0)
    assert slopes(windows(beats, np.ones(len(beats), bool), np.empty(0), np.empty(0))) == ()
