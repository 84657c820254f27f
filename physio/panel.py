"""The panel: every measure of the table over any windows, each value with what makes it credible.

Live and offline call the same `over`; a trailing window is one window of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import inf, isfinite
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike

from physio import labels as labelling
from physio import quality
from physio.beats import Beats, Gap
from physio.estimate import Estimate, Estimates
from physio.estimation import WindowValues, estimates, singly
from physio.labels import LabelArray
from physio.measures import MEASURES, Measure
from physio.presets import INTERBEAT, Preset
from physio.quality import Quality
from physio.readable import Readable, commonest, readable
from physio.reasons import Reason, ReasonCode
from physio.respiration import Respiration
from physio.values import Values, of_trailing
from physio.windows import tiles, windows
from physio.windows import whole as whole_window
from physio.withholding import grounds, grounds_of_whole

E = TypeVar("E", Estimate, Estimates)

HF_BAND = (9.0, 24.0)
"""Breaths/min at the edges of the high-frequency band, 0.15 and 0.40 Hz."""

MINUTE = 60.0
"""Seconds of the windows by which it is judged what of a recording its variability rests on."""


def over(
    beats: Beats,
    labels: LabelArray | None,
    *,
    start: ArrayLike,
    end: ArrayLike,
    names: Iterable[str] | None = None,
    preset: Preset = INTERBEAT,
    respiration: Respiration | None = None,
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
    respiration : Respiration, optional
        What tells of breathing beside the intervals, on their clock.

    Returns
    -------
    dict of str to Estimates
        For each name m estimates, in the order of `MEASURES`.
    """
    edges = np.asarray(start), np.asarray(end)
    held = windows(beats, labelling.usable(labels, beats.segment), *edges, respiration=respiration)
    values = Values(held, preset)
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
    usable = labelling.usable(labels, beats.segment)
    held = windows(beats, usable, end - lengths, np.full(len(groups), end))
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
    respiration: Respiration | None = None,
) -> dict[str, Estimate]:
    """Return every measure of a whole recording that lasts from `start` to `end` (s).

    It pools what is readable of the segments (`physio.readable`): intervals and differences, boxes
    and templates, spectra. What speaks of one rhythm is a median over short windows laid end to end
    in each segment: breathing and RSA over minutes, regularity over its 64 s. Blocks for low and
    high are laid over the readable part as if no gap were between its segments.
    """
    judged = quality.of_whole(beats, labels, gaps, start=start, end=end)
    recording = _Recording(beats, labels, judged, end - start, preset, respiration)
    chosen = _chosen(names)
    found = [recording.estimates(measures) for measures in _by_rule(chosen)]
    return _in_order(chosen, {name: one for group in found for name, one in group.items()})


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


@dataclass(frozen=True, slots=True, eq=False)
class _Recording:
    """A whole recording: its beats, how it was judged, how long it lasts (s), and conventions."""

    beats: Beats
    labels: LabelArray | None
    judged: Quality
    duration: float
    preset: Preset
    respiration: Respiration | None

    def estimates(self, measures: tuple[Measure, ...]) -> dict[str, Estimate]:
        """Return measures that ask the same of a window, of what is readable."""
        hrv = measures[0].hrv
        usable = labelling.usable(self.labels, self.beats.segment)
        length = MINUTE if hrv else measures[0].window
        part = readable(
            self.beats,
            usable,
            self.labels,
            length=length,
            hrv=hrv,
            respiration=self.respiration,
        )
        ground = grounds_of_whole(
            part.window,
            self.judged,
            duration=self.duration,
            beats=len(self.beats),
            lacking=part.lacking,
        )
        told = singly(self._found(measures, part), ground)
        return told | self._as_written([one for one in measures if one.as_written], told, part)

    def _found(self, measures: tuple[Measure, ...], part: Readable) -> list[WindowValues]:
        labels = None if self.labels is None else self.labels[part.place]
        values = Values(part.window, self.preset)
        rhythms = tuple(one for one in measures if one.whole_up_to == inf)
        pooled = _by_window(tuple(one.name for one in measures if one not in rhythms))
        medians = [_medians(one, values, labels) for one in rhythms]
        return [*medians, *(values.found(group) for group in pooled)]

    def _as_written(
        self, measures: Sequence[Measure], told: Mapping[str, Estimate], part: Readable
    ) -> dict[str, Estimate]:
        """Return those of the measures that are given beside all intervals as they came."""
        given = {one.name: told[one.name] for one in measures}
        given = {name: one for name, one in given.items() if one.value is not None}
        if len(part.place) == len(self.beats) and part.window.usable.all():
            return {name: replace(one, as_written=one.value) for name, one in given.items()}
        everything = labelling.usable(None, self.beats.segment)
        every = whole_window(self.beats, everything, start=0.0, end=self.duration)
        values = Values(every, self.preset)
        return {
            name: replace(one, as_written=_finite(values[name].item()))
            for name, one in given.items()
        }


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None


def _by_rule(names: tuple[str, ...]) -> list[tuple[Measure, ...]]:
    """Return the measures in groups that labels and an irregular rhythm withhold alike."""
    chosen = [MEASURES[name] for name in names]
    groups = (tuple(one for one in chosen if one.hrv is hrv) for hrv in (False, True))
    return [group for group in groups if group]


def _medians(measure: Measure, values: Values, labels: LabelArray | None) -> WindowValues:
    """Return the median of a measure over the full windows laid end to end in each segment."""
    held = values.windows.at(*tiles(values.windows.beats, measure.window))
    each = Values(held, values.preset)[measure.name]
    why = grounds(held, labels).reasons((measure,))
    number = why.number[0]
    number[(number == 0) & ~np.isfinite(each)] = why.table.number(measure.absent)
    kept = each[number == 0]
    value = np.median(kept, keepdims=True) if kept.size else np.array([np.nan])
    told = _as_of_a_recording(measure, why.table.reasons[commonest(number)])
    length, share = np.array([[measure.window]]), 100.0 * kept.size / max(each.size, 1)
    shares, origin = np.array([[share]]), np.zeros((1, 1), np.int64)
    blocks = kept[np.newaxis, np.newaxis]
    return WindowValues((told,), value[np.newaxis], blocks, length, shares, origin)


def _as_of_a_recording(measure: Measure, lacking: Reason | None) -> Measure:
    """Return the measure as it holds for a recording; its reason is what most windows lack."""
    unbroken = Reason(ReasonCode.NO_UNBROKEN_STRETCH, needed=round(measure.window))
    return replace(measure, whole_up_to=0.0, shortest=0.0, absent=lacking or unbroken)
