"""A rise of heart rate and its settling, fitted beside the waves that heart rate has anyway.

The curve is the rise above the level, height / (1 + exp((t - t50) / settling)) after a logistic
rise; its falling side is that of Christenfeld, Glynn and Gerin (2000, Psychophysiology 37:543,
doi:10.1111/1469-8986.3740543). It is fitted by generalised least squares (Aitken 1935,
doi:10.1017/S0370164600014346): slow waves last as long as a rise, so seconds are no independent
witnesses, and ordinary least squares would be sure of what it cannot know.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import tanh

import numpy as np

from physio.beats import FloatArray

LONGEST = 600
"""Seconds from an alarm for which its settling is followed."""

BEFORE = 90
"""Seconds before an alarm that tell what heart rate was like."""

QUICK, SLOW = 16.0, 60.0
"""Seconds within which quick and slow waves remain alike."""

BREATHS, SD_BREATHS = (5.0, 24.0), 2.0
"""Breaths/min that a wave of breathing may have, and its bpm; the 0.1 Hz wave lies in between."""

SD_QUICK, SD_SLOW, SD_REST = 2.0, 4.5, 1.5
"""Bpm of quick and slow waves, and of what is left of a second's rate, while an episode lasts."""

RISE, HALF, SETTLING = 2.0, 60.0, 10.0
"""Usual seconds: scale of the rise, from onset to half recovery, scale of the settling."""

AGO = 14.0
"""Seconds before an alarm at which the onset mostly is."""

BELIEVED = np.array([-AGO, 0.0, 0.0, 0.0, 0.0])
FREE = np.array([5.0, 30.0, 1.2, 0.7, 0.4])
"""What is believed before heart rate is seen, and its standard deviation: of the onset (s after the
alarm), the height (bpm), and the logarithms of the three scales above against the usual. Wide: they
matter where heart rate says little, and keep the fit where something can be seen of it."""

LEVEL = 2
"""Which parameter the level is, of which nothing is believed: the others are those of `FREE`."""

BEGUN = 4.0
"""Scales from the onset to the middle of a rise: at the onset 2 % of it are done."""

LEFT = 0.1
"""Share of the height that is left at full recovery."""

LIKELY = 1.959964
"""Standard errors from a value to either end of its 95 % interval."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Rise:
    """A rise and its settling.

    Attributes
    ----------
    onset, peak : Value
        Seconds on the clock of the times that were given: 2 % of the rise done, and the most of it.
    height : Value
        Bpm at the peak above what heart rate was before.
    half_recovery, recovery : Value
        Seconds from the onset until half, and a tenth, of the height are left. They may lie beyond
        what was seen: then they are guesses.
    """

    onset: Value
    peak: Value
    height: Value
    half_recovery: Value
    recovery: Value


def waves(seconds: FloatArray, *, quick: float, slow: float, rest: float) -> FloatArray:
    """Return the covariance (bpm2) of heart rate with itself so many `seconds` (k,) later.

    A band of even power for breathing and the 0.1 Hz wave, quick and slow waves as two Gaussian
    processes (Rasmussen and Williams 2006, ISBN 026218253X, eq. 4.9), and a `rest` that seconds do
    not share; sizes in bpm.
    """
    slowest, fastest = (2.0 * rate / 60.0 for rate in BREATHS)
    band = fastest * np.sinc(fastest * seconds) - slowest * np.sinc(slowest * seconds)
    breathing = band / (fastest - slowest)
    return np.asarray(
        quick**2 * np.exp(-(seconds**2) / (2.0 * QUICK**2))
        + slow**2 * np.exp(-(seconds**2) / (2.0 * SLOW**2))
        + SD_BREATHS**2 * breathing
        + rest**2 * (seconds == 0.0)
    )


@lru_cache(maxsize=1)
def _whitening() -> FloatArray:
    """Return the matrix whose leading (k, k) part makes k seconds of waves independent."""
    from scipy.linalg import cholesky, solve_triangular, toeplitz

    size = BEFORE + LONGEST
    alike = waves(np.arange(float(size)), quick=SD_QUICK, slow=SD_SLOW, rest=SD_REST)
    lower = cholesky(toeplitz(alike), lower=True)
    return np.asarray(solve_triangular(lower, np.eye(size), lower=True))


def shape(time: FloatArray, onset: float, rise: float, half: float, settling: float) -> FloatArray:
    """Return the share of the height, 0 to 1, at each `time` (s)."""
    since = time - onset
    return _logistic(since / rise - BEGUN) * _logistic((half - since) / settling)


def _logistic(x: FloatArray) -> FloatArray:
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * x)))


def fitted(time: FloatArray, bpm: FloatArray, *, alarm: float, size: float) -> Rise:
    """Return the rise that was noticed at `alarm`.

    Parameters
    ----------
    time, bpm : (n,) float
        Middle of each second in s, one after the other, and its heart rate; n is at most `BEFORE` +
        `LONGEST`.
    alarm : float
        When it was noticed, in s.
    size : float
        How large this wearer's waves are against those of `waves`, which widens the intervals.

    Notes
    -----
    Normal priors, those of `FREE`, stand beside the data. The intervals are those of the linearised
    fit.
    """
    from scipy.optimize import least_squares

    white = _whitening()[: len(time), : len(time)] / size
    aim, level = white @ bpm, white.sum(axis=1)

    def residuals(x: FloatArray) -> FloatArray:
        curve = shape(time, alarm + x[0], *_usual(x))
        believed = (np.delete(x, LEVEL) - BELIEVED) / FREE
        return np.concatenate((white @ (x[1] * curve) + x[2] * level - aim, believed))

    def jacobian(x: FloatArray) -> FloatArray:
        curve, slopes = _slopes(time - alarm - x[0], *_usual(x))
        columns = np.column_stack((curve, x[1] * slopes))
        onset, height, *logarithms = (white @ columns).T[[1, 0, 2, 3, 4]]
        by_data = np.column_stack((onset, height, level, *logarithms))
        return np.concatenate((by_data, np.delete(np.eye(6), LEVEL, 0) / FREE[:, np.newaxis]))

    begin = min((_begin(half, residuals) for half in (-1.2, -0.4, 0.4, 1.2)), key=_cost)
    found = least_squares(residuals, begin[0], jacobian, method="lm", max_nfev=100)
    last = jacobian(np.asarray(found.x))
    covariance = np.asarray(np.linalg.inv(last.T @ last))
    return _told(np.asarray(found.x), covariance, alarm)


def _begin(half: float, residuals: Callable[[FloatArray], FloatArray]) -> tuple[FloatArray, float]:
    """Return the usual rise with this logarithm of its half recovery, and what it leaves.

    Height and level are the best: residuals are linear in both.
    """
    x = np.array([-AGO, 0.0, 0.0, 0.0, half, 0.0])
    rest, steps = residuals(x), np.eye(6)[[1, 2]]
    slopes = np.column_stack([residuals(x + step) - rest for step in steps])
    best = np.linalg.lstsq(slopes, -rest)[0]
    return x + best @ steps, float(np.sum((rest + slopes @ best) ** 2))


def _cost(begin: tuple[FloatArray, float]) -> float:
    return begin[1]


def _slopes(
    since: FloatArray, rise: float, half: float, settling: float
) -> tuple[FloatArray, FloatArray]:
    """Return (n,) the curve's share of the height so many seconds after its onset, and its slopes.

    (n, 4) against the onset (s) and the logarithms of the scale of the rise, of the time to half
    recovery and of the scale of the settling.
    """
    up, down = _logistic(since / rise - BEGUN), _logistic((half - since) / settling)
    curve = up * down
    rising, falling = curve * (1.0 - up), curve * (1.0 - down)
    slopes = (
        falling / settling - rising / rise,
        -rising * since / rise,
        falling * half / settling,
        falling * (since - half) / settling,
    )
    return curve, np.column_stack(slopes)


def _usual(x: FloatArray) -> FloatArray:
    """Return rise, half recovery and settling (s) from their logarithms against the usual."""
    return np.array([RISE, HALF, SETTLING]) * np.exp(np.clip(x[3:], -5.0, 5.0))


def _told(x: FloatArray, covariance: FloatArray, alarm: float) -> Rise:
    """Return what the parameters mean, each error carried over to it by its slope."""
    value, step = _meaning(x), 1e-4
    slopes = np.array(
        [(_meaning(x + d) - _meaning(x - d)) / (2.0 * step) for d in step * np.eye(6)]
    )
    half = LIKELY * np.sqrt(np.maximum(np.einsum("ik,ij,jk->k", slopes, covariance, slopes), 0.0))
    low, high = value - half, value + half
    for each in (value, low, high):
        each[:2] += alarm
        each[3:] = np.exp(np.minimum(each[3:], 20.0))
    return Rise(*(Value(*one) for one in np.column_stack((value, low, high)).tolist()))


def _meaning(x: FloatArray) -> FloatArray:
    """Return onset and peak from the alarm on, height, and logarithms of the times to recovery."""
    rise, half, settling = _usual(x).tolist()
    peak = _peak(rise, half, settling)
    height = x[1] * shape(np.array([peak]), 0.0, rise, half, settling)[0]
    recovery = np.logaddexp(np.log(half), np.log(settling * np.log(1.0 / LEFT - 1.0)))
    return np.array([x[0], x[0] + peak, height, np.log(half), recovery])


def _peak(rise: float, half: float, settling: float) -> float:
    """Return how many seconds after the onset the curve is highest.

    Where the relative slopes of its two sides cancel: their difference falls with time, so the
    stretch in which that lies is halved again and again.
    """
    low, high = 0.0, BEGUN * rise + half
    for _ in range(60):
        middle = 0.5 * (low + high)
        up = (1.0 + tanh(0.5 * (BEGUN - middle / rise))) / rise
        down = (1.0 + tanh(0.5 * (middle - half) / settling)) / settling
        low, high = (middle, high) if up > down else (low, middle)
    return 0.5 * (low + high)
