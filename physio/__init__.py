"""The science of Interbeat: arrays in, values out; no clock, file, strap or window.

Beats come from intervals, peaks or an ECG; `measure` and its like take them, and give values that
say how far to trust them.
"""

from typing import TYPE_CHECKING, Any

from physio.beat_sources import beats_from_intervals, beats_from_peaks, label_beats
from physio.beats import NO_BEATS, Beats, Gap, GapCause
from physio.estimate import Estimate, Estimates
from physio.labels import Label
from physio.measures import MEASURES, Measure
from physio.measuring import (
    Measured,
    epochs,
    judge,
    measure,
    measure_epochs,
    measure_windows,
    table,
)
from physio.presets import PRESETS, Preset
from physio.quality import Quality, Verdict
from physio.reasons import Reason, ReasonCode
from physio.spectral_density import Spectrum, spectrum
from physio.windows import Windows

if TYPE_CHECKING:
    from physio.ecg_signal import beats_from_ecg, breathing_from_ecg

__all__ = [
    "MEASURES",
    "NO_BEATS",
    "PRESETS",
    "Beats",
    "Estimate",
    "Estimates",
    "Gap",
    "GapCause",
    "Label",
    "Measure",
    "Measured",
    "Preset",
    "Quality",
    "Reason",
    "ReasonCode",
    "Spectrum",
    "Verdict",
    "Windows",
    "beats_from_ecg",
    "beats_from_intervals",
    "beats_from_peaks",
    "breathing_from_ecg",
    "epochs",
    "judge",
    "label_beats",
    "measure",
    "measure_epochs",
    "measure_windows",
    "spectrum",
    "table",
]


def __getattr__(name: str) -> Any:
    """Return what is read from an ECG: SciPy's filters take longer to import than all the rest."""
    if name not in ("beats_from_ecg", "breathing_from_ecg"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from physio import ecg_signal

    return getattr(ecg_signal, name)
