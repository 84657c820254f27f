"""Checks against the published output of the PhysioNet Cardiovascular Signal Toolbox.

Two records of the MIT-BIH Normal Sinus Rhythm RR Interval Database, in windows of 300 s.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from physio.beats import Beats, BoolArray, FloatArray
from physio.hrv import entropy, poincare, time_domain
from physio.windows import Windows, windows
from proof.validation import plain
from proof.validation.check import Check, Finding, furthest, on_recordings
from proof.validation.given.annotations import NORMAL, annotated
from proof.validation.goals.quality import VEST
from proof.validation.made.beats import every_beat

FOLDER = "nsr2db_physionet_toolbox"
TICKS = 125.0
"""A second, as the published output was computed; the records themselves have 128."""

SHORTEST, LONGEST = 300.0, 1600.0
"""Milliseconds between which the toolbox takes an interval for normal."""

COLUMNS: dict[str, tuple[str, Callable[[Windows], FloatArray]]] = {
    "mean": ("NNmean", time_domain.mean_rr),
    "SDNN": ("SDNN", time_domain.sdnn),
    "RMSSD": ("RMSSD", time_domain.rmssd),
    "SD1": ("SD1", poincare.sd1),
    "SD2": ("SD2", poincare.sd2),
}
"""Our name, the toolbox's column and our function."""


def _time_domain(recordings: Path, record: str) -> Finding:
    every, normal = _intervals(recordings, record)
    reference = _reference(recordings, record)
    edges = reference["t_start"], reference["t_end"]
    held = every_beat(_in_a_row(every, normal), *edges)
    apart = {
        name: _apart(measure(held), reference[column])
        for name, (column, measure) in COLUMNS.items()
    }
    median = {name: float(np.median(errors)) for name, errors in apart.items()}
    strict = _apart(time_domain.rmssd(windows(every, normal, *edges)), reference["RMSSD"])
    close = int(np.sum(np.max([apart[name] for name in COLUMNS], axis=0) <= 1e-4))
    note = (
        f"All five within 1e-4 in {close} of {len(held)} windows; in the others the toolbox leaves "
        "out more as outliers. It takes differences across beats it left out, and so we do here; "
        f"by our own rule, that nothing bridges them, the RMSSD is {np.median(strict):.1e} apart."
    )
    told = ", ".join(f"{name} {error:.1e}" for name, error in median.items())
    return Finding(told, furthest(median.values()) <= 1e-5, note)


def _sampen(recordings: Path) -> Finding:
    every, normal = _intervals(recordings, "nsr004")
    reference = _reference(recordings, "nsr004")
    held = every_beat(_in_a_row(every, normal), reference["t_start"], reference["t_end"])
    theirs = np.array([_their_sampen(held, which) for which in range(len(held))])
    again = float(np.median(np.abs(theirs - reference["SampEn"])))
    ours = entropy.sampen(held, tolerance=0.15)
    own = float(np.median(_apart(ours, reference["SampEn"])))
    note = (
        'Its rules: all templates of either length, "<", r = 0.15 SD. '
        f"By ours, the same N - m templates for both lengths and <=, with that r, "
        f"{own:.1e} of the value."
    )
    return Finding(f"{again:.1e}", again <= 5e-5, note)


def _their_sampen(held: Windows, which: int) -> float:
    rr = held.beats.rr[held.first[which] : held.last[which]]
    return plain.sample_entropy_of_all(rr, 0.15 * float(rr.std(ddof=1)))


def _apart(ours: FloatArray, theirs: FloatArray) -> FloatArray:
    """Return the relative difference of each window."""
    return np.abs(ours - theirs) / np.abs(theirs)


def _intervals(recordings: Path, record: str) -> tuple[Beats, BoolArray]:
    """Return the intervals that end in each annotation, and which of them are normal.

    They lie on the clock of the toolbox, which begins with the first annotation.
    """
    tick, code = annotated(recordings / FOLDER / f"{record}.ecg")
    time = (tick - tick[0]) / TICKS
    rr = 1000.0 * np.diff(time)
    normal = (code[1:] == NORMAL) & (code[:-1] == NORMAL) & (rr > SHORTEST) & (rr < LONGEST)
    return Beats.of_any_length(time[1:], rr, np.zeros(len(rr), np.int64)), normal


def _in_a_row(beats: Beats, kept: BoolArray) -> Beats:
    """Return the intervals kept as if nothing had lain between them."""
    return Beats(beats.time[kept], beats.rr[kept], beats.segment[kept])


def _reference(recordings: Path, record: str) -> dict[str, FloatArray]:
    with (recordings / FOLDER / f"reference_{record}.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = [name for name in rows[0] if name != "patID"]
    return {name: np.array([float(row[name] or "nan") for row in rows]) for name in names}


OUTPUT = f"reference output of the PhysioNet Cardiovascular Signal Toolbox: {VEST}"

CHECKS = (
    *(
        Check(
            f"toolbox_{record}",
            f"24 h of {record} in windows of 300 s: mean, SDNN, RMSSD, SD1, SD2",
            "median relative difference at most 1e-5",
            OUTPUT,
            on_recordings(partial(_time_domain, record=record)),
        )
        for record in ("nsr001", "nsr004")
    ),
    Check(
        "toolbox_sampen",
        "Sample entropy of nsr004 in the same windows, by the toolbox's rules",
        "median difference at most 5e-5, half the last digit there",
        OUTPUT,
        on_recordings(_sampen),
    ),
)
