"""The panel: every measure of the table over any windows, each value with what makes it credible.

Live and offline call the same `over`; a trailing window is one window of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from physio import labels as labelling
from physio import quality, uncertainty
from physio.beats import Beats, BoolArray, FloatArray, Gap, IntArray
from physio.estimate import Estimate
from physio.labels import LabelArray
from physio.measures import MEASURES, Measure
from physio.quality import Quality
from physio.windows import Windows, tiles, windows
from physio.windows import whole as whole_window

HF_BAND = (9.0, 24.0)
"""Breaths/min at the edges of the high-frequency band, 0.15 and 0.40 Hz."""

SHORTEST_BLOCK = 1.0
"""Seconds; below it a block of a recording holds no beats worth a value."""

Estimates = dict[str, tuple[Estimate, ...]]


def over(
    beats: Beats,
    labels: LabelArray | None,
    *,
    start: ArrayLike,
    end: ArrayLike,
    names: Iterable[str] | None = None,
) -> Estimates:
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

    Returns
    -------
    dict of str to tuple of Estimate
        For each name m estimates, in the order of `MEASURES`.
    """
    held = windows(beats, _usable(beats, labels), np.asarray(start), np.asarray(end))
    return _estimates(held, quality.of(held, labels), _chosen(names))


def trailing(
    beats: Beats,
    labels: LabelArray | None,
    *,
    end: float,
    names: Iterable[str] | None = None,
) -> dict[str, Estimate]:
    """Return every measure over its own trailing window that ends at `end` (s)."""
    chosen = _chosen(names)
    found: dict[str, Estimate] = {}
    for length in sorted({MEASURES[name].window for name in chosen}):
        group = [name for name in chosen if MEASURES[name].window == length]
        estimates = over(beats, labels, start=end - length, end=end, names=group)
        found |= {name: estimates[name][0] for name in group}
    return {name: found[name] for name in chosen}


def whole(
    beats: Beats,
    labels: LabelArray | None,
    gaps: Sequence[Gap],
    *,
    start: float,
    end: float,
    names: Iterable[str] | None = None,
) -> dict[str, Estimate]:
    """Return every measure of a whole recording that lasts from `start` to `end` (s).

    Time-domain values pool the intervals and differences of all segments. Breathing rate and RSA
    are medians over the full 60 s windows laid end to end in each segment. Low and high come from
    blocks laid in the same way.
    """
    chosen = _chosen(names)
    usable = _usable(beats, labels)
    everything = whole_window(beats, usable, start=start, end=end)
    judged = quality.of_whole(beats, labels, gaps, start=start, end=end)
    values: dict[str, FloatArray] = {}
    found = {}
    for name in chosen:
        measure = MEASURES[name]
        if measure.unbroken:
            found[name] = _median_over_tiles(measure, beats, labels, judged, everything)
            continue
        value = _value(measure, everything, values)
        blocks = measure.function(_tiled(beats, usable, measure.window, end - start))[None, :]
        low, high = uncertainty.interval(
            value, blocks, positive=measure.positive, limits=measure.limits
        )
        found[name] = _estimate(measure, everything, 0, judged, value[0], low[0], high[0])
    return found


def breathing_in_hf_band(rate: Estimate) -> bool | None:
    """Return whether breathing lies in the high-frequency band (0.15 to 0.40 Hz), None if unknown.

    Outside it, power in that band says nothing about breathing-linked variability.
    """
    return None if rate.value is None else HF_BAND[0] <= rate.value <= HF_BAND[1]


def _chosen(names: Iterable[str] | None) -> list[str]:
    wanted = set(MEASURES) if names is None else set(names)
    if unknown := wanted - set(MEASURES):
        raise ValueError(f"unknown measures {sorted(unknown)}; known are {list(MEASURES)}")
    return [name for name in MEASURES if name in wanted]


def _usable(beats: Beats, labels: LabelArray | None) -> BoolArray:
    if labels is None:
        return np.ones(len(beats), dtype=bool)
    return labelling.usable(labels, beats.segment)


def _estimates(held: Windows, qualities: Sequence[Quality], names: Sequence[str]) -> Estimates:
    values: dict[str, FloatArray] = {}
    cuts: dict[float, list[_Cut]] = {}
    measures = [MEASURES[name] for name in names]
    value = [_value(measure, held, values) for measure in measures]
    blocks = [_blocks(measure, held, values, cuts) for measure in measures]
    low, high = _intervals(measures, value, blocks, len(held))
    return {
        measure.name: tuple(
            _estimate(measure, held, j, judged, value[i][j], low[i, j], high[i, j])
            for j, judged in enumerate(qualities)
        )
        for i, measure in enumerate(measures)
    }


def _intervals(
    measures: Sequence[Measure], value: list[FloatArray], blocks: list[FloatArray], m: int
) -> tuple[FloatArray, FloatArray]:
    """Return the (measures, m) low and high of all measures at once."""
    most = max((block.shape[1] for block in blocks), default=1)
    spread = np.full((len(measures), m, most), np.nan)
    for i, block in enumerate(blocks):
        spread[i, :, : block.shape[1]] = block
    low, high = uncertainty.interval(
        np.ravel(value),
        spread.reshape(-1, most),
        positive=np.repeat([measure.positive for measure in measures], m),
        limits=(
            np.repeat([measure.limits[0] for measure in measures], m),
            np.repeat([measure.limits[1] for measure in measures], m),
        ),
    )
    shape = (len(measures), m)
    return low.reshape(shape), high.reshape(shape)


def _value(measure: Measure, held: Windows, values: dict[str, FloatArray]) -> FloatArray:
    """Return the measure over the windows, computing once what several measures need."""
    if measure.name not in values:
        needed = [_value(MEASURES[name], held, values) for name in measure.needs]
        values[measure.name] = measure.function(held, *needed)
    return values[measure.name]


def _blocks(
    measure: Measure, held: Windows, values: dict[str, FloatArray], cuts: dict[float, list[_Cut]]
) -> FloatArray:
    """Return the (m, k) values in the blocks of each window, NaN beyond a window's own number."""
    if measure.window not in cuts:
        cuts[measure.window] = _cuts(held, measure.window)
    result = np.full(
        (len(held), max((cut.count for cut in cuts[measure.window]), default=1)), np.nan
    )
    for cut in cuts[measure.window]:
        if measure.blocks is None:
            parts = measure.function(cut.parts).reshape(len(cut.rows), cut.count)
        else:
            rate = _value(MEASURES["breathing_rate"], held, values)
            parts = measure.blocks(cut.held, rate[cut.rows], cut.count)
        result[cut.rows, : cut.count] = parts
    return result


@dataclass(frozen=True, slots=True)
class _Cut:
    """Windows that are cut into the same number of blocks, and the blocks as windows."""

    rows: IntArray
    count: int
    held: Windows
    parts: Windows


def _cuts(held: Windows, trailing_window: float) -> list[_Cut]:
    counts = uncertainty.block_count(held.end - held.start, trailing_window)
    cuts = []
    for count in np.unique(counts).tolist():
        rows = np.flatnonzero(counts == count)
        part = held.take(rows)
        share = np.arange(count + 1) / count
        edges = part.start[:, None] + (part.end - part.start)[:, None] * share
        blocks = held.at(edges[:, :-1].ravel(), edges[:, 1:].ravel())
        cuts.append(_Cut(rows, count, part, blocks))
    return cuts


def _tiled(beats: Beats, usable: BoolArray, longest: float, duration: float) -> Windows:
    length = max(SHORTEST_BLOCK, min(longest, duration / uncertainty.FEWEST_BLOCKS))
    return windows(beats, usable, *tiles(beats, length))


def _estimate(
    measure: Measure,
    held: Windows,
    j: int,
    judged: Quality,
    value: float,
    low: float,
    high: float,
) -> Estimate:
    duration = round(float(held.end[j] - held.start[j]), 6)
    reason = _reason(measure, held, j, judged) or (None if np.isfinite(value) else measure.absent)
    if reason is not None:
        return Estimate(
            None, measure.unit, None, None, duration, judged.coverage, judged.corrected, reason
        )
    known = bool(np.isfinite(low) and np.isfinite(high))
    return Estimate(
        float(value),
        measure.unit,
        float(low) if known else None,
        float(high) if known else None,
        duration,
        judged.coverage,
        judged.corrected,
        None if known else uncertainty.TOO_FEW_BLOCKS,
    )


def _reason(measure: Measure, held: Windows, j: int, judged: Quality) -> str | None:
    """Return why the measure is withheld from window j, before anything is computed."""
    first, last = int(held.first[j]), int(held.last[j])
    segment = held.beats.segment
    if last == first:
        return quality.NO_BEATS
    if round(float(held.end[j] - held.start[j]), 6) < measure.shortest:
        return f"needs a window of at least {measure.shortest:.0f} s"
    if judged.withhold_all or (measure.hrv and judged.withhold_hrv):
        return judged.withhold_hrv
    if last - first < measure.fewest:
        return f"needs at least {measure.fewest} beats"
    if measure.unbroken and segment[first] != segment[last - 1]:
        return "a gap lies inside this window"
    return None


def _median_over_tiles(
    measure: Measure,
    beats: Beats,
    labels: LabelArray | None,
    judged: Quality,
    everything: Windows,
) -> Estimate:
    """Return the median of a measure over the full windows laid end to end in each segment."""
    start, end = tiles(beats, measure.window)
    estimates = over(beats, labels, start=start, end=end, names=[measure.name])[measure.name]
    values = np.array([[one.value for one in estimates if one.value is not None]])
    if values.size == 0:
        reasons = [one.reason for one in estimates]
        unbroken = f"needs an unbroken stretch of {measure.window:.0f} s"
        reason = max(reasons, key=reasons.count) if reasons else unbroken
        measure = replace(measure, absent=reason or unbroken)
    value = np.median(values, axis=1) if values.size else np.array([np.nan])
    low, high = uncertainty.interval(
        value, values, positive=measure.positive, limits=measure.limits
    )
    whole_measure = replace(measure, unbroken=False, shortest=0.0)
    return _estimate(whole_measure, everything, 0, judged, value[0], low[0], high[0])
