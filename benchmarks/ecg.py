"""How long it takes to find the R peaks in an hour of ECG, beside sleepecg and NeuroKit2.

One process, medians, the programs in turn so that a busy machine slows all alike; peers that are
not installed are left out. Also how long a live packet takes (73 samples at 130 Hz), at the
beginning and after an hour: both should be alike.

    python benchmarks/ecg.py [--hours 1] [--rate 250] [--times 7]

Which program finds how much in which recording is in tests/physio/test_ecg_recordings.py.
"""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[1]))

from physio.ecg import advance, r_peaks, start

Ecg = NDArray[np.float64]
Beat = tuple[tuple[float, float, float], ...]

SHAPE: Beat = (
    (-0.17, 0.025, 0.12),
    (-0.03, 0.009, -0.15),
    (0.0, 0.011, 1.0),
    (0.03, 0.009, -0.2),
    (0.27, 0.045, 0.25),
)


def made(hours: float, rate: float) -> Ecg:
    """Return an ECG with about 4500 beats an hour, a wandering baseline and a little noise."""
    rng = np.random.default_rng(0)
    seconds = 3600.0 * hours
    now = np.arange(int(seconds * rate)) / rate
    ecg = 0.02 * rng.standard_normal(len(now)) + 0.1 * np.sin(2 * np.pi * 0.25 * now)
    beats = 0.5 + np.cumsum(0.8 + 0.05 * rng.standard_normal(int(1.5 * seconds)))
    for beat in beats[beats < seconds - 1.0]:
        first = int((beat - 0.3) * rate)
        near = now[first : first + int(0.8 * rate)] - beat
        for middle, width, tall in SHAPE:
            ecg[first : first + len(near)] += tall * np.exp(-0.5 * ((near - middle) / width) ** 2)
    return ecg


def programs(rate: float) -> dict[str, Callable[[Ecg], object]]:
    """Return what to time, by name."""
    found: dict[str, Callable[[Ecg], object]] = {"interbeat": lambda ecg: r_peaks(ecg, rate)}
    try:
        import sleepecg

        found["sleepecg"] = lambda ecg: sleepecg.detect_heartbeats(ecg, rate)
    except ImportError:
        print("sleepecg is not installed")
    import neurokit2

    found["neurokit2"] = lambda ecg: neurokit2.ecg_findpeaks(
        neurokit2.ecg_clean(ecg, round(rate)), round(rate)
    )
    return found


def medians(ecg: Ecg, rate: float, times: int) -> dict[str, float]:
    """Return the median duration of each program in ms."""
    runs = programs(rate)
    taken: dict[str, list[float]] = {name: [] for name in runs}
    for run in runs.values():
        run(ecg[: int(30 * rate)])
    for _ in range(times):
        for name, run in runs.items():
            began = time.perf_counter()
            run(ecg)
            taken[name].append(1000.0 * (time.perf_counter() - began))
    return {name: float(np.median(each)) for name, each in taken.items()}


def packets(hours: float) -> tuple[float, float]:
    """Return the median duration of a live packet in ms: second and last two minutes."""
    ecg, state, taken = made(hours, 130.0), start(130.0), []
    for place in range(0, len(ecg) - 73, 73):
        began = time.perf_counter()
        state, _ = advance(state, ecg[place : place + 73])
        taken.append(1000.0 * (time.perf_counter() - began))
    part = round(120.0 * 130.0 / 73.0)
    return float(np.median(taken[part : 2 * part])), float(np.median(taken[-part:]))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=1.0)
    parser.add_argument("--rate", type=float, default=250.0)
    parser.add_argument("--times", type=int, default=7)
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    ecg = made(asked.hours, asked.rate)
    print(f"{asked.hours:g} h at {asked.rate:g} Hz, {len(r_peaks(ecg, asked.rate))} beats")
    found = medians(ecg, asked.rate, asked.times)
    for name, each in found.items():
        print(f"  {name:10s} {each:8.1f} ms   {each / found['interbeat']:6.2f} of ours")
    first, last = packets(0.25 * asked.hours)
    print(f"  a live packet of 73 samples: {first:.2f} ms at first, {last:.2f} ms at last")


if __name__ == "__main__":
    main()
