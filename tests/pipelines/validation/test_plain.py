"""The plain re-implementations, by hand; and annotations read back as written."""

import struct
from math import log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from physio.beats import Beats
from physio.windows import windows
from pipelines.validation import plain
from pipelines.validation.given.annotations import AUX, SKIP, annotated


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
