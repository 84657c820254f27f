"""Checks that live equals offline, many windows equal one by one, and nothing bridges a gap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from devices.link import LinkState
from physio import labels as labelling
from physio import panel
from physio.beats import Beats, FloatArray, IntArray
from physio.labels import LabelArray
from physio.measures import MEASURES
from physio.presets import INTERBEAT, TASK_FORCE, Preset
from physio.time import clock
from physio.values import Values
from physio.windows import whole
from pipelines.analysis import analyse, summaries
from pipelines.live import Engine
from pipelines.session import (
    AnyEvent,
    Baseline,
    Link,
    Packet,
    Source,
    SourceBeats,
    WallClock,
    beats_of,
)
from proof.validation.check import Check, Finding, small
from proof.validation.made.beats import rest, with_gaps

CLOSE = 1e-9

CUTS = 5
"""Ways in which a log is cut into calls at random."""


def _labels_in_parts(_: Path | None) -> Finding:
    rr, segment = _with_artefacts(51, 20000.0)
    at_once = labelling.labels(rr, segment)
    same = all(
        np.array_equal(at_once, _labelled_in_parts(rr, segment, cuts))
        for cuts in _random_cuts(len(rr))
    )
    told = f"{len(rr)} labels, {np.count_nonzero(at_once)} not normal, {CUTS} ways of cutting: "
    return Finding(told + ("identical" if same else "they differ"), same)


def _labelled_in_parts(rr: FloatArray, segment: IntArray, cuts: Sequence[int]) -> LabelArray:
    state, parts = labelling.START, []
    for start, end in pairwise(cuts):
        state, found = labelling.advance(state, rr[start:end], segment[start:end])
        parts.append(found)
    return np.concatenate((*parts, labelling.pending(state)))


def _clock_in_parts(_: Path | None) -> Finding:
    arrival, rr, cause = _arrivals(52)
    at_once = clock.beat_clock(arrival, rr, cause).beats
    same = all(
        _alike(at_once, _clocked_in_parts(arrival, rr, cause, cuts))
        for cuts in _random_cuts(len(rr))
    )
    told = f"{len(at_once)} beats in {at_once.segment[-1] + 1} segments, {CUTS} ways of cutting: "
    return Finding(told + ("identical" if same else "they differ"), same)


def _clocked_in_parts(
    arrival: FloatArray, rr: FloatArray, cause: IntArray, cuts: Sequence[int]
) -> Beats:
    state, parts = clock.START, []
    for start, end in pairwise(cuts):
        part = slice(start, end)
        state, settled = clock.advance(state, arrival[part], rr[part], cause[part])
        parts.append(settled.beats)
    parts.append(clock.pending(state).beats)
    return Beats(
        np.concatenate([part.time for part in parts]),
        np.concatenate([part.rr for part in parts]),
        np.concatenate([part.segment for part in parts]),
    )


def _alike(one: Beats, other: Beats) -> bool:
    return all(
        np.array_equal(getattr(one, name), getattr(other, name))
        for name in ("time", "rr", "segment")
    )


def _engine(_: Path | None) -> Finding:
    log = _log(53)
    offline = analyse(log)
    ours = beats_of(log)[0]
    worst, same = 0.0, True
    for cuts in _random_cuts(len(log), ways=2, most=20):
        engine = Engine("validation")
        for start, end in pairwise(cuts):
            engine.advance(log[start:end])
            engine.snapshot(log[max(end - 1, 0)].time)
        live = engine.beats(0)
        same &= _same_labels(live, ours) and _alike(live.beats, ours.beats)
        worst = max(worst, _apart(summaries(engine.source_beats()), offline))
    told = f"{small(worst)} at most; labels and beats " + ("identical" if same else "differ")
    values = sum(1 for line in offline[0].measures.values() if line.value is not None)
    note = f"{len(ours.beats)} beats with gaps and artefacts; {values} measures have a value."
    return Finding(told, same and worst <= CLOSE, note)


def _same_labels(one: SourceBeats, other: SourceBeats) -> bool:
    if one.labels is None or other.labels is None:
        return False
    return np.array_equal(one.labels, other.labels)


def _apart(one: object, other: object) -> float:
    """Return the largest difference of two results, relative above 1; infinite where they differ.

    Words, reasons and missing values must be the same.
    """
    pair = (_leaves(msgspec.to_builtins(value, enc_hook=repr)) for value in (one, other))
    worst = 0.0
    for left, right in zip(*pair, strict=True):
        if isinstance(left, float) and isinstance(right, float):
            worst = max(worst, abs(left - right) / max(1.0, abs(right)))
        elif left != right:
            return float("inf")
    return worst


def _leaves(value: Any) -> Iterator[object]:
    if isinstance(value, dict):
        for key in sorted(value):
            yield key
            yield from _leaves(value[key])
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _leaves(item)
    else:
        yield value


def _sliding(_: Path | None) -> Finding:
    beats, label = _broken_beats(54)
    start = np.arange(0.0, beats.time[-1] - 300.0, 45.0)
    together = panel.over(beats, label, start=start, end=start + 300.0)
    worst, where = 0.0, ""
    for j, begin in enumerate(start.tolist()):
        alone = panel.over(beats, label, start=begin, end=begin + 300.0)
        for name, estimates in together.items():
            apart = _apart(_plain(estimates[j]), _plain(alone[name][0]))
            if apart > worst:
                worst, where = apart, name
    told = f"{small(worst)} at most: {len(together)} measures in {len(start)} windows"
    return Finding(told, worst <= CLOSE, f"Largest in {where}." if where else "")


def _plain(estimate: Any) -> list[object]:
    return [estimate.value, estimate.low, estimate.high, estimate.reason]


def _no_bridge(_: Path | None) -> Finding:
    beats = rest(55, duration=3300.0)
    moved: set[str] = set()
    known: set[str] = set()
    for place in np.random.default_rng(56).integers(1, len(beats), 20).tolist():
        for preset in (INTERBEAT, TASK_FORCE):
            parts = beats[:place], beats[place:]
            one, other = (_values(_joined(*pair), preset) for pair in (parts, parts[::-1]))
            known |= {name for name in MEASURES if np.isfinite(one[name])}
            moved |= {name for name in MEASURES if _moved(one[name], other[name])}
    absent = sorted(set(MEASURES) - known)
    told = "none notices which part comes first" if not moved else f"these do: {sorted(moved)}"
    note = f"With a gap inside, these have no value at all: {', '.join(absent)}." if absent else ""
    return Finding(f"{len(known)} measures, 20 places, 2 presets: {told}", not moved, note)


def _moved(one: float, other: float) -> bool:
    if np.isnan(one) or np.isnan(other):
        return not (np.isnan(one) and np.isnan(other))
    return abs(one - other) > CLOSE * max(1.0, abs(other))


def _values(beats: Beats, preset: Preset) -> dict[str, float]:
    """Return every measure of all beats."""
    held = whole(beats, np.ones(len(beats), dtype=bool), start=0.0, end=float(beats.time[-1]))
    values = Values(held, preset)
    return {name: float(values[name][0]) for name in MEASURES}


def _joined(first: Beats, second: Beats) -> Beats:
    """Return two stretches one after the other, 10 s apart."""
    rr = np.concatenate((first.rr, second.rr))
    later = np.arange(len(rr)) >= len(first)
    return with_gaps(rr, later.astype(np.int64), gap=10.0)


def _random_cuts(n: int, *, ways: int = CUTS, most: int = 200) -> Iterator[list[int]]:
    random = np.random.default_rng(57)
    for _ in range(ways):
        inside = random.integers(0, n + 1, int(random.integers(1, most)))
        yield sorted({0, n, *inside.tolist()})


def _with_artefacts(seed: int, duration: float) -> tuple[FloatArray, IntArray]:
    """Return intervals (ms) with early and missed beats, and segments that end here and there."""
    random = np.random.default_rng(seed)
    rr = rest(seed, duration=duration).rr.copy()
    for place in random.choice(len(rr) - 1, len(rr) // 60, replace=False).tolist():
        early = random.random() < 0.5
        rr[place] += -300.0 if early else rr[place]
        rr[place + 1] += 280.0 if early else 0.0
    segment = np.cumsum(random.random(len(rr)) < 0.002).astype(np.int64)
    return np.minimum(rr, 2900.0), segment


def _broken_beats(seed: int) -> tuple[Beats, LabelArray]:
    rr, segment = _with_artefacts(seed, 2700.0)
    return with_gaps(rr, segment, gap=20.0), labelling.labels(rr, segment)


def _arrivals(seed: int, *, duration: float = 3000.0) -> tuple[FloatArray, FloatArray, IntArray]:
    """Return arrivals (s), intervals (ms) and breaks as a strap gives them, with a loss."""
    random = np.random.default_rng(seed)
    rr = _with_artefacts(seed, duration)[0]
    end = np.cumsum(rr) / 1000.0
    end[len(rr) // 2 :] += 30.0
    arrival = np.maximum.accumulate(np.ceil(end) + random.exponential(0.05, len(rr)))
    return arrival, rr, np.zeros(len(rr), np.int64)


def _log(seed: int) -> list[AnyEvent]:
    """Return the log of a session of 10 minutes, with packets of up to three intervals."""
    arrival, rr, _ = _arrivals(seed, duration=600.0)
    log: list[AnyEvent] = [WallClock(0.0, 1.7e9), Source(0.0, 0, "client", "strap")]
    edges = np.flatnonzero(np.diff(arrival, prepend=-1.0) > 0.5).tolist()
    for start, end in pairwise([*edges, len(rr)]):
        time = float(arrival[end - 1])
        log.append(Packet(time, 0, "intervals", rr[start:end].astype("<f8").tobytes()))
    lost = len(log) // 3
    log.insert(lost, Link(log[lost].time, 0, LinkState.LOST))
    log.insert(lost + 40, Baseline(log[lost + 39].time, 0, 10.0, 250.0))
    return log


STERGIOU = "Stergiou and Balakrishnan (2014), doi 10.1109/TBME.2014.2307014"

CHECKS = (
    Check(
        "labels_in_parts",
        "Final labels of beats that arrive in parts, against the whole recording's",
        "identical",
        STERGIOU,
        _labels_in_parts,
    ),
    Check(
        "clock_in_parts",
        "Beats placed in time as their packets arrive, against the whole recording's",
        "identical",
        STERGIOU,
        _clock_in_parts,
    ),
    Check(
        "live_equals_offline",
        "A session as it is lived, asked at any moment, against its log analysed afterwards",
        "labels identical, values at most 1e-9 apart",
        STERGIOU,
        _engine,
    ),
    Check(
        "sliding",
        "Every measure over many overlapping windows at once, against each window alone",
        "at most 1e-9 apart, with low, high and the reasons",
        "own goal",
        _sliding,
    ),
    Check(
        "no_bridge",
        "Every measure of two stretches with a gap between, in either order",
        "the same value, to 1e-9: what bridges the gap would see other beats beside it",
        "own goal",
        _no_bridge,
    ),
)
