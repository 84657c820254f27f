"""When beats ended by their whole segments: exact where a packet of each block is on time."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from physio.beats import NO_BEATS, Beats
from physio.time.envelope import BLOCK, on_envelope


def arrived(ends, late, segment=None):
    """Return beats that end at `ends` (s), whose clock tells nonsense, and their arrivals."""
    rr = 1000.0 * np.diff(ends, prepend=ends[0] - 1.0)
    segment = np.zeros(len(ends), int) if segment is None else segment
    return Beats.of_any_length(np.arange(len(ends)), rr, segment), ends + late


def jitter(rng, count, *, worst=1.0):
    """Return seconds by which beats arrive late, every tenth none at all."""
    late = rng.uniform(0.0, worst, count)
    late[::10] = 0.0
    return late


def test_no_beats():
    assert len(on_envelope(NO_BEATS, np.empty(0))) == 0


@pytest.mark.parametrize("minutes", [0.5, 2.0, 7.3, 60.0])
def test_a_steady_strap_is_told_exactly_however_its_packets_come(minutes):
    rng = np.random.default_rng(1)
    ends = 30.0 + np.cumsum(rng.uniform(0.7, 1.0, int(minutes * 70)))
    beats, arrival = arrived(ends, 2.0 + jitter(rng, len(ends)))
    assert on_envelope(beats, arrival) == pytest.approx(ends + 2.0, abs=1e-9)


def test_a_strap_whose_clock_runs_off_is_followed():
    rng = np.random.default_rng(2)
    ends = np.cumsum(rng.uniform(0.7, 1.0, 8000))
    beats, _ = arrived(ends, 0.0)
    true = ends * 1.0001
    found = on_envelope(beats, true + jitter(rng, len(ends)))
    # It runs off by 12 ms in a block, and the earlier edge of two counts where it gains.
    assert np.abs(found - true).max() <= 1.2 * 2 * BLOCK * 1e-4


def test_segments_are_told_each_by_itself_and_never_overlap():
    rng = np.random.default_rng(3)
    ends = np.concatenate((np.arange(1.0, 200.0), np.arange(260.0, 500.0)))
    segment = (ends > 230.0).astype(int)
    beats, arrival = arrived(ends, np.where(segment, 0.5, 2.0) + jitter(rng, len(ends)), segment)
    beats = Beats.of_any_length(beats.time, np.full(len(ends), 1000.0), segment)
    assert on_envelope(beats, arrival) == pytest.approx(ends + np.where(segment, 0.5, 2.0))
    early = arrival - np.where(segment, 90.0, 0.0)
    found = on_envelope(beats, early)
    assert found[segment == 1][0] - 1.0 == pytest.approx(found[segment == 0][-1])


@given(st.integers(0, 2**32 - 1), st.integers(1, 400), st.integers(1, 5))
def test_times_never_run_backwards_and_no_beat_ends_after_its_arrival(seed, count, parts):
    rng = np.random.default_rng(seed)
    segment = np.sort(rng.integers(0, parts, count))
    ends = np.cumsum(rng.uniform(0.3, 3.0, count)) + 500.0 * segment
    beats, arrival = arrived(ends, rng.uniform(0.0, 1.0, count), segment)
    beats = Beats.of_any_length(beats.time, np.minimum(beats.rr, 3000.0), segment)
    found = on_envelope(beats, arrival)
    assert np.all(np.diff(found) >= 0.0)
    assert np.all(found <= arrival + 1e-9)
