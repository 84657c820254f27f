"""What every format gives: the events of a recording, or one sentence saying why not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import eq
from pathlib import Path
from typing import Final, overload

import numpy as np

from physio.beats import CLOCK_CHANGED, LONGEST_INTERVAL, BoolArray, FloatArray
from physio.respiration import Respiration
from pipelines.formats.agreement import agreed, is_filler
from pipelines.formats.refusal import (
    LONGEST_GAP,
    LONGEST_RECORDING,
    FormatError,
    no_intervals,
    too_long,
)
from pipelines.language import tr
from pipelines.session import AnyEvent, Packet, Source, WallClock, block_of

SHORTEST_PLAUSIBLE: Final = 200.0
"""Milliseconds; with `LONGEST_INTERVAL` the range that decides about units."""

LARGEST_SECONDS: Final = 10.0
"""Intervals without a unit whose median is below this are in seconds."""

MANY: Final = 100_000
"""Intervals of which some are enough to tell what is usual."""

SLOWEST, FASTEST = 30.0, 220.0
"""Heartbeats a minute; intervals whose middle one lies outside are in another unit."""

EARLIEST_EPOCH, LATEST_EPOCH = 1e8, 7e9
"""Seconds since 1970 UTC (1973 to 2191) between which a time is one of the wall clock."""


INTERVALS_TOGETHER: Final = 4096
"""Intervals in a packet: many, so that they are handled at once, in lines that exports take."""


@dataclass(frozen=True, slots=True, eq=False)
class IntervalLog(Sequence[AnyEvent]):
    """The log of one source's intervals, many to a packet.

    The packets take as much room again as the intervals, so each is made when it is asked for.

    Attributes
    ----------
    opening : tuple of events
        What comes before the packets.
    arrival : (n,) float
        Time of each interval.
    rr : (n,) float
        Intervals in ms.
    respiration : Respiration or None
        What tells of breathing beside the intervals, on the session clock.
    """

    opening: tuple[AnyEvent, ...]
    arrival: FloatArray
    rr: FloatArray
    respiration: Respiration | None = None

    def __len__(self) -> int:
        return len(self.opening) + len(self._starts)

    @overload
    def __getitem__(self, place: int) -> AnyEvent: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[AnyEvent, ...]: ...
    def __getitem__(self, place: int | slice) -> AnyEvent | tuple[AnyEvent, ...]:
        if isinstance(place, slice):
            return tuple(self[one] for one in range(*place.indices(len(self))))
        at = range(len(self))[place]
        if at < len(self.opening):
            return self.opening[at]
        return self._packet(self._starts[at - len(self.opening)])

    def __iter__(self) -> Iterator[AnyEvent]:
        yield from self.opening
        yield from map(self._packet, self._starts)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, IntervalLog) and len(self) == len(other) and all(map(eq, self, other))
        )

    @property
    def _starts(self) -> range:
        return range(0, len(self.rr), INTERVALS_TOGETHER)

    def _packet(self, start: int) -> Packet:
        together = slice(start, start + INTERVALS_TOGETHER)
        return block_of(0, self.arrival[together], self.rr[together])


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording as its file tells it.

    Attributes
    ----------
    events : sequence of events
        In order of time, on a session clock that starts at 0.
    format : str
        Name of the format.
    intervals : int
        How many intervals the file holds, absurd ones included.
    started : str or None
        When it began, as the file says it (ISO 8601, without a zone where the file names none).
        Only where the file names an instant is there a `WallClock` event too.
    notes : tuple of str
        What had to be inferred, one sentence each.
    """

    events: Sequence[AnyEvent]
    format: str
    intervals: int
    started: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Intervals:
    """The columns of a file.

    Attributes
    ----------
    rr : (n,) float
        Intervals as written; NaN where the file says that there is none.
    time : (n,) float or None
        Time of each in seconds, from any origin; None where the file has no times.
    unit : str or None
        "ms" or "s" where the file says so, None where magnitude must tell.
    column : str
        How to name the interval column to a person.
    said : (n,) bool or None
        Whether the file says that an interval is missing before each.
    """

    rr: FloatArray
    time: FloatArray | None = None
    unit: str | None = None
    column: str = tr("this column")
    said: BoolArray | None = None


@np.errstate(all="ignore")  # what 1e308 overflows to is no interval, and is told as such
def recording(
    path: Path,
    intervals: Intervals,
    *,
    format_name: str,
    started: str | None = None,
    notes: tuple[str, ...] = (),
) -> Recording:
    """Return the recording of these intervals, as far as they and their times agree.

    Without times each interval arrives when the sum of the intervals so far says so, so that no
    step of time tells of a gap. With times the session clock starts where the first interval
    began; times of the wall clock (seconds since 1970 UTC) also give a pair of clocks.

    Raises
    ------
    FormatError
        If there are no intervals, over half lie outside 200 to 3000 ms, they are those of no heart,
        they and their times contradict each other, or the recording is longer than 30 days.
    """
    if intervals.time is None and _are_moments(intervals.rr):
        what = tr("its numbers run forward, as the moments of beats do, not the intervals between")
        raise FormatError(path, what, tr("give --peaks with their samples a second, or 1 for s"))
    rr, unit_notes = in_milliseconds(path, intervals)
    found = agreed(path, rr, intervals.time, intervals.said)
    if found.arrival[-1] > LONGEST_RECORDING:
        raise too_long(path)
    wall = found.begins if EARLIEST_EPOCH < (found.begins or 0.0) < LATEST_EPOCH else None
    if wall is not None:
        started = datetime.fromtimestamp(wall, UTC).isoformat(timespec="milliseconds")
    events = _events(found.arrival, found.rr, format_name, wall)
    count = int(np.count_nonzero(found.rr > CLOCK_CHANGED))
    return Recording(events, format_name, count, started, notes + unit_notes + found.notes)


def of_times(
    arrival: FloatArray,
    rr: FloatArray,
    *,
    format_name: str,
    started: str | None = None,
    notes: tuple[str, ...] = (),
    respiration: Respiration | None = None,
) -> Recording:
    """Return the recording of intervals whose times on the session clock are those of beats.

    Parameters
    ----------
    arrival : (n,) float
        The end of each interval in s from the start of the recording.
    rr : (n,) float
        Intervals in ms; `physio.beats.MISSING` where a gap begins.
    format_name, started, notes
        As `Recording` has them.
    respiration : Respiration, optional
        What tells of breathing beside the intervals, on the same clock.
    """
    events = _events(arrival, rr, format_name, None, respiration)
    count = int(np.count_nonzero(rr > CLOCK_CHANGED))
    return Recording(events, format_name, count, started, notes)


_FEWEST_MOMENTS: Final = 8


def _are_moments(rr: FloatArray) -> bool:
    """Tell whether numbers rise at each step, and far: no heart does so in its intervals."""
    return len(rr) >= _FEWEST_MOMENTS and bool((rr[1:] > rr[:-1]).all() and rr[-1] / 2.0 > rr[0])


def in_milliseconds(path: Path, intervals: Intervals) -> tuple[FloatArray, tuple[str, ...]]:
    """Return intervals as ms, and a note where magnitude alone says that they are in seconds."""
    rr = intervals.rr
    if len(rr) == 0:
        raise no_intervals(path)
    inferred = intervals.unit is None and _typical(rr) < LARGEST_SECONDS
    seconds = inferred or intervals.unit == "s"
    milliseconds = rr * 1000.0 if seconds else rr
    _refuse_wrong_units(path, milliseconds, intervals.column)
    return milliseconds, (tr("intervals were read as seconds"),) if inferred else ()


def _typical(rr: FloatArray) -> float:
    # Some of many tell as much; an odd step meets those that take turns alike.
    some = rr[:: len(rr) // MANY | 1]
    known = some[np.isfinite(some) & (some > 0)]
    # The mean of two middle values of 1e308 has no room in a float.
    np.minimum(known, LONGEST_GAP, out=known)
    return float(np.median(known, overwrite_input=True)) if len(known) else LARGEST_SECONDS


def _refuse_wrong_units(path: Path, rr: FloatArray, column: str) -> None:
    known = rr[~is_filler(rr)]
    outside = int(np.count_nonzero(~((known >= SHORTEST_PLAUSIBLE) & (known <= LONGEST_INTERVAL))))
    if 2 * outside > len(known):
        what = tr(
            "{outside} of {rr} values lie outside 200 to 3000 ms", outside=outside, rr=len(known)
        )
        raise FormatError(path, what, _unit_hint(rr, column))
    pulse = 60_000.0 / _typical(known) if len(known) else SLOWEST
    if not SLOWEST <= pulse <= FASTEST:
        what = tr("its intervals would be those of {pulse} heartbeats a minute", pulse=round(pulse))
        raise FormatError(path, what, tr("is {column} in milliseconds?", column=column))


SIGNAL: Final = 0.05
"""Share of values below 0 from which a column is rather a signal than intervals in another unit."""


def _unit_hint(rr: FloatArray, column: str) -> str:
    if np.mean(rr < 0.0) > SIGNAL:
        return tr(
            "if {column} is an ECG, give its samples a second with --rate; else give intervals in "
            "milliseconds", column=column,
        )  # fmt: skip
    if 30.0 <= _typical(rr) <= 240.0:
        return tr(
            "if {column} is heart rate, choose the recording of RR intervals instead", column=column
        )
    return tr("is {column} in milliseconds?", column=column)


def _events(
    arrival: FloatArray,
    rr: FloatArray,
    device: str,
    wall: float | None,
    respiration: Respiration | None = None,
) -> IntervalLog:
    clock = () if wall is None else (WallClock(0.0, wall),)
    opening = (*clock, Source(0.0, 0, "client", device))
    for column in (arrival, rr):
        column.setflags(write=False)
    return IntervalLog(opening, arrival, rr, respiration)
