"""Welch's method: the density of power over frequency, from windows that overlap by half.

Welch PD (1967), IEEE Trans Audio Electroacoust 15:70, doi 10.1109/TAU.1967.1161901. Each window is
freed of its mean and weighted by a periodic Hann window.

Its own, not SciPy's, for two lines of the benchmarks: LF and HF of the last 60 s at every beat, and
the Welch spectrum of 24 h, four times as fast as the others, which call SciPy's.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from physio.beats import FloatArray
from physio.compiled import compiled

AT_ONCE = 1 << 16
"""Values transformed in one go; bounds memory for days of beats."""

LONG = 1 << 11
"""Values in a window above which a fast Fourier transform is quicker than a product."""


def welch(
    values: FloatArray, *, rate: float, length: int, highest: float = np.inf
) -> tuple[FloatArray, FloatArray]:
    """Return frequencies (Hz) and one-sided density (units squared per Hz) of evenly spaced values.

    Parameters
    ----------
    values : (..., n) float
        Evenly spaced values.
    rate : float
        Values a second.
    length : int
        Values in a Welch window, at most n.
    highest : float
        In Hz; the frequencies end with the first that is not below it.
    """
    rows = np.array(values, np.float64).reshape(-1, values.shape[-1])
    count = bins(length, rate=rate, highest=highest)
    power = averaged(rows, rate=rate, length=length, count=count)
    frequency = np.asarray(np.arange(count) * (rate / length), np.float64)
    return frequency, power.reshape(*values.shape[:-1], count)


def averaged(rows: FloatArray, *, rate: float, length: int, count: int) -> FloatArray:
    """Return (g, count) the first densities of (g, n) values, which are used up."""
    if length == rows.shape[1]:
        return _densities(rows, rate, count)
    hop = max(1, length // 2)
    cuts = sliding_window_view(rows, length, axis=1)[:, ::hop].reshape(-1, length)
    many = max(1, AT_ONCE // length)
    power = np.empty((len(cuts), count))
    for k in range(0, len(cuts), many):
        power[k : k + many] = _densities(cuts[k : k + many].copy(), rate, count)
    return np.asarray(power.reshape(len(rows), -1, count).mean(axis=1))


def bins(length: int, *, rate: float, highest: float) -> int:
    """Return how many frequencies `welch` gives."""
    return int(min(length // 2, np.ceil(highest * length / rate))) + 1


def _densities(cuts: FloatArray, rate: float, count: int) -> FloatArray:
    """Return (g, count) the first one-sided densities of (g, n) windows, which are used up."""
    length = cuts.shape[1]
    even, odd = _by_fft(cuts, count) if length > LONG else _by_products(cuts, count)
    _add_squares(even, odd, float(2.0 / (rate * (_hann(length) @ _hann(length)))))
    even[0] *= 0.5
    if 2 * (count - 1) == length:
        even[-1] *= 0.5
    return even.T


def _by_fft(cuts: FloatArray, count: int) -> tuple[FloatArray, FloatArray]:
    cuts -= cuts.mean(axis=1, keepdims=True)
    cuts *= _hann(cuts.shape[1])
    wave = np.fft.rfft(cuts, axis=1)[:, :count].T
    return wave.real.copy(), wave.imag[1:].copy()


def _by_products(cuts: FloatArray, count: int) -> tuple[FloatArray, FloatArray]:
    """Multiply by cosines and sines: only the frequencies asked for, and each half only once."""
    middle = cuts.shape[1] // 2 + 1
    _fold(cuts, np.empty((2, middle)))
    cosines, sines = _waves(cuts.shape[1], count)
    # The windows in columns: products are quicker with many of them than with many rows.
    return cosines @ cuts[:, 1:middle].T, sines @ cuts[:, middle:].T


@compiled
def _add_squares(even: FloatArray, odd: FloatArray, scale: float) -> None:
    """Replace `even` (f, g) by the scaled squares; of the first frequency nothing is `odd`."""
    for f in range(len(even)):
        for g in range(even.shape[1]):
            even[f, g] *= scale * even[f, g]
    for f in range(len(odd)):
        for g in range(odd.shape[1]):
            even[f + 1, g] += scale * odd[f, g] ** 2


@compiled
def _fold(cuts: FloatArray, room: FloatArray) -> None:
    """Put sums of the n-th values from either end in the front, differences in the back."""
    # Places without a sign are not looked at for whether they count from the end.
    one, two = np.uint64(1), np.uint64(2)
    length = np.uint64(cuts.shape[1])
    pairs = (length + one) // two
    added, rest = room[0], room[1]
    for g in range(np.uint64(len(cuts))):
        level = cuts[g, 0]
        for n in range(one, pairs):
            early, late = cuts[g, n] - level, cuts[g, length - n] - level
            added[n], rest[n] = early + late, early - late
        for n in range(one, pairs):
            cuts[g, n] = added[n]
        if length % two == 0:
            cuts[g, pairs] -= level
        for n in range(one, pairs):
            cuts[g, length // two + n] = rest[n]


@lru_cache(maxsize=24)
def _waves(length: int, count: int) -> tuple[FloatArray, FloatArray]:
    """Return, for each frequency, what front and back of a folded window are multiplied by."""
    turn = np.multiply.outer(np.arange(count), np.arange(1, length // 2 + 1)) % length
    hann = _hann(length)[1 : length // 2 + 1]
    circle = 2.0 * np.pi / length * np.arange(length)
    cosines, sines = hann * np.cos(circle)[turn], hann * np.sin(circle)[turn]
    # A mean has a share in the two lowest alone: the Hann window's own transform.
    cosines[:2] -= np.array([[0.5], [-0.25]])[:count]
    # Of an even number the middle has no partner, and the sines of frequency 0 are none.
    return cosines, np.ascontiguousarray(sines[1:, : (length - 1) // 2])


@lru_cache(maxsize=64)
def _hann(length: int) -> FloatArray:
    return np.asarray(0.5 - 0.5 * np.cos(2.0 * np.pi / length * np.arange(length)))
