"""Beats and estimates are frozen, and refuse what makes no sense."""

import dataclasses

import numpy as np
import pytest

from physio.beats import NO_BEATS, Beats, Gap, read_only
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


def test_a_slice_of_beats_is_beats():
    beats = Beats([1.0, 2.0, 3.0], [1000.0, 990.0, 980.0], [0, 0, 1])
    assert len(beats[1:]) == 2
    assert beats[1:].segment.tolist() == [0, 1]
    assert np.allclose(beats.start, [0.0, 1.01, 2.02])


def test_no_beats_are_beats():
    assert len(NO_BEATS) == 0
    assert NO_BEATS.start.shape == (0,)
    assert NO_BEATS.segment.dtype == np.int64


@pytest.mark.parametrize(
    "arrays", [([1.0], [1.0, 2.0], [0]), ([[1.0]], [[1.0]], [[0]]), ([1.0], [1.0], [0, 0])]
)
def test_arrays_of_different_lengths_are_refused(arrays):
    with pytest.raises(ValueError, match="of one length"):
        Beats(*arrays)


def test_read_only_keeps_a_read_only_array():
    array = read_only([1, 2], np.float64)
    assert read_only(array, np.float64) is array


def test_a_withheld_estimate_says_why():
    estimate = withheld("ms", "no beats", window=60.0)
    assert estimate == Estimate(None, "ms", None, None, 60.0, 0.0, 0.0, "no beats")
    assert Gap(1.0, 2.0, "link lost").cause == "link lost"
