import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from physio.arousal.baseline import NoBaseline, baseline, robust_spread
from physio.beats import NO_BEATS, Beats
from physio.breathing.rate import breathing_rate
from physio.breathing.rsa import rsa_amplitude
from physio.windows import windows


def beats_at(bpm, seconds=200.0, *, swing=0.0, rate=12.0, noise=0.0, seed=0) -> Beats:
    """Beats whose heart rate is a function of time, with breathing of `swing` ms each way."""
    rng, rr, now = np.random.default_rng(seed), [], 0.0
    while now < seconds:
        at = bpm(now) if callable(bpm) else bpm
        wave = swing * np.sin(2 * np.pi * rate / 60 * now)
        rr.append(60000.0 / at + wave + noise * rng.standard_normal())
        now += rr[-1] / 1000.0
    rr = np.array(rr)
    return Beats(np.cumsum(rr) / 1000.0, rr, np.zeros(len(rr), int))


def all_of(beats: Beats) -> np.ndarray:
    return np.ones(len(beats), bool)


def test_level_of_an_even_stretch_and_floor_of_its_spread():
    beats = beats_at(72.0)
    found = baseline(beats, all_of(beats), start=0.0, end=180.0)
    assert found.level == pytest.approx(72.0, rel=1e-9)
    assert found.spread == 2.0
    assert (found.start, found.end) == (0.0, 180.0)
    assert found.breathing_rate is None
    assert found.ln_rsa is None
    assert found.ln_rsa_spread is None


def test_one_restless_block_shifts_nothing():
    calm = beats_at(70.0)
    restless = beats_at(lambda t: 110.0 if 60.0 < t < 88.0 else 70.0)
    found = baseline(restless, all_of(restless), start=0.0, end=180.0)
    assert found.level == pytest.approx(
        baseline(calm, all_of(calm), start=0.0, end=180.0).level, abs=0.2
    )
    assert found.spread <= 3.0


def test_breathing_and_rsa_are_known_where_breathing_is_clear():
    beats = beats_at(65.0, swing=40.0, rate=13.0, noise=8.0)
    found = baseline(beats, all_of(beats), start=0.0, end=180.0)
    assert found.breathing_rate == pytest.approx(13.0, abs=0.2)
    assert np.exp(found.ln_rsa) == pytest.approx(80.0, rel=0.05)
    assert found.ln_rsa_spread == 0.25


def test_rsa_of_breaths_unlike_the_others_does_not_enter():
    slow, usual = beats_at(65.0, 95.0, swing=200.0, rate=5.0), beats_at(65.0, 200.0, swing=1.0)
    growing = (usual.rr - 60000.0 / 65.0) * (20.0 + usual.time / 5.0)
    rr = np.concatenate([slow.rr, 60000.0 / 65.0 + growing])
    beats = Beats(np.cumsum(rr) / 1000.0, rr, np.zeros(len(rr), int))
    found = baseline(beats, all_of(beats), start=0.0, end=290.0)
    begin = np.arange(0.0, 231.0, 30.0)
    held = windows(beats, all_of(beats), begin, begin + 60.0)
    rate = breathing_rate(held)
    amplitude = rsa_amplitude(held, rate)
    assert found.breathing_rate == pytest.approx(12.0, abs=0.5)
    alike = np.abs(rate - 12.0) < 2.0
    assert found.ln_rsa == pytest.approx(np.median(np.log(amplitude[alike])), abs=1e-9)
    assert np.nanmedian(np.log(amplitude)) > found.ln_rsa + 0.05


def test_flagged_intervals_and_gaps_do_not_count():
    beats = beats_at(60.0, 240.0)
    usable = all_of(beats)
    rr = beats.rr.copy()
    rr[20::30] = 400.0
    usable[20::30] = False
    keep = (beats.time < 95.0) | (beats.time > 120.0)
    holed = Beats(beats.time[keep], rr[keep], (beats.time[keep] > 100.0).astype(int))
    found = baseline(holed, usable[keep], start=0.0, end=210.0)
    assert found.level == pytest.approx(60.0, rel=1e-6)


@pytest.mark.parametrize(("seconds", "end"), [(0.0, 180.0), (50.0, 180.0), (180.0, 59.0)])
def test_too_little_is_refused_in_one_sentence(seconds, end):
    beats = beats_at(70.0, seconds) if seconds else NO_BEATS
    with pytest.raises(NoBaseline, match=r"^A baseline needs 60 s with beats; .*\.$") as caught:
        baseline(beats, all_of(beats), start=0.0, end=end)
    assert isinstance(caught.value, ValueError)


def test_a_minute_is_enough():
    beats = beats_at(70.0, 61.0)
    assert baseline(beats, all_of(beats), start=0.0, end=60.0).level == pytest.approx(70.0)


def test_what_lies_outside_the_stretch_plays_no_part():
    beats = beats_at(lambda t: 70.0 if 300.0 < t < 485.0 else 100.0, 600.0, noise=5.0)
    part = (beats.time > 290.0) & (beats.time < 490.0)
    alone = Beats(beats.time[part], beats.rr[part], beats.segment[part])
    whole = baseline(beats, all_of(beats), start=301.0, end=481.0)
    assert whole == baseline(alone, all_of(alone), start=301.0, end=481.0)
    assert whole.level == pytest.approx(70.0, abs=0.5)


@pytest.mark.sampled
@pytest.mark.parametrize("k", [2, 3, 4, 5, 6, 7, 8, 9, 10, 20])
def test_spread_is_that_of_normal_values_for_any_number_of_blocks(k):
    rng = np.random.default_rng(k)
    spreads = [robust_spread(row) for row in rng.normal(70.0, 3.0, (4000, k))]
    assert np.mean(spreads) == pytest.approx(3.0, rel=0.05)


@given(st.lists(st.floats(40.0, 150.0), min_size=2, max_size=12), st.floats(0.1, 5.0))
def test_spread_scales_and_ignores_the_level(values, factor):
    values = np.array(values)
    spread = robust_spread(values)
    assert robust_spread(factor * values + 10.0) == pytest.approx(factor * spread, abs=1e-9)
