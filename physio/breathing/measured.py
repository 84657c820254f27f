"""Breathing rate where more than the intervals tells of it: all signals fused.

Which signals there are is a property of the windows (`Windows.respiration`). A signal of breathing
itself tells the rate where it is clear by itself: no slow wave in the intervals, however large, is
set against it. Elsewhere the rate is that of `physio.breathing.fusion` over the intervals and
whatever else there is; where that is not clear, or there is nothing else, the intervals alone are
asked (`physio.breathing.minutes`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np

from physio.beats import FloatArray, IntArray
from physio.breathing.fusion import PARTS, Breathing, breathing_alone, fused_breathing
from physio.respiration import Origin, Source
from physio.windows import Windows

ORIGINS: Final = tuple(Origin)
"""Where a rate comes from; arrays hold one more than its place, and 0 where there is no rate."""

COUNTS: Final = 0.5
"""Of the share in the common wave of the signal that leads it: what one of a source must have for
the rate to be said to come from it."""


@lru_cache(maxsize=4)
def measured_rates(windows: Windows) -> tuple[FloatArray, FloatArray, IntArray] | None:
    """Return of m windows rate, rates of quarters and origin; None where nothing was measured.

    (m,) and (m, 4) breaths/min, NaN where none is clear; (m,) places in `ORIGINS` plus 1, 0 where
    there is no rate.
    """
    # The rate, its errors and where it comes from ask for it.
    beside = windows.respiration
    if beside is None or not beside.sources:
        return None
    m = len(windows)
    found = np.full(m, np.nan), np.full((m, PARTS), np.nan), np.zeros(m, np.int64)
    held = np.flatnonzero(windows.last > windows.first)
    if beside.signal is not None:
        alone = breathing_alone(windows.start[held], windows.end[held], beside.signal)
        _set(found, held, alone, np.full(len(held), 1 + ORIGINS.index(Origin.RESPIRATION)))
        held = held[np.isnan(alone.rate)]
    sources = ((Origin.INTERVALS, _intervals(windows)), *beside.sources)
    every = [source for _, source in sources]
    fused = fused_breathing(windows.start[held], windows.end[held], every)
    _set(found, held, fused, _origins(fused.lead, sources))
    return found


def _set(
    found: tuple[FloatArray, FloatArray, IntArray],
    held: IntArray,
    breathing: Breathing,
    origin: IntArray,
) -> None:
    """Set in `found` what is clear of the windows `held`."""
    clear = np.isfinite(breathing.rate)
    for whole, own in zip(found, (breathing.rate, breathing.parts, origin), strict=True):
        whole[held[clear]] = own[clear]


def _intervals(windows: Windows) -> Source:
    beats = windows.beats
    rr = np.where(windows.usable, beats.rr, np.nan)
    return Source(("interval",), beats.time, rr[:, np.newaxis], beats.segment)


def _origins(lead: FloatArray, sources: Sequence[tuple[Origin, Source]]) -> IntArray:
    """Return (m,) the most direct source that counts, given the lead (m, c) of each signal."""
    found, first = np.ones(len(lead), np.int64), 0
    for origin, source in sources:
        last = first + len(source.names)
        counts = lead[:, first:last].max(axis=1) >= COUNTS * lead.max(axis=1)
        found[counts] = ORIGINS.index(origin) + 1
        first = last
    return found
