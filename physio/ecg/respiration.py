"""Breathing from an ECG: the intervals, and what breathing moves in each QRS, taken together.

Five signals have one value a beat: the interval, and amplitude, baseline, slope and size of the
QRS. Charlton et al. 2016 (doi:10.1088/0967-3334/37/4/610) compare the first two of the QRS, Lazaro
et al. 2014 (Annals of Biomedical Engineering 42:2072, PubMed 25118665) take its slopes. They are
two sources: the intervals, which the nerves to the heart move, and the waves, which the chest
moves; the noise of one is not that of the other. How they are brought together is said in
`physio.breathing.fusion`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from physio.beats import FloatArray, IntArray
from physio.breathing.fusion import Breathing, fused_breathing
from physio.ecg.waves import Waves
from physio.respiration import Source
from physio.windows import Windows

SIGNALS = ("amplitude", "baseline", "slope", "size")
"""What breathing moves in a QRS, see `physio.ecg.waves`."""


def breath_signals(waves: Waves, ends: IntArray) -> FloatArray:
    """Return (n, 4) amplitude, baseline, slope and size of the beats that end n intervals.

    `ends` is the second value of `intervals`.
    """
    return np.stack([getattr(waves, name)[ends] for name in SIGNALS], axis=1)


def ecg_breathing(
    windows: Windows, signals: FloatArray, *, others: Sequence[Source] = ()
) -> Breathing:
    """Return the breathing of each window from its intervals and further signals of its beats.

    Meant for windows of 30 to 120 s. Beats that are not usable are left out.

    Parameters
    ----------
    windows : Windows
        m windows over n intervals.
    signals : (n, 4) float
        One row for the beat that ends each interval, as from `breath_signals`.
    others : sequence of Source
        What else breathing moves, on the same clock: the tilt of the chest, say.
    """
    beats, usable = windows.beats, windows.usable[:, np.newaxis]
    rr = np.where(usable, beats.rr[:, np.newaxis], np.nan)
    interval = Source(("interval",), beats.time, rr, beats.segment)
    waves = Source(SIGNALS, beats.time, np.where(usable, signals, np.nan), beats.segment)
    return fused_breathing(windows.start, windows.end, [interval, waves, *others])
