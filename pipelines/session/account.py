"""What a source's intervals add up to against the time that passed: live at each packet, or whole.

Of a device that sends heart rates and no interval between beats they add up to nothing. Both ways
go through `physio.time.agreement`; a moment is a packet with intervals.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from devices.codec import TICKS_PER_SECOND
from physio.beats import FloatArray, IntArray
from physio.reasons import Reason, ReasonCode
from physio.time.agreement import BEFORE, SPAN, Agreement, agreement
from physio.time.beat_times import passing
from pipelines.session.decoding import RawIntervals
from pipelines.session.growing import Growing

RATE_ALONE = 7.0
"""Seconds of heart rates without an interval after which a device is said to send none: with the
first second of a connection, and the time until the next snapshot, under 10."""


@dataclass(frozen=True, slots=True)
class Excess:
    """A stretch, in s, of whose seconds the intervals add up to `times` as many at most."""

    start: float
    end: float
    times: float

    @property
    def reason(self) -> Reason:
        """Why nothing is read from it."""
        return too_many(self.times)


@dataclass(frozen=True, slots=True)
class Account:
    """Stretches with more intervals than time, and how many moments looked like milliseconds.

    Or `no_intervals`: heart rates came, and never an interval.
    """

    excesses: tuple[Excess, ...] = ()
    moments: int = 0
    like_milliseconds: int = 0
    no_intervals: bool = False

    @property
    def in_milliseconds(self) -> bool:
        """Whether a strap seems to send milliseconds where 1/1024 s are meant.

        Near 60 bpm beats wander through the packets' seconds, and most moments lie beside it; of a
        strap as specified next to none looks so.
        """
        return 6 * self.like_milliseconds > self.moments

    @property
    def spans(self) -> tuple[tuple[float, float], ...]:
        """Start and end of the stretches, in s."""
        return tuple((one.start, one.end) for one in self.excesses)

    @property
    def worst(self) -> Excess | None:
        """The stretch with most intervals to its time."""
        return max(self.excesses, key=lambda one: one.times, default=None)

    @property
    def refusal(self) -> Reason | None:
        """Why nothing is read from what does not agree with time, None where all of it does."""
        if self.no_intervals:
            return Reason(ReasonCode.NO_INTERVALS)
        return None if self.worst is None else self.worst.reason


NOTHING_WRONG: Final = Account()
NO_INTERVALS: Final = Account(no_intervals=True)


def too_many(times: float) -> Reason:
    """Return the reason that intervals add up to so many times the time that passed."""
    return Reason(ReasonCode.MORE_THAN_TIME, times=f"{times:.{1 if times >= 1.1 else 2}f}")


def agreement_of(raw: RawIntervals) -> Agreement:
    """Return how the intervals of a source agreed with time at each of its packets."""
    return agreement(raw.arrival, _totals(raw), _begun(raw.cause, 0), np.cumsum(raw.packets) - 1)


def account_of(raw: RawIntervals) -> Account:
    """Return the account of a whole recording."""
    if len(raw) == 0:
        return _without_intervals(raw)
    found = agreement_of(raw)
    rows = np.flatnonzero(found.too_many)
    until = raw.arrival[np.cumsum(raw.packets) - 1][rows]
    account = _joined(NOTHING_WRONG, found.since[rows], until, found.ratio[rows])
    like = found.in_milliseconds & (raw.ticks == TICKS_PER_SECOND)
    return replace(account, moments=len(like), like_milliseconds=int(np.count_nonzero(like)))


class RunningAccount:
    """The same while packets arrive; what it costs does not grow with the recording."""

    def __init__(self) -> None:
        self.account = NOTHING_WRONG
        self.reason: Reason | None = None
        """Why nothing is read from the newest packet, None where nothing is wrong."""
        self._arrival, self._total = Growing(np.float64), Growing(np.float64)
        self._begun = Growing(np.int64)

    def take(self, raw: RawIntervals) -> None:
        """Take in the intervals that one packet brought."""
        known = len(self._arrival)
        if len(raw) == 0:
            if known == 0 and _without_intervals(raw).no_intervals:
                self.account, self.reason = NO_INTERVALS, NO_INTERVALS.refusal
            return
        before = float(self._total.values[-1]) if known else 0.0
        begun = int(self._begun.values[-1]) if known else 0
        self._arrival.append(raw.arrival)
        self._total.append(_totals(raw, before))
        self._begun.append(_begun(raw.cause, known, begun))
        self._look(float(raw.arrival[-1]), raw.ticks)

    def _look(self, now: float, ticks: int) -> None:
        arrival = self._arrival.values
        # One more than is looked at, so that what lies before it is known not to be a break.
        first = max(int(np.searchsorted(arrival, now - SPAN - BEFORE)) - 1, 0)
        begun = np.maximum(self._begun.values[first:] - first, 0)
        recent = arrival[first:]
        newest = np.array([len(recent) - 1])
        found = agreement(recent, self._total.values[first:], begun, newest)
        self.reason = None
        if found.too_many[0]:
            self.reason = too_many(float(found.ratio[0]))
            self.account = _joined(self.account, found.since, np.array([now]), found.ratio)
        like = bool(found.in_milliseconds[0]) and ticks == TICKS_PER_SECOND
        self.account = replace(
            self.account,
            no_intervals=False,
            moments=self.account.moments + 1,
            like_milliseconds=self.account.like_milliseconds + like,
        )


def _without_intervals(raw: RawIntervals) -> Account:
    return NO_INTERVALS if raw.rate_alone >= RATE_ALONE else NOTHING_WRONG


def _joined(account: Account, since: FloatArray, until: FloatArray, ratio: FloatArray) -> Account:
    """Return the account with the stretches of further moments, those that meet as one."""
    if len(since) == 0:
        return account
    first = np.flatnonzero(np.append(True, since[1:] > until[:-1]))
    last = np.append(first[1:], len(since)) - 1
    times = np.maximum.reduceat(ratio, first)
    columns = (since[first].tolist(), until[last].tolist(), times.tolist())
    new = [Excess(*each) for each in zip(*columns, strict=True)]
    old = list(account.excesses)
    if old and new[0].start <= old[-1].end:
        met = old.pop()
        new[0] = Excess(met.start, new[0].end, max(met.times, new[0].times))
    return replace(account, excesses=(*old, *new))


def _totals(raw: RawIntervals, before: float = 0.0) -> FloatArray:
    return np.cumsum(np.append(before, passing(raw.rr)))[1:]


def _begun(cause: IntArray, known: int, begun: int = 0) -> IntArray:
    """Return for each interval the place of the first after the last break."""
    place = np.where(cause > 0, known + np.arange(len(cause)), begun)
    return np.asarray(np.maximum.accumulate(place))
