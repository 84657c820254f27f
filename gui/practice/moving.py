"""For how much of a practice the heart moved with the guide, as far as that could be seen."""

from __future__ import annotations

from pipelines.session import WaveState, WaveView

LEAST_SEEN = 60.0
"""Seconds of a practice in which the heart must have been seen for a word on it."""


class Moving:
    """Counts the seconds in which the heart was seen, and in which it moved with the guide."""

    def __init__(self) -> None:
        self._seen = self._moved = 0.0
        self._noted: float | None = None

    def note(self, wave: WaveView | None, now: float) -> None:
        """Note what is seen `now` (s) of the heart."""
        since = 0.0 if self._noted is None else min(now - self._noted, 1.0)
        self._noted = now
        if wave is not None and wave.state in (WaveState.PREDICTED, WaveState.OFF):
            self._seen += since
            self._moved += since * (wave.state is WaveState.PREDICTED)

    @property
    def share(self) -> float | None:
        """The share in which it did, None where less than a minute could be seen."""
        return self._moved / self._seen if self._seen >= LEAST_SEEN else None
