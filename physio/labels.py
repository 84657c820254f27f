"""Labels of intervals that do not lie between two normal beats.

The method is that of Lipponen JA, Tarvainen MP (2019), A robust algorithm for heart rate
variability time series artefact correction using novel beat classification, J Med Eng Technol
43:173, doi 10.1080/03091902.2019.1640306.

Deviations: intervals are labelled and kept, never moved or interpolated; thresholds have a floor
of 20 ms, as they are 0 where the rhythm is constant; windows end at segment ends; the whole is
done once, not repeated until nothing is found; an interval outside 200 to 3000 ms is always
labelled.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from physio.beats import LONGEST_INTERVAL, BoolArray, FloatArray, IntArray

LabelArray = NDArray[np.int8]


class Label(IntEnum):
    """What an interval is."""

    NORMAL = 0
    ECTOPIC = 1
    """The long interval after an early beat; the short one before it bears no label."""
    LONG = 2
    SHORT = 3
    MISSED = 4
    """A beat was not detected: the interval spans two."""
    EXTRA = 5
    """A beat was detected that is none: this interval and the next are one."""


FINAL_AFTER = 50
"""Later beats of the same segment after which a label no longer changes."""

SHORTEST_INTERVAL = 200.0
THRESHOLD_WIDTH = 91
MEDIAN_WIDTH = 11
ALPHA = 5.2
C1 = 0.13
C2 = 0.17
FLOOR = 20.0
"""Milliseconds, the least threshold."""

_CONTEXT = 100
"""Beats kept before the first that is not final: 50 for final labels, 91 + 5 for provisional."""
_ROWS = 1024
"""Windows sorted at a time, which bounds the memory."""


@dataclass(frozen=True, slots=True, eq=False)
class LabelState:
    """The intervals whose labels are not final, after up to 100 earlier ones of their segment."""

    rr: FloatArray
    segment: IntArray
    settled: int
    """How many of them are final."""


START = LabelState(np.empty(0), np.empty(0, np.int64), 0)


def labels(rr: ArrayLike, segment: ArrayLike) -> LabelArray:
    """Return the final label of each interval of a whole recording.

    Parameters
    ----------
    rr : (n,) float
        Intervals in ms.
    segment : (n,) int
        Number of the unbroken stretch that each lies in, not decreasing.

    Returns
    -------
    (n,) int8
        Values of `Label`.
    """
    intervals = np.asarray(rr, np.float64)
    return _labels(intervals, np.asarray(segment, np.int64), 0, len(intervals), trailing=False)


def advance(state: LabelState, rr: ArrayLike, segment: ArrayLike) -> tuple[LabelState, LabelArray]:
    """Take in further intervals; return the new state and the labels that became final by them.

    However a recording is cut into calls, the labels of all calls followed by `pending` equal
    `labels` of the whole. A label is final once `FINAL_AFTER` later intervals of its segment, or
    an interval of another segment, are there.
    """
    intervals = np.concatenate((state.rr, np.asarray(rr, np.float64)))
    segments = np.concatenate((state.segment, np.asarray(segment, np.int64)))
    if len(intervals) == 0:
        return state, np.empty(0, np.int8)
    opened = int(np.searchsorted(segments, segments[-1]))
    final = max(opened, len(intervals) - FINAL_AFTER, state.settled)
    new = _labels(intervals, segments, state.settled, final, trailing=False)
    keep = max(opened, final - _CONTEXT)
    return LabelState(intervals[keep:], segments[keep:], final - keep), new


def pending(state: LabelState) -> LabelArray:
    """Return the labels of the intervals that are not final, if the recording ends here."""
    return _labels(state.rr, state.segment, state.settled, len(state.rr), trailing=False)


def provisional(state: LabelState, rr: ArrayLike = (), segment: ArrayLike = ()) -> LabelArray:
    """Return labels for the intervals that are not final, and for `rr` after them.

    Their thresholds come from the 91 newest intervals where the 45 later ones that a final label
    needs are not there yet; a label settles down two or three intervals after its own. The state
    stays as it is: `rr` are intervals whose place in time is not certain yet.
    """
    intervals = np.concatenate((state.rr, np.asarray(rr, np.float64)))
    segments = np.concatenate((state.segment, np.asarray(segment, np.int64)))
    return _labels(intervals, segments, state.settled, len(intervals), trailing=True)


def usable(label: LabelArray, segment: ArrayLike) -> BoolArray:
    """Return the (n,) intervals that lie between two normal beats, as far as labels tell.

    Left out are the labelled intervals and the one before each `ECTOPIC` label in its segment,
    which ends with the early beat.
    """
    normal: BoolArray = np.asarray(label) == Label.NORMAL
    segments = np.asarray(segment)
    early = (np.asarray(label)[1:] == Label.ECTOPIC) & (segments[1:] == segments[:-1])
    normal[:-1] &= ~early
    return normal


@dataclass(frozen=True, slots=True, eq=False)
class _Places:
    """Places of intervals, with the first and last place of each one's segment."""

    at: IntArray
    first: IntArray
    last: IntArray

    def __getitem__(self, part: slice) -> _Places:
        return _Places(self.at[part], self.first[part], self.last[part])

    def neighbour(self, values: FloatArray, by: int, *, missing: float = 0.0) -> FloatArray:
        """Return the value `by` places on, `missing` where that is another segment."""
        place = self.at + by
        inside = (place >= self.first) & (place <= self.last)
        return np.where(inside, values[np.where(inside, place, self.at)], missing)


def _labels(
    rr: FloatArray, segment: IntArray, start: int, stop: int, *, trailing: bool
) -> LabelArray:
    """Return the labels of intervals `start` to `stop` - 1, given all those around them."""
    if stop <= start:
        return np.empty(0, np.int8)
    places = _Places(
        np.arange(len(rr)),
        np.searchsorted(segment, segment, side="left"),
        np.searchsorted(segment, segment, side="right") - 1,
    )
    change = _scaled_changes(rr, places, slice(max(0, start - 1), stop + 2), trailing=trailing)
    median = _medians(rr, places)
    part = places[start:stop]
    threshold = _threshold(_doubled(rr - median), part, part.first, trailing=trailing)
    return _classify(rr, change, median[start:stop], threshold, part)


def _scaled_changes(rr: FloatArray, places: _Places, part: slice, *, trailing: bool) -> FloatArray:
    """Return dRR over its threshold Th1, known in `part` only; 0 where a segment begins."""
    change = np.nan_to_num(rr - places.neighbour(rr, -1, missing=np.nan))
    needed = places[part]
    # The first interval of a segment has no difference, so the quartiles leave it out.
    change[part] /= _threshold(change, needed, needed.first + 1, trailing=trailing)
    return change


def _medians(rr: FloatArray, places: _Places) -> FloatArray:
    """Return the median of the 11 intervals around each, or those of them in its segment."""
    half = MEDIAN_WIDTH // 2
    low = np.maximum(places.first, places.at - half)
    high = np.minimum(places.last, places.at + half)
    median: FloatArray = _quantiles(rr, low, high, MEDIAN_WIDTH, (0.5,))[0]
    return median


def _doubled(deviation: FloatArray) -> FloatArray:
    """Return mRR: short intervals count twice, as their deviations are bounded by 0."""
    return np.where(deviation < 0, 2.0 * deviation, deviation)


def _threshold(
    values: FloatArray, places: _Places, first: IntArray, *, trailing: bool
) -> FloatArray:
    """Return 5.2 times half the interquartile range of 91 absolute values around each place."""
    half = THRESHOLD_WIDTH // 2
    high = np.minimum(places.last, places.at + half)
    low = (high - THRESHOLD_WIDTH + 1) if trailing else places.at - half
    low = np.maximum(first, low)
    lower, upper = _quantiles(np.abs(values), low, high, THRESHOLD_WIDTH, (0.25, 0.75))
    threshold: FloatArray = np.maximum(ALPHA * (upper - lower) / 2, FLOOR)
    return threshold


def _classify(
    rr: FloatArray,
    change: FloatArray,
    median: FloatArray,
    threshold: FloatArray,
    places: _Places,
) -> LabelArray:
    """Return the labels at `places`, for which `median` and Th2 are given.

    `rr` and `change` (dRR over Th1) hold all intervals.
    """
    here, this = change[places.at], rr[places.at]
    before, after, second = (places.neighbour(change, by) for by in (-1, 1, 2))
    side = np.where(here > 0, np.maximum(before, after), np.minimum(before, after))
    later = np.where(here >= 0, np.minimum(after, second), np.maximum(after, second))
    both = this + places.neighbour(rr, 1)
    far = _doubled(this - median) / threshold

    ectopic = ((here > 1) & (side < -C1 * here - C2)) | ((here < -1) & (side > -C1 * here + C2))
    long = ((here > 1) & (later < -1)) | (far > 3)
    short = ((here < -1) & (later > 1)) | (far < -3)
    missed = long & (np.abs(this / 2 - median) < threshold)
    extra = short & (np.abs(both - median) < threshold)
    chosen = np.select(
        [
            ectopic,
            missed,
            extra,
            long | (this > LONGEST_INTERVAL),
            short | (this < SHORTEST_INTERVAL),
        ],
        [Label.ECTOPIC, Label.MISSED, Label.EXTRA, Label.LONG, Label.SHORT],
        Label.NORMAL,
    )
    return chosen.astype(np.int8)


def _quantiles(
    values: FloatArray, low: IntArray, high: IntArray, width: int, shares: tuple[float, ...]
) -> FloatArray:
    """Return the quantiles of values[low[j] : high[j] + 1] by linear interpolation, one row each.

    A window holds at most `width` values; 0 stands where it holds none.
    """
    results = np.zeros((len(shares), len(low)))
    count = high - low + 1
    some = np.flatnonzero((count < width) & (count > 0))
    for rows in (*_parts(np.flatnonzero(count == width)), *_parts(some)):
        ordered = np.sort(_gathered(values, low[rows], count[rows], width), axis=1)
        results[:, rows] = [_quantile(ordered, count[rows], share) for share in shares]
    return results


def _parts(rows: IntArray) -> list[IntArray]:
    return [rows[start : start + _ROWS] for start in range(0, len(rows), _ROWS)]


def _gathered(values: FloatArray, low: IntArray, count: IntArray, width: int) -> FloatArray:
    """Return the (j, width) values of windows, filled up with infinity."""
    if count[0] == width:
        return sliding_window_view(values, width)[low]
    place = np.arange(width)
    inside = place < count[:, None]
    return np.where(inside, values[np.where(inside, low[:, None] + place, 0)], np.inf)


def _quantile(ordered: FloatArray, count: IntArray, share: float) -> FloatArray:
    """Return the quantile of the `count` smallest values of each row."""
    row = np.arange(len(ordered))
    position = (count - 1) * share
    below = position.astype(np.int64)
    start = ordered[row, below]
    end = ordered[row, np.ceil(position).astype(np.int64)]
    quantile: FloatArray = start + (end - start) * (position - below)
    return quantile
