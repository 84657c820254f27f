"""More intervals than time: refused in words, live as offline, and never where all is well."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from devices.codec.heart_rate import HeartRate, encode
from devices.link import LinkState
from physio.reasons import Reason, ReasonCode
from pipelines.analysis import analyse, summaries
from pipelines.command.live_text import live_lines
from pipelines.live import Engine
from pipelines.session import AnyEvent, Baseline, Link, Packet, Source, record_of
from pipelines.session.account import RunningAccount, account_of
from pipelines.session.decoding import START, decode, joined
from pipelines.words import read
from tests.pipelines.logs import session
from tests.pipelines.straps import Sent, packets, sent, ticks_of

MINUTES = 5.0 * 60.0


def log(those: Sent, *, ticks: int = 1024) -> list[AnyEvent]:
    return [Source(0.0, 0, "client", "strap", ticks=ticks), *packets(those)]


def twice_by_two_ways(bpm: float, seed: int, since: float = 0.0) -> Sent:
    """The same beats by two ways that count a little differently, so that no bytes are the same."""
    ticks = ticks_of(MINUTES, bpm, seed=seed)
    other = [(time + 0.2, tuple(one + 1 for one in held)) for time, held in sent(ticks, seed=seed)]
    return sent(ticks, seed=seed) + [one for one in other if one[0] >= since]


@pytest.mark.parametrize("bpm", [55.0, 72.0, 110.0])
def test_beats_that_come_twice_are_refused_with_their_number(bpm):
    events = log(twice_by_two_ways(bpm, 3))
    (result,) = analyse(events)
    assert result.quality.verdict == "none"
    assert result.quality.reason.code is ReasonCode.MORE_THAN_TIME
    assert float(result.quality.reason.figures["times"]) == pytest.approx(2.0, abs=0.15)
    assert {one.value for one in result.measures.values()} == {None}


def test_a_stretch_of_them_limits_and_its_windows_are_withheld():
    events = log(
        sent(ticks_of(2400.0, 66.0))
        + [
            (time + 500.2, tuple(one + 1 for one in held))
            for time, held in sent(ticks_of(30.0, 66.0))
        ]
    )
    (result,) = analyse(events, window=60.0)
    assert result.quality.verdict == "limited"
    assert result.quality.reason.code is ReasonCode.MORE_THAN_TIME
    assert result.measures["rmssd"].value is not None
    told = [line.measures["mean_hr"].value is None for line in result.windows]
    assert told[9]
    assert not any(told[:5] + told[13:])


@pytest.mark.parametrize("scenario", ["rest", "therapy", "dropouts", "ectopic:8"])
def test_nothing_is_refused_of_a_sound_strap(scenario):
    raw = decode(START, session(scenario, 900.0))[1][0]
    account = account_of(raw)
    assert account.excesses == ()
    assert not account.in_milliseconds


@settings(max_examples=15, deadline=None)
@example(577597, 45.0, 10.0)
@given(st.integers(0, 10**6), st.floats(45.0, 170.0), st.sampled_from([2.0, 5.0, 10.0]))
def test_stalls_are_no_excess(seed, bpm, lasting):
    rng = np.random.default_rng(seed)
    those = sent(ticks_of(600.0, bpm, seed=seed), seed=seed)
    # Apart: stalls one after the other are one, and longer.
    for start in (48.0 * np.arange(12) + rng.uniform(0.0, 15.0, 12)).tolist():
        those = [(start + lasting if start < time < start + lasting else time, held)
                 for time, held in those]  # fmt: skip
    assert account_of(decode(START, log(those))[1][0]).excesses == ()


@pytest.mark.parametrize("bpm", [50.0, 70.0, 120.0])
def test_milliseconds_in_the_field_of_ticks_are_recognised_and_put_right(bpm):
    """What is sent counts in ms: read as 1/1024 s it falls short of time by 2.3 %."""
    those = sent(ticks_of(600.0, bpm) * 1000 // 1024, unit=1000)
    (doubted,), (right,) = analyse(log(those)), analyse(log(those, ticks=1000))
    assert doubted.quality.verdict == "limited"
    assert doubted.quality.reason.code is ReasonCode.LIKE_MILLISECONDS
    assert (right.quality.verdict, right.quality.reason) == ("good", None)
    assert right.measures["mean_hr"].value == pytest.approx(bpm, rel=0.01)


@pytest.mark.parametrize(
    ("ticks", "since"),
    [pytest.param(1024, 0.0, marks=(pytest.mark.long, pytest.mark.law)), (1000, 100.0)],
)
def test_live_says_what_offline_says(ticks, since):
    events = [*log(twice_by_two_ways(70.0, 5, since), ticks=ticks)]
    events += [Baseline(events[-1].time, 0, 0.0, 90.0)]
    raw = decode(START, events)[1][0]
    running, engine, trusts = RunningAccount(), Engine(), []
    state = START
    for event in events:
        state, new = decode(state, [event])
        if 0 in new:
            running.take(new[0])
        engine.advance([event])
        trusts.append(engine.snapshot(event.time).sources[0].glance.reason)
    found, whole = running.account, account_of(raw)
    assert (found.moments, found.like_milliseconds) == (whole.moments, whole.like_milliseconds)
    for one, other in zip(found.excesses, whole.excesses, strict=True):
        assert (one.start, one.end) == (other.start, other.end)
        assert one.times == pytest.approx(other.times, rel=1e-9)
    assert any(reason and reason.code is ReasonCode.MORE_THAN_TIME for reason in trusts)
    assert summaries(engine.source_beats()) == analyse(events)
    (source,) = record_of(events).sources
    last = engine.snapshot(events[-1].time).sources[0].glance
    assert (source.glances[-1].trust.level, source.glances[-1].trust.reason) == (
        last.trust,
        last.reason,
    )


NO_INTERVALS = Reason(ReasonCode.NO_INTERVALS)
ALONE = {
    "no field": HeartRate(64),
    "zero": HeartRate(64, rr_ticks=(0,)),
    "filler": HeartRate(64, contact=True, rr_ticks=(65535, 65535)),
}


def of_rates(reading: HeartRate, seconds: float, *, start: float = 1.0) -> list[AnyEvent]:
    """Heart rates once a second and no interval, from a connection at `start` (s) on."""
    data = encode(reading)
    times = np.arange(start + 0.9, start + seconds, 1.0).tolist()
    return [
        Source(0.0, 0, "client", "watch"),
        Link(start, 0, LinkState.WAITING),
        *(Packet(time, 0, "heart_rate", data) for time in times),
    ]


@pytest.mark.parametrize("reading", ALONE.values(), ids=ALONE)
def test_a_device_without_intervals_is_said_to_send_none_within_ten_seconds(reading, english):
    engine = Engine()
    engine.advance(of_rates(reading, 60.0)[:5])
    assert engine.snapshot(5.0).sources[0].glance.reason.code is ReasonCode.NO_BEATS_YET
    engine.advance(of_rates(reading, 60.0)[5:11])
    snapshot = engine.snapshot(11.0)
    (view,) = snapshot.sources
    assert view.glance.reason == view.quality.reason == NO_INTERVALS
    assert (view.quality.verdict, view.quality.beats) == ("none", 0)
    assert {one.reason for one in view.measures.values()} == {NO_INTERVALS}
    said = "this device sends no intervals between beats"
    assert list(live_lines(snapshot)) == [f"0:11  client  No reading ({said})"]
    words = read(snapshot, view, now=11.0, last_rate=None, reachable=True)
    assert said in words.lines
    assert words.trust == "No reading"


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 31), max_size=4))
def test_no_intervals_are_said_live_and_offline_and_however_the_log_is_cut(cuts):
    events = of_rates(HeartRate(70), 30.0)
    (result,) = analyse(events)
    assert result.quality.reason == NO_INTERVALS
    assert {one.reason for one in result.measures.values()} == {NO_INTERVALS}
    engine, state, parts = Engine(), START, []
    for first, last in zip([0, *sorted(cuts)], [*sorted(cuts), len(events)], strict=True):
        engine.advance(events[first:last])
        state, raw = decode(state, events[first:last])
        parts += [raw[0]] if 0 in raw else []
    assert summaries(engine.source_beats()) == (result,)
    assert account_of(joined(parts)) == account_of(decode(START, events)[1][0])


@pytest.mark.parametrize(
    "events",
    [
        pytest.param([*of_rates(HeartRate(64), 6.0)], id="too soon"),
        pytest.param(of_rates(HeartRate(0), 60.0), id="no heart rate"),
        pytest.param(of_rates(HeartRate(64, contact=False), 60.0), id="off the skin"),
        pytest.param(
            [*of_rates(HeartRate(64), 6.0), Link(7.0, 0, LinkState.LOST),
             *of_rates(HeartRate(64), 6.0, start=20.0)[1:]],
            id="a loss between",
        ),
        pytest.param(
            [*of_rates(HeartRate(64), 30.0),
             Packet(31.0, 0, "heart_rate", encode(HeartRate(64, rr_ticks=(960,))))],
            id="an interval after all",
        ),
        pytest.param(
            [*packets([(1.0, (960,))]), *of_rates(HeartRate(64), 30.0)[2:]],
            id="intervals before",
        ),
    ],
)  # fmt: skip
def test_no_intervals_are_not_said_too_early(events):
    engine = Engine()
    engine.advance(events)
    (view,) = engine.snapshot(events[-1].time).sources
    assert view.glance.reason.code is not ReasonCode.NO_INTERVALS
    assert all(one.quality.reason != NO_INTERVALS for one in analyse(events))
