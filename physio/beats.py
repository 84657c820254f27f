"""Heartbeats on one clock: the intervals between them, and the gaps that nothing may bridge."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

LONGEST_INTERVAL = 3000.0
"""Milliseconds; a longer interval is a gap in the recording, not a heartbeat."""


def read_only(values: ArrayLike, dtype: type) -> NDArray[np.generic]:
    """Return `values` as a read-only array of `dtype`; a writable input is never frozen itself."""
    array: NDArray[np.generic] = np.asarray(values, dtype=dtype)
    if array.flags.writeable:
        array = array.copy() if array is values else array.view()
        array.flags.writeable = False
    return array


@dataclass(frozen=True, slots=True, eq=False)
class Beats:
    """Intervals between heartbeats, in order, as read-only arrays of one length n.

    Parameters
    ----------
    time : (n,) float
        End of each interval in seconds on the session clock, not decreasing.
    rr : (n,) float
        Length of each interval in milliseconds, above 0 and at most `LONGEST_INTERVAL`.
    segment : (n,) int
        Number of the unbroken stretch that each interval lies in, not decreasing. Differences,
        thresholds, fits and windows never reach across two segments.

    Raises
    ------
    ValueError
        If the three arrays are not one-dimensional and of one length.
    """

    time: FloatArray
    rr: FloatArray
    segment: IntArray

    def __post_init__(self) -> None:
        for name, dtype in (("time", np.float64), ("rr", np.float64), ("segment", np.int64)):
            object.__setattr__(self, name, read_only(getattr(self, name), dtype))
        if not (self.time.shape == self.rr.shape == self.segment.shape and self.time.ndim == 1):
            raise ValueError(
                "time, rr and segment must be one-dimensional and of one length; "
                f"got {self.time.shape}, {self.rr.shape}, {self.segment.shape}"
            )

    def __len__(self) -> int:
        return len(self.rr)

    def __getitem__(self, part: slice) -> Beats:
        return Beats(self.time[part], self.rr[part], self.segment[part])

    @property
    def start(self) -> FloatArray:
        """(n,) Beginning of each interval in seconds on the session clock."""
        return self.time - self.rr / 1000.0


NO_BEATS = Beats(np.empty(0), np.empty(0), np.empty(0, np.int64))


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch of the session, in seconds on its clock, for which there are no beats, and why."""

    start: float
    end: float
    cause: str
