"""The plain re-implementations, by hand; and annotations read back as written."""

import struct
from math import isnan, log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from physio.beats import Beats
from physio.windows import windows
from proof.validation import plain
from proof.validation.given.annotations import AUX, SKIP, annotated
from proof.validation.made.beats import tone


def test_time_domain_by_hand():
    rr = np.array([800.0, 860.0, 850.0, 900.0, 700.0])
    beats = Beats(np.cumsum(rr) / 1000, rr, np.array([0, 0, 0, 1, 1]))
    held = windows(beats, np.array([True, True, True, True, False]), 0.0, 10.0)
    found = plain.time_domain(held, 0)
    assert found["mean_rr"] == 852.5
    assert found["mean_hr"] == 60000 / 852.5
    assert found["sdnn"] == pytest.approx(sqrt((52.5**2 + 7.5**2 + 2.5**2 + 47.5**2) / 3))
    assert found["rmssd"] == pytest.approx(sqrt((60**2 + 10**2) / 2))
    assert found["sdsd"] == pytest.approx(sqrt(2 * 35**2))
    assert (found["pnn50"], found["pnn20"]) == (50.0, 50.0)


def test_sample_entropy_by_hand():
    rr = np.array([1.0, 2.0, 1.0, 2.0, 1.0, 9.0])
    # Templates of two from the first four places: (1 2) (2 1) (1 2) (2 1); the last goes on to 9.
    assert plain.sample_entropy(rr, 0.5) == pytest.approx(-log(1 / 2))
    # All five of two, all four of three: 2 of 10 pairs alike, then 1 of 6.
    assert plain.sample_entropy_of_all(rr, 0.5) == pytest.approx(-log((1 / 6) / (2 / 10)))


def test_exponents_of_noise_and_of_its_sum():
    noise = np.random.default_rng(1).standard_normal(4000)
    for exponent in (plain.fluctuation_exponent, plain.fluctuation_exponent_of_means):
        assert exponent(noise, range(16, 65)) == pytest.approx(0.5, abs=0.07)
        assert exponent(np.cumsum(noise), range(16, 65)) == pytest.approx(1.5, abs=0.1)


def test_a_band_of_an_even_density():
    frequency = np.arange(0.0, 1.0, 0.1)
    density = np.full(10, 3.0)
    assert plain.from_edge_to_edge(frequency, density, 0.15, 0.42) == pytest.approx(0.81)
    assert plain.inside(frequency, density, 0.15, 0.42) == pytest.approx(0.6)


def test_no_trend_is_left_of_a_straight_line():
    line = np.linspace(3.0, 90.0, 50)
    assert np.allclose(plain.without_trend(line, 500.0), 0.0, atol=1e-6)


def whole(rr, segment=None, usable=None):
    """Return one window over all intervals."""
    lengths = np.asarray(rr, float)
    own = np.zeros(len(lengths), int) if segment is None else np.asarray(segment)
    kept = np.ones(len(lengths), bool) if usable is None else np.asarray(usable)
    time = np.cumsum(lengths) / 1000
    return windows(Beats(time, lengths, own), kept, 0.0, time[-1])


def test_capacities_by_hand():
    # Around each of 20 anchors 800 800 820 800, then 780 for 820: a step of a quarter of 20 ms.
    up, down = whole([800, 800, 820, 800] * 20), whole([800, 800, 780, 800] * 20)
    assert plain.capacity(up, 0, 1) == 5.0
    assert plain.capacity(down, 0, -1) == -5.0
    # Nineteen anchors are too few; a change above 5 % is none.
    assert isnan(plain.capacity(whole([800, 800, 820, 800] * 19), 0, 1))
    assert isnan(plain.capacity(whole([800, 800, 841, 800] * 40), 0, 1))


def test_neither_a_gap_nor_a_flagged_interval_is_crossed_by_an_anchor():
    rr = np.array([800, 800, 820, 800] * 20)
    assert isnan(plain.capacity(whole(rr, segment=np.arange(80) >= 2), 0, 1))
    assert isnan(plain.capacity(whole(rr, usable=np.arange(80) != 3), 0, 1))


def test_baevsky_by_hand():
    # Three of five in 800 to 850 ms, from 780 to 905 ms.
    assert plain.baevsky_index(whole([780, 800, 849, 905, 820]), 0) == pytest.approx(
        60 / (2 * 0.825 * 0.125)
    )
    # Two bins as full: the shorter one.
    assert plain.baevsky_index(whole([810, 910]), 0) == pytest.approx(50 / (2 * 0.825 * 0.1))
    assert isnan(plain.baevsky_index(whole([800] * 9), 0))
    assert isnan(plain.baevsky_index(whole([800, 900], usable=[False, False]), 0))


def test_fragmentation_by_hand():
    # Signs + + + 0 - + - + +: turns at both sides of the 0 and after each of the three singles.
    held = whole([800, 810, 820, 830, 830, 820, 830, 820, 830, 840])
    assert plain.fragmentation(held, 0) == {
        "pip": pytest.approx(100 * 5 / 8),
        "ials": pytest.approx(5 / 8),
        "pss": pytest.approx(100 - 100 * 3 / 9),
        "pas": 0.0,
    }


def test_an_alternation_is_four_singles_in_a_row():
    swing = [800, 820] * 3
    assert plain.fragmentation(whole(swing), 0)["pas"] == 100.0
    assert plain.fragmentation(whole(swing[:4]), 0)["pas"] == 0.0
    assert plain.fragmentation(whole(swing, segment=[0, 0, 0, 1, 1, 1]), 0)["pas"] == 0.0
    assert isnan(plain.fragmentation(whole([800]), 0)["pip"])


def test_the_lomb_density_of_a_tone_holds_its_power():
    beats = tone(0.1, 50.0, mean_rr=850.0, duration=300.0)
    density = plain.lomb(beats.rr, np.ones(len(beats), bool), highest=0.4)
    assert plain.from_edge_to_edge(*density, 0.04, 0.15) == pytest.approx(1250.0, rel=0.02)
    held = whole(beats.rr)
    assert plain.pooled_power(held, 0, 0.04, 0.15) == pytest.approx(1250.0, rel=0.02)
    assert plain.rhythm_regularity(whole(beats.rr[:75]), 0) == pytest.approx(0.9, abs=0.03)


def test_pieces_count_by_their_duration_and_short_ones_not():
    beats = tone(0.1, 50.0, mean_rr=850.0, duration=200.0)
    segment = np.searchsorted([60.0, 160.0, 180.0], beats.time)
    held = whole(beats.rr, segment)
    spans = [beats.rr[segment == number].sum() for number in (0, 1)]
    powers = [
        plain.pooled_power(whole(beats.rr[segment == number]), 0, 0.04, 0.15) for number in (0, 1)
    ]
    assert plain.pooled_power(held, 0, 0.04, 0.15) == pytest.approx(
        np.average(powers, weights=spans)
    )
    assert isnan(plain.pooled_power(whole(beats.rr[:20]), 0, 0.04, 0.15))
    assert isnan(plain.rhythm_regularity(held, 0))


def test_what_is_freed_of_its_trend_keeps_its_mean_and_its_quick_waves():
    time = np.arange(150)
    quick = 20.0 * (-1.0) ** time
    usable = time % 40 != 7
    held = whole(900.0 + 0.5 * time + quick, usable=usable)
    left = plain.freed(held, 0, 500.0)
    assert left.beats.rr[usable].mean() == pytest.approx(held.beats.rr[usable].mean())
    middle = slice(20, 130)
    swing = (left.beats.rr - left.beats.rr.mean())[middle] * (-1.0) ** time[middle]
    assert swing.mean() == pytest.approx(20.0, rel=0.05)
    assert np.abs(np.polyfit(time, left.beats.rr, 1)[0]) < 0.02


def written(steps, codes, texts):
    words = b""
    for step, code, text in zip(steps, codes, texts, strict=True):
        if step > 1023:
            words += struct.pack("<HHH", SKIP << 10, step >> 16, step & 65535)
            step = 0
        words += struct.pack("<H", code << 10 | step)
        if text:
            words += struct.pack("<H", AUX << 10 | len(text)) + text + b"\0" * (len(text) % 2)
    return words + b"\0\0"


@given(
    st.lists(
        st.tuples(st.integers(0, 2**20), st.integers(1, 49), st.sampled_from((b"", b"(N", b"odd"))),
        min_size=1,
        max_size=30,
    )
)
def test_annotations_are_read_as_written(tmp_path_factory, rows):
    steps, codes, texts = zip(*rows, strict=True)
    file = tmp_path_factory.mktemp("a") / "x.atr"
    file.write_bytes(written(steps, codes, texts))
    tick, code = annotated(file)
    assert tick.tolist() == np.cumsum(steps).tolist()
    assert code.tolist() == list(codes)
