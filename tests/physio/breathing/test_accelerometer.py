"""Chest tilt: made breathing, posture, movement, holes, and how far back and ahead it looks."""

import numpy as np
import pytest

from physio.breathing.accelerometer import BEFORE, LAG, RATE, chest_tilt, movement, still
from physio.breathing.fusion import fused_breathing
from physio.respiration import Source
from proof.validation.goals.ecg_breathing import made_tilt

MUTE_TIME = 0.8 * np.arange(400)
MUTE = Source(
    ("interval",),
    MUTE_TIME,
    np.random.default_rng(0).standard_normal((400, 1)),
    np.zeros(400, int),
)


def rate_of(tilt, start=20.0, length=60.0):
    start = np.atleast_1d(start)
    return fused_breathing(start, start + length, [MUTE, tilt]).rate


@pytest.mark.parametrize("rate", [4.0, 6.0, 12.0, 20.0, 28.0])
@pytest.mark.parametrize("every", [1, 2])
def test_the_rate_of_made_tilt_at_50_and_25_hz(rate, every):
    time, acceleration = made_tilt(rate, 120.0)
    found = rate_of(chest_tilt(time[::every], acceleration[::every]))
    assert found[0] == pytest.approx(rate, abs=0.15)


@pytest.mark.parametrize("rate", [6.0, 12.0, 18.0])
def test_its_size_is_that_of_the_chest(rate):
    """A sinusoid of 2 degrees: the Hann windows take at most 15 % of it from 6 to 18/min."""
    time, acceleration = made_tilt(rate, 180.0, degrees=2.0)
    tilt = chest_tilt(time, acceleration).values[:, 0]
    assert np.sqrt(2.0) * np.std(tilt[300:]) == pytest.approx(2.0, rel=0.15)


@pytest.mark.parametrize("rate", [3.0, 36.0])
def test_half_of_the_power_passes_at_the_edges_of_its_band(rate):
    time, acceleration = made_tilt(rate, 300.0, degrees=2.0)
    tilt = chest_tilt(time, acceleration).values[300:-60, 0]
    assert 2.0 * np.var(tilt) / 4.0 == pytest.approx(0.5, abs=0.06)


def test_turning_the_sensor_changes_nothing_but_the_sign():
    time, acceleration = made_tilt(12.0, 120.0)
    turn = np.linalg.qr(np.random.default_rng(1).standard_normal((3, 3)))[0]
    one, other = (chest_tilt(time, a).values[:, 0] for a in (acceleration, acceleration @ turn.T))
    assert min(np.abs(one - other).max(), np.abs(one + other).max()) < 1e-6


def test_a_change_of_posture_spoils_only_what_lies_around_it():
    time, acceleration = made_tilt(12.0, 300.0, posture=150.0)
    tilt = chest_tilt(time, acceleration)
    assert rate_of(tilt, [30.0, 200.0]) == pytest.approx([12.0, 12.0], abs=0.15)
    start = np.array([30.0, 120.0, 200.0])
    assert still(time, acceleration, start, start + 60.0).tolist() == [True, False, True]


def test_a_value_depends_on_a_bounded_stretch_around_it():
    time, acceleration = made_tilt(12.0, 300.0)
    whole = chest_tilt(time, acceleration)
    for begin, end in ((100.0, 240.0), (0.0, 200.0)):
        part = (time >= begin) & (time < end)
        cut = chest_tilt(time[part], acceleration[part])
        from_ = begin + BEFORE if begin else 0.0
        inside = (whole.time >= from_) & (whole.time < end - LAG)
        again = np.isin(np.round(cut.time, 6), np.round(whole.time[inside], 6))
        one, other = whole.values[inside, 0], cut.values[again, 0]
        assert len(one) == len(other) > 50 * RATE
        assert min(np.abs(one - other).max(), np.abs(one + other).max()) < 1e-9


def test_a_hole_starts_a_new_segment_and_nothing_bridges_it():
    time, acceleration = made_tilt(12.0, 240.0)
    kept = (time < 100.0) | (time > 103.0)
    tilt = chest_tilt(time[kept], acceleration[kept])
    assert np.unique(tilt.segment).tolist() == [0, 1]
    assert not np.any((tilt.time > 100.0 - LAG + 1.0) & (tilt.time < 103.0 + LAG - 1.0))
    assert np.isnan(rate_of(tilt, 80.0)[0])


def test_a_few_lost_samples_do_not_matter():
    time, acceleration = made_tilt(12.0, 120.0)
    acceleration[1000:1025] = np.nan
    tilt = chest_tilt(time, acceleration)
    assert np.unique(tilt.segment).tolist() == [0]
    assert rate_of(tilt)[0] == pytest.approx(12.0, abs=0.1)


def test_walking_is_movement_and_sitting_is_not():
    time, acceleration = made_tilt(12.0, 180.0)
    walking = acceleration.copy()
    part = time > 100.0
    walking[part] += 0.15 * np.sin(2.0 * np.pi * 1.8 * time[part])[:, np.newaxis]
    start = np.array([20.0, 110.0])
    share = movement(time, walking, start, start + 60.0)
    assert share[0] < 0.4
    assert share[1] > 0.9
    assert still(time, walking, start, start + 60.0).tolist() == [True, False]


def test_the_share_of_a_fast_wave_in_closed_form():
    """Two waves of 0.02 and 0.04 g, slow and fast: four fifths of the power is fast."""
    time = np.arange(3000) / 50.0
    moved = 0.02 * np.sin(2 * np.pi * 0.2 * time) + 0.04 * np.sin(2 * np.pi * 2.0 * time)
    acceleration = np.stack([moved, 0.0 * moved, 1.0 + 0.0 * moved], axis=1)
    share = movement(time, acceleration, np.array([-1.0]), np.array([60.0]))
    assert share[0] == pytest.approx(0.8, abs=0.005)


def test_a_breath_held_in_stillness_is_no_movement():
    time, acceleration = made_tilt(12.0, 60.0, degrees=0.0)
    assert still(time, acceleration, np.array([0.0]), np.array([60.0]))[0]


@pytest.mark.parametrize("count", [0, 5, 200])
def test_too_little_gives_nothing(count):
    time, acceleration = np.arange(count) / 50.0, np.ones((count, 3))
    tilt = chest_tilt(time, acceleration)
    assert len(tilt.time) == 0
    assert np.isnan(movement(time, acceleration, np.array([10.0]), np.array([70.0]))[0])
    assert not still(time, acceleration, np.array([10.0]), np.array([70.0]))[0]
