"""How far the beats of a window can be interpreted: good, limited or none, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import inf

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from physio import resolution
from physio.beats import Beats, BoolArray, FloatArray, Gap, IntArray, beginnings
from physio.compiled import compiled, frozen
from physio.labels import LabelArray
from physio.locked_rhythm import Lock, LockArray, counts, locks, parts
from physio.reasons import Reason, ReasonCode
from physio.windows import Windows, whole

LIMITED_ABOVE = 5.0
NONE_ABOVE = 15.0
"""Percent of labelled, missing or irregular; Vest AN et al. (2018), Physiol Meas 39:105004, doi
10.1088/1361-6579/aae021 drop a window above 15 % missing; up to 5 % corrected is common use."""
LARGE_CHANGE = 0.2
"""Share of the median interval above which two opposite changes in a row are irregular."""
MEDIAN_WIDTH = 11
FEWEST_BEATS = 10
"""Beats below which a whole recording says nothing of variability."""

IRREGULAR = Reason(ReasonCode.TOO_IRREGULAR)
NO_BEATS = Reason(ReasonCode.NO_BEATS)
IN_STEP = Reason(ReasonCode.IN_STEP)
"""Breathing or the rhythm: the swing is locked to the beat, and nothing tells which it is."""


class Verdict(StrEnum):
    """How far heart rate variability can be interpreted.

    Examples
    --------
    >>> import physio
    >>> physio.Verdict.GOOD == "good"
    True
    """

    GOOD = "good"
    LIMITED = "limited"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Quality:
    """Shares of a window in percent, and what they mean for its values.

    Attributes
    ----------
    coverage : float
        Percent of the window that beats cover.
    corrected : float
        Percent of its intervals that bear a label.
    irregular : float
        Percent of its pairs of successive differences that alternate widely, or of its beats that
        lie in a rhythm locked to every k-th beat, whichever is more.
    verdict : Verdict
        What they mean together.
    reason : Reason or None
        Why the verdict is not good.
    withhold_all, withhold_hrv : Reason or None
        Why no value at all, or none but heart rate and mean interval, can be given.

    Examples
    --------
    >>> import physio
    >>> quality = physio.judge(physio.beats_from_intervals([800, 820, 5000] * 20))
    >>> quality.verdict.value, round(quality.coverage)
    ('limited', 25)
    """

    coverage: float
    corrected: float
    irregular: float
    verdict: Verdict
    reason: Reason | None
    withhold_all: Reason | None
    withhold_hrv: Reason | None


def judge(
    *,
    coverage: float,
    corrected: float,
    irregular: float,
    beats: int,
    in_step: float = 0.0,
    whole: bool = False,
) -> Quality:
    """Return the verdict on a window with these shares in percent.

    `in_step` is the share whose swing is locked to the beat, as breathing or a rhythm can be. In a
    `whole` recording missing time limits but withholds nothing: its values are computed inside
    segments, and what is missing is told by the coverage.
    """
    no_value, no_hrv = withheld(coverage, corrected, irregular, beats, whole=whole)
    limits = _limits(100.0 - coverage, corrected, in_step)
    verdict = Verdict.NONE if no_hrv else Verdict.LIMITED if limits else Verdict.GOOD
    return Quality(coverage, corrected, irregular, verdict, no_hrv or limits, no_value, no_hrv)


def withheld(
    coverage: float, corrected: float, irregular: float, beats: int, *, whole: bool = False
) -> tuple[Reason | None, Reason | None]:
    """Return why no value at all, and why none but heart rate and mean interval, can be given."""
    no_value = _no_values(100.0 - coverage, beats, whole=whole)
    short = whole and beats < FEWEST_BEATS
    few = Reason(ReasonCode.FEW_IN_RECORDING, have=beats) if short else None
    return no_value, no_value or few or _no_hrv(corrected, irregular)


def _no_values(missing: float, beats: int, *, whole: bool) -> Reason | None:
    if beats == 0:
        return NO_BEATS
    if missing > NONE_ABOVE and not whole:
        return Reason(ReasonCode.LITTLE_COVERED, percent=round(100.0 - missing))
    return None


def _no_hrv(corrected: float, irregular: float) -> Reason | None:
    if irregular > NONE_ABOVE:
        return IRREGULAR
    if corrected > NONE_ABOVE:
        return Reason(ReasonCode.LABELLED, percent=round(corrected))
    return None


def _limits(missing: float, corrected: float, in_step: float) -> Reason | None:
    if corrected > LIMITED_ABOVE:
        return Reason(ReasonCode.LABELLED, percent=round(corrected))
    if missing > LIMITED_ABOVE:
        return Reason(ReasonCode.MUCH_MISSING, percent=round(missing))
    return IN_STEP if in_step > LIMITED_ABOVE else None


def of(windows: Windows, label: LabelArray | None) -> tuple[Quality, ...]:
    """Return the quality of each window; `label` is None where labels are not used."""
    lock = rhythm(windows)
    columns = (
        coverage(windows),
        corrected(windows, label),
        irregular(windows, lock),
        np.where(lock == Lock.UNCLEAR, 100.0, 0.0),
        windows.last - windows.first,
    )
    each = zip(*(column.tolist() for column in columns), strict=True)
    return tuple(
        judge(coverage=covered, corrected=labelled, irregular=uneven, in_step=step, beats=beats)
        for covered, labelled, uneven, step, beats in each
    )


def shares(
    windows: Windows, label: LabelArray | None
) -> tuple[FloatArray, FloatArray, FloatArray, IntArray]:
    """Return (m,) coverage, corrected and irregular share in percent, and beats, of the windows."""
    beats = windows.last - windows.first
    uneven = irregular(windows, rhythm(windows))
    return coverage(windows), corrected(windows, label), uneven, beats


def rhythm(windows: Windows) -> LockArray:
    """Return (m,) values of `Lock`: what the five minutes up to the end of each window are."""
    # Many windows end together, as all of a live panel do.
    first = beginnings(windows.end)
    number = np.diff(np.append(first, len(windows)))
    return locks(windows.beats, windows.end[first]).repeat(number)


def of_whole(
    beats: Beats, label: LabelArray | None, gaps: Sequence[Gap], *, start: float, end: float
) -> Quality:
    """Return the quality of a whole recording that lasts from `start` to `end` (s)."""
    everything = whole(beats, np.ones(len(beats), bool), start=start, end=end)
    ends = parts(beats)
    share = shares_of_rhythms(counts(locks(beats, beats.time[ends]), ends))
    found = judge(
        coverage=coverage_of_whole(
            float(beats.rr.sum()) / 1000.0,
            seconds_lost(gaps, start=start, end=end),
            start=start,
            end=end,
        ),
        corrected=float(corrected(everything, label)[0]),
        irregular=max(float(alternation(everything)[0]), share[Lock.LOCKED]),
        in_step=share[Lock.UNCLEAR],
        beats=len(beats),
        whole=True,
    )
    return _weakened(found, resolution.flaw(beats, label))


def _weakened(found: Quality, flaw: resolution.Flaw | None) -> Quality:
    """Return the quality of intervals that are not as a heart makes them, if there is a `flaw`."""
    if flaw is not None and flaw.withholds:
        return replace(found, verdict=Verdict.NONE, reason=flaw.reason, withhold_hrv=flaw.reason)
    if flaw is None or found.verdict is Verdict.NONE:
        return found
    return replace(found, verdict=Verdict.LIMITED, reason=found.reason or flaw.reason)


def shares_of_rhythms(count: IntArray) -> tuple[float, ...]:
    """Return the percentages of beats of each `Lock`, of their (3,) counts."""
    return tuple((100.0 * count / max(int(count.sum()), 1)).tolist())


def seconds_lost(gaps: Iterable[Gap], *, start: float = -inf, end: float = inf) -> float:
    """Return how long the gaps last together between `start` and `end`, in s."""
    return sum((max(0.0, min(gap.until, end) - max(gap.start, start)) for gap in gaps), 0.0)


def coverage_of_whole(covered: float, lost: float, *, start: float, end: float) -> float:
    """Return the percentage of a whole recording that `covered` seconds of beats cover.

    No more than what the `lost` seconds of its gaps leave: a strap's clock may run faster than the
    session's.
    """
    left = max(0.0, min(covered, end - start - lost))
    return min(100.0, 100.0 * left / (end - start)) if end > start else 0.0


def coverage(windows: Windows) -> FloatArray:
    """Return the percentage of each window that its beats cover.

    The interval that is going on when a window ends is not known to it; as much of the end as the
    last interval is long counts as covered.
    """
    share = np.empty(len(windows))
    _set_coverage(
        frozen(windows.beats.time),
        frozen(windows.beats.rr),
        frozen(windows.start),
        frozen(windows.end),
        frozen(windows.first),
        frozen(windows.last),
        share,
    )
    return share


@compiled
def _set_coverage(
    time: FloatArray,
    rr: FloatArray,
    start: FloatArray,
    end: FloatArray,
    first: IntArray,
    last: IntArray,
    out: FloatArray,
) -> None:
    for j in range(len(out)):
        duration = end[j] - start[j]
        if first[j] >= last[j] or duration <= 0.0:
            out[j] = 0.0
            continue
        ending = last[j] - 1
        rest = min(end[j] - time[ending], rr[ending] / 1000.0)
        before = max(start[j] - (time[first[j]] - rr[first[j]] / 1000.0), 0.0)
        lasting = 0.0
        for i in range(first[j], last[j]):
            lasting += rr[i]
        covered = lasting / 1000.0 - before + rest
        out[j] = 100.0 * min(max(covered / duration, 0.0), 1.0)


def corrected(windows: Windows, label: LabelArray | None) -> FloatArray:
    """Return the percentage of each window's intervals that bear a label."""
    if label is None:
        return np.zeros(len(windows))
    return _percent(label != 0, windows, 0)


def irregular(windows: Windows, lock: LockArray) -> FloatArray:
    """Return the percentage of each window that is irregular, all of it in a locked rhythm.

    Labels play no part: their thresholds grow with the irregularity.
    """
    return np.where(lock == Lock.LOCKED, 100.0, alternation(windows))


def alternation(windows: Windows) -> FloatArray:
    """Return the percentage of pairs of successive differences that alternate widely.

    A pair does where the two differences have opposite signs and both are larger than 20 % of
    the median of the 11 intervals up to the second.
    """
    return _percent(alternating(windows.beats), windows, 2)


def _percent(which: BoolArray, windows: Windows, late: int) -> FloatArray:
    """Return the percentage of intervals `which` in each window, but for the first `late` of it."""
    percent = np.empty(len(windows))
    _set_percents(frozen(which), frozen(windows.first), frozen(windows.last), late, percent)
    return percent


@compiled
def _set_percents(
    which: BoolArray, first: IntArray, last: IntArray, late: int, out: FloatArray
) -> None:
    for j in range(len(first)):
        begin, count = min(first[j] + late, last[j]), 0
        for i in range(begin, last[j]):
            count += 1 if which[i] else 0
        out[j] = 100.0 * count / max(last[j] - begin, 1)


def alternating(beats: Beats) -> BoolArray:
    """Return whether each interval's difference and the one before it alternate widely."""
    result = np.zeros(len(beats), dtype=bool)
    rows = _alternations(beats)
    if len(rows) > 0:
        change = np.minimum(*(np.abs(beats.rr[rows - k] - beats.rr[rows - k - 1]) for k in (0, 1)))
        result[rows] = change > LARGE_CHANGE * _trailing_median(beats, rows)
    return result


def _alternations(beats: Beats) -> IntArray:
    """Return the intervals at which two opposite changes are larger than any could have to be."""
    rows = np.empty(len(beats), np.int64)
    # No median lies below the shortest interval, so most beats need none.
    least = LARGE_CHANGE * float(beats.rr.min(initial=np.inf))
    return rows[: _find_alternations(frozen(beats.rr), frozen(beats.segment), least, rows)]


@compiled
def _find_alternations(rr: FloatArray, segment: IntArray, least: float, out: IntArray) -> int:
    """Set `out` to the intervals at which two opposite changes exceed `least`; return how many."""
    count = 0
    for i in range(2, len(rr)):
        before, change = rr[i - 1] - rr[i - 2], rr[i] - rr[i - 1]
        large = change * before < 0.0 and min(abs(change), abs(before)) > least
        if large and segment[i] == segment[i - 2]:
            out[count] = i
            count += 1
    return count


def _trailing_median(beats: Beats, rows: IntArray) -> FloatArray:
    """Return the median of the up to 11 intervals of its segment that end with each of `rows`."""
    padded = np.concatenate((np.full(MEDIAN_WIDTH - 1, np.nan), beats.rr))
    recent = sliding_window_view(padded, MEDIAN_WIDTH)[rows].copy()
    first = np.searchsorted(beats.segment, beats.segment[rows])
    place = rows[:, None] - np.arange(MEDIAN_WIDTH - 1, -1, -1)
    recent[place < first[:, None]] = np.inf
    count = np.minimum(rows - first + 1, MEDIAN_WIDTH)
    ordered = np.sort(recent, axis=1)
    row = np.arange(len(rows))
    median: FloatArray = (ordered[row, (count - 1) // 2] + ordered[row, count // 2]) / 2
    return median
