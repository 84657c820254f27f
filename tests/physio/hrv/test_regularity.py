"""Rhythm regularity: near 0.9 for one tone, low for noise, blind to size and level."""

import numpy as np
import pytest

from physio.beats import Beats
from physio.hrv.regularity import rhythm_regularity, rhythm_regularity_blocks
from physio.windows import whole, windows


def beats_of(rr, segment=None):
    segment = np.zeros(len(rr), int) if segment is None else segment
    return Beats(np.cumsum(rr) / 1000 + segment, rr, segment)


def everything(rr, segment=None):
    beats = beats_of(np.asarray(rr, float), segment)
    return whole(beats, np.ones(len(beats), bool), start=0.0, end=1.0)


def tones(*waves, seconds=64.0, level=900.0):
    time, rr = 0.0, []
    while time < seconds:
        rr.append(level + sum(a * np.sin(2 * np.pi * f * time + p) for a, f, p in waves))
        time += rr[-1] / 1000
    return np.array(rr)


@pytest.mark.parametrize("frequency", [0.075, 0.1, 0.15, 0.22])
@pytest.mark.parametrize("size", [5.0, 60.0])
def test_one_tone_reads_near_nine_tenths_whatever_its_size(frequency, size):
    found = rhythm_regularity(everything(tones((size, frequency, 0.4))))[0]
    assert 0.82 < found < 0.97


def test_two_equal_tones_share_it():
    found = rhythm_regularity(everything(tones((30, 0.08, 0.4), (30, 0.2, 1.0))))[0]
    assert found == pytest.approx(0.45, abs=0.08)


def test_noise_has_little_of_it():
    rng = np.random.default_rng(0)
    found = [rhythm_regularity(everything(rng.normal(900, 40, 71)))[0] for _ in range(40)]
    assert 0.15 < np.median(found) < 0.4
    assert all(0 < value <= 1 for value in found)


def test_a_gap_or_too_few_beats_have_no_value():
    rr = tones((30, 0.1, 0.0))
    assert np.isnan(rhythm_regularity(everything(rr, (np.arange(len(rr)) > 30).astype(int)))[0])
    assert np.isnan(rhythm_regularity(everything(rr[:7]))[0])
    assert np.isnan(rhythm_regularity(everything(np.full(70, 900.1)))[0])


def test_many_windows_at_once_give_each_its_own_value():
    rr = np.random.default_rng(1).normal(900, 40, 200) + 30 * np.sin(np.arange(200) / 2)
    beats = beats_of(rr)
    start = np.arange(0.0, 100.0, 10.0)
    held = windows(beats, np.ones(200, bool), start, start + 64)
    assert len(set(np.round(rhythm_regularity(held), 6))) == 10


def test_a_block_says_what_the_window_lacks_without_it():
    rng = np.random.default_rng(2)
    rr = rng.normal(900, 40, 300) + 30 * np.sin(np.arange(300) / 2)
    beats, usable = beats_of(rr, (np.arange(300) > 150).astype(int)), rng.random(300) > 0.1
    start = np.array([10.0, 55.5, 100.0, 160.0])
    held = windows(beats, usable, start, start + 64)
    value = rhythm_regularity(held)
    found = rhythm_regularity_blocks(held, value, 4)
    for block in range(4):
        edge = start + 16.0 * block
        for j in range(4):
            out = (beats.time > edge[j]) & (beats.time <= edge[j] + 16.0)
            alone = windows(beats, usable & ~out, start[j], start[j] + 64)
            expected = 4 * value[j] - 3 * rhythm_regularity(alone)[0]
            assert found[j, block] == pytest.approx(expected, rel=1e-9, nan_ok=True)
    assert np.isfinite(found).any(axis=1).tolist() == [True, True, False, True]


def test_a_window_with_too_few_beats_outside_a_block_says_nothing_of_it():
    rr = tones((30, 0.1, 0.0))
    beats = beats_of(rr)
    usable = (beats.time <= 16.0) | (np.arange(len(rr)) % 9 == 0)
    held = windows(beats, usable, 0.0, 64.0)
    found = rhythm_regularity_blocks(held, rhythm_regularity(held), 4)[0]
    assert np.isnan(found).tolist() == [True, False, False, False]
