"""What a window's spectrum would show without any rhythm, at each rate of a grid.

A peak means breathing only where it rises above what chance gives, and chance has more than one
colour. Noise in the intervals themselves is even at all rates; drifts fall off as ``rate**-FALL``;
noise in the *times* of beats (where the R wave is found, and rounding to the strap's tick) shows in
their differences, the intervals, as ``|1 - exp(-i w)|**2 = 2 - 2 cos(w)``, `w` the phase from beat
to beat: blue, least at slow rates and highest at half the heart rate. At a rate is expected the
largest of the three, each as strong as the window's spectrum is in its geometric mean: a rhythm is
a few points of it, and hardly lifts that.
"""

from __future__ import annotations

import numpy as np

from physio.beats import FloatArray
from physio.compiled import compiled

FALL = 1.5
"""How drifts fall off with the rate: between 1/f and 1/f**2, both of which are found in hearts. Of
1, 1.5 and 2 the one with which real recordings show as few rhythms below 8/min as were clear before
and a swing of 20 ms at 6/min is found in a minute; 1/f**2 itself seems a rhythm in 7 %."""

OF_LOGARITHMS = float(np.exp(np.euler_gamma))
"""By which the mean power of noise, whose periodogram is exponential, is above its geometric mean
(Scargle 1982, doi:10.1086/160554)."""

TOGETHER = 8
"""Powers whose product is taken before its logarithm, which is dear."""

LEAST = 1e-30
"""Variance in ms2 that a product of so many can hold."""


def _wave_by_wave(
    power: FloatArray,
    first: float,
    step: float,
    low: int,
    high: int,
    heart_rate: float,
    tick: float,
    out: FloatArray,
) -> None:
    """Set `out` (count,) to the mean power of noise in ms2, where `power` (count,) was found.

    Rates are ``first + step * k`` breaths/min; the level is taken from k `low` to `high`. Beats are
    told at `heart_rate` beats/min in steps of `tick` ms, see `smallest_step`.
    """
    turning = 2.0 * np.pi / heart_rate
    _set_jitter(turning * first, turning * step, out)
    found, blue, rates = _mean_logarithms(power, out, first, step, low, high)
    even = OF_LOGARITHMS * np.exp(found)
    # Rounding alone draws a saw of a tick into the times: its first wave is of tick / pi.
    jitter = max(even * np.exp(-blue), 0.5 * (tick / np.pi) ** 2)
    drift = even * np.exp(FALL * rates)
    for k in range(len(out)):
        rate = first + step * k
        out[k] = max(jitter * out[k], even, drift / (rate * np.sqrt(rate)))


def _all_waves(
    power: FloatArray,
    first: float,
    step: float,
    low: int,
    high: int,
    heart_rate: float,
    tick: float,
    out: FloatArray,
) -> None:
    """Set what `_wave_by_wave` does, with all waves at once."""
    rate = first + step * np.arange(len(out))
    blue = 2.0 - 2.0 * np.cos(2.0 * np.pi / heart_rate * rate)
    found, shape, rates = (
        np.log(np.maximum(each[low : high + 1], LEAST)).mean() if high >= low else 0.0
        for each in (power, blue, rate)
    )
    even = OF_LOGARITHMS * np.exp(found)
    jitter = max(even * np.exp(-shape), 0.5 * (tick / np.pi) ** 2)
    drift = even * np.exp(FALL * rates)
    out[:] = np.maximum(np.maximum(jitter * blue, even), drift / rate**FALL)


set_noise = compiled(_wave_by_wave, interpreted=_all_waves)


@compiled
def smallest_step(rr: FloatArray, usable: FloatArray, begin: int, end: int) -> float:
    """Return the smallest step between neighbouring intervals in ms, 0 where all are the same."""
    least, before = np.inf, np.nan
    for i in range(begin, end):
        if usable[i] == 0.0:
            continue
        apart = abs(rr[i] - before)
        if 1e-6 < apart < least:
            least = apart
        before = rr[i]
    return least if least < np.inf else 0.0


@compiled
def _set_jitter(begin: float, on: float, out: FloatArray) -> None:
    """Set `out` (count,) to 2 - 2 cos of the angles ``begin + k * on``."""
    across, up, far, high = np.cos(begin), np.sin(begin), np.cos(on), np.sin(on)
    for k in range(len(out)):
        out[k] = 2.0 - 2.0 * across
        across, up = across * far - up * high, up * far + across * high


@compiled
def _mean_logarithms(
    power: FloatArray, blue: FloatArray, first: float, step: float, low: int, high: int
) -> tuple[float, float, float]:
    """Return the mean logarithms of power, of `blue` and of the rates, from low to high."""
    powers, blues, rates = 0.0, 0.0, 0.0
    p, b, r = 1.0, 1.0, 1.0
    for k in range(low, high + 1):
        p *= max(power[k], LEAST)
        b *= max(blue[k], LEAST)
        r *= first + step * k
        if (k - low) % TOGETHER == TOGETHER - 1 or k == high:
            powers, blues, rates = powers + np.log(p), blues + np.log(b), rates + np.log(r)
            p, b, r = 1.0, 1.0, 1.0
    number = max(high - low + 1, 1)
    return powers / number, blues / number, rates / number
