"""Respiratory sinus arrhythmia measured at the breathing frequency, in milliseconds peak to trough.

A sinusoid of the breathing rate, with its first overtones, mean and linear trend, is fitted by
least squares to the usable intervals of a window; its amplitude A gives 2A. Unlike RMSSD and
high-frequency power this does not shrink as breathing slows (Grossman and Taylor 2007,
doi:10.1016/j.biopsycho.2005.11.014, on why respiration must be taken into account).

The overtones stand for the shape of breaths that are not sinusoids. They do not count, but with
them beside it the sinusoid depends less on where in the breath beats are dense or flagged: where
crests of swings of 350 ms were flagged, it lost 5 % with them and 7 % without. Of breaths that are
sinusoids they change nothing.

Deviations. The peak-to-trough method (Grossman, van Beek and Wientjes 1990,
doi:10.1111/j.1469-8986.1990.tb03198.x) takes the longest and shortest interval of each breath,
which falls short by up to 1 - cos(pi f RR) where beats are few, and grows with noise; the fit does
neither. It reads the fundamental only. It averages over the window, so breaths that wander in rate
or depth count for less than their own swing. It is fitted to the beats, never to a spline, which
would flatten fast breathing.

Whether an interval is placed at its beginning or at its end shifts the phase, not the amplitude.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from physio.beats import BoolArray, FloatArray
from physio.breathing.minutes import Minutes, block_values, minutes
from physio.breathing.tiling import short
from physio.ragged import Ragged, ragged
from physio.sinusoid import design, leave_out, solve
from physio.windows import Windows

WAVES = 3
"""The breathing rate and its overtones at twice and three times the rate."""

HIGHEST_OVERTONE = 0.45
"""Of the heart rate; beats carry nothing faster than half of it."""

LEEWAY = 0.25
"""Breaths/min by which a rate from intervals may pass half the heart rate: a step of its grid."""

SMALLEST = 1e-6
"""Milliseconds; keeps logarithms finite where an amplitude vanishes."""


def rsa_amplitude(windows: Windows, rate: FloatArray) -> FloatArray:
    """Return (m,) the peak-to-trough amplitude of each window in ms.

    NaN where `rate` is NaN or above half the heart rate, a gap lies inside the window, or too few
    intervals are usable. Of
    windows longer than 75 s it is the median over their halves or minutes, each at its own
    breathing rate (`physio.breathing.tiling`).

    Parameters
    ----------
    windows : Windows
        m windows, best of two breaths or more.
    rate : (m,) float
        Breathing rate in breaths/min.
    """
    amplitude = _fitted(short(windows), rate)
    long = minutes(windows)
    if long is not None:
        amplitude = long.laid.medians(amplitude, tile_amplitude(long))
        amplitude[np.isnan(rate)] = np.nan
    return amplitude


@lru_cache(maxsize=2)
def tile_amplitude(long: Minutes) -> FloatArray:
    """Return the amplitude of each of the different tiles at its own breathing rate, in ms."""
    # Amplitude, the swing from peak to trough and the errors of both ask for it.
    return _fitted(long.laid.tiles, long.rate)


def rsa_blocks(windows: Windows, rate: FloatArray, blocks: int) -> FloatArray:
    """Return (m, blocks): what each block of a window says of its amplitude, in ms, above 0.

    Their spread, of the logarithms, is the sampling error of `rsa_amplitude`: a block's value is
    ``exp(blocks * ln(all) - (blocks - 1) * ln(without))``, where `without` is the amplitude fitted
    with the block left out (delete-one-block jackknife, Tukey 1958; Kuensch 1989,
    doi:10.1214/aos/1176347265). A block of 15 s can be shorter than a breath, so its own fit would
    mean little. Of a window longer than 75 s a block's value is the mean of its minutes, or, where
    fewer than four have a rate, the mean of what the minutes' own blocks say.

    Parameters
    ----------
    windows : Windows
        m windows.
    rate : (m,) float
        Breathing rate in breaths/min; NaN gives NaN.
    blocks : int
        Equally long parts of a window, at least 2.
    """

    def of_minutes(long: Minutes) -> FloatArray:
        return tile_amplitude(long)[long.laid.same]

    return block_values(windows, rate, blocks, _batch_blocks, of_minutes)


def can_follow(batch: Ragged, rate: FloatArray) -> BoolArray:
    """Return (g,) whether beats can follow breathing at these rates: at most half the heart rate.

    A breathing signal may show faster ones.
    """
    return np.asarray(rate <= 0.5 * batch.heart_rate + LEEWAY)


def _fitted(windows: Windows, rate: FloatArray) -> FloatArray:
    amplitude = np.full(len(windows), np.nan)
    for batch in ragged(windows):
        coefficients = solve(batch, _columns(batch, rate[batch.index]), batch.rr)
        followed = can_follow(batch, rate[batch.index])
        amplitude[batch.index] = np.where(followed, _peak_to_trough(coefficients), np.nan)
    return amplitude


def _columns(batch: Ragged, rate: FloatArray) -> FloatArray:
    return design(batch, rate, most=WAVES, fastest=HIGHEST_OVERTONE * batch.heart_rate)


def _peak_to_trough(coefficients: FloatArray) -> FloatArray:
    return 2.0 * np.hypot(coefficients[..., 2], coefficients[..., 3])


def _batch_blocks(batch: Ragged, rate: FloatArray, blocks: int) -> FloatArray:
    columns = _columns(batch, rate)
    whole, without = leave_out(batch, columns, batch.rr, blocks)
    amplitude = _peak_to_trough(whole)
    ratio = amplitude / np.maximum(_peak_to_trough(without), SMALLEST)
    return np.asarray((amplitude * ratio ** (blocks - 1)).T)
