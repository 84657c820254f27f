"""Peak to trough: what sparse beats and noise do to it, and the swing of each breath."""

import numpy as np
import pytest

from physio.beats import NO_BEATS, Beats
from physio.breathing.breaths import Breaths, breaths
from physio.breathing.peak_to_trough import rsa_peak_to_trough, rsa_per_breath
from physio.breathing.rsa import rsa_amplitude
from physio.windows import windows


def paced(rate, seconds, *, half=50.0, level=900.0, phase=0.0):
    """Intervals that hold their breath's sinusoid at their beginning."""
    rr, now = [], 0.0
    while now < seconds:
        rr.append(level + half * np.sin(2 * np.pi * rate / 60 * now + phase))
        now += rr[-1] / 1000.0
    return Beats(np.cumsum(rr) / 1000.0, np.array(rr), np.zeros(len(rr), int))


def every(beats, start, end):
    return windows(beats, np.ones(len(beats), bool), start, end)


def mean_swing(held, rate):
    return rsa_peak_to_trough(held, rsa_amplitude(held, rate))


@pytest.mark.parametrize("rate", [4.5, 6.0, 9.0, 12.0, 15.0, 18.0])
def test_peak_to_trough_falls_short_by_its_closed_form(rate):
    turn = np.pi * rate / 60 * 0.9
    shortfalls = []
    for phase in np.linspace(0, 2 * np.pi, 12, endpoint=False):
        beats = paced(rate + 0.017, 70.0, half=10.0, phase=phase)
        shortfalls.append(1 - mean_swing(every(beats, 0.0, 60.0), np.array([rate]))[0] / 20)
    assert min(shortfalls) >= 0.0
    assert max(shortfalls) <= 1 - np.cos(turn) + 0.01
    assert np.mean(shortfalls) == pytest.approx(1 - np.sin(turn) / turn, abs=0.006)


def test_noise_lifts_peak_to_trough_and_hardly_the_fit():
    rng = np.random.default_rng(7)
    fit, extremes = [], []
    for _ in range(40):
        beats = paced(6.0, 70.0, half=50.0, phase=rng.uniform(0, 6))
        rr = beats.rr + 15.0 * rng.standard_normal(len(beats))
        held = every(Beats(np.cumsum(rr) / 1000, rr, beats.segment), 0.0, 60.0)
        fit.append(rsa_amplitude(held, np.array([6.0]))[0])
        extremes.append(mean_swing(held, np.array([6.0]))[0])
    assert np.mean(fit) == pytest.approx(100.0, abs=2.5)
    assert np.mean(extremes) > 110.0


def test_the_window_measure_is_the_mean_of_rises_from_trough_to_crest():
    swing = [0, 40, 80, 40, 0, 30, 60, 30, 0, 50, 100, 50, 0, 20, 60, 20, 0, 10.0]
    rr = 900.0 + np.array(swing)
    beats = Beats(np.cumsum(rr) / 1000, rr, np.zeros(len(rr), int))
    found = mean_swing(every(beats, 0.0, 60.0), np.array([16.0]))[0]
    # The first rise begins at the window's edge, where nobody knows whether it is a trough.
    assert found == pytest.approx(np.mean([60.0, 100.0, 60.0]))


def test_flagged_intervals_are_no_extremes_and_unknown_rates_have_no_value():
    beats = paced(8.0, 70.0)
    rr = beats.rr.copy()
    rr[33] = 300.0
    usable = np.arange(len(rr)) != 33
    held = windows(Beats(np.cumsum(rr) / 1000, rr, beats.segment), usable, 0.0, 60.0)
    assert mean_swing(held, np.array([8.0]))[0] == pytest.approx(98.0, abs=3.0)
    assert np.isnan(mean_swing(held, np.array([np.nan])))[0]
    assert np.isnan(mean_swing(every(NO_BEATS, 0.0, 60.0), np.array([8.0])))[0]
    slow = paced(3.2, 40.0)
    assert np.isnan(mean_swing(every(slow, 0.0, 30.0), np.array([3.2])))[0]


def of(onset, turn, end):
    onset, turn, end = (np.atleast_1d(np.asarray(part, float)) for part in (onset, turn, end))
    return Breaths(onset, turn, end, np.ones(len(onset)))


def test_rsa_of_a_breath_is_longest_out_less_shortest_in_with_the_lag_of_grossman():
    rr = np.array([1000, 900, 800, 850, 1000, 1100, 950, 900.0])
    beats = Beats(np.cumsum(rr) / 1000, rr, np.zeros(8, int))
    usable = np.ones(8, bool)
    # Intervals begin at 0 1 1.9 2.7 3.55 4.55 5.65 6.6 and end at 7.5.
    breath = of(0.9, 2.8, 6.5)
    assert rsa_per_breath(beats, usable, breath) == pytest.approx([1100.0 - 800.0])
    # 850 ends at 3.55: inside breathing in for the lag of .75 s alone.
    usable[2] = False
    assert rsa_per_breath(beats, usable, breath) == pytest.approx([1100.0 - 850.0])
    usable[3] = False
    assert rsa_per_breath(beats, usable, breath) == pytest.approx([1100.0 - 900.0])
    usable[1] = False
    assert np.isnan(rsa_per_breath(beats, usable, breath)).all()


def test_a_swing_the_other_way_counts_as_none_and_a_gap_as_unknown():
    rr = np.array([900.0, 1000, 1000, 800, 800, 800, 800, 900.0])
    time = np.cumsum(rr) / 1000
    whole = Beats(time, rr, np.zeros(8, int))
    usable = np.ones(8, bool)
    assert rsa_per_breath(whole, usable, of(0.85, 2.0, 5.0)) == pytest.approx([0.0])
    broken = Beats(time, rr, np.array([0, 0, 0, 0, 1, 1, 1, 1]))
    assert np.isnan(rsa_per_breath(broken, usable, of(0.85, 2.0, 5.0))).all()
    apart = Beats(time + 2.0 * (np.arange(8) > 3), rr, broken.segment)
    assert np.isnan(rsa_per_breath(apart, usable, of([0.85, 4.5], [2.0, 5.2], [4.4, 6.5]))).all()
    # The lag does not reach into the next stretch.
    rr[4] = 2000.0
    near = Beats(np.cumsum(rr) / 1000, rr, broken.segment)
    assert rsa_per_breath(near, usable, of(0.85, 2.0, 3.65)) == pytest.approx([0.0])


def test_breaths_before_and_after_the_beats_have_no_swing():
    beats = paced(6.0, 60.0)
    usable = np.ones(len(beats), bool)
    outside = of([-20.0, -2.0, 55.0, 80.0], [-16.0, 1.0, 59.0, 84.0], [-10.0, 8.0, 66.0, 90.0])
    assert np.isnan(rsa_per_breath(beats, usable, outside)).all()
    assert rsa_per_breath(NO_BEATS, np.empty(0, bool), outside).shape == (4,)
    assert rsa_per_breath(beats, usable, of([], [], [])).shape == (0,)


@pytest.mark.parametrize("rate", [5.0, 10.0, 15.0])
def test_breaths_of_a_signal_and_of_the_intervals_agree(rate):
    beats = paced(rate, 120.0, half=60.0)
    # The heart is fastest in the middle of breathing in.
    time = np.arange(0.0, 118.0, 0.05)
    found = breaths(time, np.cos(2 * np.pi * rate / 60 * time))
    swing = rsa_per_breath(beats, np.ones(len(beats), bool), found)
    own = mean_swing(every(beats, 0.0, 118.0), np.array([rate]))[0]
    assert np.nanmean(swing) == pytest.approx(own, rel=0.03)
