"""What each measure, and each unit, is called in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pipelines.language import tr, translatable

MEASURES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "mean_rr": translatable("mean interval between beats"),
        "mean_hr": translatable("heart rate"),
        "sdnn": translatable("overall variability (SDNN)"),
        "rmssd": translatable("beat-to-beat variability (RMSSD)"),
        "ln_rmssd": translatable("beat-to-beat variability (logarithm of RMSSD)"),
        "sdsd": translatable("spread of beat-to-beat changes (SDSD)"),
        "pnn50": translatable("beat-to-beat changes above 50 ms"),
        "pnn20": translatable("beat-to-beat changes above 20 ms"),
        "sd1": translatable("width of the cloud of successive intervals (SD1)"),
        "sd2": translatable("length of the cloud of successive intervals (SD2)"),
        "sampen": translatable("irregularity (sample entropy)"),
        "dfa_alpha1": translatable("short-term scaling (DFA alpha 1)"),
        "dfa_alpha2": translatable("long-term scaling (DFA alpha 2)"),
        "vlf": translatable("power from 0.0033 to 0.04 Hz (VLF)"),
        "lf": translatable("power from 0.04 to 0.15 Hz (LF)"),
        "hf": translatable("power from 0.15 to 0.4 Hz (HF)"),
        "ln_hf": translatable("logarithm of HF power"),
        "total_power": translatable("power from 0.0033 to 0.4 Hz"),
        "lf_nu": translatable("share of LF in LF + HF"),
        "hf_nu": translatable("share of HF in LF + HF"),
        "lf_hf": translatable("LF over HF"),
        "breathing_rate": translatable("breathing rate"),
        "rsa_amplitude": translatable("breathing-linked swing of the intervals (RSA)"),
        "rsa_phase": translatable("how far the heart rate swings behind the breath"),
        "rsa_peak_to_trough": translatable("longest less shortest interval of each breath (RSA)"),
        "rsa_porges_bohrer": translatable("breathing-linked variability (Porges and Bohrer)"),
        "rhythm_regularity": translatable("how much of the slow rhythm lies at one frequency"),
        "baevsky_index": translatable("how peaked and narrow the intervals lie (Baevsky)"),
        "pip": translatable("turns between slowing and quickening (PIP)"),
        "ials": translatable("inverse of the mean length of slowing or quickening (IALS)"),
        "pss": translatable("intervals in short stretches of slowing or quickening (PSS)"),
        "pas": translatable("intervals in alternations (PAS)"),
        "dc": translatable("mean step where the heart slows (DC)"),
        "ac": translatable("mean step where the heart quickens (AC)"),
    }
)

UNITS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "bpm": translatable("bpm"),
        "percent": translatable("percent"),
        "breaths/min": translatable("breaths/min"),
        "degrees": translatable("degrees"),
        "exponent": translatable("exponent"),
        "ratio": translatable("ratio"),
        "nats": translatable("nats"),
        "per interval": translatable("per interval"),
        "percent/s2": translatable("percent/s2"),
    }
)
"""Units in words; the others, such as "ms", are signs."""

_DECIMALS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "ms2": 0,
        "percent/s2": 0,
        "ln ms": 2,
        "ln ms2": 2,
        "nats": 2,
        "exponent": 2,
        "ratio": 2,
        "per interval": 2,
    }
)


def measure_text(name: str) -> str:
    """Return what a measure is called."""
    return tr(MEASURES[name])


def unit_text(unit: str) -> str:
    """Return a unit."""
    return tr(UNITS[unit]) if unit in UNITS else unit


def decimals_of(unit: str) -> int:
    """Return how many decimals of a value in this unit are worth reading."""
    return _DECIMALS.get(unit, 1)
