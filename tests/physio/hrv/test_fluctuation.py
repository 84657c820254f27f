"""Detrended fluctuation analysis against plain loops, known processes and NeuroKit2."""

from dataclasses import replace
from fractions import Fraction
from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physio.hrv.fluctuation import LONG, SHORT, dfa_alpha1, dfa_alpha2, fluctuation
from tests.physio.hrv.one_window import everything


def plain(runs, size):
    squares, beats = 0.0, 0
    for rr in runs:
        profile = np.cumsum(rr - np.mean(rr))
        for begin in range(0, len(rr) - size + 1, size):
            box = profile[begin : begin + size]
            line = np.polyval(np.polyfit(np.arange(size), box, 1), np.arange(size))
            squares += np.sum((box - line) ** 2)
            beats += size
    return np.sqrt(squares / beats) if beats else np.nan


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_every_size_equals_plain_loops_over_unbroken_runs(seed):
    rng = np.random.default_rng(seed)
    rr = rng.normal(800, 50, 90)
    segment = np.cumsum(rng.random(90) < 0.02)
    usable = rng.random(90) > 0.03
    pieces: list[list[float]] = [[]]
    for i in range(90):
        if not usable[i] or (i and segment[i] != segment[i - 1]):
            pieces.append([])
        if usable[i]:
            pieces[-1].append(rr[i])
    pieces = [np.array(piece) for piece in pieces if piece]
    found = fluctuation(everything(rr, segment, usable), SHORT)[0]
    expected = [plain(pieces, size) for size in SHORT]
    assert found == pytest.approx(expected, rel=1e-9, nan_ok=True)


@pytest.mark.parametrize("size", [4, 5, 8, 11, 16, 64])
def test_two_lengths_in_turn_have_their_closed_form(size):
    # The profile goes up and down by d: its variance less what the line explains.
    d = 25.0
    rr = 800 + d * np.tile([1.0, -1.0], 160)
    even = d**2 / 4 * (1 - 3 / (size**2 - 1))
    odd = d**2 / 4 * (1 - 1 / size**2)
    found = fluctuation(everything(rr), (size,))[0, 0]
    assert found == pytest.approx(np.sqrt(odd if size % 2 else even), rel=1e-12)


def exactly(rr):
    """Return the sum of squares that the profile of one box keeps, in whole fractions."""
    size = len(rr)
    profile = list(accumulate(Fraction(value) for value in rr))
    places = [Fraction(2 * i - size + 1, 2) for i in range(size)]
    mean = sum(profile) / size
    steep = sum(x * y for x, y in zip(places, profile, strict=True)) / sum(x * x for x in places)
    rests = (y - mean - steep * x for x, y in zip(places, profile, strict=True))
    return sum(rest * rest for rest in rests)


@given(st.integers(0, 2**32 - 1), st.sampled_from([4, 7, 16, 64]), st.sampled_from([1e-3, 1, 100]))
@settings(max_examples=30, deadline=None)
def test_the_fit_loses_no_digits(seed, size, spread):
    # The line through these profiles is up to a million times as high as what remains.
    rr = np.random.default_rng(seed).normal(2000, spread, size)
    found = fluctuation(everything(rr), (size,))[0, 0]
    assert found == pytest.approx(float(exactly(rr) / size) ** 0.5, rel=1e-9)


def slope(sizes, spread):
    return np.polyfit(np.log(sizes), np.log(spread), 1)[0]


def test_the_exponents_are_the_slopes_of_the_fluctuations():
    held = everything(np.random.default_rng(3).normal(800, 40, 700))
    assert dfa_alpha1(held)[0] == pytest.approx(slope(SHORT, fluctuation(held, SHORT)[0]))
    assert dfa_alpha2(held)[0] == pytest.approx(slope(LONG, fluctuation(held, LONG)[0]))


@pytest.mark.parametrize(("power", "expected"), [(0, 0.5), (1, 1.5)])
def test_white_noise_and_its_sum_have_their_known_long_exponents(power, expected):
    values = np.random.default_rng(1).normal(0, 1, 200_000)
    for _ in range(power):
        values = np.cumsum(values)
    held = everything(1000 + 500 * values / np.abs(values).max())
    assert dfa_alpha2(held)[0] == pytest.approx(expected, abs=0.03)


def test_a_window_too_short_for_the_largest_box_has_no_value():
    rr = np.random.default_rng(0).normal(800, 40, 63)
    assert np.isfinite(dfa_alpha1(everything(rr[:16]))[0])
    assert np.isnan(dfa_alpha1(everything(rr[:15]))[0])
    assert np.isnan(dfa_alpha2(everything(rr))[0])
    assert np.isnan(dfa_alpha1(everything(np.full(100, 800.1)))[0])


@given(st.floats(0.2, 3.0), st.floats(-200, 200))
@settings(max_examples=20, deadline=None)
def test_neither_level_nor_size_matters(factor, level):
    rr = np.random.default_rng(7).normal(0, 40, 300)
    one, other = everything(800 + rr), everything(1500 + level + factor * rr)
    for measure in (dfa_alpha1, dfa_alpha2):
        assert measure(one) == pytest.approx(measure(other), rel=1e-8)


def test_windows_at_every_beat_equal_each_alone_whatever_lies_outside():
    rng = np.random.default_rng(8)
    rr, usable = rng.normal(800, 40, 400), rng.random(400) > 0.02
    held = everything(rr, np.arange(400) // 150, usable)
    first = rng.permutation(300)
    last = first + rng.integers(0, 100, 300)
    edges = np.zeros(300)
    every = fluctuation(replace(held, start=edges, end=edges, first=first, last=last), SHORT)
    assert 0 < np.isnan(every).sum() < every.size
    for j in range(300):
        # Outside the window everything is another length.
        inside = (np.arange(400) >= first[j]) & (np.arange(400) < last[j])
        other = everything(np.where(inside, rr, rr + 300), np.arange(400) // 150, usable)
        alone = replace(other, first=first[j : j + 1], last=last[j : j + 1])
        np.testing.assert_array_equal(fluctuation(alone, SHORT), every[j : j + 1])


def test_no_windows_and_no_beats_have_no_values():
    held = everything(np.full(9, 800.0))
    assert dfa_alpha1(held.take(np.empty(0, int))).shape == (0,)
    assert np.isnan(dfa_alpha1(everything([]))).all()


def test_neurokit_agrees_with_its_arguments_pinned():
    import neurokit2

    rr = np.random.default_rng(5).normal(800, 40, 400) + 60 * np.sin(np.arange(400) / 5)
    for sizes, measure in ((SHORT, dfa_alpha1), (LONG, dfa_alpha2)):
        theirs, _ = neurokit2.fractal_dfa(rr, scale=list(sizes), overlap=False)
        assert measure(everything(rr))[0] == pytest.approx(theirs, abs=1e-6)
