"""Vertical axes that never shrink, and ticks on round numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass

from gui.shared import theme

PATIENCE = 2.0
"""Seconds that a value lies outside before an axis grows."""
_STEPS = (1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 25.0, 50.0, 100.0, 200.0, 250.0, 500.0)
_MOST_TICKS = 4
HOUR = 3600.0
MORE = 900.0


def span(snapshot_time: float) -> float:
    """Return the seconds that the whole session's axis reaches: an hour, then by quarters."""
    return HOUR + max(math.ceil((snapshot_time - HOUR) / MORE), 0) * MORE


def ease(share: float) -> float:
    """Return how far a movement has come after `share` of its time, slow at both ends."""
    within = min(max(share, 0.0), 1.0)
    return within * within * (3.0 - 2.0 * within)


def ticks(low: float, high: float, *, most: int = _MOST_TICKS) -> list[float]:
    """Return at most `most` round values between low and high."""
    for step in _STEPS:
        first = math.ceil(low / step)
        values = [n * step for n in range(first, math.floor(high / step) + 1)]
        if len(values) <= most:
            return values
    return [low, high]


@dataclass(frozen=True, slots=True)
class Range:
    """From where to where an axis reaches."""

    low: float
    high: float


class GrowingAxis:
    """An axis that grows by whole steps once values have lain outside for a while.

    `now` is any clock's seconds, always the same clock's.
    """

    def __init__(self, first: Range, step: float, *, still: bool = False) -> None:
        self._step = step
        self._growth = 0.0 if still else theme.GROW_MS / 1000
        self._from = self._to = first
        self._since = -math.inf
        self._outside: float | None = None

    @property
    def target(self) -> Range:
        """Where the axis is or is growing to."""
        return self._to

    def start_over(self, first: Range, now: float, *, step: float | None = None) -> None:
        """Move to another reference, as when a baseline is set, and grow by `step` from there."""
        self._step = step or self._step
        self._move(first, now)
        self._outside = None

    def follow(self, low: float, high: float, now: float, *, patience: float = PATIENCE) -> None:
        """Take note that the values in view lie between low and high; NaN where there is none."""
        if not (low < self._to.low or high > self._to.high):
            self._outside = None
            return
        self._outside = now if self._outside is None else self._outside
        if now - self._outside >= patience:
            self._move(self._around(low, high), now)
            self._outside = None

    def shown(self, now: float) -> Range:
        """Return the range to draw now."""
        share = 1.0 if self._growth <= 0 else ease((now - self._since) / self._growth)
        return Range(
            self._from.low + share * (self._to.low - self._from.low),
            self._from.high + share * (self._to.high - self._from.high),
        )

    def moving(self, now: float) -> bool:
        """Return whether the axis is growing just now."""
        return now - self._since < self._growth

    def _around(self, low: float, high: float) -> Range:
        down = max(math.ceil((self._to.low - low) / self._step), 0)
        up = max(math.ceil((high - self._to.high) / self._step), 0)
        return Range(self._to.low - down * self._step, self._to.high + up * self._step)

    def _move(self, to: Range, now: float) -> None:
        self._from, self._to, self._since = self.shown(now), to, now
