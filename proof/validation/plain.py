"""The definitions once more, plain and slow, so that the quick ones have something to agree with.

Nothing here is shared with `physio`: exact fractions and single loops, as the definitions read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, groupby, pairwise
from math import ceil, log, nan, sqrt

import numpy as np

from physio.beats import Beats, BoolArray, FloatArray
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


def capacity(windows: Windows, which: int, sign: int) -> float:
    """Return the deceleration (sign 1) or acceleration capacity (-1) of one window, in ms.

    The phase-rectified average comes first, its Haar wavelet last, as published.
    """
    around = [
        run[i - 2 : i + 2]
        for run in _runs(windows, which)
        for i in range(2, len(run) - 1)
        if 0 < sign * (run[i] - run[i - 1]) <= run[i - 1] / 20
    ]
    if len(around) < 20:
        return nan
    two_before, before, anchor, after = (
        _sum(column) / len(around) for column in zip(*around, strict=True)
    )
    return float((anchor + after - before - two_before) / 4)


def baevsky_index(windows: Windows, which: int) -> float:
    """Return AMo / (2 Mo MxDMn) of one window, in percent per s2."""
    kept, _ = _contents(windows, which)
    width = (max(kept) - min(kept)) / 1000 if kept else 0
    if width == 0:
        return nan
    count = Counter(rr // 50 for rr in kept)
    fullest = min(count, key=lambda place: (-count[place], place))
    amplitude = Fraction(100 * count[fullest], len(kept))
    mode = Fraction(50 * fullest + 25, 1000)
    return float(amplitude / (2 * mode * width))


def fragmentation(windows: Windows, which: int) -> dict[str, float]:
    """Return PIP, IALS, PSS and PAS of one window, from lists of signs."""
    signs = [[(step > 0) - (step < 0) for step in _steps(run)] for run in _runs(windows, which)]
    turns = [before * after <= 0 for run in signs for before, after in pairwise(run)]
    steps = sum(map(len, signs))
    segments = [[(s, len(list(same))) for s, same in groupby(run)] for run in signs]
    lengths = [length for run in segments for sign, length in run if sign]
    return {
        "pip": _percent(sum(turns), len(turns)),
        "ials": len(lengths) / sum(lengths) if lengths else nan,
        "pss": 100.0 - _percent(sum(length for length in lengths if length >= 3), steps),
        "pas": _percent(sum(map(_alternating, segments)), steps),
    }


def rhythm_regularity(windows: Windows, which: int) -> float:
    """Return the share of the power from 0.04 to 0.26 Hz within 0.015 Hz of its highest point."""
    pieces = _pieces(windows, which)
    if len(pieces) != 1 or pieces[0][1].sum() < 8:
        return nan
    frequency, power = lomb(*pieces[0], highest=0.275)
    searched = (frequency >= 0.04) & (frequency <= 0.26)
    peak = frequency[searched][np.argmax(power[searched])]
    edges = max(peak - 0.015, 0.04), min(peak + 0.015, 0.26)
    around = from_edge_to_edge(frequency, power, *edges)
    return around / from_edge_to_edge(frequency, power, 0.04, 0.26)


def pooled_power(windows: Windows, which: int, low: float, high: float) -> float:
    """Return the Lomb power of a band, the pieces of one window counting by their duration."""
    known = [piece for piece in _pieces(windows, which) if piece[1].sum() >= 8]
    spans = [piece[0].sum() for piece in known]
    long = [(span, piece) for span, piece in zip(spans, known, strict=True) if span >= 25000.0]
    powers = [
        span * from_edge_to_edge(*lomb(*piece, highest=high), low, high) for span, piece in long
    ]
    return float(sum(powers) / sum(span for span, _ in long)) if long else nan


def lomb(rr: FloatArray, usable: BoolArray, *, highest: float) -> tuple[FloatArray, FloatArray]:
    """Return frequencies (Hz) and density (ms2/Hz) of intervals without a gap between them.

    At each frequency mean, line and sinusoid are fitted at once; what the sinusoid takes off the
    squares that mean and line leave is its own.
    """
    time, values = np.cumsum(rr)[usable] / 1000.0, rr[usable] - rr[usable].mean()
    span = float(np.sum(rr)) / 1000.0
    frequency = np.arange(1, ceil(4.0 * highest * span) + 2) / (4.0 * span)
    line = (np.ones(len(time)), time - time.mean())
    waves = [(np.cos(angle), np.sin(angle)) for angle in np.outer(2 * np.pi * frequency, time)]
    left = np.array([_squares_left((*line, *wave), values) for wave in waves])
    return frequency, (_squares_left(line, values) - left) * span / len(values)


def freed(windows: Windows, which: int, regularization: float) -> Windows:
    """Return the windows, the intervals of one freed of their trend and put back on its mean."""
    # Imported when used: it costs more than the rest of the package.
    from scipy.interpolate import CubicSpline

    rest = []
    held = slice(int(windows.first[which]), int(windows.last[which]))
    elapsed = windows.beats.elapsed[held] / 1000.0
    for rr, usable in _pieces(windows, which):
        time, elapsed = elapsed[: len(rr)], elapsed[len(rr) :]
        even = np.arange(*np.ceil(4.0 * time[usable][[0, -1]] - 1e-6)) / 4.0
        series = CubicSpline(time[usable], rr[usable])(even)
        trend = series - without_trend(series, regularization)
        rest.append(rr - np.interp(time, even, trend))
    usable, beats = windows.usable[held], windows.beats
    left = np.concatenate(rest)
    lengths = beats.rr.copy()
    lengths[held] = left - left[usable].mean() + beats.rr[held][usable].mean()
    return replace(windows, beats=Beats.of_any_length(beats.time, lengths, beats.segment))


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


def _runs(windows: Windows, which: int) -> list[list[Fraction]]:
    """Return the intervals of one window by stretches without a gap and without a flagged one."""
    beats = windows.beats
    flagged = np.cumsum(~windows.usable)
    held = range(int(windows.first[which]), int(windows.last[which]))
    usable = [i for i in held if windows.usable[i]]
    stretches = groupby(usable, key=lambda i: (beats.segment[i], flagged[i]))
    return [[Fraction(float(beats.rr[i])) for i in stretch] for _, stretch in stretches]


def _pieces(windows: Windows, which: int) -> list[tuple[FloatArray, BoolArray]]:
    """Return intervals, and whether usable, of each stretch of one window without a gap."""
    held = slice(int(windows.first[which]), int(windows.last[which]))
    rr, usable, segment = (
        values[held] for values in (windows.beats.rr, windows.usable, windows.beats.segment)
    )
    own = [segment == number for number in np.unique(segment)]
    return [(rr[here], usable[here]) for here in own]


def _steps(run: Sequence[Fraction]) -> list[Fraction]:
    return [after - before for before, after in pairwise(run)]


def _alternating(segments: Sequence[tuple[int, int]]) -> int:
    """Return the segments of one interval that stand at least four in a row."""
    alone = groupby(sign != 0 and length == 1 for sign, length in segments)
    in_a_row = [len(list(same)) for single, same in alone if single]
    return sum(number for number in in_a_row if number >= 4)


def _percent(part: int, whole: int) -> float:
    return 100.0 * part / whole if whole else nan


def _squares_left(columns: Sequence[FloatArray], values: FloatArray) -> float:
    design = np.stack(columns, axis=1)
    rest = values - design @ np.linalg.lstsq(design, values, rcond=None)[0]
    return float(rest @ rest)


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
