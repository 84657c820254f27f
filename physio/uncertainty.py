"""Low and high of a value from its spread over blocks of its window: sampling error alone.

The window is cut into blocks of equal duration (Carlstein 1986, doi 10.1214/aos/1176350057). The
spread of what the blocks give, and Student's t, make the interval. Of a measure that says little in
a block they come from what the window says without each block in turn (its jackknife).

Two things widen it. Blocks of a few seconds are alike, as breaths of one depth follow each other,
and those of heart rate however long they are: `dependence`. And beats that are missing or left out
are lost: the variance of what remains is taken as that of as many fewer beats.

It is sampling error and nothing else: what changes more slowly than the window lasts is not seen
in it, so a value of 5 min may lie outside the interval of 1 min more often than it says where the
heart does not stay as it is.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from physio.beats import BoolArray, FloatArray, IntArray
from physio.compiled import compiled, frozen
from physio.reasons import Reason, ReasonCode

FEWEST_BLOCKS = 4
LEAST_BLOCKS = 3
"""Of the blocks of a recording one may be lost to a gap; Student's t widens what three tell."""
WIDEST = 7.0
"""Logarithm of the largest factor either way that is given, about 1000."""
MEMORY = 4.0
"""Seconds over which the likeness of beats falls to 1/e: about a breath.

Ours: of 0, 2, 3, 4, 5 and 6 s the one with which bands of 10, 30 and 60 s held the value of 300 s
nearest to 95 %, over synthetic rest and four real recordings. What is told of its coverage comes
from others.
"""
WANDERING = 0.8
"""Blocks over which the likeness falls to 1/e of what drifts at every pace, as heart rate does.

Its power falls as 1/f (Kobayashi and Musha 1982, IEEE Trans Biomed Eng 29:456), which looks the
same on every scale of time: four blocks of a minute are as alike as four of 10 s. The number is
ours: of 0.5, 0.6 to 1.2 the widest with which bands of 10 s held the rate of 300 s in at most 97 %,
over synthetic rest that wanders; in the recordings that `MEMORY` was chosen on 92 % then did.
"""
SAME = 1e-9
"""Relative difference up to which two blocks are the same but for rounding."""
TOO_FEW_BLOCKS = Reason(ReasonCode.TOO_FEW_BLOCKS)
"""Fewer than 4 blocks of the window carry a value, or they differ not at all or beyond measure."""
OUTSIDE_BLOCKS = Reason(ReasonCode.OUTSIDE_BLOCKS)
"""The value of a recording lies beyond those of its blocks, so that their spread is not its own."""

NEAR = 0.05
"""By what share of their mean a value may lie beyond its blocks and still be theirs."""


def block_count(duration: FloatArray, trailing: float) -> IntArray:
    """Return into how many blocks windows of these durations (s) are cut.

    A block lasts as long as the measure's own trailing window, or a quarter of the window where
    that is shorter.
    """
    # A window's duration is a difference of clock readings, a few 1e-12 s off its nominal length.
    return np.maximum((duration / trailing + 1e-6).astype(np.int64), FEWEST_BLOCKS)


def interval(
    value: FloatArray,
    blocks: FloatArray,
    *,
    positive: bool | BoolArray,
    limits: tuple[float | FloatArray, float | FloatArray] = (-np.inf, np.inf),
    length: float | FloatArray = np.inf,
    wanders: bool | BoolArray = False,
    kept: float | FloatArray = 1.0,
    fewest: int = FEWEST_BLOCKS,
) -> tuple[FloatArray, FloatArray]:
    """Return the 95 % interval around each value.

    Parameters
    ----------
    value : (..., m) float
        The value of each window.
    blocks : (..., m, k) float
        The same measure in each of the window's blocks, NaN where a block carries none.
    positive : bool or (..., m) bool
        Whether the spread is taken of the logarithm, so that the interval is a factor either way.
        Where the value or a block is 0 it is not.
    limits : tuple of two floats or (..., m) float
        What the measure cannot go below and above.
    length : float or (..., m) float
        Of a block in s; infinite where blocks are as good as independent.
    wanders : bool or (..., m) bool
        Whether blocks are alike whatever their length.
    kept : float or (..., m) float
        Share of the window's beats, above 0 to 1, that are there and bear no label.
    fewest : int
        Blocks that must carry a value.

    Returns
    -------
    low, high : (..., m) float
        value +- t s / sqrt(k) times `dependence` and 1 / sqrt(kept), or the value times and by the
        exponential of that, with Student's t at k - 1 degrees of freedom and s the standard
        deviation (N - 1) over the k blocks that carry a value; NaN where k is below `fewest`, where
        all blocks are the same, such as shares of which none saw a case, and where the factor is
        beyond exp(`WIDEST`), which tells nothing.
    """
    edges = np.empty((2, *value.shape))
    options = np.empty((4, *value.shape))
    for row, option in zip(options, (positive, wanders, length, kept), strict=True):
        row[...] = option
    _set_edges(
        frozen(value.reshape(-1)),
        frozen(blocks.reshape(value.size, blocks.shape[-1])),
        options.reshape(4, -1),
        _student(1 << blocks.shape[-1].bit_length()),
        fewest,
        edges.reshape(2, -1),
    )
    return np.maximum(edges[0], limits[0]), np.minimum(edges[1], limits[1])


def beyond(value: FloatArray, blocks: FloatArray, *, positive: BoolArray) -> BoolArray:
    """Return (..., m) whether each value lies beyond its blocks, so that they say nothing of it.

    It lies outside all of them, and farther out than chance would put one block more: the mean of
    the blocks +- t s sqrt(1 + 1 / k), of logarithms where `positive`. Of four blocks a value that
    is made like each of them often lies outside, and it should not hang on where they were laid.
    Nor does a factor, or a logarithm, within `NEAR` of the mean tell of more than how a stretch
    beside a gap is read, however alike the blocks are.

    Parameters
    ----------
    value, blocks, positive
        As in `interval`.
    """
    known = np.isfinite(blocks)
    count = known.sum(axis=-1)
    factor = positive & (value > 0.0) & (np.where(known, blocks, 1.0) > 0.0).all(axis=-1)
    at = np.log(value, where=factor, out=value.copy())
    rows = np.log(blocks, where=factor[..., np.newaxis] & known, out=blocks.copy())
    centre = np.where(known, rows, 0.0).sum(axis=-1) / np.maximum(count, 1)
    far = np.where(known, rows - centre[..., np.newaxis], 0.0)
    deviation = np.sqrt((far**2).sum(axis=-1) / np.maximum(count - 1, 1))
    reach = _student(1 << blocks.shape[-1].bit_length())[count] * np.sqrt(count + 1.0) * deviation
    reach = np.maximum(reach, NEAR)  # of a logarithm; next to nothing beside others
    away = at - centre
    outside = (away < far.min(axis=-1, initial=0.0)) | (away > far.max(axis=-1, initial=0.0))
    return np.asarray(outside & (np.abs(away) > reach) & (count >= LEAST_BLOCKS))


@compiled
def _set_edges(
    value: FloatArray,
    blocks: FloatArray,
    options: FloatArray,
    student: FloatArray,
    fewest: int,
    out: FloatArray,
) -> None:
    """Set `out` (2, r) to the interval around each of r values with blocks (r, k)."""
    for j in range(len(value)):
        count, above = 0, 0
        for block in blocks[j]:
            count += 1 if np.isfinite(block) else 0
            above += 1 if block > 0.0 else 0
        factor = options[0, j] > 0.0 and value[j] > 0.0 and above == count
        centre, deviation = _moments(blocks[j], max(count, 2), factor)
        fall = 1.0 / WANDERING if options[1, j] > 0.0 else options[2, j] / MEMORY
        error = deviation * dependence(fall, max(count, 2)) / np.sqrt(options[3, j])
        margin = student[count] * error
        told = count >= fewest and np.isfinite(value[j])
        told = told and deviation > SAME * (1.0 if factor else abs(centre))
        low, high = np.nan, np.nan
        if told and margin <= (WIDEST if factor else np.inf):
            times = np.exp(margin)
            low = value[j] / times if factor else value[j] - margin
            high = value[j] * times if factor else value[j] + margin
        out[0, j], out[1, j] = low, high


@compiled
def _moments(blocks: FloatArray, count: int, factor: int) -> tuple[float, float]:
    """Return the mean and the standard deviation (N - 1) of the `count` blocks that are known.

    Those of their logarithms where the interval is a `factor` either way.
    """
    total, squares = 0.0, 0.0
    for block in blocks:
        value = np.log(block) if factor else block
        total += value if np.isfinite(block) else 0.0
    centre = total / count
    for block in blocks:
        value = np.log(block) if factor else block
        squares += (value - centre) ** 2 if np.isfinite(block) else 0.0
    return centre, np.sqrt(squares / (count - 1))


@compiled
def dependence(fall: float, count: int) -> float:
    """Return the factor by which the mean of blocks is less certain than their spread says.

    The beats' likeness is taken to fall off as exp(-t / 4 s), from which follow the correlation of
    the means of blocks that lie l apart, r(1) exp(-(l - 1) fall), the variance of their mean, and
    by how much their own spread falls short of it: 1.18 for four blocks of 15 s, 1.03 for four of
    75 s. Of what wanders it falls to 1/e over 0.8 blocks: 1.62 for four of any length.

    Parameters
    ----------
    fall : float
        Length of a block over the time in which likeness falls to 1/e, `MEMORY` or, of what
        wanders, `WANDERING` blocks.
    count : int
        Blocks, at least 2.
    """
    # Neither blocks without a length nor ones without an end are to divide by 0.
    apart = min(max(fall, 0.01), 1e12)
    fading = -np.expm1(-apart)
    next_to = 0.5 * fading**2 / (apart - fading)
    alike = next_to * (count + np.expm1(-apart * count) / fading) / fading
    truly, seen = 1.0 + 2.0 * alike / count, 1.0 - 2.0 * alike / (count * (count - 1.0))
    factor: float = np.sqrt(truly / seen)
    return factor


@lru_cache(maxsize=16)
def _student(most: int) -> FloatArray:
    """Return Student's t over the root of the number of blocks, of 0 to `most`, 2 at least."""
    from scipy.special import stdtrit

    blocks = np.maximum(np.arange(most + 1), 2)
    quantile: FloatArray = stdtrit(blocks - 1, 0.975) / np.sqrt(blocks)
    return quantile
