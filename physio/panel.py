"""The panel: every measure of the table over any windows, each value with what makes it credible.

Live and offline call the same `over`; a trailing window is one window of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import inf, isnan
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from physio import labels as labelling
from physio import quality, uncertainty
from physio.beats import Beats, BoolArray, FloatArray, Gap
from physio.estimate import Estimate, Estimates
from physio.labels import LabelArray
from physio.measures import MEASURES, Measure
from physio.presets import INTERBEAT, Preset
from physio.values import Parts, Values
from physio.windows import Windows, tiles, windows
from physio.windows import whole as whole_window
from physio.withholding import Grounds, Reasons, grounds, grounds_of_whole

HF_BAND = (9.0, 24.0)
"""Breaths/min at the edges of the high-frequency band, 0.15 and 0.40 Hz."""

SHORTEST_BLOCK = 1.0
"""Seconds; below it a block of a recording holds no beats worth a value."""


def over(
    beats: Beats,
    labels: LabelArray | None,
    *,
    start: ArrayLike,
    end: ArrayLike,
    names: Iterable[str] | None = None,
    preset: Preset = INTERBEAT,
    breath: FloatArray | None = None,
) -> dict[str, Estimates]:
    """Return every measure over each of m windows.

    Parameters
    ----------
    beats : Beats
        Beats of the recording, or of any part of it that reaches 11 beats before the windows.
    labels : (n,) int8 or None
        A label for each interval; None to use all intervals as they are.
    start, end : (m,) float
        Edges of the windows in s on the session clock; a window holds the intervals that end in
        (start, end].
    names : iterable of str, optional
        Names of `MEASURES`, all unless given.
    preset : Preset
        The conventions.
    breath : (n,) float, optional
        How full the lungs are at the end of each interval, in any unit, NaN where not known; the
        phase of the heartbeat's swing is measured against it.

    Returns
    -------
    dict of str to Estimates
        For each name m estimates, in the order of `MEASURES`.
    """
    held = windows(beats, _usable(beats, labels), np.asarray(start), np.asarray(end))
    values = Values(held, preset, breath=breath)
    found = [_found(measure, values) for measure in _chosen(names)]
    return _estimates(found, grounds(held, labels))


def trailing(
    beats: Beats,
    labels: LabelArray | None,
    *,
    end: float,
    names: Iterable[str] | None = None,
    preset: Preset = INTERBEAT,
) -> dict[str, Estimate]:
    """Return every measure over its own trailing window that ends at `end` (s)."""
    chosen = _chosen(names)
    lengths = sorted({measure.window for measure in chosen})
    held = windows(beats, _usable(beats, labels), end - np.array(lengths), [end] * len(lengths))
    values = [Values(held.take(np.array([row])), preset) for row in range(len(lengths))]
    rows = [lengths.index(measure.window) for measure in chosen]
    found = [_found(measure, values[row]) for measure, row in zip(chosen, rows, strict=True)]
    return _singly(found, grounds(held, labels).for_each(rows))


def whole(
    beats: Beats,
    labels: LabelArray | None,
    gaps: Sequence[Gap],
    *,
    start: float,
    end: float,
    names: Iterable[str] | None = None,
    preset: Preset = INTERBEAT,
    breath: FloatArray | None = None,
) -> dict[str, Estimate]:
    """Return every measure of a whole recording that lasts from `start` to `end` (s).

    It pools what the segments hold: intervals and differences, boxes and templates, spectra. What
    speaks of one rhythm is a median over short windows laid end to end in each segment: breathing
    and RSA over minutes, regularity over its 64 s. Low and high come from blocks laid in the same
    way.
    """
    everything = whole_window(beats, _usable(beats, labels), start=start, end=end)
    judged = quality.of_whole(beats, labels, gaps, start=start, end=end)
    values = Values(everything, preset, breath=breath)
    lengths: dict[float, Parts] = {}
    found = [
        _medians(measure, everything, labels, preset)
        if measure.whole_up_to == inf
        else _pooled(measure, values, lengths)
        for measure in _chosen(names)
    ]
    return _singly(found, grounds_of_whole(everything, judged))


def breathing_in_hf_band(rate: Estimate) -> bool | None:
    """Return whether breathing lies in the high-frequency band (0.15 to 0.40 Hz), None if unknown.

    Outside it, power in that band says nothing about breathing-linked variability.
    """
    return None if rate.value is None else HF_BAND[0] <= rate.value <= HF_BAND[1]


def _chosen(names: Iterable[str] | None) -> list[Measure]:
    wanted = set(MEASURES) if names is None else set(names)
    if unknown := wanted - set(MEASURES):
        raise ValueError(f"unknown measures {sorted(unknown)}; known are {list(MEASURES)}")
    return [measure for name, measure in MEASURES.items() if name in wanted]


def _usable(beats: Beats, labels: LabelArray | None) -> BoolArray:
    if labels is None:
        return np.ones(len(beats), dtype=bool)
    return labelling.usable(labels, beats.segment)


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What a measure says of m windows.

    Attributes
    ----------
    measure : Measure
        Its row of the table.
    value : (m,) float
        NaN where it has none.
    blocks : (m, b) float
        Values of blocks of each window, NaN where there is none.
    length : (m,) float
        Of a block in s.
    """

    measure: Measure
    value: FloatArray
    blocks: FloatArray
    length: FloatArray


def _found(measure: Measure, values: Values) -> Found:
    return Found(measure, *values.with_blocks(measure), values.block_length(measure))


def _estimates(found: Sequence[Found], ground: Grounds) -> dict[str, Estimates]:
    """Return m estimates of each measure."""
    if not found:
        return {}
    each = zip(found, *_columns(found, ground), strict=True)
    return {one.measure.name: Estimates(one.measure.unit, *row) for one, *row in each}


def _singly(found: Sequence[Found], ground: Grounds) -> dict[str, Estimate]:
    """Return the one estimate of each measure."""
    if not found:
        return {}
    *numbers, words = _columns(found, ground)
    told = (_known(column[:, 0].tolist()) for column in numbers)
    each = zip(found, *told, words, strict=True)
    return {
        one.measure.name: Estimate(value, one.measure.unit, *row, *reason)
        for one, value, *row, reason in each
    }


def _known(values: list[float]) -> list[float | None]:
    return [None if isnan(value) else value for value in values]


def _columns(found: Sequence[Found], ground: Grounds) -> tuple[Any, ...]:
    """Return what `Estimates` takes after the unit, a row for each measure.

    What is withheld is NaN and has its reason.
    """
    value = np.array([one.value for one in found])
    low, high = _intervals(found, value, _for_each(ground.kept, value))
    reason = ground.reasons([one.measure for one in found])
    kept = (reason == "") & np.isfinite(value)
    known = kept & np.isfinite(low) & np.isfinite(high)
    return (
        np.where(kept, value, np.nan),
        np.where(known, low, np.nan),
        np.where(known, high, np.nan),
        *(_for_each(column, value) for column in ground.told),
        _words([one.measure for one in found], reason, kept, known),
    )


def _for_each(column: FloatArray, value: FloatArray) -> FloatArray:
    """Return (k, m) a column of `Grounds` beside the values of k measures."""
    return column if column.shape == value.shape else np.broadcast_to(column, value.shape)


def _words(
    measures: Sequence[Measure], reason: Reasons, kept: BoolArray, known: BoolArray
) -> list[tuple[str | None, ...]]:
    """Return for each measure why a value, or else its low and high, are not told."""
    words = np.where(kept, uncertainty.TOO_FEW_BLOCKS, reason)
    words[known] = None
    absent = words == ""
    for i in absent.any(axis=1).nonzero()[0].tolist():
        words[i, absent[i]] = measures[i].absent
    return [tuple(row) for row in words.tolist()]


def _intervals(found: Sequence[Found], value: FloatArray, kept: FloatArray) -> FloatArray:
    """Return (2, k, m) low and high of k measures, those with equally many blocks at once."""
    counts = [one.blocks.shape[1] for one in found]
    edges = np.empty((2, *kept.shape))
    for count in set(counts):
        rows = [row for row, other in enumerate(counts) if other == count]
        edges[:, rows] = _interval([found[row] for row in rows], value[rows], kept[rows])
    return edges


def _interval(
    found: Sequence[Found], value: FloatArray, kept: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return (k, m) low and (k, m) high."""
    measures = [one.measure for one in found]
    positive, wanders, low, high = np.array(
        [(one.positive, one.wanders, *one.limits) for one in measures]
    ).T[..., np.newaxis]
    return uncertainty.interval(
        value,
        np.array([one.blocks for one in found]),
        positive=positive != 0.0,
        limits=(low, high),
        length=np.array([one.length for one in found]),
        wanders=wanders != 0.0,
        kept=kept,
    )


def _pooled(measure: Measure, values: Values, lengths: dict[float, Parts]) -> Found:
    """Return a measure of a whole recording, from all that its segments hold.

    Low and high come from blocks laid end to end in each segment.
    """
    if measure.blocks is not None:
        return _found(measure, values)
    duration = values.windows.end - values.windows.start
    length = np.clip(duration / uncertainty.FEWEST_BLOCKS, SHORTEST_BLOCK, measure.window)
    key = float(length[0])
    if key not in lengths:
        lengths[key] = _tiled(values, key)
    return Found(measure, values[measure.name], lengths[key][measure.name][np.newaxis], length)


def _tiled(values: Values, length: float) -> Parts:
    """Return the measures of windows of `length` s laid end to end in each segment."""
    held = values.windows
    parts = held.at(*tiles(held.beats, length))
    return Parts(values, parts, np.zeros(len(parts), np.int64))


def _medians(
    measure: Measure, everything: Windows, labels: LabelArray | None, preset: Preset
) -> Found:
    """Return the median of a measure over the full windows laid end to end in each segment."""
    held = everything.at(*tiles(everything.beats, measure.window))
    values = Values(held, preset)[measure.name]
    reason = grounds(held, labels).reasons([measure])[0]
    reason[(reason == "") & ~np.isfinite(values)] = measure.absent
    kept = values[reason == ""]
    value = np.median(kept, keepdims=True) if kept.size else np.array([np.nan])
    length = np.array([measure.window])
    return Found(_of_a_recording(measure, reason.tolist()), value, kept[np.newaxis], length)


def _of_a_recording(measure: Measure, reasons: list[str]) -> Measure:
    """Return the measure as it holds for a recording: what its windows lack most is its reason."""
    unbroken = f"needs an unbroken stretch of {measure.window:.0f} s"
    absent = max(reasons, key=reasons.count) if reasons else unbroken
    return replace(measure, whole_up_to=0.0, shortest=0.0, absent=absent or unbroken)
