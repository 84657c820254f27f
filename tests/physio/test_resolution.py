"""What intervals tell of their own making: the steps they come in, and values repeated."""

import numpy as np
import pytest

import physio
from physio.reasons import ReasonCode
from physio.resolution import flaw, inflation, repeats, step_of


def heart(seed, *, n=334, spread=30.0, mean=900.0):
    chance = np.random.default_rng(seed)
    return mean + spread / np.sqrt(2) * chance.standard_normal(n)


def found(rr):
    return flaw(physio.beats_from_intervals(rr))


@pytest.mark.parametrize("step", [1.0, 1000 / 1024, 1000 / 256, 8.0, 1000 / 128])
def test_fine_steps_are_harmless(step):
    assert [found(step * np.round(heart(seed) / step)) for seed in range(50)] == [None] * 50


@pytest.mark.parametrize(("step", "withholds"), [(20.0, False), (50.0, True), (1000.0, True)])
def test_coarse_steps_are_told(step, withholds):
    told = found(step * np.round(heart(1, mean=950 if step < 1000 else 1500) / step))
    assert told.reason.code is ReasonCode.COARSE
    assert told.reason.figures["step"] == step
    assert told.withholds is withholds


@pytest.mark.parametrize("step", [5.0, 10.0, 20.0, 30.0])
def test_the_share_told_is_the_error_that_is_made(step):
    rr = heart(2, n=20_000)
    made = np.diff(step * np.round(rr / step))
    error = np.sqrt(np.mean(made**2) / np.mean(np.diff(rr) ** 2)) - 1
    assert inflation(np.abs(made), step) == pytest.approx(100 * error, abs=0.5)


@pytest.mark.parametrize("step", [0.0, 1.0, 8.0])
@pytest.mark.parametrize("share", [0.15, 0.3, 1.0])
def test_repeated_intervals_are_told(step, share):
    for seed in range(20):
        rr = heart(seed)
        rr = step * np.round(rr / step) if step else rr
        twice = np.repeat(rr, 1 + (np.random.default_rng(seed).random(len(rr)) < share))
        assert found(twice).reason.code is ReasonCode.REPEATED


@pytest.mark.parametrize("spread", [3.0, 10.0, 30.0, 100.0])
def test_a_heart_as_it_is_repeats_nothing(spread):
    shares = [
        repeats(np.abs(np.diff(np.round(heart(seed, spread=spread)))), 1.0) for seed in range(100)
    ]
    assert np.mean(np.array(shares) > 0.03) <= 0.01


@pytest.mark.parametrize("value", [600.0, 900.0])
def test_one_and_the_same_value_is_told_a_fixed_rate_or_the_coarsest_of_steps(value):
    told = found(np.full(300, value))
    assert (told.reason.code, told.reason.figures["percent"]) == (ReasonCode.REPEATED, 100)
    assert not told.withholds


def test_few_beats_tell_nothing():
    assert found(np.full(25, 900.0)) is None
    assert found(50 * np.round(heart(1, n=25) / 50)) is None


def test_the_step_is_the_distance_of_neighbouring_values():
    assert step_of(np.array([850.0, 900.0, 950.0] * 20)) == 50.0
    assert step_of(heart(3)) == 0.0


def test_a_recording_in_coarse_steps_is_withheld_in_words():
    beats = physio.beats_from_intervals(50 * np.round(heart(1) / 50))
    quality = physio.judge(beats, labels=False)  # labels are another reason
    assert quality.verdict == "none"
    assert quality.withhold_hrv.code is ReasonCode.COARSE
    assert quality.withhold_all is None


def test_steps_are_the_reason_where_they_made_the_labels():
    beats = physio.beats_from_intervals(50 * np.round(heart(1) / 50))
    labels = np.where(np.arange(len(beats)) % 5 == 0, 3, 0)
    quality = physio.judge(beats, labels=labels)
    assert quality.corrected == pytest.approx(20.0, abs=0.5)
    assert quality.reason.code is ReasonCode.COARSE
