"""Long windows: the median over the minutes laid in each of their unbroken stretches."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physio.beats import NO_BEATS, Beats
from physio.breathing.peak_to_trough import rsa_peak_to_trough
from physio.breathing.rate import breathing_rate, breathing_rate_blocks
from physio.breathing.rsa import rsa_amplitude, rsa_blocks
from physio.breathing.tiling import medians, shares, tiled
from physio.windows import tiles, windows


def recording(seconds, *, seed=0, cuts=(), noise=12.0):
    rng, rr, now = np.random.default_rng(seed), [], 0.0
    while now < seconds:
        rate = 12.0 + 3.0 * np.sin(now / 200.0)
        rr.append(900.0 + 45.0 * np.sin(2 * np.pi * rate / 60 * now) + noise * rng.normal())
        now += rr[-1] / 1000.0
    rr = np.array(rr)
    time = np.cumsum(rr) / 1000.0
    segment = np.searchsorted(np.asarray(cuts), time, side="left")
    return Beats(time + 7.0 * segment, rr, segment)


def every(beats, start, end):
    return windows(beats, np.ones(len(beats), bool), start, end)


def of_minutes(beats):
    start, end = tiles(beats, 60.0)
    held = every(beats, start, end)
    rate = breathing_rate(held)
    return rate, *swings(held, rate)


def swings(held, rate):
    amplitude = rsa_amplitude(held, rate)
    return amplitude, rsa_peak_to_trough(held, amplitude)


@pytest.mark.parametrize("cuts", [(), (200.0,), (95.0, 110.0, 430.0)])
def test_a_long_window_is_the_median_of_its_minutes_as_a_whole_recording_is(cuts):
    beats = recording(640.0, cuts=cuts)
    held = every(beats, 0.0, beats.time[-1])
    rate = breathing_rate(held)
    minutes = [np.nanmedian(values) for values in of_minutes(beats)]
    assert rate[0] == pytest.approx(minutes[0], rel=1e-12)
    fitted, extremes = swings(held, rate)
    assert fitted[0] == pytest.approx(minutes[1], rel=1e-12)
    assert extremes[0] == pytest.approx(minutes[2], rel=1e-12)


def test_blocks_of_a_long_window_are_its_minutes():
    beats = recording(330.0)
    held = every(beats, 0.0, 310.0)
    rate = breathing_rate(held)
    own, amplitude, _ = of_minutes(beats[: np.searchsorted(beats.time, 310.0, side="right")])
    assert len(own) == 5
    np.testing.assert_allclose(breathing_rate_blocks(held, rate, 5)[0], own)
    np.testing.assert_allclose(rsa_blocks(held, rate, 5)[0], amplitude)
    four = breathing_rate_blocks(held, rate, 4)[0]
    np.testing.assert_allclose(four, [own[:2].mean(), *own[2:]])


def test_a_window_is_fitted_as_one_up_to_75_seconds_and_in_halves_up_to_two_minutes():
    # In two minutes a pace wanders too far for one rate.
    beats = recording(130.0)
    assert tiled(every(beats, 0.0, 75.0)) is None
    for length in (80.0, 100.0, 120.0):
        two = every(beats, 0.0, length)
        halves = tiled(two)
        assert len(halves.window) == 2
        lasting = halves.tiles.end - halves.tiles.start
        np.testing.assert_allclose(lasting, lasting[0])
        assert breathing_rate(two)[0] == pytest.approx(breathing_rate(halves.tiles).mean())
    more = breathing_rate(every(beats, 0.0, 121.0))[0]
    assert more == pytest.approx(np.median(of_minutes(beats)[0]), rel=1e-12)


def test_two_minutes_with_a_gap_have_no_halves():
    beats = recording(118.0, cuts=(60.0,))
    held = every(beats, 0.0, 120.0)
    assert len(tiled(held).window) == 0
    assert np.isnan(breathing_rate(held)[0])


def test_few_minutes_tell_low_and_high_by_their_own_blocks():
    beats = recording(190.0)
    for length in (120.0, 180.0):
        held = every(beats, 0.0, length)
        rate = breathing_rate(held)
        parts = tiled(held).tiles
        own = breathing_rate_blocks(parts, breathing_rate(parts), 4)
        np.testing.assert_allclose(breathing_rate_blocks(held, rate, 4)[0], own.mean(axis=0))
        swing = rsa_amplitude(parts, breathing_rate(parts))
        assert np.isfinite(swing).all()
        assert np.isfinite(rsa_blocks(held, rate, 4)).all()


def test_a_practice_of_two_minutes_has_its_rate_from_its_clear_part():
    rng = np.random.default_rng(8)
    rr = 900.0 + 12.0 * rng.standard_normal(140)
    time = np.cumsum(rr) / 1000.0
    rr += np.where(time > 60.0, 50.0 * np.sin(2 * np.pi * 0.1 * time), 0.0)
    beats = Beats(np.cumsum(rr) / 1000.0, rr, np.zeros(len(rr), int))
    held = every(beats, 0.0, 120.0)
    rate = breathing_rate(held)
    assert rate[0] == pytest.approx(6.0, abs=0.3)
    assert np.isfinite(breathing_rate_blocks(held, rate, 4)).all()


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=12, deadline=None)
def test_sliding_equals_window_by_window_over_gaps(seed):
    rng = np.random.default_rng(seed)
    beats = recording(500.0, seed=seed, cuts=np.sort(rng.uniform(0, 500, 2)))
    usable = rng.random(len(beats)) > 0.03
    end = np.arange(130.0, beats.time[-1], 43.0)
    length = rng.choice([60.0, 125.0, 240.0, 300.0], len(end))
    held = windows(beats, usable, end - length, end)
    rate = breathing_rate(held)
    found = rate, *swings(held, rate)
    for j in range(len(end)):
        part = slice(int(held.first[j]), int(held.last[j]))
        alone = windows(beats[part], usable[part], end[j] - length[j], end[j])
        own = breathing_rate(alone)
        for value, together in zip((own, *swings(alone, own)), found, strict=True):
            assert value[0] == pytest.approx(together[j], rel=1e-9, nan_ok=True)


@given(place=st.integers(1, 399), hours=st.floats(0.001, 5.0))
@settings(max_examples=12, deadline=None)
def test_how_long_a_gap_is_makes_no_difference_wherever_it_lies(place, hours):
    plain = recording(360.0)
    segment = (np.arange(len(plain)) >= place).astype(int)
    found = []
    for gap in (3.5, 3600.0 * hours):
        beats = Beats(plain.time + gap * segment, plain.rr, segment)
        held = every(beats, 0.0, beats.time[-1])
        rate = breathing_rate(held)
        found.append((rate[0], *(size[0] for size in swings(held, rate))))
    assert np.isfinite(found[0]).all()
    np.testing.assert_allclose(*found, rtol=1e-12)


def test_five_minutes_have_five_tiles_wherever_the_edges_fall():
    beats = recording(400.0)
    end = np.arange(310.0, 390.0, 0.37)
    held = tiled(every(beats, end - 300.0, end))
    assert (np.bincount(held.window) == 5).all()


def test_overlapping_windows_share_their_minutes():
    beats = recording(900.0)
    end = beats.time[beats.time > 310.0]
    held = tiled(every(beats, end - 300.0, end))
    assert len(held.window) == 5 * len(end)
    assert len(held.tiles) < 0.6 * len(held.window)


def test_a_long_window_without_an_unbroken_minute_or_beats_has_none():
    beats = recording(200.0, cuts=np.arange(50.0, 200.0, 50.0))
    held = every(beats, 0.0, beats.time[-1])
    assert np.isnan(breathing_rate(held))[0]
    assert np.isnan(breathing_rate_blocks(held, np.array([12.0]), 4)).all()
    nothing = every(NO_BEATS, [0.0], [300.0])
    assert np.isnan(breathing_rate(nothing))[0]
    assert np.isnan(rsa_amplitude(nothing, np.array([6.0])))[0]


values = st.lists(
    st.tuples(st.integers(0, 4), st.floats(-9, 9) | st.just(float("nan"))), max_size=40
)


@given(values)
def test_medians_and_shares_are_those_of_plain_lists(pairs):
    pairs = sorted(pairs, key=lambda pair: pair[0])
    owner = np.array([pair[0] for pair in pairs], np.int64)
    value = np.array([pair[1] for pair in pairs], float)
    found, runs = medians(value, owner, 5), shares(value, owner, 5, 4)
    for j in range(5):
        own = value[(owner == j) & np.isfinite(value)]
        assert found[j] == pytest.approx(np.median(own) if len(own) else np.nan, nan_ok=True)
        known = runs[j][np.isfinite(runs[j])]
        assert len(known) == min(len(own), 4)
        if len(own) <= 4:
            np.testing.assert_allclose(known, own)
        else:
            lengths = np.bincount(np.arange(len(own)) * 4 // len(own))
            assert np.ptp(lengths) <= 1
            assert known @ lengths == pytest.approx(own.sum(), abs=1e-9)
