"""Deceleration and acceleration capacity: the formula anchor by anchor, and a closed form."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physio.beats import Beats
from physio.hrv.prsa import FEWEST, ac, dc
from physio.windows import whole, windows


def everything(rr):
    rr = np.asarray(rr, float)
    beats = Beats(np.cumsum(rr) / 1000, rr, np.zeros(len(rr), int))
    return whole(beats, np.ones(len(rr), bool), start=0.0, end=1.0)


def plain(rr, usable, segment, sign):
    steps = []
    for i in range(2, len(rr) - 1):
        near = slice(i - 2, i + 2)
        change = (rr[i] - rr[i - 1]) / rr[i - 1]
        whole = usable[near].all() and segment[i - 2] == segment[i + 1]
        if whole and 0 < sign * change <= 0.05:
            steps.append((rr[i] + rr[i + 1] - rr[i - 1] - rr[i - 2]) / 4)
    return np.mean(steps) if len(steps) >= FEWEST else np.nan


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None)
def test_every_window_equals_the_formula_anchor_by_anchor(seed):
    rng = np.random.default_rng(seed)
    rr = np.round(rng.normal(800, 30, 300))
    segment, usable = np.cumsum(rng.random(300) < 0.02), rng.random(300) > 0.03
    beats = Beats(np.cumsum(rr) / 1000 + segment, rr, segment)
    start = rng.uniform(0, 150, 5)
    held = windows(beats, usable, start, start + rng.uniform(20, 120, 5))
    for j in range(5):
        part = slice(held.first[j], held.last[j])
        for measure, sign in ((dc, 1), (ac, -1)):
            expected = plain(rr[part], usable[part], segment[part], sign)
            assert measure(held)[j] == pytest.approx(expected, rel=1e-9, nan_ok=True)


def test_a_triangle_has_closed_capacities():
    # Up and down in steps of 10: an anchor moves by 10 or, at a turn, by 5 on average of four.
    rr = np.tile([800, 810, 820, 830, 820, 810], 40)
    assert dc(everything(rr))[0] == pytest.approx((5 + 10 + 5) / 3, rel=0.02)
    assert ac(everything(rr))[0] == pytest.approx(-(5 + 10 + 5) / 3, rel=0.02)


def test_too_few_or_too_large_changes_are_no_anchors():
    assert np.isnan(dc(everything([800.0, 805.0] * 10))[0])
    assert np.isfinite(dc(everything([800.0, 805.0] * 30))[0])
    assert np.isnan(dc(everything([800.0, 850.0] * 30))[0])
    assert np.isnan(dc(everything([800.0]))[0])


@given(st.floats(0.3, 3.0))
@settings(max_examples=20, deadline=None)
def test_capacities_scale_and_trade_places_in_a_mirror(factor):
    rr = 800 + np.random.default_rng(0).normal(0, 8, 400)
    assert dc(everything(factor * rr)) == pytest.approx(factor * dc(everything(rr)), rel=1e-9)
    assert dc(everything(rr))[0] > 0 > ac(everything(rr))[0]
