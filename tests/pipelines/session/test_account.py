"""More intervals than time: refused in words, live as offline, and never where all is well."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physio.reasons import ReasonCode
from pipelines.analysis import analyse, summaries
from pipelines.live import Engine
from pipelines.session import AnyEvent, Baseline, Source, record_of
from pipelines.session.account import RunningAccount, account_of
from pipelines.session.decoding import START, decode
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
@given(st.integers(0, 10**6), st.floats(45.0, 170.0), st.sampled_from([2.0, 5.0, 10.0]))
def test_stalls_are_no_excess(seed, bpm, lasting):
    rng = np.random.default_rng(seed)
    those = sent(ticks_of(600.0, bpm, seed=seed), seed=seed)
    for start in rng.uniform(0.0, 590.0, 12).tolist():
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


@pytest.mark.parametrize(("ticks", "since"), [(1024, 0.0), (1000, 100.0)])
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
