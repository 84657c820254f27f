"""Bursts of intervals, and the breaks between them that lost packets leave."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from physio.beats import BoolArray, FloatArray, IntArray

SAME_BURST = 0.25
"""Seconds; a packet's intervals, and a backlog's packets, arrive closer together than this."""
LARGEST_BURST = 64
"""Intervals; bounds the state where every interval of a file follows within `SAME_BURST`."""
SEEN_OVER = 5
"""Bursts over which a step must last: a real log has six single packets over 1 s late, no loss."""
FAST = 60000.0 / 95.0
"""Median interval (ms) up to which a step must last longer: a real strap in exercise sends whole
seconds late, several packets in a row, and intervals are shorter than that."""
SEEN_LONG = 40
"""Bursts over which it must last then, against the earliest of as many before."""
LATEST = 2.0
"""Seconds; a longer step is no late packet."""
LOST_INTERVALS = 1.5
"""Median intervals that a step must exceed."""
RECENT = 31
"""Intervals before a burst whose median a step is compared with."""


@dataclass(frozen=True, slots=True, eq=False)
class Pile:
    """Beats in the order of arrival: arrival (s), interval and cumulated sum (ms), break before."""

    arrival: FloatArray
    rr: FloatArray
    total: FloatArray
    cause: IntArray

    def __len__(self) -> int:
        return len(self.rr)

    def __getitem__(self, part: slice) -> Pile:
        return Pile(self.arrival[part], self.rr[part], self.total[part], self.cause[part])

    @property
    def delay(self) -> FloatArray:
        """(n,) Arrival minus cumulated sum, in seconds."""
        return self.arrival - self.total / 1000.0

    def join(self, other: Pile) -> Pile:
        """Return these beats and the others after them."""
        if len(self) == 0:
            return other
        return Pile(
            np.concatenate((self.arrival, other.arrival)),
            np.concatenate((self.rr, other.rr)),
            np.concatenate((self.total, other.total)),
            np.concatenate((self.cause, other.cause)),
        )


NOTHING = Pile(np.empty(0), np.empty(0), np.empty(0), np.empty(0, np.int64))


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """What a step in an open segment is held against."""

    lows: FloatArray
    """Smallest delay (s) of each of the last `SEEN_LONG` bursts."""
    recent: FloatArray
    """The last `RECENT` intervals (ms)."""


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """Beats of one segment that are certain to belong to it."""

    pile: Pile
    fresh: bool
    """Whether a segment begins with it."""
    closed: bool
    """Whether the segment ends with it."""
    cause: int
    """Why a fresh segment begins, 0 for no break."""
    anchor: float
    """Smallest delay (s) of the first `SEEN_OVER` bursts of a fresh segment."""
    history: History
    """What follows is held against this."""


class Cutter:
    """Walks along the bursts of a pile and cuts it into stretches at breaks.

    Parameters
    ----------
    pile : Pile
        Beats that no stretch has taken yet; the first begins a burst.
    history : History or None
        The open segment that they follow, None where they begin one.
    lost : int
        The cause that stands for lost packets.
    final : bool
        Whether no beat will follow.
    """

    def __init__(self, pile: Pile, history: History | None, *, lost: int, final: bool) -> None:
        self._pile = pile
        self._lost = lost
        self._final = final
        self._first = _burst_starts(pile.arrival, pile.cause > 0)
        lows = np.minimum.reduceat(pile.delay, self._first)
        before = history or History(np.empty(0), np.empty(0))
        # Bursts are counted from the first one carried, so that a segment is one range of them.
        self._carried = len(before.lows)
        self._lows = np.concatenate((before.lows, lows))
        self._rr = np.concatenate((before.recent, pile.rr))
        # Only a burst that another follows is known to its last interval.
        self._known = len(self._lows) if final else len(self._lows) - 1
        self._ahead = _smallest_ahead(self._lows[: self._known])
        self._forced = self._carried + np.flatnonzero(pile.cause[self._first])
        self._suspects = self._find_suspects()
        self._next = self._carried
        self._cause = int(pile.cause[0])
        self._fresh = history is None or self._cause > 0
        self._segment = self._next if self._fresh else 0

    def __iter__(self) -> Iterator[Stretch]:
        """Yield the stretches that nothing to come can change."""
        going_on = True
        while going_on:
            end, cause = self._segment_end()
            going_on = cause > 0
            if end > self._next and (going_on or self._is_anchored(end)):
                yield self._take(end, closed=going_on)
            if going_on:
                self._next = self._segment = end
                self._fresh, self._cause = True, cause

    def rest(self) -> Pile:
        """Return what no stretch has taken, with the break before it."""
        rest = self._pile[self._beat(self._next) :]
        if len(rest) == 0 or not self._fresh:
            return rest
        return replace(rest, cause=np.concatenate(([self._cause], rest.cause[1:])))

    def _is_anchored(self, end: int) -> bool:
        return self._final or not self._fresh or end - self._segment >= SEEN_OVER

    def _take(self, end: int, *, closed: bool) -> Stretch:
        lows = self._lows[self._segment : end]
        stretch = Stretch(
            self._pile[self._beat(self._next) : self._beat(end)],
            self._fresh,
            closed,
            self._cause,
            float(lows[:SEEN_OVER].min()),
            History(lows[-SEEN_LONG:], self._recent(end)),
        )
        self._next, self._fresh = end, False
        return stretch

    def _segment_end(self) -> tuple[int, int]:
        """Return the burst before which the segment ends, and why; 0 where it goes on."""
        following = int(np.searchsorted(self._forced, self._next, side="right"))
        forced = int(self._forced[following]) if following < len(self._forced) else None
        stop = self._known if forced is None else min(forced, self._known)
        step, lasting = self._first_step(stop)
        if step is not None:
            return step, self._lost if lasting else 0
        if forced is not None and forced <= self._known:
            return forced, int(self._pile.cause[self._beat(forced)])
        return stop, 0

    def _first_step(self, stop: int) -> tuple[int | None, bool]:
        """Return the first burst with a step before `stop`, and whether it was seen to last."""
        start = max(self._segment + 1, self._next)
        for burst in self._worth_a_look(start, stop):
            seen = self._to_be_seen(burst)
            if seen and burst + seen <= self._known:
                return burst, True
            if seen and not self._final:
                return burst, False
        return None, False

    def _worth_a_look(self, start: int, stop: int) -> Iterator[int]:
        near = range(start, min(self._segment + SEEN_OVER, stop))
        yield from near
        rest = np.searchsorted(self._suspects, (max(start, near.stop), stop))
        yield from self._suspects[slice(*rest)].tolist()

    def _find_suspects(self) -> IntArray:
        """Return the bursts with so large a step that intervals of any median may explain it."""
        behind = np.full(len(self._ahead), np.inf)
        behind[SEEN_OVER:] = self._ahead[:-SEEN_OVER]
        return np.flatnonzero(self._ahead - behind > LOST_INTERVALS / 1000.0 * self._rr.min())

    def _to_be_seen(self, burst: int) -> int:
        """Return over how many bursts a step must last to tell of a loss, 0 where there is none."""
        shortest = LOST_INTERVALS / 1000.0 * float(np.median(self._recent(burst)))
        step = self._step(burst, SEEN_OVER)
        if step <= shortest:
            return 0
        if shortest > LOST_INTERVALS / 1000.0 * FAST or step > LATEST:
            return SEEN_OVER
        lasting = self._step(burst, SEEN_LONG)
        # Packets that come ever later by themselves leave out no time all at once, and not much.
        jumps = self._lows[burst] - self._lows[burst - 1] > shortest or lasting > LATEST
        return SEEN_LONG if jumps and lasting > shortest else 0

    def _step(self, burst: int, over: int) -> float:
        """Return by how many seconds the earliest of the bursts from one on is later than before.

        Of those known of the next `over`, and of as many before.
        """
        behind = self._lows[max(self._segment, burst - over) : burst]
        return float(self._lows[burst : min(burst + over, self._known)].min() - behind.min())

    def _recent(self, burst: int) -> FloatArray:
        """Return the last intervals of the segment before a burst."""
        end = self._place(burst)
        return self._rr[max(self._place(self._segment), end - RECENT) : end]

    def _beat(self, burst: int) -> int:
        """Return the place in the pile of a burst's first beat."""
        return self._place(burst) - (len(self._rr) - len(self._pile))

    def _place(self, burst: int) -> int:
        """Return the place of a burst's first beat among carried and new intervals."""
        new = burst - self._carried
        if new < 0:
            return 0
        carried = len(self._rr) - len(self._pile)
        return carried + int(self._first[new]) if new < len(self._first) else len(self._rr)


def are_certain(
    arrival: FloatArray, rr: FloatArray, segment: IntArray, count: IntArray
) -> BoolArray:
    """Return whether the first `count` (m,) beats lay at once where they lie in the end.

    They do once all of the newest burst is there and `SEEN_OVER` bursts of its segment are, or
    `SEEN_LONG` where intervals before it were short: the first give the segment its place, and so
    long may it take to see that packets were lost.

    Parameters
    ----------
    arrival, rr, segment : (n,)
        When the packet of each beat arrived, in s; the interval in ms; in which segment the beat
        lies in the end.
    count : (m,) int
        How many beats there were, at least 1.
    """
    newest = count - 1
    start = _burst_starts(arrival, np.diff(segment, prepend=segment[:1]) != 0)
    burst = np.searchsorted(start, newest, side="right")
    opening = np.searchsorted(segment, segment[newest])
    before = np.searchsorted(start, opening)
    complete = count == np.append(start, len(arrival))[burst]
    seen = np.where(_may_be_fast(rr, opening), SEEN_LONG, SEEN_OVER)
    return np.asarray(complete & (burst - before >= seen))


def _may_be_fast(rr: FloatArray, opening: IntArray) -> BoolArray:
    """Return whether a loss before each of these beats may have had to last longer."""
    at = opening[:, np.newaxis] - np.arange(1, RECENT + 1)
    shortest = np.where(at >= 0, rr[np.maximum(at, 0)], np.inf).min(axis=1)
    return np.asarray(shortest <= FAST)


def _burst_starts(arrival: FloatArray, breaks: BoolArray) -> IntArray:
    """Return the place of the first beat of each burst; one of the `breaks` always begins one."""
    starts = np.ones(len(arrival), dtype=bool)
    starts[1:] = (np.diff(arrival) >= SAME_BURST) | breaks[1:]
    first = np.flatnonzero(starts)
    place = np.arange(len(arrival)) - first[np.cumsum(starts) - 1]
    return np.flatnonzero(place % LARGEST_BURST == 0)


def _smallest_ahead(lows: FloatArray) -> FloatArray:
    """Return for each burst the smallest delay of it and the four after it, or those there are."""
    smallest = lows.copy()
    for shift in range(1, SEEN_OVER):
        np.minimum(smallest[:-shift], lows[shift:], out=smallest[:-shift])
    return smallest
