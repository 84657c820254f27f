"""Laws of all measures at once, by the table: scale, level, order and the direction of time."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physio.beats import Beats
from physio.measures import MEASURES
from physio.presets import TASK_FORCE
from physio.values import Values
from physio.windows import whole

LONGER = {
    **dict.fromkeys(("mean_rr", "sdnn", "rmssd", "sdsd", "sd1", "sd2", "dc", "ac"), 1),
    **dict.fromkeys(("rsa_amplitude", "rsa_peak_to_trough"), 1),
    **dict.fromkeys(("mean_hr", "breathing_rate"), -1),
    **dict.fromkeys(("sampen", "dfa_alpha1", "dfa_alpha2", "pip", "ials", "pss", "pas"), 0),
}
"""By which power of k a measure grows where all intervals last k times as long."""

WIDER = {
    **dict.fromkeys(("sdnn", "rmssd", "sdsd", "sd1", "sd2", "rsa_amplitude"), 1),
    **dict.fromkeys(("lf", "hf", "vlf", "total_power"), 2),
    **dict.fromkeys(("lf_nu", "hf_nu", "lf_hf", "rhythm_regularity", "breathing_rate"), 0),
    **dict.fromkeys(("sampen", "dfa_alpha1", "dfa_alpha2", "pip", "ials", "pss", "pas"), 0),
}
"""The same where the swings about the mean are k times as wide, and times hardly move."""

LEVEL = (
    *("sdnn", "rmssd", "ln_rmssd", "sdsd", "pnn50", "pnn20", "sd1", "sd2"),
    *("sampen", "dfa_alpha1", "dfa_alpha2", "pip", "ials", "pss", "pas"),
)
"""What does not know the mean."""

ORDER = ("mean_rr", "mean_hr", "sdnn", "baevsky_index")
"""What does not know which interval came first."""

BACKWARDS = (
    *("mean_rr", "mean_hr", "sdnn", "rmssd", "ln_rmssd", "sdsd", "pnn50", "pnn20", "sd1", "sd2"),
    *("pip", "ials", "pss", "pas", "baevsky_index"),
)
"""What is the same where time runs backwards."""

seeds = st.integers(0, 2**32 - 1)
many = settings(max_examples=12, deadline=None)


def swings(seed, n=400):
    place = np.arange(n)
    rng = np.random.default_rng(seed)
    waves = 40 * np.sin(place / 0.9) + 30 * np.sin(place / 2.2 + 1) + 20 * np.sin(place / 40)
    return waves + rng.normal(0, 12, n)


def measured(rr, names=None):
    beats = Beats.of_any_length(np.cumsum(rr) / 1000.0, rr, np.zeros(len(rr), int))
    held = whole(beats, np.ones(len(rr), bool), start=0.0, end=float(beats.time[-1]))
    values = Values(held, TASK_FORCE)
    return {name: float(values[name][0]) for name in names or MEASURES}


@given(seeds, st.floats(0.8, 1.25))
@many
def test_longer_intervals(seed, factor):
    rr = 850.0 + swings(seed)
    before, after = measured(rr, LONGER), measured(factor * rr, LONGER)
    for name, power in LONGER.items():
        # A longer recording has another grid of rates, and other minutes.
        rel = 0.15 if name in ("breathing_rate", "rsa_amplitude", "rsa_peak_to_trough") else 1e-9
        expected = before[name] * factor**power
        assert after[name] == pytest.approx(expected, rel=rel, nan_ok=True), name


@given(seeds, st.floats(0.3, 1.5))
@many
def test_wider_swings(seed, factor):
    wave = 0.1 * swings(seed)
    before, after = (measured(850.0 + k * wave, WIDER) for k in (1.0, factor))
    for name, power in WIDER.items():
        # Wider swings move the beats in time, and a spectrum a little with them.
        exact = name in ("sdnn", "rmssd", "sdsd", "sd1", "sd2") or (power == 0 and name in LEVEL)
        expected = before[name] * factor**power
        assert after[name] == pytest.approx(expected, rel=1e-9 if exact else 0.05, nan_ok=True), (
            name
        )


@given(seeds, st.floats(-200.0, 400.0))
@many
def test_another_level(seed, shift):
    before, after = (measured(850.0 + level + swings(seed), LEVEL) for level in (0.0, shift))
    for name in LEVEL:
        assert after[name] == pytest.approx(before[name], rel=1e-9), name


@given(seeds)
@many
def test_another_order(seed):
    rr = 850.0 + swings(seed)
    shuffled = measured(np.random.default_rng(seed).permutation(rr))
    for name in ORDER:
        assert shuffled[name] == pytest.approx(measured(rr, [name])[name], rel=1e-9), name
    for name in ("rmssd", "sampen", "dfa_alpha1", "hf", "pip", "dc"):
        assert shuffled[name] != pytest.approx(measured(rr, [name])[name], rel=1e-3), name


@given(seeds)
@many
def test_backwards(seed):
    rr = 850.0 + swings(seed)
    forth, back = measured(rr), measured(rr[::-1].copy())
    for name in BACKWARDS:
        assert back[name] == pytest.approx(forth[name], rel=1e-9), name


@given(seeds)
@many
def test_what_slows_where_the_intervals_stand_on_their_heads_quickens(seed):
    wave = swings(seed)
    # So long that the 5 % of each anchor hardly depend on which of two intervals is the longer.
    up, down = measured(1e7 + wave, ("dc", "ac")), measured(1e7 - wave, ("dc", "ac"))
    assert up["dc"] == pytest.approx(-down["ac"], rel=1e-9)
    assert up["ac"] == pytest.approx(-down["dc"], rel=1e-9)


def test_each_logarithm_is_that_of_its_measure_and_shares_make_a_hundred():
    found = measured(850.0 + swings(5))
    assert found["ln_rmssd"] == pytest.approx(np.log(found["rmssd"]), rel=1e-12)
    assert found["ln_hf"] == pytest.approx(np.log(found["hf"]), rel=1e-12)
    assert found["lf_nu"] + found["hf_nu"] == pytest.approx(100.0, rel=1e-12)
    assert found["lf_hf"] == pytest.approx(found["lf_nu"] / found["hf_nu"], rel=1e-12)
    assert found["mean_hr"] == pytest.approx(60000.0 / found["mean_rr"], rel=1e-12)
    assert found["sd1"] == pytest.approx(found["sdsd"] / np.sqrt(2.0), rel=1e-12)
    lengths = 0.5 * (found["sd1"] ** 2 + found["sd2"] ** 2)
    assert lengths == pytest.approx(found["sdnn"] ** 2, rel=1e-12)


def test_every_measure_is_under_some_law_or_is_named_here():
    under = {*LONGER, *WIDER, *LEVEL, *ORDER, *BACKWARDS, "ln_hf"}
    assert set(MEASURES) - under == {"rsa_phase", "rsa_porges_bohrer"}
