"""Session time between two snapshots: it moves on evenly, and back only where the session did.

A snapshot is never ahead of the session, only behind by what its answer took, so of the last ten
seconds the one that is furthest ahead comes closest. A replay may run at any speed.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

_MEMORY = 10.0
"""Seconds of snapshots that are compared."""
_SMOOTH = 0.5
"""Seconds over which a difference is made up."""
_JUMP = 5.0
"""Seconds of session time beyond which a difference is taken at once, as when attaching."""
_REAL_TIME = 1.0
"""Seconds by which both clocks may drift apart within the memory and yet run equally fast."""
_FASTEST = 100.0
_STILL = 0.5
"""Seconds in which a session that goes on tells another time than before."""


@dataclass(frozen=True, slots=True)
class _Line:
    """Session time from the local clock's `begin` on: at `slope` for a while, then at `rate`."""

    begin: float
    time: float
    slope: float
    rate: float

    def at(self, moment: float) -> float:
        since = max(moment - self.begin, 0.0)
        return self.time + self.slope * min(since, _SMOOTH) + self.rate * max(since - _SMOOTH, 0.0)


class SessionClock:
    """Follows the session's time from what snapshots tell; every time is in seconds."""

    def __init__(self) -> None:
        self._told: deque[tuple[float, float]] = deque()
        """Local and session time of each snapshot in memory."""
        self._line: _Line | None = None

    def hear(self, time: float, at: float) -> None:
        """Take note that the session's time was `time` at the local clock's `at`."""
        if self._told and time == self._told[-1][1]:
            self._hear_the_same(at)
            return
        self._forget_before_a_leap(time, at)
        rate = self._rate(time, at)
        self._told.append((at, time))
        while self._told[0][0] < at - _MEMORY:
            self._told.popleft()
        furthest = max(told + rate * (at - heard) for heard, told in self._told)
        self._line = _towards(self._line, furthest, at, rate)

    def now(self, at: float) -> float:
        """Return the session time at the local clock's `at`, 0 before any is known."""
        return 0.0 if self._line is None else self._line.at(at)

    def _hear_the_same(self, at: float) -> None:
        """Stand still with a session that does, as a finished one; else it is no news yet."""
        heard, time = self._told[-1]
        if at - heard >= _STILL:
            self._told = deque([(at, time)])
            self._line = _Line(at, self.now(at), 0.0, 0.0)

    def _forget_before_a_leap(self, time: float, at: float) -> None:
        if not self._told or self._line is None:
            return
        heard, told = self._told[-1]
        forward = told + self._line.rate * (at - heard) + _JUMP < time
        back = time < told - _JUMP
        if forward or back:
            self._told.clear()
        if back:  # another session has taken this one's place
            self._line = None

    def _rate(self, time: float, at: float) -> float:
        """Return the seconds of session time in a second: 1 unless it is plainly another speed."""
        if not self._told:
            return 1.0
        heard, told = self._told[0]
        elapsed, passed = at - heard, time - told
        if elapsed < 1.0 or abs(passed - elapsed) <= _REAL_TIME:
            return 1.0
        return min(passed / elapsed, _FASTEST)


def _towards(line: _Line | None, target: float, at: float, rate: float) -> _Line:
    """Return the line that meets `target` soon, without going back on the way."""
    shown = target if line is None else line.at(at)
    if target - shown > _JUMP:
        shown = target
    return _Line(at, shown, max(rate + (target - shown) / _SMOOTH, 0.0), rate)
