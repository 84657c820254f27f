"""Checks of patterns, pace and regularity, of spectra beside a gap, and of the preset kubios-like.

Each is set against the published definition once more, plain and slow, on made beats with gaps and
flagged intervals; where a closed form is known, against that.
"""

from __future__ import annotations

from collections.abc import Callable
from math import isnan, nan
from pathlib import Path

import numpy as np

from physio import measures
from physio.beats import Beats, FloatArray
from physio.hrv import baevsky, fragmentation, prsa, regularity, spectrum
from physio.hrv.detrend import REGULARIZATION, response
from physio.hrv.entropy import TOLERANCE
from physio.presets import KUBIOS_LIKE
from physio.values import Values
from physio.windows import Windows, windows
from proof.validation import plain
from proof.validation.check import Check, Finding, furthest, small
from proof.validation.goals.spectra import TARVAINEN
from proof.validation.made.beats import every_beat, rest, tone, with_gaps

Plain = Callable[[Windows, int], dict[str, float]]
"""From windows and which of them to the values of its measures."""

MEASURES: dict[str, Callable[[Windows], FloatArray]] = {
    "dc": prsa.dc,
    "ac": prsa.ac,
    "baevsky_index": baevsky.baevsky_index,
    "pip": fragmentation.pip,
    "ials": fragmentation.ials,
    "pss": fragmentation.pss,
    "pas": fragmentation.pas,
    "rhythm_regularity": regularity.rhythm_regularity,
    "lf": spectrum.lf,
    "hf": spectrum.hf,
}

TIME_DOMAIN = ("mean_rr", "mean_hr", "sdnn", "rmssd", "sdsd", "pnn50", "pnn20", "sd1", "sd2")

AMPLITUDE = 50.0
"""Milliseconds."""

GAP = 10.0
"""Seconds."""

SLOW = (0.01, 0.0355, 0.1)
"""Hz: far below, at and far above the half-power frequency of the detrend."""


def broken(seed: int, *, length: tuple[float, float], count: int, gap_every: float) -> Windows:
    """Return windows over half an hour of rest with gaps, flagged beats and intervals alike.

    Parameters
    ----------
    seed : int
        Of everything random.
    length : (shortest, longest)
        Of a window in s.
    count : int
        Of windows.
    gap_every : float
        Mean distance of gaps in s.
    """
    beats, random = rest(seed, duration=1800.0), np.random.default_rng(seed + 1)
    # Whole steps of 4 ms: some differences are 0.
    rr = 4.0 * np.round(beats.rr / 4.0)
    segment = np.cumsum(random.random(len(rr)) < 0.9 / gap_every).astype(np.int64)
    apart = with_gaps(rr, segment, gap=GAP)
    lasting = random.uniform(*length, count)
    start = random.uniform(0.0, apart.time[-1] - length[1], count)
    return windows(apart, random.random(len(rr)) > 0.03, start, start + lasting)


def _against(held: Windows, again: Plain) -> Finding:
    apart, known, empty = [], 0, 0
    for which in range(len(held)):
        alone = held.take(np.array([which]))
        for name, exact in again(held, which).items():
            apart.append(_away(float(MEASURES[name](alone)[0]), exact))
            known += not isnan(exact)
            empty += isnan(exact)
    worst = furthest(apart)
    told = f"{small(worst)} at most, {known} values of {len(held)} windows"
    return Finding(told, worst <= 1e-9 and known > 0, _none_in(empty))


def _none_in(empty: int) -> str:
    return f"{empty} more have no value, in both." if empty else ""


def _away(ours: float, exact: float) -> float:
    """Return the relative difference, absolute below 1; NaN where only one of them has a value."""
    if isnan(exact):
        return 0.0 if isnan(ours) else nan
    return abs(ours - exact) / max(abs(exact), 1.0)


def _pace(_: Path | None) -> Finding:
    held = broken(61, length=(30.0, 400.0), count=60, gap_every=200.0)
    return _against(
        held, lambda w, j: {"dc": plain.capacity(w, j, 1), "ac": plain.capacity(w, j, -1)}
    )


def _baevsky(_: Path | None) -> Finding:
    held = broken(62, length=(10.0, 400.0), count=60, gap_every=200.0)
    return _against(held, lambda w, j: {"baevsky_index": plain.baevsky_index(w, j)})


def _fragmentation(_: Path | None) -> Finding:
    held = broken(63, length=(10.0, 400.0), count=60, gap_every=100.0)
    return _against(held, plain.fragmentation)


def _regularity(_: Path | None) -> Finding:
    held = broken(64, length=(60.0, 70.0), count=40, gap_every=200.0)
    return _against(held, lambda w, j: {"rhythm_regularity": plain.rhythm_regularity(w, j)})


def _lomb_plain(_: Path | None) -> Finding:
    held = broken(65, length=(200.0, 290.0), count=40, gap_every=120.0)
    edges = held.beats.segment[held.first], held.beats.segment[held.last - 1]
    held = held.take(np.flatnonzero(edges[0] != edges[1]))
    return _against(
        held,
        lambda w, j: {
            "lf": plain.pooled_power(w, j, *spectrum.LF),
            "hf": plain.pooled_power(w, j, *spectrum.HF),
        },
    )


def _lomb_tone(_: Path | None) -> Finding:
    shares = {at: [_share_beside(at, phase) for phase in (0.0, 1.0, 2.5)] for at in (60, 100, 145)}
    found = [share for three in shares.values() for share in three]
    told = f"{100 * min(found):.1f} to {100 * max(found):.1f} % of the truth"
    note = (
        "Gaps at 60, 100 and 145 s, three phases each. The rest leaks below 0.04 and above 0.15 Hz."
    )
    return Finding(told, furthest(abs(share - 1.0) for share in found) <= 0.03, note)


def _share_beside(gap: float, phase: float) -> float:
    """Return what LF holds of A**2 / 2 in 300 s with 10 s lost from `gap` s on."""
    beats = tone(0.1, AMPLITUDE, mean_rr=850.0, phase=phase)
    kept = (beats.time <= gap) | (beats.start >= gap + GAP)
    segment = (beats.time > gap).astype(np.int64)
    cut = Beats.of_any_length(beats.time[kept], beats.rr[kept], segment[kept])
    power = spectrum.band_powers(every_beat(cut, 0.0, 300.0), regularization=None)
    return float(power.lf[0] / (AMPLITUDE**2 / 2.0))


def _kubios_wave(_: Path | None) -> Finding:
    shares = {f: _share_left(f, 9000.0) for f in SLOW}
    told = ", ".join(f"{share:.3f} at {f:g} Hz" for f, share in shares.items())
    short = ", ".join(f"{_share_left(f, 300.0):.2f}" for f in SLOW)
    return Finding(
        told,
        furthest(abs(share - 1.0) for share in shares.values()) <= 0.03,
        f"Shares of the closed form in 150 min, the worse of two phases. In 300 s {short}: at the "
        "ends, where the trend is known from one side, more of a slow wave is left.",
    )


def _share_left(frequency: float, duration: float) -> float:
    """Return SDNN of a wave over its closed form, the worse of a sine and a cosine."""
    shares = np.array([_sdnn_of_wave(frequency, duration, phase) for phase in (0.0, np.pi / 2)])
    shares /= AMPLITUDE / np.sqrt(2.0) * response(frequency)
    # A share that is NaN is the worst: argmax finds it.
    return float(shares[np.argmax(np.abs(shares - 1.0))])


def _sdnn_of_wave(frequency: float, duration: float, phase: float) -> float:
    return _sdnn(tone(frequency, AMPLITUDE, duration=duration, phase=phase))


def _sdnn(beats: Beats) -> float:
    """Return SDNN of all beats under the preset kubios-like, in ms."""
    return float(Values(every_beat(beats, 0.0, beats.time[-1]), KUBIOS_LIKE)["sdnn"][0])


def _kubios_plain(_: Path | None) -> Finding:
    held = broken(66, length=(60.0, 200.0), count=12, gap_every=150.0)
    ours = Values(held, KUBIOS_LIKE)
    apart = []
    for which in range(len(held)):
        exact = plain.time_domain(plain.freed(held, which, REGULARIZATION), which)
        apart += [_away(float(ours[name][which]), exact[name]) for name in TIME_DOMAIN]
    worst = furthest(apart)
    told = f"{small(worst)} at most, {len(held)} windows with gaps and flagged beats"
    return Finding(told, worst <= 1e-6, f"Measures: {', '.join(TIME_DOMAIN)}.")


def _kubios_scaling(_: Path | None) -> Finding:
    apart = []
    for seed in range(3):
        held = every_beat(rest(seed, duration=600.0), 0.0, 600.0)
        ours = Values(held, KUBIOS_LIKE)
        rr = plain.freed(held, 0, REGULARIZATION).beats.rr[int(held.first[0]) : int(held.last[0])]
        radius = TOLERANCE * float(np.std(rr, ddof=1))
        exact = {
            "dfa_alpha1": plain.fluctuation_exponent(rr, range(4, 13)),
            "dfa_alpha2": plain.fluctuation_exponent(rr, range(13, 65)),
            "sampen": plain.sample_entropy(rr, radius),
        }
        apart += [_away(float(ours[name][0]), value) for name, value in exact.items()]
    worst = furthest(apart)
    return Finding(f"{small(worst)} at most, boxes of 4 to 12 and 13 to 64 beats", worst <= 1e-6)


def _kubios_short(_: Path | None) -> Finding:
    beats = rest(67, duration=120.0)
    found = {n: _sdnn(_last_apart(beats, n)) / _sdnn(beats[:-n]) for n in (3, 7, 8, 12)}
    told = ", ".join(f"{share:.3f} with {n}" for n, share in found.items())
    held = furthest(abs(share - 1.0) for share in found.values()) <= 0.1
    return Finding(told, held, "Shares of what it is without them.")


def _last_apart(beats: Beats, number: int) -> Beats:
    """Return the beats with a gap before the last `number`."""
    segment = (np.arange(len(beats)) >= len(beats) - number).astype(np.int64)
    return with_gaps(beats.rr, segment, gap=GAP)


CLOSE = "at most 1e-9 apart, relative above 1"

CHECKS = (
    Check(
        "pace_plain",
        "Deceleration and acceleration capacity against the average of all anchors in fractions",
        CLOSE,
        measures.MEASURES["dc"].source,
        _pace,
    ),
    Check(
        "baevsky_plain",
        "Baevsky's index against a histogram counted in fractions",
        CLOSE,
        measures.MEASURES["baevsky_index"].source,
        _baevsky,
    ),
    Check(
        "fragmentation_plain",
        "Fragmentation (PIP, IALS, PSS, PAS) against lists of the signs of all differences",
        CLOSE,
        measures.MEASURES["pip"].source,
        _fragmentation,
    ),
    Check(
        "regularity_plain",
        "Rhythm regularity of a minute against a sinusoid fitted at each frequency by itself",
        CLOSE,
        measures.MEASURES["rhythm_regularity"].source,
        _regularity,
    ),
    Check(
        "lomb_plain",
        "LF and HF of windows with gaps against a sinusoid fitted at each frequency by itself",
        CLOSE,
        "Lomb (1976), doi 10.1007/BF00648343; Scargle (1982), doi 10.1086/160554",
        _lomb_plain,
    ),
    Check(
        "lomb_tone",
        "LF of a tone of 50 ms at 0.1 Hz in 300 s of which 10 s are lost",
        "A2/2 = 1250 ms2 within 3 %",
        "closed form",
        _lomb_tone,
    ),
    Check(
        "kubios_like_wave",
        "SDNN under the preset kubios-like of waves of 50 ms at 0.01, 0.0355 and 0.1 Hz",
        "A/sqrt(2) times the detrend's response, within 3 %",
        f"closed form; {TARVAINEN}",
        _kubios_wave,
    ),
    Check(
        "kubios_like_plain",
        "Time domain under the preset kubios-like against SciPy's spline and the full matrix",
        "at most 1e-6 apart, relative above 1",
        TARVAINEN,
        _kubios_plain,
    ),
    Check(
        "kubios_like_scaling",
        "DFA alpha 1 and 2 and sample entropy under the preset kubios-like, 10 min of rest",
        "at most 1e-6 apart, relative above 1",
        TARVAINEN,
        _kubios_scaling,
    ),
    Check(
        "kubios_like_short_stretch",
        "SDNN under the preset kubios-like of 2 min, the last 3 to 12 beats behind a gap",
        "within 10 % of what it is without them",
        "no gap may show as variability",
        _kubios_short,
    ),
)
