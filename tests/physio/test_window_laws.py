"""What every spectral and nonlinear measure owes: its own beats only, and no bridge over a gap."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physio.beats import NO_BEATS, Beats
from physio.breathing.porges import rsa_porges_bohrer
from physio.hrv import spectrum
from physio.hrv.baevsky import baevsky_index
from physio.hrv.entropy import sampen
from physio.hrv.fluctuation import dfa_alpha1, dfa_alpha2
from physio.hrv.fragmentation import ials, pas, pip, pss
from physio.hrv.poincare import sd1, sd2
from physio.hrv.prsa import ac, dc
from physio.hrv.regularity import rhythm_regularity
from physio.windows import windows


def porges(held):
    return rsa_porges_bohrer(held, np.full(len(held), 15.0))


def undetrended(held, band):
    return getattr(spectrum.band_powers(held, regularization=None, welch_window=60.0), band)


MEASURES = {
    "lf": spectrum.lf,
    "hf": spectrum.hf,
    "ln_hf": spectrum.ln_hf,
    "lf_nu": spectrum.lf_nu,
    "hf_nu": spectrum.hf_nu,
    "lf_hf": spectrum.lf_hf,
    "lf, trend left in": partial(undetrended, band="lf"),
    "hf, trend left in": partial(undetrended, band="hf"),
    "sd1": sd1,
    "sd2": sd2,
    "sampen": sampen,
    "dfa_alpha1": dfa_alpha1,
    "dfa_alpha2": dfa_alpha2,
    "pip": pip,
    "ials": ials,
    "pss": pss,
    "pas": pas,
    "dc": dc,
    "ac": ac,
    "baevsky_index": baevsky_index,
    "rsa_porges_bohrer": porges,
    "rhythm_regularity": rhythm_regularity,
}
WITHOUT_A_GAP = {"rhythm_regularity"}


def intervals(rng, n):
    place = np.arange(n)
    slow = 40 * np.sin(place / 9) + 30 * np.sin(place / 2.3 + 1)
    return np.round((800 + slow + rng.normal(0, 15, n)) * 1.024) / 1.024


def recording(seed, n=700, gaps=3, flagged=0.02):
    rng = np.random.default_rng(seed)
    segment = np.searchsorted(np.sort(rng.integers(1, n, gaps)), np.arange(n), side="right")
    rr = intervals(rng, n)
    time = np.cumsum(rr) / 1000 + 5.0 * segment
    return Beats(time, rr, segment), rng.random(n) >= flagged


@pytest.mark.parametrize("name", MEASURES)
@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=4, deadline=None)
def test_sliding_equals_window_by_window_and_ignores_all_other_beats(name, seed):
    beats, usable = recording(seed)
    end = np.arange(100.0, beats.time[-1], 61.0)
    length = np.random.default_rng(seed).choice([64.0, 120.0, 300.0], len(end))
    held = windows(beats, usable, end - length, end)
    together = MEASURES[name](held)
    assert together.shape == end.shape
    assert together.dtype == np.float64
    for j in range(len(end)):
        part = slice(int(held.first[j]), int(held.last[j]))
        alone = windows(beats[part], usable[part], end[j] - length[j], end[j])
        assert MEASURES[name](alone)[0] == pytest.approx(together[j], rel=1e-9, nan_ok=True)


@pytest.mark.parametrize("name", MEASURES)
@given(place=st.integers(1, 399), hours=st.floats(0.001, 5))
@settings(max_examples=6, deadline=None)
def test_how_long_a_gap_is_makes_no_difference_wherever_it_lies(name, place, hours):
    rr = intervals(np.random.default_rng(place), 400)
    segment = (np.arange(400) >= place).astype(int)
    usable = np.ones(400, bool)
    found = []
    for gap in (3.5, 3600 * hours):
        beats = Beats(np.cumsum(rr) / 1000 + gap * segment, rr, segment)
        found.append(MEASURES[name](windows(beats, usable, 0.0, beats.time[-1]))[0])
    assert found[0] == pytest.approx(found[1], rel=1e-12, nan_ok=True)
    assert np.isfinite(found[0]) == (name not in WITHOUT_A_GAP)


def lifted(level, *, gaps):
    """Return the one window of three stretches, the middle one longer by `level` ms a beat."""
    rr = intervals(np.random.default_rng(11), 420)
    middle = np.repeat([0, 1, 0], 140)
    rr = rr + level * middle
    segment = np.repeat([0, 1, 2], 140) if gaps else np.zeros(420, int)
    beats = Beats(np.cumsum(rr) / 1000 + 9.0 * segment, rr, segment)
    return windows(beats, np.ones(420, bool), 0.0, beats.time[-1])


@pytest.mark.parametrize("name", ["sd1", "dfa_alpha1", "dfa_alpha2", "pip", "ials", "pss", "pas"])
def test_a_step_of_level_at_a_gap_changes_nothing_and_without_a_gap_it_does(name):
    measure = MEASURES[name]
    apart = measure(lifted(400.0, gaps=True))
    assert apart == pytest.approx(measure(lifted(0.0, gaps=True)), rel=1e-9)
    assert apart != pytest.approx(measure(lifted(400.0, gaps=False)), rel=1e-4)


@pytest.mark.parametrize("name", ["lf", "hf"])
def test_a_step_of_level_at_a_gap_adds_no_power(name):
    measure = MEASURES[name]
    apart = measure(lifted(400.0, gaps=True))
    assert apart == pytest.approx(measure(lifted(0.0, gaps=True)), rel=0.35)
    assert measure(lifted(400.0, gaps=False)) > 1.5 * apart


@pytest.mark.parametrize("name", MEASURES)
def test_empty_windows_and_no_beats_have_no_value(name):
    beats, usable = recording(1)
    few = windows(beats, usable, [-50.0, 100.0, 10.0, 10.0], [-20.0, 90.0, 10.5, 12.0])
    assert np.isnan(MEASURES[name](few)[:3]).all()
    nothing = windows(NO_BEATS, np.empty(0, bool), [0.0], [60.0])
    assert np.isnan(MEASURES[name](nothing)).all()
    none = np.empty(0, np.int64)
    assert MEASURES[name](few.take(none)).shape == (0,)
    flagged = windows(beats, np.zeros(len(beats), bool), [0.0], [300.0])
    assert np.isnan(MEASURES[name](flagged)).all()
