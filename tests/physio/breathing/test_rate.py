import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t as student

from physio.beats import NO_BEATS, Beats
from physio.breathing.rate import breathing_rate, breathing_rate_blocks, may_be_slow_wave
from physio.periodogram import explained
from physio.ragged import ragged
from physio.windows import Windows, windows
from tests.recordings import DATA, real


def beats_of(rr, segment=None) -> Beats:
    rr = np.asarray(rr, dtype=float)
    return Beats.of_any_length(
        np.cumsum(rr) / 1000.0, rr, np.zeros(len(rr), int) if segment is None else segment
    )


def cut(beats: Beats, start, length: float, usable=None) -> Windows:
    start = np.atleast_1d(np.asarray(start, dtype=float))
    usable = np.ones(len(beats), bool) if usable is None else usable
    return windows(beats, usable, start, start + length)


def breather(rng, rate, seconds, *, half=50.0, mayer=12.0, noise=8.0, hr=None) -> Beats:
    """Intervals with breathing, a 0.1 Hz wave, a slow drift and noise (ms), at any heart rate."""
    level = 60000.0 / (rng.uniform(55.0, 90.0) if hr is None else hr)
    breath, wave, drift = rng.uniform(0.0, 2 * np.pi, 3)
    wave_rate, drift_rate = rng.uniform(0.085, 0.105), rng.uniform(0.003, 0.01)
    rr, now = [], 0.0
    while now < seconds + 3.0:
        rr.append(
            level
            + half * np.sin(2 * np.pi * rate / 60 * now + breath)
            + mayer * np.sin(2 * np.pi * wave_rate * now + wave)
            + 15.0 * np.sin(2 * np.pi * drift_rate * now + drift)
            + noise * rng.standard_normal()
        )
        now += rr[-1] / 1000.0
    return beats_of(rr)


@pytest.mark.parametrize(("seconds", "goal"), [(60.0, 0.1), (30.0, 0.5)])
def test_mean_error_on_synthetic_breathing(seconds, goal):
    rng = np.random.default_rng(11)
    rates = rng.uniform(4.5, 22.0, 150)
    found = np.array(
        [breathing_rate(cut(breather(rng, r, seconds), 0.0, seconds))[0] for r in rates]
    )
    assert np.mean(np.isnan(found)) <= 0.02
    assert np.nanmean(np.abs(found - rates)) <= goal


@pytest.mark.parametrize("rate", [3.9, 4.5, 6.0, 9.0, 15.0, 22.0])
def test_a_pure_wave_is_found_closely(rate):
    time = np.cumsum(np.full(70, 0.92))
    rr = 920.0 + 50.0 * np.sin(2 * np.pi * rate / 60 * time)
    assert breathing_rate(cut(beats_of(rr), 0.0, 60.0))[0] == pytest.approx(rate, abs=0.05)


def test_neither_drift_nor_mayer_wave_of_like_size_is_taken_for_breathing():
    rng = np.random.default_rng(3)
    found = [
        breathing_rate(cut(breather(rng, 15.0, 60.0, half=25.0, mayer=25.0), 0.0, 60.0))[0]
        for _ in range(40)
    ]
    assert np.nanmax(np.abs(np.array(found) - 15.0)) <= 1.0
    assert np.mean(np.isfinite(found)) >= 0.5


@given(rate=st.floats(3.0, 60.0), hr=st.floats(35.0, 110.0), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None)
def test_no_rate_above_half_the_heart_rate_is_ever_returned(rate, hr, seed):
    window = cut(breather(np.random.default_rng(seed), rate, 60.0, hr=hr, mayer=0.0), 0.0, 60.0)
    beats = window.beats.rr[window.first[0] : window.last[0]]
    found = breathing_rate(window)[0]
    assert np.isnan(found) or found <= min(30.0, 30000.0 / beats.mean()) * (1 + 1e-9)


@pytest.mark.parametrize(("rate", "hr"), [(28.0, 50.0), (24.0, 40.0), (29.0, 46.0)])
def test_faster_breathing_folds_to_heart_rate_less_breathing_rate(rate, hr):
    rng = np.random.default_rng(5)
    found = []
    for _ in range(10):
        beats = breather(rng, rate, 60.0, hr=hr, mayer=0.0, half=20.0)
        found.append(breathing_rate(cut(beats, 0.0, 60.0))[0])
    assert np.mean(np.isfinite(found)) >= 0.8
    np.testing.assert_allclose(np.nanmedian(found), hr - rate, atol=0.5)
    quick = breathing_rate(cut(breather(rng, rate, 60.0, hr=100.0), 0.0, 60.0))[0]
    assert quick == pytest.approx(rate, abs=0.2)


def test_intervals_cannot_tell_the_ten_second_wave_from_breathing_at_six():
    # The heart of this one hardly follows the breath of 15/min, but has a strong 0.1 Hz wave.
    time = np.cumsum(np.full(70, 0.9))
    wave = 900.0 + 30.0 * np.sin(2 * np.pi * 0.1 * time)
    hardly = wave + 2.0 * np.sin(2 * np.pi * 0.25 * time)
    found = breathing_rate(cut(beats_of(hardly), 0.0, 60.0))
    slow = breathing_rate(cut(beats_of(wave), 0.0, 60.0))
    np.testing.assert_allclose([found[0], slow[0]], 6.0, atol=0.1)
    assert may_be_slow_wave(found)[0]
    plainly = wave + 30.0 * np.sin(2 * np.pi * 0.25 * time)
    found = breathing_rate(cut(beats_of(plainly), 0.0, 60.0))
    assert found[0] == pytest.approx(15.0, abs=0.1)
    assert may_be_slow_wave(np.array([3.9, 4.0, 8.0, 8.1, np.nan, 15.0])).tolist() == [
        *(False, True, True, False, False, False)
    ]


@pytest.mark.parametrize(
    ("seconds", "heart_rate"), [(60.0, 55), (60.0, 80), (30.0, 55), (30.0, 80)]
)
def test_white_noise_mostly_has_no_clear_rhythm(seconds, heart_rate):
    rng = np.random.default_rng(7)
    noise = beats_of(60000.0 / heart_rate + 40.0 * rng.standard_normal(12000))
    start = np.arange(0.0, noise.time[-1] - seconds, seconds)
    alarms = np.mean(np.isfinite(breathing_rate(cut(noise, start, seconds))))
    # One percent is meant (`CHANCE`); of even noise, which is the largest of three, it is less.
    assert alarms <= (0.04 if seconds == 60.0 else 0.06)


@pytest.mark.parametrize("seconds", [60.0, 120.0])
def test_three_equal_rhythms_are_not_one_clear_one(seconds):
    time = np.cumsum(np.full(150, 0.85))
    rates = np.array([7.0, 11.6, 17.0])
    waves = np.sin(2 * np.pi * rates / 60 * time[:, np.newaxis]) / np.sqrt(rates)
    beats = beats_of(850.0 + 60.0 * waves.sum(axis=1))
    assert np.isnan(breathing_rate(cut(beats, 0.0, seconds))[0])


def test_variance_explained_is_that_of_a_plain_least_squares_fit():
    beats = breather(np.random.default_rng(14), 12.0, 60.0)
    usable = beats.time > 22.0
    batch = next(ragged(cut(beats, 0.0, 60.0, usable)))
    found = explained(batch, np.array([3.0]), np.array([0.7]), 35)[0]
    inside = usable & (beats.time <= 60.0)
    time, rr = beats.time[inside], beats.rr[inside]
    line = np.column_stack((np.ones_like(time), time))

    def rest(design):
        return np.mean((rr - design @ np.linalg.lstsq(design, rr, rcond=None)[0]) ** 2)

    for power, rate in zip(found, 3.0 + 0.7 * np.arange(35), strict=True):
        angle = 2 * np.pi * rate / 60 * time
        wave = np.column_stack((line, np.cos(angle), np.sin(angle)))
        assert power == pytest.approx(rest(line) - rest(wave), rel=1e-6, abs=1e-6)


def test_constant_intervals_have_no_rhythm():
    assert np.isnan(breathing_rate(cut(beats_of(np.full(80, 900.0)), 0.0, 60.0)))[0]


def test_sliding_equals_window_by_window():
    rng = np.random.default_rng(2)
    beats = breather(rng, 13.0, 300.0)
    usable = rng.random(len(beats)) > 0.03
    start = np.arange(0.0, 240.0, 0.7)
    together = breathing_rate(cut(beats, start, 60.0, usable))
    blocks = breathing_rate_blocks(cut(beats, start, 60.0, usable), together, 4)
    for j in range(0, len(start), 7):
        alone = cut(beats, start[j], 60.0, usable)
        own = slice(alone.first[0], alone.last[0])
        moved = Beats.of_any_length(beats.time[own] + 500.0, beats.rr[own], beats.segment[own] + 3)
        elsewhere = cut(moved, moved.time[0] - 0.001, 60.0, usable[own])
        for window in (alone, elsewhere):
            rate = breathing_rate(window)
            np.testing.assert_allclose(rate[0], together[j], rtol=1e-9)
            np.testing.assert_allclose(
                breathing_rate_blocks(window, rate, 4)[0], blocks[j], rtol=1e-7
            )


def test_whether_a_rhythm_is_clear_does_not_hang_on_the_last_digit():
    # Half the heart rate and the edges of a peak fall on grid points, here in every window.
    # The rhythm is so weak that noise decides where it is clear.
    rng = np.random.default_rng(21)
    rr = 850.0 + 40.0 * rng.standard_normal(4000) + 40.0 * np.sin(1.7 * np.arange(4000))
    plain = beats_of(rr)
    start = np.arange(0.0, plain.time[-1] - 31.0, 10.0)
    clear = np.isfinite(breathing_rate(cut(plain, start, 30.0)))
    assert 0.1 < clear.mean() < 0.9
    for scale in 1.0 + 1e-14 * rng.integers(-90, 90, 20):
        nearly = Beats.of_any_length(plain.time, rr * scale, plain.segment)
        again = np.isfinite(breathing_rate(cut(nearly, start, 30.0)))
        np.testing.assert_array_equal(again, clear)


def test_flagged_intervals_are_left_out_but_their_time_passes():
    rng = np.random.default_rng(4)
    beats = breather(rng, 10.0, 60.0)
    rr = beats.rr.copy()
    wrong = np.arange(6, len(rr) - 1, 12)
    rr[wrong] *= 0.6
    rr[wrong + 1] += beats.rr[wrong] - rr[wrong]
    usable = np.ones(len(rr), bool)
    usable[wrong] = usable[wrong + 1] = False
    assert breathing_rate(cut(beats_of(rr), 0.0, 60.0, usable))[0] == pytest.approx(10.0, abs=0.15)


@given(st.floats(0.3, 1.0))
def test_the_rate_follows_the_time_scale(scale):
    # All intervals shorter by `scale`: everything happens that much faster.
    beats = breather(np.random.default_rng(9), 8.0, 62.0, hr=60.0)
    plain = breathing_rate(cut(beats, 0.0, 60.0))[0]
    quick = breathing_rate(cut(beats_of(beats.rr * scale), 0.0, 60.0 * scale))[0]
    if np.isfinite(quick):
        assert quick * scale == pytest.approx(plain, rel=0.02)


@given(st.floats(0.01, 3.0))
def test_the_rate_does_not_depend_on_the_size_of_the_waves(size):
    time = np.cumsum(np.full(70, 0.9))
    wave = 20.0 * np.sin(2 * np.pi * 0.2 * time) + np.random.default_rng(1).normal(0, 4, 70)
    rate = breathing_rate(cut(beats_of(900.0 + size * wave), 0.0, 60.0))[0]
    assert rate == pytest.approx(12.0, abs=0.3)


def test_a_gap_inside_gives_no_rate():
    beats = breather(np.random.default_rng(6), 10.0, 60.0)
    segment = (np.arange(len(beats)) > 30).astype(int)
    window = cut(Beats.of_any_length(beats.time, beats.rr, segment), 0.0, 60.0)
    assert np.isnan(breathing_rate(window)[0])
    assert np.isnan(breathing_rate_blocks(window, np.array([10.0]), 4)).all()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(1e-3, 3000.0), max_size=90),
    st.floats(0.0, 100.0),
    st.integers(0, 2**32 - 1),
)
def test_any_intervals_give_a_rate_in_range_or_none(rr, start, seed):
    beats = beats_of(rr)
    usable = np.random.default_rng(seed).random(len(rr)) > 0.3
    rate = breathing_rate(cut(beats, start, 60.0, usable))
    assert np.isnan(rate[0]) or 3.0 <= rate[0] <= 30.0
    breathing_rate_blocks(cut(beats, start, 60.0, usable), rate, 4)


def test_no_windows_and_no_beats():
    assert breathing_rate(cut(NO_BEATS, [], 60.0)).shape == (0,)
    assert np.isnan(breathing_rate(cut(NO_BEATS, [0.0, 1.0], 60.0))).all()
    assert breathing_rate_blocks(cut(NO_BEATS, [], 60.0), np.empty(0), 4).shape == (0, 4)


def test_blocks_tell_the_sampling_error():
    rng = np.random.default_rng(12)
    covered = []
    for rate in rng.uniform(7.0, 20.0, 150):
        window = cut(breather(rng, rate, 60.0), 0.0, 60.0)
        found = breathing_rate(window)
        blocks = breathing_rate_blocks(window, found, 4)[0]
        half = student.ppf(0.975, 3) * blocks.std(ddof=1) / 2.0
        covered.append(abs(found[0] - rate) <= half)
    assert 0.89 <= np.mean(covered) <= 1.0


def test_a_block_without_beats_tells_nothing():
    beats = breather(np.random.default_rng(13), 10.0, 60.0)
    usable = beats.time > 15.0
    blocks = breathing_rate_blocks(cut(beats, 0.0, 60.0, usable), np.array([10.0]), 4)[0]
    assert np.isnan(blocks[0])
    assert np.isfinite(blocks[1:]).all()


@real
def test_real_slow_breathing_of_a_chest_strap():
    file = DATA / "polar_h10_dhyb" / "sample_data_ibi.csv"
    beats = beats_of(np.loadtxt(file, delimiter=",")[:, 1])
    rates = breathing_rate(cut(beats, np.arange(0.0, beats.time[-1] - 60.0, 60.0), 60.0))
    assert 3.6 <= np.nanmedian(rates) <= 4.2


@real
def test_real_paced_breathing_at_six_a_minute():
    file = DATA / "wearable_hrv_multidevice" / "test_vu.txt"
    rows = [line.split("\t")[:3] for line in file.read_text().splitlines()[3:] if line]
    clock = [row[0].split("/")[1].split(":") for row in rows]
    time = np.array([3600 * int(h) + 60 * int(m) + float(s) for h, m, s in clock])
    rr = np.array([float(row[2]) for row in rows])
    beats = Beats.of_any_length(time, rr, np.zeros(len(rr), int))
    begin = 3600 * 14 + 60 * 29 + 25.0
    rates = breathing_rate(cut(beats, np.arange(begin, begin + 121.0, 10.0), 60.0))
    np.testing.assert_allclose(rates, 6.0, atol=0.3)


@pytest.mark.parametrize("interval", [2.0, 50.0, 201.0, 230.0, 350.0, 374.0, 400.0, 500.0])
def test_a_window_of_too_few_seconds_has_no_rate_however_many_beats_it_holds(interval):
    beats = beats_of(interval + np.arange(8) % 3)
    held = cut(beats, 0.0, beats.time[-1])
    rate = breathing_rate(held)
    assert np.isnan(rate).all()
    assert np.isnan(breathing_rate_blocks(held, rate, 4)).all()
