"""How much of the intervals' variance a sinusoid explains, at each rate of a grid.

Each is fitted by least squares together with a mean and a linear trend, to the usable intervals of
a window where they lie (`physio.sinusoid`). The fits need sums over beats alone, so those of a
window without one of its parts are had by taking the part's sums off.
"""

from __future__ import annotations

import numpy as np

from physio.beats import FloatArray, IntArray
from physio.compiled import compiled
from physio.ragged import FEWEST, Ragged
from physio.sinusoid import TURNING, take_from_all

BLOCK = 16
"""Grid points whose waves are turned on together, a power of 2."""


def explained(batch: Ragged, first: FloatArray, step: FloatArray, count: int) -> FloatArray:
    """Return (g, count): the variance that a sinusoid explains, in ms2.

    Rates are ``first + step * k`` breaths/min, k from 0 to `count` - 1, one row for each window.
    """
    power = np.empty((1, len(batch.index), count))
    edges = np.array((batch.edges[:-1], batch.edges[1:]))
    _explain(batch, first, step, edges, power)
    return np.asarray(power[0])


def explained_without(
    batch: Ragged, first: FloatArray, step: FloatArray, count: int, cuts: IntArray
) -> FloatArray:
    """Return (b, g, count): what `explained` gives without each of b parts of a window in turn.

    NaN where fewer than `FEWEST` usable intervals are left.

    Parameters
    ----------
    batch, first, step, count
        As in `explained`.
    cuts : (b + 1, g) int
        Where in the batch the parts of each window begin, and where the last ends.
    """
    power = np.empty((len(cuts), len(batch.index), count))
    _explain(batch, first, step, cuts, power)
    return np.asarray(power[1:])


def _explain(
    batch: Ragged, first: FloatArray, step: FloatArray, cuts: IntArray, out: FloatArray
) -> None:
    beats = batch.time, batch.rr, batch.usable
    parts, count = len(cuts) - 1, out.shape[2]
    sums, room = np.empty((1 + parts, 8, count)), np.empty((4, BLOCK + count))
    held = np.empty((1 + parts, 5)), sums, sums.reshape(1 + parts, -1), room
    _set_explained(*beats, cuts, TURNING * first, TURNING * step, FEWEST, *held, out)


def _all_waves(
    time: FloatArray,
    rr: FloatArray,
    usable: FloatArray,
    level: float,
    first: float,
    step: float,
    _: FloatArray,
    trend: FloatArray,
    sums: FloatArray,
) -> None:
    """Set what `_wave_by_wave` does, with all waves in memory at once."""
    counted = usable > 0.0
    at, beyond = time[counted], rr[counted] - level
    angle = np.multiply.outer(first + step * np.arange(sums.shape[1]), at)
    cosine, sine = np.cos(angle), np.sin(angle)
    weights = np.array((np.ones(len(at)), at, beyond))
    trend[:] = len(at), at.sum(), at @ at, beyond.sum(), at @ beyond
    sums[0:5:2], sums[1:6:2] = weights @ cosine.T, weights @ sine.T
    sums[6], sums[7] = (cosine * cosine).sum(axis=1), (cosine * sine).sum(axis=1)


def _wave_by_wave(
    time: FloatArray,
    rr: FloatArray,
    usable: FloatArray,
    level: float,
    first: float,
    step: float,
    room: FloatArray,
    trend: FloatArray,
    sums: FloatArray,
) -> None:
    """Set `trend` (5,) and `sums` (8, count) to the sums over some beats.

    Those of 1, time, its square, what lies above the level, and time times that; of the first,
    second and fourth times cosine and sine; of cosine squared, and cosine times sine. The wave of
    a beat at grid point k has the angle ``(first + k * step) * time``, and no height where it is
    not usable; `room` (4, BLOCK + count) is for those of two beats.
    """
    across, up = room[0, :BLOCK], room[1, :BLOCK]
    cosine, sine, next_cosine, next_sine = room[0], room[1], room[2], room[3]
    cosine, sine = cosine[BLOCK:], sine[BLOCK:]
    next_cosine, next_sine = next_cosine[BLOCK:], next_sine[BLOCK:]
    for line in range(5):
        trend[line] = 0.0
    for line in range(8):
        for k in range(len(cosine)):
            sums[line, k] = 0.0
    for i in range(len(usable)):
        # Without their level, so that no digit of what lies above it is lost.
        at, beyond = time[i], rr[i] - level
        trend[0] += usable[i]
        trend[1] += usable[i] * at
        trend[2] += usable[i] * at * at
        trend[3] += usable[i] * beyond
        trend[4] += usable[i] * at * beyond
    # Two beats at a time: that the sums come and go takes as long as adding to them.
    for i in range(0, len(usable), 2):
        j, there = min(i + 1, len(usable) - 1), 1.0 if i + 1 < len(usable) else 0.0
        at, beyond, next_at, next_beyond = time[i], rr[i] - level, time[j], rr[j] - level
        _set_wave(usable[i], first * at, step * at, across, up, cosine, sine)
        height = usable[j] * there
        _set_wave(height, first * next_at, step * next_at, across, up, next_cosine, next_sine)
        for k in range(len(cosine)):
            c, s, d, t = cosine[k], sine[k], next_cosine[k], next_sine[k]
            sums[0, k] = sums[0, k] + c + d
            sums[1, k] = sums[1, k] + s + t
            sums[2, k] = sums[2, k] + at * c + next_at * d
            sums[3, k] = sums[3, k] + at * s + next_at * t
            sums[4, k] = sums[4, k] + beyond * c + next_beyond * d
            sums[5, k] = sums[5, k] + beyond * s + next_beyond * t
            sums[6, k] = sums[6, k] + c * c + d * d
            sums[7, k] = sums[7, k] + c * s + d * t


_set_sums = compiled(_wave_by_wave, interpreted=_all_waves)


@compiled
def _set_wave(
    height: float,
    begin: float,
    on: float,
    across: FloatArray,
    up: FloatArray,
    cosine: FloatArray,
    sine: FloatArray,
) -> None:
    """Set cosine and sine of ``begin + k * on`` times `height`; `across`, `up` those of ``k * on``.

    The short ones come from each other, twice as many each time; they are turned by the angle at
    which each block of the long ones begins.
    """
    across[0], up[0] = 1.0, 0.0
    far, high, done = np.cos(on), np.sin(on), 1
    while done < BLOCK:
        for k in range(done):
            across[done + k] = across[k] * far - up[k] * high
            up[done + k] = up[k] * far + across[k] * high
        far, high, done = far * far - high * high, 2.0 * far * high, 2 * done
    x, y = height * np.cos(begin), height * np.sin(begin)
    for at in range(0, len(cosine), BLOCK):
        cosines, sines = cosine[at : at + BLOCK], sine[at : at + BLOCK]
        for k in range(len(cosines)):
            cosines[k] = x * across[k] - y * up[k]
            sines[k] = x * up[k] + y * across[k]
        x, y = x * far - y * high, y * far + x * high


@compiled
def _set_explained(
    time: FloatArray,
    rr: FloatArray,
    usable: FloatArray,
    cuts: IntArray,
    first: FloatArray,
    step: FloatArray,
    fewest: int,
    trend: FloatArray,
    sums: FloatArray,
    flat: FloatArray,
    room: FloatArray,
    out: FloatArray,
) -> None:
    """Set `out` (1 or 1 + b, g, count) to what all explain, then all without each of b parts.

    `trend` (1 + b, 5), `sums` (1 + b, 8, count) and `room` are for the sums of one window; `flat`
    (1 + b, 8 * count) is `sums`.
    """
    parts = len(cuts) - 1
    for w in range(len(first)):
        total, count = 0.0, 0.0
        for i in range(cuts[0, w], cuts[parts, w]):
            total += rr[i]
            count += usable[i]
        for part in range(parts):
            own = slice(cuts[part, w], cuts[part + 1, w])
            beats = time[own], rr[own], usable[own], total / count
            _set_sums(*beats, first[w], step[w], room, trend[1 + part], sums[1 + part])
        take_from_all(trend)
        take_from_all(flat)
        for fit in range(len(out)):
            _set_power(trend[fit], sums[fit], fewest, out[fit, w])


@compiled
def _set_power(trend: FloatArray, sums: FloatArray, fewest: int, out: FloatArray) -> None:
    """Solve the two-by-two normal equations of cosine and sine, both freed of mean and trend."""
    number, total, squares, right, late_right = trend[0], trend[1], trend[2], trend[3], trend[4]
    level, middle = 1.0 / np.sqrt(number), total / number
    length = 1.0 / np.sqrt(squares - total * middle)
    mean, slope = level * right, length * (late_right - middle * right)
    for k in range(len(out)):
        across, up = sums[0, k], sums[1, k]
        level_c, level_s = level * across, level * up
        late_c = length * (sums[2, k] - middle * across)
        late_s = length * (sums[3, k] - middle * up)
        right_c = sums[4, k] - mean * level_c - slope * late_c
        right_s = sums[5, k] - mean * level_s - slope * late_s
        cosine = sums[6, k] - level_c**2 - late_c**2
        sine = number - sums[6, k] - level_s**2 - late_s**2
        cross = sums[7, k] - level_c * level_s - late_c * late_s
        top = sine * right_c**2 - 2.0 * cross * right_c * right_s + cosine * right_s**2
        power = top / number / max(cosine * sine - cross**2, 1e-9 * number**2)
        out[k] = power if number >= fewest else np.nan
