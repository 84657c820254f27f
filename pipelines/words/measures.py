"""What each measure, and each unit, is called in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pipelines.language import mark, tr

MEASURES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "mean_rr": mark("mean interval between beats"),
        "mean_hr": mark("heart rate"),
        "sdnn": mark("overall variability (SDNN)"),
        "rmssd": mark("beat-to-beat variability (RMSSD)"),
        "ln_rmssd": mark("beat-to-beat variability (logarithm of RMSSD)"),
        "sdsd": mark("spread of beat-to-beat changes (SDSD)"),
        "pnn50": mark("beat-to-beat changes above 50 ms"),
        "pnn20": mark("beat-to-beat changes above 20 ms"),
        "sd1": mark("width of the cloud of successive intervals (SD1)"),
        "sd2": mark("length of the cloud of successive intervals (SD2)"),
        "sampen": mark("irregularity (sample entropy)"),
        "dfa_alpha1": mark("short-term scaling (DFA alpha 1, 4 to 16 beats)"),
        "dfa_alpha2": mark("long-term scaling (DFA alpha 2, 16 to 64 beats)"),
        "vlf": mark("power from 0.0033 to 0.04 Hz (VLF)"),
        "lf": mark("power from 0.04 to 0.15 Hz (LF)"),
        "hf": mark("power from 0.15 to 0.4 Hz (HF)"),
        "ln_hf": mark("logarithm of HF power"),
        "total_power": mark("power from 0.0033 to 0.4 Hz"),
        "lf_nu": mark("share of LF in LF + HF"),
        "hf_nu": mark("share of HF in LF + HF"),
        "lf_hf": mark("LF over HF"),
        "breathing_rate": mark("breathing rate"),
        "rsa_amplitude": mark("breathing-linked swing of the intervals (RSA)"),
        "rsa_phase": mark("how far the heart rate swings behind the breath"),
        "rsa_peak_to_trough": mark("longest less shortest interval of each breath (RSA)"),
        "rsa_porges_bohrer": mark("breathing-linked variability (Porges and Bohrer)"),
        "rhythm_regularity": mark("how much of the slow rhythm lies at one frequency"),
        "baevsky_index": mark("how peaked and narrow the intervals lie (Baevsky)"),
        "pip": mark("turns between slowing and quickening (PIP)"),
        "ials": mark("inverse of the mean length of slowing or quickening (IALS)"),
        "pss": mark("intervals in short stretches of slowing or quickening (PSS)"),
        "pas": mark("intervals in alternations (PAS)"),
        "dc": mark("mean step where the heart slows (DC)"),
        "ac": mark("mean step where the heart quickens (AC)"),
    }
)

UNITS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "bpm": mark("bpm"),
        "percent": mark("percent"),
        "breaths/min": mark("breaths/min"),
        "degrees": mark("degrees"),
        "exponent": mark("exponent"),
        "ratio": mark("ratio"),
        "nats": mark("nats"),
        "per interval": mark("per interval"),
        "percent/s2": mark("percent/s2"),
    }
)
"""Units in words; the others, such as "ms", are signs."""


def measure_text(name: str) -> str:
    """Return what a measure is called."""
    return tr(MEASURES[name])


def unit_text(unit: str) -> str:
    """Return a unit."""
    return tr(UNITS[unit]) if unit in UNITS else unit
