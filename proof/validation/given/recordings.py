"""The recordings that the checks read, from the folders in which they came.

WFDB signals are read here by hand: one of its formats is all that is needed, and `wfdb` would bring
thirty packages. Times are in seconds since the first sample.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from physio.beats import Beats, BoolArray, FloatArray, IntArray
from physio.ecg import beat_quality, breath_signals, intervals, qrs_waves, r_peaks, read
from physio.labels import LabelArray, labels, usable
from pipelines import formats
from pipelines.session import START, RawIntervals, decode
from proof.validation.given.annotations import annotated

BEAT_CODES = (*range(1, 14), 34, 38)
"""WFDB annotation codes that stand for a heartbeat."""


@dataclass(frozen=True, slots=True, eq=False)
class Ecg:
    """An ECG (n,), its samples a second, and when its beats are (k,), empty where not known."""

    signal: FloatArray
    rate: float
    beats: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Breathed:
    """An ECG and a measured respiration of the same time, each with its samples a second."""

    signal: FloatArray
    rate: float
    respiration: FloatArray
    respiration_rate: float


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """The beats of an ECG with respiration, their labels (n,), and the waves (n, 4) of each."""

    beats: Beats
    labels: LabelArray
    waves: FloatArray

    @property
    def usable(self) -> BoolArray:
        """(n,) Which intervals lie between two normal beats."""
        return usable(self.labels, self.beats.segment)


def ecg(folder: Path, name: str) -> Ecg:
    """Return an ECG by its name: "mitdb100", "118e24", "good_4000", "polar_h10_ecg_pvc" and so on.

    Raises
    ------
    KeyError
        If there is none of that name.
    """
    if name.startswith("118"):
        return _noise_stress(folder / "nstdb118_heartpy", name)
    return _READERS[name](folder)


def breathed(folder: Path, name: str) -> Breathed:
    """Return an ECG with respiration: "bio_resting_5min_100hz", "physio_toolbox" and so on."""
    if name.startswith("bio"):
        table = _column(folder / f"neurokit_rest_eventrelated/{name}.csv", None, skip=1)
        return Breathed(table[:, 0], 100.0, table[:, -1], 100.0)
    if name == "physio_toolbox":
        with np.load(folder / "physio_toolbox_ecg_airflow/ecg1_resp1.npz") as held:
            signal, airflow = (held[key].astype(np.float64) for key in ("ecg", "airflow"))
        return Breathed(signal, 1000.0, airflow, 1000.0)
    frames = _mimic_frames(folder)
    return Breathed(frames[:, :4].ravel(), 500.0, frames[:, 5], 125.0)


@cache
def heard(folder: Path, name: str) -> Heard:
    """Return the beats of an ECG with respiration, by the names of `breathed`."""
    record = breathed(folder, name)
    state, peaks = read(record.signal, record.rate)
    beats, ends = intervals(peaks, beat_quality(state, peaks).readable)
    signals = breath_signals(qrs_waves(state, peaks), ends)
    return Heard(beats, labels(beats.rr, beats.segment), signals)


def as_written(file: Path) -> RawIntervals:
    """Return the intervals (ms) of a file, absurd ones included."""
    (raw,) = decode(START, formats.read(file).events)[1].values()
    return raw


@cache
def strap(folder: Path) -> tuple[FloatArray, float, FloatArray]:
    """Return an H10's ECG, its rate, and the intervals (ms) that the strap itself gave."""
    with (folder / "polar_h10_ecg_pvc/polar_h10.csv").open() as file:
        rows = list(csv.DictReader(file))
    time = np.array([int(row["time_ns"]) for row in rows]) / 1e9
    rate = (len(time) - 1) / (time[-1] - time[0])
    signal = np.array([float(row["ecg_mV"]) for row in rows])
    return signal, float(rate), np.array([float(row["rr_ms"]) for row in rows if row["rr_ms"]])


def alike(ours: FloatArray, theirs: FloatArray, *, skip: float = 80.0, width: int = 40) -> IntArray:
    """Return (k, 2) pairs of places in two lists of intervals (ms), in order.

    Of all ways to pair them and to leave some out the one of least cost: what the intervals of a
    pair differ by, and `skip` for each left out. Pairs lie at most `width` places apart.
    """
    rows, columns = len(ours), len(theirs)
    cost = np.full((rows + 1, columns + 1), np.inf)
    cost[0], cost[:, 0] = skip * np.arange(columns + 1), skip * np.arange(rows + 1)
    away = np.abs(ours[:, np.newaxis] - theirs)
    for i in range(1, rows + 1):
        for j in range(max(1, i - width), min(columns, i + width) + 1):
            left_out = min(cost[i - 1, j], cost[i, j - 1]) + skip
            cost[i, j] = min(cost[i - 1, j - 1] + away[i - 1, j - 1], left_out)
    return _traced(cost, away, skip)


def _traced(cost: FloatArray, away: FloatArray, skip: float) -> IntArray:
    pairs, i, j = [], len(away), away.shape[1]
    while i and j:
        if cost[i, j] == cost[i - 1, j - 1] + away[i - 1, j - 1]:
            i, j = i - 1, j - 1
            pairs.append((i, j))
        elif cost[i, j] == cost[i - 1, j] + skip:
            i -= 1
        else:
            j -= 1
    return np.array(pairs[::-1])


def format_212(raw: bytes) -> FloatArray:
    """Unpack WFDB format 212: two samples of 12 bits in three bytes."""
    parts = np.frombuffer(raw, np.uint8).astype(np.int64).reshape(-1, 3)
    samples = np.empty(2 * len(parts), np.int64)
    samples[::2] = parts[:, 0] | (parts[:, 1] & 15) << 8
    samples[1::2] = parts[:, 2] | (parts[:, 1] >> 4) << 8
    return np.where(samples > 2047, samples - 4096, samples).astype(np.float64)


def _column(path: Path, which: int | None = 0, *, skip: int = 0) -> FloatArray:
    values = np.loadtxt(path, delimiter=",", usecols=which, skiprows=skip)
    return np.asarray(values, np.float64)


def _mitdb(folder: Path) -> Ecg:
    signal = format_212((folder / "mitdb100_wfdb/100.dat").read_bytes())[::2]
    tick, code = annotated(folder / "mitdb100_wfdb/100.atr")
    return Ecg(signal, 360.0, tick[np.isin(code, BEAT_CODES)] / 360.0)


def _noise_stress(folder: Path, name: str) -> Ecg:
    return Ecg(_column(folder / f"{name}.csv"), 360.0, _column(folder / f"{name}_ann.csv") / 360.0)


def _good(folder: Path) -> Ecg:
    here = folder / "neurokit_ecg_delineation"
    lines = (here / "good_4000_annotation.csv").read_text().splitlines()
    rows = {line.split(",")[0]: line.split(",")[1:] for line in lines}
    begins, ends = (
        np.array([float(value) for value in rows[f"ECG_R_{edge}"] if value])
        for edge in ("Onsets", "Offsets")
    )
    # The first beat has no onset, the last no offset.
    half = 0.5 * np.median(ends[1:] - begins[:-1])
    beats = np.append(ends - half, begins[-1] + half) / 4000.0
    return Ecg(_column(here / "good_4000.csv", 1), 4000.0, beats)


def _bad(folder: Path) -> Ecg:
    path = folder / "neurokit_ecg_delineation/bad_500.csv"
    return Ecg(_column(path, 1, skip=1), 500.0, np.empty(0))


def _thousand(folder: Path) -> Ecg:
    path = folder / "neurokit_ecg_delineation/ecg_1000hz.csv"
    return Ecg(_column(path, skip=1), 1000.0, np.empty(0))


def _pvc(folder: Path) -> Ecg:
    """Return the strap's ECG, and its beats on that clock: sums, moved where they drift."""
    signal, rate, rr = strap(folder)
    peaks = r_peaks(signal, rate)
    pairs = alike(rr, 1000.0 * np.diff(peaks.time))
    sums = np.concatenate(([0.0], np.cumsum(rr) / 1000.0))
    offset = peaks.time[pairs[:, 1] + 1] - sums[pairs[:, 0] + 1]
    return Ecg(signal, rate, sums + np.interp(np.arange(len(sums)), pairs[:, 0] + 1, offset))


def _mimic(folder: Path) -> Ecg:
    return Ecg(_mimic_frames(folder)[:, :4].ravel(), 500.0, np.empty(0))


def _mimic_frames(folder: Path) -> FloatArray:
    raw = (folder / "mimic03700181_ecg_abp_resp/03700181.dat").read_bytes()
    return format_212(raw).reshape(-1, 6)


_READERS: dict[str, Callable[[Path], Ecg]] = {
    "mitdb100": _mitdb,
    "good_4000": _good,
    "bad_500": _bad,
    "ecg_1000hz": _thousand,
    "polar_h10_ecg_pvc": cache(_pvc),
    "mimic03700181": _mimic,
}
