"""Beats, and breathing, from an electrocardiogram."""

from physio.ecg.peaks import (
    DELAY,
    EcgState,
    RPeaks,
    advance,
    finish,
    intervals,
    r_peaks,
    start,
    together,
)
from physio.ecg.respiration import breath_signals, ecg_breathing

__all__ = [
    "DELAY",
    "EcgState",
    "RPeaks",
    "advance",
    "breath_signals",
    "ecg_breathing",
    "finish",
    "intervals",
    "r_peaks",
    "start",
    "together",
]
