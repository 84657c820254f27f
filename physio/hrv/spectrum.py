"""Power of the intervals in frequency bands, in ms2, for all windows at once.

Bands and normalised units: Task Force of the European Society of Cardiology and the North American
Society of Pacing and Electrophysiology (1996), Circulation 93:1043, doi 10.1161/01.CIR.93.5.1043.
A cubic spline through the usable intervals is read at 4 Hz, its slow trend taken off by smoothness
priors (`physio.hrv.detrend`), the spectrum taken by Welch's method (Welch PD 1967, IEEE Trans Audio
Electroacoust 15:70, doi 10.1109/TAU.1967.1161901) with periodic Hann windows that overlap by half,
each freed of its mean, and the density integrated by the trapezoidal rule.

Nothing bridges a gap. In a window with a gap each stretch of its own counts in proportion to its
duration: by Welch's method where it lasts a whole Welch window, by `physio.hrv.lomb` where it is
shorter; stretches under `SHORTEST` are left out. HF is withheld where much of it may have leaked
out of LF in the short ones (`LEAK`).

Deviations. The density is taken as linear between its frequencies and integrated from edge to edge
of a band; programs that add up only the frequencies inside lose the steps at the edges, 1 to 3 % of
LF and HF in 300 s. Normalised units leave out all below 0.04 Hz, as the Task Force has it. Values
of VLF and total power are withheld where the recording is short or the trend takes off some of that
band, LF and HF where it takes off all of theirs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from physio.beats import BoolArray, FloatArray, IntArray
from physio.compiled import compiled
from physio.hrv import lomb
from physio.hrv.bands import within
from physio.hrv.detrend import REGULARIZATION, cutoff, free_of_trend
from physio.hrv.spline import Splines, splines
from physio.hrv.welch import averaged, bins
from physio.stretches import Stretches, parts, segments
from physio.windows import Windows, sums

VLF, LF, HF = (1.0 / 300.0, 0.04), (0.04, 0.15), (0.15, 0.4)
"""Bands in Hz; the Task Force rounds the first edge to 0.003."""

RATE = 4.0
"""Values a second that the spline is read at."""

WELCH_WINDOW = 300.0
"""Seconds."""

FEWEST_CYCLES = 10.0
"""Cycles of a band's lower edge that VLF and total power need (Task Force)."""

SMALLEST = 1e-9
"""Power in ms2 below which there is only rounding."""

AT_ONCE = 1 << 20
"""Intervals in the stretches that are done at a time, which bounds the memory."""

SHORTEST = 1.0 / LF[0]
"""Seconds a stretch must last: one cycle of the lower edge of LF."""

LEAK = 1.0 / (2.0 * np.pi**2 * (HF[0] - 0.1))
"""Seconds; over the length T of a stretch without a taper it is the share of a wave at 0.1 Hz that
leaks above the edge of HF: beyond a distance D, 1 / (2 pi**2 D T) of its power (the mean of the
periodogram's side lobes, sin(pi D T)**2 / (pi D T)**2, over their phase)."""

MOST_LEAKED = 0.1
"""Share of HF that may have."""


@dataclass(frozen=True, slots=True, eq=False)
class BandPowers:
    """Powers of m windows in ms2, each (m,), NaN where a window carries none."""

    vlf: FloatArray
    lf: FloatArray
    hf: FloatArray
    total: FloatArray


def band_powers(
    windows: Windows,
    *,
    regularization: float | None = REGULARIZATION,
    welch_window: float = WELCH_WINDOW,
) -> BandPowers:
    """Return the powers of each window, from which all spectral measures follow.

    Parameters
    ----------
    windows : Windows
        m windows, best of 300 s.
    regularization : float or None
        Lambda of the smoothness priors; None leaves the trend in.
    welch_window : float
        Length of a Welch window in s; a shorter stretch is one Welch window of its own length.
    """
    pieces = segments(windows)
    span = sums(windows.beats.rr, pieces.first, pieces.last) / 1000.0
    long = np.flatnonzero(span >= SHORTEST)
    pieces, span = pieces[long], span[long]
    powers = np.full((3, len(pieces)), np.nan)
    smooth = _unbroken(windows, pieces) | (span >= welch_window)
    by_welch, by_lomb = np.flatnonzero(smooth), np.flatnonzero(~smooth)
    _set_by_welch(windows, pieces, by_welch, regularization, welch_window, powers)
    if len(by_lomb):
        powers[:, by_lomb] = _by_lomb(windows, pieces[by_lomb])
    vlf, lf, hf = pooled = np.zeros((3, len(windows)))
    _pool(powers, span, pieces.window, np.zeros(len(windows)), pooled)
    total = vlf + lf + hf
    lasting = _summed(span, pieces.window, len(windows))
    if len(by_lomb):
        slow = np.nan_to_num(powers[1, by_lomb])
        leaked = LEAK * _summed(slow, pieces.window[by_lomb], len(windows))
        hf = np.where(leaked > MOST_LEAKED * hf * lasting, np.nan, hf)
    carried = lasting >= FEWEST_CYCLES / VLF[0]
    if regularization is not None:
        taken = cutoff(rate=RATE, regularization=regularization)
        carried &= taken <= VLF[0]
        lf, hf = (np.where(taken < band[1], power, np.nan) for band, power in ((LF, lf), (HF, hf)))
    vlf = np.where(carried, vlf, np.nan)
    return BandPowers(vlf, lf, hf, np.where(carried, total, np.nan))


def vlf(windows: Windows, powers: BandPowers | None = None) -> FloatArray:
    """Return the power from 0.0033 to 0.04 Hz in ms2; NaN where the window carries none."""
    return _given(windows, powers).vlf


def lf(windows: Windows, powers: BandPowers | None = None) -> FloatArray:
    """Return the power from 0.04 to 0.15 Hz in ms2."""
    return _given(windows, powers).lf


def hf(windows: Windows, powers: BandPowers | None = None) -> FloatArray:
    """Return the power from 0.15 to 0.4 Hz in ms2."""
    return _given(windows, powers).hf


def ln_hf(windows: Windows, powers: BandPowers | None = None) -> FloatArray:
    """Return the natural logarithm of HF in ms2; NaN where HF is 0."""
    value = hf(windows, powers)
    return np.log(np.where(value > 0, value, np.nan))


def total_power(windows: Windows, powers: BandPowers | None = None) -> FloatArray:
    """Return the power from 0.0033 to 0.4 Hz in ms2; NaN where `vlf` is."""
    return _given(windows, powers).total


def lf_nu(windows: Windows, powers: BandPowers | None = None) -> FloatArray:
    """Return LF in percent of LF + HF; NaN where both are 0."""
    known = _given(windows, powers)
    return _share(100.0 * known.lf, known.lf + known.hf)


def hf_nu(windows: Windows, powers: BandPowers | None = None) -> FloatArray:
    """Return HF in percent of LF + HF; NaN where both are 0."""
    known = _given(windows, powers)
    return _share(100.0 * known.hf, known.lf + known.hf)


def lf_hf(windows: Windows, powers: BandPowers | None = None) -> FloatArray:
    """Return LF over HF; NaN where HF is 0. It is no balance of two nerves."""
    known = _given(windows, powers)
    return _share(known.lf, known.hf)


_BANDS = np.array((VLF, LF, HF))


def _given(windows: Windows, powers: BandPowers | None) -> BandPowers:
    return band_powers(windows) if powers is None else powers


def _share(part: FloatArray, whole: FloatArray) -> FloatArray:
    return part / np.where(whole > 0, whole, np.nan)


def _unbroken(windows: Windows, pieces: Stretches) -> BoolArray:
    alone = pieces.first == windows.first[pieces.window]
    return np.asarray(alone & (pieces.last == windows.last[pieces.window]))


def _set_by_welch(
    windows: Windows,
    pieces: Stretches,
    which: IntArray,
    regularization: float | None,
    welch_window: float,
    out: FloatArray,
) -> None:
    """Set `out` (3, r) to the powers of those of r pieces."""
    done = 0
    for part in parts(pieces[which], at_once=AT_ONCE):
        drawn = splines(windows, part, rate=RATE)
        place = which[done + drawn.stretch]
        for band, power in zip(out, _of_splines(drawn, regularization, welch_window), strict=True):
            band[place] = power
        done += len(part)


def _of_splines(drawn: Splines, regularization: float | None, welch_window: float) -> FloatArray:
    """Return (3, p) the powers of p splines."""
    powers = np.empty((3, len(drawn)))
    for which, rows in drawn.rows():
        if regularization is not None:
            free_of_trend(rows, regularization=regularization)
        length = min(rows.shape[1], round(welch_window * RATE))
        count = bins(length, rate=RATE, highest=HF[1])
        density = averaged(rows, rate=RATE, length=length, count=count)
        np.matmul(_areas(length), density.T, out=powers[:, which])
    return powers


@lru_cache(maxsize=64)
def _areas(length: int) -> FloatArray:
    """Return (3, f): what each density of a Welch window adds to the bands."""
    count = bins(length, rate=RATE, highest=HF[1])
    return np.ascontiguousarray(within(np.eye(count), np.full(1, RATE / length), 0, _BANDS).T)


def _by_lomb(windows: Windows, pieces: Stretches) -> FloatArray:
    powers = np.full((3, len(pieces)), np.nan)
    alone = replace(windows.take(pieces.window), first=pieces.first, last=pieces.last)
    for found in lomb.densities(alone, highest=HF[1]):
        powers[:, found.index] = within(found.values, found.step, 1, _BANDS).T
    return powers


@compiled
def _pool(
    powers: FloatArray, span: FloatArray, window: IntArray, lasting: FloatArray, out: FloatArray
) -> None:
    """Set `out` (3, m) to the means of the powers of each window's pieces, weighted by duration.

    It and `lasting` (m,) are 0 before.
    """
    for k in range(len(span)):
        if np.isfinite(powers[0, k]):
            lasting[window[k]] += span[k]
            for band in range(3):
                out[band, window[k]] += span[k] * powers[band, k]
    for j in range(len(lasting)):
        for band in range(3):
            power = out[band, j] / lasting[j]
            out[band, j] = 0.0 if power < SMALLEST else power


def _summed(values: FloatArray, window: IntArray, m: int) -> FloatArray:
    return np.asarray(np.bincount(window, weights=values, minlength=m), np.float64)
