"""Breathing from all there is: which rate, how sure, and where it is said to come from."""

import numpy as np
import pytest

from physio import panel
from physio.beats import Beats
from physio.reasons import ReasonCode
from physio.respiration import Origin, Respiration, Source

NAMES = ["breathing_rate", "rsa_amplitude", "rsa_phase"]


def beats_at(breaths, *, swing=40.0, seconds=300.0, noise=20.0, mean=800.0, seed=1):
    """Intervals that swing with breathing, shortest where the lungs are fullest."""
    rng = np.random.default_rng(seed)
    time, rr = 0.0, []
    while time < seconds:
        middle = time + 0.0005 * mean
        fullness = np.cos(2 * np.pi * breaths / 60 * middle + np.pi)
        rr.append(mean - 0.5 * swing * fullness + rng.normal(0.0, noise))
        time += rr[-1] / 1000
    rr = np.array(rr)
    return Beats(np.cumsum(rr) / 1000, rr, np.zeros(len(rr), int))


def lungs(breaths, *, seconds=300.0, noise=0.1, seed=2, begin=0.0):
    time = begin + np.arange(0.1, seconds - begin, 0.2)
    full = np.cos(2 * np.pi * breaths / 60 * time + np.pi)
    full += np.random.default_rng(seed).normal(0.0, noise, len(time))
    return Source(("belt",), time, full[:, np.newaxis], np.zeros(len(time), int))


def of(beats, beside=None, *, seconds=300.0):
    return panel.whole(beats, None, (), start=0.0, end=seconds, names=NAMES, respiration=beside)


@pytest.mark.parametrize("breaths", [4.5, 6.0, 12.0, 20.0, 28.0])
def test_a_belt_gives_the_rate_where_intervals_do_not_tell(breaths):
    beats = beats_at(breaths, swing=4.0)
    found = of(beats, Respiration(signal=lungs(breaths)))["breathing_rate"]
    assert found.value == pytest.approx(breaths, abs=0.15)
    # Of a pace that never wanders nothing is uncertain but the edges of the minutes.
    assert found.low - 0.1 <= breaths <= found.high + 0.1
    assert found.low < found.value < found.high
    assert found.origin is Origin.RESPIRATION


@pytest.mark.parametrize("flow", [False, True])
def test_the_phase_is_that_of_the_lungs(flow):
    beats, signal = beats_at(10.0, noise=4.0), lungs(10.0, noise=0.02)
    if flow:
        air = np.gradient(signal.values[:, 0], signal.time)[:, np.newaxis]
        signal = Source(("flow",), signal.time, air, signal.segment)
    phase = of(beats, Respiration(signal=signal, flow=flow))["rsa_phase"]
    assert phase.value == pytest.approx(0.0, abs=8.0)
    turned = Source(("belt",), signal.time, -signal.values, signal.segment)
    other = of(beats, Respiration(signal=turned, flow=flow))["rsa_phase"]
    assert abs(other.value) == pytest.approx(180.0, abs=8.0)


def test_nothing_beside_the_intervals_changes_nothing():
    beats = beats_at(12.0)
    alone = of(beats)
    assert alone["breathing_rate"].origin is Origin.INTERVALS
    assert alone["rsa_amplitude"].origin is None
    assert of(beats, Respiration()) == alone
    assert alone["rsa_phase"].reason.code is ReasonCode.NO_BREATHING_SIGNAL


def test_a_second_witness_takes_away_the_doubt_of_the_slow_wave():
    beats = beats_at(6.0)
    assert of(beats)["breathing_rate"].doubt.code is ReasonCode.MAY_BE_SLOW_WAVE
    assert of(beats, Respiration(signal=lungs(6.0)))["breathing_rate"].doubt is None


@pytest.mark.parametrize("swing", [20.0, 150.0])
def test_the_slow_wave_beside_quicker_breathing_is_not_taken_for_it(swing):
    found = of(beats_at(6.0, swing=swing), Respiration(signal=lungs(16.0)))["breathing_rate"]
    assert found.value == pytest.approx(16.0, abs=0.2)
    assert found.origin is Origin.RESPIRATION


def test_noise_beside_the_intervals_is_no_origin():
    rng = np.random.default_rng(5)
    belt = lungs(12.0)
    noise = Source(("belt",), belt.time, rng.normal(size=belt.values.shape), belt.segment)
    found = of(beats_at(12.0), Respiration(signal=noise))["breathing_rate"]
    assert found.value == pytest.approx(12.0, abs=0.5)
    assert found.origin is Origin.INTERVALS


def test_where_a_belt_is_noise_the_waves_beside_it_are_named():
    beats, rng = beats_at(12.0), np.random.default_rng(5)
    belt = lungs(12.0)
    noise = Source(("belt",), belt.time, rng.normal(size=belt.values.shape), belt.segment)
    heights = np.cos(2 * np.pi * 0.2 * beats.time)[:, np.newaxis] + rng.normal(size=(len(beats), 2))
    waves = Source(("amplitude", "slope"), beats.time, heights, beats.segment)
    found = of(beats, Respiration(signal=noise, waves=waves))["breathing_rate"]
    assert found.value == pytest.approx(12.0, abs=0.5)
    assert found.origin is Origin.ECG


def test_how_full_the_lungs_are_is_not_guessed_where_it_is_missing():
    belt = lungs(12.0)
    known = (belt.time < 100) | (belt.time > 110)
    parts = (one[known] for one in (belt.time, belt.values, belt.segment))
    full = Respiration(signal=Source(belt.names, *parts)).fullness(np.array([50.0, 105.0, 150.0]))
    assert np.isnan(full).tolist() == [False, True, False]
    assert np.isnan(Respiration().fullness(np.array([1.0]))).all()


def test_where_the_belt_is_missing_the_intervals_tell():
    beats, half = beats_at(12.0), lungs(12.0, begin=180.0)
    start, end = np.array([0.0, 60.0, 200.0]), np.array([60.0, 120.0, 260.0])
    found = panel.over(
        beats, None, start=start, end=end, names=NAMES, respiration=Respiration(signal=half)
    )
    assert found["breathing_rate"].origin == (
        Origin.INTERVALS,
        Origin.INTERVALS,
        Origin.RESPIRATION,
    )
    assert np.isnan(found["rsa_phase"].value).tolist() == [True, True, False]


def test_no_beat_follows_breathing_above_half_its_rate():
    beats = beats_at(26.0, mean=1400.0)
    found = of(beats, Respiration(signal=lungs(26.0), tilt=lungs(26.0, seed=3)))
    assert found["breathing_rate"].value == pytest.approx(26.0, abs=0.3)
    assert found["rsa_amplitude"].value is None
    assert found["rsa_phase"].value is None


def test_a_pause_between_the_beats_moves_nothing_beside_them():
    """What is read of a recording lies on a clock without its pauses; the belt moves along."""
    whole = beats_at(10.0, seconds=420.0)
    kept = (whole.time < 150) | (whole.start > 200)
    beats = Beats(whole.time[kept], whole.rr[kept], (whole.time[kept] > 175).astype(int))
    beside = Respiration(signal=lungs(10.0, seconds=420.0))
    found = of(beats, beside, seconds=420.0)
    assert found["breathing_rate"].value == pytest.approx(10.0, abs=0.15)
    assert found["rsa_phase"].value == pytest.approx(
        of(whole, beside, seconds=420.0)["rsa_phase"].value, abs=6.0
    )


def test_windows_of_a_recording_are_those_of_its_parts():
    """A window's values depend on nothing outside it, beside the intervals as among them."""
    beats, beside = beats_at(12.0), lungs(12.0)
    cut = Source(beside.names, *(one[:900] for one in (beside.time, beside.values, beside.segment)))
    start, end = np.array([60.0, 90.0]), np.array([120.0, 150.0])

    def found(signal):
        told = panel.over(beats, None, start=start, end=end, names=NAMES,
                          respiration=Respiration(signal=signal))  # fmt: skip
        return [list(told[name]) for name in NAMES]

    assert found(beside) == found(cut)


def test_a_heart_that_does_not_follow_the_belt_bears_no_phase():
    """Its own sinusoid fits a little of any noise; which phase that has says nothing."""
    rng, told = np.random.default_rng(5), 0
    for seed in range(20):
        rr = rng.normal(800.0, 20.0, 100)
        beats = Beats(np.cumsum(rr) / 1000, rr, np.zeros(len(rr), int))
        beside = Respiration(signal=lungs(15.0, seconds=60.0, seed=seed))
        phase = of(beats, beside, seconds=60.0)["rsa_phase"]
        told += phase.value is not None
        assert phase.value is None or phase.high - phase.low < 90.0
    assert told <= 2
    followed = of(beats_at(15.0, seconds=60.0), Respiration(signal=lungs(15.0, seconds=60.0)))
    assert followed["rsa_phase"].value == pytest.approx(0.0, abs=15.0)
