"""Session time between two snapshots: moves on smoothly, never back, and stops with the news."""

from __future__ import annotations

import math

_SMOOTH = 0.25
"""Seconds over which a difference is made up."""
_FURTHEST = 0.5
"""Seconds that the clock goes on without news."""
_JUMP = 30.0
"""Seconds of session time beyond which a difference is taken at once, as when attaching."""


class SessionClock:
    """Follows the session's time from what snapshots tell; a replay may run at any speed."""

    def __init__(self) -> None:
        self._heard: tuple[float, float] | None = None
        self._rate = 1.0
        self._shown = 0.0
        self._shown_at = 0.0

    def hear(self, time: float, at: float) -> None:
        """Take note that the session's time was `time` at the local clock's `at`."""
        if self._heard is None:
            self._shown, self._shown_at = time, at
        elif at > self._heard[1]:
            rate = (time - self._heard[0]) / (at - self._heard[1])
            self._rate += 0.2 * (min(max(rate, 0.0), 100.0) - self._rate)
        self._heard = (time, at)

    def now(self, at: float) -> float:
        """Return the session time to show at the local clock's `at`."""
        if self._heard is None:
            return 0.0
        time, heard_at = self._heard
        target = time + self._rate * min(max(at - heard_at, 0.0), _FURTHEST)
        share = 1.0 - math.exp(-max(at - self._shown_at, 0.0) / _SMOOTH)
        nearer = target if abs(target - self._shown) > _JUMP else None
        step = share * (target - self._shown)
        self._shown = max(self._shown + step, self._shown) if nearer is None else nearer
        self._shown_at = at
        return self._shown
