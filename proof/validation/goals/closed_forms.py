"""Checks of single measures against closed forms and plain re-implementations."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from physio import ecg
from physio.beats import Beats, FloatArray
from physio.hrv import entropy, fluctuation, poincare, time_domain
from physio.measures import MEASURES
from physio.windows import Windows, windows
from proof.validation import plain
from proof.validation.check import Check, Finding, furthest, small
from proof.validation.made.beats import all_of, logistic, rest, tone, with_gaps
from proof.validation.made.ecg import Shape, bumps

TIME_DOMAIN: dict[str, Callable[[Windows], FloatArray]] = {
    "mean_rr": time_domain.mean_rr,
    "mean_hr": time_domain.mean_hr,
    "sdnn": time_domain.sdnn,
    "rmssd": time_domain.rmssd,
    "ln_rmssd": time_domain.ln_rmssd,
    "sdsd": time_domain.sdsd,
    "pnn50": time_domain.pnn50,
    "pnn20": time_domain.pnn20,
    "sd1": poincare.sd1,
    "sd2": poincare.sd2,
}

R_WAVE: Shape = ((0.0, 0.012, 1.0),)
"""The Gaussian of 12 ms that stands for a QRS complex."""


def _time_domain_again(_: Path | None) -> Finding:
    held = _broken_windows()
    apart = []
    for which in range(len(held)):
        exact = plain.time_domain(held, which)
        for name, function in TIME_DOMAIN.items():
            ours = function(held.take(np.array([which])))[0]
            apart.append(abs(ours - exact[name]) / max(abs(exact[name]), 1e-9))
    worst = furthest(apart)
    told = f"{small(worst)} at most, {len(held)} windows with gaps and flagged beats"
    return Finding(told, worst <= 1e-9, f"Measures: {', '.join(TIME_DOMAIN)}.")


def _broken_windows() -> Windows:
    """Return windows of many lengths over an hour at rest with gaps and flagged intervals."""
    beats = rest(11, duration=3600.0)
    random = np.random.default_rng(12)
    segment = np.cumsum(random.random(len(beats)) < 0.004).astype(np.int64)
    broken = with_gaps(beats.rr, segment, gap=9.0)
    length = random.uniform(10.0, 400.0, 60)
    start = random.uniform(0.0, broken.time[-1] - 400.0, 60)
    return windows(broken, random.random(len(broken)) > 0.03, start, start + length)


def _time_domain_closed(_: Path | None) -> Finding:
    apart = []
    for name, rr, value in _known_series():
        ours = float(TIME_DOMAIN[name](all_of(rr))[0])
        apart.append(abs(ours - value) / max(value, 1.0))
    worst = furthest(apart)
    told = f"{small(worst)} at most: an alternation, a ramp and whole turns of a wave"
    return Finding(told, worst <= 1e-9)


def _known_series() -> tuple[tuple[str, FloatArray, float], ...]:
    """Return measures, intervals and what the one must be of the other."""
    n = 301
    turn = np.arange(n + 1.0)
    alternating = 900.0 + 30.0 * (-1.0) ** turn[:n]
    ramp = 800.0 + 0.5 * turn[:n]
    wave = 900.0 + 40.0 * np.sin(2.0 * np.pi * turn / 7.0)
    return (
        ("sdnn", alternating, 30.0 * np.sqrt((n - 1.0 / n) / (n - 1))),
        ("rmssd", alternating, 60.0),
        ("pnn50", alternating, 100.0),
        ("sdnn", ramp, 0.5 * np.sqrt(n * (n + 1) / 12.0)),
        ("rmssd", ramp, 0.5),
        ("sd1", ramp, 0.0),
        ("sdnn", wave[:n], 40.0 * np.sqrt(n / (2.0 * (n - 1)))),
        ("rmssd", wave, 40.0 * np.sqrt(2.0) * np.sin(np.pi / 7.0)),
    )


def _dfa_plain(_: Path | None) -> Finding:
    apart = 0.0
    for beats in _many():
        held = all_of(beats.rr)
        for ours, sizes in (
            (fluctuation.dfa_alpha1(held)[0], fluctuation.SHORT),
            (fluctuation.dfa_alpha2(held)[0], fluctuation.LONG),
        ):
            apart = furthest((apart, abs(ours - plain.fluctuation_exponent(beats.rr, sizes))))
    return Finding(f"{small(apart)} at most, alpha 1 and alpha 2", apart <= 1e-9)


def _sampen_plain(_: Path | None) -> Finding:
    apart = 0.0
    for beats in _many():
        radius = entropy.TOLERANCE * float(np.std(beats.rr, ddof=1))
        ours = entropy.sampen(all_of(beats.rr))[0]
        apart = furthest((apart, abs(ours - plain.sample_entropy(beats.rr, radius))))
    return Finding(f"{small(apart)} at most", apart <= 1e-9)


def _many() -> Iterable[Beats]:
    """Return series of several kinds: rest, a tone, chaos."""
    return *(rest(seed) for seed in (31, 32)), tone(0.1, 40.0), logistic(300)


def _sampled_at_130(_: Path | None) -> Finding:
    beats = rest(41, duration=3600.0, breathing=(0.25, 0.02, 20.0), noise=4.0)
    truth = rmssd(beats.rr)
    trace = _trace(beats, 130.0)
    ours = rmssd(1000.0 * np.diff(ecg.r_peaks(trace, 130.0).time))
    coarse = rmssd(1000.0 * np.diff(_tops(trace, beats) / 130.0))
    closed = float(np.sqrt(truth**2 + (1000.0 / 130.0) ** 2 / 2.0))
    note = (
        f"Truth {truth:.2f} ms. The highest sample of each R wave gives {coarse:.2f} ms; the "
        f"closed form, for errors that are even and independent, {closed:.2f} ms."
    )
    held = abs(ours / truth - 1.0) <= 0.005 and abs(coarse / closed - 1.0) <= 0.005
    return Finding(f"{ours:.2f} ms, {100.0 * (ours / truth - 1.0):+.2f} %", held, note)


def _trace(beats: Beats, rate: float) -> FloatArray:
    """Return an electrocardiogram of Gaussian R waves at the beats."""
    time = np.arange(0.0, beats.time[-1] + 2.0, 1.0 / rate)
    trace = bumps(time, beats.time, R_WAVE, np.ones(len(beats)))
    return trace + 0.002 * np.random.default_rng(42).standard_normal(len(trace))


def _tops(trace: FloatArray, beats: Beats) -> FloatArray:
    """Return the place of the highest sample around each beat."""
    middle = np.round(beats.time * 130.0).astype(np.int64)
    around = middle[:, np.newaxis] + np.arange(-4, 5)
    return np.asarray(middle - 4.0 + np.argmax(trace[around], axis=1))


def rmssd(rr: FloatArray) -> float:
    """Return RMSSD of intervals without a gap, in ms."""
    return float(time_domain.rmssd(all_of(rr))[0])


CLOSED = "closed form"
TASK_FORCE = "definitions: Task Force (1996), doi 10.1161/01.CIR.93.5.1043"

CHECKS = (
    Check(
        "time_domain_again",
        "Time domain against exact fractions, window by window",
        "relative difference at most 1e-9",
        TASK_FORCE,
        _time_domain_again,
    ),
    Check(
        "time_domain_closed",
        "Time domain of series whose values are known",
        "relative difference at most 1e-9",
        CLOSED,
        _time_domain_closed,
    ),
    Check(
        "dfa_plain",
        "Fluctuation exponents against a line fitted to each box by itself",
        "at most 1e-9 apart",
        MEASURES["dfa_alpha1"].source,
        _dfa_plain,
    ),
    Check(
        "sampen_plain",
        "Sample entropy against every pair of templates compared one by one",
        "at most 1e-9 apart",
        MEASURES["sampen"].source,
        _sampen_plain,
    ),
    Check(
        "sampled_at_130",
        "RMSSD from an electrocardiogram sampled at 130 Hz, as a strap does",
        "within 0.5 % of the truth; to whole samples within 0.5 % of the closed form",
        "closed form: squared, RMSSD grows by half the square of the sampling step",
        _sampled_at_130,
    ),
)
