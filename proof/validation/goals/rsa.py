"""Checks of the other ways to RSA: peak to trough, Porges and Bohrer, and its phase."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from physio.beats import Beats, FloatArray
from physio.breathing.peak_to_trough import rsa_peak_to_trough
from physio.breathing.phase import rsa_phase
from physio.breathing.porges import polynomial_weights, rsa_porges_bohrer
from physio.breathing.rsa import rsa_amplitude
from proof.validation.check import Check, Finding, furthest
from proof.validation.made.beats import every_beat, tone

RATES = (4.0, 6.0, 9.0, 12.0, 15.0, 18.0)
"""Breaths/min."""

TONES = (0.15, 0.17, 0.20, 0.25, 0.30, 0.35)
"""Hz."""

GROSSMAN = "Grossman et al. 1990, doi 10.1111/j.1469-8986.1990.tb03198.x"
LEWIS = "Lewis et al. 2012, doi 10.1016/j.biopsycho.2011.11.009; the gain is a closed form"


def _peak_to_trough(_: Path | None) -> Finding:
    short, expected, most = (np.array(part) for part in zip(*map(_shortfall, RATES), strict=True))
    away = float(np.abs(short.mean(axis=1) - expected).max())
    beyond = float((short.max(axis=1) - most).max())
    return Finding(
        f"mean {100 * away:.1f} % from 1 - sin(x)/x, worst {100 * max(beyond, 0.0):.1f} % beyond",
        away <= 0.01 and beyond <= 0.01,
        f"At 900 ms and 15 breaths/min it reads {100 * short[4].mean():.1f} % low; the fitted "
        "amplitude does not.",
    )


def _shortfall(rate: float) -> tuple[FloatArray, float, float]:
    x = np.pi * rate / 60 * 0.9
    found = []
    for phase in np.linspace(0, 2 * np.pi, 12, endpoint=False):
        beats = tone((rate + 0.017) / 60, 10.0, duration=70.0, phase=float(phase))
        held = every_beat(beats, 0.0, 60.0)
        given = np.array([rate])
        found.append(rsa_peak_to_trough(held, rsa_amplitude(held, given))[0])
    return 1.0 - np.array(found) / 20.0, 1.0 - np.sin(x) / x, 1.0 - np.cos(x)


def _porges_tones(_: Path | None) -> Finding:
    away = {
        level: furthest(_porges_away(f, level) for f in TONES) for level in (600.0, 900.0, 1200.0)
    }
    told = ", ".join(f"{value:.3f} at {level:.0f} ms" for level, value in away.items())
    return Finding(
        told, furthest(away.values()) <= 0.05, "Largest distance in ln ms2, by mean interval."
    )


def _porges_away(frequency: float, level: float) -> float:
    beats = tone(frequency, 30.0, mean_rr=level, duration=330.0)
    held = every_beat(beats, 0.0, 330.0)
    found = rsa_porges_bohrer(held, np.array([60.0 * frequency]))[0]
    return float(abs(found - np.log(30.0**2 / 2.0 * passed(frequency) ** 2)))


def passed(frequency: float) -> float:
    """Return what the moving polynomial of 21 points at 2 Hz leaves of a tone (Hz)."""
    wave = np.cos(np.pi * frequency * np.arange(-10, 11))
    return float(1.0 - polynomial_weights() @ wave)


def _porges_range(_: Path | None) -> Finding:
    held = every_beat(tone(0.12, 30.0), 0.0, 300.0)
    below, above = (rsa_porges_bohrer(held, np.array([rate]))[0] for rate in (7.19, 7.2))
    told = f"7.19: {'none' if np.isnan(below) else below}; 7.2: {above:.2f} ln ms2"
    return Finding(told, bool(np.isnan(below) and np.isfinite(above)))


def _known_phase(_: Path | None) -> Finding:
    away = [_phase_away(rate, late) for rate in RATES for late in (-170.0, -90.0, 0.0, 45.0, 120.0)]
    return Finding(f"{max(away):.1f} degrees at most", furthest(away) <= 5.0)


def _phase_away(rate: float, late: float) -> float:
    """Return how far off the phase is for a heart whose rate follows the breath by `late` degrees.

    Beats are counted by the integral of the heart rate, so no placing of intervals enters.
    """
    time = np.arange(0.0, 66.0, 0.002)
    angle = 2 * np.pi * rate / 60 * time
    count = np.cumsum(2.0 / (920.0 - 50.0 * np.cos(angle - np.radians(late))))
    beat = np.interp(np.arange(1, int(count[-1])), count, time)
    beats = Beats(beat[1:], 1000.0 * np.diff(beat), np.zeros(len(beat) - 1, np.int64))
    full = np.cos(2 * np.pi * rate / 60 * beats.time)
    found = rsa_phase(every_beat(beats, 2.0, 62.0), np.array([rate]), full)[0]
    return float(abs((found - late + 180.0) % 360.0 - 180.0))


CHECKS: tuple[Check, ...] = (
    Check(
        key="rsa_phase_known",
        title="Phase of heart rate against the breath, 4 to 18 breaths/min",
        goal="within 5 degrees",
        published="closed form: the breathing put in",
        find=_known_phase,
    ),
    Check(
        key="peak_to_trough_shortfall",
        title="How much peak to trough loses to sparse beats: average and worst",
        goal="within 1 % of 1 - sin(x)/x and 1 - cos(x), x = pi f RR",
        published=f"closed form; the method: {GROSSMAN}",
        find=_peak_to_trough,
    ),
    Check(
        key="porges_bohrer_tones",
        title="Porges-Bohrer of pure tones, 0.15 to 0.35 Hz, at any heart rate",
        goal="ln(A^2/2 * |1-H(f)|^2) within 0.05",
        published=LEWIS,
        find=_porges_tones,
    ),
    Check(
        key="porges_bohrer_range",
        title="Porges-Bohrer below and at 7.2 breaths/min",
        goal="none below, a value from there on",
        published="0.12 Hz, lower edge of its band: " + LEWIS.split(";")[0],
        find=_porges_range,
    ),
)
