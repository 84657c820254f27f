"""The panel: every measure of the table over any windows, each value with what makes it credible.

Live and offline call the same `over`; a trailing window is one window of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import inf

import numpy as np
from numpy.typing import ArrayLike

from physio import labels as labelling
from physio import quality, uncertainty
from physio.beats import Beats, BoolArray, FloatArray, Gap
from physio.estimate import Estimate, Estimates
from physio.labels import LabelArray
from physio.measure import Measure
from physio.measures import MEASURES
from physio.presets import INTERBEAT, Preset
from physio.values import Parts, Values
from physio.windows import tiles, windows
from physio.windows import whole as whole_window
from physio.withholding import Grounds, grounds

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
    ground = grounds(held, quality.of(held, labels))
    values = Values(held, preset, breath=breath)
    measures = [MEASURES[name] for name in _chosen(names)]
    value = [values[measure.name] for measure in measures]
    low, high = _intervals(measures, ground, value, [values.blocks(one) for one in measures])
    return {
        measure.name: _estimates(measure, ground, value[i], low[i], high[i])
        for i, measure in enumerate(measures)
    }


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
    found: dict[str, Estimate] = {}
    for length in sorted({MEASURES[name].window for name in chosen}):
        group = [name for name in chosen if MEASURES[name].window == length]
        estimates = over(beats, labels, start=end - length, end=end, names=group, preset=preset)
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
    ground = grounds(everything, (quality.of_whole(beats, labels, gaps, start=start, end=end),))
    values = Values(everything, preset, breath=breath)
    lengths: dict[float, Parts] = {}
    found = {}
    for name in _chosen(names):
        measure = MEASURES[name]
        if measure.whole_up_to == inf:
            found[name] = _medians(measure, beats, labels, ground, preset)[0]
        else:
            found[name] = _pooled(measure, values, ground, lengths)[0]
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


def _intervals(
    measures: Sequence[Measure],
    ground: Grounds,
    value: Sequence[FloatArray],
    blocks: Sequence[FloatArray],
) -> tuple[FloatArray, FloatArray]:
    """Return the (measures, m) low and high of all measures at once."""
    m = len(ground.duration)
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
        length=np.ravel([_block_length(measure, ground.duration) for measure in measures]),
        kept=np.tile(ground.kept, len(measures)),
    )
    shape = (len(measures), m)
    return low.reshape(shape), high.reshape(shape)


def _block_length(measure: Measure, duration: FloatArray) -> FloatArray:
    return np.asarray(duration / uncertainty.block_count(duration, measure.window))


def _estimates(
    measure: Measure, ground: Grounds, value: FloatArray, low: FloatArray, high: FloatArray
) -> Estimates:
    """Return the estimates of one measure: what is withheld is NaN and has its reason."""
    reason = ground.reasons(measure)
    kept = (reason == "") & np.isfinite(value)
    known = kept & np.isfinite(low) & np.isfinite(high)
    reason[(reason == "") & ~kept] = measure.absent
    reason[kept & ~known] = uncertainty.TOO_FEW_BLOCKS
    return Estimates(
        measure.unit,
        np.where(kept, value, np.nan),
        np.where(known, low, np.nan),
        np.where(known, high, np.nan),
        ground.duration,
        ground.coverage,
        ground.corrected,
        tuple(words or None for words in reason),
    )


def _pooled(
    measure: Measure, values: Values, ground: Grounds, lengths: dict[float, Parts]
) -> Estimates:
    """Return a measure of a whole recording, from all that its segments hold."""
    value = values[measure.name]
    length, blocks = _blocks_of_whole(measure, values, lengths)
    low, high = uncertainty.interval(
        value,
        blocks,
        positive=measure.positive,
        limits=measure.limits,
        length=length,
        kept=ground.kept,
    )
    return _estimates(measure, ground, value, low, high)


def _blocks_of_whole(
    measure: Measure, values: Values, lengths: dict[float, Parts]
) -> tuple[float, FloatArray]:
    """Return the length in s and (1, k) the values of blocks laid end to end in each segment."""
    held = values.windows
    duration = held.end - held.start
    if measure.blocks is not None:
        return float(_block_length(measure, duration)[0]), values.blocks(measure)
    quarter = float(duration[0]) / uncertainty.FEWEST_BLOCKS
    length = max(min(measure.window, quarter), SHORTEST_BLOCK)
    if length not in lengths:
        lengths[length] = _tiled(values, length)
    return length, lengths[length][measure.name][np.newaxis]


def _tiled(values: Values, length: float) -> Parts:
    """Return the measures of windows of `length` s laid end to end in each segment."""
    held = values.windows
    parts = held.at(*tiles(held.beats, length))
    return Parts(values, parts, np.zeros(len(parts), np.int64))


def _medians(
    measure: Measure, beats: Beats, labels: LabelArray | None, ground: Grounds, preset: Preset
) -> Estimates:
    """Return the median of a measure over the full windows laid end to end in each segment."""
    start, end = tiles(beats, measure.window)
    found = over(beats, labels, start=start, end=end, names=[measure.name], preset=preset)
    tile = found[measure.name]
    values = tile.value[np.isfinite(tile.value)][np.newaxis]
    value = np.median(values, axis=1) if values.size else np.array([np.nan])
    low, high = uncertainty.interval(
        value,
        values,
        positive=measure.positive,
        limits=measure.limits,
        length=measure.window,
        kept=ground.kept,
    )
    return _estimates(_of_a_recording(measure, tile.reason), ground, value, low, high)


def _of_a_recording(measure: Measure, reasons: tuple[str | None, ...]) -> Measure:
    """Return the measure as it holds for a recording: what its windows lack most is its reason."""
    unbroken = f"needs an unbroken stretch of {measure.window:.0f} s"
    absent = max(reasons, key=reasons.count) if reasons else unbroken
    return replace(measure, whole_up_to=0.0, shortest=0.0, absent=absent or unbroken)
