"""Beats when they beat, against what simulated straps felt: drops, and the engine's own."""

import numpy as np
import pytest

from devices.codec import decode
from devices.link import LinkState
from devices.scripted import simulate
from devices.scripted.packets import LIKE_AN_H10, Lost, strap_steps
from devices.scripted.script import Notify
from pipelines.live import Engine
from pipelines.session import LeftOut, LeftOutReason, Link, Packet, Source, beats_of, one_by_one

SECONDS = 1500.0
EARLIEST = LIKE_AN_H10.latency - LIKE_AN_H10.period / 2.0
"""Seconds from a beat to the arrival of its interval, where the packet is as early as any."""


def session(seed, drop, *, seconds=SECONDS):
    """Return the log of a strap that is lost each 200 s for `drop` s, and when its beats ended."""
    felt = simulate("rest", seed=seed, seconds=seconds).truth.beat_time
    losses = tuple(
        Lost(start, start + drop, "link") for start in np.arange(200.0, seconds, 200.0 + drop)
    )
    sent = strap_steps(felt, np.random.default_rng(seed), seconds=seconds)
    events = [Source(0.0, 0, "client", "H10"), Link(0.0, 0, LinkState.BEATS)]
    ended, end, lost = [], first_told(felt, sent), False
    for step in (one for one in sent if isinstance(one, Notify)):
        count = len(decode(step.data).rr_ms)
        is_lost = any(loss.start <= step.time < loss.end for loss in losses)
        if is_lost is not lost:
            lost = is_lost
            events.append(Link(step.time, 0, LinkState.LOST if lost else LinkState.BEATS))
        if not lost:
            events.append(Packet(step.time, 0, "heart_rate", step.data))
            ended += felt[end : end + count].tolist()
        end += count
    return events, np.array(ended)


def first_told(felt, sent):
    """Return the place of the beat that ends the first interval of all that are sent."""
    told = [rr for step in sent if isinstance(step, Notify) for rr in decode(step.data).rr_ms][:20]
    intervals = np.diff(felt) * 1000.0
    apart = [np.abs(intervals[k : k + 20] - told).max() for k in range(20)]
    return 1 + int(np.argmin(apart))


def off(found, ended, *, shortest):
    """Return by how many s beats are off in the segments that last, from a steady lateness."""
    late = found.as_they_beat.time + found.delay - ended - EARLIEST
    segment = found.beats.segment
    lasting = [np.ptp(ended[segment == one]) >= shortest for one in segment]
    return np.abs(late[lasting])


@pytest.mark.parametrize("drop", [5.0, 30.0, 300.0])
@pytest.mark.parametrize(
    "seed", [1, *(pytest.param(n, marks=pytest.mark.long) for n in range(2, 41))]
)
def test_a_beat_is_told_within_50_ms_in_two_minutes_and_more(seed, drop):
    events, ended = session(seed, drop)
    (found,) = beats_of(events)
    assert len(found.beats) == len(ended)
    assert len(set(found.beats.segment.tolist())) >= 3
    assert off(found, ended, shortest=120.0).max() <= 0.05


def test_live_and_offline_tell_the_same():
    events, _ = session(7, 30.0, seconds=450.0)
    engine = Engine("s")
    engine.advance(one_by_one(events))
    for live, offline in zip(engine.source_beats(), beats_of(events), strict=True):
        assert live.as_they_beat.time == pytest.approx(offline.as_they_beat.time, abs=1e-9)


def test_what_is_left_out_moves_no_other_beat():
    events, _ = session(1, 30.0)
    (whole,) = beats_of(events)
    start, end = 40.0, 130.0
    (part,) = beats_of([*events, LeftOut(SECONDS, 0, start, end, LeftOutReason.TALKING)])
    kept = ~((whole.beats.start < end) & (whole.beats.time > start))
    assert not kept.all()
    assert part.as_they_beat.time == pytest.approx(whole.as_they_beat.time[kept], abs=1e-9)


SETTLING = 20.0
"""Seconds after a link came about from which live times hold."""


EVERY = [(seed, drop) for seed in range(4, 12) for drop in (5.0, 30.0, 300.0)]


@pytest.mark.parametrize(
    ("seed", "drop"), [(3, 30.0), *(pytest.param(*one, marks=pytest.mark.long) for one in EVERY)]
)
def test_live_a_beat_is_told_within_300_ms(seed, drop):
    events, ended = session(seed, drop, seconds=450.0)
    (found,) = beats_of(events)
    engine, count, back, worst = Engine("s"), 0, 0.0, 0.0
    for event in events:
        engine.advance([event])
        if isinstance(event, Link):
            back = event.time
        if isinstance(event, Packet):
            before, count = count, count + len(decode(event.data).rr_ms)
            if before // 10 != count // 10 and event.time >= back + SETTLING:
                (view,) = engine.snapshot(event.time).sources
                half = 0.0005 * found.beats.rr[count - 20 : count].mean()
                late = found.beats.time[count - 1] - ended[count - 1]
                worst = max(worst, abs(view.wave.late - half - late))
    assert 0.0 < worst <= 0.3
