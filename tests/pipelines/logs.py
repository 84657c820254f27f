"""Logs of sessions: drawn at random, and of simulated straps."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
from hypothesis import strategies as st

from devices.codec.heart_rate import HeartRate, encode
from devices.link import LinkState
from devices.scripted.script import Back, Drop, Notify
from devices.scripted.simulated import simulate
from pipelines.session import PhaseName
from pipelines.session.events import (
    AnyEvent,
    Baseline,
    Guessing,
    LeftOut,
    LeftOutReason,
    Link,
    Mark,
    Pace,
    Packet,
    Part,
    PartName,
    Phase,
    Posture,
    PostureName,
    Source,
    TakenBack,
    TalkBaseline,
    Talking,
    TalkingLikely,
    WallClock,
)

LOST = LinkState.LOST


def heart_rate(time: float, source: int, intervals: Sequence[float]) -> Packet:
    ticks = tuple(round(interval * 1.024) for interval in intervals)
    return Packet(time, source, "heart_rate", encode(HeartRate(bpm=60, rr_ticks=ticks)))


def of_file(time: float, source: int, intervals: Sequence[float]) -> Packet:
    return Packet(time, source, "intervals", np.asarray(intervals, "<f8").tobytes())


@st.composite
def logs(draw: st.DrawFn) -> list[AnyEvent]:
    """A session of one or two sources with drops, duplicates, gaps, losses, marks and jumps."""
    events: list[AnyEvent] = [WallClock(0.0, 1.7e9)]
    sources = draw(st.integers(1, 2))
    events += [
        Source(0.0, number, ("client", "therapist")[number], "x") for number in range(sources)
    ]
    clocks = [draw(st.floats(0, 2)) for _ in range(sources)]
    make = draw(st.sampled_from((heart_rate, of_file)))
    for _ in range(draw(st.integers(0, 28))):
        number = draw(st.integers(0, sources - 1))
        intervals = draw(st.lists(st.floats(250, 1500), min_size=0, max_size=4))
        if draw(st.integers(0, 11)) == 0:
            intervals.append(draw(st.sampled_from((0.0, 120.0, 2999.0, 3500.0, 30000.0))))
        clocks[number] += sum(intervals) / 1000 + draw(st.floats(0, 0.3))
        happening = draw(st.integers(0, 18))
        if happening == 0:
            clocks[number] += draw(st.floats(2, 40))
        elif happening == 1:
            events.append(
                Link(clocks[number], number, draw(st.sampled_from((LOST, LinkState.SEARCHING))))
            )
        elif happening == 2:
            events.append(WallClock(clocks[number], 1.7e9 + clocks[number], 60.0))
        elif happening == 3:
            events.append(Mark(clocks[number], "moment"))
        elif happening == 4:
            told = draw(st.sampled_from((Talking, TalkingLikely, Guessing)))
            events.append(told(clocks[number], draw(st.booleans())))
        elif happening == 5:
            events.append(
                Phase(clocks[number], draw(st.sampled_from((PhaseName.PAUSED, PhaseName.SESSION))))
            )
        elif happening == 6:
            start = draw(st.floats(0, 10))
            events.append(Baseline(clocks[number], number, start, start + draw(st.floats(5, 90))))
        elif happening == 7:
            events.append(Pace(clocks[number], draw(st.sampled_from((None, 6.0))), 0.4))
        elif happening == 9:
            events.append(draw(left_out(clocks[number], number)))
        elif happening == 10:
            events.append(Posture(clocks[number], number, draw(st.sampled_from(PostureName))))
        elif happening == 11:
            events.append(Part(clocks[number], draw(st.sampled_from(PartName))))
        elif happening == 12:
            start = draw(st.floats(0, 10))
            length = draw(st.floats(5, 90))
            events.append(TalkBaseline(clocks[number], number, start, start + length))
        packet = make(clocks[number], number, intervals)
        events.append(packet)
        if happening == 8:
            events.append(msgspec.structs.replace(packet, time=packet.time + 0.001))
    return events + draw(st.lists(decisions(max(clocks), sources), max_size=4))


def decisions(time: float, sources: int) -> st.SearchStrategy[AnyEvent]:
    """What may be decided of a session afterwards."""
    number, start = st.integers(0, sources - 1), st.floats(0, 20)
    again = st.builds(lambda n, a, length: Baseline(time, n, a, a + length), number, start, start)
    talk = st.builds(TalkBaseline, st.just(time), number, start, st.floats(20, 60))
    out = number.flatmap(lambda n: left_out(time, n))
    return st.one_of(again, talk, out, st.just(TakenBack(time)))


def left_out(time: float, number: int) -> st.SearchStrategy[LeftOut]:
    return st.builds(
        lambda start, length, why: LeftOut(time, number, start, start + length, why),
        st.floats(0, 30), st.floats(0, 15), st.sampled_from(LeftOutReason),
    )  # fmt: skip


def session(scenario: str, seconds: float) -> list[AnyEvent]:
    """The log of a simulated strap, as if every packet arrived when its script says."""
    events: list[AnyEvent] = [
        WallClock(0.0, 1.7e9),
        Source(0.0, 0, "client", "x", simulated=True),
    ]
    for step in simulate(scenario, seconds=seconds).script.steps:
        match step:
            case Notify():
                events.append(Packet(step.time, 0, "heart_rate", step.data))
            case Drop():
                events.append(Link(step.time, 0, LOST))
            case Back():
                events.append(Link(step.time, 0, LinkState.BEATS))
    return events
