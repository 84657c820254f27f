"""Fourier sums over windows of what breathing is read from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from physio.beats import BoolArray, FloatArray, IntArray
from physio.breathing.clear import FASTEST, FEWEST_CYCLES, SLOWEST
from physio.medians import median_of_known
from physio.respiration import Source

ComplexArray = NDArray[np.complex128]

FEWEST = 8
"""Usable samples of a source below which a window has none of it."""

OUTLYING = 2.0
"""Spreads (1.4826 times the median deviation) from the median to which values are drawn in. An even
breath stays within one; a sigh or a noisy beat is kept from speaking for the whole window."""

GRID = (1.5, 48.0)
"""Breaths/min; wider than what is searched, since a breath is not a sinusoid."""

FINENESS = 4
"""Grid points in one step of a window's resolution."""

SMOOTHING = 0.15
"""Of the natural logarithm of the rate: width of the kernel that the shares are smoothed with."""

NEAR = 0.2
"""Of the same: what lies as close to the first rate as that counts as the breathing."""

BAND = 0.25
"""Of the same: width of the Gaussian in which the common wave is sought."""

NEAR_STEPS = 14
"""Rates in a row whose turns are made of one far and many near ones."""

READ = 4.0
"""Values a second at which the common wave is read."""

TINY = 1e-300
"""Keeps divisions by nothing finite."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """One source in m windows.

    Attributes
    ----------
    sums : (m, c, k) complex
        Fourier sums at the rates of the plan; 0 where the window has nothing of the source.
    searched : (m, k) bool
        Rates that the source can carry there.
    begin, end : (m,) float
        Seconds since the window's start of the first and last sample; infinite where none.
    highest : (m,) float
        Breaths/min: half the rate of the samples, and 30 at most; 0 where there are none.
    """

    sums: ComplexArray
    searched: BoolArray
    begin: FloatArray
    end: FloatArray
    highest: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What windows of one length have in common, at k rates and p moments.

    Attributes
    ----------
    length : float
        Seconds.
    rate : (k,) float
        Breaths/min.
    kernel, near, band : (k, k) float
        For each rate the weights of all: smoothing; 1 or 0 as they lie near; a Gaussian.
    freedom : (k,) float
        Independent Fourier sums in the band around each rate.
    wave : (k, p) complex
        A turn at each rate, read `READ` times a second from the window's start on.
    moment : (p,) float
        Seconds since then.
    """

    length: float
    rate: FloatArray
    kernel: FloatArray
    near: FloatArray
    band: FloatArray
    freedom: FloatArray
    wave: ComplexArray
    moment: FloatArray


@lru_cache(maxsize=8)
def plan_for(length: float) -> Plan:
    """Return the plan for windows of `length` seconds."""
    step = 60.0 / (FINENESS * length)
    rate = np.arange(np.ceil(GRID[0] / step), np.floor(GRID[1] / step) + 1.0) * step
    apart = np.abs(np.log(rate[:, np.newaxis] / rate))
    kernel = np.exp(-0.5 * (apart / SMOOTHING) ** 2)
    band = np.exp(-0.5 * (apart / BAND) ** 2)
    power = band * band
    moment = np.arange(0.0, length + 0.5 / READ, 1.0 / READ)
    return Plan(
        length,
        rate,
        kernel=kernel / kernel.sum(axis=0),
        near=(apart <= NEAR).astype(np.float64),
        band=band,
        freedom=power.sum(axis=1) ** 2 / (power**2).sum(axis=1) / FINENESS,
        wave=np.exp((2j * np.pi / 60.0) * rate[:, np.newaxis] * moment),
        moment=moment,
    )


def look(plan: Plan, start: FloatArray, end: FloatArray, source: Source) -> Seen:
    """Return what windows (m,), with edges in seconds on the session clock, hold of `source`."""
    m, c, k = len(start), len(source.names), len(plan.rate)
    nothing = np.zeros((m, c, k), np.complex128), np.zeros((m, k), bool)
    seen = Seen(*nothing, np.full(m, np.inf), np.full(m, -np.inf), np.zeros(m))
    first = np.searchsorted(source.time, start, side="right")
    count = np.searchsorted(source.time, end, side="right") - first
    for n, rows in _unbroken(source.segment, first, count):
        place = first[rows, np.newaxis] + np.arange(n)
        time, values = source.time[place] - start[rows, np.newaxis], source.values[place]
        usable = np.isfinite(values).all(axis=2).astype(np.float64)
        kept = usable.sum(axis=1) >= FEWEST
        if kept.any():
            _take_in(seen, plan, rows[kept], time[kept], values[kept], usable[kept])
    return seen


def _unbroken(
    segment: IntArray, first: IntArray, count: IntArray
) -> Iterator[tuple[int, IntArray]]:
    """Yield the windows with equally many samples of one segment: no padding, see `stacks`."""
    sound = np.flatnonzero(count >= FEWEST)
    sound = sound[segment[first[sound]] == segment[first[sound] + count[sound] - 1]]
    for n in np.unique(count[sound]).tolist():
        yield n, sound[count[sound] == n]


def _take_in(
    seen: Seen,
    plan: Plan,
    rows: IntArray,
    time: FloatArray,
    values: FloatArray,
    usable: FloatArray,
) -> None:
    """Write into `seen` the windows `rows` (g,), from samples (g, n) and (g, n, c)."""
    rest = _freed(_drawn_in(values, usable), time, usable)
    weighed = rest * np.gradient(time, axis=1)[..., np.newaxis]
    seen.begin[rows], seen.end[rows] = time[:, 0], time[:, -1]
    lasted = (time[:, -1] - time[:, 0])[:, np.newaxis]
    half = 30.0 * (time.shape[1] - 1) / lasted
    seen.highest[rows] = np.minimum(half[:, 0], FASTEST)
    carried = plan.rate <= half
    seen.sums[rows] = _fourier(plan, time, weighed) * carried[:, np.newaxis]
    lowest = np.maximum(SLOWEST, 60.0 * FEWEST_CYCLES / lasted)
    seen.searched[rows] = carried & (plan.rate >= lowest) & (plan.rate <= FASTEST)


def _fourier(plan: Plan, time: FloatArray, weighed: FloatArray) -> ComplexArray:
    """Return (g, c, k) the Fourier sums of `weighed` (g, n, c) at `time` (g, n) and all rates.

    The turn at a rate is one of few far turns times one of few near ones, and these are powers:
    exponentials are dear.
    """
    g, _, c = weighed.shape
    turning = (-2j * np.pi / 60.0) * time
    step = turning * (plan.rate[1] - plan.rate[0])
    near = _powers(np.ones_like(step), np.exp(step), NEAR_STEPS)
    further = np.exp(step * NEAR_STEPS)
    far = _powers(np.exp(turning * plan.rate[0]), further, -(-len(plan.rate) // NEAR_STEPS))
    turned = weighed[..., np.newaxis] * far[:, :, np.newaxis]
    sums = turned.reshape(g, time.shape[1], c * far.shape[2]).transpose(0, 2, 1) @ near
    return np.asarray(sums.reshape(g, c, -1)[..., : len(plan.rate)])


def _powers(first: ComplexArray, factor: ComplexArray, count: int) -> ComplexArray:
    """Return (g, n, count): `first` (g, n) times `factor` (g, n) to the powers from 0 on."""
    powers = np.empty((count, *first.shape), np.complex128)
    powers[0] = first
    for k in range(1, count):
        np.multiply(powers[k - 1], factor, out=powers[k])
    return np.moveaxis(powers, 0, -1)


def _drawn_in(values: FloatArray, usable: FloatArray) -> FloatArray:
    """Return `values` (g, n, c) less their median, outliers drawn in, 0 where not usable."""
    known = np.where(usable[..., np.newaxis] > 0.0, values, np.nan)
    away = known - _medians(known)
    limit = OUTLYING * 1.4826 * _medians(np.abs(away))
    return np.asarray(np.nan_to_num(np.clip(away, -limit, limit)))


def _medians(values: FloatArray) -> FloatArray:
    """Return (g, 1, c) the medians of what is known of `values` (g, n, c)."""
    g, n, c = values.shape
    rows = values.transpose(0, 2, 1).reshape(g * c, n)
    return median_of_known(rows).reshape(g, 1, c)


def _freed(values: FloatArray, time: FloatArray, usable: FloatArray) -> FloatArray:
    """Return `values` (g, n, c) less mean and linear trend, with a spread of 1 where they have."""
    level = usable / np.sqrt(usable.sum(axis=1, keepdims=True))
    late = time * usable
    late = late - level * np.sum(level * late, axis=1, keepdims=True)
    late /= np.sqrt(np.sum(late * late, axis=1, keepdims=True))
    rest = values
    for basis in (level, late):
        rest = rest - basis[..., np.newaxis] * np.einsum("gn,gnc->gc", basis, rest)[:, np.newaxis]
    size = np.sqrt(np.sum(rest * rest, axis=1, keepdims=True))
    return np.asarray(rest / np.maximum(size, TINY))
