"""Why a value is withheld or weakened: what is wrong with its window."""

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
from physio.windows import Windows, counts

A_GAP = Reason(ReasonCode.GAP_INSIDE)
FEW_NORMAL = Reason(ReasonCode.FEW_NORMAL)

LEAST_KEPT = 1e-3
"""No value is shown of so few beats; it keeps their variance finite."""

NEARLY = 0.98
"""Share of the length asked for that is enough: a strap's five minutes sum to 299.6 s."""

HALF = 50.0
"""Percent below which a value is said to rest on little."""

_OF_WINDOWS = (
    "duration",
    "lasting",
    "count",
    "usable",
    "broken",
    "coverage",
    "corrected",
    "share",
    "no_value",
    "no_hrv",
)


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

    Attributes
    ----------
    duration, lasting : float
        Seconds from its start to its end, which stand beside a value, and those that count.
    count, usable : int
        Intervals that it holds, and those of them that may enter a mean.
    broken : bool
        Whether a gap lies inside.
    coverage, corrected, share : float
        Percent, as in `Estimate`.
    whole : bool
        Whether it is a recording, of which only the readable part counts.
    """

    duration: FloatArray
    lasting: FloatArray
    count: IntArray
    usable: IntArray
    broken: BoolArray
    coverage: FloatArray
    corrected: FloatArray
    share: FloatArray
    no_value: IntArray
    no_hrv: IntArray
    told_why: tuple[Reason | None, ...]
    whole: bool = False

    @property
    def kept(self) -> FloatArray:
        """Share of the beats that are there and bear no label, a little above 0 at least."""
        # The blocks of a recording are laid where it is covered.
        covered = 1.0 if self.whole else self.coverage / 100.0
        share = covered * (100.0 - self.corrected) / 100.0
        return np.asarray(np.maximum(share, LEAST_KEPT))

    @property
    def told(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Duration (s), coverage and corrected share (percent), which stand beside each value."""
        return self.duration, self.coverage, self.corrected

    def for_each(self, rows: IntArray) -> Grounds:
        """Return (k, 1) what the windows `rows` (k,) are like, one for each of k measures."""
        place = rows[:, np.newaxis]
        held = {name: getattr(self, name)[place] for name in _OF_WINDOWS}
        return Grounds(told_why=self.told_why, whole=self.whole, **held)

    def reasons(self, measures: tuple[Measure, ...]) -> Reasons:
        """Return (k, m) why each measure is withheld from each window."""
        fewest, shortest, whole_up_to, hrv = _asked(measures)
        table = ReasonTable(self.told_why)
        found = np.where(hrv, self.no_hrv, self.no_value)
        short = self.lasting < NEARLY * shortest
        # Most windows lack nothing, and every measure asks for a usable interval at least.
        if not (short | self.broken | (self.usable < fewest)).any():
            return Reasons(found, table)
        sound = found == 0
        parted = sound & self.broken & (self.lasting <= whole_up_to)
        few = sound & (self.count < fewest)
        # Labels withhold variability before so few of its beats are left.
        odd = sound & ~few & (hrv == 0.0) & (self.usable < fewest)
        # The last that holds is told.
        found[parted] = table.number(A_GAP)
        for i in held_rows(few):
            reason = Reason(ReasonCode.TOO_FEW_BEATS, needed=measures[i].fewest)
            found[i, few[i]] = table.number(reason)
        found[odd] = table.number(FEW_NORMAL)
        for i in held_rows(short):
            reason = Reason(ReasonCode.TOO_SHORT, needed=round(measures[i].shortest))
            found[i, short[i]] = table.number(reason)
        found = np.where(self.count == 0, table.number(quality.NO_BEATS), found)
        return Reasons(found, table)

    def set_doubts(self, doubts: Reasons, given: BoolArray, share: FloatArray) -> None:
        """Set in `doubts` where values that are `given` (k, m) rest on little.

        `share` (k, m) is the percentage of each window that they rest on.
        """
        usable = 100.0 * self.usable / np.maximum(self.count, 1)
        if not (given & (np.minimum(share, usable) < HALF)).any():
            return
        for code, percent in (
            (ReasonCode.LITTLE_READABLE, share),
            (ReasonCode.FEW_USABLE, usable),
        ):
            low = given & (percent < HALF)
            told = np.broadcast_to(percent.round(), low.shape)
            for one in np.unique(told[low]).tolist():
                reason = Reason(code, percent=int(one))
                doubts.number[low & (told == one)] = doubts.table.number(reason)


@lru_cache(maxsize=64)
def _asked(measures: tuple[Measure, ...]) -> FloatArray:
    """Return (4, k, 1) what each measure asks of a window."""
    rows = [(one.fewest, one.shortest, one.whole_up_to, one.hrv) for one in measures]
    return np.asarray(np.array(rows, np.float64).T[..., np.newaxis])


def held_rows(which: BoolArray) -> list[int]:
    """Return the rows in which something is True."""
    rows: list[int] = np.logical_or.reduce(which, axis=1).nonzero()[0].tolist()
    return rows


def grounds(windows: Windows, label: LabelArray | None) -> Grounds:
    """Return what m windows are like; `label` is None where labels are not used."""
    shares = quality.shares(windows, label)
    each = zip(*(share.tolist() for share in shares), strict=True)
    return _grounds(windows, shares[0], shares[1], [quality.withheld(*one) for one in each])


def grounds_of_whole(
    window: Windows, judged: Quality, *, duration: float, beats: int, lacking: Reason | None
) -> Grounds:
    """Return what the one window of the readable part of a whole recording is like.

    Parameters
    ----------
    window : Windows
        Of the readable part.
    judged : Quality
        Of the recording, which its gaps are part of.
    duration : float
        Of the recording, in s.
    beats : int
        Intervals of the recording.
    lacking : Reason or None
        Why nothing of it is readable, if so.
    """
    coverage, corrected = np.array([[judged.coverage], [judged.corrected]])
    why = judged.withhold_all or lacking, judged.withhold_hrv or lacking
    found = _grounds(window, coverage, corrected, [why])
    lasting = found.duration
    return replace(
        found,
        duration=np.array([duration]).round(6),
        lasting=np.where(found.count > 0, np.minimum(lasting, duration), duration),
        count=np.where(found.count > 0, found.count, beats),
        share=_percent(float(window.beats.rr.sum()) / 1000.0, duration),
        whole=True,
    )


def _percent(part: float, whole: float) -> FloatArray:
    return np.array([100.0 * part / whole if part < whole else 100.0 * (part > 0.0)])


def _grounds(
    windows: Windows,
    coverage: FloatArray,
    corrected: FloatArray,
    why: list[tuple[Reason | None, Reason | None]],
) -> Grounds:
    table = ReasonTable()
    no_value, no_hrv = np.zeros((2, len(why)), np.int64)
    # Most windows lack nothing.
    for j, (value, hrv) in enumerate(why):
        if hrv is not None:
            no_value[j], no_hrv[j] = table.number(value), table.number(hrv)
    # A window's duration is a difference of clock readings, a few 1e-12 s off its length.
    duration = (windows.end - windows.start).round(6)
    return Grounds(
        duration=duration,
        lasting=duration,
        count=windows.last - windows.first,
        usable=counts(windows.usable, windows.first, windows.last),
        broken=_broken(windows),
        coverage=coverage,
        corrected=corrected,
        share=np.full(len(windows), 100.0),
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
