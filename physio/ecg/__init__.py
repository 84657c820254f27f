"""Beats, and breathing, from an electrocardiogram."""

from physio.ecg.peaks import (
    DELAY,
    EcgState,
    RPeaks,
    advance,
    finish,
    intervals,
    r_peaks,
    read,
    start,
    together,
)
from physio.ecg.quality import BeatQuality, beat_quality, why_unreadable
from physio.ecg.respiration import SIGNALS, breath_signals, ecg_breathing
from physio.ecg.waves import Waves, joined, qrs_waves

__all__ = [
    "DELAY",
    "SIGNALS",
    "BeatQuality",
    "EcgState",
    "RPeaks",
    "Waves",
    "advance",
    "beat_quality",
    "breath_signals",
    "ecg_breathing",
    "finish",
    "intervals",
    "joined",
    "qrs_waves",
    "r_peaks",
    "read",
    "start",
    "together",
    "why_unreadable",
]
