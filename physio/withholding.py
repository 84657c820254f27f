"""Why a value is withheld: what is wrong with its window."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from physio import quality
from physio.beats import BoolArray, FloatArray, IntArray
from physio.labels import LabelArray
from physio.measures import Measure
from physio.quality import Quality
from physio.reasons import Reason, ReasonCode, ReasonTable
from physio.windows import Windows

A_GAP = Reason(ReasonCode.GAP_INSIDE)

LEAST_KEPT = 1e-3
"""No value is shown of so few beats; it keeps their variance finite."""

_OF_WINDOWS = ("duration", "count", "broken", "coverage", "corrected", "no_value", "no_hrv")


@dataclass(frozen=True, slots=True, eq=False)
class Reasons:
    """Why values are withheld.

    Attributes
    ----------
    number : (k, m) int
        0 where nothing withholds a value.
    table : ReasonTable
        What the numbers stand for.
    """

    number: IntArray
    table: ReasonTable


@dataclass(frozen=True, slots=True, eq=False)
class Grounds:
    """What windows are like: from it follows what is withheld, measure by measure.

    Each is (m,), of the same m windows for every measure, or (k, 1), of a window for each of k.
    `no_value` and `no_hrv` are numbers of `told_why`.
    """

    duration: FloatArray
    count: IntArray
    broken: BoolArray
    coverage: FloatArray
    corrected: FloatArray
    no_value: IntArray
    no_hrv: IntArray
    told_why: tuple[Reason | None, ...]

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
        return replace(self, **{name: getattr(self, name)[place] for name in _OF_WINDOWS})

    def reasons(self, measures: tuple[Measure, ...]) -> Reasons:
        """Return (k, m) why each measure is withheld from each window."""
        fewest, shortest, whole_up_to, hrv = _asked(measures)
        table = ReasonTable(self.told_why)
        found = np.where(hrv, self.no_hrv, self.no_value)
        sound = found == 0
        parted = sound & self.broken & (self.duration <= whole_up_to)
        few = sound & (self.count < fewest)
        short = self.duration < shortest
        # The last that holds is told.
        found[parted] = table.number(A_GAP)
        for i in _held(few):
            reason = Reason(ReasonCode.TOO_FEW_BEATS, needed=measures[i].fewest)
            found[i, few[i]] = table.number(reason)
        for i in _held(short):
            reason = Reason(ReasonCode.TOO_SHORT, needed=round(measures[i].shortest))
            found[i, short[i]] = table.number(reason)
        found = np.where(self.count == 0, table.number(quality.NO_BEATS), found)
        return Reasons(found, table)


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
    why = judged.withhold_all, judged.withhold_hrv
    return _grounds(everything, coverage, corrected, [why])


def _grounds(
    windows: Windows,
    coverage: FloatArray,
    corrected: FloatArray,
    why: list[tuple[Reason | None, Reason | None]],
) -> Grounds:
    table = ReasonTable()
    numbers = [(table.number(no_value), table.number(no_hrv)) for no_value, no_hrv in why]
    no_value, no_hrv = np.array(numbers, np.int64).reshape(-1, 2).T
    return Grounds(
        # A window's duration is a difference of clock readings, a few 1e-12 s off its length.
        duration=(windows.end - windows.start).round(6),
        count=windows.last - windows.first,
        broken=_broken(windows),
        coverage=coverage,
        corrected=corrected,
        no_value=no_value,
        no_hrv=no_hrv,
        told_why=table.reasons,
    )


def _broken(windows: Windows) -> BoolArray:
    segment = windows.beats.segment
    if len(segment) == 0:
        return np.zeros(len(windows), dtype=bool)
    first = np.minimum(windows.first, len(segment) - 1)
    return np.asarray(segment[first] != segment[np.maximum(windows.last - 1, first)])
