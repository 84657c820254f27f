"""How much of the intervals' variance a sinusoid explains, at each rate of a grid.

Each is fitted by least squares together with a mean and a linear trend, to the usable intervals of
a window where they lie (`physio.sinusoid`). The fits need sums over beats alone, so those of a
window without one of its parts are had by taking the part's sums off.
"""

from __future__ import annotations

import numpy as np

from physio.beats import FloatArray, IntArray
from physio.compiled import compiled
from physio.sinusoid import TURNING
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
    waves = TURNING * first, TURNING * step
    _set_explained(stack.time, stack.rr, stack.usable, cuts, *waves, FEWEST, out)


@compiled
def _set_explained(
    time: FloatArray,
    rr: FloatArray,
    usable: FloatArray,
    cuts: IntArray,
    first: FloatArray,
    step: FloatArray,
    fewest: int,
    out: FloatArray,
) -> None:
    """Set `out` (1 or 1 + b, g, count) to what all explain, then all without each of b parts."""
    fits, windows, count = out.shape
    parts = len(cuts) - 1
    sums, held = np.empty((1 + parts, 8, count)), np.empty((1 + parts, 5))
    for w in range(windows):
        whole = slice(cuts[0, w], cuts[parts, w])
        level = rr[whole].sum() / usable[whole].sum()
        sums[:], held[:] = 0.0, 0.0
        for part in range(parts):
            own = slice(cuts[part, w], cuts[part + 1, w])
            # Without their level, so that no digit of what lies above it is lost.
            rest = rr[own] - level
            _add_trend(usable[own], time[own], rest, held[1 + part])
            begin, on = first[w] * time[own], step[w] * time[own]
            _add_waves(usable[own], time[own], rest, begin, on, sums[1 + part])
            sums[0] += sums[1 + part]
            held[0] += held[1 + part]
        _set_power(sums[0], held[0], fewest, out[0, w])
        for fit in range(1, fits):
            _set_power(sums[0] - sums[fit], held[0] - held[fit], fewest, out[fit, w])


@compiled
def _add_trend(usable: FloatArray, time: FloatArray, rest: FloatArray, out: FloatArray) -> None:
    """Add to `out` (5,) the sums of 1, time, its square, the rest and time times the rest."""
    for i in range(len(usable)):
        out[0] += usable[i]
        out[1] += usable[i] * time[i]
        out[2] += usable[i] * time[i] * time[i]
        out[3] += usable[i] * rest[i]
        out[4] += usable[i] * time[i] * rest[i]


@compiled
def _add_waves(
    usable: FloatArray,
    time: FloatArray,
    rest: FloatArray,
    begin: FloatArray,
    on: FloatArray,
    out: FloatArray,
) -> None:
    """Add to `out` (8, k) the sums of 1, time and rest times the waves, and of their products.

    The wave of beat i at grid point k has the angle ``begin[i] + k * on[i]``.
    """
    count = out.shape[1]
    cosine, sine = np.empty(count), np.empty(count)
    across, up = np.empty(BLOCK), np.empty(BLOCK)
    for i in range(len(usable)):
        if usable[i] == 0.0:
            continue
        _set_wave(begin[i], on[i], across, up, cosine, sine)
        at, beyond = time[i], rest[i]
        for k in range(count):
            out[0, k] += cosine[k]
            out[1, k] += sine[k]
            out[2, k] += at * cosine[k]
            out[3, k] += at * sine[k]
            out[4, k] += beyond * cosine[k]
            out[5, k] += beyond * sine[k]
            out[6, k] += cosine[k] * cosine[k]
            out[7, k] += cosine[k] * sine[k]


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
        cosines, sines = cosine[at : at + BLOCK], sine[at : at + BLOCK]
        for k in range(len(cosines)):
            cosines[k] = x * across[k] - y * up[k]
            sines[k] = x * up[k] + y * across[k]
        x, y = x * far - y * high, y * far + x * high


@compiled
def _set_power(sums: FloatArray, held: FloatArray, fewest: int, out: FloatArray) -> None:
    """Solve the two-by-two normal equations of cosine and sine, both freed of mean and trend."""
    number, total, squares, right, late_right = held
    if number < fewest:
        out[:] = np.nan
        return
    level, middle = 1.0 / np.sqrt(number), total / number
    length = 1.0 / np.sqrt(squares - total * middle)
    mean, slope = level * right, length * (late_right - middle * right)
    level_c, level_s = level * sums[0], level * sums[1]
    late_c, late_s = length * (sums[2] - middle * sums[0]), length * (sums[3] - middle * sums[1])
    right_c = sums[4] - mean * level_c - slope * late_c
    right_s = sums[5] - mean * level_s - slope * late_s
    cosine = sums[6] - level_c**2 - late_c**2
    sine = number - sums[6] - level_s**2 - late_s**2
    cross = sums[7] - level_c * level_s - late_c * late_s
    top = sine * right_c**2 - 2.0 * cross * right_c * right_s + cosine * right_s**2
    out[:] = top / number / np.maximum(cosine * sine - cross**2, 1e-9 * number**2)
