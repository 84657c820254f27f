"""What measures give over the same windows, and over blocks of them, each computed once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from physio import uncertainty
from physio.beats import FloatArray, IntArray
from physio.estimation import WindowValues
from physio.hrv.trend import TrendFree, trend_free
from physio.measures import MEASURES, SHARED, Measure
from physio.presets import Preset
from physio.windows import Windows


class Values:
    """The measures of m windows under one preset, computed when first asked for.

    Parameters
    ----------
    windows : Windows
        m windows.
    preset : Preset
        The conventions.
    """

    def __init__(self, windows: Windows, preset: Preset) -> None:
        self.windows = windows
        self.preset = preset
        self._found: dict[str, Any] = {}
        self._counts: dict[float, IntArray] = {}
        self._cuts: dict[float | bytes, tuple[Cut, ...]] = {}

    def __getitem__(self, name: str) -> FloatArray:
        """Return (m,) the values of a measure, NaN where it has none."""
        found: FloatArray = self._shared(name)
        return found

    def found(self, measures: tuple[Measure, ...]) -> WindowValues:
        """Return what measures of one trailing window find in each window and in its blocks."""
        trailing = measures[0].window
        cuts = self._cut(trailing)
        most = max((cut.count for cut in cuts), default=1)
        value = np.empty((len(measures), len(self.windows)))
        blocks = np.full((*value.shape, most), np.nan)
        for cut in cuts:
            for row, measure in enumerate(measures):
                whole, parts = self.of_cut(measure, cut)
                value[row, cut.rows], blocks[row, cut.rows, : cut.count] = whole, parts
        length = np.empty(value.shape)
        length[:] = (self.windows.end - self.windows.start) / self._count(trailing)
        beside = self.shares(measures), self.origins(measures)
        return WindowValues(measures, value, blocks, length, *beside)

    def shares(self, measures: Sequence[Measure]) -> FloatArray:
        """Return (k, m) the percentage of each window that each of k measures rests on."""
        shares = np.full((len(measures), len(self.windows)), 100.0)
        for row, measure in zip(shares, measures, strict=True):
            if measure.share is not None:
                beside = (self._shared(name) for name in measure.needs or (measure.name,))
                row[:] = measure.share(self.windows, *beside)
        return shares

    def origins(self, measures: Sequence[Measure]) -> IntArray:
        """Return (k, m) where the values of k measures come from, 0 where that is not told."""
        origins = np.zeros((len(measures), len(self.windows)), np.int64)
        for row, measure in zip(origins, measures, strict=True):
            if measure.origin is not None:
                row[:] = measure.origin(self.windows, self._shared(measure.name))
        return origins

    def _shared(self, name: str) -> Any:
        if name not in self._found:
            self._found[name] = self._computed(name)
        return self._found[name]

    def _computed(self, name: str) -> Any:
        if name in SHARED:
            return SHARED[name](self.windows, self.preset)
        measure = MEASURES[name]
        if measure.detrended and self.preset.time_domain_detrended:
            return self._trend_free[name]
        return measure.function(self.windows, *map(self._shared, measure.needs))

    @cached_property
    def _trend_free(self) -> Values:
        return Values(self._copied(), replace(self.preset, time_domain_detrended=False))

    def _copied(self) -> Windows:
        return self._copies.windows

    @cached_property
    def _copies(self) -> TrendFree:
        # Only a preset with a regularization takes the trend off the time domain.
        return trend_free(self.windows, regularization=self.preset.regularization or 0.0)

    def of_cut(self, measure: Measure, cut: Cut) -> tuple[FloatArray, FloatArray]:
        """Return (g,) what a measure finds in windows that are cut, and (g, b) in their blocks."""
        if measure.blocks is None:
            found = cut.values[measure.name]
            m = len(cut.held)
            return found[:m], found[m:].reshape(m, cut.count)
        beside = (self._of(cut, name) for name in measure.needs or (measure.name,))
        return self[measure.name][cut.rows], measure.blocks(cut.held, *beside, cut.count)

    def _of(self, cut: Cut, name: str) -> Any:
        """Return what is known of the windows that were cut, or of their beats."""
        return self._shared(name) if name in SHARED else self[name][cut.rows]

    def _cut(self, trailing: float) -> tuple[Cut, ...]:
        if trailing not in self._cuts:
            counts = self._count(trailing)
            # Measures with trailing windows of their own are mostly cut alike.
            key = counts.tobytes()
            if key not in self._cuts:
                self._cuts[key] = tuple(self._cut_into(counts))
            self._cuts[trailing] = self._cuts[key]
        return self._cuts[trailing]

    def _count(self, trailing: float) -> IntArray:
        if trailing not in self._counts:
            duration = self.windows.end - self.windows.start
            self._counts[trailing] = uncertainty.block_count(duration, trailing)
        return self._counts[trailing]

    def _cut_into(self, counts: IntArray) -> Iterator[Cut]:
        numbers = sorted(set(counts.tolist()))
        for count in numbers:
            if len(numbers) == 1:
                # The same object: what is remembered of it holds for the part.
                rows, held = slice(None), self.windows
            else:
                rows = (counts == count).nonzero()[0]
                held = self.windows.take(rows)
            # With the windows themselves, so that each measure is computed once for all.
            both = held.followed_by(held.blocks(count))
            place = np.arange(len(counts))[rows]
            owner = np.concatenate((place, place.repeat(count)))
            yield Cut(rows, count, held, Parts(self, both, owner))


class Parts(Values):
    """The measures of parts of windows, which share the windows' trend and breathing rate.

    Parameters
    ----------
    whole : Values
        Of the windows.
    windows : Windows
        The parts.
    row : (p,) int
        Which window each part is of.
    """

    def __init__(self, whole: Values, windows: Windows, row: IntArray) -> None:
        super().__init__(windows, whole.preset)
        self._whole = whole
        self._row = row

    def _computed(self, name: str) -> Any:
        if name == "breathing_rate":
            return self._whole[name][self._row]
        return super()._computed(name)

    def _copied(self) -> Windows:
        return self._whole._copies.inside(self.windows, self._row)


def of_trailing(
    windows: Windows, groups: Sequence[tuple[Measure, ...]], preset: Preset
) -> list[WindowValues]:
    """Return what each group of measures finds in its own one of the windows, and in its blocks.

    Each window is as long as the trailing window of its measures, so that all are cut alike, and
    at once.
    """
    count = uncertainty.FEWEST_BLOCKS
    both = windows.followed_by(windows.blocks(count))
    each = zip(_rows(len(windows), count), groups, strict=True)
    return [_of_one(both.take(rows), measures, preset) for rows, measures in each]


@lru_cache(maxsize=16)
def _rows(m: int, count: int) -> tuple[IntArray, ...]:
    """Return of m windows, which the blocks of all follow, the place of each and of its blocks."""
    blocks = m + np.arange(m * count).reshape(m, count)
    return tuple(np.append(row, own) for row, own in enumerate(blocks))


def _of_one(both: Windows, measures: tuple[Measure, ...], preset: Preset) -> WindowValues:
    """Return what measures find in the first of the windows, and in the others, its blocks."""
    values = Values(both.take(_FIRST), preset)
    held, parts = values.windows, Parts(values, both, np.zeros(len(both), np.int64))
    cut = Cut(slice(None), len(both) - 1, held, parts)
    found = np.empty((len(measures), len(both)))
    for row, measure in zip(found, measures, strict=True):
        if measure.blocks is None:
            row[:] = parts[measure.name]
        else:
            row[:1], row[1:] = values.of_cut(measure, cut)
    length = np.full((len(measures), 1), (held.end[0] - held.start[0]) / cut.count)
    beside = values.shares(measures), values.origins(measures)
    return WindowValues(measures, found[:, :1], found[:, np.newaxis, 1:], length, *beside)


_FIRST = np.array([0])


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """Windows that are cut into equally many blocks, and what measures give in windows and blocks.

    Attributes
    ----------
    rows : (g,) int or slice
        Which of the windows these are.
    count : int
        Blocks of each.
    held : Windows
        The g windows.
    values : Parts
        Of the windows, one after the other, and then of the blocks of each.
    """

    rows: IntArray | slice
    count: int
    held: Windows
    values: Parts
