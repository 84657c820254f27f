"""Checks beside NeuroKit2, its arguments pinned to our definitions."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import numpy as np

from physio.beats import Beats, FloatArray
from physio.hrv import entropy, fluctuation, poincare, spectrum, time_domain
from physio.windows import Windows
from proof.validation.check import Check, Finding, furthest, small
from proof.validation.made.beats import all_of, every_beat, rest, tones


def beside_neurokit(find: Callable[[Any], Finding]) -> Callable[[Path | None], Finding]:
    """Return the check that hands NeuroKit2 to `find`; its warnings are its own affair."""

    @wraps(find)
    def tried(_: Path | None) -> Finding:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # Imported when used: it takes seconds.
            import neurokit2

            return find(neurokit2)

    return tried


@beside_neurokit
def _time_domain(nk: Any) -> Finding:
    beats, held = a_rest(61)
    theirs = nk.hrv_time(as_input(beats))
    n = len(beats)
    pairs = {
        "mean": (time_domain.mean_rr(held), theirs["HRV_MeanNN"]),
        "SDNN": (time_domain.sdnn(held), theirs["HRV_SDNN"]),
        "RMSSD": (time_domain.rmssd(held), theirs["HRV_RMSSD"]),
        "SDSD": (time_domain.sdsd(held), theirs["HRV_SDSD"]),
        "pNN50": (time_domain.pnn50(held) * (n - 1) / n, theirs["HRV_pNN50"]),
        "pNN20": (time_domain.pnn20(held) * (n - 1) / n, theirs["HRV_pNN20"]),
    }
    apart = largest(pairs)
    note = (
        "It divides pNN by the number of intervals, we by that of differences: "
        f"pNN50 {float(theirs['HRV_pNN50'].iloc[0]):.3f} there, {time_domain.pnn50(held)[0]:.3f} "
        "here; compared after that is undone."
    )
    return Finding(f"{small(apart)} at most: {', '.join(pairs)}", apart <= 1e-9, note)


@beside_neurokit
def _poincare(nk: Any) -> Finding:
    beats, held = a_rest(62)
    theirs = nk.hrv_nonlinear(as_input(beats))
    pair = (beats.rr[1:] + beats.rr[:-1]) / np.sqrt(2.0)
    explained = {
        "SD1": (poincare.sd1(held), theirs["HRV_SD1"]),
        "SD2": (pair.std(ddof=1), theirs["HRV_SD2"]),
    }
    apart = largest(explained)
    note = (
        "It takes SD2 of the sums of two intervals, which leaves out half of the first and the "
        f"last: {float(theirs['HRV_SD2'].iloc[0]):.3f}; ours from SDNN and SDSD: "
        f"{poincare.sd2(held)[0]:.3f} ms."
    )
    return Finding(f"{small(apart)} at most: SD1, and its SD2 explained", apart <= 1e-9, note)


@beside_neurokit
def _sampen(nk: Any) -> Finding:
    apart = 0.0
    for seed in (63, 64, 65):
        beats, held = a_rest(seed)
        radius = entropy.TOLERANCE * beats.rr.std(ddof=1)
        theirs = nk.entropy_sample(beats.rr, delay=1, dimension=2, tolerance=radius)[0]
        apart = furthest((apart, abs(float(entropy.sampen(held)[0]) - float(theirs))))
    return Finding(f"{small(apart)} at most", apart <= 1e-9)


@beside_neurokit
def _dfa(nk: Any) -> Finding:
    beats, held = a_rest(66)
    options: dict[str, Any] = {"overlap": False, "integrate": True, "order": 1}
    apart = [
        abs(float(ours(held)[0]) - float(nk.fractal_dfa(beats.rr, scale=sizes, **options)[0]))
        for ours, sizes in (
            (fluctuation.dfa_alpha1, np.arange(4, 17)),
            (fluctuation.dfa_alpha2, np.arange(16, 65)),
        )
    ]
    panel = float(nk.fractal_dfa(beats.rr, scale=np.arange(4, 12), overlap=True)[0])
    note = (
        f"Its panel takes boxes of 4 to 11 beats that overlap: {panel:.3f} where ours is "
        f"{fluctuation.dfa_alpha1(held)[0]:.3f}."
    )
    return Finding(
        f"{small(apart[0])} (alpha 1), {small(apart[1])} (alpha 2)", furthest(apart) <= 0.01, note
    )


@beside_neurokit
def _welch(nk: Any) -> Finding:
    beats, held = a_rest(67)
    ours = spectrum.band_powers(held, regularization=None, welch_window=120.0)
    lf, hf = _powers(nk, beats)
    apart = [float(own[0] / their - 1.0) for own, their in ((ours.lf, lf), (ours.hf, hf))]
    note = (
        f"LF {ours.lf[0]:.1f} here, {lf:.1f} there; HF {ours.hf[0]:.1f} here, {hf:.1f} ms2 there. "
        "It fills up each window with as many zeros, and sums only inside a band."
    )
    held_here = furthest(map(abs, apart)) <= 0.03
    return Finding(f"LF {100 * apart[0]:+.1f} %, HF {100 * apart[1]:+.1f} %", held_here, note)


@beside_neurokit
def _interpolated(nk: Any) -> Finding:
    beats = tones(((0.1, 30.0), (0.25, 20.0)))
    held = every_beat(beats, 0.0, 300.0)
    ours = spectrum.band_powers(held, regularization=None)
    kinds = {kind: _powers(nk, beats, method=kind) for kind in ("linear", "quadratic", "cubic")}
    passed = {"linear": np.sinc(0.25 * 0.9) ** 4}
    told = "; ".join(f"{kind} {lf:.0f} and {hf:.0f}" for kind, (lf, hf) in kinds.items())
    note = (
        f"Ours, cubic: {ours.lf[0]:.0f} and {ours.hf[0]:.0f} ms2. A straight line between beats "
        f"passes {100 * passed['linear']:.0f} % of the power of 0.25 Hz at 900 ms."
    )
    cubic, linear = kinds["cubic"][1], kinds["linear"][1]
    explained = abs(linear / 200.0 - passed["linear"]) <= 0.02
    close = abs(cubic / ours.hf[0] - 1.0) <= 0.02
    return Finding(f"LF and HF there: {told} ms2", bool(explained and close), note)


def _powers(nk: Any, beats: Beats, *, method: str = "cubic") -> tuple[float, float]:
    """Return LF and HF of its Welch at 4 Hz, windows of 120 s."""
    values, _, rate = nk.intervals_process(
        beats.rr, beats.time, interpolate=True, interpolation_rate=4, method=method
    )
    power = nk.signal_power(
        values,
        [spectrum.LF, spectrum.HF],
        sampling_rate=rate,
        method="welch",
        window=120,
        min_frequency=0.0,
        normalize=False,
    )
    return float(power.iloc[0, 0]), float(power.iloc[0, 1])


def a_rest(seed: int) -> tuple[Beats, Windows]:
    """Return 310 s of rest and the one window of all of it."""
    beats = rest(seed)
    return beats, all_of(beats.rr)


def as_input(beats: Beats) -> dict[str, FloatArray]:
    """Return beats as NeuroKit2 takes intervals."""
    return {"RRI": np.array(beats.rr), "RRI_Time": np.array(beats.time)}


def largest(pairs: dict[str, tuple[Any, Any]]) -> float:
    """Return the largest relative difference of pairs of single values."""
    single = ((float(np.ravel(ours)[0]), float(theirs.iloc[0])) for ours, theirs in pairs.values())
    return furthest(abs(ours - theirs) / abs(theirs) for ours, theirs in single)


MAKOWSKI = "NeuroKit2: Makowski et al. (2021), doi 10.3758/s13428-020-01516-y"

CHECKS = (
    Check(
        "nk_time_domain",
        "Mean, SDNN, RMSSD, SDSD, pNN50 and pNN20",
        "relative difference at most 1e-9",
        MAKOWSKI,
        _time_domain,
    ),
    Check(
        "nk_poincare",
        "SD1, and the difference in SD2",
        "relative difference at most 1e-9, its SD2 by its definition",
        MAKOWSKI,
        _poincare,
    ),
    Check(
        "nk_sampen",
        "Sample entropy, delay 1, dimension 2, tolerance 0.2 SD (N - 1)",
        "at most 1e-9 apart",
        MAKOWSKI,
        _sampen,
    ),
    Check(
        "nk_dfa",
        "Fluctuation exponents, the same boxes, not overlapping",
        "at most 0.01 apart",
        MAKOWSKI,
        _dfa,
    ),
    Check(
        "nk_welch",
        "LF and HF by Welch in windows of 120 s, cubic at 4 Hz, not normalised, not detrended",
        "at most 3 % apart",
        MAKOWSKI,
        _welch,
    ),
    Check(
        "nk_interpolation",
        "Two tones of 450 and 200 ms2 through its three kinds of interpolation",
        "cubic within 2 % of ours; linear loses what its closed form says, within 2 %",
        MAKOWSKI,
        _interpolated,
    ),
)
