"""Beats and estimates are frozen, and refuse what makes no sense."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from physio.beats import NO_BEATS, Beats, Gap, beginnings, read_only
from physio.estimate import Estimate, withheld


def test_beats_are_read_only_and_leave_their_input_alone():
    time = np.array([1.0, 2.0])
    beats = Beats(time, [1000.0, 990.0], [0, 0])
    with pytest.raises(ValueError, match="read-only"):
        beats.rr[0] = 1.0
    time[0] = 9.0
    assert beats.time[0] == 1.0
    with pytest.raises(dataclasses.FrozenInstanceError):
        beats.rr = np.empty(0)


def test_a_run_begins_where_a_number_is_another_than_the_one_before():
    assert beginnings(np.array([2, 2, 5, 5, 1, 2])).tolist() == [0, 2, 4, 5]
    assert beginnings(np.array([7])).tolist() == [0]
    assert beginnings(np.empty(0, np.int64)).tolist() == []


def test_a_slice_of_beats_is_beats():
    beats = Beats([1.0, 2.0, 3.0], [1000.0, 990.0, 980.0], [0, 0, 1])
    assert len(beats[1:]) == 2
    assert beats[1:].segment.tolist() == [0, 1]
    assert np.allclose(beats.start, [0.0, 1.01, 2.02])


@pytest.mark.parametrize(
    "part", [slice(None, None, 2), slice(None, None, -1), 0, [0, 1], np.array([True, False, True])]
)
def test_beats_in_between_are_not_taken_out(part):
    beats = Beats([1.0, 2.0, 3.0], [1000.0, 990.0, 980.0], [0, 0, 1])
    with pytest.raises(TypeError, match="labelled, not taken out"):
        beats[part]


def test_time_elapses_with_the_intervals_alone():
    beats = Beats([1.0, 2.0, 9.0, 9.5], [1000.0, 990.0, 980.0, 500.0], [0, 0, 1, 1])
    assert beats.elapsed.tolist() == [0.0, 990.0, 0.0, 500.0]
    assert not beats.elapsed.flags.writeable


@pytest.mark.parametrize("absurd", [np.nan, np.inf, -np.inf, 0.0, -800.0, 1e7])
def test_what_is_no_length_lets_no_time_elapse(absurd):
    time = np.arange(4.0)
    beats = Beats.of_any_length(time, [900.0, absurd, 800.0, 700.0], np.zeros(4))
    assert beats.elapsed.tolist() == [0.0, 0.0, 800.0, 1500.0]
    short = Beats.of_any_length(time[:2], [absurd, 800.0], np.zeros(2))
    assert short.elapsed.tolist() == [0.0, 800.0]


@given(st.integers(0, 2**32 - 1), st.integers(0, 60), st.integers(0, 60))
def test_the_same_time_has_elapsed_at_a_beat_wherever_its_recording_is_cut(seed, one, other):
    rr = np.random.default_rng(seed).uniform(300.0, 2000.0, 60)
    beats = Beats(np.cumsum(rr) / 1000.0, rr, np.arange(60) // 25)
    begin, end = sorted((one, other))
    for part in (beats[begin:end], beats[begin:][: end - begin], beats[:end][begin:]):
        assert np.array_equal(part.elapsed, beats.elapsed[begin:end])


def test_no_beats_are_beats():
    assert len(NO_BEATS) == 0
    assert NO_BEATS.start.shape == NO_BEATS.elapsed.shape == NO_BEATS[3:].elapsed.shape == (0,)
    assert NO_BEATS.segment.dtype == np.int64


@pytest.mark.parametrize(
    "arrays", [([1.0], [1.0, 2.0], [0]), ([[1.0]], [[1.0]], [[0]]), ([1.0], [1.0], [0, 0])]
)
def test_arrays_of_different_lengths_are_refused(arrays):
    with pytest.raises(ValueError, match="of one length"):
        Beats(*arrays)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"rr": [0.8, 0.81, 0.79]}, "looks like seconds"),
        ({"rr": [800.0, np.nan, 790.0]}, r"rr\[1\] is nan, which is no number"),
        ({"time": [0.8, np.inf, 2.4]}, r"time\[1\] is inf"),
        ({"rr": [800.0, -810.0, 790.0]}, r"rr\[1\] is -810, which is no interval"),
        ({"rr": [800.0, 0.0, 790.0]}, "which is no interval"),
        ({"rr": [800.0, 810.0, 9000.0]}, r"rr\[2\] is 9000, which is no interval"),
        ({"time": [0.8, 2.4, 1.6]}, r"time\[2\] is 1.6, less than before"),
        ({"segment": [1, 1, 0]}, r"segment\[2\] is 0, less than before"),
        ({"time": [800.0, 1610.0, 2400.0]}, "give time in seconds"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_one_sentence(changes, words):
    given_ = {"time": [0.8, 1.61, 2.4], "rr": [800.0, 810.0, 790.0], "segment": [0, 0, 0]}
    assert len(Beats(**given_)) == 3
    with pytest.raises(ValueError, match=words) as refused:
        Beats(**(given_ | changes))
    assert str(refused.value).endswith(".")
    assert "\n" not in str(refused.value)


def test_read_only_keeps_a_read_only_array():
    array = read_only([1, 2], np.float64)
    assert read_only(array, np.float64) is array


def test_a_withheld_estimate_says_why():
    estimate = withheld("ms", "no beats", window=60.0)
    assert estimate == Estimate(None, "ms", None, None, 60.0, 0.0, 0.0, "no beats", share=0.0)
    assert Gap(1.0, 2.0, "link lost").cause == "link lost"
