"""What chance shows at each rate, and that only what is above it is read as breathing."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from physio.breathing.noise import FALL, set_noise, smallest_step
from physio.breathing.rate import breathing_rate
from proof.validation.made.beats import every_beat, from_intervals
from proof.validation.made.paces import SHAPES, breathed, even, jittered, overtones
from tests.recordings import DATA, real

FIRST, STEP, COUNT = 1.0, 0.25, 117


def noise_of(power, *, heart_rate=70.0, tick=0.0):
    out = np.empty(COUNT)
    set_noise(power, FIRST, STEP, 8, COUNT - 2, heart_rate, tick, out)
    return out


def rates():
    return FIRST + STEP * np.arange(COUNT)


def blue(heart_rate=70.0):
    return np.abs(1.0 - np.exp(-2j * np.pi * rates() / heart_rate)) ** 2


@pytest.mark.parametrize(
    "shape", [np.ones(COUNT), blue(), rates() ** -FALL], ids=["even", "jitter", "drift"]
)
def test_noise_of_each_colour_is_expected_as_strong_as_it_is(shape):
    draws = np.random.default_rng(1).exponential(size=(400, COUNT)) * shape
    found = np.mean([noise_of(power) for power in draws], axis=0)
    # The largest of three: never less than this one, and no more where it is the largest.
    assert (found / shape).min() == pytest.approx(1.0, rel=0.06)


@given(st.floats(1e-3, 1e6), st.integers(0, 2**32 - 1))
def test_noise_scales_with_the_power(scale, seed):
    power = np.random.default_rng(seed).exponential(size=COUNT)
    np.testing.assert_allclose(noise_of(scale * power), scale * noise_of(power), rtol=1e-9)


def test_one_rhythm_hardly_lifts_it():
    power = np.random.default_rng(2).exponential(size=COUNT)
    with_rhythm = power.copy()
    with_rhythm[60:64] += 1000.0
    assert (noise_of(with_rhythm) <= 1.5 * noise_of(power)).all()


def test_rounding_to_ticks_is_noise_even_where_there_is_no_other():
    nothing = np.zeros(COUNT)
    np.testing.assert_allclose(noise_of(nothing, tick=1.0), blue() / (2 * np.pi**2), rtol=1e-6)
    rr = np.array([850.0, 851.0, 851.0, 849.0, 700.0, 849.5])
    usable = np.array([1.0, 1.0, 1.0, 1.0, 0.0, 1.0])
    assert smallest_step(rr, usable, 0, 6) == 0.5
    assert smallest_step(rr, usable, 1, 3) == 0.0


@given(st.integers(0, 2**32 - 1), st.integers(0, 20), st.integers(15, COUNT), st.floats(0.0, 20.0))
@example(1, 20, 21, 0.0)
@example(1, 20, 20, 0.0)
@settings(max_examples=30, deadline=None)
def test_wave_by_wave_is_all_waves_at_once(seed, low, end, tick):
    power = np.random.default_rng(seed).exponential(size=COUNT)
    one, other = np.empty(COUNT), np.empty(COUNT)
    for ways, out in ((set_noise.function, one), (set_noise.interpreted, other)):
        ways(power, FIRST, STEP, low, end - 1, 70.0, tick, out)
    np.testing.assert_allclose(one, other, rtol=1e-9)


@given(st.lists(st.tuples(st.integers(800, 806), st.booleans()), max_size=12), st.data())
def test_the_smallest_step_is_that_of_usable_neighbours(beats, data):
    begin = data.draw(st.integers(0, len(beats)))
    end = data.draw(st.integers(begin, len(beats)))
    rr, usable = (np.array([beat[k] for beat in beats], float) for k in (0, 1))
    steps = np.abs(np.diff(rr[begin:end][usable[begin:end] == 1.0]))
    assert smallest_step(rr, usable, begin, end) == min(steps[steps > 0], default=0.0)


def whole(beats):
    return breathing_rate(every_beat(beats, 0.0, float(beats.time[-1])))[0]


@pytest.mark.parametrize("jitter", [0.0, 1.0, 2.0, 4.0, 6.0])
def test_nothing_breathes_in_a_pacemaker_and_a_weak_swing_is_found_beside_jitter(jitter):
    rng = np.random.default_rng(3)
    heart_rates = rng.uniform(55.0, 90.0, 30)
    ticks = rng.choice([1 / 1024, 0.001], 30)
    still, moved = (
        np.array(
            [
                whole(jittered(rng, jitter, heart_rate=hr, swing=swing, tick=tick))
                for hr, tick in zip(heart_rates, ticks, strict=True)
            ]
        )
        for swing in (0.0, 8.0 if jitter == 6.0 else 6.0)
    )
    assert np.isfinite(still).sum() <= 2
    assert np.sum(np.abs(moved - 14.0) <= 1.0) >= 24


@pytest.mark.sampled
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seconds", [60.0, 300.0])
def test_an_overtone_is_never_taken_for_the_breath(shape, seconds):
    rng = np.random.default_rng(4)
    ratio = []
    for rate in rng.uniform(3.5, 10.0, 25):
        sizes, phases = overtones(rng, shape)
        pace, duration = even(rate, duration=seconds + 2.0), seconds + 2.0
        beats = breathed(rng, pace, sizes=30.0 * sizes, phases=phases, duration=duration)
        ratio.append(breathing_rate(every_beat(beats, 0.0, seconds))[0] / rate)
    known = np.array(ratio)[np.isfinite(ratio)]
    assert len(known) >= 10
    np.testing.assert_allclose(known, 1.0, atol=0.15)


def test_a_third_wave_folded_at_half_the_heart_rate_is_still_an_overtone():
    rng = np.random.default_rng(5)
    third = breathed(rng, even(9.9), sizes=[30.0, 15.0, 30.0], phases=[0.0] * 3, heart_rate=55.0)
    assert np.isnan(whole(third)) or whole(third) == pytest.approx(9.9, abs=0.3)


@settings(max_examples=40, deadline=None)
@given(rate=st.floats(0.3, 2.95), noise=st.floats(0.5, 8.0), seed=st.integers(0, 2**32 - 1))
def test_nothing_below_three_is_given_nor_what_leaks_of_it(rate, noise, seed):
    rng = np.random.default_rng(seed)
    slow = breathed(rng, even(rate), sizes=[40.0], phases=[0.0], noise=noise)
    assert np.isnan(whole(slow))


def test_another_wave_at_a_third_of_the_rate_leaves_it_or_withholds_it():
    rng = np.random.default_rng(6)
    found = []
    for wave in rng.uniform(4.6, 5.4, 60):
        time = np.cumsum(np.full(72, 0.85))
        both = np.sin(2 * np.pi * 15 / 60 * time) + np.sin(2 * np.pi * wave / 60 * time)
        rr = 850.0 + 25.0 * both + 4.0 * rng.standard_normal(len(time))
        found.append(breathing_rate(every_beat(from_intervals(rr), 0.0, 60.0))[0])
    known = np.array(found)[np.isfinite(found)]
    np.testing.assert_allclose(known, 15.0, atol=0.5)


@real
def test_the_saw_of_six_a_minute_is_read_as_six():
    rr = np.loadtxt(DATA.parent / "cases" / "harmonic" / "saw_6.0_0.9.txt")
    assert whole(from_intervals(rr)) == pytest.approx(6.0, abs=0.15)
