"""What has been drawn so far: every point of a wearer's trace, kept by the window itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from physio.beats import FloatArray
from pipelines.growing import Growing
from pipelines.snapshot import Trace

COLUMNS = (
    "time",
    "heart_rate",
    "heart_rate_low",
    "heart_rate_high",
    "rsa",
    "rsa_low",
    "rsa_high",
    "breathing",
    "arousal",
    "segment",
    "trust",
    "corrected",
)


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """n points of one wearer's trace as read-only (n,) arrays; see `pipelines.snapshot.Trace`."""

    time: FloatArray
    heart_rate: FloatArray
    heart_rate_low: FloatArray
    heart_rate_high: FloatArray
    rsa: FloatArray
    rsa_low: FloatArray
    rsa_high: FloatArray
    breathing: FloatArray
    arousal: FloatArray
    segment: FloatArray
    trust: FloatArray
    corrected: FloatArray

    def __len__(self) -> int:
        return len(self.time)

    def since(self, start: float) -> Points:
        """Return the points from the last one before `start` on, so that lines reach the edge."""
        first = max(int(np.searchsorted(self.time, start)) - 1, 0)
        return Points(*(column[first:] for column in self.columns()))

    def columns(self) -> tuple[FloatArray, ...]:
        """Return all columns in order."""
        return tuple(getattr(self, name) for name in COLUMNS)

    def last_rate(self) -> float | None:
        """Return the newest heart rate that was not withheld, in bpm."""
        known = np.flatnonzero(np.isfinite(self.heart_rate))
        return float(self.heart_rate[known[-1]]) if len(known) else None


NO_POINTS = Points(*(np.empty(0) for _ in COLUMNS))


class History:
    """Gathers the traces of one wearer in order."""

    def __init__(self) -> None:
        self._columns = {name: Growing(np.float64) for name in COLUMNS}
        self._rr = Growing(np.float64)
        self._rr_time = Growing(np.float64)

    def __len__(self) -> int:
        return len(self._columns["time"])

    @property
    def intervals(self) -> int:
        """How many intervals have been gathered."""
        return len(self._rr)

    def add(self, trace: Trace) -> None:
        """Append what is new; a trace that does not begin where this one ends is left out."""
        if trace.first == len(self):
            for name, column in self._columns.items():
                column.append(np.frombuffer(getattr(trace, name), "<f8"))
        if trace.rr_first == self.intervals:
            self._rr.append(np.frombuffer(trace.rr, "<f8"))
            self._rr_time.append(np.frombuffer(trace.rr_time, "<f8"))

    def points(self) -> Points:
        """Return all points so far; later ones do not change it."""
        return Points(*(self._columns[name].values for name in COLUMNS))

    def rr(self) -> tuple[FloatArray, FloatArray]:
        """Return the (k,) ends (s) and lengths (ms) of all intervals so far."""
        return self._rr_time.values, self._rr.values
