"""Why a value is withheld: what is wrong with its window, in words."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from physio import quality
from physio.beats import BoolArray, FloatArray, IntArray
from physio.labels import LabelArray
from physio.measures import Measure
from physio.quality import Quality
from physio.windows import Windows

A_GAP = "a gap lies inside this window"

LEAST_KEPT = 1e-3
"""No value is shown of so few beats; it keeps their variance finite."""

Reasons = NDArray[np.object_]
"""Of str, "" where nothing withholds a value."""


@dataclass(frozen=True, slots=True, eq=False)
class Grounds:
    """What windows are like: from it follows what is withheld, measure by measure.

    Each is (m,), of the same m windows for every measure, or (k, 1), of a window for each of k.
    """

    duration: FloatArray
    count: IntArray
    broken: BoolArray
    coverage: FloatArray
    corrected: FloatArray
    no_value: Reasons
    no_hrv: Reasons

    @property
    def kept(self) -> FloatArray:
        """Share of the beats that are there and bear no label, a little above 0 at least."""
        share = self.coverage * (100.0 - self.corrected) / 1e4
        return np.asarray(np.maximum(share, LEAST_KEPT))

    @property
    def told(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Duration (s), coverage and corrected share (percent), which stand beside each value."""
        return self.duration, self.coverage, self.corrected

    def for_each(self, rows: IntArray) -> Grounds:
        """Return (k, 1) what the windows `rows` (k,) are like, one for each of k measures."""
        place = rows[:, np.newaxis]
        return Grounds(*(getattr(self, one.name)[place] for one in fields(self)))

    def reasons(self, measures: tuple[Measure, ...]) -> Reasons:
        """Return (k, m) why each measure is withheld from each window, "" where it is not."""
        fewest, shortest, whole_up_to, hrv = _asked(measures)
        found = np.where(hrv, self.no_hrv, self.no_value)
        sound = found == ""
        parted = sound & self.broken & (self.duration <= whole_up_to)
        few = sound & (self.count < fewest)
        short = self.duration < shortest
        # The last that holds is told.
        found[parted] = A_GAP
        for i in _held(few):
            found[i, few[i]] = f"needs at least {measures[i].fewest} beats"
        for i in _held(short):
            found[i, short[i]] = f"needs a window of at least {measures[i].shortest:.0f} s"
        return np.where(self.count == 0, quality.NO_BEATS, found)


@lru_cache(maxsize=64)
def _asked(measures: tuple[Measure, ...]) -> FloatArray:
    """Return (4, k, 1) what each measure asks of a window."""
    rows = [(one.fewest, one.shortest, one.whole_up_to, one.hrv) for one in measures]
    return np.asarray(np.array(rows, np.float64).T[..., np.newaxis])


def _held(which: BoolArray) -> list[int]:
    """Return the rows in which something is True."""
    rows: list[int] = np.asarray(which.any(axis=1)).nonzero()[0].tolist()
    return rows


def grounds(windows: Windows, label: LabelArray | None) -> Grounds:
    """Return what m windows are like; `label` is None where labels are not used."""
    shares = quality.shares(windows, label)
    each = zip(*(share.tolist() for share in shares), strict=True)
    return _grounds(windows, shares[0], shares[1], [quality.withheld(*one) for one in each])


def grounds_of_whole(everything: Windows, judged: Quality) -> Grounds:
    """Return what the one window of a whole recording is like, which is judged by its gaps too."""
    coverage, corrected = np.array([[judged.coverage], [judged.corrected]])
    words = judged.withhold_all, judged.withhold_hrv
    return _grounds(everything, coverage, corrected, [words])


def _grounds(
    windows: Windows,
    coverage: FloatArray,
    corrected: FloatArray,
    words: list[tuple[str | None, str | None]],
) -> Grounds:
    told = np.array([(no_value or "", no_hrv or "") for no_value, no_hrv in words], np.object_)
    no_value, no_hrv = told.reshape(-1, 2).T
    return Grounds(
        # A window's duration is a difference of clock readings, a few 1e-12 s off its length.
        duration=(windows.end - windows.start).round(6),
        count=windows.last - windows.first,
        broken=_broken(windows),
        coverage=coverage,
        corrected=corrected,
        no_value=no_value,
        no_hrv=no_hrv,
    )


def _broken(windows: Windows) -> BoolArray:
    segment = windows.beats.segment
    if len(segment) == 0:
        return np.zeros(len(windows), dtype=bool)
    first = np.minimum(windows.first, len(segment) - 1)
    return np.asarray(segment[first] != segment[np.maximum(windows.last - 1, first)])
