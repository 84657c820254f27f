"""Detrended fluctuation analysis against plain loops, known processes and NeuroKit2."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physio.beats import Beats
from physio.hrv.fluctuation import LONG, SHORT, dfa_alpha1, dfa_alpha2, fluctuation
from physio.windows import whole


def everything(rr, segment=None, usable=None):
    rr = np.asarray(rr, float)
    segment = np.zeros(len(rr), int) if segment is None else np.asarray(segment)
    beats = Beats(np.cumsum(rr) / 1000 + segment, rr, segment)
    usable = np.ones(len(rr), bool) if usable is None else np.asarray(usable)
    return whole(beats, usable, start=0.0, end=1.0)


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


def test_neurokit_agrees_with_its_arguments_pinned():
    neurokit2 = pytest.importorskip("neurokit2", reason="the cross-check needs NeuroKit2")
    rr = np.random.default_rng(5).normal(800, 40, 400) + 60 * np.sin(np.arange(400) / 5)
    for sizes, measure in ((SHORT, dfa_alpha1), (LONG, dfa_alpha2)):
        theirs, _ = neurokit2.fractal_dfa(rr, scale=list(sizes), overlap=False)
        assert measure(everything(rr))[0] == pytest.approx(theirs, abs=1e-6)
