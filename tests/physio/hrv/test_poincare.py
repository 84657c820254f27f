"""SD1, SD2 and Baevsky's index: closed forms and definitions written out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physio.beats import Beats
from physio.hrv.baevsky import baevsky_index
from physio.hrv.poincare import sd1, sd2
from physio.windows import windows
from tests.physio.hrv.one_window import everything


def test_an_ellipse_of_independent_intervals_is_round():
    held = everything(np.random.default_rng(0).normal(900, 40, 100_000))
    assert sd1(held)[0] == pytest.approx(40, rel=0.01)
    assert sd2(held)[0] == pytest.approx(40, rel=0.01)


def test_sd1_and_sd2_hold_the_variance_of_the_intervals():
    rr = np.random.default_rng(1).normal(900, 40, 300)
    held = everything(rr)
    assert sd1(held)[0] ** 2 + sd2(held)[0] ** 2 == pytest.approx(2 * np.var(rr, ddof=1))
    assert sd1(held)[0] == pytest.approx(np.std(np.diff(rr), ddof=1) / np.sqrt(2))


def test_neurokit_agrees_on_sd1_and_but_for_the_ends_on_sd2():
    import neurokit2

    rr = np.random.default_rng(2).normal(900, 40, 400) + 50 * np.sin(np.arange(400) / 6)
    theirs = neurokit2.hrv_nonlinear({"RRI": rr, "RRI_Time": np.cumsum(rr) / 1000})
    assert sd1(everything(rr))[0] == pytest.approx(theirs["HRV_SD1"][0], rel=1e-9)
    assert sd2(everything(rr))[0] == pytest.approx(theirs["HRV_SD2"][0], rel=0.005)


def test_baevsky_of_a_known_histogram():
    # Bins 750..800 (3 of 5) and 800..850 (2): AMo 60 %, Mo 0.775 s, range 0.07 s.
    held = everything([760.0, 770.0, 799.0, 800.0, 830.0])
    assert baevsky_index(held)[0] == pytest.approx(60 / (2 * 0.775 * 0.07))
    tie = everything([760.0, 770.0, 800.0, 830.0])
    assert baevsky_index(tie)[0] == pytest.approx(50 / (2 * 0.775 * 0.07))
    assert np.isnan(baevsky_index(everything([800.0] * 5))[0])
    assert baevsky_index(everything([3000.0, 2990.0]))[0] > 0


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_baevsky_of_many_windows_equals_its_definition_in_any_order_of_beats(seed):
    rng = np.random.default_rng(seed)
    rr, usable = rng.normal(800, 90, 80), rng.random(80) > 0.1
    beats = Beats(np.cumsum(rr) / 1000, rr, np.arange(80) // 30)
    held = windows(beats, usable, np.arange(0.0, 50, 5), np.arange(0.0, 50, 5) + 15)
    for j, found in enumerate(baevsky_index(held)):
        part = np.sort(rr[held.first[j] : held.last[j]][usable[held.first[j] : held.last[j]]])
        bins, count = np.unique(part // 50, return_counts=True)
        middle = 0.05 * (bins[np.argmax(count)] + 0.5)
        share = 100 * count.max() / len(part)
        expected = share / (2 * middle * (part[-1] - part[0]) / 1000) if np.ptp(part) else np.nan
        assert found == pytest.approx(expected, rel=1e-9, nan_ok=True)
