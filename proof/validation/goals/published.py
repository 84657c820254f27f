"""Checks against results that other programs published for recordings, on those recordings."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from physio.beats import FloatArray
from physio.hrv import entropy, fluctuation, poincare, spectrum, time_domain
from physio.windows import Windows
from proof.validation import plain
from proof.validation.check import Check, Finding, furthest, on_recordings, small
from proof.validation.given.recordings import as_written
from proof.validation.made.beats import all_of

FILES: dict[str, tuple[str, ...]] = {
    "polar_h10_dhyb/sample_data_ibi.csv": ("rr",),
    "polar_h10_ecg_pvc/polar_h10.csv": ("rr",),
    "elite_hrv_txt/2017-06-29 13-11-53.txt": ("rr",),
    "selfloops_txt/20170804001r.txt": ("20170804001r", "rr"),
    "selfloops_txt/20170808002e.txt": ("20170808002e", "rr"),
    "pyhrv_nni/SampleNNISeriesShort.npy": ("Short",),
    "pyhrv_nni/SampleNNISeriesLong.npy": ("Long",),
    "hrv_rhenanbartels/rest_rri.txt": ("rest_rri.txt",),
    "hrv_rhenanbartels/exercise_rri.hrm": ("exercise_rri.hrm",),
    "hrv_rhenanbartels/noisy_rri.hrm": ("noisy_rri.hrm",),
    "hrv_rhenanbartels/08012805.txt": ("08012805.txt",),
    "hrv_rhenanbartels/real_rri.txt": ("real_rri.txt",),
    "vollmer_hrm_raw/14121501.hrm": ("14121501.hrm",),
    "wearable_hrv_multidevice/test_vu.txt": ("vu",),
    "wearable_hrv_multidevice/test_heartmath.csv": ("heartmath",),
    "wearable_hrv_multidevice/test_kyto.csv": ("kyto",),
    "wearable_hrv_multidevice/test_rhythm.csv": ("rhythm",),
    "wearable_hrv_multidevice/test_empatica.csv": ("empatica",),
    "rhrvbook_rr/nsr020_3h.txt": ("normal/nsr020",),
    "rhrvbook_rr/chf205_3h.txt": ("chf/chf205",),
    "empatica_ibi/IBI.csv": ("rr",),
}
"""Recordings of intervals, and where in the sanity.json beside each its values are."""

ENDS_IN_ZERO = "hrv_rhenanbartels/real_rri.txt"
"""The values beside it take the 0 at its end for an interval, which reading it passes over."""

SANITY: dict[str, Callable[[Windows], FloatArray]] = {
    "mean_rr": time_domain.mean_rr,
    "mean_hr_60000_over_mean_rr": time_domain.mean_hr,
    "sdnn_ddof1": time_domain.sdnn,
    "rmssd": time_domain.rmssd,
    "pnn50": time_domain.pnn50,
}


def _pyhrv(recordings: Path) -> Finding:
    report = _json(recordings / "pyhrv_nni" / "expected.json")["time"]
    held = _long_series(recordings)
    expected = {
        "Mean NNI (ms)": time_domain.mean_rr(held)[0],
        "SDNN (ms)": time_domain.sdnn(held)[0],
        "RMSSD (ms)": time_domain.rmssd(held)[0],
        "pNN50 (%)": time_domain.pnn50(held)[0],
        "pNN20 (%)": time_domain.pnn20(held)[0],
    }
    apart = furthest(abs(value - report[name]) for name, value in expected.items())
    entropies = entropy.sampen(held)[0], report["Sample Entropy (-)"]
    same = apart <= 0.0006 and abs(entropies[0] - entropies[1]) <= 0.006
    told = ", ".join(f"{name.split()[0]} {value:.3f}" for name, value in expected.items())
    return Finding(f"{told}; SampEn {entropies[0]:.4f} for {entropies[1]}", same)


def _pyhrv_definitions(recordings: Path) -> Finding:
    report = _json(recordings / "pyhrv_nni" / "expected.json")["time"]
    held = _long_series(recordings)
    rr = held.beats.rr
    step, pair = np.diff(rr), rr[1:] + rr[:-1]
    exponent = plain.fluctuation_exponent_of_means
    theirs = {
        "SDSD (ms)": np.abs(step).std(ddof=1),
        "SD1 (ms)": step.std() / np.sqrt(2.0),
        "SD2 (ms)": pair.std() / np.sqrt(2.0),
        "DFA alpha 1 (long term fluctuation) (-)": exponent(rr, range(4, 17)),
        "DFA alpha 2 (long term fluctuation) (-)": exponent(rr, range(17, 65)),
    }
    apart = furthest(abs(value - report[name]) for name, value in theirs.items())
    note = (
        "It takes SDSD of the sizes of differences, SD1 and SD2 with N, and F(n) as the mean of "
        "the boxes' own root mean squares. By our definitions: "
        f"SDSD {time_domain.sdsd(held)[0]:.3f}, SD1 {poincare.sd1(held)[0]:.3f}, "
        f"SD2 {poincare.sd2(held)[0]:.3f} ms, alpha 1 {fluctuation.dfa_alpha1(held)[0]:.3f}, "
        f"alpha 2 {fluctuation.dfa_alpha2(held)[0]:.3f}."
    )
    told = ", ".join(f"{value:.3f}" for value in theirs.values())
    return Finding(f"{told} (SDSD, SD1, SD2, alpha 1, alpha 2)", apart <= 0.0006, note)


def _rhenanbartels(recordings: Path) -> Finding:
    folder = recordings / "hrv_rhenanbartels"
    expected = _json(folder / "expected.json")["real_rri.txt"]
    rr = as_written(folder / "real_rri.txt").rr
    rr = rr[rr > 0.0]
    powers = spectrum.band_powers(all_of(rr), regularization=None, welch_window=64.0)
    density = plain.density(rr, welch_window=64.0)
    bands = {"vlf": (0.0, 0.04), "lf": spectrum.LF, "hf": spectrum.HF}
    theirs = {name: plain.inside(*density, *edges) for name, edges in bands.items()}
    published = furthest(abs(value - expected[name]) for name, value in theirs.items())
    ours = furthest(
        abs(found[0] / plain.from_edge_to_edge(*density, *bands[name]) - 1.0)
        for name, found in (("lf", powers.lf), ("hf", powers.hf))
    )
    told = ", ".join(f"{name.upper()} {value:.2f}" for name, value in theirs.items())
    note = (
        "It sums only frequencies inside a band and so loses the steps at the edges; of the same "
        f"density from edge to edge LF is {powers.lf[0]:.2f} and HF {powers.hf[0]:.2f} ms2, ours "
        f"{small(ours)} apart from that. The 0 that ends the file, no interval, is left out."
    )
    return Finding(f"{told} ms2", published <= 0.011 and ours <= 1e-6, note)


def _sanity(recordings: Path) -> Finding:
    apart: dict[str, float] = {}
    for file, place in FILES.items():
        expected = _expected(recordings / file, place)
        rr = as_written(recordings / file).rr
        rr = rr[np.isfinite(rr)]  # what is not stands for a missing one
        held = all_of(np.append(rr, 0.0) if file == ENDS_IN_ZERO else rr)
        for name, measure in SANITY.items():
            room = max(0.0005, 1e-6 * expected[name])
            apart[f"{name} of {file}"] = abs(float(measure(held)[0]) - expected[name]) / room
    worst = max(apart, key=lambda key: apart[key])
    told = f"{len(apart)} values of {len(FILES)} recordings, {apart[worst]:.2f} of the room at most"
    note = f"Closest to its edge: {worst}. Intervals as written, nothing left out."
    return Finding(told, furthest(apart.values()) <= 1.01, note)


def _expected(file: Path, place: tuple[str, ...]) -> dict[str, float]:
    values: Any = _json(file.parent / "sanity.json")
    for part in place:
        values = values[part]
    found: dict[str, float] = values
    return found


def _long_series(recordings: Path) -> Windows:
    return all_of(as_written(recordings / "pyhrv_nni" / "SampleNNISeriesLong.npy").rr)


def _json(file: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return content


PYHRV = "the sample report of pyHRV: Gomes, Margaritoff and Silva (2018)"

CHECKS = (
    Check(
        "pyhrv_report",
        "The hour of intervals in pyHRV's own report: mean, SDNN, RMSSD, pNN50, pNN20, SampEn",
        "every figure as printed there",
        PYHRV,
        on_recordings(_pyhrv),
    ),
    Check(
        "pyhrv_definitions",
        "What pyHRV defines otherwise: its definitions give its figures",
        "SDSD, SD1, SD2, alpha 1 and alpha 2 as printed there",
        PYHRV,
        on_recordings(_pyhrv_definitions),
    ),
    Check(
        "hrv_welch",
        "Welch powers of a recording in the tests of the package hrv, summed as it sums",
        "VLF 844.50, LF 1343.51, HF 1414.88 ms2, each within 0.011",
        "Bartels and Peçanha, HRV: a Pythonic package (2020), doi 10.21105/joss.01867",
        on_recordings(_rhenanbartels),
    ),
    Check(
        "sanity",
        "Mean interval, heart rate, SDNN, RMSSD and pNN50 of every recording of intervals",
        "as computed independently beside each: within 0.0005, or 1e-6 where files have six digits",
        "the sanity.json of each set of recordings",
        on_recordings(_sanity),
    ),
)
