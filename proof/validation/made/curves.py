"""Made resonance assessments: the swing of the heart with each breath, whose truth is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from physio.beats import FloatArray
from physio.breathing.assessment import RATES, STEP

VARIATION = 0.25
"""Of the swings of one step, as a share of their mean; the median of 12 real trials is 0.26."""

BREATHS = tuple(int(rate * STEP / 60.0) for rate in RATES)

FLAT = (1.0, 1.0, 1.0, 1.0, 1.0)
RISING = tuple(1.15**step for step in range(5))


def one_wider(share: float) -> tuple[tuple[float, ...], ...]:
    """Return the four curves in which one step but the slowest is wider by a share, 0.4 for 40 %.

    Where the slowest step is the widest, the widest may lie beyond.
    """
    return tuple(tuple(1.0 + share * (step == widest) for step in range(5)) for widest in range(4))


def assessments(
    curve: Sequence[float], *, alike: float, number: int, seed: int
) -> Iterator[list[FloatArray]]:
    """Yield the swings of each step, in ms, of so many people with one curve.

    Parameters
    ----------
    curve : (5,) float
        How wide the swing is at each rate, in any unit.
    alike : float
        Correlation of neighbouring breaths.
    number, seed : int
        People, and the seed of the random numbers.
    """
    rng = np.random.default_rng(seed)
    for _ in range(number):
        yield [
            100.0 * wide * np.maximum(1.0 + VARIATION * _noise(rng, breaths, alike), 0.02)
            for wide, breaths in zip(curve, BREATHS, strict=True)
        ]


def _noise(rng: np.random.Generator, breaths: int, alike: float) -> FloatArray:
    """Return values of spread 1, each with this correlation to the one before."""
    values = rng.standard_normal(breaths)
    for i in range(1, breaths):
        values[i] = alike * values[i - 1] + np.sqrt(1.0 - alike**2) * values[i]
    return values
