"""A signal of breathing itself, made ready: a belt, the flow of air, the impedance of the chest.

It is averaged to `RATE` values a second, a piece at a time, so that a night at hundreds of samples
a second takes little room beside its samples. Where it stands still it tells nothing: a belt that
fell off, or one that reached the end of its range, whose crests or troughs are all at one value. A
stretch of `STRETCH` that does so for long is left out whole, for what is left of its breaths would
be half a breath.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from physio.beats import BoolArray, FloatArray
from physio.respiration import Source

Samples: TypeAlias = NDArray[np.floating[Any]]

RATE = 5.0
"""Values a second: ten in the fastest breath."""

SLOWEST_RATE = 2.0
"""Samples a second: fewer lose breaths at 30 a minute."""

AT_ONCE = 6000
"""Values made in one go."""

STRETCH = 10.0
"""Seconds."""

FLAT, CUT_OFF = 0.5, 0.1
"""Of a stretch: more of it at one value is flat, at the highest or lowest of all is cut off. Ours:
the crest of a sinusoid cut at 0.9 of its height is 14 % of its time at either end."""

LONGEST_HOLE = 1.0
"""Seconds without a value, above which a new segment starts."""


def breathing_signal(samples: Samples, rate: float, *, start: float = 0.0) -> Source:
    """Return one signal, "respiration", in the unit of its samples, where it can be read.

    Parameters
    ----------
    samples : (n,) float
        NaN where one is missing.
    rate : float
        Samples a second.
    start : float
        Time of the first sample in s.

    Raises
    ------
    ValueError
        If `rate` is below `SLOWEST_RATE`; the message is a clause.
    """
    if not rate >= SLOWEST_RATE:
        raise ValueError(f"{rate:g} samples a second are fewer than {SLOWEST_RATE:g}")
    parts = list(_averaged(samples, rate))
    empty = [np.empty((3, 0))]
    time, mean, still = np.concatenate(parts or empty, axis=1)
    kept = np.flatnonzero(np.isfinite(mean) & ~_left_out(mean, still > 0.0, time))
    time, mean = time[kept], mean[kept]
    segment = np.cumsum(np.diff(time, prepend=time[:1]) > LONGEST_HOLE)
    return Source(("respiration",), time + start, mean[:, np.newaxis], segment)


def lasting(samples: Samples, rate: float) -> int:
    """Return how many values `breathing_signal` makes of samples that can all be read."""
    return int(len(samples) / _a_bin(rate) + 1e-9)


def _a_bin(rate: float) -> float:
    return rate / min(RATE, rate)


def _averaged(samples: Samples, rate: float) -> Iterator[FloatArray]:
    """Yield (3, b) the middle of each bin in s, its mean, and 1 where all in it is one value."""
    a_bin, count = _a_bin(rate), lasting(samples, rate)
    for begin in range(0, count, AT_ONCE):
        edges = np.ceil(np.arange(begin, min(begin + AT_ONCE, count) + 1) * a_bin - 1e-9)
        first = edges.astype(np.int64)
        piece = np.asarray(samples[first[0] : first[-1]], np.float64)
        place = first[:-1] - first[0]
        known = np.isfinite(piece)
        number = np.add.reduceat(known.astype(np.int64), place)
        total = np.add.reduceat(np.where(known, piece, 0.0), place)
        mean = total / np.where(number > 0, number, np.nan)
        low, high = (one.reduceat(piece, place) for one in (np.fmin, np.fmax))
        middle = 0.5 * (first[:-1] + first[1:] - 1) / rate
        # A mean of equal values may differ from them in its last digit.
        yield np.stack((middle, np.where(low == high, low, mean), low == high))


def _left_out(mean: FloatArray, constant: BoolArray, time: FloatArray) -> BoolArray:
    """Return (b,) which values lie in a stretch that is flat or cut off."""
    if not np.isfinite(mean).any():
        return np.zeros(len(mean), bool)
    again = constant[1:] & constant[:-1] & (mean[1:] == mean[:-1])
    still = np.append(again, False) | np.append(False, again)
    edge = still & ((mean == np.nanmax(mean)) | (mean == np.nanmin(mean)))
    stretch = (time / STRETCH).astype(np.int64)
    number = np.maximum(np.bincount(stretch), 1)
    flat = np.bincount(stretch, weights=still) > FLAT * number
    cut = np.bincount(stretch, weights=edge) > CUT_OFF * number
    return np.asarray((flat | cut)[stretch])
