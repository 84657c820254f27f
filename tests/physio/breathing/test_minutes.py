"""The minutes of long windows: asked alone, and with their neighbours where that is not enough."""

import numpy as np
import pytest

from physio.beats import Beats
from physio.breathing.minutes import LEAST_SHARE, TOGETHER, minutes, rates
from physio.breathing.rate import breathing_rate, breathing_share
from physio.breathing.rsa import rsa_amplitude
from physio.windows import windows
from proof.validation.made.beats import every_beat, from_intervals
from proof.validation.made.paces import jittered


def weak(seed, *, duration=310.0, jitter=4.0):
    rng = np.random.default_rng(seed)
    return jittered(rng, jitter, heart_rate=67.0, swing=6.0, duration=duration)


def test_a_weak_swing_is_found_in_minutes_together_that_is_not_in_each():
    held = [every_beat(weak(seed), 0.0, 300.0) for seed in range(10)]
    alone = np.array([rates(minutes(one).laid.tiles) for one in held])
    together = np.array([minutes(one).rate[minutes(one).laid.same] for one in held])
    assert np.isfinite(alone).mean() < 0.6 < 0.75 < np.isfinite(together).mean()
    known = together[np.isfinite(together)]
    assert np.mean(np.abs(known - 14.0) <= 1.0) >= 0.95


def test_the_swing_of_minutes_is_fitted_at_the_rate_that_they_have_together():
    held = every_beat(weak(3, jitter=2.0), 0.0, 300.0)
    assert rsa_amplitude(held, breathing_rate(held))[0] == pytest.approx(6.0, abs=1.5)


def test_a_rate_that_rests_on_less_than_a_third_of_the_minutes_is_withheld():
    rng = np.random.default_rng(7)
    rr = 900.0 + 12.0 * rng.standard_normal(1400)
    time = np.cumsum(rr) / 1000.0
    for breathing, given in ((180.0, False), (540.0, True)):
        swing = np.where(time < breathing, 40.0 * np.sin(2 * np.pi * 0.2 * time), 0.0)
        held = every_beat(from_intervals(rr + swing), 0.0, 1200.0)
        assert np.isfinite(breathing_rate(held)[0]) == given
        share = minutes(held).share[0]
        assert share == pytest.approx(breathing / 1200.0, abs=0.11)
        assert (share >= LEAST_SHARE) == given
        told = breathing_share(held, breathing_rate(held))[0]
        assert told == pytest.approx(100.0 * share) if given else np.isnan(told)


def test_what_is_read_as_one_rests_on_all_of_it():
    beats = weak(5, jitter=0.5)
    held = windows(beats, np.ones(len(beats), bool), [0.0, 0.0, 0.0], [60.0, 120.0, 300.0])
    share = breathing_share(held, np.array([14.0, 14.0, np.nan]))
    np.testing.assert_array_equal(share, [100.0, 100.0, np.nan])


def test_minutes_that_gaps_break_count_but_not_the_gaps():
    beats = weak(1, duration=700.0, jitter=0.5)
    segment = np.searchsorted([100.0, 200.0, 300.0], beats.time)
    for gap in (4.0, 4000.0):
        broken = Beats(beats.time + gap * segment, beats.rr, segment)
        held = every_beat(broken, 0.0, float(broken.time[-1]))
        # Of three stretches of 100 s a minute each, of the rest all six or seven.
        assert minutes(held).share[0] == pytest.approx(9 / 11, abs=0.06)


def test_sliding_windows_ask_their_own_minutes_only():
    beats = weak(2, duration=1000.0)
    end = np.arange(310.0, 990.0, 31.0)
    usable = np.ones(len(beats), bool)
    held = windows(beats, usable, end - 300.0, end)
    together = breathing_rate(held)
    swing = rsa_amplitude(held, together)
    for j in range(len(end)):
        own = slice(int(held.first[j]), int(held.last[j]))
        alone = windows(beats[own], usable[own], end[j] - 300.0, end[j])
        rate = breathing_rate(alone)
        np.testing.assert_allclose(rate[0], together[j], rtol=1e-9)
        np.testing.assert_allclose(rsa_amplitude(alone, rate)[0], swing[j], rtol=1e-9)


def test_no_more_minutes_than_these_are_asked_together():
    beats = weak(4, duration=1400.0)
    many = minutes(every_beat(beats, 0.0, 1260.0))
    few = minutes(every_beat(beats, 0.0, 300.0))
    assert len(many.laid.window) == 21
    assert TOGETHER == 5
    # 21 minutes are five groups, of which the first four minutes are one.
    first = minutes(every_beat(beats, 0.0, 240.0))
    np.testing.assert_allclose(many.rate[many.laid.same][:4], first.rate[first.laid.same])
    assert len(few.laid.window) == 5
