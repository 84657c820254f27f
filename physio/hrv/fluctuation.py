"""Detrended fluctuation analysis: how the spread around a local trend grows with its length.

Peng CK, Havlin S, Stanley HE, Goldberger AL (1995), Chaos 5:82, doi 10.1063/1.166141. The
intervals are summed up, cut into boxes of n beats laid end to end, a line is taken off each box by
least squares, and F(n) is the root mean square of what remains; alpha is the slope of ln F(n) over
ln n, every n once.

Deviations. Boxes lie inside unbroken runs of usable intervals and F(n) pools the boxes of all
runs; beats left over at the end of a run are in no box. A window in which some n has no box, or
nothing remains of any, has no value.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from physio.beats import FloatArray, IntArray
from physio.stretches import alike, runs
from physio.windows import Windows

SHORT = tuple(range(4, 17))
LONG = tuple(range(16, 65))
"""Beats in a box."""

SMALLEST = 1e-6
"""Fluctuation in ms below which there is only rounding."""


def dfa_alpha1(windows: Windows) -> FloatArray:
    """Return (m,) the short-term exponent, of boxes of 4 to 16 beats; no unit."""
    return _exponent(windows, SHORT)


def dfa_alpha2(windows: Windows) -> FloatArray:
    """Return (m,) the long-term exponent, of boxes of 16 to 64 beats; no unit."""
    return _exponent(windows, LONG)


def fluctuation(windows: Windows, sizes: tuple[int, ...]) -> FloatArray:
    """Return (m, k) the fluctuation F(n) in ms for each box size, NaN where no box fits."""
    squares = np.zeros((len(windows), len(sizes)))
    beats = np.zeros((len(windows), len(sizes)))
    for n, same in alike(runs(windows)):
        rr = windows.beats.rr[same.first[:, np.newaxis] + np.arange(n)]
        profile = np.cumsum(rr - rr.mean(axis=1, keepdims=True), axis=1)
        np.add.at(squares, same.window, _squares(profile, sizes))
        np.add.at(beats, same.window, _boxed(n, sizes))
    return np.asarray(np.sqrt(squares / np.where(beats > 0, beats, np.nan)))


def _exponent(windows: Windows, sizes: tuple[int, ...]) -> FloatArray:
    spread = fluctuation(windows, sizes)
    return np.asarray(np.log(np.where(spread > SMALLEST, spread, np.nan)) @ _slope_weights(sizes))


@lru_cache(maxsize=8)
def _slope_weights(sizes: tuple[int, ...]) -> FloatArray:
    """Return (k,) the weights whose sum of products with ordinates is the slope over ln n."""
    abscissa = np.log(sizes)
    abscissa -= abscissa.mean()
    return np.asarray(abscissa / (abscissa @ abscissa))


def _boxed(n: int, sizes: tuple[int, ...]) -> IntArray:
    """Return (k,) how many of n beats lie in boxes of each size."""
    return np.asarray(n // np.array(sizes) * sizes, np.int64)


def _squares(profile: FloatArray, sizes: tuple[int, ...]) -> FloatArray:
    """Return (g, k) the sum of squares that remains of (g, n) profiles, for each box size."""
    g, n = profile.shape
    result = np.zeros((g, len(sizes)))
    for column, size in enumerate(sizes):
        count = n // size
        boxes = profile[:, : count * size].reshape(-1, size)
        rest = (boxes @ _beyond_a_line(size)).reshape(g, -1)
        result[:, column] = np.vecdot(rest, rest)
    return result


@lru_cache(maxsize=128)
def _beyond_a_line(size: int) -> FloatArray:
    """Return (size, size - 2): an orthonormal basis of everything that is not a line."""
    basis = np.linalg.qr(np.vander(np.arange(size) - 0.5 * (size - 1), 2), mode="complete")[0]
    return np.ascontiguousarray(basis[:, 2:])
