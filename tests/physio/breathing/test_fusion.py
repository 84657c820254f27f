"""Breathing fused from several signals: closed forms, laws, what is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physio.breathing import fusion
from physio.breathing.fusion import fused_breathing
from physio.breathing.sources import FEWEST
from physio.respiration import Source
from proof.validation.made.breathing import breathing, noise

KINDS = ("white", "falling", "irregular")


def tone(rate, *, seconds=120.0, every=0.8, strength=1.0, seed=0, phase=0.0, jitter=0.05, names=1):
    """Signals that hold one sinusoid each, at uneven times, with noise of a spread of 0.2."""
    rng = np.random.default_rng(seed)
    steps = every * (1.0 + jitter * rng.standard_normal(int(seconds / every)))
    time = np.cumsum(steps)
    turn = 2.0 * np.pi * rate / 60.0 * time[:, np.newaxis] + phase + np.arange(names)
    values = strength * np.sin(turn) + 0.2 * rng.standard_normal((len(time), names))
    labels = tuple(f"s{seed}.{k}" for k in range(names))
    return Source(labels, time, values, np.zeros(len(time), int))


def edges(first, *, length=60.0, number=1, step=5.0):
    start = first + step * np.arange(number)
    return start, start + length


@pytest.mark.parametrize("rate", [3.5, 4.5, 6.0, 9.0, 12.0, 15.0, 18.0, 22.0, 26.0, 29.5])
def test_the_rate_of_a_tone_whatever_its_phase_in_each_signal(rate):
    sources = [tone(rate, seed=1), tone(rate, seed=2, phase=2.0, names=3)]
    found = fused_breathing(*edges(5.0), sources)
    assert found.rate[0] == pytest.approx(rate, abs=0.1)
    assert found.weight[0].sum() == pytest.approx(1.0)


@pytest.mark.parametrize("length", [30.0, 45.0, 60.0, 120.0])
def test_windows_of_other_lengths(length):
    sources = [tone(12.0, seed=1, seconds=200.0), tone(12.0, seed=2, seconds=200.0, names=2)]
    found = fused_breathing(*edges(5.0, length=length), sources)
    assert found.rate[0] == pytest.approx(12.0, abs=0.2)


def test_breaths_are_counted_where_they_differ_in_length():
    """Half a minute at 10 and half at 16 are 13 breaths a minute, though none is of that length."""
    time = np.arange(0.0, 60.0, 0.7)
    turn = 2.0 * np.pi * np.where(time < 30.0, time / 6.0, 5.0 + (time - 30.0) / 3.75)
    rng = np.random.default_rng(0)
    both = np.stack([np.sin(turn), np.cos(turn)], axis=1) + 0.1 * rng.standard_normal(
        (len(time), 2)
    )
    source = Source(("a", "b"), time, both, np.zeros(len(time), int))
    found = fused_breathing(np.array([-0.1]), np.array([59.9]), [source])
    assert found.rate[0] == pytest.approx(13.0, abs=0.4)


def test_a_signal_without_rhythm_hardly_counts():
    mute = tone(12.0, strength=0.0, seed=5)
    clear = tone(12.0, seed=6, names=2)
    found = fused_breathing(*edges(5.0), [mute, clear])
    assert found.weight[0, 0] < 0.15
    assert found.rate[0] == pytest.approx(12.0, abs=0.1)


def test_an_evenly_and_fast_sampled_signal_is_one_more():
    time = np.arange(0.0, 120.0, 0.2)
    values = np.sin(2.0 * np.pi * 0.25 * time)[:, np.newaxis]
    fast = Source(("tilt",), time, values, np.zeros(len(time), int))
    found = fused_breathing(*edges(5.0), [tone(15.0, seed=1), fast])
    assert found.rate[0] == pytest.approx(15.0, abs=0.1)


def test_a_fast_signal_carries_what_the_beats_cannot():
    """At 48 beats a minute intervals end at 24 breaths; an accelerometer does not."""
    time = np.arange(0.0, 120.0, 0.2)
    values = np.sin(2.0 * np.pi * 28.0 / 60.0 * time)[:, np.newaxis]
    fast = Source(("tilt", "roll"), time, np.repeat(values, 2, axis=1), np.zeros(len(time), int))
    slow = tone(28.0, every=1.25, jitter=0.0)
    assert fused_breathing(*edges(5.0), [slow, fast]).rate[0] == pytest.approx(28.0, abs=0.1)


@given(st.floats(3.0, 60.0), st.floats(40.0, 150.0))
@settings(max_examples=40, deadline=None)
def test_no_rate_above_half_the_heart_rate_or_outside_3_to_30(rate, heart_rate):
    every = 60.0 / heart_rate
    sources = [tone(rate, every=every, jitter=0.02, seed=k) for k in (1, 2)]
    found = fused_breathing(*edges(5.0), sources).rate[0]
    inside = [s.time[(s.time > 5.0) & (s.time <= 65.0)] for s in sources]
    half = max(30.0 * (len(time) - 1) / (time[-1] - time[0]) for time in inside)
    assert np.isnan(found) or 3.0 <= found <= min(30.0, half)


@pytest.mark.parametrize("kind", KINDS)
def test_noise_is_refused(kind):
    made = noise(kind, seed=3, number=150)
    waves = Source(tuple("abcd"), made.windows.beats.time, made.waves, made.windows.beats.segment)
    rr = made.windows.beats.rr[:, np.newaxis]
    interval = Source(("rr",), made.windows.beats.time, rr, made.windows.beats.segment)
    found = fused_breathing(made.windows.start, made.windows.end, [interval, waves])
    assert np.mean(np.isfinite(found.rate)) <= 0.10


def of(made, factor=1.0, shift=0.0):
    beats = made.windows.beats
    values = np.concatenate((beats.rr[:, np.newaxis], made.waves), axis=1) * factor + shift
    return [
        Source(("rr",), beats.time, values[:, :1], beats.segment),
        Source(tuple("abcd"), beats.time, values[:, 1:], beats.segment),
    ]


def rates(made, sources):
    return fused_breathing(made.windows.start, made.windows.end, sources).rate


def test_gain_sign_and_level_of_a_signal_do_not_matter():
    made = breathing(0.15, number=20, seed=4)
    plain = rates(made, of(made))
    moved = rates(made, of(made, np.array([2.0, -8.0, 0.5, -1.0, 4.0]), 16.0))
    assert np.allclose(plain, moved, rtol=1e-6, equal_nan=True)
    assert np.isfinite(plain).mean() > 0.6


def test_a_drift_in_a_line_does_not_matter():
    made = breathing(0.1, number=20, seed=5)
    drifting = []
    for s in of(made):
        drift = 0.5 * s.time[:, np.newaxis] / 60.0 * s.values.std(axis=0)
        drifting.append(Source(s.names, s.time, s.values + drift, s.segment))
    plain, moved = rates(made, of(made)), rates(made, drifting)
    both = np.isfinite(plain) & np.isfinite(moved)
    assert both.mean() > 0.7
    assert np.median(np.abs(plain - moved)[both]) < 0.1


def test_the_order_of_signals_does_not_matter():
    made = breathing(0.15, number=20, seed=6)
    forth, back = rates(made, of(made)), rates(made, of(made)[::-1])
    assert np.allclose(forth, back, rtol=1e-9, equal_nan=True)


def test_sliding_equals_window_by_window(monkeypatch):
    sources = [tone(11.0, seed=1, seconds=300.0), tone(11.0, seed=2, seconds=300.0, names=4)]
    start, end = edges(2.0, number=60, step=3.7)
    together = fused_breathing(start, end, sources)
    alone = [fused_breathing(start[k : k + 1], end[k : k + 1], sources) for k in range(60)]
    monkeypatch.setattr(fusion, "AT_ONCE", 7)
    in_parts = fused_breathing(start, end, sources)
    for name in ("rate", "score", "weight"):
        one = np.concatenate([getattr(each, name) for each in alone])
        assert np.allclose(getattr(together, name), one, rtol=1e-9, atol=1e-12, equal_nan=True)
        assert np.allclose(getattr(in_parts, name), one, rtol=1e-9, atol=1e-12, equal_nan=True)


def test_nothing_outside_a_window_matters():
    source, other = tone(11.0, seed=1, names=2), tone(11.0, seed=2)
    start, end = edges(20.0)
    outside = (source.time <= 20.0) | (source.time > 80.0)
    changed = np.where(outside[:, np.newaxis], 1e6, source.values)
    spoilt = Source(source.names, source.time, changed, source.segment)
    plain, moved = (fused_breathing(start, end, [s, other]).rate for s in (source, spoilt))
    assert plain[0] == moved[0]


@given(st.floats(21.0, 79.0))
@settings(max_examples=20, deadline=None)
def test_no_gap_is_bridged_and_the_other_signals_go_on(where):
    source, other = tone(11.0, seed=1, names=2), tone(11.0, seed=2, names=2)
    torn = Source(source.names, source.time, source.values, (source.time > where).astype(int))
    found = fused_breathing(*edges(20.0), [torn, other])
    alone = fused_breathing(*edges(20.0), [other])
    assert np.all(found.weight[0, :2] == 0.0)
    assert found.rate[0] == pytest.approx(alone.rate[0], rel=1e-9)


def test_a_gap_in_all_leaves_nothing():
    source = tone(11.0, names=2)
    torn = Source(source.names, source.time, source.values, (source.time > 50.0).astype(int))
    found = fused_breathing(*edges(20.0), [torn])
    assert np.isnan(found.rate[0])
    assert np.isnan(found.score[0])
    assert np.all(found.weight == 0.0)


def test_one_signal_left_is_too_few():
    source, other = tone(11.0, seed=1), tone(11.0, seed=2)
    torn = Source(source.names, source.time, source.values, (source.time > 50.0).astype(int))
    assert np.isnan(fused_breathing(*edges(20.0), [torn, other]).rate[0])


def test_rows_that_are_not_finite_are_left_out():
    source = tone(11.0, names=3, seed=3)
    values = source.values.copy()
    values[::9, 1] = np.nan
    found = fused_breathing(
        *edges(20.0), [Source(source.names, source.time, values, source.segment)]
    )
    assert found.rate[0] == pytest.approx(11.0, abs=0.15)
    values[:, 0] = np.inf
    lost = fused_breathing(
        *edges(20.0), [Source(source.names, source.time, values, source.segment)]
    )
    assert np.isnan(lost.rate[0])


@pytest.mark.parametrize("count", [0, 1, FEWEST - 1])
def test_too_few_samples(count):
    time = np.arange(count) + 10.0
    source = Source(("a", "b"), time, np.ones((count, 2)), np.zeros(count, int))
    assert np.isnan(fused_breathing(*edges(0.0), [source]).rate[0])


def test_signals_that_stand_still_have_no_breathing():
    time = np.arange(100) * 0.8
    source = Source(("a", "b"), time, np.ones((100, 2)), np.zeros(100, int))
    assert np.isnan(fused_breathing(*edges(0.0), [source]).rate[0])


def test_a_single_sigh_does_not_speak_for_the_window():
    sources = [tone(16.0, seed=1), tone(16.0, seed=2, names=3)]
    sighing = []
    for s in sources:
        sigh = 4.0 * np.exp(-(((s.time - 40.0) / 3.0) ** 2))[:, np.newaxis]
        sighing.append(Source(s.names, s.time, s.values + sigh, s.segment))
    assert fused_breathing(*edges(10.0), sighing).rate[0] == pytest.approx(16.0, abs=0.5)


def test_fewer_than_two_signals_are_refused():
    with pytest.raises(ValueError, match="two signals or more; got 1"):
        fused_breathing(*edges(5.0), [tone(12.0)])


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"need values of shape \(3, 2\)"):
        Source(("a", "b"), np.arange(3.0), np.zeros((3, 1)), np.zeros(3, int))


def test_a_source_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        tone(12.0).values[0] = 0.0
