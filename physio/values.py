"""What measures give over the same windows, and over blocks of them, each computed once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from physio import uncertainty
from physio.beats import FloatArray, IntArray
from physio.hrv.trend import TrendFree, trend_free
from physio.measure import Measure
from physio.measures import MEASURES, SHARED
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
    breath : (n,) float, optional
        How full the lungs are at the end of each interval, NaN where not known.
    """

    def __init__(
        self, windows: Windows, preset: Preset, *, breath: FloatArray | None = None
    ) -> None:
        self.windows = windows
        self.preset = preset
        self._found: dict[str, Any] = {} if breath is None else {"breath": breath}
        self._cuts: dict[float, tuple[Cut, ...]] = {}

    def __getitem__(self, name: str) -> FloatArray:
        """Return (m,) the values of a measure, NaN where it has none."""
        found: FloatArray = self._shared(name)
        return found

    def blocks(self, measure: Measure) -> FloatArray:
        """Return (m, k) the values in the blocks of each window, NaN beyond its own number."""
        cuts = self._cut(measure.window)
        most = max((cut.count for cut in cuts), default=1)
        result = np.full((len(self.windows), most), np.nan)
        for cut in cuts:
            result[cut.rows, : cut.count] = self._in_blocks(measure, cut)
        return result

    def _shared(self, name: str) -> Any:
        if name not in self._found:
            self._found[name] = self._computed(name)
        return self._found[name]

    def _computed(self, name: str) -> Any:
        if name in SHARED:
            return SHARED[name](self.windows, self.preset)
        measure = MEASURES[name]
        windows = self._trend_free if _detrended(measure, self.preset) else self.windows
        return measure.function(windows, *(self._shared(other) for other in measure.needs))

    @cached_property
    def _trend_free(self) -> Windows:
        return self._copies.windows

    @cached_property
    def _copies(self) -> TrendFree:
        # Only a preset with a regularization takes the trend off the time domain.
        return trend_free(self.windows, regularization=self.preset.regularization or 0.0)

    def _in_blocks(self, measure: Measure, cut: Cut) -> FloatArray:
        if measure.blocks is not None:
            beside = (self._of(cut, name) for name in measure.needs or (measure.name,))
            return measure.blocks(cut.held, *beside, cut.count)
        return cut.values[measure.name].reshape(len(cut.rows), cut.count)

    def _of(self, cut: Cut, name: str) -> Any:
        """Return what is known of the windows that were cut, or of their beats."""
        return self._shared(name) if name in SHARED else self[name][cut.rows]

    def _cut(self, trailing: float) -> tuple[Cut, ...]:
        if trailing not in self._cuts:
            self._cuts[trailing] = tuple(self._cut_into(trailing))
        return self._cuts[trailing]

    def _cut_into(self, trailing: float) -> Iterator[Cut]:
        held = self.windows
        counts = uncertainty.block_count(held.end - held.start, trailing)
        for count in np.unique(counts).tolist():
            rows = np.flatnonzero(counts == count)
            part = held.take(rows)
            share = np.arange(count + 1) / count
            edges = part.start[:, None] + (part.end - part.start)[:, None] * share
            blocks = held.at(edges[:, :-1].ravel(), edges[:, 1:].ravel())
            yield Cut(rows, count, part, Parts(self, blocks, np.repeat(rows, count)))


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

    @cached_property
    def _trend_free(self) -> Windows:
        return self._whole._copies.inside(self.windows, self._row)


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """Windows that are cut into the same number of blocks, and what measures give in the blocks."""

    rows: IntArray
    count: int
    held: Windows
    values: Parts


def _detrended(measure: Measure, preset: Preset) -> bool:
    return measure.time_domain and preset.time_domain_detrended
