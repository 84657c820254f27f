"""Respiratory sinus arrhythmia from peak to trough: one swing a breath, in milliseconds.

RSA per breath is the peak-to-trough method (Grossman, van Beek and Wientjes 1990,
doi:10.1111/j.1469-8986.1990.tb03198.x): the longest interval between heartbeats while breathing out
less the shortest while breathing in, 0 where that is below 0. Both phases are taken to last `LAG`
longer, since the heart follows the breath. Where there is no breathing signal the intervals take
its place: `rsa_peak_to_trough` is the mean over breaths of a longest interval less the shortest
just before it, whatever the phase.

Limits of peak to trough. Beats sample a breath, and its crest falls between two of them: of a
sinusoid the swing found falls short by up to 1 - cos(pi f RR), and by 1 - sin(x) / x with
x = pi f RR on average, where f is breaths and RR the interval in one unit of time: at 900 ms by up
to 24 % at 15 breaths/min and 4 % at 6, on average 8 and 1.4 %. Noise lifts it, since it takes
extremes. A heart that turns later than `LAG` after the breath is cut short. `rsa_amplitude` knows
none of the three.
"""

from __future__ import annotations

import numpy as np

from physio.beats import Beats, BoolArray, FloatArray, IntArray
from physio.breathing.breaths import Breaths
from physio.breathing.minutes import minutes
from physio.breathing.rsa import tile_amplitude
from physio.breathing.tiling import short
from physio.breathing.turning import SHARE, swings
from physio.ragged import ragged
from physio.windows import Windows

LAG = 0.75
"""Seconds by which the heart may follow the breath (Grossman 1990)."""

FEWEST_BREATHS = 2
"""Breaths that a window must hold for a mean over them."""


def rsa_per_breath(beats: Beats, usable: BoolArray, breaths: Breaths) -> FloatArray:
    """Return (k,) the peak-to-trough RSA of each breath in ms.

    NaN where a gap in the beats touches the breath, or no usable interval lies within either phase.

    Parameters
    ----------
    beats : Beats
        n intervals on the clock of the breaths.
    usable : (n,) bool
        Intervals between two normal beats.
    breaths : Breaths
        k breaths.
    """
    unbroken, limit = _stretch(beats, breaths)
    shortest = -_longest(beats, usable, -1.0, breaths.onset, breaths.turn, limit)
    longest = _longest(beats, usable, 1.0, breaths.turn, breaths.end, limit)
    swing = longest - shortest
    return np.where(np.isfinite(swing) & unbroken, np.maximum(swing, 0.0), np.nan)


def rsa_peak_to_trough(windows: Windows, amplitude: FloatArray) -> FloatArray:
    """Return (m,) the mean over breaths of the longest interval less the shortest before it, in ms.

    Breaths are read from the intervals: turning points between which they change by at least
    `SHARE` of the swing that is fitted at the breathing rate. NaN where that is NaN, a gap lies
    inside the window, or it holds fewer than `FEWEST_BREATHS` whole breaths. Of windows longer than
    75 s it is the median over their halves or minutes, each with its own amplitude.

    Parameters
    ----------
    windows : Windows
        m windows.
    amplitude : (m,) float
        That swing in ms, `physio.breathing.rsa.rsa_amplitude`.
    """
    swing = _mean_swing(short(windows), amplitude)
    long = minutes(windows)
    if long is not None:
        swing = long.laid.medians(swing, _mean_swing(long.laid.tiles, tile_amplitude(long)))
    swing[np.isnan(amplitude)] = np.nan
    return swing


def rsa_peak_to_trough_blocks(windows: Windows, amplitude: FloatArray, blocks: int) -> FloatArray:
    """Return (m, blocks) the means over `blocks` runs of a long window's minutes, in ms.

    NaN for windows up to 120 s: a quarter of one holds too few breaths to tell their spread.

    Parameters
    ----------
    windows : Windows
        m windows.
    amplitude : (m,) float
        As in `rsa_peak_to_trough`; NaN gives NaN.
    blocks : int
        Runs of each window.
    """
    values = np.full((len(windows), blocks), np.nan)
    long = minutes(windows)
    if long is not None:
        values = long.laid.shares(values, _mean_swing(long.laid.tiles, tile_amplitude(long)))
    values[np.isnan(amplitude)] = np.nan
    return values


def _stretch(beats: Beats, breaths: Breaths) -> tuple[BoolArray, IntArray]:
    """Return which breaths lie in one unbroken stretch of beats, and where that stretch ends."""
    if len(beats) == 0:
        return np.zeros(len(breaths), bool), np.zeros(len(breaths), np.int64)
    first, last = (np.searchsorted(beats.time, at) for at in (breaths.onset, breaths.end))
    inside = last < len(beats)
    first, last = np.minimum(first, len(beats) - 1), np.minimum(last, len(beats) - 1)
    inside &= beats.segment[first] == beats.segment[last]
    inside &= (beats.start[first] <= breaths.onset) & (beats.start[last] <= breaths.end)
    return inside, np.searchsorted(beats.segment, beats.segment[first], side="right")


def _longest(
    beats: Beats,
    usable: BoolArray,
    sign: float,
    begin: FloatArray,
    end: FloatArray,
    limit: IntArray,
) -> FloatArray:
    """Return the largest of `sign` times the usable intervals that lie within each phase."""
    # A place past the last beat, for phases that begin there.
    values = np.append(np.where(usable, sign * beats.rr, -np.inf), -np.inf)
    first = np.searchsorted(beats.start, begin)
    last = np.minimum(np.searchsorted(beats.time, end + LAG, side="right"), limit)
    edges = np.stack((first, np.maximum(last, first)), axis=1).ravel()
    largest = np.maximum.reduceat(values, edges)[::2] if len(edges) else np.empty(0)
    return np.where(last > first, largest, -np.inf)


def _mean_swing(windows: Windows, amplitude: FloatArray) -> FloatArray:
    mean = np.full(len(windows), np.nan)
    for batch in ragged(windows):
        total, count = swings(batch.rr, batch.usable, batch.edges, SHARE * amplitude[batch.index])
        swing = total / np.maximum(count, 1.0)
        mean[batch.index] = np.where(count >= FEWEST_BREATHS, swing, np.nan)
    return mean
