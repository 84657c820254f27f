"""What breathing moves in a QRS: its height, the level it stands on, its steepness and its size.

The chest fills and the heart turns with each breath, and the electrodes see both. All four are read
from the curve between the working samples, at fixed distances from the exact tip: at 100 samples a
second the sampling alone would otherwise move them more than breathing does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from physio.beats import FloatArray, IntArray
from physio.ecg.peaks import EcgState, RPeaks, places

AROUND = (-0.1, 0.08)
"""Seconds before and after the tip in which trough and slopes are sought."""

GRAIN = 0.01
"""Seconds from one value read to the next."""

TIP_WITHIN = 0.02
"""Seconds; values as close as that to the tip may be its highest."""


@dataclass(frozen=True, slots=True, eq=False)
class Waves:
    """Four measures of k QRS complexes, each (k,), in the unit of the ECG.

    Attributes
    ----------
    amplitude : float
        Tip less the deepest point around it.
    baseline : float
        Mean of the tip and the trough before it.
    slope : float
        Steepest rise plus steepest fall, per second.
    size : float
        Root mean square about the mean.
    """

    amplitude: FloatArray
    baseline: FloatArray
    slope: FloatArray
    size: FloatArray


def qrs_waves(state: EcgState, peaks: RPeaks) -> Waves:
    """Return the waves of the beats that were given out with this state.

    Amplitude and baseline follow Charlton et al. 2016 (doi:10.1088/0967-3334/37/4/610), but for
    the trough of the amplitude, which may lie on either side; slopes follow Lazaro et al. 2014
    (PubMed 25118665), with their sum in place of each; the size stands for the QRS area.

    Raises
    ------
    ValueError
        If they were given out with another.
    """
    places(state, peaks)
    plan, sign = state.plan, np.where(peaks.upright, 1.0, -1.0)
    tip = peaks.time * plan.rate
    # Whole samples first: rounding must not depend on where the record was cut.
    sample = np.floor(tip).astype(np.int64)
    later = ((tip - sample) + sample % plan.step - 0.5 * (plan.step - 1)) / plan.step
    place = sample // plan.step - state.origin
    grid = np.arange(round(AROUND[0] / GRAIN), round(AROUND[1] / GRAIN) + 1)
    offset = np.asarray(grid * (GRAIN * plan.work_rate), np.float64)
    curve = np.asarray(
        sign[:, np.newaxis] * _between(state.work.level, place, later, offset), np.float64
    )
    middle = int(np.flatnonzero(grid == 0)[0])
    near = round(TIP_WITHIN / GRAIN)
    height = curve[:, middle - near : middle + near + 1].max(axis=1)
    steps = np.diff(curve, axis=1) / GRAIN
    swing = curve - curve.mean(axis=1, keepdims=True)
    return Waves(
        amplitude=height - curve.min(axis=1),
        baseline=0.5 * sign * (height + curve[:, : middle + 1].min(axis=1)),
        slope=steps.max(axis=1) - steps.min(axis=1),
        size=np.sqrt(np.mean(swing * swing, axis=1)),
    )


def joined(pieces: Sequence[Waves]) -> Waves:
    """Return the waves of consecutive pieces as those of one."""
    return Waves(
        *(np.concatenate([getattr(one, field.name) for one in pieces]) for field in fields(Waves))
    )


def _between(
    level: FloatArray, place: IntArray, later: FloatArray, offset: FloatArray
) -> FloatArray:
    """Return (k, n): `level` at place + later + offset (samples), by cubics through four samples.

    Keys 1981 (doi:10.1109/TASSP.1981.1163711), a = -1/2.
    """
    away = later[:, np.newaxis] + offset
    whole = np.floor(away).astype(np.int64)
    part = away - whole
    index = place[:, np.newaxis] + whole
    before, here, after, beyond = (
        level[np.clip(index + shift, 0, len(level) - 1)] for shift in (-1, 0, 1, 2)
    )
    cube = 3.0 * (here - after) + beyond - before
    square = 2.0 * before - 5.0 * here + 4.0 * after - beyond
    return np.asarray(here + 0.5 * part * (after - before + part * (square + part * cube)))
