"""What every format gives: the events of a recording, or one sentence saying why not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import eq
from pathlib import Path
from typing import Final, overload

import numpy as np

from physio.beats import LONGEST_INTERVAL, FloatArray
from pipelines.language import tr
from pipelines.session import AnyEvent, Packet, Source, WallClock, block_of

SHORTEST_PLAUSIBLE: Final = 200.0
"""Milliseconds; with `LONGEST_INTERVAL` the range that decides about units."""

LARGEST_SECONDS: Final = 10.0
"""Intervals without a unit whose median is below this are in seconds."""

LONGEST_GAP: Final = 86_400_000.0
"""Milliseconds; a longer value is no interval of any recording and would stretch its time."""

LONGEST_RECORDING: Final = 30 * 86_400.0
"""Seconds; times further apart than this are not those of one recording."""

MOST_INTERVALS: Final = 6_000_000
"""More than a heart beats in `LONGEST_RECORDING`: 30 days at 139 beats a minute."""

SAME_MOMENT: Final = 0.002
"""Seconds within which a time as written equals a sum of intervals (files round to 1 ms)."""

EARLIEST_EPOCH, LATEST_EPOCH = 1e8, 7e9
"""Seconds since 1970 UTC (1973 to 2191) between which a time is one of the wall clock."""


class FormatError(ValueError):
    """A recording that cannot be read, in one sentence: what, where, what to do.

    Parameters
    ----------
    path : Path
        The file; its name begins the sentence.
    what : str
        What was found, with the line where it is known; never the data themselves.
    hint : str
        What the person can do.
    """

    def __init__(self, path: Path, what: str, hint: str) -> None:
        super().__init__(f"{_short(path.name or str(path))}: {what}; {hint}")
        self.path = path
        self.what = what
        self.hint = hint


_LONGEST_NAME = 255


def _short(name: str) -> str:
    """Return a name that a file system can have, or the beginning of one that it cannot."""
    return name if len(name) <= _LONGEST_NAME else name[:80] + "..."


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
    """

    opening: tuple[AnyEvent, ...]
    arrival: FloatArray
    rr: FloatArray

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
    """

    rr: FloatArray
    time: FloatArray | None = None
    unit: str | None = None
    column: str = tr("this column")


def recording(
    path: Path,
    intervals: Intervals,
    *,
    format_name: str,
    started: str | None = None,
    notes: tuple[str, ...] = (),
) -> Recording:
    """Return the recording of these intervals.

    Without times each interval arrives when the sum of the intervals so far says so, so that no
    step of time tells of a gap. With times the session clock starts where the first interval
    began; times of the wall clock (seconds since 1970 UTC) also give a pair of clocks.

    Raises
    ------
    FormatError
        If there are no intervals, over half lie outside 200 to 3000 ms, one is longer than a day,
        or the recording longer than 30 days.
    """
    rr, unit_notes = in_milliseconds(path, intervals)
    arrival, time_notes = _arrivals(path, intervals.time, rr)
    if arrival[-1] > LONGEST_RECORDING:
        raise too_long(path)
    wall = _wall(intervals.time, rr, begins=BEGINNINGS in time_notes)
    if wall is not None:
        started = datetime.fromtimestamp(wall, UTC).isoformat(timespec="milliseconds")
    events = _events(arrival, rr, format_name, wall)
    return Recording(events, format_name, len(rr), started, notes + unit_notes + time_notes)


def in_milliseconds(path: Path, intervals: Intervals) -> tuple[FloatArray, tuple[str, ...]]:
    """Return intervals as ms, and a note where magnitude alone says that they are in seconds."""
    rr = intervals.rr
    if len(rr) == 0:
        raise FormatError(
            path, tr("it holds no intervals"), tr("choose a recording of RR intervals")
        )
    inferred = intervals.unit is None and _typical(rr) < LARGEST_SECONDS
    seconds = inferred or intervals.unit == "s"
    with np.errstate(over="ignore"):
        milliseconds = rr * 1000.0 if seconds else rr
    _refuse_wrong_units(path, milliseconds, intervals.column)
    return milliseconds, (tr("intervals were read as seconds"),) if inferred else ()


def passing_time(rr: FloatArray) -> FloatArray:
    """Return by how many seconds each interval (ms) moves time on: 0 unless finite and above 0."""
    passing = np.where(np.isfinite(rr) & (rr > 0), rr, 0.0)
    passing /= 1000.0
    return passing


def _typical(rr: FloatArray) -> float:
    # The mean of two middle values of 1e308 has no room in a float.
    known = rr[np.isfinite(rr) & (rr > 0)]
    np.minimum(known, LONGEST_GAP, out=known)
    return float(np.median(known, overwrite_input=True)) if len(known) else LARGEST_SECONDS


def _refuse_wrong_units(path: Path, rr: FloatArray, column: str) -> None:
    outside = int(np.count_nonzero(~((rr >= SHORTEST_PLAUSIBLE) & (rr <= LONGEST_INTERVAL))))
    if 2 * outside > len(rr):
        what = tr(
            "{outside} of {rr} values lie outside 200 to 3000 ms", outside=outside, rr=len(rr)
        )
        raise FormatError(path, what, _unit_hint(rr, column))
    longest = np.flatnonzero(np.isfinite(rr) & (rr > LONGEST_GAP))
    if len(longest):
        what = tr("interval {longest} is longer than a day", longest=longest[0] + 1)
        raise FormatError(path, what, tr("correct or delete that line"))


def _unit_hint(rr: FloatArray, column: str) -> str:
    if 30.0 <= _typical(rr) <= 240.0:
        return tr(
            "if {column} is heart rate, choose the recording of RR intervals instead", column=column
        )
    return tr("is {column} in milliseconds?", column=column)


def too_many(path: Path) -> FormatError:
    """Return the refusal of more intervals than a recording has."""
    what = tr(
        "it holds more than {most_intervals} intervals, which is more than 30 days",
        most_intervals=MOST_INTERVALS,
    )
    return FormatError(path, what, tr("cut the recording"))


def too_long(path: Path) -> FormatError:
    """Return the refusal of times that are not those of one recording."""
    what = tr("its times reach over more than 30 days")
    return FormatError(path, what, tr("check the unit of the times, or cut the recording"))


MOST_BACKWARDS: Final = 0.5
"""Share of times that may run backwards, as a clock set anew or a jittery phone makes them."""
BEGINNINGS: Final = tr("times were read as the beginnings of the intervals")
BACKWARDS: Final = tr("times that ran backwards were held at the latest time before them")


def _arrivals(
    path: Path, time: FloatArray | None, rr: FloatArray
) -> tuple[FloatArray, tuple[str, ...]]:
    """Return arrivals (n,), which never run backwards, and notes on what was done to the times."""
    if time is None:
        passing = passing_time(rr)
        return np.cumsum(passing, out=passing), ()
    # Halves, because the reach of two finite numbers need not be finite.
    if time.max() / 2 - time.min() / 2 > LONGEST_RECORDING / 2:
        raise too_long(path)
    relative, lengths = time - time[0], passing_time(rr)
    begins = _are_beginnings(relative, lengths)
    arrival = relative + (lengths if begins else lengths[0])
    backwards = np.diff(arrival) < 0
    if np.count_nonzero(backwards) > MOST_BACKWARDS * len(arrival):
        what = tr(
            "{count_nonzero} of its {arrival} times run backwards",
            count_nonzero=np.count_nonzero(backwards),
            arrival=len(arrival),
        )
        raise FormatError(path, what, tr("put its rows in the order in which they were recorded"))
    notes = (BEGINNINGS,) * begins + (BACKWARDS,) * bool(backwards.any())
    return np.maximum.accumulate(arrival), notes


def _are_beginnings(time: FloatArray, lengths: FloatArray) -> bool:
    """Tell whether each time is exactly one interval before the next, as a beginning is."""
    if len(lengths) < 3:
        return False
    begins = np.mean(np.abs(np.diff(time) - lengths[:-1]) <= SAME_MOMENT)
    ends = np.mean(np.abs(np.diff(time) - lengths[1:]) <= SAME_MOMENT)
    return bool(begins > 0.9 and begins > ends)


def _wall(time: FloatArray | None, rr: FloatArray, *, begins: bool) -> float | None:
    """Return the start in seconds since 1970 UTC where the times are those of the wall clock."""
    if time is None:
        return None
    wall = float(time[0]) - (0.0 if begins else float(passing_time(rr[:1])[0]))
    return wall if EARLIEST_EPOCH < wall < LATEST_EPOCH else None


def _events(arrival: FloatArray, rr: FloatArray, device: str, wall: float | None) -> IntervalLog:
    clock = () if wall is None else (WallClock(0.0, wall),)
    opening = (*clock, Source(0.0, 0, "client", device))
    for column in (arrival, rr):
        column.setflags(write=False)
    return IntervalLog(opening, arrival, rr)
