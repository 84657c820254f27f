"""Checks of spectra and of the detrend against closed forms."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from physio.hrv import spectrum
from physio.hrv.detrend import REGULARIZATION, cutoff, detrend, response
from proof.validation import plain
from proof.validation.check import Check, Finding, furthest, small
from proof.validation.made.beats import all_of, every_beat, rest, tone, tones

AMPLITUDE = 50.0
"""Milliseconds, of every tone: A**2 / 2 is 1250 ms2."""

FREQUENCIES: tuple[float, ...] = (
    *np.arange(0.075, 0.1401, 0.005).tolist(),
    *np.arange(0.16, 0.2501, 0.005).tolist(),
)
"""Hz, clear of the edge of LF and HF at 0.15 Hz, between which a tone there is divided."""


def _tone_in_band(_: Path | None) -> Finding:
    share = {f: _share_of_tone(f, None) for f in FREQUENCIES}
    return _within(share, 0.02, f"0.30 Hz gives {100 * _share_of_tone(0.3, None):.1f} %.")


def _tone_at_the_top(_: Path | None) -> Finding:
    return _within({0.3: _share_of_tone(0.3, None)}, 0.05, "The spline through beats loses it.")


def _tone_detrended(_: Path | None) -> Finding:
    share = {f: _share_of_tone(f, REGULARIZATION) / float(response(f) ** 2) for f in FREQUENCIES}
    left = 100.0 * float(response(0.075) ** 2)
    return _within(share, 0.02, f"At 0.075 Hz the detrend leaves {left:.1f} % of the power.")


def _share_of_tone(frequency: float, regularization: float | None) -> float:
    """Return what the tone's own band holds of A**2 / 2, worst of three phases."""
    shares = [_share_at(frequency, phase, regularization) for phase in (0.0, 1.0, 2.5)]
    away = np.abs(np.array(shares) - 1.0)
    # A share that is NaN is the worst: argmax finds it.
    return shares[int(np.argmax(away))]


def _share_at(frequency: float, phase: float, regularization: float | None) -> float:
    held = every_beat(tone(frequency, AMPLITUDE, phase=phase), 0.0, 300.0)
    powers = spectrum.band_powers(held, regularization=regularization)
    own = powers.lf if frequency < spectrum.HF[0] else powers.hf
    return float(own[0] / (AMPLITUDE**2 / 2.0))


def _within(share: dict[float, float], limit: float, note: str) -> Finding:
    low, high = (100.0 * edge(share.values()) for edge in (min, max))
    worst = furthest(abs(value - 1.0) for value in share.values())
    told = f"{low:.1f} to {high:.1f} % of the truth" if len(share) > 1 else f"{low:.1f} %"
    return Finding(told, worst <= limit, note)


def _two_tones(_: Path | None) -> Finding:
    held = every_beat(tones(((0.1, 30.0), (0.25, 20.0))), 0.0, 300.0)
    powers = spectrum.band_powers(held, regularization=None)
    lf, hf = float(powers.lf[0]), float(powers.hf[0])
    close = abs(lf - 450.0) <= 0.02 * 450.0 and abs(hf - 200.0) <= 0.02 * 200.0
    return Finding(f"LF {lf:.1f}, HF {hf:.1f} ms2", close)


def _welch_plain(_: Path | None) -> Finding:
    apart = 0.0
    for welch_window, regularization in ((300.0, REGULARIZATION), (300.0, None), (100.0, None)):
        beats = rest(22)
        held = all_of(beats.rr)
        powers = spectrum.band_powers(
            held, welch_window=welch_window, regularization=regularization
        )
        again = plain.density(beats.rr, welch_window=welch_window, regularization=regularization)
        for ours, edges in ((powers.lf[0], spectrum.LF), (powers.hf[0], spectrum.HF)):
            away = abs(ours / plain.from_edge_to_edge(*again, *edges) - 1.0)
            apart = furthest((apart, away))
    return Finding(f"{small(apart)} at most, detrended and not", apart <= 1e-6)


def _detrend_cutoff(_: Path | None) -> Finding:
    closed, found = cutoff(), _half_power()
    close = abs(found - 0.0355) <= 0.0005 and abs(closed - 0.0355) <= 0.0005
    return Finding(f"{found:.5f} Hz measured, {closed:.5f} Hz in closed form", close)


def _half_power() -> float:
    """Return the frequency at which the detrend leaves half the power of a long tone."""
    low, high = 0.02, 0.06
    for _ in range(30):
        middle = 0.5 * (low + high)
        low, high = (low, middle) if _left(middle) > 0.5 else (middle, high)
    return 0.5 * (low + high)


def _left(frequency: float) -> float:
    """Return the share of a tone's power left in the middle 1000 s of 3000 s."""
    time = np.arange(12000) / 4.0
    angle = 2.0 * np.pi * frequency * time
    pair = detrend(np.stack((np.cos(angle), np.sin(angle))))[:, 4000:8000]
    return float(np.mean(pair**2) * 2.0)


def _detrend_plain(_: Path | None) -> Finding:
    values = rest(21, duration=130.0).rr
    apart = float(np.abs(detrend(values) - plain.without_trend(values, REGULARIZATION)).max())
    return Finding(f"{small(apart)} ms at most", apart <= 1e-6)


CLOSED = "closed form"
TARVAINEN = "Tarvainen, Ranta-aho and Karjalainen (2002), doi 10.1109/10.979357"

CHECKS = (
    Check(
        "tone_in_band",
        "A tone of 50 ms in its own band, 0.075 to 0.14 and 0.16 to 0.25 Hz, not detrended",
        "A2/2 = 1250 ms2 within 2 %",
        CLOSED,
        _tone_in_band,
    ),
    Check(
        "tone_at_the_top",
        "The same tone at 0.30 Hz",
        "A2/2 within 5 %",
        CLOSED,
        _tone_at_the_top,
    ),
    Check(
        "tone_detrended",
        "The same tones after smoothness priors, lambda 500",
        "A2/2 times the detrend's response, within 2 %",
        f"closed form; {TARVAINEN}",
        _tone_detrended,
    ),
    Check(
        "two_tones",
        "30 ms at 0.1 Hz beside 20 ms at 0.25 Hz, not detrended",
        "450 and 200 ms2 within 2 %",
        "closed form; linear interpolation gives 429 and 148",
        _two_tones,
    ),
    Check(
        "welch_plain",
        "LF and HF against SciPy's spline and Welch and the full matrix of the detrend",
        "relative difference at most 1e-6",
        "Welch (1967), doi 10.1109/TAU.1967.1161901",
        _welch_plain,
    ),
    Check(
        "detrend_cutoff",
        "Half the power after smoothness priors, 4 Hz and lambda 500",
        "0.0355 Hz within 0.0005",
        f"closed form; {TARVAINEN}",
        _detrend_cutoff,
    ),
    Check(
        "detrend_plain",
        "Smoothness priors in five diagonals against the full matrix, to both ends",
        "at most 1e-6 ms apart",
        TARVAINEN,
        _detrend_plain,
    ),
)
