"""How much of the intervals' variance a sinusoid explains, at each rate of a grid.

Each is fitted by least squares together with a mean and a linear trend, to the usable intervals of
a window where they lie (`physio.sinusoid`). The fits need sums over beats alone, so those of a
window without one of its parts are had by taking the part's sums off.
"""

from __future__ import annotations

import numpy as np

from physio.beats import FloatArray, IntArray
from physio.compiled import compiled
from physio.sinusoid import TURNING, take_from_all
from physio.stacks import FEWEST, Stack

BLOCK = 16
"""Grid points whose waves are turned on together, a power of 2."""


def explained(stack: Stack, first: FloatArray, step: FloatArray, count: int) -> FloatArray:
    """Return (g, count): the variance that a sinusoid explains, in ms2.

    Rates are ``first + step * k`` breaths/min, k from 0 to `count` - 1, one row for each window.
    """
    power = np.empty((1, len(stack.index), count))
    edges = np.array((stack.edges[:-1], stack.edges[1:]))
    _explain(stack, first, step, edges, power)
    return np.asarray(power[0])


def explained_without(
    stack: Stack, first: FloatArray, step: FloatArray, count: int, cuts: IntArray
) -> FloatArray:
    """Return (b, g, count): what `explained` gives without each of b parts of a window in turn.

    NaN where fewer than `FEWEST` usable intervals are left.

    Parameters
    ----------
    stack, first, step, count
        As in `explained`.
    cuts : (b + 1, g) int
        Where in the stack the parts of each window begin, and where the last ends.
    """
    power = np.empty((len(cuts), len(stack.index), count))
    _explain(stack, first, step, cuts, power)
    return np.asarray(power[1:])


def _explain(
    stack: Stack, first: FloatArray, step: FloatArray, cuts: IntArray, out: FloatArray
) -> None:
    level = stack.total(stack.rr) / stack.total(stack.usable)
    # Without their level, so that no digit of what lies above it is lost.
    beats = stack.time, stack.rr - stack.each(level), stack.usable
    sums, count = len(cuts), out.shape[2]
    room = np.empty((sums, 5)), np.empty((sums, 8 * count)), np.empty((2, BLOCK + count))
    _set_explained(*beats, cuts, TURNING * first, TURNING * step, FEWEST, *room, out)


def _all_waves(
    time: FloatArray,
    rest: FloatArray,
    usable: FloatArray,
    first: float,
    step: float,
    _: FloatArray,
    trend: FloatArray,
    sums: FloatArray,
) -> None:
    """Set what `_wave_by_wave` does, with all waves in memory at once."""
    counted = usable > 0.0
    at, beyond = time[counted], rest[counted]
    angle = np.multiply.outer(first + step * np.arange(len(sums) // 8), at)
    cosine, sine = np.cos(angle), np.sin(angle)
    weights = np.array((np.ones(len(at)), at, beyond))
    trend[:] = len(at), at.sum(), at @ at, beyond.sum(), at @ beyond
    lines = sums.reshape(8, -1)
    lines[0:5:2], lines[1:6:2] = weights @ cosine.T, weights @ sine.T
    lines[6], lines[7] = (cosine * cosine).sum(axis=1), (cosine * sine).sum(axis=1)


def _wave_by_wave(
    time: FloatArray,
    rest: FloatArray,
    usable: FloatArray,
    first: float,
    step: float,
    room: FloatArray,
    trend: FloatArray,
    sums: FloatArray,
) -> None:
    """Set `trend` (5,) and `sums` (8 * count,) to the sums over some beats.

    Those of 1, time, its square, the rest and time times the rest; and those of 1, time and rest
    times cosine and sine, of cosine squared, and of cosine times sine. The wave of a beat at grid
    point k has the angle ``(first + k * step) * time``; `room` (2, BLOCK + count) is for that of
    one beat.
    """
    across, up = room[0, :BLOCK], room[1, :BLOCK]
    cosine, sine = room[0, BLOCK:], room[1, BLOCK:]
    n = len(cosine)
    for line in range(5):
        trend[line] = 0.0
    for k in range(8 * n):
        sums[k] = 0.0
    for i in range(len(usable)):
        if usable[i] == 0.0:
            continue
        at, beyond = time[i], rest[i]
        trend[0] += 1.0
        trend[1] += at
        trend[2] += at * at
        trend[3] += beyond
        trend[4] += at * beyond
        _set_wave(first * at, step * at, across, up, cosine, sine)
        for k in range(n):
            sums[k] += cosine[k]
            sums[n + k] += sine[k]
            sums[2 * n + k] += at * cosine[k]
            sums[3 * n + k] += at * sine[k]
            sums[4 * n + k] += beyond * cosine[k]
            sums[5 * n + k] += beyond * sine[k]
            sums[6 * n + k] += cosine[k] * cosine[k]
            sums[7 * n + k] += cosine[k] * sine[k]


_set_sums = compiled(_wave_by_wave, interpreted=_all_waves)


@compiled
def _set_wave(
    begin: float,
    on: float,
    across: FloatArray,
    up: FloatArray,
    cosine: FloatArray,
    sine: FloatArray,
) -> None:
    """Set cosine and sine of ``begin + k * on``, and `across` and `up` to those of ``k * on``.

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
    x, y = np.cos(begin), np.sin(begin)
    for at in range(0, len(cosine), BLOCK):
        for k in range(min(BLOCK, len(cosine) - at)):
            cosine[at + k] = x * across[k] - y * up[k]
            sine[at + k] = x * up[k] + y * across[k]
        x, y = x * far - y * high, y * far + x * high


@compiled
def _set_explained(
    time: FloatArray,
    rest: FloatArray,
    usable: FloatArray,
    cuts: IntArray,
    first: FloatArray,
    step: FloatArray,
    fewest: int,
    trend: FloatArray,
    sums: FloatArray,
    room: FloatArray,
    out: FloatArray,
) -> None:
    """Set `out` (1 or 1 + b, g, count) to what all explain, then all without each of b parts.

    `trend` (1 + b, 5), `sums` (1 + b, 8 * count) and `room` are for the sums of one window.
    """
    parts = len(cuts) - 1
    for w in range(len(first)):
        for part in range(parts):
            own = slice(cuts[part, w], cuts[part + 1, w])
            beats = time[own], rest[own], usable[own]
            _set_sums(*beats, first[w], step[w], room, trend[1 + part], sums[1 + part])
        take_from_all(trend)
        take_from_all(sums)
        for fit in range(len(out)):
            _set_power(trend[fit], sums[fit], fewest, out[fit, w])


@compiled
def _set_power(trend: FloatArray, sums: FloatArray, fewest: int, out: FloatArray) -> None:
    """Solve the two-by-two normal equations of cosine and sine, both freed of mean and trend."""
    number, total, squares, right, late_right = trend[0], trend[1], trend[2], trend[3], trend[4]
    level, middle = 1.0 / np.sqrt(number), total / number
    length = 1.0 / np.sqrt(squares - total * middle)
    mean, slope = level * right, length * (late_right - middle * right)
    n = len(out)
    for k in range(n):
        across, up = sums[k], sums[n + k]
        level_c, level_s = level * across, level * up
        late_c = length * (sums[2 * n + k] - middle * across)
        late_s = length * (sums[3 * n + k] - middle * up)
        right_c = sums[4 * n + k] - mean * level_c - slope * late_c
        right_s = sums[5 * n + k] - mean * level_s - slope * late_s
        cosine = sums[6 * n + k] - level_c**2 - late_c**2
        sine = number - sums[6 * n + k] - level_s**2 - late_s**2
        cross = sums[7 * n + k] - level_c * level_s - late_c * late_s
        top = sine * right_c**2 - 2.0 * cross * right_c * right_s + cosine * right_s**2
        power = top / number / max(cosine * sine - cross**2, 1e-9 * number**2)
        out[k] = power if number >= fewest else np.nan
