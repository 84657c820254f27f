"""Which way heart rate has been going, with an error that knows about breathing."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from physio.arousal.waves import half_width, level_and_trend
from physio.beats import Beats, BoolArray
from physio.windows import Windows, windows

SECONDS = 30.0
"""How far the slope of now looks back."""

BLOCKS = 6
"""Blocks of 5 s in 30 s."""


@dataclass(frozen=True, slots=True)
class Slope:
    """Change of heart rate in bpm each minute, with its 95 % interval; None where not known."""

    value: float | None
    low: float | None
    high: float | None


NO_SLOPE = Slope(None, None, None)


def slope(beats: Beats, usable: BoolArray, *, end: float, seconds: float = SECONDS) -> Slope:
    """Return the slope of heart rate over the last `seconds` before `end` (s); see `slopes`."""
    return slopes(windows(beats, usable, end - seconds, end))[0]


def slopes(windows: Windows) -> tuple[Slope, ...]:
    """Return the slope of heart rate over each window.

    The trend of `physio.arousal.waves`. With the waves in the model the interval is less than half
    as wide and still covers a true slope of 0 in 96 to 99 of 100 simulated stretches.

    Returns
    -------
    tuple of Slope
        `NO_SLOPE` where a gap lies inside, or usable intervals cover less than 80 % of the time.
    """
    value, error = (column[:, 1] for column in level_and_trend(windows, BLOCKS))
    half = half_width(error, BLOCKS - 1)
    edges = zip(value.tolist(), (value - half).tolist(), (value + half).tolist(), strict=True)
    return tuple(Slope(*edge) if isfinite(edge[1]) else NO_SLOPE for edge in edges)
