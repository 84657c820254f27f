"""Everything that measuring needs, loaded and compiled before the first beat arrives.

Numba compiles when a measure is first computed, once on a machine, and loads what it compiled in
each process; later either would hold up a packet.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np

from physio import panel
from physio.beats import Beats
from physio.labels import labels

PATIENCE = 1.5
"""Seconds after which somebody who waits is told why."""

WHY = "Getting ready to measure; this takes longest the first time."


def get_ready(tell: Callable[[str], None]) -> None:
    """Measure a made-up stretch once; `tell` why in one sentence where that takes a while."""
    waiting = threading.Timer(PATIENCE, tell, (WHY,))
    waiting.start()
    try:
        beats = _some_beats()
        label = labels(beats.rr, beats.segment)
        end = float(beats.time[-1])
        panel.trailing(beats, label, end=end)
        panel.whole(beats, label, (), start=0.0, end=end)
    finally:
        waiting.cancel()


def _some_beats() -> Beats:
    """Return six minutes of beats that breathe."""
    place = np.arange(420)
    rr = 860.0 + 40.0 * np.sin(place / 0.9) + 25.0 * np.sin(place / 2.0)
    return Beats(np.cumsum(rr) / 1000.0, rr, np.zeros(len(rr), np.int64))
