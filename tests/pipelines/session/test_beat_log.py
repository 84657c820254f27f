"""What a live session hands to the panel is the recording's own, wherever it is cut."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physio import locked_rhythm, panel
from physio.time import clock
from pipelines.session.beat_log import BeatLog
from pipelines.session.decoding import RawIntervals

LINK_LOST = clock.CAUSES.index("link lost")


def packets(seed, n=900):
    """Return arrivals, intervals and causes of a recording in which the link is lost twice."""
    rng = np.random.default_rng(seed)
    rr = 850 + 60 * np.sin(0.5 * np.arange(n)) + rng.normal(0, 15, n)
    lost = np.sort(rng.choice(np.arange(50, n - 50), 2, replace=False))
    cause = np.zeros(n, np.int64)
    cause[lost] = LINK_LOST
    pause = 10.0 * np.searchsorted(lost, np.arange(n), side="right")
    return np.cumsum(rr) / 1000 + pause + 0.1, rr, cause


def looks(n, size):
    """Return after which parts of `size` of a recording of `n` beats to look: some thirty."""
    begins = range(0, n, size)
    return set(begins[:: max(1, len(begins) // 30)])


def test_what_was_asked_of_the_rhythm_before_is_not_told_after_the_next_packet():
    arrival, rr, cause = packets(3)
    asked, never = BeatLog(), BeatLog()
    for begin in range(0, len(rr), 90):
        part = slice(begin, begin + 90)
        for log in (asked, never):
            log.take(RawIntervals(arrival[part], rr[part], cause[part]))
        asked.rhythms  # noqa: B018 - it is what is asked
    assert asked.rhythms.tolist() == never.rhythms.tolist()
    assert asked.rhythms.sum() == len(asked)


@pytest.mark.long
@given(seed=st.integers(0, 2**32 - 1), size=st.integers(1, 120))
@settings(max_examples=6, deadline=None)
def test_time_elapses_in_a_tail_as_in_the_whole(seed, size):
    taken = packets(seed)
    log = BeatLog()
    looked_at = looks(len(taken[0]), size)
    for begin in range(0, len(taken[0]), size):
        log.take(RawIntervals(*(column[begin : begin + size] for column in taken)))
        if begin in looked_at:
            known = log.closed()[0]
            for first in (0, len(known) // 2, max(0, len(known) - 5), len(known)):
                tail, label = log.since(first)
                assert len(label) == len(tail)
                assert np.array_equal(tail.elapsed, known.elapsed[first:])
    assert np.array_equal(log.closed()[0].elapsed, clock.beat_clock(*taken).beats.elapsed)


def test_trailing_spectra_are_those_of_the_recording():
    taken = packets(3)
    log = BeatLog()
    log.take(RawIntervals(*taken))
    whole = clock.beat_clock(*taken).beats
    assert whole.segment[-1] == 2
    for end in whole.time[whole.time > 120][::40]:
        live = panel.trailing(*log.recent(end, 330.0), end=end, names=("lf", "hf"))
        _, label = log.closed()
        offline = panel.over(whole, label, start=end - 300.0, end=end, names=("lf", "hf"))
        for name, estimate in live.items():
            for side in ("value", "low", "high"):
                expected = getattr(offline[name], side)[0]
                assert getattr(estimate, side) == (
                    None if np.isnan(expected) else pytest.approx(expected, rel=1e-9)
                )


@pytest.mark.long
@given(seed=st.integers(0, 2**32 - 1), size=st.integers(1, 120))
@settings(max_examples=6, deadline=None)
def test_beats_of_a_locked_rhythm_are_counted_so_far_as_the_recording_so_far_counts_them(
    seed, size
):
    arrival, rr, cause = packets(seed, n=1300)
    early = np.arange(seed % 400, 800, 7)
    rr[early] -= 200.0
    rr[early + 1] += 200.0
    log = BeatLog()
    seen, looked_at = set(), looks(len(rr), size)
    for begin in range(0, len(rr), size):
        part = slice(begin, begin + size)
        log.take(RawIntervals(arrival[part], rr[part], cause[part]))
        if begin in looked_at:
            known = log.closed()[0]
            ends = locked_rhythm.parts(known)
            lock = locked_rhythm.locks(known, known.time[ends])
            assert log.rhythms.tolist() == locked_rhythm.counts(lock, ends).tolist()
            seen |= set(lock.tolist())
    assert seen
