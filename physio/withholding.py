"""Why a value is withheld: what is wrong with its window, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from physio import quality
from physio.beats import BoolArray, FloatArray, IntArray
from physio.measure import Measure
from physio.quality import Quality
from physio.windows import Windows

A_GAP = "a gap lies inside this window"

LEAST_KEPT = 1e-3
"""No value is shown of so few beats; it keeps their variance finite."""

Reasons = NDArray[np.object_]
"""Of str, "" where nothing withholds a value."""


@dataclass(frozen=True, slots=True, eq=False)
class Grounds:
    """What m windows are like, each (m,): from it follows what is withheld, measure by measure."""

    duration: FloatArray
    count: IntArray
    broken: BoolArray
    coverage: FloatArray
    corrected: FloatArray
    no_value: Reasons
    no_hrv: Reasons

    @property
    def kept(self) -> FloatArray:
        """(m,) Share of the beats that are there and bear no label, a little above 0 at least."""
        share = self.coverage * (100.0 - self.corrected) / 1e4
        return np.asarray(np.maximum(share, LEAST_KEPT))

    def reasons(self, measure: Measure) -> Reasons:
        """Return why the measure is withheld from each window, "" where it is not."""
        found = np.full(len(self.duration), "", np.object_)
        # The last that holds is told.
        found[self.broken & (self.duration <= measure.whole_up_to)] = A_GAP
        found[self.count < measure.fewest] = f"needs at least {measure.fewest} beats"
        judged = self.no_hrv if measure.hrv else self.no_value
        found = np.where(judged == "", found, judged)
        short = f"needs a window of at least {measure.shortest:.0f} s"
        found[self.duration < measure.shortest] = short
        found[self.count == 0] = quality.NO_BEATS
        return found


def grounds(windows: Windows, judged: Sequence[Quality]) -> Grounds:
    """Return what m windows, judged one by one, are like."""
    count = windows.last - windows.first
    return Grounds(
        # A window's duration is a difference of clock readings, a few 1e-12 s off its length.
        duration=np.round(windows.end - windows.start, 6),
        count=count,
        broken=_broken(windows),
        coverage=np.array([one.coverage for one in judged], np.float64),
        corrected=np.array([one.corrected for one in judged], np.float64),
        no_value=np.array([one.withhold_all or "" for one in judged], np.object_),
        no_hrv=np.array([one.withhold_hrv or "" for one in judged], np.object_),
    )


def _broken(windows: Windows) -> BoolArray:
    segment = windows.beats.segment
    if len(segment) == 0:
        return np.zeros(len(windows), dtype=bool)
    first = np.minimum(windows.first, len(segment) - 1)
    return np.asarray(segment[first] != segment[np.maximum(windows.last - 1, first)])
