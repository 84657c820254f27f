"""What a practice shows of the seconds that a strap has not told of yet."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from physio import labels
from physio.breathing.pacer import SLOWEST, Pacer, offers, steady
from physio.breathing.prediction import LOOKED_AT, Prediction, predicted
from physio.estimate import Estimate
from physio.time.envelope import on_envelope
from pipelines.live.wearer import Wearer
from pipelines.session import WaveState, WaveView

STEP = 0.2
"""Seconds between the points of the wave."""

BEYOND_NOW = 1.0
"""Seconds for which it is told ahead, until the next snapshot comes."""


HALF = 0.5
"""Share of a breath spent breathing in where nobody says."""

USUAL_OVER = 20.0
"""Seconds whose median interval is the usual one."""


def wave_view(
    wearer: Wearer, pacer: Pacer | None, now: float, delay: float | None
) -> WaveView | None:
    """Return the wave of a wearer's heart at `now` (s), None before the first beat.

    Parameters
    ----------
    wearer : Wearer
        Whose heart it is.
    pacer : Pacer or None
        The guide, None while it rests.
    now : float
        Seconds on the session clock.
    delay : float or None
        How late beats lie on that clock, in s, where that is known.

    Notes
    -----
    In the first minutes after a link comes about, beats lie later by up to a second more, which all
    their arrivals so far tell.
    """
    beats, label = wearer.beats.recent(now, 60.0 * LOOKED_AT / SLOWEST)
    if not len(beats):
        return None
    half = 0.0005 * float(np.median(beats.rr[beats.time > beats.time[-1] - USUAL_OVER]))
    if delay is None:
        return WaveView(WaveState.UNKNOWN_DELAY, half)
    arrival = wearer.beats.arrival[-len(beats) :]
    so_far = replace(beats, time=on_envelope(beats, arrival))
    late = delay + half + float(beats.time[-1] - so_far.time[-1])
    usable = labels.usable(label, beats.segment)
    found = None if pacer is None else predicted(so_far, usable, pacer, now=now, delay=delay)
    if found is None or np.isnan(found.error):
        return WaveView(WaveState.NOT_YET, late)
    if not found.shown:
        return WaveView(WaveState.OFF, late)
    times = np.arange(found.known - half, now + BEYOND_NOW, STEP)
    rates = tuple(found.rate(times).round(2).tolist())
    start = float(times[0]) + late
    error = round(found.error, 1)
    return WaveView(WaveState.PREDICTED, late, start, STEP, rates, error, *_swing(found))


def own_guide(breathing: Estimate | None) -> Pacer | None:
    """Return what stands for a guide where a person's own heart leads: breathing as they do.

    None where it is not known how fast that is. Where a breath begins does not matter: the wave is
    fitted to the beats.
    """
    rate = None if breathing is None else breathing.value
    return None if rate is None or not offers(rate, HALF) else steady(rate, inhale=HALF)


def _swing(found: Prediction) -> tuple[float, float]:
    """Return the middle of the wave and half of its swing, in bpm."""
    around = np.hypot(found.cosine, found.sine)
    quickest, slowest = 60000.0 / np.maximum(found.level + np.array([-1.0, 1.0]) * around, 1.0)
    return round(0.5 * float(quickest + slowest), 2), round(0.5 * float(quickest - slowest), 2)
