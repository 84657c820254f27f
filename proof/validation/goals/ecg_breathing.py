"""Breathing from an ECG: against measured respiration, made breathing, and noise to be refused."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import numpy as np

from physio.beats import BoolArray, FloatArray
from physio.breathing.accelerometer import chest_tilt
from physio.breathing.fusion import fused_breathing
from physio.ecg import ecg_breathing
from physio.respiration import Source
from physio.windows import windows
from proof.validation.check import Check, Finding, on_recordings
from proof.validation.given.recordings import breathed, heard
from proof.validation.made.breathing import Made, breathing, noise, shuffled

SETS = {
    "neurokit": ("bio_resting_5min_100hz", "bio_eventrelated_100hz"),
    "physio_toolbox": ("physio_toolbox",),
    "mimic": ("mimic03700181",),
}
"""The data sets with measured respiration, and their files."""

FILES = sum(SETS.values(), ())

STEP = 10.0
"""Seconds from one window to the next."""

CHARLTON = "Charlton et al. 2016, doi 10.1088/0967-3334/37/4/610: best of 314, -4.7 to 4.7"
CHAN = "Chan, Ferdosi and Narasimhan 2013, Proc IEEE EMBS 4058: 1.67 spontaneous, 1.02 metronome"
OURS = "ours: no published anchor"


@dataclass(frozen=True, slots=True, eq=False)
class _Beside:
    """Rates of windows (breaths/min): found, typical (median breath), counted (mean breath)."""

    found: FloatArray
    typical: FloatArray
    counted: FloatArray

    @property
    def clear(self) -> BoolArray:
        return np.isfinite(self.found)

    def away(self, name: str) -> FloatArray:
        """Return how much higher the clear rates are than the named reference."""
        return np.asarray((self.found - getattr(self, name))[self.clear])


@cache
def _recorded(folder: Path, name: str, length: float) -> _Beside:
    record, known = breathed(folder, name), heard(folder, name)
    begin = np.arange(0.0, len(record.signal) / record.rate - length + 1e-9, STEP)
    cut = windows(known.beats, known.usable, begin, begin + length)
    found = ecg_breathing(cut, known.waves).rate
    breaths = measured_breaths(record.respiration, record.respiration_rate)
    lasts = [np.diff(breaths[(breaths >= t) & (breaths <= t + length)]) for t in begin]
    typical, counted = (
        60.0 / np.array([how(each) if len(each) else np.nan for each in lasts])
        for how in (np.median, np.mean)
    )
    return _Beside(found, typical, counted)


def measured_breaths(respiration: FloatArray, rate: float) -> FloatArray:
    """Return when (s) the breaths of a measured respiration are highest."""
    from scipy.signal import butter, find_peaks, sosfiltfilt

    band = butter(2, [0.05, 0.7], "bandpass", fs=rate, output="sos")
    smooth = sosfiltfilt(band, respiration - respiration.mean())
    return np.asarray(find_peaks(smooth, prominence=0.3 * float(np.std(smooth)))[0] / rate)


def _all_of(folder: Path, names: tuple[str, ...], length: float) -> _Beside:
    parts = [_recorded(folder, name, length) for name in names]
    fields = ("found", "typical", "counted")
    return _Beside(*(np.concatenate([getattr(part, field) for part in parts]) for field in fields))


def _error(beside: _Beside, reference: str) -> float:
    return float(np.nanmean(np.abs(beside.away(reference))))


def _said(beside: _Beside) -> str:
    errors = "/".join(f"{_error(beside, name):.2f}" for name in ("typical", "counted"))
    return f"MAE {errors} at {100 * np.mean(beside.clear):.0f} %"


def _set(which: str, recordings: Path) -> Finding:
    beside = _all_of(recordings, SETS[which], 60.0)
    held = max(_error(beside, "typical"), _error(beside, "counted")) <= 1.0
    held = held and bool(np.mean(beside.clear) >= 0.8)
    files = (f"{name}: {_said(_recorded(recordings, name, 60.0))}" for name in SETS[which])
    note = "; ".join(files) + ". Against the typical breath (median) and all breaths (mean)."
    return Finding(_said(beside), held, note)


def _at_rest(length: float, recordings: Path) -> Finding:
    beside = _all_of(recordings, FILES, length)
    away = beside.away("counted")
    bias, spread = float(np.nanmean(away)), float(1.96 * np.nanstd(away, ddof=1))
    covered = float(np.mean(beside.clear))
    held = abs(bias) <= 0.5 and abs(bias) + spread <= 4.7 and covered >= 0.8
    ours = f"bias {bias:+.2f}, limits {bias - spread:.2f} to {bias + spread:.2f}"
    return Finding(f"{ours}, coverage {100 * covered:.0f} %", held)


def _spontaneous(length: float, recordings: Path) -> Finding:
    beside = _all_of(recordings, FILES, length)
    held = max(_error(beside, "typical"), _error(beside, "counted")) <= 1.7
    return Finding(_said(beside), held, "Against the typical breath and all breaths.")


def found_in(made: Made) -> tuple[float, float]:
    """Return the share of made windows with a clear rate, and the mean error of those."""
    rate = ecg_breathing(made.windows, made.waves).rate
    clear = np.isfinite(rate)
    error = np.mean(np.abs(rate - made.counted)[clear]) if clear.any() else np.nan
    return float(np.mean(clear)), float(error)


def _made(variation: float, most: float, least: float, length: float, _: Path | None) -> Finding:
    share, error = found_in(breathing(variation, length=length, number=100, seed=11))
    return Finding(f"MAE {error:.2f} at {100 * share:.0f} %", error <= most and share >= least)


def _refused(recordings: Path | None) -> Finding:
    made = {kind: noise(kind, seed=1) for kind in ("white", "falling", "irregular")}
    if recordings is not None:
        made |= {f"{name} shuffled": _shuffled(recordings, name) for name in FILES}
    passed = {kind: found_in(each)[0] for kind, each in made.items()}
    every = float(np.mean(list(passed.values())))
    note = ", ".join(f"{kind} {100 * share:.1f} %" for kind, share in passed.items())
    held = every <= 0.05 and max(passed.values()) <= 0.12
    return Finding(f"{100 * every:.1f} % pass", held, note)


def _shuffled(folder: Path, name: str) -> Made:
    known = heard(folder, name)
    rr, waves = (values[known.usable] for values in (known.beats.rr, known.waves))
    return shuffled(rr, waves, length=60.0, number=150, seed=1)


def _tilt(_: Path | None) -> Finding:
    away = []
    for seed, rate in enumerate((4.0, 6.0, 9.0, 12.0, 16.0, 22.0, 28.0)):
        time, acceleration = made_tilt(rate, 180.0, seed=seed)
        start = np.arange(15.0, 105.0, 15.0)
        beats = noise("white", number=4, seed=seed).windows.beats
        mute = Source(("interval",), beats.time, beats.rr[:, np.newaxis], beats.segment)
        found = fused_breathing(start, start + 60.0, [mute, chest_tilt(time, acceleration)])
        away.append(np.abs(found.rate - rate))
    apart = np.concatenate(away)
    clear = np.isfinite(apart)
    error = float(np.mean(apart[clear]))
    held = error <= 0.2 and bool(np.mean(clear) >= 0.9)
    return Finding(f"MAE {error:.2f} at {100 * np.mean(clear):.0f} %", held)


def made_tilt(
    rate: float, seconds: float, *, degrees: float = 1.2, posture: float = np.inf, seed: int = 0
) -> tuple[FloatArray, FloatArray]:
    """Return times (n,) and accelerations (n, 3) in g of a chest that breathes `rate` times a min.

    50 Hz; sensor noise of 4 mg, heartbeats of 4 mg, and another posture from `posture` s on.
    """
    rng = np.random.default_rng(seed)
    time = np.arange(int(50.0 * seconds)) / 50.0
    down = np.where((time > posture)[:, np.newaxis], (0.7, -0.3, 0.64), (0.2, -0.9, 0.38))
    across = np.cross(down, (0.51, 0.31, 0.80))
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    turn = np.radians(degrees) * np.sin(2.0 * np.pi * rate / 60.0 * time + seed)
    gravity = down * np.cos(turn)[:, np.newaxis] + across * np.sin(turn)[:, np.newaxis]
    beat = 0.004 * np.sin(2.0 * np.pi * 1.15 * time)[:, np.newaxis] * np.array((0.3, 0.3, 0.9))
    return time, gravity + beat + 0.004 * rng.standard_normal(gravity.shape)


CHECKS: tuple[Check, ...] = (
    *(
        Check(
            f"ecg_breathing_{which}",
            f"Breathing from ECG beside measured respiration, {which}, 60 s windows",
            "MAE at most 1.0/min, coverage at least 80 %",
            "the respiration recorded with the ECG",
            on_recordings(partial(_set, which)),
        )
        for which in SETS
    ),
    *(
        Check(
            f"ecg_breathing_limits_{length:g}",
            f"Breathing from ECG, {length:g} s windows, rest, a task, intensive care",
            "bias within .5/min, 95 % limits within 4.7/min, coverage at least 80 %",
            CHARLTON,
            on_recordings(partial(_at_rest, length)),
        )
        for length in (32.0, 60.0)
    ),
    *(
        Check(
            f"ecg_breathing_spontaneous_{length:g}",
            f"Breathing from ECG, spontaneous, {length:g} s windows, all recordings",
            "MAE at most 1.7/min",
            CHAN,
            on_recordings(partial(_spontaneous, length)),
        )
        for length in (32.0, 60.0)
    ),
    *(
        Check(
            f"ecg_breathing_paced_{length:g}",
            f"Breathing from ECG, even breaths, {length:g} s windows (made, calibrated)",
            "MAE at most 1.0/min, coverage at least 80 %",
            CHAN,
            partial(_made, 0.05, 1.0, 0.8, length),
        )
        for length in (32.0, 60.0)
    ),
    Check(
        "ecg_breathing_uneven",
        "Breathing from ECG, breaths that vary by a quarter, sighs (made, calibrated)",
        "MAE at most 1.0/min, coverage at least 60 %",
        OURS,
        partial(_made, 0.25, 1.0, 0.6, 60.0),
    ),
    Check(
        "ecg_breathing_refused",
        "No breathing is read from noise, an irregular rhythm or shuffled beats",
        "at most 5 % of 60 s windows pass, of no kind more than 12 %",
        OURS,
        _refused,
    ),
    Check(
        "chest_tilt",
        "Breathing from made chest tilt, 4 to 28/min, beside intervals that carry none",
        "MAE at most .2/min, coverage at least 90 %",
        "closed form",
        _tilt,
    ),
)
