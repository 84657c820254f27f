"""Low and high: Student's t over blocks, against the textbook and against repetition."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from physio.beats import Beats
from physio.hrv import time_domain
from physio.hrv.baevsky import baevsky_blocks, baevsky_index
from physio.uncertainty import (
    MEMORY,
    WANDERING,
    beyond,
    block_count,
    dependence,
    interval,
)
from physio.windows import windows

T3 = 3.182446305284263
"""Student's t, 97.5 %, 3 degrees of freedom (any table)."""


def one(value, blocks, **options):
    low, high = interval(np.array([value]), np.array([blocks], float), **options)
    return low[0], high[0]


def test_four_blocks_by_hand():
    low, high = one(10.0, [8.0, 9.0, 11.0, 12.0], positive=False)
    margin = T3 * math.sqrt(10 / 3) / 2
    assert (low, high) == (pytest.approx(10 - margin), pytest.approx(10 + margin))


def test_of_positive_measures_the_logarithm_spreads():
    blocks = np.exp([-0.2, -0.1, 0.1, 0.2]) * 40
    low, high = one(40.0, blocks, positive=True)
    factor = math.exp(T3 * math.sqrt(0.1 / 3) / 2)
    assert (low, high) == (pytest.approx(40 / factor), pytest.approx(40 * factor))
    assert low * high == pytest.approx(40.0**2)


def test_a_block_at_zero_leaves_the_logarithm_out_and_limits_hold():
    low, high = one(1.0, [0.0, 0.0, 1.0, 9.0], positive=True, limits=(0.0, np.inf))
    assert low == 0.0
    assert high == pytest.approx(1 + T3 * np.std([0, 0, 1, 9], ddof=1) / 2)
    low, high = one(99.0, [90.0, 98.0, 99.0, 100.0], positive=False, limits=(0.0, 100.0))
    assert high == 100.0
    assert low < 99.0


def test_a_factor_beyond_all_measure_is_not_given():
    assert np.isnan(one(5.0, [1e-300, 1.0, 1e300, 1.0], positive=True)).all()
    assert np.isnan(one(5.0, [0.001, 1.0, 1000.0, 1.0], positive=True)).all()
    assert np.isfinite(one(5.0, [0.5, 1.0, 2.0, 1.0], positive=True)).all()
    assert np.isfinite(one(800.0, [1.0, 1.0, 1.0, 2000.0], positive=False)).all()


@pytest.mark.parametrize(
    ("value", "blocks"),
    [
        (5.0, [4.0, 5.0, 6.0]),
        (5.0, [4.0, 5.0, 6.0, np.nan]),
        (np.nan, [4.0, 5.0, 6.0, 7.0]),
        (5.0, [np.nan] * 5),
        (0.0, [0.0] * 4),
        (800.0, [800.0, 800.0 + 1e-10, 800.0, 800.0, np.nan]),
        (5.0, []),
    ],
)
def test_too_few_blocks_or_no_value_give_none(value, blocks):
    for positive in (True, False):
        assert np.isnan(one(value, blocks, positive=positive)).all()


@given(st.lists(st.floats(1, 1000), min_size=4, max_size=12), st.integers(0, 4), st.booleans())
@settings(max_examples=60, deadline=None)
def test_blocks_without_a_value_play_no_part_and_the_value_lies_inside(blocks, absent, positive):
    value = float(np.mean(blocks))
    assume(max(blocks) - min(blocks) > 1e-6 * value)
    low, high = one(value, blocks, positive=positive)
    assert low <= value * (1 + 1e-12)
    assert high >= value * (1 - 1e-12)
    padded = one(value, blocks + [np.nan] * absent, positive=positive)
    assert padded == pytest.approx((low, high), rel=1e-9)


def test_each_of_many_has_the_interval_it_has_alone():
    rng = np.random.default_rng(2)
    value, blocks = rng.normal(1, 1, (3, 50)), rng.normal(1, 1, (3, 50, 6))
    blocks[rng.random(blocks.shape) < 0.2] = np.nan
    positive, wanders = np.array([[True], [True], [False]]), np.array([[False], [True], [False]])
    least, length = np.array([[0.0], [-np.inf], [0.5]]), rng.uniform(1, 80, (3, 50))
    together = np.array(
        interval(
            value,
            blocks,
            positive=positive,
            limits=(least, 3.0),
            length=length,
            wanders=wanders,
            kept=0.9,
        )
    )
    assert np.isfinite(together).any(axis=2).all()
    for i, j in np.ndindex(3, 50):
        alone = one(
            value[i, j],
            blocks[i, j],
            positive=positive[i, 0],
            limits=(least[i, 0], 3.0),
            length=length[i, j],
            wanders=wanders[i, 0],
            kept=0.9,
        )
        np.testing.assert_array_equal(together[:, i, j], alone)


@pytest.mark.parametrize(
    ("duration", "trailing", "count"),
    [
        (60.0, 60.0, 4),
        (60.0 - 1e-11, 60.0, 4),
        (10.0, 10.0, 4),
        (240.0, 60.0, 4),
        (300.0, 60.0, 5),
        (60.0, 10.0, 6),
        (0.0, 60.0, 4),
    ],
)
def test_a_block_is_the_trailing_window_or_a_quarter(duration, trailing, count):
    assert block_count(np.array([duration]), trailing).tolist() == [count]


def test_the_interval_holds_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(0)
    for positive in (True, False):
        blocks = rng.normal(0, 0.2, (4000, 4))
        blocks = np.exp(blocks) if positive else blocks
        value = np.exp(np.log(blocks).mean(axis=1)) if positive else blocks.mean(axis=1)
        low, high = interval(value, blocks, positive=positive)
        truth = 1.0 if positive else 0.0
        assert np.mean((low <= truth) & (truth <= high)) == pytest.approx(0.95, abs=0.015)


@given(st.integers(2, 40), st.floats(0.5, 100.0))
@settings(max_examples=60, deadline=None)
def test_dependence_is_what_the_correlations_of_the_blocks_make_of_their_mean(count, length):
    # Means of blocks of a process whose likeness falls off as exp(-t / MEMORY), by summation.
    steps = 400
    time = (np.arange(steps) + 0.5) * length / steps
    far = time[:, None] - time
    own, *near = (np.exp(-np.abs(far + lag * length) / MEMORY).mean() for lag in range(3))
    fall = math.exp(-length / MEMORY)
    apart = np.abs(np.arange(count)[:, None] - np.arange(count))
    r = np.where(apart == 0, 1.0, near[0] / own * fall ** np.maximum(apart - 1.0, 0.0))
    assert near[1] / near[0] == pytest.approx(fall, rel=1e-6)
    truly = r.mean()
    seen = (1.0 - r.mean()) * count / (count - 1) / count
    expected = math.sqrt(truly / seen)
    assert dependence(length / MEMORY, count) == pytest.approx(expected, rel=1e-3)


def test_long_blocks_are_as_good_as_independent_and_short_ones_are_not():
    assert dependence(math.inf, 4) == pytest.approx(1.0, abs=1e-9)
    found = [dependence(length / MEMORY, 4) for length in (2.5, 15.0, 75.0)]
    assert found == pytest.approx([2.198, 1.176, 1.028], abs=5e-4)
    assert math.isfinite(dependence(0.0, 4))


def test_blocks_of_what_wanders_are_alike_whatever_their_length():
    assert dependence(1.0 / WANDERING, 4) == pytest.approx(1.6205, abs=5e-5)
    blocks = [8.0, 9.0, 11.0, 12.0]
    free = one(10.0, blocks, positive=False)[1] - 10.0
    for length in (0.5, 2.5, 75.0, math.inf):
        wide = one(10.0, blocks, positive=False, length=length, wanders=True)[1] - 10.0
        assert wide / free == pytest.approx(1.6205, abs=5e-5)
    alike = one(10.0, blocks, positive=False, length=15.0)[1] - 10.0
    assert alike / free == pytest.approx(1.176, abs=5e-4)


def test_of_1_over_f_blocks_spread_as_little_whatever_their_length():
    # What WANDERING rests on: the ratio of the mean's error to the spread of four blocks.
    rng = np.random.default_rng(1)
    frequency = np.fft.rfftfreq(1 << 20)
    draw = rng.standard_normal((2, len(frequency)))
    height = np.append(0.0, 1.0 / np.sqrt(frequency[1:]))
    wave = np.fft.irfft(height * (draw[0] + 1j * draw[1]))

    def ratio(length):
        far = wave.reshape(-1, 32, length).mean(axis=2)
        parts = wave.reshape(-1, 32, 4, length // 4).mean(axis=3)
        error = (far - far.mean(axis=1, keepdims=True)).var()
        return np.sqrt(error / (parts.var(axis=2, ddof=1).mean() / 4))

    assert ratio(32) == pytest.approx(ratio(512), rel=0.1)


@pytest.mark.parametrize("positive", [True, False])
def test_lost_beats_widen_as_if_there_were_fewer(positive):
    blocks = np.array([8.0, 9.0, 11.0, 12.0])
    whole = one(10.0, blocks, positive=positive)
    half = one(10.0, blocks, positive=positive, kept=0.25)
    scale = math.log if positive else float
    assert scale(half[1]) - scale(10.0) == pytest.approx(2 * (scale(whole[1]) - scale(10.0)))
    assert scale(10.0) - scale(half[0]) == pytest.approx(2 * (scale(10.0) - scale(whole[0])))


def noisy(seconds, seed, *, memory):
    """Return beats whose variability follows that of the last `memory` seconds."""
    rng = np.random.default_rng(seed)
    n = int(seconds / 0.8) + 1
    level = np.empty(n)
    level[0] = rng.normal()
    keep = math.exp(-0.8 / memory)
    step = rng.normal(0.0, math.sqrt(1 - keep**2), n)
    for i in range(1, n):
        level[i] = keep * level[i - 1] + step[i]
    rr = 800 + rng.normal(0, 20, n) * np.exp(0.3 * level)
    return Beats(np.cumsum(rr) / 1000, rr, np.zeros(n, int))


@pytest.mark.parametrize("span", [10.0, 30.0, 60.0])
@pytest.mark.parametrize("measure", [time_domain.rmssd, time_domain.sdnn])
def test_the_band_of_a_stationary_rhythm_holds_the_value_of_300_s(span, measure):
    held = []
    for seed in range(4):
        beats = noisy(7500, seed, memory=4.0)
        usable = np.ones(len(beats), bool)
        start = np.arange(0.0, 7100.0, 60.0)
        middle = start + (300 - span) / 2
        edges = middle[:, None] + np.arange(5) * span / 4
        blocks = windows(beats, usable, edges[:, :-1].ravel(), edges[:, 1:].ravel())
        low, high = interval(
            measure(windows(beats, usable, middle, middle + span)),
            measure(blocks).reshape(-1, 4),
            positive=True,
            length=span / 4,
        )
        truth = measure(windows(beats, usable, start, start + 300))
        held.append((low <= truth) & (truth <= high))
    assert 0.92 <= np.mean(held) <= (0.98 if span > 10 else 1.0)


def held_beats(rr, starts, seconds):
    beats = Beats(np.cumsum(rr) / 1000, rr, np.zeros(len(rr), int))
    return windows(beats, np.ones(len(rr), bool), starts, np.asarray(starts) + seconds)


def test_the_range_of_a_block_is_taken_as_far_out_as_theory_says():
    held = held_beats(np.random.default_rng(0).normal(880, 40, 500), [0.0], 300.0)
    found = baevsky_blocks(held, baevsky_index(held), 4)[0]
    n, parts = held.last[0] - held.first[0], held.blocks(4)
    times = 2 * math.log(n / 4) / math.log(n)
    assert 1.4 < times < 1.6
    ranges = [np.ptp(held.beats.rr[a:b]) for a, b in zip(parts.first, parts.last, strict=True)]
    whole = np.ptp(held.beats.rr[held.first[0] : held.last[0]])
    expected = baevsky_index(parts) * (whole / np.array(ranges)) ** (times - 1)
    assert found == pytest.approx(expected, rel=1e-12)


def test_a_block_without_half_its_beats_or_without_a_range_says_nothing():
    rr = np.random.default_rng(0).normal(880, 40, 400)
    rr[:90] = 900.0
    beats = Beats(np.cumsum(rr) / 1000, rr, np.zeros(len(rr), int))
    usable = (beats.time < 170.0) | (beats.time > 220.0)
    held = windows(beats, usable, [0.0, 400.0], [300.0, 420.0])
    found = baevsky_blocks(held, baevsky_index(held), 4)
    assert np.isfinite(found).tolist() == [[False, True, False, True], [False] * 4]


def bands_of_the_range(deviation):
    """Return how often bands hold the index, with and without its range taken further out."""
    rr = np.random.default_rng(3).normal(880, deviation, 400_000)
    held = held_beats(rr, np.arange(0.0, 350_000.0, 300.0), 300.0)
    value = baevsky_index(held)
    truth = math.exp(np.log(value).mean())
    plain = baevsky_index(held.blocks(4)).reshape(-1, 4)
    for blocks in (baevsky_blocks(held, value, 4), plain):
        low, high = interval(value, blocks, positive=True)
        yield np.mean((low <= truth) & (truth <= high))


@pytest.mark.parametrize("deviation", [20.0, 40.0, 60.0])
def test_the_band_of_the_range_of_independent_beats_holds_as_often_as_it_says(deviation):
    ours, _ = bands_of_the_range(deviation)
    assert 0.92 <= ours <= 0.98


def test_blocks_as_they_are_would_hold_it_too_seldom():
    ours, plain = bands_of_the_range(20.0)
    assert plain < 0.92 < ours


@pytest.mark.parametrize(
    ("value", "told"), [(630.0, False), (682.0, False), (560.0, True), (900.0, True)]
)
def test_a_factor_near_blocks_that_are_all_alike_is_still_theirs(value, told):
    blocks = np.array([[655.0, 647.8, 644.1, 653.2]])
    found = beyond(np.array([value]), blocks, positive=np.array([True]))
    assert found.tolist() == [told]
