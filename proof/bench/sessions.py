"""A stored session until it can be drawn: read at once, and folded as it came."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from devices.codec import HeartRate, encode
from physio.beats import FloatArray
from pipelines.live import Engine
from pipelines.session import AnyEvent, Baseline, Packet, Source, record_of
from proof.bench import series, time_domain
from proof.bench.task import Goal, Job, Rival, Task

CHOSEN = 200.0
"""Seconds after which the first three minutes are chosen as the baseline."""

CALL = "`record_of(events)`, all points of `trace()` and all words of `glances`"


def log(length: str) -> tuple[AnyEvent, ...]:
    """Return the log of a strap that sends a packet a second."""
    rr = series.intervals(length)
    second = np.floor(np.cumsum(rr) / 1000.0).astype(np.int64)
    edges = np.flatnonzero(np.diff(second)) + 1
    packets = (
        Packet(float(at[-1]) + 1.0, 0, "heart_rate", _payload(part))
        for at, part in zip(np.split(second, edges), np.split(rr, edges), strict=True)
    )
    events: list[AnyEvent] = [Source(0.0, 0, "client", "a strap"), *packets]
    chosen = Baseline(CHOSEN, 0, CHOSEN - 180.0, CHOSEN)
    return tuple(sorted([*events, chosen], key=lambda event: event.time))


def _payload(rr: FloatArray) -> bytes:
    ticks = tuple(np.rint(rr * 1.024).astype(int).tolist())
    return encode(HeartRate(bpm=70, rr_ticks=ticks))


def at_once(events: Sequence[AnyEvent]) -> Job:
    """Prepare the whole record, every point and every word of it."""

    def job() -> object:
        return [(source.trace(), source.glances) for source in record_of(events).sources]

    return job


def as_it_came(events: Sequence[AnyEvent]) -> Job:
    """Prepare the engine's fold, packet by packet, without a single snapshot."""

    def job() -> object:
        engine = Engine()
        engine.advance(events)
        return engine

    return job


def _loop(events: Sequence[AnyEvent]) -> Job:
    (source,) = record_of(events).sources
    parts = time_domain.windows_of(source.found.beats.rr)
    return lambda: [time_domain.plain(part) for part in parts]


TASKS = (
    Task(
        name="session",
        title="Stored session, ready to draw",
        length="1 h",
        given=log,
        ours=at_once,
        call=CALL,
        rivals=(
            Rival(
                title="NumPy loop",
                prepare=_loop,
                call="the eight measures of the time domain in plain NumPy, window by window",
                goal=Goal("faster", 1.0 / 6.0),
            ),
            Rival(
                title="ours, packet by packet",
                prepare=as_it_came,
                call="`Engine().advance(events)`: the words alone, no points",
                goal=Goal("faster", 6.0),
                quick=False,
            ),
        ),
    ),
)
