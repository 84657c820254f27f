"""Breathing from an accelerometer on the chest: the slow tilt that each breath gives it.

At rest an accelerometer feels gravity and little else. As the chest rises, the direction of gravity
in its own axes turns by a degree or so and back. `chest_tilt` follows that turn along the line in
which it is widest and gives one signal for `physio.breathing.fusion`. It was tried on made tilt
only: no recording with an accelerometer beside measured breathing is at hand.

The line is the first principal axis of the spatial signs of the turns (Visuri, Koivunen and Oja
2000, J Statist Plann Inference 91:557): a change of posture turns gravity further than a hundred
breaths, but each moment counts alike. Every value depends on a bounded stretch around it, `BEFORE`
before and `LAG` after, so that live and recorded signals agree after that lag.
"""

from __future__ import annotations

import numpy as np

from physio.beats import BoolArray, FloatArray, IntArray, beginnings
from physio.respiration import Source

RATE = 5.0
"""Values of the tilt a second. Samples are averaged in bins of the session clock."""

LONGEST_HOLE = 1.0
"""Seconds without a sample, above which a new segment starts."""

SMOOTH, SLOW = 0.8, 25.0
"""Seconds, whole: Hann windows whose means are the posture with breathing, and that without. They
pass half of the power at 0.6 Hz and take half of it at 0.05 Hz."""

AXIS = 60.0
"""Seconds before a moment over which the line of its turn is found."""

LAG = 0.5 * (SMOOTH + SLOW) + 1.0 / RATE
"""Seconds by which a value comes late."""

BEFORE = AXIS + 0.5 * (SMOOTH + SLOW) + 1.0 / RATE
"""Seconds back that a value depends on, its sign apart, which either way is right."""

FASTEST_BREATH = 0.7
"""Hz; movement faster than that is not breathing."""

MOVING_SHARE = 0.5
"""Of the movement's power: more of it faster than breathing is not clear."""

STILLEST = 0.015
"""g; faster movement below that (root mean square) is the heart's and the sensor's own."""

FURTHEST = 10.0
"""Degrees from one 5 s mean to another within a window: more is a change of posture."""


def chest_tilt(time: FloatArray, acceleration: FloatArray) -> Source:
    """Return one signal, "tilt" in degrees, `RATE` values a second, either way up.

    Values within half a `SLOW` window of an end or a hole are left out.

    Parameters
    ----------
    time : (n,) float
        Seconds on the session clock, increasing, 20 or more a second.
    acceleration : (n, 3) float
        In g, gravity included. Samples that are not finite are left out.
    """
    parts = [_tilt(*part) for part in _stretches(*_binned(time, acceleration))]
    number = [np.full(len(part[0]), k) for k, part in enumerate(parts)]
    empty = [(np.empty(0), np.empty(0))]
    when, tilt = (np.concatenate(each) for each in zip(*(parts or empty), strict=True))
    segment = np.concatenate(number) if number else np.empty(0, np.int64)
    return Source(("tilt",), when, tilt[:, np.newaxis], segment)


def movement(
    time: FloatArray, acceleration: FloatArray, start: FloatArray, end: FloatArray
) -> FloatArray:
    """Return (m,) which share of the acceleration's power is faster than breathing, 0 to 1.

    Power about the mean of each window, all three axes together; NaN for windows with fewer than
    20 samples. Without any movement, the sensor's noise alone, the share is near 1: see `still`.

    Parameters
    ----------
    time, acceleration
        As for `chest_tilt`.
    start, end : (m,) float
        Edges of the windows in seconds on the session clock.
    """
    return np.array([_powers(*part)[0] for part in _cut(time, acceleration, start, end)])


def still(
    time: FloatArray, acceleration: FloatArray, start: FloatArray, end: FloatArray
) -> BoolArray:
    """Return (m,) whether nothing in the movement forbids to read breathing in the window.

    False where more than `MOVING_SHARE` of its power is faster than breathing and stronger than
    `STILLEST`, where the posture changes by more than `FURTHEST`, and where there are no samples.
    """
    parts = _cut(time, acceleration, start, end)
    return np.array([_is_still(*part) for part in parts], dtype=bool)


def _binned(time: FloatArray, acceleration: FloatArray) -> tuple[IntArray, FloatArray]:
    """Return the numbers of the bins of the clock that hold samples, and the means (b, 3) there."""
    known = np.isfinite(time) & np.isfinite(acceleration).all(axis=1)
    number = np.floor(time[known] * RATE).astype(np.int64)
    first = beginnings(number)
    if len(first) == 0:
        return number, np.empty((0, 3))
    count = np.diff(np.append(first, len(number)))[:, np.newaxis]
    return number[first], np.add.reduceat(acceleration[known], first, axis=0) / count


def _stretches(number: IntArray, mean: FloatArray) -> list[tuple[IntArray, FloatArray]]:
    """Return the stretches without a long hole, short holes filled in along a line."""
    cuts = np.flatnonzero(np.diff(number) > LONGEST_HOLE * RATE) + 1
    parts = []
    for some, means in zip(np.split(number, cuts), np.split(mean, cuts), strict=True):
        if len(some) == 0:
            continue
        every = np.arange(some[0], some[-1] + 1)
        filled = np.stack([np.interp(every, some, axis) for axis in means.T], axis=1)
        parts.append((every, filled))
    return parts


def _tilt(number: IntArray, mean: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return when, and the tilt in degrees, of one stretch of bins."""
    smooth, slow = _hann(SMOOTH), _hann(SLOW)
    lost = len(smooth) // 2 + len(slow) // 2
    if len(number) <= 2 * lost:
        return np.empty(0), np.empty(0)
    down = _means(mean, smooth)
    down /= np.maximum(np.linalg.norm(down, axis=1, keepdims=True), 1e-12)
    turn = down[len(slow) // 2 : -(len(slow) // 2)] - _means(down, slow)
    tilt = np.einsum("ni,ni->n", turn, _line(turn))
    return np.asarray((number[lost:-lost] + 0.5) / RATE), np.asarray(np.degrees(tilt))


def _hann(seconds: float) -> FloatArray:
    """Return odd many weights that add up to 1."""
    half = round(0.5 * seconds * RATE)
    weight = 0.5 + 0.5 * np.cos(np.pi * np.arange(-half, half + 1) / (half + 1))
    return np.asarray(weight / weight.sum())


def _means(values: FloatArray, weight: FloatArray) -> FloatArray:
    """Return (n - k + 1, 3) the weighted means of every k `values` (n, 3)."""
    return np.stack([np.convolve(axis, weight, mode="valid") for axis in values.T], axis=1)


def _line(turn: FloatArray) -> FloatArray:
    """Return (n, 3) the line of the turns up to each moment, never pointing back on itself."""
    sign = turn / np.maximum(np.linalg.norm(turn, axis=1, keepdims=True), 1e-12)
    product = (sign[:, :, np.newaxis] * sign[:, np.newaxis, :]).reshape(-1, 9)
    many = round(AXIS * RATE)
    # Each sum afresh from its own terms: a difference of running sums would remember everything.
    padded = np.concatenate((np.zeros((many - 1, 9)), product))
    kept = np.lib.stride_tricks.sliding_window_view(padded, many, axis=0)
    scatter = kept.sum(axis=2).reshape(-1, 3, 3)
    line = np.linalg.eigh(scatter)[1][:, :, -1]
    turned = np.where(np.einsum("ni,ni->n", line[1:], line[:-1]) < 0.0, -1.0, 1.0)
    return np.asarray(line * np.cumprod(np.append(1.0, turned))[:, np.newaxis])


def _cut(
    time: FloatArray, acceleration: FloatArray, start: FloatArray, end: FloatArray
) -> list[tuple[FloatArray, FloatArray]]:
    known = np.isfinite(time) & np.isfinite(acceleration).all(axis=1)
    time, acceleration = time[known], acceleration[known]
    first, last = (np.searchsorted(time, edge, side="right") for edge in (start, end))
    return [
        (time[i:j], acceleration[i:j]) for i, j in zip(first.tolist(), last.tolist(), strict=True)
    ]


def _powers(time: FloatArray, acceleration: FloatArray) -> tuple[float, float]:
    """Return the share of the power that is faster than breathing, and its root mean square (g)."""
    if len(time) < 20:
        return np.nan, np.nan
    length = time[-1] - time[0]
    moved = acceleration - acceleration.mean(axis=0)
    power = np.sum(np.abs(np.fft.rfft(moved, axis=0)) ** 2, axis=1)
    frequency = np.arange(len(power)) * (len(time) - 1) / (len(time) * length)
    fast = power[frequency > FASTEST_BREATH].sum()
    total = np.maximum(power[1:].sum(), 1e-300)
    return float(fast / total), float(np.sqrt(2.0 * fast) / len(time))


def _is_still(time: FloatArray, acceleration: FloatArray) -> bool:
    share, strength = _powers(time, acceleration)
    if not np.isfinite(share) or (share > MOVING_SHARE and strength > STILLEST):
        return False
    return _furthest(time, acceleration) <= FURTHEST


def _furthest(time: FloatArray, acceleration: FloatArray) -> float:
    """Return the widest angle in degrees between the directions of gravity in parts of 5 s."""
    part = np.floor((time - time[0]) / 5.0).astype(np.int64)
    first = beginnings(part)
    down = np.add.reduceat(acceleration, first, axis=0)
    down /= np.maximum(np.linalg.norm(down, axis=1, keepdims=True), 1e-12)
    return float(np.degrees(np.arccos(np.clip((down @ down.T).min(), -1.0, 1.0))))
