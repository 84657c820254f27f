"""Interbeat for whoever imports it by this name: files in, beats and measures out.

Nothing is imported until it is used: `interbeat.start` must look for strangers' modules before any
other, and what a caller does not use costs no time.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from physio import (
        MEASURES,
        NO_BEATS,
        PRESETS,
        Beats,
        Estimate,
        Estimates,
        Gap,
        GapCause,
        Label,
        Measure,
        Measured,
        Preset,
        Quality,
        Reason,
        ReasonCode,
        Spectrum,
        Verdict,
        Windows,
        beats_from_ecg,
        beats_from_intervals,
        beats_from_peaks,
        breathing_from_ecg,
        epochs,
        judge,
        label_beats,
        measure,
        measure_epochs,
        measure_windows,
        spectrum,
        table,
    )
    from pipelines import neurokit
    from pipelines.analysis import analyse
    from pipelines.notebook import Heart, MeasureTable, from_ecg, from_peaks, from_rr, read

# Written out once more: to take physio's list would import it, and a stranger's in its place.
__all__ = [
    "MEASURES",
    "NO_BEATS",
    "PRESETS",
    "Beats",
    "Estimate",
    "Estimates",
    "Gap",
    "GapCause",
    "Heart",
    "Label",
    "Measure",
    "MeasureTable",
    "Measured",
    "Preset",
    "Quality",
    "Reason",
    "ReasonCode",
    "Spectrum",
    "Verdict",
    "Windows",
    "analyse",
    "beats_from_ecg",
    "beats_from_intervals",
    "beats_from_peaks",
    "breathing_from_ecg",
    "epochs",
    "from_ecg",
    "from_peaks",
    "from_rr",
    "judge",
    "label_beats",
    "measure",
    "measure_epochs",
    "measure_windows",
    "neurokit",
    "read",
    "spectrum",
    "table",
]

_ELSEWHERE = {"analyse": "pipelines.analysis"} | dict.fromkeys(
    ("Heart", "MeasureTable", "from_ecg", "from_peaks", "from_rr", "read"), "pipelines.notebook"
)


def __getattr__(name: str) -> object:
    """Return what is asked for from the package that it lives in."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    if name == "neurokit":
        return import_module("pipelines.neurokit")
    return getattr(import_module(_ELSEWHERE.get(name, "physio")), name)


def __dir__() -> list[str]:
    return [*__all__]
