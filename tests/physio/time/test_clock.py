"""The beat clock: one law however the stream is cut, and no gap bridged."""

from itertools import pairwise
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physio.time import clock
from physio.time.bursts import LARGEST_BURST
from physio.time.clock import (
    CAUSES,
    PACKETS_LOST,
    START,
    Settled,
    advance,
    beat_clock,
    join,
    pending,
)
from tests.recordings import DATA, real

LOST = CAUSES[PACKETS_LOST]
FOUND = ("interval above 3 s", "interval not above 0", LOST)
LINK_LOST = CAUSES.index("link lost")


def same(one: Settled, other: Settled) -> bool:
    return one.gaps == other.gaps and all(
        np.array_equal(getattr(one.beats, name), getattr(other.beats, name))
        for name in ("time", "rr", "segment")
    )


def in_pieces(arrival, rr, cause, cuts):
    state, parts = START, []
    edges = [0, *sorted(cuts), len(rr)]
    for first, last in pairwise(edges):
        state, settled = advance(state, arrival[first:last], rr[first:last], cause[first:last])
        parts.append(settled)
    return join(*parts, pending(state)), state


@st.composite
def streams(draw):
    """Packets of a strap, with late ones, backlogs, losses, forced breaks and absurd intervals."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    packets = draw(st.integers(0, 120))
    busy = draw(st.sampled_from([0.0, 0.05, 0.3]))
    arrival, rr, cause = [], [], []
    now = float(rng.uniform(0, 5))
    level = rng.uniform(350, 1300)
    for _ in range(packets):
        held = [float(level + rng.normal(0, 30)) for _ in range(rng.integers(1, 4))]
        if rng.random() < busy:
            held[0] = float(
                rng.choice([0.0, -5.0, np.nan, np.inf, -np.inf, 3000.1, 60000.0, 3000.0])
            )
        passing = sum(x for x in held if np.isfinite(x) and x > 0) / 1000
        now += passing + (float(rng.uniform(1, 20)) if rng.random() < busy else 0.0)
        late = float(rng.exponential(2)) if rng.random() < busy else float(rng.uniform(0, 0.2))
        causes = [int(rng.integers(1, 6)) if rng.random() < busy / 3 else 0 for _ in held]
        spread = np.cumsum(rng.choice([0.0, 0.01, 0.4], len(held)))
        arrival += (max([now + late, *arrival[-1:]]) + spread).tolist()
        rr += held
        cause += causes
    return np.array(arrival), np.array(rr), np.array(cause, int)


def plain(arrival, rr, cause):
    """The same law, beat by beat and over the whole recording, written without the module."""
    total, waiting, beats = 0.0, 0, []
    for a, x, c in zip(arrival, rr, cause, strict=True):
        total += x if np.isfinite(x) and x > 0 else 0.0
        if 0 < x <= 3000:
            beats.append((a, x, total, waiting or c))
            waiting = 0
        else:
            why = "interval above 3 s" if x > 3000 else "interval not above 0"
            why = {np.isnan(x): "interval missing", x == -np.inf: "clock changed"}.get(True, why)
            waiting = waiting or c or CAUSES.index(why)
    bursts: list[list[int]] = []
    for i, (a, _, _, c) in enumerate(beats):
        new = not bursts or c or a - beats[i - 1][0] >= 0.25 or len(bursts[-1]) == 64
        bursts.append([i]) if new else bursts[-1].append(i)
    low = [min(beats[i][0] - beats[i][2] / 1000 for i in burst) for burst in bursts]
    starts = []
    for k, burst in enumerate(bursts):
        if k == 0 or beats[burst[0]][3]:
            starts.append((k, beats[burst[0]][3]))
            continue
        s = starts[-1][0]
        before = np.median([x[1] for x in beats[max(bursts[s][0], burst[0] - 31) : burst[0]]])
        step = min(low[k : k + 5]) - min(low[max(s, k - 5) : k])
        seen = [1, 5, 40] if before <= 60000 / 95 and step <= 2 else [5]
        steps = [min(low[k : k + n]) - min(low[max(s, k - n) : k]) for n in seen]
        if seen[0] == 1 and steps[-1] > 2:
            steps = steps[1:]
        if len(low) >= k + seen[-1] and min(steps) > 1.5 * before / 1000:
            starts.append((k, PACKETS_LOST))
    times, segments, gaps, end = [], [], [], -np.inf
    ends = [*starts[1:], (len(low), 0)][: len(starts)]
    for n, ((k, c), stop) in enumerate(zip(starts, ends, strict=True)):
        members = [i for burst in bursts[k : stop[0]] for i in burst]
        origin = beats[members[0]][2] - beats[members[0]][1]
        anchor = max(min(low[k : min(k + 5, stop[0])]), end - origin / 1000)
        lows: dict[int, float] = {}
        for i in members:
            block = int((beats[i][2] - origin) / 1000 // 60)
            lows[block] = min(lows.get(block, np.inf), beats[i][0] - beats[i][2] / 1000)
        corner = [anchor, anchor]
        for block in range(1, max(lows) + 1):
            corner.append(max(min(lows[block - 1], lows.get(block - 2, np.inf)), corner[-1] - 30))
        if c:
            begin = anchor + origin / 1000
            start = anchor if n == 0 else end
            told = CAUSES[c] not in FOUND or begin - start > 1e-6
            gaps += [(start, max(start, begin), CAUSES[c])] if told else []
        for i in members:
            since = (beats[i][2] - origin) / 1000
            block = int(since // 60)
            share = (since - 60 * block) / 60
            offset = corner[block] + (corner[block + 1] - corner[block]) * share
            times.append(offset + beats[i][2] / 1000)
            segments.append(n)
        end = times[-1]
    if waiting:
        start = end if times else 0.0
        since = total - (beats[-1][2] if beats else 0.0)
        told = CAUSES[waiting] not in FOUND or since > 1e-3
        gaps += [(start, start + since / 1000, CAUSES[waiting])] if told else []
    return times, [x[1] for x in beats], segments, gaps


@given(streams())
@settings(max_examples=150, deadline=None)
def test_equals_the_plain_law(stream):
    found = beat_clock(*stream)
    times, rr, segments, gaps = plain(*stream)
    assert np.allclose(found.beats.time, times, rtol=0, atol=1e-9)
    assert np.array_equal(found.beats.rr, rr)
    assert found.beats.segment.tolist() == segments
    assert [gap.cause for gap in found.gaps] == [cause for *_, cause in gaps]
    edges = [(gap.start, gap.end) for gap in found.gaps]
    assert np.allclose(np.reshape(edges, (-1, 2)), np.reshape([x[:2] for x in gaps], (-1, 2)))


@given(streams(), st.data())
@settings(max_examples=100, deadline=None)
def test_any_cutting_gives_the_same_bits(stream, data):
    cuts = data.draw(st.lists(st.integers(0, len(stream[1])), max_size=40))
    pieces, _ = in_pieces(*stream, cuts)
    assert same(pieces, beat_clock(*stream))


@given(streams(), st.integers(1, 20))
@settings(max_examples=100, deadline=None)
def test_a_whole_recording_taken_in_a_few_at_a_time_is_the_same_to_the_last_bit(stream, few):
    with patch.object(clock, "AT_ONCE", few):
        found = beat_clock(*stream)
    assert same(found, in_pieces(*stream, [])[0])


@given(streams())
@settings(max_examples=100, deadline=None)
def test_time_runs_on_and_every_break_is_a_gap(stream):
    found = beat_clock(*stream)
    beats = found.beats
    inside = np.diff(beats.segment) == 0
    assert (np.diff(beats.time)[inside] > 0).all()
    assert (beats.start[1:][~inside] - beats.time[:-1][~inside] > -1e-9).all()
    edges = {(gap.start, gap.end) for gap in found.gaps}
    for place in np.flatnonzero(~inside):
        start = beats.time[place]
        end = max(start, beats.start[place + 1])
        assert end - start < 2e-6 or any(
            one == start and abs(other - end) < 1e-9 for one, other in edges
        )
    assert all(gap.end > gap.start for gap in found.gaps if gap.cause in FOUND)
    assert all(one.end <= other.start + 1e-9 for one, other in pairwise(found.gaps))


@given(streams(), st.floats(0, 1e5))
@settings(max_examples=50, deadline=None)
def test_a_later_start_shifts_every_time_and_nothing_else(stream, shift):
    arrival, rr, cause = stream
    plain_clock, shifted = beat_clock(*stream), beat_clock(arrival + shift, rr, cause)
    assert np.array_equal(plain_clock.beats.rr, shifted.beats.rr)
    if np.array_equal(plain_clock.beats.segment, shifted.beats.segment):
        assert np.allclose(plain_clock.beats.time + shift, shifted.beats.time, atol=1e-6)
    else:
        pytest.fail("a shift of all arrivals changed the segments")


def strap(rng, seconds, rr=900.0):
    """Beats of a strap in packets about once a second, on time up to 50 ms."""
    intervals = rr + 60 * np.sin(np.arange(int(seconds * 1000 / rr)) / 3) + rng.normal(0, 15)
    ends = np.cumsum(intervals) / 1000
    arrival = np.ceil(ends) + rng.uniform(0, 0.05, len(ends)).cumsum() * 0
    return arrival + rng.uniform(0, 0.05), intervals


@pytest.mark.parametrize("late", [1.0, 3.0, 8.0])
def test_one_late_packet_is_no_gap(late):
    rng = np.random.default_rng(0)
    arrival, rr = strap(rng, 120)
    arrival[60] += late
    arrival = np.maximum.accumulate(arrival)
    assert beat_clock(arrival, rr).gaps == ()


@pytest.mark.parametrize("lost", [2, 3, 10, 100])
def test_a_loss_is_a_gap_of_its_length(lost):
    rng = np.random.default_rng(1)
    arrival, rr = strap(rng, 300)
    keep = np.ones(len(rr), bool)
    keep[100 : 100 + lost] = False
    found = beat_clock(arrival[keep], rr[keep])
    assert [gap.cause for gap in found.gaps] == [LOST]
    missing = rr[~keep].sum() / 1000
    assert found.gaps[0].end - found.gaps[0].start == pytest.approx(missing, abs=1.0)
    assert found.beats.segment.tolist() == [0] * 100 + [1] * (len(rr) - 100 - lost)


def test_losses_close_to_each_other_and_to_a_lost_link_are_not_bridged():
    rng = np.random.default_rng(2)
    arrival, rr = strap(rng, 120)
    keep = np.ones(len(rr), bool)
    for first in (40, 48, 56, 64):
        keep[first : first + 6] = False
    cause = np.zeros(len(rr), int)
    keep[72:76] = False
    cause[76] = LINK_LOST
    found = beat_clock(arrival[keep], rr[keep], cause[keep])
    real = set(np.flatnonzero(np.diff(np.flatnonzero(keep)) > 1) + 1)
    breaks = set(np.flatnonzero(np.diff(found.beats.segment)) + 1)
    assert breaks == real


def test_fewer_than_five_packets_after_a_step_are_not_called_a_loss():
    rng = np.random.default_rng(3)
    arrival, rr = strap(rng, 60)
    arrival[-4:] += 9.0
    assert beat_clock(arrival, rr).gaps == ()


def test_a_backlog_delivered_at_once_is_no_gap():
    rng = np.random.default_rng(4)
    arrival, rr = strap(rng, 120)
    stalled = (arrival > 50) & (arrival < 70)
    arrival[stalled] = 70 + 0.04 * np.arange(np.count_nonzero(stalled))
    arrival = np.maximum.accumulate(arrival)
    found = beat_clock(arrival, rr)
    assert found.gaps == ()
    assert np.abs(np.diff(found.beats.time) - rr[1:] / 1000).max() < 0.01


def test_more_intervals_than_time_is_no_gap_and_time_goes_on():
    rr = np.full(400, 1000.0)
    arrival = np.cumsum(np.where(np.arange(400) < 100, 1.0, 0.3))
    found = beat_clock(arrival, rr)
    assert found.gaps == ()
    assert (np.diff(found.beats.time) >= 0.5 - 1e-9).all()


def test_a_slow_drift_of_the_straps_clock_is_followed():
    rr = np.full(3600, 1000.0)
    arrival = np.cumsum(rr) / 1000 * 1.001
    found = beat_clock(arrival, rr)
    assert found.gaps == ()
    assert np.abs(found.beats.time - arrival).max() < 0.25


def test_a_recording_may_begin_and_end_with_an_interval_that_is_none():
    rr = np.array([225750.0, 800.0, 810.0, 0.0, 790.0, 4000.0])
    arrival = np.cumsum(np.maximum(rr, 0)) / 1000
    found = beat_clock(arrival, rr)
    assert found.beats.rr.tolist() == [800.0, 810.0, 790.0]
    assert found.beats.segment.tolist() == [0, 0, 1]
    assert [gap.cause for gap in found.gaps] == [
        "interval above 3 s",
        "interval above 3 s",
    ]
    # No time is missing at the interval of 0 ms, so that its break is no gap.
    edges = [round(edge, 6) for gap in found.gaps for edge in (gap.start, gap.end)]
    assert edges == [0.0, 225.75, 228.15, 232.15]


@given(st.integers(1, 60), st.floats(2.0, 7200.0))
@settings(max_examples=20, deadline=None)
def test_a_clock_set_back_is_a_break(place, back):
    arrival, rr = strap(np.random.default_rng(5), 60)
    place = int(np.flatnonzero(np.diff(arrival, prepend=0.0) > 0)[min(place, 40)])
    arrival[place:] -= back
    found = beat_clock(arrival, rr)
    assert found.beats.segment.tolist() == [0] * place + [1] * (len(rr) - place)
    assert [gap.cause for gap in found.gaps] == ["clock changed"]
    assert (np.diff(found.beats.time) > 0).all()


@pytest.mark.parametrize(("back", "breaks"), [(0.5, 0), (0.5001, 1)])
def test_up_to_half_a_second_back_a_packet_only_came_out_of_order(back, breaks):
    arrival = np.arange(1.0, 61.0)
    arrival[30:] -= 1.0 + back
    found = beat_clock(arrival, np.full(60, 1000.0))
    assert [gap.cause for gap in found.gaps] == ["clock changed"] * breaks


def test_without_beats_there_is_only_the_gap():
    assert beat_clock([], []) == Settled(clock.NO_BEATS, ())
    found = beat_clock([5.0, 10.0], [5000.0, 5000.0])
    assert len(found.beats) == 0
    assert [(gap.start, gap.end) for gap in found.gaps] == [(0.0, 10.0)]


def test_a_forced_break_keeps_its_cause_and_the_first_cause_counts():
    rr, cause = [800.0, 810.0, 9000.0, 820.0], [0, 0, LINK_LOST, CAUSES.index("paused")]
    found = beat_clock(np.cumsum(rr) / 1000, rr, cause)
    assert [gap.cause for gap in found.gaps] == ["link lost"]
    assert found.beats.segment.tolist() == [0, 0, 1]


def test_segments_never_overlap_even_if_the_first_came_late():
    rr = np.full(20, 1000.0)
    arrival = np.cumsum(rr) / 1000
    arrival[:10] += 5.0
    cause = np.zeros(20, int)
    cause[10] = LINK_LOST
    found = beat_clock(arrival, rr, cause)
    assert (np.diff(found.beats.time) > 0.99).all()
    assert found.gaps[0].end >= found.gaps[0].start


@pytest.mark.parametrize("rr", [120.0, 240.0, 900.0])
def test_the_state_stays_small(rr):
    intervals = np.full(4000, rr)
    arrival, state = np.cumsum(intervals) / 1000, START
    largest = 0
    for first in range(0, 4000, 7):
        part = slice(first, first + 7)
        state, _ = advance(state, arrival[part], intervals[part], np.zeros(len(intervals[part])))
        largest = max(largest, len(state.pile))
    assert largest <= 6 * LARGEST_BURST


@pytest.mark.parametrize(
    ("arrival", "rr"), [([1.0], [800.0, 800.0]), ([np.nan], [800.0]), ([[1.0]], [[800.0]])]
)
def test_wrong_arrays_are_refused(arrival, rr):
    with pytest.raises(ValueError, match="must be"):
        beat_clock(arrival, rr)


def columns(name, *, rows, rr, time=None, unit=1.0):
    lines = (DATA / name).read_text().splitlines()
    cells = [line.split(",") for line in lines if line[:1].isdigit() or line[:1] == "-"][rows:]
    values = np.array([float(row[rr]) for row in cells])
    times = np.array([float(row[time]) for row in cells]) / unit if time is not None else None
    return (times - times[0] if times is not None else np.cumsum(values) / 1000), values


@real
@pytest.mark.parametrize(
    ("name", "layout"),
    [
        ("polar_h10_dhyb/sample_data_ibi.csv", {"rows": 0, "time": 0, "rr": 1}),
        ("selfloops_txt/20170804001r.txt", {"rows": 1, "time": 0, "rr": 2, "unit": 1000}),
        ("selfloops_txt/20170808002e.txt", {"rows": 1, "time": 0, "rr": 2, "unit": 1000}),
        (
            "wearable_hrv_multidevice/test_empatica.csv",
            {"rows": 0, "time": 0, "rr": 1, "unit": 1e3},
        ),
    ],
)
def test_real_logs_without_loss_show_no_gap(name, layout):
    arrival, rr = columns(name, **layout)
    found = beat_clock(arrival, rr)
    assert found.gaps == ()
    assert np.array_equal(found.beats.rr, rr)


@real
@pytest.mark.parametrize(("name", "lost"), [("test_rhythm.csv", 730), ("test_kyto.csv", 370)])
def test_real_logs_with_loss_show_it(name, lost):
    arrival, rr = columns(f"wearable_hrv_multidevice/{name}", rows=0, time=0, rr=1, unit=1000)
    found = beat_clock(arrival, rr)
    total = sum(gap.end - gap.start for gap in found.gaps)
    assert total == pytest.approx(lost, abs=10)
    whole = found.beats.time[-1] - found.beats.start[0]
    assert whole == pytest.approx(arrival[-1] - arrival[0] + rr[0] / 1000, rel=0.005)


@real
@pytest.mark.parametrize(("name", "gaps"), [("nsr020_3h.txt", 1), ("chf205_3h.txt", 4)])
def test_files_of_intervals_break_where_an_interval_is_none(name, gaps):
    rr = 1000 * np.loadtxt(DATA / "rhrvbook_rr" / name)
    found = beat_clock(np.cumsum(rr) / 1000, rr)
    assert {gap.cause for gap in found.gaps} == {"interval above 3 s"}
    none = rr > 3000
    assert len(found.gaps) == np.count_nonzero(none & ~np.append(False, none[:-1])) >= gaps
    ends = np.cumsum(rr)[rr <= 3000] / 1000
    assert np.allclose(found.beats.time, ends, atol=1e-6)


def exercise(seed: int, minutes: float = 102.0) -> tuple[np.ndarray, np.ndarray]:
    """A strap at 95 to 140 bpm whose packets are, many in a row, up to a second late."""
    rng = np.random.default_rng(seed)
    seconds = 60.0 * minutes
    time = np.arange(0.0, seconds, 0.4)
    rr = 60000.0 / (118.0 + 21.0 * np.sin(time / 240.0)) + rng.normal(0, 6, len(time))
    rr = rr[np.cumsum(rr) / 1000.0 < seconds]
    tick = np.ceil(np.cumsum(rr) / 1000.0).astype(int)
    late = np.repeat(
        rng.uniform(0.0, 1.0, len(tick)) * (rng.random(len(tick)) < 0.5),
        rng.integers(1, 13, len(tick)),
    )[: tick[-1] + 1]
    arrival = np.maximum.accumulate(np.arange(len(late)) + late + rng.uniform(0, 0.1, len(late)))
    return arrival[tick], rr


@pytest.mark.parametrize("seed", range(4))
def test_packets_up_to_a_second_late_in_exercise_are_not_lost(seed):
    arrival, rr = exercise(seed)
    assert beat_clock(arrival, rr).gaps == ()


@pytest.mark.parametrize("rr", [300.0, 330.0, 420.0, 600.0])
def test_time_that_passes_evenly_twice_as_fast_is_lost(rr):
    """Intervals that are halves of what passed leave out time at each beat, none of it at once."""
    intervals = np.random.default_rng(1).normal(rr, 4.0, 400)
    found = beat_clock(np.cumsum(2.0 * intervals) / 1000.0, intervals)
    assert {gap.cause for gap in found.gaps} == {LOST}
    missing = sum(gap.end - gap.start for gap in found.gaps)
    assert missing > 0.8 * intervals.sum() / 1000.0


@pytest.mark.parametrize("lost", [3, 6, 20])
def test_packets_lost_in_exercise_are_found(lost):
    for seed in range(4):
        arrival, rr = exercise(seed, minutes=10.0)
        whole = (np.searchsorted(arrival, arrival[[400, 400 + lost]])).tolist()
        keep = np.ones(len(rr), bool)
        keep[slice(*whole)] = False
        found = beat_clock(arrival[keep], rr[keep])
        assert [gap.cause for gap in found.gaps] == [LOST]
        missing = rr[~keep].sum() / 1000.0
        assert found.gaps[0].end - found.gaps[0].start == pytest.approx(missing, abs=1.2)
