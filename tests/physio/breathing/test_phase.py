"""The phase of the swing against the breath: known phases, turns of the circle, what has none."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physio.beats import NO_BEATS, Beats
from physio.breathing.pacer import steady
from physio.breathing.phase import rsa_phase, rsa_phase_blocks
from physio.breathing.rate import breathing_rate
from physio.windows import windows


def apart(one, other):
    return np.abs((np.asarray(one) - other + 180.0) % 360.0 - 180.0)


def breather(rate, late, *, seconds=66.0, noise=0.0, seed=0, half=50.0):
    """Beats of a heart that is fastest `late` degrees after the lungs are fullest, and how full.

    The integral of the heart rate counts the beats, so no convention of where an interval lies
    enters.
    """
    time = np.arange(0.0, seconds, 0.002)
    angle = 2 * np.pi * rate / 60 * time
    period = 920.0 - half * np.cos(angle - np.radians(late))
    count = np.cumsum(2.0 / period)
    beat = np.interp(np.arange(1, int(count[-1])), count, time)
    jitter = noise * np.random.default_rng(seed).standard_normal(len(beat) - 1)
    rr = np.diff(beat) * 1000.0 + jitter
    beats = Beats(beat[1:], rr, np.zeros(len(rr), int))
    return beats, np.cos(2 * np.pi * rate / 60 * beats.time)


def every(beats, start, end):
    return windows(beats, np.ones(len(beats), bool), start, end)


@pytest.mark.parametrize("rate", [4.5, 6.0, 10.0, 15.0, 20.0])
@pytest.mark.parametrize("late", [-175.0, -90.0, 0.0, 45.0, 180.0])
def test_known_phases_are_found_within_three_degrees(rate, late):
    beats, full = breather(rate, late)
    found = rsa_phase(every(beats, 2.0, 62.0), np.array([rate]), full)
    assert apart(found, late)[0] <= 3.0


@pytest.mark.parametrize("rate", [5.0, 12.0])
def test_noise_scatters_the_phase_around_the_truth(rate):
    found = []
    for seed in range(30):
        beats, full = breather(rate, 170.0, noise=8.0, seed=seed)
        held = every(beats, 2.0, 62.0)
        found.append(rsa_phase(held, breathing_rate(held), full)[0])
    away = (np.array(found) - 170.0 + 180.0) % 360.0 - 180.0
    assert abs(away.mean()) <= 2.0
    assert away.std() <= 5.0


def test_a_guide_can_be_the_breath():
    # The guide is fullest at 40 % of a breath; its fundamental a little later, by symmetry at half
    # of it where in and out last equally long.
    beats, _ = breather(6.0, 0.0)
    guide = steady(6.0, at=-5.0, inhale=0.5)
    found = rsa_phase(every(beats, 2.0, 62.0), np.array([6.0]), guide.volume(beats.time))
    assert apart(found, 0.0)[0] <= 3.0
    later = steady(6.0, at=-5.0 + 2.5, inhale=0.5)
    found = rsa_phase(every(beats, 2.0, 62.0), np.array([6.0]), later.volume(beats.time))
    assert apart(found, -90.0)[0] <= 3.0


@given(turn=st.floats(-180.0, 180.0), size=st.floats(1e-3, 1e3), level=st.floats(-1e3, 1e3))
@settings(deadline=None)
def test_turning_the_breath_turns_the_phase_and_its_size_does_not_matter(turn, size, level):
    beats, _ = breather(9.0, 20.0)
    angle = 2 * np.pi * 9.0 / 60 * beats.time
    held, rate = every(beats, 2.0, 62.0), np.array([9.0])
    plain = rsa_phase(held, rate, np.cos(angle))[0]
    turned = rsa_phase(held, rate, level + size * np.cos(angle - np.radians(turn)))[0]
    assert -180.0 <= turned <= 180.0
    assert apart(turned, plain - turn) <= 1.0


def test_no_phase_without_a_breath_of_the_same_rate():
    beats, full = breather(6.0, 0.0)
    held, rate = every(beats, 2.0, 62.0), np.array([6.0])
    assert np.isfinite(rsa_phase(held, rate, full))[0]
    other = np.cos(2 * np.pi * 15.0 / 60 * beats.time)
    for breath in (other, np.full(len(beats), np.nan), np.ones(len(beats))):
        assert np.isnan(rsa_phase(held, rate, breath))[0]
        assert np.isnan(rsa_phase_blocks(held, rate, breath, 4)).all()
    assert np.isnan(rsa_phase(held, np.array([np.nan]), full))[0]
    few = np.where(np.arange(len(beats)) < 7, full, np.nan)
    assert np.isnan(rsa_phase(held, rate, few))[0]


def test_a_breath_unknown_for_a_while_costs_only_its_beats():
    beats, full = breather(6.0, 30.0)
    full[20:30] = np.nan
    assert apart(rsa_phase(every(beats, 2.0, 62.0), np.array([6.0]), full), 30.0)[0] <= 3.0


def test_sliding_equals_window_by_window_short_and_long():
    beats, full = breather(11.0, 60.0, seconds=400.0, noise=15.0)
    end = np.arange(130.0, 390.0, 20.7)
    length = np.where(np.arange(len(end)) % 2, 60.0, 125.0)
    held = every(beats, end - length, end)
    rate = breathing_rate(held)
    together, blocks = rsa_phase(held, rate, full), rsa_phase_blocks(held, rate, full, 4)
    assert np.isfinite(together).all()
    for j in range(len(end)):
        part = slice(int(held.first[j]), int(held.last[j]))
        alone = every(beats[part], end[j] - length[j], end[j])
        one = rate[j : j + 1]
        np.testing.assert_allclose(rsa_phase(alone, one, full[part]), together[j], atol=1e-7)
        np.testing.assert_allclose(
            rsa_phase_blocks(alone, one, full[part], 4)[0], blocks[j], atol=1e-6
        )


def test_a_long_window_is_the_direction_of_its_minutes_across_the_seam():
    beats, full = breather(7.0, 178.0, seconds=320.0, noise=10.0, seed=3)
    held = every(beats, 2.0, 302.0)
    rate = breathing_rate(held)
    phase, blocks = rsa_phase(held, rate, full)[0], rsa_phase_blocks(held, rate, full, 5)[0]
    assert apart(phase, 178.0) <= 6.0
    assert np.abs(blocks - phase).max() <= 40.0
    assert blocks.mean() == pytest.approx(phase, abs=1.0)


def test_blocks_scatter_around_the_phase_even_at_the_seam():
    beats, full = breather(9.0, 179.0, noise=20.0, seed=5)
    held, rate = every(beats, 2.0, 62.0), np.array([9.0])
    phase = rsa_phase(held, rate, full)[0]
    blocks = rsa_phase_blocks(held, rate, full, 4)[0]
    assert np.abs(blocks - phase).max() <= 60.0
    assert blocks.std(ddof=1) > 0.5


def test_a_gap_and_no_beats_have_no_phase():
    beats, full = breather(9.0, 0.0)
    broken = Beats(beats.time, beats.rr, (beats.time > 30.0).astype(int))
    assert np.isnan(rsa_phase(every(broken, 2.0, 62.0), np.array([9.0]), full))[0]
    assert rsa_phase(every(NO_BEATS, [], []), np.empty(0), np.empty(0)).shape == (0,)
    nothing = every(NO_BEATS, 0.0, 200.0)
    assert np.isnan(rsa_phase(nothing, np.array([6.0]), np.empty(0)))[0]
