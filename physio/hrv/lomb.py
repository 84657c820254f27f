"""Power spectrum of the intervals where they lie: no spline, nothing filled in.

Lomb NR (1976), Astrophys Space Sci 39:447, doi 10.1007/BF00648343; Scargle JD (1982), Astrophys J
263:835, doi 10.1086/160554. At each frequency a sinusoid is fitted by least squares; mean and
linear trend are fitted with it, where Lomb takes off the mean beforehand. The variance explained,
times the duration, is a density on the scale of Welch's: a sinusoid of amplitude A holds A**2 / 2.
There is no taper, so that a strong slow wave leaks further than in a Welch spectrum.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from physio.beats import FloatArray, IntArray
from physio.periodogram import explained, explained_without
from physio.ragged import Ragged, ragged
from physio.windows import Windows

FINENESS = 4
"""Grid points in one step of a window's resolution."""


@dataclass(frozen=True, slots=True, eq=False)
class Density:
    """Densities of some windows.

    Attributes
    ----------
    index : (g,) int
        Which windows these are.
    step : (g,) float
        Distance of the frequencies in Hz; the first is one step.
    values : (g, f) float
        In ms2 per Hz.
    """

    index: IntArray
    step: FloatArray
    values: FloatArray


def densities(windows: Windows, *, highest: float) -> Iterator[Density]:
    """Yield the densities of all windows without a gap, up to `highest` Hz and a little beyond."""
    for batch in ragged(windows):
        step, count = _grid(batch, highest)
        power = explained(batch, 60.0 * step, 60.0 * step, count)
        yield Density(batch.index, step, power * batch.span[:, np.newaxis])


def densities_without(windows: Windows, blocks: int, *, highest: float) -> Iterator[Density]:
    """Yield the densities of m * blocks windows, row j * blocks + b window j without its block b.

    Blocks are equally long. NaN where too few usable intervals are left.
    """
    for batch in ragged(windows):
        step, count = _grid(batch, highest)
        cuts = _cuts(windows, batch, blocks)
        power = explained_without(batch, 60.0 * step, 60.0 * step, count, cuts)
        power *= batch.span[:, np.newaxis]
        index = batch.index[:, np.newaxis] * blocks + np.arange(blocks)
        values = power.swapaxes(0, 1).reshape(-1, count)
        yield Density(index.ravel(), step.repeat(blocks), values)


def _grid(batch: Ragged, highest: float) -> tuple[FloatArray, int]:
    """Return the distance of the frequencies in Hz, and how many they are."""
    fineness = FINENESS * batch.span
    return 1.0 / fineness, int(np.ceil(highest * fineness.max())) + 1


def _cuts(windows: Windows, batch: Ragged, blocks: int) -> IntArray:
    """Return (blocks + 1, g) where in the batch the blocks of each window begin, and it ends."""
    begin, end = batch.edges[:-1], batch.edges[1:]
    first = windows.blocks(blocks).first.reshape(-1, blocks)[batch.index]
    cuts = np.empty((blocks + 1, len(begin)), np.int64)
    cuts[:-1] = (first - first[:, :1]).T + begin
    cuts[-1] = end
    return cuts
