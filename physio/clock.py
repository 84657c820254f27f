"""The beat clock: from intervals and the arrivals of their packets to beats and gaps in time.

An interval's place in time is the cumulated sum of intervals plus an offset. `delay` below is the
arrival of an interval's packet minus that sum, in seconds; its lower envelope follows the freshest
packets and so the offset. A lasting step of it means that packets were lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from physio.beats import LONGEST_INTERVAL, NO_BEATS, Beats, BoolArray, FloatArray, Gap, IntArray

CAUSES = (
    "",
    "link lost",
    "strap off the skin",
    "computer suspended",
    "clock changed",
    "paused",
    "interval above 3 s",
    "interval not above 0",
    "packets lost",
)
"""Why there is a break before an interval; the codes of `advance` are places in this tuple."""

TOO_LONG = CAUSES.index("interval above 3 s")
NOT_POSITIVE = CAUSES.index("interval not above 0")
PACKETS_LOST = CAUSES.index("packets lost")

SAME_BURST = 0.25
"""Seconds; a packet's intervals, and a backlog's packets, arrive closer together than this."""
LARGEST_BURST = 64
"""Intervals; bounds the state where every interval of a file follows within `SAME_BURST`."""
SEEN_OVER = 5
"""Bursts over which a step must last: a real log has six single packets over 1 s late, no loss."""
LOST_INTERVALS = 1.5
RECENT = 31
"""Intervals before a burst whose median a step is compared with."""
BLOCK = 60.0
"""Seconds between the corners of the slow drift."""
STEEPEST = 0.5
"""Seconds a second by which the drift may run back, so that time never does."""


@dataclass(frozen=True, slots=True)
class Settled:
    """Beats and the gaps before them; nothing in it changes when more intervals arrive."""

    beats: Beats
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Pile:
    """Beats that are not settled: arrival (s), interval and cumulated sum (ms), break before."""

    arrival: FloatArray
    rr: FloatArray
    total: FloatArray
    cause: IntArray

    def __len__(self) -> int:
        return len(self.rr)

    def __getitem__(self, part: slice) -> _Pile:
        return _Pile(self.arrival[part], self.rr[part], self.total[part], self.cause[part])

    @property
    def delay(self) -> FloatArray:
        return self.arrival - self.total / 1000.0

    def join(self, other: _Pile) -> _Pile:
        return _Pile(
            np.concatenate((self.arrival, other.arrival)),
            np.concatenate((self.rr, other.rr)),
            np.concatenate((self.total, other.total)),
            np.concatenate((self.cause, other.cause)),
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Open:
    """The segment that beats are being added to: its drift so far, and what steps are held to."""

    origin: float
    """Cumulated sum (ms) at the segment's beginning."""
    block: int
    corners: tuple[float, float]
    """Offset (s) at the beginning and the end of `block`."""
    lows: tuple[float, float]
    """Smallest delay in the block before and, so far, in `block`."""
    bursts: FloatArray
    """Smallest delay of each of the last `SEEN_OVER` bursts."""
    recent: FloatArray
    """The last `RECENT` intervals."""


_EMPTY = _Pile(np.empty(0), np.empty(0), np.empty(0), np.empty(0, np.int64))


@dataclass(frozen=True, slots=True, eq=False)
class ClockState:
    """What the clock remembers; its size does not depend on the length of the recording."""

    total: float = 0.0
    """Cumulated sum of all intervals received, in ms."""
    break_cause: int = 0
    """Break before the next beat, from intervals that are not beats."""
    pile: _Pile = _EMPTY
    open: _Open | None = None
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
        length, if it has one, still passes.
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
    exceeds that of the up to 5 bursts before k in its segment by more than 1.5 times the median
    of the up to 31 intervals before it. The bursts after k count even across a later break, so
    that a loss shortly before a lost link is not bridged. Near the end of a recording, where
    fewer than 5 bursts are left, no loss is found.

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
    lasting = max(0.0, (state.total - after.end_total) / 1000.0)
    gap = Gap(start, start + lasting, CAUSES[state.break_cause])
    return Settled(settled.beats, (*settled.gaps, gap))


def beat_clock(arrival: ArrayLike, rr: ArrayLike, cause: ArrayLike | None = None) -> Settled:
    """Return the beats and gaps of a whole recording; see `advance`."""
    causes = np.zeros(np.shape(rr), np.int64) if cause is None else cause
    state, settled = advance(START, arrival, rr, causes)
    return join(settled, pending(state))


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
    return Settled(Beats(time, rr, segment), gaps)


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
    beat = (rr > 0) & (rr <= LONGEST_INTERVAL)
    passing = np.where(np.isfinite(rr) & (rr > 0), rr, 0.0)
    # A cumulated sum that starts from the carried one adds in the same order however it is cut.
    total = np.cumsum(np.concatenate(([state.total], passing)))[1:]
    causes = _first_causes(beat, _causes(rr, beat, cause), state.break_cause)
    new = _Pile(arrival[beat], rr[beat], total[beat], causes[:-1])
    return replace(
        state,
        total=float(total[-1]),
        break_cause=int(causes[-1]),
        pile=state.pile.join(new),
    )


def _causes(rr: FloatArray, beat: BoolArray, cause: IntArray) -> IntArray:
    """Return the break each interval makes: one told of before it, or that it is no beat."""
    absurd = np.where(rr > LONGEST_INTERVAL, TOO_LONG, NOT_POSITIVE)
    return np.where(cause > 0, cause, np.where(beat, 0, absurd))


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
    steps = _Steps(state, final=final)
    parts = []
    for stretch in steps:
        state, part = _place(state, stretch)
        parts.append(part)
    return replace(state, pile=steps.rest()), join(*parts)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Beats `first` to `last` - 1 of the pile, which belong to one segment."""

    first: int
    last: int
    fresh: bool
    """Whether a segment begins with it."""
    closed: bool
    """Whether the segment ends with it."""
    cause: int
    """Why a fresh segment begins."""
    bursts: FloatArray
    """Smallest delay of each burst of the stretch, after those of the segment carried before."""


class _Steps:
    """Walks along the bursts of a pile and cuts them into stretches at breaks."""

    def __init__(self, state: ClockState, *, final: bool) -> None:
        carried = state.open
        pile = state.pile
        self._final = final
        self._pile = pile
        self._first = _burst_starts(pile)
        lows = np.minimum.reduceat(pile.delay, self._first)
        # Only a burst that another follows is known to the last interval.
        self._known = len(lows) if final else len(lows) - 1
        self._before = len(carried.bursts) if carried else 0
        self._lows = np.concatenate((carried.bursts, lows)) if carried else lows
        self._rr = np.concatenate((carried.recent, pile.rr)) if carried else pile.rr
        self._rr_before = len(self._rr) - len(pile)
        self._known += self._before
        self._ahead = _sliding_minimum(self._lows[: self._known])
        self._forced = self._before + np.flatnonzero(pile.cause[self._first])
        self._suspects = self._find_suspects()
        self._next = self._before
        self._segment = 0 if carried else self._next
        self._fresh = carried is None
        self._cause = int(pile.cause[0])
        if carried and self._cause:
            self._segment, self._fresh = self._next, True

    def __iter__(self) -> Iterator[_Stretch]:
        """Yield the stretches that are certain."""
        going_on = True
        while going_on:
            end, cause = self._segment_end()
            going_on = cause > 0
            held = end - self._segment >= SEEN_OVER or not self._fresh
            if end > self._next and (going_on or self._final or held):
                yield self._take(end, closed=going_on)
            elif not going_on:
                return
            if going_on:
                self._next = self._segment = end
                self._fresh, self._cause = True, cause

    def rest(self) -> _Pile:
        """Return what no stretch has taken, with the break before it."""
        rest = self._pile[self._beat(self._next) :]
        if len(rest) == 0 or not self._fresh:
            return rest
        return replace(rest, cause=np.concatenate(([self._cause], rest.cause[1:])))

    def _take(self, end: int, *, closed: bool) -> _Stretch:
        stretch = _Stretch(
            self._beat(self._next),
            self._beat(end),
            self._fresh,
            closed,
            self._cause,
            self._lows[self._segment : end],
        )
        self._next, self._fresh = end, False
        return stretch

    def _beat(self, burst: int) -> int:
        """Return the place in the pile of a burst's first beat."""
        place = burst - self._before
        return int(self._first[place]) if place < len(self._first) else len(self._pile)

    def _segment_end(self) -> tuple[int, int]:
        """Return the burst before which the segment ends, and why; 0 where it goes on."""
        following = int(np.searchsorted(self._forced, self._next, side="right"))
        forced = int(self._forced[following]) if following < len(self._forced) else None
        stop = self._known if forced is None else min(forced, self._known)
        step, lost = self._first_step(stop)
        if step is not None:
            return step, PACKETS_LOST if lost else 0
        if forced is not None and forced <= self._known:
            return forced, int(self._pile.cause[self._beat(forced)])
        return stop, 0

    def _first_step(self, stop: int) -> tuple[int | None, bool]:
        """Return the first burst with a step before `stop`, and whether it was seen to last."""
        start = max(self._segment + 1, self._next)
        near = range(start, min(self._segment + SEEN_OVER, stop))
        rest = self._suspects[np.searchsorted(self._suspects, max(start, near.stop)) :]
        for burst in (*near, *rest[: np.searchsorted(rest, stop)].tolist()):
            if self._is_step(burst):
                if burst + SEEN_OVER <= self._known:
                    return burst, True
                if not self._final:
                    return burst, False
        return None, False

    def _find_suspects(self) -> IntArray:
        """Return the bursts with so large a step that intervals of any median may explain it."""
        behind = np.full(len(self._ahead), np.inf)
        behind[SEEN_OVER:] = self._ahead[:-SEEN_OVER]
        return np.flatnonzero(self._ahead - behind > LOST_INTERVALS / 1000.0 * self._rr.min())

    def _is_step(self, burst: int) -> bool:
        behind = self._lows[max(self._segment, burst - SEEN_OVER) : burst].min()
        step = self._ahead[burst] - behind
        return bool(step > LOST_INTERVALS / 1000.0 * self._median_before(burst))

    def _median_before(self, burst: int) -> float:
        end = self._beat(burst) + self._rr_before
        start = self._beat(self._segment) + self._rr_before if self._fresh else 0
        return float(np.median(self._rr[max(start, end - RECENT) : end]))


def _burst_starts(pile: _Pile) -> IntArray:
    """Return the place of the first beat of each burst; a break always begins one."""
    starts = np.ones(len(pile), dtype=bool)
    starts[1:] = (np.diff(pile.arrival) >= SAME_BURST) | (pile.cause[1:] > 0)
    first = np.flatnonzero(starts)
    place = np.arange(len(pile)) - first[np.cumsum(starts) - 1]
    return np.flatnonzero(place % LARGEST_BURST == 0)


def _sliding_minimum(lows: FloatArray) -> FloatArray:
    """Return for each burst the smallest delay of it and the four after it, or those there are."""
    smallest = lows.copy()
    for shift in range(1, SEEN_OVER):
        np.minimum(smallest[:-shift], lows[shift:], out=smallest[:-shift])
    return smallest


def _place(state: ClockState, stretch: _Stretch) -> tuple[ClockState, Settled]:
    """Give the beats of a stretch their times, and the gap before them if a segment begins."""
    pile = state.pile[stretch.first : stretch.last]
    segment = state.segment + stretch.fresh
    if stretch.fresh or state.open is None:
        opened, gaps = _begin(state, pile, stretch)
    else:
        opened, gaps = state.open, ()
    time, opened = _times(opened, pile)
    opened = replace(
        opened,
        bursts=stretch.bursts[-SEEN_OVER:],
        recent=np.concatenate((opened.recent, pile.rr[-RECENT:]))[-RECENT:],
    )
    state = replace(
        state,
        open=None if stretch.closed else opened,
        segment=segment,
        end=float(time[-1]),
        end_total=float(pile.total[-1]),
    )
    return state, Settled(Beats(time, pile.rr, np.full(len(pile), segment)), gaps)


def _begin(state: ClockState, pile: _Pile, stretch: _Stretch) -> tuple[_Open, tuple[Gap, ...]]:
    origin = float(pile.total[0] - pile.rr[0])
    # Two segments never overlap: a strap that was late before a break pushes what follows.
    anchor = max(float(stretch.bursts[:SEEN_OVER].min()), state.end - origin / 1000.0)
    nothing = np.empty(0)
    opened = _Open(origin, 0, (anchor, anchor), (np.inf, np.inf), nothing, nothing)
    if not stretch.cause:
        return opened, ()
    start = anchor if state.segment < 0 else state.end
    begin = anchor + float(pile.total[0]) / 1000.0 - float(pile.rr[0]) / 1000.0
    return opened, (Gap(start, max(start, begin), CAUSES[stretch.cause]),)


def _times(opened: _Open, pile: _Pile) -> tuple[FloatArray, _Open]:
    """Return the end of each beat in s on the session clock, and the segment after them."""
    since = (pile.total - opened.origin) / 1000.0
    block = (since // BLOCK).astype(np.int64)
    blocks = np.arange(opened.block, block[-1] + 1)
    lows = np.full(len(blocks), np.inf)
    np.minimum.at(lows, block - opened.block, pile.delay)
    lows[0] = min(lows[0], opened.lows[1])
    lows = np.concatenate(([opened.lows[0]], lows))
    corners = _corners(opened.corners, lows)
    place = block - opened.block
    slope = np.diff(corners) / BLOCK
    offset = corners[place] + slope[place] * (since - BLOCK * block)
    later = replace(
        opened,
        block=int(block[-1]),
        corners=(float(corners[-2]), float(corners[-1])),
        lows=(float(lows[-2]), float(lows[-1])),
    )
    return offset + pile.total / 1000.0, later


def _corners(first: tuple[float, float], lows: FloatArray) -> FloatArray:
    """Return the offset at the corners of the blocks: the envelope of the two blocks before."""
    corners = list(first)
    for envelope in np.minimum(lows[:-2], lows[1:-1]):
        corners.append(max(float(envelope), corners[-1] - STEEPEST * BLOCK))
    return np.array(corners)
