"""What a guide did while no session heard of it, for the log of practices."""

from __future__ import annotations

from itertools import pairwise

from pipelines.recording import KeepPractice

LEAST = 30.0
"""Seconds of breathing below which a stretch is no practice."""


class Alone:
    """The paces of a stretch without a session."""

    def __init__(self) -> None:
        self._paces: list[tuple[float, float | None]] = []

    def note(self, pace: float | None, now: float) -> None:
        """Note the pace of `now` (s) in breaths/min, None at rest."""
        last = self._paces[-1][1] if self._paces else None
        if pace != last:
            self._paces.append((now, pace))

    def taken(self, inhale: float, now: float) -> KeepPractice | None:
        """Return what there is to keep `now` (s), None where it is too short; then begin anew."""
        self.note(None, now)
        paces, self._paces = self._paces, []
        steps = pairwise(paces)
        breathed = sum(after - time for (time, pace), (after, _) in steps if pace is not None)
        if breathed < LEAST:
            return None
        start = paces[0][0]
        told = tuple((time - start, pace) for time, pace in paces)
        return KeepPractice(now - start, told, inhale)
