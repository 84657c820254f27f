"""The columns of a trace: each is its own measure over the trailing window of each point."""

from __future__ import annotations

import itertools
import struct
from math import inf

import numpy as np
import pytest

from physio import panel
from physio.measures import MEASURES
from pipelines.live.curves import MOST, trace
from pipelines.live.wearer import Wearer
from pipelines.session import Circumstances
from pipelines.session.curves import NAMES, WINDOWS
from pipelines.session.trace import COLUMNS as ALL
from pipelines.session.trace import Points, Trace, packed
from tests.pipelines.live.wearers import rhythm, wearing

COLUMNS = {
    "heart_rate": ("mean_hr", "value"),
    "heart_rate_low": ("mean_hr", "low"),
    "heart_rate_high": ("mean_hr", "high"),
    "rsa": ("rsa_amplitude", "value"),
    "rsa_low": ("rsa_amplitude", "low"),
    "rsa_high": ("rsa_amplitude", "high"),
    "breathing": ("breathing_rate", "value"),
}


def whole(wearer: Wearer, first: int = 0, *, rr_first: int = 0, talks=(), paced=False) -> Trace:
    return trace(wearer, first, rr_first, paced=paced, around=Circumstances(tuple(talks)))


def column(found: Trace, name: str) -> np.ndarray:
    return getattr(found.points(), name)


@pytest.fixture(scope="module")
def wearer() -> Wearer:
    """Three minutes with early beats, a gap, packets of several intervals, and a baseline."""
    rng = np.random.default_rng(3)
    rr = rhythm(110.0) + rng.normal(0, 6, len(rhythm(110.0)))
    for place in (30, 55, 80):
        rr[place : place + 2] += (-250.0, 250.0)
    found = wearing(rr, each=2)
    found.choose_baseline(0.0, 70.0)
    again = (found.last_arrival or 0.0) + 20.0
    return wearing(rhythm(75.0, lambda time: 78.0), start=again, each=2, wearer=found)


def over_its_own_window(wearer: Wearer, end: float, name: str, edge: str) -> float:
    beats, label = wearer.beats.since(0)
    (one,) = panel.trailing(beats, label, end=end, names=(name,)).values()
    known = getattr(one, edge)
    return np.nan if known is None else known


@pytest.mark.parametrize("name", COLUMNS)
def test_each_column_is_its_measure_over_the_trailing_window(wearer, name):
    found = whole(wearer)
    measure, edge = COLUMNS[name]
    expected = [over_its_own_window(wearer, end, measure, edge) for end in column(found, "time")]
    np.testing.assert_allclose(column(found, name), expected, rtol=1e-9)
    assert np.isfinite(expected).sum() > 30


def test_low_lies_below_and_high_above_the_value(wearer):
    found = whole(wearer)
    for name in ("heart_rate", "rsa"):
        low, value, high = (column(found, f"{name}{edge}") for edge in ("_low", "", "_high"))
        known = np.isfinite(low)
        assert known.any()
        assert (low[known] < value[known]).all()
        assert (value[known] < high[known]).all()


def test_columns_are_of_the_size_of_what_they_are_called(wearer):
    found = whole(wearer)
    assert np.nanmedian(column(found, "heart_rate")) == pytest.approx(72.0, abs=6.0)
    assert np.nanmedian(column(found, "breathing")) == pytest.approx(15.0, abs=1.0)
    assert 15.0 < np.nanmedian(column(found, "rsa")) < 60.0


def test_time_and_segment_are_those_of_the_packets_last_beat(wearer):
    beats, _ = wearer.beats.since(0)
    last = wearer.points.values - 1
    found = whole(wearer)
    np.testing.assert_array_equal(column(found, "time"), beats.time[last])
    np.testing.assert_array_equal(column(found, "segment"), beats.segment[last])
    assert set(column(found, "segment")) == {0.0, 1.0}
    np.testing.assert_array_equal(column(found, "trust"), wearer.trusts.values)
    assert (found.source, found.first, found.rr_first) == (0, 0, 0)


def test_corrected_counts_the_labelled_intervals_of_the_points_packet(wearer):
    _, label = wearer.beats.since(0)
    edges = np.concatenate(([0], wearer.points.values))
    expected = [np.count_nonzero(label[a:b]) for a, b in itertools.pairwise(edges)]
    counted = column(whole(wearer), "corrected")
    np.testing.assert_array_equal(counted, expected)
    assert counted[1:].sum() >= 3
    part = column(whole(wearer, 20), "corrected")
    np.testing.assert_array_equal(part, expected[20:])


def test_the_first_interval_of_all_counts_as_any_other():
    rr = rhythm(30.0)
    steady, odd = (wearing(one) for one in (rr, np.concatenate(([3100.0 - 110.0], rr))))
    assert column(whole(steady), "corrected").tolist() == [0.0] * len(rr)
    assert column(whole(odd), "corrected")[0] == 1.0


def test_arousal_is_the_index_of_the_same_windows_and_breaks_where_it_is_unknown(wearer):
    found = whole(wearer)
    beats, label = wearer.beats.since(0)
    expected = []
    for end in column(found, "time"):
        rows = panel.trailing(beats, label, end=end, names=NAMES)
        value = wearer.index(rows, end, Circumstances(), paced=False).value
        expected.append(np.nan if value is None else value)
    np.testing.assert_allclose(column(found, "arousal"), expected, rtol=1e-9)
    known = column(found, "arousal")[np.isfinite(expected)]
    assert len(known) > 30
    assert np.isnan(column(found, "arousal")).any()
    paced = column(whole(wearer, paced=True), "arousal")
    assert not np.array_equal(paced, column(found, "arousal"), equal_nan=True)


def test_without_a_baseline_no_arousal_is_drawn():
    found = whole(wearing(rhythm(90.0), each=10))
    assert np.isfinite(column(found, "rsa")).any()
    assert np.isnan(column(found, "arousal")).all()


def test_what_is_read_from_breathing_is_left_out_where_its_window_holds_talk(wearer):
    talks = ((70.0, 75.0),)
    quiet, found = whole(wearer), whole(wearer, talks=talks)
    end = column(found, "time")
    window = MEASURES["rsa_amplitude"].window
    hushed = (end > 70.0) & (end - window < 75.0)
    assert hushed.any()
    for name in ("rsa", "rsa_low", "rsa_high", "breathing"):
        expected = np.where(hushed, np.nan, column(quiet, name))
        np.testing.assert_array_equal(column(found, name), expected)
    np.testing.assert_array_equal(column(found, "heart_rate"), column(quiet, "heart_rate"))
    going_on = column(whole(wearer, talks=((70.0, inf),)), "rsa")
    assert np.isnan(going_on[end > 70.0]).all()


def test_a_part_is_the_same_part_of_the_whole(wearer):
    everything, count = whole(wearer), len(wearer.points)
    for first in (1, 17, 60, count - 1):
        part = whole(wearer, first)
        assert part.first == first
        for name in ALL:
            np.testing.assert_allclose(
                column(part, name), column(everything, name)[first:], rtol=1e-9, err_msg=name
            )


def test_past_the_newest_point_there_is_nothing(wearer):
    found = whole(wearer, len(wearer.points), rr_first=len(wearer.beats))
    assert [len(column(found, name)) for name in ("time", "rsa", "corrected")] == [0] * 3
    assert found.intervals().shape == (2, 0)
    assert len(column(whole(wearing([])), "time")) == 0


def test_an_answer_has_no_more_than_its_most():
    wearer = wearing(rhythm(260.0))
    assert len(wearer.points) > MOST + 20
    found = whole(wearer, 10)
    assert {len(column(found, name)) for name in ("time", "rsa", "trust", "corrected")} == {MOST}
    assert column(found, "time")[0] == wearer.beats.since(0)[0].time[10]


def test_intervals_are_all_from_the_one_asked_for(wearer):
    beats, _ = wearer.beats.since(0)
    found = whole(wearer, 5, rr_first=40)
    np.testing.assert_array_equal(found.intervals(), [beats.time[40:], beats.rr[40:]])
    assert found.rr_first == 40


def test_what_travels_is_what_arrives_column_by_column(wearer):
    made = Points(*np.random.default_rng(0).normal(size=(len(ALL), 7)))
    beats = wearer.beats.since(0)[0]
    arrived = packed(3, 5, made, 9, beats)
    for name in ALL:
        np.testing.assert_array_equal(getattr(arrived.points(), name), getattr(made, name))
    np.testing.assert_array_equal(arrived.intervals(), [beats.time, beats.rr])
    assert (arrived.source, arrived.first, arrived.rr_first) == (3, 5, 9)
    assert arrived.columns[:8] == struct.pack("<d", made.time[0])


def test_measures_in_view_and_their_windows():
    assert WINDOWS == [10.0, 60.0]
    assert NAMES == ("mean_hr", "rsa_amplitude", "breathing_rate")
