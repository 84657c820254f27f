"""How long spectral and nonlinear measures take, beside NeuroKit2 with the same definitions.

Each pair runs in this process on one pinned core with one thread; the median of the repetitions is
printed in ms, and how many times faster ours is. Ratios travel to other machines, ms do not.

    OMP_NUM_THREADS=1 python benchmarks/measures.py [--long] [--repeat 5]
"""

from __future__ import annotations

import argparse
import os
import time
import warnings
from collections.abc import Callable
from functools import partial

import neurokit2
import numpy as np

from physio.beats import Beats
from physio.breathing.porges import rsa_porges_bohrer
from physio.hrv.baevsky import baevsky_index
from physio.hrv.detrend import detrend
from physio.hrv.entropy import sampen
from physio.hrv.fluctuation import SHORT, dfa_alpha1, dfa_alpha2
from physio.hrv.fragmentation import fragmentation
from physio.hrv.poincare import sd1
from physio.hrv.prsa import dc
from physio.hrv.regularity import rhythm_regularity
from physio.hrv.spectrum import band_powers
from physio.windows import Windows, whole, windows

LENGTHS = {"5 min": 355, "1 h": 4250, "24 h": 102_030}
SLOW = 1.0
"""Seconds after which a task is not repeated."""


def series(n: int) -> np.ndarray:
    """Return n intervals in ms with breathing, a slower wave, drift and noise, as straps send."""
    place = np.arange(n)
    rng = np.random.default_rng(1)
    drift = np.cumsum(rng.normal(0, 1, n))
    drift *= 60 / max(np.abs(drift).max(), 1)
    rr = 847 + 35 * np.sin(place / 1.3) + 30 * np.sin(place / 1.9 / np.pi) + drift
    return np.round((rr + rng.normal(0, 15, n)) * 1.024) / 1.024


def milliseconds(task: Callable[[], object], repeat: int) -> float:
    """Return the median time of a task after one run that does not count."""
    taken = []
    while len(taken) <= repeat:
        began = time.perf_counter()
        task()
        taken.append(time.perf_counter() - began)
        if taken[0] > SLOW:
            return 1000.0 * taken[0]
    return 1000.0 * float(np.median(taken[1:]))


def one_window(rr: np.ndarray) -> Windows:
    """Return the whole series as one window."""
    beats = Beats(np.cumsum(rr) / 1000, rr, np.zeros(len(rr), int))
    return whole(beats, np.ones(len(rr), bool), start=0.0, end=float(beats.time[-1]))


def pairs(rr: np.ndarray) -> dict[str, tuple[Callable[[], object], Callable[[], object]]]:
    """Return for each task ours and NeuroKit2's, with its arguments set to our definition."""
    held = one_window(rr)
    even = np.interp(np.arange(0, 300, 0.25), np.cumsum(rr[:355]) / 1000, rr[:355])
    peaks = np.concatenate(([0], np.cumsum(rr))).astype(int)
    frequency = partial(neurokit2.hrv_frequency, peaks, sampling_rate=1000, normalize=False)
    tolerance = 0.2 * np.std(rr, ddof=1)
    return {
        "smoothness priors 5 min": (
            partial(detrend, even),
            partial(neurokit2.signal_detrend, even, method="tarvainen2002"),
        ),
        "Welch": (partial(band_powers, held, regularization=None), frequency),
        "SampEn": (
            partial(sampen, held),
            partial(neurokit2.entropy_sample, rr, dimension=2, tolerance=tolerance),
        ),
        "DFA alpha1": (
            partial(dfa_alpha1, held),
            partial(neurokit2.fractal_dfa, rr, scale=list(SHORT), overlap=False),
        ),
    }


def alone(rr: np.ndarray) -> dict[str, Callable[[], object]]:
    """Return tasks of ours without a peer."""
    held = one_window(rr)
    ends = held.beats.time[held.beats.time > 300]
    end = ends if len(rr) < LENGTHS["24 h"] else ends[:: len(ends) // 3000]
    minute = windows(held.beats, held.usable, end - 60, end)
    long = windows(held.beats, held.usable, end - 300, end)
    quarter = np.full(1, 15.0)
    return {
        "Welch, detrended": partial(band_powers, held),
        "DFA alpha2": partial(dfa_alpha2, held),
        "fragmentation": partial(fragmentation, held),
        "DC": partial(dc, held),
        "SD1": partial(sd1, held),
        "Baevsky": partial(baevsky_index, held),
        "Porges-Bohrer": partial(rsa_porges_bohrer, held, quarter),
        f"{len(end)} x 60 s spectra": partial(band_powers, minute, regularization=None),
        f"{len(end)} x 300 s spectra, detrended": partial(band_powers, long),
        f"{len(end)} x 300 s DFA alpha1": partial(dfa_alpha1, long),
        f"{len(end)} x 300 s SampEn": partial(sampen, long),
        f"{len(end)} x 300 s fragmentation": partial(fragmentation, long),
        f"{len(end)} x 60 s regularity": partial(rhythm_regularity, minute),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--long", action="store_true", help="24 h as well (a minute)")
    parser.add_argument("--repeat", type=int, default=5)
    chosen = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    warnings.simplefilter("ignore")
    for length, n in LENGTHS.items():
        if length == "24 h" and not chosen.long:
            continue
        for name, (ours, theirs) in pairs(series(n)).items():
            mine = milliseconds(ours, chosen.repeat)
            other = milliseconds(theirs, chosen.repeat)
            print(f"{length:6} {name:34} {mine:9.3f} {other:11.3f} {other / mine:8.0f} x")
        for name, ours in alone(series(n)).items():
            print(f"{length:6} {name:34} {milliseconds(ours, chosen.repeat):9.3f}")


if __name__ == "__main__":
    main()
