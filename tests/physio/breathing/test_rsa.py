import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t as student

from physio.beats import NO_BEATS, Beats
from physio.breathing.rate import breathing_rate
from physio.breathing.rsa import rsa_amplitude, rsa_blocks
from physio.windows import Windows, windows


def beats_of(rr) -> Beats:
    rr = np.asarray(rr, dtype=float)
    return Beats(np.cumsum(rr) / 1000.0, rr, np.zeros(len(rr), int))


def cut(beats: Beats, start, length: float, usable=None) -> Windows:
    start = np.atleast_1d(np.asarray(start, dtype=float))
    usable = np.ones(len(beats), bool) if usable is None else usable
    return windows(beats, usable, start, start + length)


def paced(rate, seconds, *, at="start", half=50.0, level=920.0, noise=0.0, rng=None) -> Beats:
    """RR_i = level + half sin(2 pi f t_i), t_i the beginning or the end of the interval."""
    frequency, rr, now = rate / 60.0, [], 0.0
    phase = 0.0 if rng is None else rng.uniform(0.0, 2.0 * np.pi)
    while now < seconds + 3.0:
        interval = level + half * np.sin(2 * np.pi * frequency * now + phase)
        for _ in range(60 if at == "end" else 0):
            end = now + interval / 1000.0
            interval = level + half * np.sin(2 * np.pi * frequency * end + phase)
        rr.append(interval + (noise * rng.standard_normal() if noise else 0.0))
        now += rr[-1] / 1000.0
    return beats_of(rr)


@pytest.mark.parametrize("at", ["start", "end"])
@pytest.mark.parametrize("rate", [4.5, 6.0, 9.0, 12.0, 15.0])
def test_the_slow_breathing_promise(rate, at):
    window = cut(paced(rate, 300.0, at=at), np.arange(0.0, 240.0, 7.0), 60.0)
    found = breathing_rate(window)
    np.testing.assert_allclose(found, rate, atol=0.1)
    np.testing.assert_allclose(rsa_amplitude(window, found), 100.0, rtol=0.03)


@pytest.mark.parametrize("rate", [4.0, 6.0, 9.0, 12.0, 15.0, 18.0])
def test_amplitude_and_its_scatter_in_thirty_seconds(rate):
    rng = np.random.default_rng(int(rate))
    amplitude = np.array(
        [
            rsa_amplitude(cut(paced(rate, 30.0, noise=8.0, rng=rng), 0.0, 30.0), np.array([rate]))
            for _ in range(200)
        ]
    )
    assert amplitude.mean() == pytest.approx(100.0, rel=0.03)
    assert amplitude.std() <= 6.0


def test_a_wave_with_trend_is_recovered_exactly():
    time = np.cumsum(np.full(70, 0.9))
    beats = Beats(time, np.full(70, 900.0), np.zeros(70, int))
    rr = 900.0 + 2.0 * time + 30.0 * np.sin(2 * np.pi * 0.2 * time + 0.7)
    # The fit places each interval by the sum of those before it, so the wave is laid on that sum.
    for _ in range(200):
        at = np.cumsum(rr) / 1000.0
        rr = 900.0 + 2.0 * at + 30.0 * np.sin(2 * np.pi * 0.2 * at + 0.7)
    exact = Beats(np.cumsum(rr) / 1000.0, rr, beats.segment)
    assert rsa_amplitude(cut(exact, 0.0, 60.0), np.array([12.0]))[0] == pytest.approx(
        60.0, rel=1e-8
    )


@given(st.floats(0.1, 3.0))
def test_amplitude_is_proportional_to_the_swing(size):
    swing = paced(10.0, 62.0).rr - 920.0
    rate = np.array([10.0])
    one = rsa_amplitude(cut(beats_of(920.0 + 0.01 * swing), 0.0, 60.0), rate)
    more = rsa_amplitude(cut(beats_of(920.0 + 0.01 * size * swing), 0.0, 60.0), rate)
    assert more[0] / one[0] == pytest.approx(size, rel=0.01)


def test_flagged_intervals_do_not_count_but_their_time_passes():
    beats = paced(9.0, 70.0)
    early = np.arange(10, 70, 9)
    usable = np.ones(len(beats), bool)
    usable[early] = usable[early + 1] = False
    rr = beats.rr.copy()
    rr[early] -= 300.0
    rr[early + 1] += 300.0
    rate = np.array([9.0])
    flagged = rsa_amplitude(cut(beats_of(rr), 0.0, 60.0, usable), rate)[0]
    assert flagged == pytest.approx(100.0, rel=0.03)
    clean = rsa_amplitude(cut(beats, 0.0, 60.0, usable), rate)[0]
    assert flagged == pytest.approx(clean, rel=1e-9)


def test_sliding_equals_window_by_window():
    rng = np.random.default_rng(1)
    beats = paced(11.0, 240.0, noise=15.0, rng=rng)
    usable = rng.random(len(beats)) > 0.05
    start = np.arange(0.0, 180.0, 0.9)
    rate = rng.uniform(8.0, 14.0, len(start))
    together = rsa_amplitude(cut(beats, start, 60.0, usable), rate)
    blocks = rsa_blocks(cut(beats, start, 60.0, usable), rate, 4)
    for j in range(0, len(start), 11):
        alone = cut(beats, start[j], 60.0, usable)
        np.testing.assert_allclose(rsa_amplitude(alone, rate[j : j + 1]), together[j], rtol=1e-9)
        np.testing.assert_allclose(rsa_blocks(alone, rate[j : j + 1], 4)[0], blocks[j], rtol=1e-9)


def test_withheld_where_the_rate_is_unknown_or_a_gap_lies_inside():
    beats = paced(10.0, 130.0)
    window = cut(beats, [0.0, 30.0], 60.0)
    rate = np.array([np.nan, 10.0])
    assert np.isnan(rsa_amplitude(window, rate)).tolist() == [True, False]
    assert np.isnan(rsa_blocks(window, rate, 4)).any(axis=1).tolist() == [True, False]
    broken = Beats(beats.time, beats.rr, (beats.time > 40.0).astype(int))
    amplitude = rsa_amplitude(cut(broken, [0.0, 41.0], 60.0), np.array([10.0, 10.0]))
    assert np.isnan(amplitude).tolist() == [True, False]


def test_no_windows_and_no_beats():
    assert rsa_amplitude(cut(NO_BEATS, [], 60.0), np.empty(0)).shape == (0,)
    assert np.isnan(rsa_amplitude(cut(NO_BEATS, 0.0, 60.0), np.array([6.0])))[0]
    assert rsa_blocks(cut(NO_BEATS, 0.0, 60.0), np.array([6.0]), 4).shape == (1, 4)


def test_constant_intervals_have_no_amplitude():
    window = cut(beats_of(np.full(90, 800.0)), 0.0, 60.0)
    assert rsa_amplitude(window, np.array([10.0]))[0] == pytest.approx(0.0, abs=1e-6)
    assert np.isfinite(rsa_blocks(window, np.array([10.0]), 4)).all()


def test_blocks_are_pseudo_values_of_the_fit_without_each_block():
    beats = paced(9.0, 70.0, noise=20.0, rng=np.random.default_rng(5))
    rate = np.array([9.0])
    whole = rsa_amplitude(cut(beats, 0.0, 60.0), rate)[0]
    span = beats.time[beats.time <= 60.0][-1]
    for block in range(4):
        kept = (beats.time <= span * block / 4) | (beats.time > span * (block + 1) / 4)
        without = rsa_amplitude(cut(beats, 0.0, 60.0, kept), rate)[0]
        pseudo = np.exp(4.0 * np.log(whole) - 3.0 * np.log(without))
        found = rsa_blocks(cut(beats, 0.0, 60.0), rate, 4)[0, block]
        assert found == pytest.approx(pseudo, rel=1e-8)


@pytest.mark.parametrize("wander", [0.0, 0.25])
def test_blocks_tell_the_sampling_error(wander):
    # Depth wanders from breath to breath; the truth is its mean.
    rng = np.random.default_rng(21)
    covered = []
    for rate in rng.uniform(6.0, 18.0, 150):
        beats = paced(rate, 60.0, noise=15.0, rng=rng)
        depth = np.interp(beats.time, np.arange(0, 70, 5.0), 1 + wander * rng.normal(size=14))
        window = cut(beats_of(920.0 + depth * (beats.rr - 920.0)), 0.0, 60.0)
        given_rate = np.array([rate])
        value = rsa_amplitude(window, given_rate)[0]
        half = student.ppf(0.975, 3) * np.log(rsa_blocks(window, given_rate, 4)[0]).std(ddof=1) / 2
        covered.append(abs(np.log(value / 100.0)) <= half)
    assert 0.88 <= np.mean(covered) <= 1.0


def test_overtones_beside_it_keep_the_swing_from_following_the_shape_of_the_breath():
    # Breaths with a quick rise and a slow fall; the beats at their crests are flagged.
    time, rr = 0.0, []
    while time < 64.0:
        angle = 2 * np.pi * 0.1 * time
        shape = np.sin(angle) + 0.35 * np.sin(2 * angle + 0.5) + 0.15 * np.sin(3 * angle + 1.0)
        rr.append(850.0 + 150.0 * shape)
        time += rr[-1] / 1000.0
    beats = beats_of(rr)
    usable = beats.rr < np.quantile(beats.rr, 0.95)
    rate = np.array([6.0])
    whole = rsa_amplitude(cut(beats, 0.0, 60.0), rate)[0]
    flagged = rsa_amplitude(cut(beats, 0.0, 60.0, usable), rate)[0]
    assert whole == pytest.approx(300.0, rel=0.02)
    assert flagged == pytest.approx(whole, rel=0.01)


def test_overtones_that_beats_do_not_carry_are_left_out():
    # At 24 breaths/min and a heart rate of 60 the first overtone lies at 48, beyond half of it.
    noise = np.random.default_rng(8).normal(0, 1e-3, 70)
    time = np.arange(1, 71) * 1.0
    swing = beats_of(1000.0 + 1.0 * np.sin(2 * np.pi * 0.4 * time) + noise)
    assert rsa_amplitude(cut(swing, 0.0, 60.0), np.array([24.0]))[0] == pytest.approx(2.0, rel=0.01)
