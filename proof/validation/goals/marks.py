"""Checks of what is told of marks: seldom where nothing happens, mostly where something does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from physio.arousal.moments import Hours, hours, mark_changes
from physio.arousal.pooling import LEVEL, Pooled, holm, pooled
from physio.beats import Beats, FloatArray
from pipelines.formats import read
from pipelines.session import beats_of
from proof.validation.check import Check, Finding, on_recordings
from proof.validation.made import marked_hours as made

HOUR = 3600.0
"""Seconds."""

HOURS = 2000
DEVIATION = 3.5
"""Bpm: SD of the change from one minute to the next; 3.7 was found in a real hour."""

MARKS = 8
RISE = 4.0
"""Bpm by which heart rate is higher in the minute after a mark."""

APART = 130.0
"""Seconds between marks that are not clumped."""

FROM, TO = 0.035, 0.065

Placed = Callable[[np.random.Generator], FloatArray]


def _anywhere(random: np.random.Generator) -> FloatArray:
    return made.anywhere(random, MARKS, HOUR)


def _clumped(random: np.random.Generator) -> FloatArray:
    return made.clumped(random, MARKS, HOUR)


def _mixed(random: np.random.Generator) -> FloatArray:
    half = MARKS // 2
    return np.concatenate((made.anywhere(random, half, HOUR), made.clumped(random, half, HOUR)))


def _apart(random: np.random.Generator) -> FloatArray:
    return made.apart(random, MARKS, HOUR, APART)


def _of(beats: Beats) -> Hours:
    return hours(beats, None, start=0.0, end=float(beats.time[-1]))


def without_effect(count: int, placed: Placed) -> Iterator[Pooled]:
    """Yield what is told of the marks of `count` hours in which nothing comes of them."""
    for seed in range(count):
        random = np.random.default_rng(seed)
        beats = made.heard(made.wandering_rate(random, HOUR, DEVIATION), random)
        yield pooled([(_of(beats), placed(random))])


def with_effect(count: int, placed: Placed, deviation: float = DEVIATION) -> Iterator[Pooled]:
    """Yield the same where heart rate is `RISE` bpm higher in the minute after each mark."""
    for seed in range(count):
        random = np.random.default_rng(seed)
        rate, marks = made.wandering_rate(random, HOUR, deviation), placed(random)
        yield pooled([(_of(made.heard(made.raised(rate, marks, RISE), random)), marks)])


def share_different(found: Iterator[Pooled]) -> float:
    """Return how many of the labels were called different, each the only one of its person."""
    return float(np.mean([one.p is not None and one.p <= LEVEL for one in found]))


def _false(_: Path | None) -> Finding:
    kinds = {"anywhere": _anywhere, "three in 2 min": _clumped, "half and half": _mixed}
    shares = {
        kind: share_different(without_effect(HOURS, placed)) for kind, placed in kinds.items()
    }
    told = ", ".join(f"{kind} {100.0 * share:.1f} %" for kind, share in shares.items())
    return Finding(told, all(FROM <= share <= TO for share in shares.values()))


def _found(_: Path | None) -> Finding:
    share = share_different(with_effect(500, _apart))
    clumped = share_different(with_effect(500, _clumped))
    quiet, lively = (share_different(with_effect(500, _apart, by)) for by in (3.0, 4.0))
    return Finding(
        f"{100.0 * share:.0f} %",
        share >= 0.8,
        f"Where an hour changes by 3 bpm {100.0 * quiet:.0f} %, by 4 bpm {100.0 * lively:.0f} %; "
        f"of marks that come three in 2 min {100.0 * clumped:.0f} %.",
    )


def _held(_: Path | None) -> Finding:
    found = list(with_effect(500, _apart))
    bands = [(one.low, one.high) for one in found if one.low is not None and one.high is not None]
    share = np.mean([low <= RISE <= high for low, high in bands])
    return Finding(f"{100.0 * share:.0f} %", bool(share >= 0.92))


def _family(_: Path | None) -> Finding:
    """Call any of three labels of one hour different, where nothing comes of any."""
    wrong = []
    for seed in range(HOURS):
        random = np.random.default_rng(seed)
        one = _of(made.heard(made.wandering_rate(random, HOUR, DEVIATION), random))
        found = [pooled([(one, placed(random))]) for placed in (_anywhere, _clumped, _mixed)]
        chance = holm([each.p for each in found if each.p is not None])
        wrong.append(bool(np.any(chance <= LEVEL)))
    share = float(np.mean(wrong))
    return Finding(f"{100.0 * share:.1f} %", share <= TO)


def _alone(_: Path | None) -> Finding:
    said, high = 0, []
    for seed in range(500):
        random = np.random.default_rng(seed)
        beats = made.heard(made.wandering_rate(random, HOUR, DEVIATION), random)
        mark = made.anywhere(random, 1, HOUR)
        crowd = mark + np.array([0.0, 1.0, 30.0, 60.0, 90.0, 119.0])
        said += sum(pooled([(_of(beats), each)]).change is not None for each in (mark, crowd))
        (found,) = mark_changes(beats, None, mark, start=0.0, end=float(beats.time[-1]))
        high.append(found.percentile is not None and found.percentile >= 95.0)
    return Finding(
        f"{said} of 1000",
        said == 0,
        f"Percentiles of 95 and more, up or down: {100.0 * np.mean(high):.0f} % of single marks, "
        "where 10 % are due.",
    )


LONG = (
    "elite_hrv_txt/2017-06-29 13-11-53.txt",
    "wearable_hrv_multidevice/test_vu.txt",
    "pyhrv_nni/SampleNNISeriesLong.npy",
    "rhrvbook_rr/nsr020_3h.txt",
    "rhrvbook_rr/chf205_3h.txt",
)
"""Recordings of three quarters of an hour and more."""


def _real(recordings: Path) -> Finding:
    """Call marks different that lie anywhere in a real recording, and tell how much it changes."""
    shares, spreads = {}, {}
    for number, file in enumerate(LONG):
        (found,) = beats_of(read(recordings / file).events)
        start, end = found.span
        one = hours(found.beats, found.labels, start=start, end=end)
        random, name = np.random.default_rng(number), Path(file).stem
        places = (start + made.clumped(random, MARKS, end - start) for _ in range(1000))
        shares[name] = share_different(pooled([(one, marks)]) for marks in places)
        spreads[name] = float(np.nanstd(one.change))
    called = ", ".join(f"{name} {100.0 * share:.1f} %" for name, share in shares.items())
    changes = ", ".join(f"{name} {spread:.1f}" for name, spread in spreads.items())
    return Finding(
        called,
        all(share <= TO for share in shares.values()),
        f"SD of the change from one minute to the next, in bpm: {changes}.",
    )


OURS = "none is published; simulated hours whose minutes change by 3.5 bpm (SD), as real ones do"

CHECKS = (
    Check(
        "marks_false",
        "Marks of one label after which nothing happens are seldom called different, "
        f"{HOURS} hours with {MARKS} marks of each kind",
        "3.5 to 6.5 % each",
        OURS,
        _false,
    ),
    Check(
        "marks_real",
        f"Nor are {MARKS} marks that mean nothing in a real recording, three in 2 min, 1000 times",
        "at most 6.5 % each",
        OURS,
        on_recordings(_real),
    ),
    Check(
        "marks_family",
        "Nor is any of three such labels of one person (Holm 1979)",
        "at most 6.5 %",
        OURS,
        _family,
    ),
    Check(
        "marks_found",
        f"{MARKS} marks, {APART:.0f} s apart at least, with {RISE:.0f} bpm more in the minute "
        "after are called a rise",
        "at least 80 %",
        OURS,
        _found,
    ),
    Check(
        "marks_band",
        "Low and high of their change hold what was put in",
        "at least 92 %",
        OURS,
        _held,
    ),
    Check(
        "marks_alone",
        "One mark, or six whose minutes overlap, is never called an effect",
        "0 of 1000",
        OURS,
        _alone,
    ),
)
