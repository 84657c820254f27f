"""Many intervals of a file in one packet, each with its own arrival, and apart again.

A packet an interval costs far more to make and to read than the interval itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from devices.codec import (
    IntervalPayload,
    decode_timed_intervals,
    encode_intervals,
    encode_timed_intervals,
)
from physio.beats import FloatArray
from pipelines.session.events import AnyEvent, Packet

_BLOCK = "timed_intervals"


def block_of(source: int, arrival: FloatArray, rr: FloatArray) -> Packet:
    """Return one packet of n > 0 intervals (ms), which arrived one by one (s)."""
    return Packet(float(arrival[-1]), source, _BLOCK, encode_timed_intervals(arrival, rr))


def one_by_one(events: Iterable[AnyEvent]) -> Iterator[AnyEvent]:
    """Yield the events of a log, each interval of a block as a packet of its own at its time."""
    for event in events:
        if isinstance(event, Packet) and event.kind == _BLOCK:
            yield from _apart(event)
        else:
            yield event


def _apart(block: Packet) -> Iterator[Packet]:
    payload = decode_timed_intervals(block.data)
    if isinstance(payload, IntervalPayload) and payload.arrival is not None:
        for arrival, rr in zip(payload.arrival, payload.rr, strict=True):
            yield Packet(arrival, block.source, "intervals", encode_intervals(rr))
    else:
        yield block
