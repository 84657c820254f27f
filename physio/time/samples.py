"""The sample clock: from packets of evenly taken samples and their arrivals to a time for each.

Packets arrive late by turns, and a strap's own clock runs up to a percent off its nominal rate. So
the ends of packets follow a loop of second order, which is steered by how late the earliest of the
next few packets is, and learns the true period on its way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from math import inf

import numpy as np

from physio.beats import FloatArray

AHEAD = 5
"""Bursts of packets that are looked at together: the earliest packet tells how late they are."""

MOST_WAITING = 64
"""Packets that wait at most, however close together they arrive."""

GAIN = 0.2
"""Share of the lateness by which the end of a packet is moved."""

LEARNING = GAIN**2 / 4.0
"""Share of it by which the period is: the most with which the loop does not swing."""

SHORTEST_LOSS = 0.1
"""Seconds; less cannot be told from a radio that is busy."""

LARGEST_STRAY = 2.0
"""How many times the nominal period the learnt one can become, or the other way round."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """The samples of one packet.

    Attributes
    ----------
    arrival : float
        In s on the session clock.
    count : int
        How many there are, at least 1.
    rate : float or None
        Samples a second; None where the packet stands for itself, at its arrival.
    after_break : bool
        Whether a break is known to lie before it.
    """

    arrival: float
    count: int
    rate: float | None
    after_break: bool = False

    @property
    def period(self) -> float:
        """Nominal seconds from sample to sample."""
        return 1.0 / self.rate if self.rate else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """The samples of one packet in time: (count,) seconds, and the number of their segment."""

    time: FloatArray
    segment: int


@dataclass(frozen=True, slots=True)
class SampleClock:
    """What the clock remembers; its size does not depend on the length of the recording."""

    waiting: tuple[Chunk, ...] = ()
    """Packets that are not placed yet."""
    end: float = -inf
    """Time of the sample placed last, in s."""
    rate: float | None = None
    """Nominal rate in the segment."""
    period: float = 0.0
    """Seconds from sample to sample, as learnt in it."""
    segment: int = -1


START = SampleClock()


def is_rate(rate: float | None) -> bool:
    """Return whether samples can be taken at this rate."""
    return rate is not None and 1e-6 <= rate <= 1e6


def advance(state: SampleClock, chunk: Chunk) -> tuple[SampleClock, tuple[Placed, ...]]:
    """Take in one more packet; return the new state, and the packets that are placed by it.

    Parameters
    ----------
    state : SampleClock
        `START`, or the state returned by the call before.
    chunk : Chunk
        The next packet, in order of arrival.

    Returns
    -------
    SampleClock, tuple of Placed
        Those of all calls followed by `pending` place each packet once, in order.

    Notes
    -----
    Packets that arrive less than half their length after one another form a burst. A packet is
    placed once it and those after it are `AHEAD` bursts. Samples were lost before it where all of
    them are late by more than half its length, and by more than `SHORTEST_LOSS`. Then, after a
    known break, and where the rate changes, a new segment begins, whose earliest packet is on time.
    In a segment, times are even inside a packet and nearly so from one to the next. Times never run
    backwards. Near the end of a recording, where fewer bursts are left, no loss is found.
    """
    state = replace(state, waiting=(*state.waiting, chunk))
    placed = []
    while _bursts(state.waiting) >= AHEAD or len(state.waiting) >= MOST_WAITING:
        state, first = _place(state)
        placed.append(first)
    return state, tuple(placed)


def pending(state: SampleClock) -> Iterator[Placed]:
    """Yield the packets that wait, as they are placed if the recording ends here."""
    while state.waiting:
        state, first = _place(state)
        yield first


def _bursts(waiting: Sequence[Chunk]) -> int:
    return 1 + sum(
        after.arrival - before.arrival >= before.period * before.count / 2.0
        for before, after in pairwise(waiting)
    )


def _place(state: SampleClock) -> tuple[SampleClock, Placed]:
    """Place the first of the packets that wait."""
    chunk, *others = state.waiting
    begins = _begins(state, chunk)
    if chunk.rate is None:
        return _at_arrival(state, chunk, tuple(others), begins=begins)
    period = chunk.period if begins else state.period
    on_time = _on_time(state.waiting, period)
    start = max(state.end, on_time) if begins else state.end
    late = 0.0 if begins else min(on_time - start, _shortest_loss(state, chunk))
    length = max(period * chunk.count + GAIN * late, period * chunk.count / 2.0)
    step = length / chunk.count
    after = SampleClock(
        waiting=tuple(others),
        end=start + length,
        rate=chunk.rate,
        period=_learnt(period + LEARNING * late / chunk.count, chunk.period),
        segment=state.segment + begins,
    )
    time = start + step * np.arange(1, chunk.count + 1, dtype=np.float64)
    return after, Placed(time, after.segment)


def _at_arrival(
    state: SampleClock, chunk: Chunk, others: tuple[Chunk, ...], *, begins: bool
) -> tuple[SampleClock, Placed]:
    after = SampleClock(others, max(state.end, chunk.arrival), segment=state.segment + begins)
    return after, Placed(np.full(chunk.count, after.end), after.segment)


def _begins(state: SampleClock, chunk: Chunk) -> bool:
    """Return whether a segment begins with the first of the packets that wait."""
    if state.segment < 0 or chunk.after_break or chunk.rate != state.rate:
        return True
    if chunk.rate is None or _bursts(state.waiting) < AHEAD:
        return False
    late = _on_time(state.waiting, state.period) - state.end
    return late > _shortest_loss(state, chunk)


def _shortest_loss(state: SampleClock, chunk: Chunk) -> float:
    """Return by how many seconds packets must be late to tell of a loss before `chunk`."""
    return max(state.period * chunk.count / 2.0, SHORTEST_LOSS)


def _on_time(waiting: Sequence[Chunk], period: float) -> float:
    """Return the time (s) before the first sample if the earliest of the packets is on time."""
    counts = accumulate(chunk.count for chunk in waiting)
    return min(chunk.arrival - period * count for chunk, count in zip(waiting, counts, strict=True))


def _learnt(period: float, nominal: float) -> float:
    return min(max(period, nominal / LARGEST_STRAY), nominal * LARGEST_STRAY)
