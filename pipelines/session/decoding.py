"""From events to each source's intervals as received, and the breaks that the log tells of.

The first step of the engine, packet by packet, and of the offline path, whole logs at once: a fold
with explicit state, so any cutting of a log into calls gives the same intervals.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

import numpy as np

from devices.codec import (
    HEART_RATE,
    SERIES,
    TICKS_PER_SECOND,
    IntervalPayload,
    Malformed,
    Payload,
    Series,
    decode_heart_rate_intervals,
)
from devices.link import LinkState
from physio.beats import CLOCK_CHANGED, FloatArray, GapCause, IntArray
from physio.time.clock import CAUSES
from pipelines.session.events import AnyEvent, Link, Packet, Phase, PhaseName, Source, WallClock
from pipelines.session.repeats import BROKEN, Repeats, hear

_LINK_LOST = CAUSES.index(GapCause.LINK_LOST)
_STRAP_OFF = CAUSES.index(GapCause.STRAP_OFF)
_SUSPENDED = CAUSES.index(GapCause.SUSPENDED)
_CLOCK_CHANGED = CAUSES.index(GapCause.CLOCK_CHANGED)
_RESTS: Final[Mapping[PhaseName, int]] = MappingProxyType(
    {
        PhaseName.PAUSED: CAUSES.index(GapCause.PAUSED),
        PhaseName.FINISHED: CAUSES.index(GapCause.FINISHED),
    }
)
"""Phases in which nothing is recorded, and the break that each is where a session goes on."""
_LINK_BREAKS: Final[Mapping[LinkState, int]] = MappingProxyType(
    {
        LinkState.LOST: _LINK_LOST,
        LinkState.SEARCHING: _LINK_LOST,
        LinkState.STOPPED: _LINK_LOST,
        LinkState.OFF_SKIN: _STRAP_OFF,
    }
)


def rests(phase: PhaseName) -> bool:
    """Return whether nothing is recorded in a phase."""
    return phase in _RESTS


def is_link_lost(state: LinkState) -> bool:
    """Return whether nothing arrives while a link is in this state, beats or anything else."""
    return _LINK_BREAKS.get(state) == _LINK_LOST


@dataclass(frozen=True, slots=True, eq=False)
class RawIntervals:
    """What a source sent, before any judgement.

    Attributes
    ----------
    arrival : (n,) float
        Arrival of the packet that brought each interval, in seconds on the session clock.
    rr : (n,) float
        Intervals in ms as received, absurd ones included.
    cause : (n,) int
        Place in `physio.time.clock.CAUSES` of a break before each interval that the log tells of, 0
        where it tells of none.
    duplicates : int
        Packets that arrived twice and count once.
    malformed : int
        Packets that could not be read.
    packets : (p,) int
        How many intervals each packet brought, of those that brought any.
    ticks : int
        What the strap's intervals were counted in a second; 0 where they were written in ms.
    rate_alone : float
        Seconds, without a break, of packets that told a heart rate before any interval came.
    """

    arrival: FloatArray
    rr: FloatArray
    cause: IntArray
    duplicates: int = 0
    malformed: int = 0
    packets: IntArray = field(default_factory=lambda: np.empty(0, np.int64))
    ticks: int = 0
    rate_alone: float = 0.0

    def __len__(self) -> int:
        return len(self.rr)

    @property
    def received(self) -> int:
        """How many intervals there are, without what stands for missing ones or unknown times."""
        return int(np.count_nonzero(self.rr > CLOCK_CHANGED))


NOTHING: Final = RawIntervals(np.empty(0), np.empty(0), np.empty(0, np.int64))


def joined(parts: Sequence[RawIntervals]) -> RawIntervals:
    """Return what calls of `decode` gave of one source, one after the other."""
    if len(parts) == 1:
        return parts[0]
    arrival, rr, cause, packets = (
        np.concatenate([getattr(part, name) for part in parts])
        for name in ("arrival", "rr", "cause", "packets")
    )
    duplicates = sum(part.duplicates for part in parts)
    malformed = sum(part.malformed for part in parts)
    ticks = max(part.ticks for part in parts)
    alone = max(part.rate_alone for part in parts)
    return RawIntervals(arrival, rr, cause, duplicates, malformed, packets, ticks, alone)


@dataclass(frozen=True, slots=True)
class SourceState:
    """What the fold remembers of one source."""

    ticks: int = TICKS_PER_SECOND
    """What its strap's intervals are counted in."""
    repeats: Repeats = BROKEN
    """What packets that come again are found by."""
    cause: int = 0
    """Break before the next interval; the first cause since the interval before it."""
    received: int = 0
    """Intervals so far, after the duplicate guard."""
    rate_since: float | None = None
    """When the first heart rate came since the last break, in s, while no interval ever did."""


@dataclass(frozen=True, slots=True)
class DecodeState:
    """What the fold remembers of a session."""

    sources: Mapping[int, SourceState] = field(default_factory=dict)
    paused: bool = False


START: Final = DecodeState()


def decode(
    state: DecodeState, events: Iterable[AnyEvent]
) -> tuple[DecodeState, dict[int, RawIntervals]]:
    """Take in further events; return the new state and the intervals that they bring.

    Parameters
    ----------
    state : DecodeState
        `START`, or the state returned by the call before.
    events : iterable of events
        The next ones of the session's log, in order. Those that bring no intervals and tell of no
        break are passed over.

    Returns
    -------
    DecodeState, dict of int to RawIntervals
        Intervals of each source that sent a packet. Concatenated over the calls they are the same
        however a log is cut.

    Notes
    -----
    A heart rate packet byte for byte the same as one of the last from its source is a second
    delivery where `pipelines.session.repeats` says so, and dropped. A malformed packet carries no
    intervals. A
    lost link, a strap off the skin, a clock that jumped (forwards: the computer was suspended),
    a pause and an end after which it went on are breaks before the next interval of a source that
    has sent one already; the first of several causes is told. Intervals that arrive during a pause
    or after an end are not received.
    """
    fold = _Fold(state)
    for event in events:
        fold.take(event)
    return fold.state(), fold.intervals()


@dataclass(slots=True)
class _Columns:
    """Intervals of one source while they are gathered."""

    arrival: array[float] = field(default_factory=lambda: array("d"))
    rr: array[float] = field(default_factory=lambda: array("d"))
    cause: array[int] = field(default_factory=lambda: array("q"))
    packets: array[int] = field(default_factory=lambda: array("q"))
    duplicates: int = 0
    malformed: int = 0
    ticks: int = 0
    rate_alone: float = 0.0

    def frozen(self) -> RawIntervals:
        return RawIntervals(
            np.array(self.arrival, dtype=np.float64),
            np.array(self.rr, dtype=np.float64),
            np.array(self.cause, dtype=np.int64),
            self.duplicates,
            self.malformed,
            np.array(self.packets, dtype=np.int64),
            self.ticks,
            self.rate_alone,
        )


class _Fold:
    """One call of `decode`: a working copy of the state, and what has been gathered."""

    def __init__(self, state: DecodeState) -> None:
        self._sources = dict(state.sources)
        self._paused = state.paused
        self._gathered: dict[int, _Columns] = {}

    def state(self) -> DecodeState:
        return DecodeState(self._sources, self._paused)

    def intervals(self) -> dict[int, RawIntervals]:
        return {source: columns.frozen() for source, columns in self._gathered.items()}

    def take(self, event: AnyEvent) -> None:
        match event:
            case Packet():
                self._packet(event)
            case Source():
                source = self._sources.get(event.source, SourceState())
                self._sources[event.source] = replace(source, ticks=event.ticks)
            case Link():
                self._break(event.source, _LINK_BREAKS.get(event.state, 0))
            case WallClock() if event.jump:
                self._break_all(_SUSPENDED if event.jump > 0 else _CLOCK_CHANGED)
            case Phase():
                self._phase(event.name)
            case _:
                pass

    def _packet(self, packet: Packet) -> None:
        series = SERIES.get(packet.kind)
        if series is None or not series.beats or packet.channel != 0:
            return
        source = self._sources.get(packet.source) or SourceState()
        columns = self._gathered.get(packet.source)
        if columns is None:
            columns = self._gathered[packet.source] = _Columns()
        payload = _payload(series, packet.data, source.ticks)
        columns.malformed += isinstance(payload, Malformed)
        self._sources[packet.source] = source
        if not isinstance(payload, IntervalPayload) or self._paused:
            return
        if not len(payload.rr):
            self._sources[packet.source] = _without(source, columns, packet.time, payload.rate)
            return
        if not series.repeats:
            columns.ticks = source.ticks
            repeats, again = hear(source.repeats, packet.time, packet.data, payload.rr)
            if again:
                columns.duplicates += 1
                self._sources[packet.source] = replace(source, repeats=repeats)
                return
        else:
            repeats = source.repeats
        received = self._receive(source, columns, packet.time, payload)
        self._sources[packet.source] = SourceState(source.ticks, repeats, received=received)

    def _receive(
        self, source: SourceState, columns: _Columns, time: float, payload: IntervalPayload
    ) -> int:
        """Gather the intervals of a packet; return how many there are by now."""
        count = len(payload.rr)
        columns.arrival.extend([time] * count if payload.arrival is None else payload.arrival)
        columns.rr.extend(payload.rr)
        columns.packets.extend([count] if payload.arrival is None else [1] * count)
        columns.cause.extend([source.cause] + [0] * (count - 1))
        return source.received + count

    def _phase(self, name: PhaseName) -> None:
        self._paused = name in _RESTS
        if self._paused:
            self._break_all(_RESTS[name])

    def _break_all(self, cause: int) -> None:
        for source in self._sources:
            self._break(source, cause)

    def _break(self, number: int, cause: int) -> None:
        source = self._sources.get(number, SourceState())
        if cause:
            first = (source.cause or cause) if source.received else 0
            broken = replace(source, cause=first, repeats=BROKEN, rate_since=None)
            self._sources[number] = broken


def _without(source: SourceState, columns: _Columns, time: float, rate: int) -> SourceState:
    """Take in a packet at `time` (s) that holds a heart rate (bpm), 0 for none, and no interval."""
    if source.received or not rate:
        return source
    since = time if source.rate_since is None else source.rate_since
    columns.rate_alone = max(columns.rate_alone, time - since)
    return replace(source, rate_since=since)


def _payload(series: Series, data: bytes, ticks: int) -> Payload:
    """Return what a packet holds, its intervals counted in `ticks` a second if it is a strap's."""
    if series.name == HEART_RATE:
        return decode_heart_rate_intervals(data, ticks_per_second=ticks)
    return series.decode(data)
