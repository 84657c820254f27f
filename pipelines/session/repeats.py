"""Packets delivered again: which of two that are byte for byte the same is a beat of its own.

Nothing in two equal packets tells a second delivery from a second beat as long as the first. Time
does: intervals cannot add up to more than passes. Straps repeat their last interval while no beat
came, subscriptions that leak deliver each packet again some ms later; a backlog, all at once after
a silence, has room for all of its packets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf

LOOKED_BACK = 3.0
"""Seconds, and `MOST` packets, within which an equal packet is looked for."""
MOST = 8

SLACK = 0.1
"""Seconds by which intervals may be ahead of the earliest packets before there is no room."""
UNSURE = 3.0
"""Seconds, over the number of packets, of more slack while few have told what early is."""

BLOCK = 30.0
"""Seconds; the earliest packet is that of this block and of the one before."""
FALLS = 0.005
"""Seconds a second by which the earliest may come earlier: far more than clocks drift, and far less
than repeats run ahead."""

CLOSE = 0.75
"""Share of its own intervals within which a packet that comes again is a delivery of the same."""
CLOSER = 0.5
"""The same since it last came, where that was again already: the next beat is as much nearer."""
SINGLE = 0.5
"""Seconds after which a packet that did not come again came once."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One packet that counted, at `time` (s), when it came last, and whether that was again."""

    time: float
    data: bytes
    last: float
    again: bool = False


@dataclass(frozen=True, slots=True)
class Repeats:
    """What is remembered of a source since its last break.

    Attributes
    ----------
    recent : tuple of Heard
        The newest packets.
    total : float
        Seconds of intervals.
    count : int
        Packets.
    block : float
        When the block began that the newest packet lies in, in s on the session clock.
    lows : (float, float)
        Smallest delay, arrival less total in s, of the block before and of this one.
    earliest : float
        How early packets came when the block began, as such a delay.
    twice : bool
        Whether every packet came twice.
    """

    recent: tuple[Heard, ...] = ()
    total: float = 0.0
    count: int = 0
    block: float = -inf
    lows: tuple[float, float] = (inf, inf)
    earliest: float = -inf
    twice: bool = True


BROKEN = Repeats()
"""After a break, when subscriptions leak."""


def hear(state: Repeats, time: float, data: bytes, rr: Sequence[float]) -> tuple[Repeats, bool]:
    """Take in a packet that arrived at `time` (s) with the intervals `rr` (ms), at least one.

    Returns
    -------
    Repeats, bool
        The state after it; whether it is one of the last packets delivered again. It is where it
        equals one of them, sooner than the next beat can be, and the time that passed has no room
        for it; or, while every packet comes twice or more often, where it follows well within its
        own length.
    """
    seconds = sum(rr) / 1000.0
    recent = tuple(one for one in state.recent if time - one.time <= LOOKED_BACK)[-MOST:]
    single = any(not one.again and time - one.time > SINGLE for one in state.recent)
    twice = state.twice and not single
    same = next((one for one in reversed(recent) if one.data == data), None)
    if same is not None:
        close = time - same.last < (CLOSER if same.again else CLOSE) * seconds
        # In exercise a strap tells of beats now a second late and now at once: none comes again.
        soon = time - same.last < max(rr) / 1000.0
        if (close and twice) or (soon and not _has_room(state, time, seconds)):
            told = tuple(
                replace(one, last=time, again=True) if one is same else one for one in recent
            )
            return replace(state, recent=told, twice=twice or close), True
    recent = (*recent, Heard(time, data, time))
    return _counted(state, time, seconds, recent=recent, twice=twice), False


def _has_room(state: Repeats, time: float, seconds: float) -> bool:
    slack = max(SLACK, UNSURE / state.count)
    return time - (state.total + seconds) >= _earliest(state, time) - slack


def _earliest(state: Repeats, time: float) -> float:
    return max(min(state.lows), state.earliest - FALLS * (time - state.block))


def _counted(
    state: Repeats, time: float, seconds: float, *, recent: tuple[Heard, ...], twice: bool
) -> Repeats:
    total, block, earliest = state.total + seconds, state.block, state.earliest
    before, now = state.lows
    if time - block >= BLOCK:
        earliest = _earliest(state, time) if state.count else -inf
        block, before, now = time, now, inf
    lows = before, min(now, time - total)
    return Repeats(recent, total, state.count + 1, block, lows, earliest, twice)
