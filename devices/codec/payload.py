"""What a packet can hold, whatever its protocol."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Malformed:
    """A payload that cannot be read, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class IntervalPayload:
    """Intervals between beats, oldest first.

    Attributes
    ----------
    rr : sequence of float
        In ms as sent, absurd ones included.
    arrival : sequence of float or None
        When each arrived, in s on the session clock; None where all came with their packet.
    rate : int
        Heart rate in bpm that was told beside them, 0 where none was.
    """

    rr: Sequence[float]
    arrival: Sequence[float] | None = None
    rate: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class SamplePayload:
    """Samples taken one after another at an even rate, oldest first.

    Attributes
    ----------
    value : (n,) or (n, k) float
        In the unit of their series; k where each sample has several parts, such as axes.
    """

    value: NDArray[np.float64]


Payload: TypeAlias = IntervalPayload | SamplePayload | Malformed
