"""Samples find their time from arrivals and rate, and gaps stay gaps."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physio.time.samples import AHEAD, START, Chunk, advance, is_rate, pending

RATE = 130.0
FRAME = 73


def place(chunks):
    state, placed = START, []
    for chunk in chunks:
        state, more = advance(state, chunk)
        placed += more
    placed += pending(state)
    time = np.concatenate([one.time for one in placed])
    segment = np.concatenate([np.full(len(one.time), one.segment) for one in placed])
    return time, segment


def frames(seconds, *, rate=RATE, said=RATE, count=FRAME, jitter=0.03, lost=(), stalls=(), seed=1):
    """Chunks of a strap with a clock of its own, and the true times of its samples."""
    rng = np.random.default_rng(seed)
    number = int(seconds * rate) // count
    truth = (np.arange(number * count) / rate).reshape(number, count)
    chunks, kept = [], []
    for taken in truth:
        end = taken[-1]
        if any(first <= end < last for first, last in lost):
            continue
        arrival = end + 0.05 + jitter * rng.random()
        arrival = max([arrival, *(last for first, last in stalls if first <= arrival < last)])
        chunks.append(
            Chunk(float(max(arrival, chunks[-1].arrival) if chunks else arrival), count, said)
        )
        kept.append(taken)
    return chunks, np.concatenate(kept)


@pytest.mark.sampled
@pytest.mark.parametrize("rate", [RATE, RATE * 1.01, RATE * 0.99])
@pytest.mark.parametrize("count", [1, 13, FRAME])
def test_samples_are_placed_by_the_true_rate_of_the_strap(rate, count):
    chunks, truth = frames(120.0, rate=rate, count=count)
    time, segment = place(chunks)
    assert len(time) == len(truth)
    assert (segment == 0).all()
    late = (time - truth)[len(truth) // 2 :]
    # Constant delay of the radio, within its jitter.
    assert 0.03 < late.min() < late.max() < 0.09
    steps = np.diff(time[len(truth) // 2 :]) * rate
    assert 0.3 < steps.min() < steps.max() < 2.0


def test_an_hour_does_not_drift():
    chunks, truth = frames(3600.0, rate=RATE * 1.01)
    time, segment = place(chunks)
    assert (segment == 0).all()
    assert np.abs((time - truth)[-1000:]).max() < 0.1


def test_lost_packets_are_a_gap_of_their_length():
    chunks, truth = frames(60.0, lost=[(20.0, 24.0), (40.0, 40.5)])
    time, segment = place(chunks)
    assert segment[-1] == 2
    gaps = np.flatnonzero(np.diff(segment))
    assert np.array_equal(gaps, np.flatnonzero(np.diff(truth) > 0.1))
    assert np.diff(time)[gaps] == pytest.approx(np.diff(truth)[gaps], abs=0.06)


@pytest.mark.parametrize("seconds", [0.5, 2.0, 8.0])
def test_a_backlog_is_late_and_no_gap(seconds):
    chunks, truth = frames(90.0, stalls=[(30.0, 30.0 + seconds)])
    time, segment = place(chunks)
    assert (segment == 0).all()
    assert np.abs(time - truth).max() < 0.15


def test_a_radio_that_grows_slower_is_followed_without_swinging():
    chunks, truth = frames(180.0, jitter=0.0)
    later = [replace(c, arrival=c.arrival + 0.08 * (c.arrival > 60.0)) for c in chunks]
    time, segment = place(later)
    assert (segment == 0).all()
    assert (time - truth)[truth < 55.0] == pytest.approx(0.05, abs=0.001)
    assert (time - truth)[truth > 100.0] == pytest.approx(0.13, abs=0.002)
    assert (time - truth).max() < 0.15


def test_a_late_packet_at_the_end_is_no_gap():
    chunks = [Chunk(1.0 + n, 10, 10.0) for n in range(20)]
    time, segment = place([*chunks[:-2], replace(chunks[-2], arrival=25.0), Chunk(26.0, 10, 10.0)])
    assert (segment == 0).all()
    assert time[-1] < 22.0


def test_a_known_break_and_another_rate_begin_a_segment():
    chunks = [Chunk(1.0 + n, 10, 10.0, after_break=n == 3) for n in range(6)]
    chunks += [Chunk(7.0 + n, 20, 20.0) for n in range(6)]
    time, segment = place(chunks)
    assert np.bincount(segment).tolist() == [30, 30, 120]
    assert time[0] == pytest.approx(0.1)
    assert time[-1] == pytest.approx(12.0)


def test_without_a_rate_each_packet_stands_for_itself():
    time, segment = place([Chunk(1.0, 2, None), Chunk(4.5, 1, None), Chunk(9.25, 1, None)])
    assert time.tolist() == [1.0, 1.0, 4.5, 9.25]
    assert segment.tolist() == [0] * 4


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.floats(0, 1e4),
            st.integers(1, 50),
            st.sampled_from([None, 1.0, 130.0, 1e6]),
            st.booleans(),
        ),
        max_size=90,
    )
)
def test_every_sample_is_placed_once_and_time_never_runs_backwards(rows):
    chunks = [Chunk(*row) for row in sorted(rows, key=lambda row: row[0])]
    if not chunks:
        return
    time, segment = place(chunks)
    assert len(time) == sum(chunk.count for chunk in chunks)
    assert np.isfinite(time).all()
    assert (np.diff(time) >= 0).all()
    assert (np.diff(segment) >= 0).all()


def test_what_waits_stays_small():
    state = START
    for _ in range(1000):
        state, _ = advance(state, Chunk(5.0, 10, RATE))
        assert len(state.waiting) < 64
    state, _ = advance(START, Chunk(1.0, 10, RATE))
    assert len(state.waiting) == 1 < AHEAD


@pytest.mark.parametrize("rate", [None, 0.0, -1.0, float("nan"), float("inf"), 1e-300, 1e300])
def test_what_is_no_rate(rate):
    assert not is_rate(rate)
