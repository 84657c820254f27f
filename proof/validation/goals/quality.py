"""Checks of what is withheld: windows with too little in them, a rhythm too irregular for HRV."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from physio import labels as labelling
from physio import panel, quality
from physio.beats import Beats, BoolArray, FloatArray
from physio.labels import LabelArray
from physio.measures import MEASURES
from physio.quality import Quality, Verdict
from pipelines.words import reason_in_english
from proof.validation.check import Check, Finding, on_recordings
from proof.validation.given.recordings import heard, strap
from proof.validation.made import beats as synthetic
from proof.validation.made.artefacts import percent

VEST = "Vest et al. (2018), doi 10.1088/1361-6579/aae021"

GOING_ON = 1.2
"""Seconds, longer than any interval of the rest that is used here."""

DISEASES = ("fibrillation", "flutter", "arrhythmi", "tachycardia", "bradycardia", "block", "ectop")
"""Parts of words that name one."""


def _with_holes(clean: Beats, seed: int) -> tuple[Beats, BoolArray]:
    """Return the beats that holes of 1 to 40 leave, about one a minute, and which they took."""
    random = np.random.default_rng(seed)
    lost = np.zeros(len(clean), dtype=bool)
    for place in random.integers(0, len(clean), len(clean) // 67).tolist():
        lost[place : place + int(random.integers(1, 41))] = True
    segment = np.cumsum(lost, dtype=np.int64)
    return Beats(clean.time[~lost], clean.rr[~lost], segment[~lost]), lost


def _missing(clean: Beats, lost: BoolArray, start: FloatArray, length: float) -> FloatArray:
    """Return the share of each window that lost intervals took, counting those wholly inside.

    Those in the last `GOING_ON` seconds are not: a window does not know of the interval that goes
    on when it ends, so it cannot tell whether that is lost.
    """
    before = np.concatenate(([0.0], np.cumsum(np.where(lost, clean.rr, 0.0)))) / 1000.0
    first = np.searchsorted(clean.start, start)
    last = np.searchsorted(clean.time, start + length - GOING_ON, side="right")
    return (before[last] - before[first]) / length


def _gate(_: Path | None) -> Finding:
    clean = synthetic.rest(0, duration=10800.0)
    beats, lost = _with_holes(clean, 0)
    names = [measure.name for measure in MEASURES.values() if measure.hrv]
    cases = shown = 0
    for length in (60.0, 300.0):
        start = np.arange(0.0, 10800.0 - length, 20.0)
        start = start[_missing(clean, lost, start, length) > quality.NONE_ABOVE / 100.0]
        found = panel.over(beats, None, start=start, end=start + length, names=names)
        cases += len(start)
        shown += sum(int(np.isfinite(many.value).sum()) for many in found.values())
    return Finding(f"{shown} values shown in {cases} windows", cases >= 300 and shown == 0)


def _whole(beats: Beats, label: LabelArray) -> Quality:
    start, end = float(beats.start[0]), float(beats.time[-1])
    return quality.of_whole(beats, label, (), start=start, end=end)


def _irregular(recordings: Path) -> Finding:
    beats = synthetic.from_intervals(strap(recordings)[2])
    label = labelling.labels(beats.rr, beats.segment)
    judged = _whole(beats, label)
    held = judged.verdict is Verdict.NONE and judged.withhold_hrv == quality.IRREGULAR
    told = "" if judged.reason is None else reason_in_english(judged.reason)
    named = [part for part in DISEASES if part in told.lower()]
    return Finding(
        f'verdict {judged.verdict}, "{told}"',
        held and not named,
        f"{judged.irregular:.1f} % of the pairs of changes alternate widely, above 15 % none is "
        f"given; only {judged.corrected:.1f} % of the intervals bear a label.",
    )


def _deep_breathing(recordings: Path) -> Finding:
    known = heard(recordings, "physio_toolbox")
    beats, judged = known.beats, _whole(known.beats, known.labels)
    return Finding(
        f"{percent(judged.corrected / 100.0)} of {len(beats)} labelled, verdict {judged.verdict}",
        judged.corrected <= 2.0 and judged.verdict is Verdict.GOOD,
        f"Its intervals go from {beats.rr.min():.0f} to {beats.rr.max():.0f} ms.",
    )


CHECKS = (
    Check(
        "quality_too_little",
        "A window that lacks more than 15 % shows no variability",
        "no value, in every case",
        f"windows with more than 15 % missing are dropped: {VEST}",
        _gate,
    ),
    Check(
        "quality_irregular",
        "A rhythm with every third beat early is refused in words, and no disease is named",
        f'verdict none, "{reason_in_english(quality.IRREGULAR)}"',
        "none",
        on_recordings(_irregular),
    ),
    Check(
        "quality_deep_breathing",
        "Slow deep breathing (ECG with airflow, 6.3 breaths/min) is no artefact",
        "at most 2 % of the intervals labelled, verdict good",
        "none",
        on_recordings(_deep_breathing),
    ),
)
