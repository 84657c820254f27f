"""The beat clock: from intervals and the arrivals of their packets to beats and gaps in time.

An interval's place in time is the cumulated sum of intervals plus an offset. `delay` below is the
arrival of an interval's packet minus that sum, in seconds; its lower envelope follows the freshest
packets and so the offset. A lasting step of it means that packets were lost.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from physio import beats
from physio.beats import (
    LONGEST_INTERVAL,
    NO_BEATS,
    Beats,
    BoolArray,
    FloatArray,
    Gap,
    GapCause,
    IntArray,
)
from physio.compiled import frozen
from physio.time.beat_times import passing
from physio.time.bursts import NOTHING, Cutter, History, Pile, Stretch
from physio.time.drift import Drift, begin, follow

CAUSES = tuple(GapCause)
"""Why there is a break before an interval; the numbers of `advance` are places in this tuple."""

TOO_LONG = CAUSES.index(GapCause.TOO_LONG)
NOT_POSITIVE = CAUSES.index(GapCause.NOT_POSITIVE)
MISSING = CAUSES.index(GapCause.MISSING)
CLOCK_CHANGED = CAUSES.index(GapCause.CLOCK_CHANGED)
PACKETS_LOST = CAUSES.index(GapCause.PACKETS_LOST)

FOUND = (TOO_LONG, NOT_POSITIVE, PACKETS_LOST)
"""Causes that nothing but the intervals tells of."""
SHORTEST_GAP = 1e-6
"""Seconds that such a gap must last; less is rounding."""
SET_BACK = 0.5
"""Seconds by which an arrival lies before the one before it where a clock was set back."""

AT_ONCE = 1 << 13
"""Intervals of a whole recording taken in at a time, which are handled in the processor's cache."""


@dataclass(frozen=True, slots=True)
class Settled:
    """Beats and the gaps before them; nothing in it changes when more intervals arrive."""

    beats: Beats
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ClockState:
    """What the clock remembers; its size does not depend on the length of the recording."""

    total: float = 0.0
    """Cumulated sum of all intervals received, in ms."""
    break_cause: int = 0
    """Break before the next beat, from intervals that are not beats."""
    arrival: float = -np.inf
    """Arrival of the newest interval, in s."""
    pile: Pile = NOTHING
    """Beats that are not settled."""
    history: History | None = None
    drift: Drift | None = None
    """Of the segment that beats are being added to, None between two."""
    segment: int = -1
    """Number of the segment settled last."""
    end: float = -np.inf
    """End of the beat settled last, in s, and the cumulated sum there, in ms."""
    end_total: float = 0.0


START = ClockState()


def advance(
    state: ClockState, arrival: ArrayLike, rr: ArrayLike, cause: ArrayLike
) -> tuple[ClockState, Settled]:
    """Take in further intervals; return the new state and the beats that are settled by them.

    Parameters
    ----------
    state : ClockState
        `START`, or the state returned by the call before.
    arrival : (n,) float
        Arrival of the packet that brought each interval, in s on the session clock.
    rr : (n,) float
        Intervals in ms as received. One above 3000 or not above 0 is no beat but a break; its
        length, if it has one, still passes. `physio.beats.MISSING` and `CLOCK_CHANGED` are breaks
        of those causes.
    cause : (n,) int
        Place in `CAUSES` of a break known to lie before each interval, 0 where there is none.

    Returns
    -------
    ClockState, Settled
        However a recording is cut into calls, the settled beats of all calls followed by
        `pending` are the same to the last bit.

    Raises
    ------
    ValueError
        If the arrays differ in length or an arrival is not a number.

    Notes
    -----
    Intervals whose packets arrive less than 0.25 s after one another form a burst (at most 64
    intervals). Packets were lost before burst k where the smallest delay of bursts k to k + 4
    exceeds that of the up to 5 bursts before k in its segment by more than 1.5 times the median of
    the up to 31 intervals before it. At 95 beats/min and above, where that is less than straps in
    exercise are late by, and where it is at most 2 s, so must the smallest delay of bursts k to k +
    39 exceed that of the up to 40 before k, by as much, and that of k alone that of k - 1, unless
    those 40 are more than 2 s later. The bursts after k count even across a later break, so that a
    loss shortly before a lost link is not bridged. Near the end of a recording, where fewer than 5
    (40) bursts are left, no loss is found. An arrival more than .5 s before the one before it is a
    clock that was set back: a break. An interval that is none, without time missing, is no gap.

    Time in a segment is its smallest delay over the first 5 bursts, plus the cumulated intervals,
    plus a drift that runs straight between corners 60 s of intervals apart; the corner at the end
    of a block is the smallest delay of the two blocks before it.
    """
    state = _receive(state, *_columns(arrival, rr, cause))
    return _settle(state, final=False)


def pending(state: ClockState) -> Settled:
    """Return what the intervals not yet settled are if the recording ends here."""
    after, settled = _settle(state, final=True)
    if not state.break_cause:
        return settled
    start = max(after.end, 0.0) if after.segment < 0 else after.end
    lasting = (state.total - after.end_total) / 1000.0
    return Settled(settled.beats, settled.gaps + _gap(start, start + lasting, state.break_cause))


def beat_clock(arrival: ArrayLike, rr: ArrayLike, cause: ArrayLike | None = None) -> Settled:
    """Return the beats and gaps of a whole recording; see `advance`."""
    known = np.zeros(np.shape(rr), np.int64) if cause is None else cause
    arrivals, intervals, causes = _columns(arrival, rr, known)
    state, parts = START, []
    for first in range(0, len(intervals), AT_ONCE):
        part = slice(first, first + AT_ONCE)
        state = _receive(state, arrivals[part], intervals[part], causes[part])
        state, settled = _settle(state, final=False)
        parts.append(settled)
    return join(*parts, pending(state))


def is_beat(rr: FloatArray) -> BoolArray:
    """Return which intervals (n,) in ms are beats; the others are breaks."""
    return np.asarray((rr > 0) & (rr <= LONGEST_INTERVAL))


def join(*parts: Settled) -> Settled:
    """Return the parts one after another."""
    beats = [part.beats for part in parts if len(part.beats)]
    gaps = tuple(gap for part in parts for gap in part.gaps)
    if len(beats) < 2:
        return Settled(beats[0] if beats else NO_BEATS, gaps)
    time, rr, segment = (
        np.concatenate([getattr(part, name) for part in beats])
        for name in ("time", "rr", "segment")
    )
    return Settled(_beats(time, rr, segment), gaps)


def _beats(time: FloatArray, rr: FloatArray, segment: IntArray) -> Beats:
    """Return beats of arrays that nobody else writes to, so that none need be copied."""
    return Beats.of_any_length(frozen(time), frozen(rr), frozen(segment))


def _columns(
    arrival: ArrayLike, rr: ArrayLike, cause: ArrayLike
) -> tuple[FloatArray, FloatArray, IntArray]:
    arrivals = np.asarray(arrival, dtype=np.float64)
    intervals = np.asarray(rr, dtype=np.float64)
    causes = np.asarray(cause, dtype=np.int64)
    if not (arrivals.shape == intervals.shape == causes.shape == (len(intervals),)):
        raise ValueError(
            "arrival, rr and cause must be one-dimensional and of one length; "
            f"got {arrivals.shape}, {intervals.shape}, {causes.shape}"
        )
    if not np.isfinite(arrivals).all():
        raise ValueError("every arrival must be a finite number of seconds")
    return arrivals, intervals, causes


def _receive(state: ClockState, arrival: FloatArray, rr: FloatArray, cause: IntArray) -> ClockState:
    """Put the beats among the intervals on the pile, with the breaks before them."""
    if len(rr) == 0:
        return state
    beat = is_beat(rr)
    # A cumulated sum that starts from the carried one adds in the same order however it is cut.
    total = np.cumsum(np.concatenate(([state.total], passing(rr))))[1:]
    back = np.diff(arrival, prepend=state.arrival) < -SET_BACK
    told = np.where(back & (cause == 0), CLOCK_CHANGED, cause)
    causes = _first_causes(beat, _causes(rr, beat, told), state.break_cause)
    new = Pile(arrival[beat], rr[beat], total[beat], causes[:-1])
    return replace(
        state,
        total=float(total[-1]),
        arrival=float(arrival[-1]),
        break_cause=int(causes[-1]),
        pile=state.pile.join(new),
    )


def _causes(rr: FloatArray, beat: BoolArray, cause: IntArray) -> IntArray:
    """Return the break each interval makes: one told of before it, or that it is no beat."""
    causes = np.where(cause > 0, cause, 0)
    rows = np.flatnonzero(~beat & (causes == 0))
    absurd = rr[rows]
    whys = [absurd > LONGEST_INTERVAL, np.isnan(absurd), absurd == beats.CLOCK_CHANGED]
    causes[rows] = np.select(whys, [TOO_LONG, MISSING, CLOCK_CHANGED], NOT_POSITIVE)
    return causes


def _first_causes(beat: BoolArray, cause: IntArray, carried: int) -> IntArray:
    """Return for each beat, and for the one to come, the first cause since the beat before."""
    causes = np.zeros(np.count_nonzero(beat) + 1, np.int64)
    rows = np.flatnonzero(cause)
    following: IntArray = (np.cumsum(beat) - beat)[rows]
    # Written last to first, so that the first cause of a run is the one that stays.
    causes[following[::-1]] = cause[rows[::-1]]
    if carried:
        causes[0] = carried
    return causes


def _settle(state: ClockState, *, final: bool) -> tuple[ClockState, Settled]:
    """Move beats from the pile into segments as far as nothing to come can change them."""
    if len(state.pile) == 0:
        return state, Settled(NO_BEATS, ())
    cutter = Cutter(state.pile, state.history, lost=PACKETS_LOST, final=final)
    parts = []
    for stretch in cutter:
        state, part = _place(state, stretch)
        parts.append(part)
    return replace(state, pile=cutter.rest()), join(*parts)


def _place(state: ClockState, stretch: Stretch) -> tuple[ClockState, Settled]:
    """Give the beats of a stretch their times, and the gap before them if a segment begins."""
    pile = stretch.pile
    gaps: tuple[Gap, ...] = ()
    segment, drift = state.segment, state.drift
    if stretch.fresh or drift is None:
        segment += 1
        drift, gaps = _begin(state, stretch)
    time, drift = follow(drift, pile.total, pile.delay)
    state = replace(
        state,
        history=None if stretch.closed else stretch.history,
        drift=None if stretch.closed else drift,
        segment=segment,
        end=float(time[-1]),
        end_total=float(pile.total[-1]),
    )
    return state, Settled(_beats(time, pile.rr, np.full(len(pile), segment)), gaps)


def _begin(state: ClockState, stretch: Stretch) -> tuple[Drift, tuple[Gap, ...]]:
    """Return the drift of a segment that begins, and the gap before it if there is one."""
    total, rr = float(stretch.pile.total[0]), float(stretch.pile.rr[0])
    origin = total - rr
    # Two segments never overlap: a strap that was late before a break pushes what follows.
    anchor = max(stretch.anchor, state.end - origin / 1000.0)
    drift = begin(origin, anchor)
    if not stretch.cause:
        return drift, ()
    start = anchor if state.segment < 0 else state.end
    beginning = anchor + total / 1000.0 - rr / 1000.0
    return drift, _gap(start, beginning, stretch.cause)


def _gap(start: float, end: float, cause: int) -> tuple[Gap, ...]:
    """Return the gap, none where the intervals alone tell of one and no time is missing."""
    lasting = end - start > SHORTEST_GAP
    return (Gap(start, max(start, end), CAUSES[cause]),) if lasting or cause not in FOUND else ()
