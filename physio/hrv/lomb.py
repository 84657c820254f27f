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
from physio.sinusoid import explained
from physio.stacks import stacks
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
    for stack in stacks(windows):
        step = 1.0 / (FINENESS * stack.span)
        count = int(np.ceil(highest * FINENESS * stack.span.max())) + 1
        power = explained(stack, 60.0 * step, 60.0 * step, count)
        scale = stack.span / stack.total(stack.usable)
        yield Density(stack.index, step, power * scale[:, np.newaxis])
