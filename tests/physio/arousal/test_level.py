"""The level of heart rate: whole breaths average out, and its error knows what is left."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import lfilter

from physio.arousal.level import NO_LEVEL, REACH, SURE, levels
from physio.beats import Beats


def breathing(
    seconds: float,
    breaths: float,
    *,
    swing: float = 6.0,
    noise: float = 0.0,
    seed: int = 1,
    level: float = 70.0,
) -> Beats:
    """Beats around `level` bpm that breathe `breaths` a minute, by `swing` bpm up and down."""
    rng = np.random.default_rng(seed)
    rr, now = [], 0.0
    while now < seconds:
        rate = level + swing * np.sin(2.0 * np.pi * breaths / 60.0 * now)
        rr.append(60000.0 / rate + noise * rng.standard_normal())
        now += rr[-1] / 1000.0
    return Beats(np.cumsum(rr) / 1000.0, np.array(rr), np.zeros(len(rr), np.int64))


def found(beats: Beats, *, since: float = 70.0):
    end = beats.time[beats.time > since]
    return levels(beats, np.ones(len(beats), bool), end)


@given(st.floats(9.0, 24.0), st.floats(1.0, 8.0))
@settings(max_examples=30, deadline=None)
def test_whole_breaths_leave_the_level_where_it_is(breaths, swing):
    values = np.array([one.value for one in found(breathing(120.0, breaths, swing=swing))])
    # A mean of rate over beats, not over time, lies a swing squared over twice the rate aside.
    assert np.ptp(values) < 0.2 * swing
    assert values.mean() == pytest.approx(70.0, abs=0.4)


@pytest.mark.parametrize("breaths", [4.0, 6.0])
def test_slow_breaths_are_averaged_over_45_s(breaths):
    beats = breathing(200.0, breaths)
    values = np.array([one.value for one in found(beats)])
    assert np.ptp(values) < 1.5
    end = beats.time[-1]
    held = beats.rr[beats.time > end - 45.0]
    assert values[-1] == pytest.approx(60000.0 / held.mean())


def test_the_error_covers_the_truth_and_is_small_at_rest():
    inside, errors = [], []
    for seed in range(20):
        for one in found(breathing(150.0, 14.0, swing=3.0, noise=15.0, seed=seed))[::40]:
            inside.append(abs(one.value - 70.0) <= one.error + 0.1)
            errors.append(one.error)
    assert np.mean(inside) > 0.9
    assert np.median(errors) < 0.6


def test_breathing_that_does_not_repeat_makes_it_unsure():
    """The same swings, once as a wave and once in any order: only the first can be taken out."""
    even = breathing(150.0, 5.0, swing=6.0)
    rng = np.random.default_rng(3)
    part = 6
    blocks = rng.permutation(len(even) // part)
    rr = even.rr[: len(blocks) * part].reshape(-1, part)[blocks].ravel()
    uneven = Beats(np.cumsum(rr) / 1000.0, rr, np.zeros(len(rr), np.int64))
    sure, unsure = (np.median([one.error for one in found(beats)]) for beats in (even, uneven))
    assert sure < 0.5 < unsure


def wave(rng, seconds: float, hertz: float, width: float):
    """A wave of a steady rate whose height and phase wander, of SD 1, at 20 Hz."""
    keeps = np.exp(-np.pi * width / 20.0)
    turns = [1.0, -2.0 * keeps * np.cos(2.0 * np.pi * hertz / 20.0), keeps**2]
    drawn = lfilter([1.0], turns, rng.standard_normal(int(20.0 * seconds) + 4000))[4000:]
    return drawn / drawn.std()


def test_the_error_covers_the_truth_beside_waves_that_wander():
    inside = []
    for seed in range(100):
        rng = np.random.default_rng(seed)
        breath = wave(rng, 170.0, rng.uniform(0.18, 0.3), 0.03)
        pressure = wave(rng, 170.0, rng.uniform(0.07, 0.12), 0.03)
        phase = np.cumsum((70.0 + 3.0 * breath + 2.5 * pressure) / 1200.0)
        beat = np.interp(np.arange(1, int(phase[-1])), phase, np.arange(len(phase)) / 20.0)
        rr = 1000.0 * np.diff(beat) + 12.0 * rng.standard_normal(len(beat) - 1)
        beats = Beats(beat[0] + np.cumsum(rr) / 1000.0, rr, np.zeros(len(rr), np.int64))
        (one,) = levels(beats, np.ones(len(beats), bool), beats.time[-1:])
        inside.append(abs(one.value - 70.0) <= one.error)
    assert np.mean(inside) >= 0.95


@pytest.mark.parametrize("level", [38.0, 45.0, 120.0])
def test_a_slow_or_fast_heart_has_an_error_too(level):
    beats = breathing(150.0, 12.0, swing=2.0, noise=8.0, level=level)
    assert all(one.error is not None and one.error < 2.0 for one in found(beats, since=80.0))


def test_a_gap_is_passed_over_and_the_error_waits():
    beats = breathing(200.0, 14.0)
    time, segment = beats.time.copy(), beats.segment.copy()
    late = time > 100.0
    time[late] += 8.0
    segment[late] = 1
    broken = Beats(time, beats.rr, segment)
    end = time[late & (time < 108.0 + 60.0)]
    for one, now in zip(levels(broken, np.ones(len(broken), bool), end), end.tolist(), strict=True):
        assert one.value == pytest.approx(70.0, abs=1.5)
        begun = now - (time[late][0] - beats.rr[late][0] / 1000.0)
        assert (one.error is None) == (begun < SURE)


def test_20_s_without_a_gap_have_an_error_and_a_beat_less_has_none():
    rr = np.full(40, 1000.0)
    beats = Beats(np.cumsum(rr) / 1000.0, rr, np.zeros(40, np.int64))
    early, sure = levels(beats, np.ones(40, bool), np.array([SURE - 1.0, SURE]))
    assert early.error is None
    assert sure.error is not None


def test_how_long_is_averaged_is_told_by_the_breathing_of_one_minute():
    """Before it another breathing: only what is looked at tells 45 s from whole breaths."""
    before, after = breathing(100.0, 5.0), breathing(60.5, 14.0, seed=2)
    rr = np.concatenate((before.rr, after.rr))
    both = Beats(np.cumsum(rr) / 1000.0, rr, np.zeros(len(rr), np.int64))
    end = both.time[-1:]
    minute = both[int(np.searchsorted(both.time, end[0] - 60.0)) :]
    (told,) = levels(both, np.ones(len(both), bool), end)
    (alone,) = levels(minute, np.ones(len(minute), bool), end)
    assert told.value == pytest.approx(alone.value, rel=1e-12)


def test_too_little_has_no_level():
    beats = breathing(30.0, 14.0)
    usable = beats.time > 22.0
    assert levels(beats, usable, beats.time[-1:]) == (NO_LEVEL,)
    assert levels(beats, np.ones(len(beats), bool), np.empty(0)) == ()


def test_many_moments_at_once_are_each_alone():
    beats = breathing(160.0, 13.0, noise=20.0)
    usable = np.ones(len(beats), bool)
    usable[60:180:17] = False
    end = beats.time[beats.time > 12.0]
    together = levels(beats, usable, end)
    for one, moment in zip(together, end, strict=True):
        recent = beats.time > moment - REACH - 5.0
        part = Beats(beats.time[recent], beats.rr[recent], beats.segment[recent])
        (alone,) = levels(part, usable[recent], np.array([moment]))
        assert one.value == pytest.approx(alone.value, rel=1e-9)
        assert (one.error is None) == (alone.error is None)
        assert one.error is None or one.error == pytest.approx(alone.error, rel=1e-9, abs=1e-9)
