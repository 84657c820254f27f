"""The spectrum itself: the density of which LF and HF are the areas."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from physio import inputs
from physio import labels as labelling
from physio.beats import Beats, FloatArray
from physio.hrv.detrend import free_of_trend
from physio.hrv.spectrum import RATE, SHORTEST
from physio.hrv.spline import resample
from physio.hrv.welch import welch
from physio.presets import INTERBEAT, Preset
from physio.stretches import segments
from physio.windows import windows

HIGHEST = 0.5
"""Hz; above it a spline through heartbeats holds nothing of theirs."""


@dataclass(frozen=True, slots=True, eq=False)
class Spectrum:
    """The density of power over frequency.

    Attributes
    ----------
    frequency : (n,) float
        In Hz, evenly spaced from 0.
    density : (n,) float
        In ms2 per Hz.

    Examples
    --------
    >>> import numpy as np, physio
    >>> rr = 800 + 40 * np.sin(2 * np.pi * 0.1 * 0.8 * np.arange(400))
    >>> spectrum = physio.spectrum(physio.beats_from_intervals(rr))
    >>> round(float(spectrum.frequency[spectrum.density.argmax()]), 2)
    0.1
    """

    frequency: FloatArray
    density: FloatArray


def spectrum(
    beats: Beats,
    *,
    start: float | None = None,
    end: float | None = None,
    labels: ArrayLike | bool = True,
    preset: Preset | str = INTERBEAT,
) -> Spectrum:
    """Return the spectrum of an unbroken stretch by Welch's method, as LF and HF are taken from it.

    Parameters
    ----------
    beats, labels, preset
        As in `measure`.
    start, end : float, optional
        Edges of the stretch in s, those of all beats unless given.

    Raises
    ------
    TypeError, ValueError
        If one of these is none, or the stretch has a gap or is too short; the message is one
        sentence.

    Examples
    --------
    >>> import numpy as np, physio
    >>> rr = 800 + 40 * np.sin(2 * np.pi * 0.1 * 0.8 * np.arange(400))
    >>> spectrum = physio.spectrum(physio.beats_from_intervals(rr), start=0, end=300)
    >>> round(float(np.trapezoid(spectrum.density, spectrum.frequency)) / 100)
    8
    """
    known, conventions = inputs.labels(labels, inputs.beats(beats)), inputs.preset(preset)
    first = float(beats.start[0]) if start is None else start
    values = _even_values(
        beats, known, *inputs.edges(first, beats.time[-1] if end is None else end)
    )
    if conventions.regularization is not None:
        free_of_trend(values, regularization=conventions.regularization)
    length = min(values.shape[1], round(conventions.welch_window * RATE))
    frequency, density = welch(values, rate=RATE, length=length, highest=HIGHEST)
    return Spectrum(frequency, density[0])


def _even_values(
    beats: Beats, labels: labelling.LabelArray | None, start: FloatArray, end: FloatArray
) -> FloatArray:
    """Return (1, n) the intervals at `RATE` values a second."""
    held = windows(beats, labelling.usable(labels, beats.segment), start, end)
    stretches = segments(held)
    if len(stretches) > 1:
        raise ValueError("There is a gap in this stretch; give start and end between two gaps.")
    drawn = resample(held, stretches, rate=RATE)
    if len(drawn.values) < SHORTEST * RATE:
        raise ValueError(f"A spectrum needs {SHORTEST:g} s of usable beats; give a longer stretch.")
    return drawn.values[np.newaxis].copy()
