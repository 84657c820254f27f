"""Whether intervals and time agree: more heartbeats than time are a fault of the data, never drift.

Arrivals come late by turns, but never early, so the earliest of 20 s tells how much time had passed
by then. Over two minutes what intervals add up to and what passed agree within 1.6 % in every sound
recording known to us, while intervals that came twice, were repeated or are in another unit exceed
it by 2.4 % and more. A strap that sends milliseconds where 1/1024 s are meant falls short by 2.3 %,
evenly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from physio.beats import BoolArray, FloatArray, IntArray

SPAN = 120.0
"""Seconds over which sum and time are compared, as far back as the last break."""
SHORTEST = 60.0
"""Seconds that they are compared over at least."""
END = 20.0
"""Seconds at each end of it, of which the earliest arrival counts."""
BEFORE = 40.0
"""Seconds before it that count with its beginning: a stall may last longer than `END`, and what
arrives after one is no excess."""
MOST = 1.02
"""How many times the time that passed intervals may add up to."""
LEAST = 2.0
"""Seconds of intervals that must be too many: a backlog delivered at either end is fewer."""
MILLISECONDS = (0.972, 0.981)
"""Around 1000/1024: how many times it they add up to, in both halves, where they are counted so."""


@dataclass(frozen=True, slots=True, eq=False)
class Agreement:
    """How intervals agreed with time at m moments.

    Attributes
    ----------
    since : (m,) float
        From when on they are compared, in s.
    excess : (m,) float
        Seconds by which intervals add up to more than passed.
    ratio : (m,) float
        Sum of intervals over the time that passed; NaN where that is less than `SHORTEST`.
    in_milliseconds : (m,) bool
        Whether they fall short as evenly as milliseconds do that are taken for 1/1024 s.
    """

    since: FloatArray
    excess: FloatArray
    ratio: FloatArray
    in_milliseconds: BoolArray

    @property
    def too_many(self) -> BoolArray:
        """(m,) Whether the intervals add up to more than the time that passed."""
        return np.asarray((self.ratio > MOST) & (self.excess > LEAST))


def agreement(
    arrival: FloatArray, total: FloatArray, begun: IntArray, newest: IntArray
) -> Agreement:
    """Return how intervals agreed with time at moments, each from what had arrived by then.

    Parameters
    ----------
    arrival : (n,) float
        Arrival of the packet that brought each interval, in s, in order.
    total : (n,) float
        Cumulated sum at the end of each interval, in ms.
    begun : (n,) int
        Place of the first interval after the last break before each.
    newest : (m,) int
        Place of the newest interval at each moment.
    """
    end = arrival[newest]
    since = np.maximum(arrival[begun[newest]], end - SPAN)
    middle = 0.5 * (since + end)
    earliest = _Earliest(arrival - total / 1000.0, arrival)
    first = np.maximum(np.searchsorted(arrival, since - BEFORE), begun[newest])
    places = (
        earliest.of(first, np.searchsorted(arrival, since + END, "right")),
        earliest.between(middle - 0.5 * END, middle + 0.5 * END, newest),
        earliest.of(np.searchsorted(arrival, end - END), newest + 1),
    )
    whole, before, after = (
        _compared(arrival, total, places[one], places[other])
        for one, other in ((0, 2), (0, 1), (1, 2))
    )
    enough = end - since >= SHORTEST
    even = (
        (MILLISECONDS[0] <= summed) & (summed <= MILLISECONDS[1])
        for summed in (before[1], after[1])
    )
    return Agreement(
        since,
        whole[0],
        np.where(enough, whole[1], np.nan),
        np.logical_and(*even) & (end - since >= SPAN - END),
    )


def _compared(
    arrival: FloatArray, total: FloatArray, first: IntArray, last: IntArray
) -> tuple[FloatArray, FloatArray]:
    """Return by how much intervals add up to more than passed, in s, and how many times it."""
    passed = arrival[last] - arrival[first]
    summed = (total[last] - total[first]) / 1000.0
    ratio: FloatArray = np.divide(
        summed, passed, out=np.full(len(first), np.nan), where=passed > 0.0
    )
    return summed - passed, ratio


class _Earliest:
    """Finds where the smallest delay is of any stretch, from those of stretches of 2 ** k."""

    def __init__(self, delay: FloatArray, arrival: FloatArray) -> None:
        self._delay, self._arrival = delay, arrival
        self._at = [np.arange(len(delay))]

    def between(self, start: FloatArray, end: FloatArray, newest: IntArray) -> IntArray:
        """Return the place of the smallest delay among arrivals from `start` to `end` (s)."""
        first = np.searchsorted(self._arrival, start)
        return self.of(np.minimum(first, newest), np.searchsorted(self._arrival, end, "right"))

    def of(self, first: IntArray, last: IntArray) -> IntArray:
        """Return the place of the smallest delay among `first` to `last` - 1, `first` at least."""
        length = np.maximum(last - first, 1)
        power = np.frexp(length.astype(np.float64))[1] - 1
        self._reach(int(power.max(initial=0)))
        place = np.empty(len(first), np.int64)
        for k in np.unique(power).tolist():
            rows = power == k
            at = self._at[k]
            one, other = at[first[rows]], at[first[rows] + length[rows] - (1 << k)]
            place[rows] = np.where(self._delay[other] < self._delay[one], other, one)
        return place

    def _reach(self, power: int) -> None:
        for k in range(len(self._at), power + 1):
            half = self._at[-1]
            one, other = half[: -(1 << (k - 1))], half[1 << (k - 1) :]
            self._at.append(np.where(self._delay[other] < self._delay[one], other, one))
