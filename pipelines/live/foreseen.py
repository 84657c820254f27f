"""What a practice shows of the seconds that a strap has not told of yet."""

from __future__ import annotations

import numpy as np

from physio import labels
from physio.breathing.pacer import SLOWEST, Pacer
from physio.breathing.prediction import LOOKED_AT, predicted
from pipelines.live.wearer import Wearer
from pipelines.session import WaveState, WaveView

STEP = 0.2
"""Seconds between the points of the wave."""

BEYOND_NOW = 1.0
"""Seconds for which it is told ahead, until the next snapshot comes."""


def wave_view(wearer: Wearer, pacer: Pacer, now: float, delay: float | None) -> WaveView:
    """Return the wave of a wearer's heart at `now` (s), while the guide breathes.

    Parameters
    ----------
    wearer : Wearer
        Whose heart it is.
    pacer : Pacer
        The guide.
    now : float
        Seconds on the session clock.
    delay : float or None
        How late beats lie on that clock, in s, where that is known.
    """
    if delay is None:
        return WaveView(WaveState.UNKNOWN_DELAY, None)
    beats, label = wearer.beats.recent(now, 60.0 * LOOKED_AT / SLOWEST)
    if not len(beats):
        return WaveView(WaveState.NOT_YET, delay)
    usable = labels.usable(label, beats.segment)
    found = predicted(beats, usable, pacer, now=now, delay=delay)
    if found is None or np.isnan(found.error):
        return WaveView(WaveState.NOT_YET, delay)
    if not found.shown:
        return WaveView(WaveState.OFF, delay)
    times = np.arange(found.known, now + BEYOND_NOW, STEP)
    rates = tuple(found.rate(times).round(2).tolist())
    # On the axis of the trace, whose beats lie late.
    return WaveView(
        WaveState.PREDICTED, delay, found.known + delay, STEP, rates, round(found.error, 1)
    )
