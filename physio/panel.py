"""The panel: every measure of the table over any windows, each value with what makes it credible.

Live and offline call the same `over`; a trailing window is one window of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from math import inf
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike

from physio import labels as labelling
from physio import quality, uncertainty
from physio.beats import Beats, BoolArray, FloatArray, Gap, IntArray
from physio.estimate import Estimate, Estimates
from physio.found import Found, estimates, singly
from physio.labels import LabelArray
from physio.measures import MEASURES, Measure
from physio.presets import INTERBEAT, Preset
from physio.reasons import Reason, ReasonCode
from physio.values import Parts, Values, of_trailing
from physio.windows import tiles, windows
from physio.windows import whole as whole_window
from physio.withholding import grounds, grounds_of_whole

E = TypeVar("E", Estimate, Estimates)

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
        Beats of the recording, or of any part of it that reaches 11 beats before the windows, and
        five minutes before their ends, by which the rhythm is judged.
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
    chosen = _chosen(names)
    found = [values.found(measures) for measures in _by_window(chosen)]
    return _in_order(chosen, estimates(found, grounds(held, labels)))


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
    groups = _by_window(chosen)
    lengths = np.array([measures[0].window for measures in groups])
    held = windows(beats, _usable(beats, labels), end - lengths, np.full(len(groups), end))
    found = of_trailing(held, groups, preset)
    rows = np.arange(len(groups)).repeat([len(measures) for measures in groups])
    return _in_order(chosen, singly(found, grounds(held, labels).for_each(rows)))


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
    chosen = _chosen(names)
    found = [
        one for measures in _by_window(chosen) for one in _of_a_recording(measures, values, labels)
    ]
    return _in_order(chosen, singly(found, grounds_of_whole(everything, judged)))


def breathing_in_hf_band(rate: Estimate) -> bool | None:
    """Return whether breathing lies in the high-frequency band (0.15 to 0.40 Hz), None if unknown.

    Outside it, power in that band says nothing about breathing-linked variability.
    """
    return None if rate.value is None else HF_BAND[0] <= rate.value <= HF_BAND[1]


def _chosen(names: Iterable[str] | None) -> tuple[str, ...]:
    """Return the names in the order of the table."""
    return _known(tuple(MEASURES if names is None else names))


@lru_cache(maxsize=64)
def _known(names: tuple[str, ...]) -> tuple[str, ...]:
    wanted = set(names)
    if unknown := wanted - set(MEASURES):
        raise ValueError(f"unknown measures {sorted(unknown)}; known are {list(MEASURES)}")
    return tuple(name for name in MEASURES if name in wanted)


@lru_cache(maxsize=64)
def _by_window(names: tuple[str, ...]) -> tuple[tuple[Measure, ...], ...]:
    """Return the measures in groups of one trailing window each."""
    chosen = [MEASURES[name] for name in names]
    lengths = sorted({measure.window for measure in chosen})
    return tuple(tuple(one for one in chosen if one.window == length) for length in lengths)


def _in_order(names: tuple[str, ...], by_name: dict[str, E]) -> dict[str, E]:
    return {name: by_name[name] for name in names}


def _usable(beats: Beats, labels: LabelArray | None) -> BoolArray:
    if labels is None:
        return np.ones(len(beats), dtype=bool)
    return labelling.usable(labels, beats.segment)


def _of_a_recording(
    measures: tuple[Measure, ...], values: Values, labels: LabelArray | None
) -> Iterator[Found]:
    """Yield what measures of one trailing window find in a whole recording."""
    rhythms = [one for one in measures if one.whole_up_to == inf]
    pooled = tuple(one for one in measures if one.whole_up_to < inf and one.blocks is None)
    others = tuple(one for one in measures if one.whole_up_to < inf and one.blocks is not None)
    yield from (_medians(one, values, labels) for one in rhythms)
    if pooled:
        yield _pooled(pooled, values)
    if others:
        yield values.found(others)


def _pooled(measures: tuple[Measure, ...], values: Values) -> Found:
    """Return measures of a whole recording, from all that its segments hold.

    Low and high come from blocks laid end to end in each segment.
    """
    held = values.windows
    length = np.clip(
        (held.end - held.start) / uncertainty.FEWEST_BLOCKS, SHORTEST_BLOCK, measures[0].window
    )
    parts = held.at(*tiles(held.beats, float(length[0])))
    blocks = Parts(values, parts, np.zeros(len(parts), np.int64))
    return Found(
        measures,
        np.array([values[one.name] for one in measures]),
        np.array([[blocks[one.name]] for one in measures]),
        np.full((len(measures), 1), length),
    )


def _medians(measure: Measure, values: Values, labels: LabelArray | None) -> Found:
    """Return the median of a measure over the full windows laid end to end in each segment."""
    held = values.windows.at(*tiles(values.windows.beats, measure.window))
    each = Values(held, values.preset)[measure.name]
    why = grounds(held, labels).reasons((measure,))
    number = why.number[0]
    number[(number == 0) & ~np.isfinite(each)] = why.table.number(measure.absent)
    kept = each[number == 0]
    value = np.median(kept, keepdims=True) if kept.size else np.array([np.nan])
    told = _as_of_a_recording(measure, why.table.reasons[_commonest(number)])
    length = np.array([[measure.window]])
    return Found((told,), value[np.newaxis], kept[np.newaxis, np.newaxis], length)


def _commonest(number: IntArray) -> int:
    """Return the number that stands most often, of two the one that stands first; 0 of none."""
    return int(number[np.bincount(number)[number].argmax()]) if len(number) else 0


def _as_of_a_recording(measure: Measure, lacking: Reason | None) -> Measure:
    """Return the measure as it holds for a recording; its reason is what most windows lack."""
    unbroken = Reason(ReasonCode.NO_UNBROKEN_STRETCH, needed=round(measure.window))
    return replace(measure, whole_up_to=0.0, shortest=0.0, absent=lacking or unbroken)
