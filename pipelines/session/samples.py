"""The samples of every series besides the beats: as sent, each at its time on the session clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from devices.codec import SERIES, SamplePayload, Series, is_duplicate
from physio.beats import FloatArray, IntArray
from physio.time import samples as clock
from pipelines.session.decoding import is_link_lost, rests
from pipelines.session.events import AnyEvent, Link, Packet, Phase, WallClock
from pipelines.session.growing import Growing


class SeriesName(NamedTuple):
    """Which series of which source: a row of `devices.codec.SERIES`, and which of several."""

    source: int
    kind: str
    channel: int


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """One series of a source.

    Attributes
    ----------
    unit : str
        Of the values.
    time : (n,) float
        When each was taken, as well as arrivals and rate tell it, in s on the session clock.
    value : (n,) or (n, k) float
        As sent; k where each sample has several parts, such as axes.
    segment : (n,) int
        Changes where samples are missing before one.
    duplicates, malformed : int
        Packets that arrived twice, and packets that could not be read.
    """

    unit: str
    time: FloatArray
    value: FloatArray
    segment: IntArray
    duplicates: int = 0
    malformed: int = 0

    def __len__(self) -> int:
        return len(self.time)


class SampleLog:
    """A fold over a log. What it costs to take an event does not grow with the log."""

    def __init__(self) -> None:
        self._series: dict[SeriesName, _Growing] = {}
        self._paused = False

    def take(self, event: AnyEvent) -> None:
        """Take in one more event; those that bring no samples and tell of no break pass."""
        match event:
            case Packet():
                self._packet(event)
            case Link() if is_link_lost(event.state):
                self._break(event.source)
            case WallClock() if event.jump:
                self._break(None)
            case Phase():
                self._paused = rests(event.name)
                if self._paused:
                    self._break(None)
            case _:
                pass

    def samples(self) -> dict[SeriesName, Samples]:
        """Return every series so far, as if the recording ended here."""
        return {name: series.closed() for name, series in sorted(self._series.items())}

    def _packet(self, packet: Packet) -> None:
        kind = SERIES.get(packet.kind)
        if kind is None or kind.beats or self._paused:
            return
        name = SeriesName(packet.source, packet.kind, packet.channel)
        if name not in self._series:
            self._series[name] = _Growing(kind)
        self._series[name].take(packet)

    def _break(self, source: int | None) -> None:
        for name, series in self._series.items():
            if source in (None, name.source):
                series.after_break = True


def samples_of(events: Iterable[AnyEvent]) -> Mapping[SeriesName, Samples]:
    """Return the samples of each series of a log."""
    log = SampleLog()
    for event in events:
        log.take(event)
    return log.samples()


class _Growing:
    """One series while it arrives."""

    def __init__(self, kind: Series) -> None:
        self.after_break = False
        self._kind = kind
        self._clock = clock.START
        self._time, self._value = Growing(np.float64), Growing(np.float64)
        self._segment = Growing(np.int64)
        self._shape: tuple[int, ...] = ()
        self._last: tuple[float, bytes] | None = None
        self._duplicates = 0
        self._malformed = 0

    def take(self, packet: Packet) -> None:
        """Take in one packet."""
        if not self._kind.repeats and is_duplicate(self._last, packet.time, packet.data):
            self._duplicates += 1
            return
        self._last = (packet.time, packet.data)
        payload = self._kind.decode(packet.data)
        if isinstance(payload, SamplePayload) and self._fits(payload):
            self._keep(packet, payload)
        else:
            self._malformed += 1

    def closed(self) -> Samples:
        """Return it as if the recording ended here."""
        waiting = list(clock.pending(self._clock))
        value = self._value.values.reshape(-1, *self._shape)
        return Samples(
            self._kind.unit,
            np.concatenate([self._time.values, *(placed.time for placed in waiting)]),
            value.copy(),
            np.concatenate([self._segment.values, *map(_segments, waiting)]),
            self._duplicates,
            self._malformed,
        )

    def _fits(self, payload: SamplePayload) -> bool:
        """Return whether each sample has as many parts as those before it."""
        return not len(self._value) or payload.value.shape[1:] == self._shape

    def _keep(self, packet: Packet, payload: SamplePayload) -> None:
        if not len(payload.value):
            return
        self._shape = payload.value.shape[1:]
        self._value.append(payload.value.ravel())
        rate = packet.rate if clock.is_rate(packet.rate) else self._kind.rate
        chunk = clock.Chunk(packet.time, len(payload.value), rate, self.after_break)
        self.after_break = False
        self._clock, settled = clock.advance(self._clock, chunk)
        for placed in settled:
            self._time.append(placed.time)
            self._segment.append(_segments(placed))


def _segments(placed: clock.Placed) -> IntArray:
    return np.full(len(placed.time), placed.segment, dtype=np.int64)
