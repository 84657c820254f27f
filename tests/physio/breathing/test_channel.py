"""A belt made ready: averaged where it lies, left out where it stands still."""

import tracemalloc

import numpy as np
import pytest

from physio.breathing.channel import RATE, breathing_signal, lasting


def belt(seconds=120.0, *, rate=50.0, breaths=15.0):
    time = np.arange(round(seconds * rate)) / rate
    noise = np.random.default_rng(1).normal(0.0, 0.01, len(time))
    return np.sin(2 * np.pi * breaths / 60 * time) + noise


@pytest.mark.parametrize("rate", [2.0, 4.0, 12.5, 25.0, 128.0, 1000.0])
def test_its_values_are_those_of_the_belt_at_their_times(rate):
    found = breathing_signal(belt(rate=rate), rate, start=3.0)
    np.testing.assert_allclose(
        found.values[:, 0], np.sin(2 * np.pi * 15 / 60 * (found.time - 3.0)), atol=0.06
    )
    assert len(found.time) == lasting(belt(rate=rate), rate) == round(120 * min(rate, RATE))
    assert not found.segment.any()


def test_so_few_samples_are_refused():
    with pytest.raises(ValueError, match="1 samples a second are fewer than 2"):
        breathing_signal(belt(rate=1.0), 1.0)


def test_a_hole_breaks_it_and_one_sample_does_not():
    samples = belt()
    samples[20 * 50 : 24 * 50] = np.nan
    samples[60 * 50] = np.nan
    found = breathing_signal(samples, 50.0)
    assert found.segment.max() == 1
    assert found.time[found.segment == 0].max() < 20.0
    assert found.time[found.segment == 1].min() > 24.0


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(6000),
        np.full(6000, 0.1),
        np.full(6000, np.nan),
        np.clip(belt(), -0.8, 0.8),
        np.clip(belt(), -2.0, 0.6),
        np.empty(0),
    ],
    ids=["zeros", "one value", "missing", "cut off", "cut off above", "empty"],
)
def test_of_what_stands_still_nothing_is_left(samples):
    assert len(breathing_signal(samples, 50.0).time) == 0


def test_a_belt_that_falls_off_is_left_out_from_there():
    samples = belt()
    samples[60 * 50 :] = 0.3
    found = breathing_signal(samples, 50.0)
    assert 58.0 < found.time.max() < 61.0


def test_coarse_steps_are_no_standing_still():
    found = breathing_signal(np.round(belt(breaths=6.0) * 100), 50.0)
    assert len(found.time) == 600


def test_a_day_of_it_takes_little_room_beside_its_samples():
    samples = np.tile(belt(3600.0, rate=250.0), 4)
    tracemalloc.start()
    try:
        breathing_signal(samples, 250.0)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 0.6 * samples.nbytes
