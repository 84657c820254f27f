"""The definitions once more, plain and slow, so that the quick ones have something to agree with.

Nothing here is shared with `physio`: exact fractions and single loops, as the definitions read.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from math import log, sqrt

import numpy as np

from physio.beats import FloatArray
from physio.windows import Windows


def time_domain(windows: Windows, which: int) -> dict[str, float]:
    """Return the time-domain measures of one window, from exact sums of its intervals (ms)."""
    kept, steps = _contents(windows, which)
    variance, step_variance = _variance(kept), _variance(steps)
    mean_square = _sum([step * step for step in steps]) / len(steps)
    return {
        "mean_rr": float(_sum(kept) / len(kept)),
        "mean_hr": float(60000 * len(kept) / _sum(kept)),
        "sdnn": sqrt(variance),
        "rmssd": sqrt(mean_square),
        "ln_rmssd": log(sqrt(mean_square)),
        "sdsd": sqrt(step_variance),
        "pnn50": 100.0 * sum(abs(step) > 50 for step in steps) / len(steps),
        "pnn20": 100.0 * sum(abs(step) > 20 for step in steps) / len(steps),
        "sd1": sqrt(step_variance / 2),
        "sd2": sqrt(2 * variance - step_variance / 2),
    }


def fluctuation_exponent(rr: FloatArray, sizes: Sequence[int]) -> float:
    """Return the slope of ln F(n) over ln n, a line fitted to each box by itself."""
    profile = np.cumsum(rr - rr.mean())
    spread = [sqrt(np.mean([_off_a_line(box) for box in _boxes(profile, n)])) for n in sizes]
    return float(np.polyfit(np.log(sizes), np.log(spread), 1)[0])


def fluctuation_exponent_of_means(rr: FloatArray, sizes: Sequence[int]) -> float:
    """Return the slope where F(n) is the mean of the boxes' own root mean squares (nolds)."""
    profile = np.cumsum(rr - rr.mean())
    spread = [np.mean(np.sqrt([_off_a_line(box) for box in _boxes(profile, n)])) for n in sizes]
    return float(np.polyfit(np.log(sizes), np.log(spread), 1)[0])


def sample_entropy(rr: FloatArray, radius: float) -> float:
    """Return -ln of the share of pairs alike over two intervals that are alike over three."""
    shorter = longer = 0
    for i, j in combinations(range(len(rr) - 2), 2):
        if abs(rr[i] - rr[j]) <= radius and abs(rr[i + 1] - rr[j + 1]) <= radius:
            shorter += 1
            longer += bool(abs(rr[i + 2] - rr[j + 2]) <= radius)
    return -log(longer / shorter)


def sample_entropy_of_all(rr: FloatArray, radius: float) -> float:
    """Return the same with every template of each length and "<" (PhysioNet toolbox)."""
    share = []
    for length in (2, 3):
        templates = np.lib.stride_tricks.sliding_window_view(rr, length)
        apart = np.abs(templates[:, np.newaxis] - templates).max(axis=2)
        share.append(np.mean(apart[np.triu_indices(len(templates), 1)] < radius))
    return -log(share[1] / share[0])


def density(
    rr: FloatArray, *, welch_window: float, regularization: float | None = None
) -> tuple[FloatArray, FloatArray]:
    """Return frequencies (Hz) and density (ms2/Hz) by SciPy's spline and Welch, at 4 Hz."""
    # Imported when used: it costs more than the rest of the package.
    from scipy.interpolate import CubicSpline
    from scipy.signal import welch

    time = np.cumsum(rr) / 1000.0
    even = np.arange(0.0, time[-1] - time[0] + 1e-9, 0.25)
    values = CubicSpline(time - time[0], rr)(even)
    if regularization is not None:
        values = without_trend(values, regularization)
    length = min(len(values), round(4.0 * welch_window))
    frequency, power = welch(values, fs=4.0, window="hann", nperseg=length, detrend="constant")
    return np.asarray(frequency), np.asarray(power)


def inside(frequency: FloatArray, power: FloatArray, low: float, high: float) -> float:
    """Return the power between the first and the last frequency inside a band."""
    kept = (frequency >= low) & (frequency < high)
    return float(np.trapezoid(power[kept], frequency[kept]))


def from_edge_to_edge(frequency: FloatArray, power: FloatArray, low: float, high: float) -> float:
    """Return the power of a band, the density taken as linear between frequencies."""
    between = frequency[(frequency > low) & (frequency < high)]
    at = np.concatenate(([low], between, [high]))
    return float(np.trapezoid(np.interp(at, frequency, power), at))


def without_trend(values: FloatArray, regularization: float) -> FloatArray:
    """Return values after smoothness priors, from the full matrix of the definition."""
    bend = np.diff(np.eye(len(values)), 2, axis=0)
    return values - np.linalg.solve(np.eye(len(values)) + regularization**2 * bend.T @ bend, values)


def _contents(windows: Windows, which: int) -> tuple[list[Fraction], list[Fraction]]:
    beats = windows.beats
    held = range(int(windows.first[which]), int(windows.last[which]))
    rr = {i: Fraction(float(beats.rr[i])) for i in held}
    kept = [rr[i] for i in held if windows.usable[i]]
    joined = (i for i in held[1:] if windows.usable[i - 1] and windows.usable[i])
    steps = [rr[i] - rr[i - 1] for i in joined if beats.segment[i] == beats.segment[i - 1]]
    return kept, steps


def _variance(values: Sequence[Fraction]) -> Fraction:
    mean = _sum(values) / len(values)
    return _sum([(value - mean) ** 2 for value in values]) / (len(values) - 1)


def _sum(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0))


def _boxes(profile: FloatArray, n: int) -> list[FloatArray]:
    return [profile[begin : begin + n] for begin in range(0, len(profile) - n + 1, n)]


def _off_a_line(box: FloatArray) -> float:
    place = np.arange(len(box))
    return float(np.mean((box - np.polyval(np.polyfit(place, box, 1), place)) ** 2))
