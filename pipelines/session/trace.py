"""What a view draws over time of one wearer: the columns of its points, and how they travel."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

import msgspec
import numpy as np

from physio.beats import Beats, FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """n points, one a packet with beats, as (n,) arrays; a value withheld is NaN.

    The one list of what a trace holds: packing, unpacking and keeping go by these fields in order.

    Attributes
    ----------
    time : (n,) float
        End of the packet's last beat, in s on the session clock.
    heart_rate, heart_rate_low, heart_rate_high : (n,) float
        Of its trailing window, in bpm.
    rsa, rsa_low, rsa_high : (n,) float
        Of its trailing window, in ms.
    breathing : (n,) float
        Of its trailing window, in breaths/min.
    arousal : (n,) float
        The index of these windows, in baseline spreads.
    segment : (n,) float
        Changes where a line must break.
    trust : (n,) float
        2 clear, 1 limited, 0 none, as it was said when the packet came.
    corrected : (n,) float
        Labelled intervals that the point before it had not.
    """

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

    def columns(self) -> tuple[FloatArray, ...]:
        """Return all columns in order."""
        return tuple(getattr(self, name) for name in COLUMNS)

    def since(self, start: float) -> Points:
        """Return the points from the last one before `start` on, so that lines reach the edge."""
        first = max(int(np.searchsorted(self.time, start)) - 1, 0)
        return Points(*(column[first:] for column in self.columns()))

    def last_rate(self) -> float | None:
        """Return the newest heart rate that was not withheld, in bpm."""
        known = np.flatnonzero(np.isfinite(self.heart_rate))
        return float(self.heart_rate[known[-1]]) if len(known) else None


COLUMNS = tuple(field.name for field in fields(Points))
NO_POINTS = Points(*(np.empty(0) for _ in COLUMNS))


class Trace(msgspec.Struct, frozen=True):
    """Points of one source from number `first` on, and its intervals from `rr_first` on, packed.

    Each is the little-endian float64 bytes of its columns, one after the other.
    """

    source: int
    first: int
    columns: bytes
    """Those of `Points`."""
    rr_first: int
    beats: bytes
    """End of each interval in s, then their lengths in ms."""

    def points(self) -> Points:
        """Return the points."""
        return Points(*_unpacked(self.columns, len(COLUMNS)))

    def intervals(self) -> FloatArray:
        """Return (2, k) the end of each interval in s, and its length in ms."""
        return _unpacked(self.beats, 2)


def packed(source: int, first: int, points: Points, rr_first: int, beats: Beats) -> Trace:
    """Return points and beats as they travel."""
    intervals = _packed((beats.time, beats.rr))
    return Trace(source, first, _packed(points.columns()), rr_first, intervals)


def _packed(columns: Iterable[FloatArray]) -> bytes:
    return b"".join(column.astype("<f8").tobytes() for column in columns)


def _unpacked(data: bytes, rows: int) -> FloatArray:
    return np.frombuffer(data, dtype="<f8").reshape(rows, -1)
