"""Respiratory sinus arrhythmia after Porges and Bohrer: the logarithm of a band's variance.

Porges SW, Bohrer RE (1990), in Cacioppo and Tassinary (eds), Principles of Psychophysiology;
Lewis GF, Furman SA, McCool MF, Porges SW (2012), Biol Psychol 89:349, doi
10.1016/j.biopsycho.2011.11.009. Intervals read at 2 Hz, a moving cubic polynomial of 21 points
taken off, the variance from 0.12 to 0.40 Hz in ms2 over epochs of 30 s, its natural logarithm,
the mean over epochs.

Deviations. The variance in the band is the sum of a Hann-weighted epoch's spectrum over its
frequencies from 0.12 to 0.40 Hz instead of the variance of a filtered signal: a filter that keeps
0.15 Hz and stops below 0.12 Hz rings longer than an epoch. The 5 s at each end that the moving
polynomial does not reach are left out; epochs are laid end to end in each unbroken stretch. A
spline through beats loses some of a fast tone, and the more the slower the heart (9 % of the
variance of a tone of 0.35 Hz at 900 ms, 47 % at 1250 ms): what it passes is known in closed form
(Unser, Aldroubi and Eden 1992, IEEE Trans Inf Theory 38:95, doi 10.1109/18.108253) and is divided
out, so that the value does not move with heart rate alone. Programs that leave this in read lower.

Limits. The moving polynomial does not pass all breathing alike (+0.2 at 15 breaths/min, -0.4 at 9,
-1.5 at 7.2), and slower breathing leaves the band: there the value is withheld.
"""

from __future__ import annotations

from functools import cache, lru_cache
from math import ceil, floor

import numpy as np

from physio.beats import BoolArray, FloatArray, IntArray
from physio.breathing.tiling import shares
from physio.hrv.spectrum import SMALLEST
from physio.hrv.spline import resample
from physio.stretches import parts, segments
from physio.windows import Windows

RATE = 2.0
"""Values a second."""

POINTS = 21
"""Values in the moving polynomial."""

EPOCH = 60
"""Values in an epoch of 30 s."""

MARGIN = POINTS // 2
"""Values at each end that the polynomial does not reach."""

BAND = (0.12, 0.40)
"""Hz."""

LINES = np.arange(ceil(BAND[0] * EPOCH / RATE), floor(BAND[1] * EPOCH / RATE + 1e-9) + 1)
"""Frequencies of an epoch's spectrum in the band, in cycles an epoch."""

SLOWEST = 7.2
"""Breaths/min below which breathing leaves the band."""


def rsa_porges_bohrer(windows: Windows, rate: FloatArray) -> FloatArray:
    """Return (m,) the mean over epochs of the logarithm of the variance in ms2.

    NaN where `rate` is NaN or below `SLOWEST`, or no stretch holds an epoch and the polynomial.

    Parameters
    ----------
    windows : Windows
        m windows of 40 s or more.
    rate : (m,) float
        Breathing rate in breaths/min.
    """
    mean = shares(*_epochs(windows), len(windows), 1)[:, 0]
    return np.where(_valid(rate), mean, np.nan)


def rsa_porges_bohrer_blocks(windows: Windows, rate: FloatArray, blocks: int) -> FloatArray:
    """Return (m, blocks): the means over each of `blocks` runs of a window's epochs.

    Their spread is the sampling error of `rsa_porges_bohrer`. The runs are as equal as can be; of
    a window with fewer epochs than `blocks` each is one, and what is over is NaN.

    Parameters
    ----------
    windows : Windows
        m windows.
    rate : (m,) float
        Breathing rate in breaths/min.
    blocks : int
        Runs, at least 1.
    """
    values = shares(*_epochs(windows), len(windows), blocks)
    return np.where(_valid(rate)[:, np.newaxis], values, np.nan)


def _valid(rate: FloatArray) -> BoolArray:
    return np.isfinite(rate) & (rate >= SLOWEST)


@lru_cache(maxsize=2)
def _epochs(windows: Windows) -> tuple[FloatArray, IntArray]:
    """Return the logarithms of all epochs, in order of time, and which window each lies in."""
    # The value and the blocks of the same windows ask for it.
    logs, window = [np.empty(0)], [np.empty(0, np.int64)]
    for part in parts(segments(windows)):
        series = resample(windows, part, rate=RATE)
        order = series.stretch.argsort()
        number = np.maximum((series.count[order] - (POINTS - 1)) // EPOCH, 0)
        variance = _variances(series.values, series.begin[order], number)
        logs.append(np.log(np.where(variance > SMALLEST, variance, np.nan)))
        window.append(part.window[series.stretch[order]].repeat(number))
    return np.concatenate(logs), np.concatenate(window)


@cache
def polynomial_weights() -> FloatArray:
    """Return (21,) the weights whose moving sum is the cubic polynomial's value in the middle."""
    place = np.arange(POINTS) - POINTS // 2
    powers = np.vander(place / (POINTS // 2), 4, increasing=True)
    return np.asarray(np.linalg.pinv(powers)[0])


@cache
def _waves() -> FloatArray:
    """Return (n, 2 f) what each of the values around an epoch adds to its waves in the band.

    The values are those that the moving polynomial reaches; it is taken off, and the rest weighted.
    """
    value = np.eye(EPOCH + POINTS - 1)
    around = np.lib.stride_tricks.sliding_window_view(value, POINTS, axis=1)
    rest = value[:, MARGIN:-MARGIN] - around @ polynomial_weights()
    hann = 0.5 - 0.5 * np.cos(2.0 * np.pi / EPOCH * np.arange(EPOCH))
    wave = np.fft.rfft(rest * hann, axis=1)[:, LINES] * np.sqrt(2.0 / (EPOCH * (hann @ hann)))
    return np.hstack((wave.real, wave.imag))


def _variances(values: FloatArray, begin: IntArray, number: IntArray) -> FloatArray:
    """Return the variance in the band of `number` epochs of each stretch."""
    epoch = np.arange(number.sum()) - np.repeat(np.cumsum(number) - number, number)
    first = np.repeat(begin, number) + EPOCH * epoch
    around = values[first[:, np.newaxis] + np.arange(EPOCH + POINTS - 1)]
    spacing = around[:, MARGIN:-MARGIN].mean(axis=1) / 1000.0
    passed = spline_response(np.multiply.outer(spacing, LINES * (RATE / EPOCH)))
    power = (around @ _waves()) ** 2
    lines = power[:, : len(LINES)] + power[:, len(LINES) :]
    return np.asarray((lines / passed**2).sum(axis=1))


def spline_response(cycles: FloatArray) -> FloatArray:
    """Return what a cubic spline through even knots passes of a tone, at cycles from knot to knot.

    Beyond half a cycle, where knots cannot carry the tone, it stays at what it is there.
    """
    x = np.minimum(cycles, 0.5)
    response: FloatArray = np.sinc(x) ** 4 * 3.0 / (2.0 + np.cos(2.0 * np.pi * x))
    return response
