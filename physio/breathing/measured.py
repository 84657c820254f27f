"""Breathing rate where more than the intervals tells of it: all signals fused.

Which signals there are is a property of the windows (`Windows.respiration`). A signal of breathing
itself tells the rate where it is clear by itself: no slow wave in the intervals, however large, is
set against it. Elsewhere the rate is that of `physio.breathing.fusion` over the intervals and
whatever else there is; where that is not clear, or there is nothing else, the intervals alone are
asked (`physio.breathing.minutes`).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np

from physio.beats import FloatArray, IntArray
from physio.breathing.fusion import PARTS, breathing_alone, fused_breathing
from physio.respiration import Origin, Source
from physio.windows import Windows

ORIGINS: Final = tuple(Origin)
"""Where a rate comes from; arrays hold one more than its place, and 0 where there is no rate."""

COUNTS: Final = 0.1
"""Of the weight of all signals: what a source must have at least for the rate to be said to come
from it."""


@lru_cache(maxsize=4)
def measured_rates(windows: Windows) -> tuple[FloatArray, FloatArray, IntArray] | None:
    """Return of m windows rate, rates of quarters and origin; None where nothing was measured.

    (m,) and (m, 4) breaths/min, NaN where none is clear from all signals together; (m,) places in
    `ORIGINS` plus 1, 0 where there is no rate.
    """
    # The rate, its errors and where it comes from ask for it.
    there = windows.respiration.sources if windows.respiration is not None else ()
    if not there:
        return None
    m = len(windows)
    rate, parts, origin = np.full(m, np.nan), np.full((m, PARTS), np.nan), np.zeros(m, np.int64)
    held = np.flatnonzero(windows.last > windows.first)
    sources = [_intervals(windows), *(source for _, source in there)]
    found = fused_breathing(windows.start[held], windows.end[held], sources)
    rate[held], parts[held] = found.rate, found.parts
    origin[held] = _origin(found.weight, [Origin.INTERVALS, *(one for one, _ in there)], sources)
    _set_direct(windows, held, rate, parts, origin)
    return rate, parts, np.where(np.isfinite(rate), origin, 0)


def _set_direct(
    windows: Windows, held: IntArray, rate: FloatArray, parts: FloatArray, origin: IntArray
) -> None:
    """Set what a signal of breathing itself says clearly of the windows `held`."""
    signal = windows.respiration.signal if windows.respiration is not None else None
    if signal is None:
        return
    found = breathing_alone(windows.start[held], windows.end[held], signal)
    clear = np.isfinite(found.rate)
    rate[held[clear]], parts[held[clear]] = found.rate[clear], found.parts[clear]
    origin[held[clear]] = ORIGINS.index(Origin.RESPIRATION) + 1


def _intervals(windows: Windows) -> Source:
    beats = windows.beats
    rr = np.where(windows.usable, beats.rr, np.nan)
    return Source(("interval",), beats.time, rr[:, np.newaxis], beats.segment)


def _origin(weight: FloatArray, origins: list[Origin], sources: list[Source]) -> IntArray:
    """Return (m,) the most direct source that counts, given the weight (m, c) of each signal."""
    found, first = np.ones(len(weight), np.int64), 0
    for origin, source in zip(origins, sources, strict=True):
        last = first + len(source.names)
        counts = weight[:, first:last].sum(axis=1) >= COUNTS
        found[counts] = ORIGINS.index(origin) + 1
        first = last
    return found
