"""Intervals and their times, made to agree, or refused where they cannot both be true.

More heartbeats than time is a fault of the data: repeated rows are dropped and counted, what stays
above the time that passed is left out. A time without its heartbeats is a gap.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from physio.beats import CLOCK_CHANGED, MISSING, BoolArray, FloatArray, IntArray
from physio.time.beat_times import (
    EXACT,
    ahead,
    are_beat_times,
    behind,
    delay,
    holes,
    late,
    passing_time,
    with_gaps,
    without_room,
)
from pipelines.formats.refusal import (
    LONGEST_GAP,
    LONGEST_RECORDING,
    FormatError,
    no_intervals,
    too_long,
)
from pipelines.language import tr, trn

FILLERS: Final = (0.0, 65_535.0, 65_535_000.0)
"""Values that stand for none, in ms; FIT files write all ones."""

LOST: Final = 0.5
"""Share of an interval by which arrivals must run ahead where the file says that one is missing."""
LOST_OVER: Final = 5
"""Packets over which they must stay ahead."""

BLOCK, ENDS = 60.0, 20.0
"""Seconds between the ends of a block, and at each end in which the earliest row counts."""
MOST_SURPLUS: Final = 0.02
"""Share by which intervals may exceed the time that passed; timed recordings reach 1.6 %."""
LEAST_SURPLUS: Final = 1.0
"""Seconds by which they must; a packet second may come early."""
TICKS: Final = 1024.0 / 1000.0
SAME_RATIO: Final = 0.0015
"""How near to `TICKS` intervals over time must lie to be ticks; a minute in seconds is 0.0015."""

CLOCK_STEP: Final = 2.5
"""Seconds by which a time lies before the one above it where rows or clock are out of order."""
QUARTER: Final = 900.0
"""Seconds; time zones and summer time differ by whole quarters of an hour."""
ROWS_A_CHANGE: Final = 200
"""Rows for each change of the clock; more changes are rows out of order."""

MOST_BACKWARDS: Final = 0.5
"""Share of times that may run backwards a little, as a jittery phone makes them."""

BEGINNINGS: Final = tr("times were read as the beginnings of the intervals")
BACKWARDS: Final = tr("times that ran backwards were held at the latest time before them")
SORTED: Final = tr("rows were put in the order of their times")
IN_TICKS: Final = tr(
    "intervals were read as 1/1024 s, as in milliseconds they add up to 2.4 % more than the time "
    "that passed"
)


@dataclass(frozen=True, slots=True, eq=False)
class Agreed:
    """Intervals that agree with their times.

    Attributes
    ----------
    arrival : (n,) float
        Seconds from where the first interval began, not falling.
    rr : (n,) float
        Intervals in ms; `physio.beats.MISSING` and `CLOCK_CHANGED` where a gap begins.
    begins : float or None
        Where the first interval began on the clock of the file, None without times.
    notes : tuple of str
        What was done.
    """

    arrival: FloatArray
    rr: FloatArray
    begins: float | None = None
    notes: tuple[str, ...] = ()


NOTHING, SAID, GAP, CHANGED = range(4)
"""What lies before a row: nothing, an interval that the file says is missing, a gap for certain, a
change of the clock by nobody knows how much."""


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """Rows with a time (s) and an interval (ms), and what lies before each."""

    time: FloatArray
    rr: FloatArray
    before: IntArray
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.rr)

    @property
    def delay(self) -> FloatArray:
        """(n,) Time minus the intervals so far, in s: falls where these exceed the time."""
        return delay(self.time, self.rr)

    @property
    def late(self) -> FloatArray:
        """(n - 1,) By how many seconds each step of time is longer than the interval it ends."""
        return late(self.time, self.rr)

    @property
    def are_of_beats(self) -> bool:
        """Whether the times are those of beats rather than arrivals."""
        return are_beat_times(self.time, self.rr)

    def only(self, kept: BoolArray, *notes: str) -> _Rows:
        """Return the rows that are `kept`; what lies before others lies before the next of them."""
        places = np.flatnonzero(kept)
        first = np.concatenate(([0], places[:-1] + 1)) if len(places) else places
        before = np.maximum.reduceat(self.before, first) if len(places) else first
        return _Rows(self.time[places], self.rr[places], before, (*self.notes, *notes))

    def told(self, *notes: str) -> _Rows:
        """Return the rows with further notes."""
        return replace(self, notes=(*self.notes, *notes))


def is_filler(rr: FloatArray) -> BoolArray:
    """Return which values (ms) stand for no interval."""
    found = rr == FILLERS[0]
    for value in FILLERS[1:]:
        found |= rr == value
    return np.asarray(found)


def agreed(
    path: Path, rr: FloatArray, time: FloatArray | None, said: BoolArray | None = None
) -> Agreed:
    """Return intervals (n,) in ms that agree with their times (n,) in s from any origin.

    Before those that are `said` to follow a missing one lies a gap where time passed for it.

    Raises
    ------
    FormatError
        If none are left, or intervals and times contradict each other.
    """
    absurd = np.isfinite(rr) & (rr > LONGEST_GAP) & ~is_filler(rr)
    if absurd.any():
        found = agreed(path, np.where(absurd, MISSING, rr), time, said)
        return replace(found, notes=(*_absurd(int(np.count_nonzero(absurd))), *found.notes))
    if time is None:
        return _without_times(path, rr)
    # Halves, because the reach of two finite numbers need not be finite.
    if time.max() / 2 - time.min() / 2 > LONGEST_RECORDING / 2:
        raise too_long(path)
    rows = _Rows(
        time, rr, np.where(np.zeros(len(rr), bool) if said is None else said, SAID, NOTHING)
    )
    for step in _STEPS:
        rows = step(path, rows)
        if len(rows) == 0:
            raise no_intervals(path)
    return _with_gaps(rows)


def _without_times(path: Path, rr: FloatArray) -> Agreed:
    filler = is_filler(rr)
    notes = _passed_over(int(np.count_nonzero(filler)))
    rr = rr[~filler] if notes else rr
    if not (rr > CLOCK_CHANGED).any():
        raise no_intervals(path)
    passing = passing_time(rr)
    return Agreed(np.cumsum(passing, out=passing), rr, notes=notes)


def _absurd(count: int) -> tuple[str, ...]:
    return (
        trn(
            "an interval of more than an hour was taken for a gap",
            "{count} intervals of more than an hour were taken for gaps",
            count,
        ),
    )


def _passed_over(count: int) -> tuple[str, ...]:
    if count == 0:
        return ()
    return (
        trn(
            'a value that stands for "no interval" was passed over',
            '{count} values that stand for "no interval" were passed over',
            count,
        ),
    )


def _at_ends(path: Path, rows: _Rows) -> _Rows:  # noqa: ARG001 - a step among others
    """Return the rows with each time at the end of its interval."""
    if len(rows) < 3:
        return rows
    lengths = passing_time(rows.rr)
    begins = np.abs(np.diff(rows.time) - lengths[:-1])
    if np.median(begins) > EXACT or np.mean(begins <= EXACT) <= np.mean(np.abs(rows.late) <= EXACT):
        return rows
    return replace(rows, time=rows.time + lengths).told(BEGINNINGS)


def _with_values(path: Path, rows: _Rows) -> _Rows:  # noqa: ARG001
    """Return the rows that hold an interval."""
    filler = is_filler(rows.rr)
    missing = ~(rows.rr > 0) | filler
    if not missing.any():
        return rows
    # Where most rows hold none, as beside an ECG, those say nothing; nor does what fills a packet.
    if 2 * np.count_nonzero(missing) <= len(rows):
        told = missing & ~(filler & np.isin(rows.time, rows.time[~missing]))
        rows = replace(rows, before=np.where(told, SAID, rows.before))
    return rows.only(~missing, *_passed_over(int(np.count_nonzero(filler))))


def _sent_once(path: Path, rows: _Rows) -> _Rows:  # noqa: ARG001
    """Return the rows without those that were sent again later."""
    behind = rows.time < np.maximum.accumulate(rows.time)
    if not behind.any():
        return rows
    again = behind & _repeated(rows)
    # The last row of a block that was sent again may be the latest there is.
    again |= np.concatenate(([False], again[:-1])) & _repeated(rows)
    return rows.only(~again, *_dropped(again)) if again.any() else rows


def _repeated(rows: _Rows) -> BoolArray:
    """Return which rows have the time and interval of one above them."""
    order = np.lexsort((rows.rr, rows.time))
    time, rr = rows.time[order], rows.rr[order]
    found = np.zeros(len(rows), bool)
    found[order[1:]] = (np.diff(time) == 0) & (np.diff(rr) == 0)
    return found


def _dropped(again: BoolArray) -> tuple[str, ...]:
    count = int(np.count_nonzero(again))
    return (
        trn(
            "a row that was there already was dropped",
            "{count} rows that were there already were dropped",
            count,
        ),
    )


def _in_order(path: Path, rows: _Rows) -> _Rows:
    """Return the rows with times that do not fall."""
    steps = np.diff(rows.time)
    if not (steps < 0).any():
        return rows
    order = np.argsort(rows.time, kind="stable")
    in_time = _Rows(rows.time[order], rows.rr[order], rows.before[order], rows.notes)
    if in_time.are_of_beats and _on_time(in_time) > _on_time(rows):
        return in_time.told(SORTED)
    backwards = int(np.count_nonzero(steps < 0))
    changes = np.flatnonzero(steps < -CLOCK_STEP) + 1
    many = len(changes) > 1 + len(rows) // ROWS_A_CHANGE
    if many or backwards > MOST_BACKWARDS * len(rows):
        what = tr("{count} of its {rows} times run backwards", count=backwards, rows=len(rows))
        raise FormatError(path, what, tr("put its rows in the order in which they were recorded"))
    for place in changes.tolist():
        rows = _clock_set_back(rows, place)
    if not (np.diff(rows.time) < 0).any():
        return rows
    return replace(rows, time=np.maximum.accumulate(rows.time)).told(BACKWARDS)


def _clock_set_back(rows: _Rows, place: int) -> _Rows:
    """Return the rows with the times from `place` on as if the clock had not been set back.

    Where it was by whole quarters of an hour the time that passed is known.
    """
    jump = float(rows.late[place - 1])
    quarters = round(jump / QUARTER) * QUARTER
    known = quarters < 0 and abs(jump - quarters) <= CLOCK_STEP
    back = -quarters if known else -jump
    time, before = rows.time.copy(), rows.before.copy()
    time[place:] += back
    before[place] = before[place] if known else CHANGED
    note = tr("the clock was set back by {seconds} s", seconds=round(back))
    return replace(rows, time=time, before=before).told(note)


def _on_time(rows: _Rows) -> float:
    return float(np.mean(np.abs(rows.late) <= EXACT))


def _in_milliseconds(path: Path, rows: _Rows) -> _Rows:  # noqa: ARG001
    """Return the rows with intervals in ms where they were in 1/1024 s."""
    blocks = _blocks(rows)
    if len(blocks.fall) == 0 or (rows.rr != np.round(rows.rr)).any():
        return rows
    near = np.abs(blocks.ratio - TICKS) <= SAME_RATIO + LEAST_SURPLUS / 2 / blocks.span
    if not near.all() or abs(np.median(blocks.ratio) - TICKS) > SAME_RATIO:
        return rows
    return replace(rows, rr=rows.rr / TICKS).told(IN_TICKS)


@dataclass(frozen=True, slots=True, eq=False)
class _Blocks:
    """Stretches of about `BLOCK` seconds, and by how much intervals exceed the time in each."""

    start: FloatArray
    span: FloatArray
    fall: FloatArray
    """Seconds."""

    @property
    def ratio(self) -> FloatArray:
        """Intervals over the time that passed."""
        return 1.0 + self.fall / self.span

    @property
    def over(self) -> BoolArray:
        """Whether they exceed it by more than clocks and packets explain."""
        return np.asarray(self.fall > np.maximum(MOST_SURPLUS * self.span, LEAST_SURPLUS))


def _blocks(rows: _Rows) -> _Blocks:
    """Return how the earliest rows of each end fall behind: late packets fall behind nothing."""
    reach = float(rows.time[-1] - rows.time[0])
    width = min(ENDS, reach / 4.0)
    if reach <= 0:
        return _Blocks(*np.empty((3, 0)))
    step = min(BLOCK, reach - width)
    edges = np.append(np.arange(0.0, reach - width - step / 2.0, step), reach - width)
    edges += rows.time[0]
    window = np.searchsorted(rows.time, np.column_stack((edges, edges + width)).ravel())
    window = np.minimum(window, len(rows) - 1)
    earliest = np.minimum.reduceat(rows.delay, window)[::2]
    return _Blocks(edges[:-1], np.diff(edges), -np.diff(earliest))


def _counted_once(path: Path, rows: _Rows) -> _Rows:
    """Return the rows without those for which there was no time."""
    rows = _without_doubles(rows)
    blocks = _blocks(rows)
    over = blocks.over
    if not over.any():
        return rows
    passed, surplus = float(blocks.span[over].sum()), float(blocks.fall[over].sum())
    ratio = 1.0 + surplus / passed
    times = f"{ratio:.1f}" if ratio >= 1.15 else f"{ratio:.2f}"
    if 2.0 * passed > float(blocks.span.sum()):
        what = tr("the intervals add up to {times} times the time that passed", times=times)
        hint = tr("export each interval once, in milliseconds")
        raise FormatError(path, what, hint)
    note = tr(
        "{seconds} s in which the intervals add up to {times} times the time that passed were "
        "left out",
        seconds=round(passed),
        times=times,
    )
    inside = _inside(rows, blocks)
    return replace(rows, before=np.where(inside, GAP, rows.before)).only(~inside, note)


def _inside(rows: _Rows, blocks: _Blocks) -> BoolArray:
    """Return which rows lie in a block with more heartbeats than time."""
    found = np.zeros(len(rows), bool)
    starts, ends = blocks.start[blocks.over], (blocks.start + blocks.span)[blocks.over] + ENDS
    places = np.searchsorted(rows.time, (starts, ends))
    for first, last in places.T.tolist():
        found[first:last] = True
    return found


def _without_doubles(rows: _Rows) -> _Rows:
    """Return the rows without those of one moment that are the same, if time has no room for them.

    A packet of Bluetooth may well bring two equal intervals.
    """
    again = np.diff(rows.time, prepend=-np.inf) == 0
    if not again.any():
        return rows
    again &= _repeated(rows)
    if not again.any():
        return rows
    once = rows.only(~again)
    if not once.are_of_beats:
        again &= _inside(rows, _blocks(rows))
    return rows.only(~again, *_dropped(again)) if again.any() else rows


def _with_room(path: Path, rows: _Rows) -> _Rows:  # noqa: ARG001
    """Return the rows but for those that beat times leave no room for; each leaves a gap."""
    if not rows.are_of_beats:
        return rows
    fallen = without_room(rows.time, rows.rr)
    if not fallen.any():
        return rows
    out = np.concatenate(([False], fallen))
    note = trn(
        "an interval that does not fit into the time that passed was left out",
        "{count} intervals that do not fit into the time that passed were left out",
        int(np.count_nonzero(out)),
    )
    return replace(rows, before=np.where(out, GAP, rows.before)).only(~out, note)


def _with_holes(path: Path, rows: _Rows) -> _Rows:  # noqa: ARG001
    """Return the rows with a gap wherever time passed without an interval."""
    if len(rows) < 2:
        return rows
    if rows.are_of_beats:
        hole = holes(rows.time, rows.rr)
    else:
        hole = (rows.before[1:] == SAID) & _lost(rows)
    before = np.where(rows.before == SAID, NOTHING, rows.before)
    before[1:][hole] = np.maximum(before[1:][hole], GAP)
    return replace(rows, before=before)


def _lost(rows: _Rows) -> BoolArray:
    """Return (n - 1,) before which rows arrivals run ahead, seen over several packets."""
    count = LOST_OVER * math.ceil(len(rows) / len(np.unique(rows.time)))
    stay = ahead(np.minimum, rows.delay, count)
    stay[1 - count :] = -np.inf  # so few rows tell nothing of arrivals
    stay -= behind(np.minimum, rows.delay, count)
    return np.asarray(stay > LOST * passing_time(rows.rr[1:]))


def _with_gaps(rows: _Rows) -> Agreed:
    """Return the rows, and before each gap what stands for the missing."""
    lasting = float(passing_time(rows.rr[:1])[0])
    begins = float(rows.time[0] - lasting)
    gap = np.concatenate(([False], rows.before[1:] >= GAP))
    stand_in = np.where(rows.before[gap] == CHANGED, CLOCK_CHANGED, MISSING)
    arrival, rr = with_gaps(rows.time - rows.time[0] + lasting, rows.rr, gap, stand_in)
    return Agreed(arrival, rr, begins, rows.notes)


_STEPS: Final[tuple[Callable[[Path, _Rows], _Rows], ...]] = (
    _at_ends,
    _with_values,
    _sent_once,
    _in_order,
    _in_milliseconds,
    _counted_once,
    _with_room,
    _with_holes,
)
"""From rows as written to rows that agree, in this order."""
