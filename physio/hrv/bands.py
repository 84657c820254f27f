"""Power in a band, from densities at even steps of frequency.

The density is taken as linear between its frequencies and integrated from edge to edge of the band.
"""

from __future__ import annotations

import numpy as np

from physio.beats import FloatArray
from physio.compiled import compiled, frozen


def within(density: FloatArray, step: FloatArray, first: int, bands: FloatArray) -> FloatArray:
    """Return (g, b) the power of (g, f) densities in b bands, from edge to edge.

    Parameters
    ----------
    density : (g, f) float
        Densities at the frequencies step * (first + k).
    step : (g,) float
        In Hz.
    first : int
        Place of the first frequency.
    bands : (b, 2) or (b, 2, g) float
        Edges in Hz, above the first frequency, the same or each its own.
    """
    power = np.empty((len(density), len(bands)))
    edges = np.empty((len(bands), 2, len(density)))
    edges[:] = bands.reshape(len(bands), 2, -1) / step - first
    _set_within(frozen(density), edges, power)
    power *= step[:, np.newaxis]
    return power


@compiled
def _set_within(density: FloatArray, edges: FloatArray, out: FloatArray) -> None:
    """Set `out` (g, b) to the areas between edges that are told in steps from the first density."""
    for row in range(len(density)):
        for band in range(len(edges)):
            low, high = edges[band, 0, row], edges[band, 1, row]
            area = 0.0
            for k in range(density.shape[1]):
                area += density[row, k] * (_below(high - k) - _below(low - k))
            out[row, band] = area


@compiled
def _below(edge: float) -> float:
    """Return the area of a hat of height 1 and half-width 1 around 0 that lies below `edge`."""
    far = min(max(edge, -1.0), 1.0)
    return 0.5 * (1.0 + far) ** 2 if far < 0.0 else 1.0 - 0.5 * (1.0 - far) ** 2
