"""Beats and breathing from made ECGs, whose beats are where they were put."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physio.beats import Beats
from physio.breathing.accelerometer import chest_tilt
from physio.breathing.rate import breathing_rate
from physio.ecg import (
    DELAY,
    advance,
    beat_quality,
    ecg_breathing,
    filters,
    finish,
    qrs_waves,
    r_peaks,
    read,
    start,
    together,
)
from physio.ecg.filters import averaged, design, filtered, first_filter
from physio.ecg.quality import READABLE
from physio.medians import median_of_known
from physio.windows import windows
from proof.validation.goals.ecg_breathing import made_tilt
from proof.validation.made.ecg import T_WAVE, beat_times, bumps, made
from tests.physio.ecg.heard import heard, in_pieces, same

PREMATURE = ((0.0, 0.025, 1.4), (0.07, 0.03, -0.6), (0.30, 0.06, -0.35))


@pytest.mark.parametrize("rate", [100, 130, 199.9, 250, 360, 500, 1000, 4000])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_every_beat_is_found_to_a_millisecond(rate, sign):
    beats = beat_times(60.0)
    found = heard(sign * made(beats, rate, 60.0, noise=0.002), rate)
    peaks = found.peaks
    assert len(peaks) == len(beats)
    assert np.max(np.abs(peaks.time - beats)) < 0.001
    assert np.all(peaks.upright == (sign > 0))
    assert np.all(found.readable)
    assert found.reason is None
    assert peaks.gaps == ()


def test_at_130_hz_the_sampling_hardly_adds_to_rmssd():
    """science.md 12: 28.88 for 28.29 without refinement, 28.32 with it."""
    beats = beat_times(300.0, spread=0.02)
    true = np.sqrt(np.mean(np.diff(beats, n=2) ** 2))
    found = np.diff(r_peaks(made(beats, 130, 300.0, noise=0.0), 130).time, n=1)
    assert np.sqrt(np.mean(np.diff(found) ** 2)) == pytest.approx(true, rel=0.003)


def test_a_deep_s_wave_does_not_turn_the_beat_over():
    beats = beat_times(60.0)
    time = np.arange(60 * 130) / 130
    deep = ((0.0, 0.011, 1.0), (0.035, 0.011, -1.3), *T_WAVE)
    # a little noise: without any, the flat start would be a signal that stands still
    noise = 0.002 * np.random.default_rng(0).standard_normal(len(time))
    peaks = r_peaks(bumps(time, beats, deep, np.ones(len(beats))) + noise, 130)
    assert np.all(peaks.upright)
    assert np.max(np.abs(peaks.time - beats)) < 0.003


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_pieces_equal_the_whole(data):
    seed = data.draw(st.integers(0, 1000))
    rate = data.draw(st.sampled_from([100, 130, 250, 360]))
    rng = np.random.default_rng(seed)
    ecg = made(beat_times(90.0, seed=seed), rate, 90.0, noise=rng.choice([0.01, 0.2]), seed=seed)
    for _ in range(rng.integers(0, 4)):
        a, n = rng.integers(0, len(ecg)), rng.integers(1, 5 * rate)
        ecg[a : a + n] = rng.choice([np.nan, np.inf, ecg[a]])
    cuts = np.sort(rng.integers(0, len(ecg), data.draw(st.integers(0, 120))))
    assert same(in_pieces(ecg, rate, cuts), heard(ecg, rate))


def test_beats_are_certain_after_the_stated_delay():
    rate, beats = 130, beat_times(120.0)
    ecg = made(beats, rate, 120.0, noise=0.1)
    whole, state, times, known = r_peaks(ecg, rate), start(rate), [], 0.0
    for place in range(0, len(ecg), 73):
        state, found = advance(state, ecg[place : place + 73])
        times.extend(found.time)
        known = found.end
        now = min(place + 73, len(ecg)) / rate
        assert known >= now - DELAY - 1.0 / rate
        due = whole.time[whole.time < now - DELAY - 0.2]
        assert times[: len(due)] == due.tolist()
    assert known > 100.0


def test_the_buffer_that_samples_came_in_may_be_used_again():
    rate = 130
    ecg = made(beat_times(40.0), rate, 40.0)
    state, parts, buffer = start(rate), [], np.empty(260)
    for piece in ecg.reshape(-1, 260):
        buffer[:] = piece
        state, found = advance(state, buffer)
        parts.append(found)
        buffer[:] = 99.0
    assert np.array_equal(together([*parts, finish(state)[1]]).time, r_peaks(ecg, rate).time)


def test_gain_and_offset_change_nothing_but_the_waves():
    ecg = made(beat_times(60.0), 250, 60.0, noise=0.0)
    plain, moved = heard(ecg, 250), heard(1024.0 * ecg + 5000.0, 250)
    assert np.allclose(plain.peaks.time, moved.peaks.time, atol=1e-8)
    assert np.allclose(1024.0 * plain.waves.amplitude, moved.waves.amplitude, rtol=1e-8)
    assert np.allclose(1024.0 * plain.waves.baseline + 5000.0, moved.waves.baseline, rtol=1e-8)


@pytest.mark.parametrize("broken", [np.nan, np.inf, 0.3])
def test_nothing_is_found_in_a_hole_and_no_interval_bridges_it(broken):
    beats = beat_times(90.0)
    ecg = made(beats, 250, 90.0)
    ecg[30 * 250 : 32 * 250] = broken
    found = heard(ecg, 250)
    peaks = found.peaks
    assert len(peaks.gaps) == 1
    assert peaks.gaps[0].start == pytest.approx(30.0, abs=0.02)
    assert peaks.gaps[0].end == pytest.approx(32.0, abs=0.02)
    assert not np.any((peaks.time > 30.0) & (peaks.time < 32.0))
    outside = beats[(beats < 29.9) | (beats > 32.4)]
    assert all(np.min(np.abs(peaks.time - beat)) < 0.003 for beat in outside)
    ends = found.intervals[0]
    assert np.unique(ends.segment).tolist() == [0, 1]
    assert not np.any((ends.start < 30.0) & (ends.time > 30.0))


def test_a_signal_at_the_end_of_the_amplifier_is_a_gap():
    ecg = made(beat_times(60.0), 250, 60.0)
    drift = np.interp(np.arange(len(ecg)) / 250, [0, 20, 25, 40, 45, 60], [0, 0, 3, 3, 0, 0])
    peaks = r_peaks(np.clip(ecg + drift, -2.0, 2.5), 250)
    lost = sum(gap.end - gap.start for gap in peaks.gaps)
    assert 14.0 < lost < 19.0
    assert {gap.cause for gap in peaks.gaps} == {"the ECG stands still or is cut off"}
    assert not np.any((peaks.time > 25.5) & (peaks.time < 39.5))


def test_a_short_hole_between_beats_costs_no_beat():
    beats = beat_times(60.0)
    ecg = made(beats, 250, 60.0)
    for beat in beats:
        place = int((beat + 0.12) * 250)
        ecg[place : place + 5] = np.nan
    peaks = r_peaks(ecg, 250)
    assert len(peaks) == len(beats)
    assert peaks.gaps == ()


def test_premature_beats_of_another_shape_are_found_and_readable():
    beats = beat_times(120.0, rr=0.85, spread=0.01)
    early = beats[2::4] - 0.3
    beats = np.delete(beats, np.arange(2, len(beats), 4))
    time = np.arange(120 * 130) / 130
    ecg = made(beats, 130, 120.0) + bumps(time, early, PREMATURE, np.ones(len(early)))
    found = heard(ecg, 130)
    peaks = found.peaks
    true = np.sort(np.concatenate((beats, early)))
    assert len(peaks) == len(true)
    assert np.max(np.abs(peaks.time - true)) < 0.01
    # the first premature beats have no other yet that they could resemble
    assert np.all(found.readable[peaks.time > 15.0])


def test_a_small_beat_is_found_where_one_seems_left_out():
    beats = beat_times(60.0, spread=0.01)
    height = np.ones(len(beats))
    height[20::9] = 0.38
    peaks = r_peaks(made(beats, 250, 60.0, height=height), 250)
    assert len(peaks) == len(beats)


def test_tall_t_waves_are_not_beats():
    beats = beat_times(60.0)
    time = np.arange(60 * 250) / 250
    tall = bumps(time, beats, ((0.30, 0.05, 1.1),), np.ones(len(beats)))
    assert len(r_peaks(made(beats, 250, 60.0) + tall, 250)) == len(beats)


@pytest.mark.parametrize("seed", range(4))
def test_noise_cannot_be_read(seed):
    noise = np.random.default_rng(seed).standard_normal(60 * 250)
    found = heard(noise, 250)
    assert found.reason is not None
    assert np.mean(found.readable) < 0.5
    assert np.median(found.quality.likeness) < READABLE


def test_where_noise_covers_the_beats_they_cannot_be_read():
    beats = beat_times(90.0)
    ecg = made(beats, 250, 90.0)
    ecg[30 * 250 : 60 * 250] += 1.5 * np.random.default_rng(0).standard_normal(30 * 250)
    found = heard(ecg, 250)
    peaks = found.peaks
    inside = (peaks.time > 34.0) & (peaks.time < 56.0)
    outside = (peaks.time < 27.0) | (peaks.time > 70.0)
    assert np.mean(found.readable[inside]) < 0.2
    assert np.all(found.readable[outside])
    within = found.intervals[0]
    assert np.mean((within.time > 34.0) & (within.time < 56.0)) < 0.1


@pytest.mark.parametrize(
    "ecg", [[], [1.0], np.zeros(5000), np.full(5000, np.nan), np.r_[np.nan, np.ones(400)]]
)
def test_a_signal_without_beats_says_so(ecg):
    found = heard(ecg, 130)
    assert len(found.peaks) == 0
    assert found.reason is not None
    assert len(found.intervals[0]) == 0


@pytest.mark.parametrize("rate", [0.0, 99.0, 4001.0, np.nan])
def test_other_rates_are_refused(rate):
    with pytest.raises(ValueError, match="samples per second"):
        r_peaks(np.zeros(10), rate)


def test_a_table_is_refused():
    with pytest.raises(ValueError, match="one row of samples"):
        r_peaks(np.zeros((10, 2)), 250)


def test_results_cannot_be_changed():
    peaks = r_peaks(made(beat_times(20.0), 130, 20.0), 130)
    with pytest.raises(ValueError, match="read-only"):
        peaks.time[0] = 0.0


@given(st.lists(st.lists(st.one_of(st.floats(-9, 9), st.just(np.nan)), min_size=4, max_size=4)))
def test_median_of_known(rows):
    rows = np.reshape(np.array(rows, dtype=float), (-1, 4))
    expected = [np.median(r[np.isfinite(r)]) if np.isfinite(r).any() else np.nan for r in rows]
    assert np.array_equal(median_of_known(rows), expected, equal_nan=True)


@pytest.mark.parametrize("rate", [100, 360, 4000])
def test_the_stated_delay_of_the_envelope_is_that_of_a_sharp_wave(rate):
    plan = design(float(rate))
    time = np.arange(int(4 * rate)) / rate
    wave = np.exp(-0.5 * ((time - 2.0) / 0.008) ** 2)
    whole = averaged(wave[: len(wave) // plan.step * plan.step], plan.step)
    work = filtered(first_filter(plan), whole, plan)[1]
    hump = np.argmax(work.envelope) / plan.work_rate
    assert hump - 2.0 == pytest.approx(plan.delay, abs=1.6 / plan.work_rate)


def breathing_ecg(per_minute, *, rate=130, seconds=90.0, depth=0.12, noise=0.01, seed=0):
    """Return an ECG whose intervals say nothing of breathing, and whose QRS sizes do."""
    beats = beat_times(seconds, seed=seed, rr=0.85, spread=0.03)
    height = 1.0 + depth * np.sin(2 * np.pi * per_minute / 60.0 * beats + seed)
    return made(beats, rate, seconds, noise=noise, seed=seed, height=height)


def breathing_of(ecg, rate, start_=10.0, length=60.0):
    found = heard(ecg, rate)
    beats, ends = found.intervals
    cut = windows(beats, np.ones(len(beats), bool), start_, start_ + length)
    return cut, ecg_breathing(cut, found.breath_signals(ends))


@pytest.mark.parametrize("per_minute", [4.5, 6.0, 9.0, 15.0, 22.0, 28.0])
def test_breathing_shows_in_the_waves_where_the_intervals_are_mute(per_minute):
    cut, found = breathing_of(breathing_ecg(per_minute), 130)
    assert np.isnan(breathing_rate(cut)[0])
    assert found.rate[0] == pytest.approx(per_minute, abs=0.2)
    assert found.weight[0].sum() == pytest.approx(1.0)
    assert np.argmin(found.weight[0]) == 0


def test_the_tilt_of_the_chest_is_one_signal_more():
    ecg = breathing_ecg(15.0)
    found = heard(ecg, 130)
    beats, ends = found.intervals
    cut = windows(beats, np.ones(len(beats), bool), 15.0, 75.0)
    tilt = chest_tilt(*made_tilt(15.0, 90.0))
    breathing = ecg_breathing(cut, found.breath_signals(ends), others=[tilt])
    assert breathing.weight.shape == (1, 6)
    assert breathing.weight[0, 5] > 0.15
    assert breathing.rate[0] == pytest.approx(15.0, abs=0.1)


def test_flagged_beats_say_nothing():
    ecg = breathing_ecg(12.0)
    found = heard(ecg, 130)
    beats, ends = found.intervals
    signals = found.breath_signals(ends).copy()
    usable = np.ones(len(beats), bool)
    usable[20:60:7] = False
    cut = windows(beats, usable, 10.0, 70.0)
    clean = ecg_breathing(cut, signals).rate[0]
    signals[~usable] = 1e9
    assert ecg_breathing(cut, signals).rate[0] == clean
    assert clean == pytest.approx(12.0, abs=0.2)


def test_no_breathing_is_read_from_noise():
    """White noise in five signals: a rate in at most 3 of a hundred windows."""
    rng = np.random.default_rng(3)
    n = 80 * 200
    rr = 800.0 + 30.0 * rng.standard_normal(n)
    beats = Beats(np.cumsum(rr) / 1000.0, rr, np.zeros(n, int))
    begin = 60.0 * np.arange(int(beats.time[-1] // 60))
    cut = windows(beats, np.ones(n, bool), begin, begin + 60.0)
    found = ecg_breathing(cut, rng.standard_normal((n, 4)))
    assert np.mean(np.isfinite(found.rate)) <= 0.03


def test_one_wild_beat_does_not_hide_breathing():
    ecg = breathing_ecg(15.0)
    found = heard(ecg, 130)
    beats, ends = found.intervals
    cut = windows(beats, np.ones(len(beats), bool), 10.0, 70.0)
    signals = found.breath_signals(ends).copy()
    signals[40] *= 50.0
    assert ecg_breathing(cut, signals).rate[0] == pytest.approx(15.0, abs=0.2)


def test_a_window_over_a_hole_has_no_breathing():
    ecg = breathing_ecg(15.0)
    ecg[40 * 130 : 42 * 130] = np.nan
    found = breathing_of(ecg, 130)[1]
    assert np.isnan(found.rate[0])
    assert np.isnan(found.score[0])


def test_windows_do_not_know_of_each_other():
    ecg = breathing_ecg(12.0, seconds=200.0)
    found = heard(ecg, 130)
    beats, ends = found.intervals
    begin = np.arange(0.0, 140.0, 7.0)
    cut = windows(beats, np.ones(len(beats), bool), begin, begin + 60.0)
    signals = found.breath_signals(ends)
    together_ = ecg_breathing(cut, signals).rate
    alone = [ecg_breathing(cut.take(np.array([k])), signals).rate[0] for k in range(len(begin))]
    assert np.allclose(together_, alone, rtol=1e-9, equal_nan=True)


def test_the_size_of_the_waves_is_that_of_the_ecg():
    waves = heard(made(beat_times(30.0), 1000, 30.0, noise=0.0), 1000).waves
    assert np.allclose(waves.amplitude, 1.0 + 0.11, atol=0.07)
    assert np.allclose(waves.baseline, 0.5 * (1.0 - 0.11), atol=0.04)


def test_a_long_signal_filtered_part_by_part_is_the_same(monkeypatch):
    level = np.random.default_rng(0).normal(size=1000)
    plan = design(130.0)
    whole_state, whole = filtered(first_filter(plan), level, plan)
    monkeypatch.setattr(filters, "TOGETHER", 7)
    state, parts = filtered(first_filter(plan), level, plan)
    assert np.array_equal(parts.steep, whole.steep)
    assert np.array_equal(parts.envelope, whole.envelope)
    assert np.array_equal(state.band, whole_state.band)
    assert np.array_equal(state.smooth, whole_state.smooth)


def test_only_the_state_that_gave_beats_out_knows_their_quality_and_waves():
    ecg = made(beat_times(120.0), 130, 120.0)
    before, first = advance(start(130.0), ecg[: 60 * 130])
    after, second = advance(before, ecg[60 * 130 :])
    other, whole = read(ecg, 130.0)
    for ask in (beat_quality, qrs_waves):
        for state, peaks in ((before, second), (after, first), (after, whole), (other, second)):
            with pytest.raises(ValueError, match="another state"):
                ask(state, peaks)
    assert len(beat_quality(after, second).readable) == len(second) > 0


def test_a_call_that_gave_nothing_out_is_told_nothing():
    ecg = made(beat_times(120.0), 130, 120.0)
    state, _ = advance(start(130.0), ecg)
    for piece in (ecg[:0], ecg[:1], ecg[:0]):
        state, found = advance(state, piece)
        assert len(found) == len(beat_quality(state, found).likeness) == 0
        assert len(qrs_waves(state, found).size) == 0


def test_beats_alone_are_those_of_the_full_reading():
    ecg = made(beat_times(60.0), 250, 60.0, noise=0.1)
    alone, other = r_peaks(ecg, 250), heard(ecg, 250).peaks
    for name in ("time", "upright", "hump"):
        assert np.array_equal(getattr(alone, name), getattr(other, name))
