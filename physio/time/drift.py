"""Slow drift of a segment's offset between cumulated intervals and the session clock."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from physio.beats import FloatArray

BLOCK = 60.0
"""Seconds of cumulated intervals between the corners of the drift."""
STEEPEST = 0.5
"""Seconds a second by which the drift may run back, so that time never does."""


@dataclass(frozen=True, slots=True)
class Drift:
    """A segment's offset as far as it is known."""

    origin: float
    """Cumulated sum (ms) at the segment's beginning."""
    block: int
    """Number of the block that the newest beat lies in."""
    corners: tuple[float, float]
    """Offset (s) at the beginning and the end of that block."""
    lows: tuple[float, float]
    """Smallest delay (s) in the block before and, so far, in that block."""


def begin(origin: float, anchor: float) -> Drift:
    """Return the drift of a segment that begins with the offset `anchor` (s)."""
    return Drift(origin, 0, (anchor, anchor), (np.inf, np.inf))


def follow(drift: Drift, total: FloatArray, delay: FloatArray) -> tuple[FloatArray, Drift]:
    """Return the end of further beats in s on the session clock, and the drift after them.

    Parameters
    ----------
    drift : Drift
        The drift up to these beats.
    total, delay : (n,) float
        Cumulated sum at the end of each beat (ms); its arrival minus that sum (s).
    """
    since = (total - drift.origin) / 1000.0
    block = (since // BLOCK).astype(np.int64)
    place = block - drift.block
    lows = np.full(place[-1] + 2, np.inf)
    lows[:2] = drift.lows
    np.minimum.at(lows, place + 1, delay)
    corners = _corners(drift.corners, lows)
    slope = np.diff(corners) / BLOCK
    offset = corners[place] + slope[place] * (since - BLOCK * block)
    later = replace(
        drift,
        block=int(block[-1]),
        corners=(float(corners[-2]), float(corners[-1])),
        lows=(float(lows[-2]), float(lows[-1])),
    )
    return offset + total / 1000.0, later


def _corners(first: tuple[float, float], lows: FloatArray) -> FloatArray:
    """Return the offset at the corners of the blocks: the envelope of the two blocks before."""
    corners = list(first)
    for envelope in np.minimum(lows[:-2], lows[1:-1]):
        corners.append(max(float(envelope), corners[-1] - STEEPEST * BLOCK))
    return np.array(corners)
