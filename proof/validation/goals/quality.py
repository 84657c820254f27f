"""Checks of what is withheld: windows with too little in them, a rhythm too irregular for HRV."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from physio import labels as labelling
from physio import panel, quality
from physio.beats import LONGEST_INTERVAL, Beats, BoolArray, FloatArray
from physio.labels import LabelArray
from physio.locked_rhythm import Lock, locks
from physio.measures import MEASURES
from physio.quality import Quality, Verdict
from pipelines.words import reason_in_english
from proof.validation.check import Check, Finding, on_recordings
from proof.validation.given import rest
from proof.validation.given.recordings import heard, strap
from proof.validation.made import beats as synthetic
from proof.validation.made.artefacts import percent, unpaced
from proof.validation.made.locked import INTERPOLATED, PAUSE, RESET, in_step, locked

VEST = "Vest et al. (2018), doi 10.1088/1361-6579/aae021"

GOING_ON = 1.2
"""Seconds, longer than any interval of the rest that is used here."""

RESTS, STEPS = 6, 4
"""Stretches of rest that a rhythm is planted in, and of breathing in step, of each kind."""

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


def _judged(rr: FloatArray) -> Quality:
    beats = synthetic.from_intervals(rr[np.cumsum(rr) <= 300e3])
    return _whole(beats, labelling.labels(beats.rr, beats.segment))


def _good(kind: str, periods: range, sizes: tuple[float, ...]) -> BoolArray:
    """Return which five minutes of rest read good though every k-th beat is early."""
    rests = [unpaced(seed, duration=320.0) for seed in range(RESTS)]
    return np.array(
        [
            _judged(locked(calm, k, early=early, kind=kind, phase=i % k)).verdict is Verdict.GOOD
            for k in periods
            for early in sizes
            for i, calm in enumerate(rests)
        ]
    )


def _locked(_: Path | None) -> Finding:
    sizes = (0.08, 0.1, 0.15, 0.2, 0.3, 0.4)
    early = np.concatenate([_good(kind, range(2, 13), sizes) for kind in (PAUSE, RESET)])
    between = _good(INTERPOLATED, range(2, 13), (0.25, 0.35, 0.45, 0.5))
    return Finding(
        f"{early.sum()} of {len(early)} good; interpolated {between.sum()} of {len(between)}",
        not early.any() and between.mean() <= 0.05,
        "Early by 8 to 40 % of the interval, with a full pause after it or the rhythm anew; the "
        "others lie a quarter to half of an interval before the next beat.",
    )


def _doubted(periods: range, swings: tuple[float, ...], *, off: float = 0.0) -> BoolArray:
    """Return whether clean paced breathing in step with every k-th beat is not judged good."""
    made = (
        in_step(k, swing, seed=1000 * k + seed, off=off)
        for k in periods
        for swing in swings
        for seed in range(STEPS)
    )
    return np.array([locks(beats, beats.time[-1:])[0] != Lock.NONE for beats in made])


def _in_step(_: Path | None) -> Finding:
    deep = _doubted(range(5, 13), (100.0, 150.0, 200.0))
    flat = _doubted(range(5, 13), (20.0, 35.0, 50.0))
    beside = [_doubted(range(3, 5), (50.0, 100.0, 150.0), off=off) for off in (-0.01, 0.01)]
    exact = _doubted(range(3, 5), (100.0, 150.0))
    off = np.concatenate(beside)
    return Finding(
        f"k 5 to 12: {percent(deep.mean())} of {len(deep)} from 100 ms on, "
        f"{percent(flat.mean())} of {len(flat)} up to 50 ms; "
        f"k 3 and 4, 1 % beside: {percent(off.mean())} of {len(off)}",
        deep.mean() <= 0.01 and flat.mean() <= 0.02 and off.mean() <= 0.01,
        f"Exactly in step with every third or fourth beat, {percent(exact.mean())} of "
        f"{len(exact)} are said to be breathing or a rhythm.",
    )


def _real_windows(recordings: Path) -> Finding:
    windows = refused = unclear = 0
    for rr in (*rest.looked_at(recordings).values(), *rest.unseen(recordings).values()):
        kept = rr[(rr >= labelling.SHORTEST_INTERVAL) & (rr <= LONGEST_INTERVAL)]
        beats = synthetic.from_intervals(kept)
        found = locks(beats, np.arange(300.0, beats.time[-1], 60.0))
        windows += len(found)
        refused += int((found == Lock.LOCKED).sum())
        unclear += int((found == Lock.UNCLEAR).sum())
    return Finding(
        f"{refused} refused, {unclear} unclear, of {windows}", refused == 0 and unclear == 0
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
        "quality_locked",
        "A rhythm with every k-th beat early, k from 2 to 12, is never good",
        "none good; at most 5 % of those interpolated",
        "none",
        _locked,
    ),
    Check(
        "quality_in_step",
        "Clean paced breathing at the heart rate over k is breathing",
        "refused or doubted in at most 1 % for k from 5 on (2 % up to 50 ms), and for k 3 and 4 "
        "where the pace is 1 % beside it",
        "none",
        _in_step,
    ),
    Check(
        "quality_locked_real",
        "Five minutes of real rest are no locked rhythm",
        "none of the windows",
        "none",
        on_recordings(_real_windows),
    ),
    Check(
        "quality_deep_breathing",
        "Slow deep breathing (ECG with airflow, 6.3 breaths/min) is no artefact",
        "at most 2 % of the intervals labelled, verdict good",
        "none",
        on_recordings(_deep_breathing),
    ),
)
