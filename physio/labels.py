"""Labels of intervals that do not lie between two normal beats.

The method is that of Lipponen JA, Tarvainen MP (2019), A robust algorithm for heart rate
variability time series artefact correction using novel beat classification, J Med Eng Technol
43:173, doi 10.1080/03091902.2019.1640306.

Deviations: intervals are labelled and kept, never moved or interpolated; thresholds have a floor
of 20 ms, as they are 0 where the rhythm is constant; the whole is done once, not repeated until
nothing is found; an interval outside 200 to 3000 ms is always labelled; one near 2, 3 or 4 times
the median around it is a missed beat however wide the thresholds are.

Quartiles of differences are those of signed values: 5.2 times half their distance covers 99.95 % of
a normal distribution, as the authors say; of absolute values, as NeuroKit2 and Systole take them,
it covers 97 %. Deviations from the median keep the quartiles of their sizes.

Segments: differences never reach across a gap, medians do, and thresholds of a segment of at least
46 intervals, half a window, are of its own. A shorter one is judged by the 91 around each of its
intervals in the recording, as of the same heart: of itself alone it would find nothing odd.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from physio.beats import LONGEST_INTERVAL, BoolArray, FloatArray, IntArray
from physio.quantiles import bounds, medians, quantiles

LabelArray = NDArray[np.int8]


class Label(IntEnum):
    """What an interval is, and which intervals a repair of it would touch.

    `usable` leaves out what a repair would replace; a spline or a periodogram of the usable
    intervals reads across them.

    Examples
    --------
    >>> import physio
    >>> [label.name for label in physio.Label]
    ['NORMAL', 'ECTOPIC', 'LONG', 'SHORT', 'MISSED', 'EXTRA']
    """

    NORMAL = 0
    ECTOPIC = 1
    """The long interval after an early beat. The early beat itself is at its beginning: this
    interval and the one before it are wrong, their sum is not."""
    LONG = 2
    """Too long, without a beat that would split it evenly: its end, or its beginning, is wrong."""
    SHORT = 3
    """Too short, and not whole with the next: its end, or its beginning, is wrong."""
    MISSED = 4
    """One beat was not detected, or two or three: the interval spans them and would be split."""
    EXTRA = 5
    """A beat was detected that is none: this interval and the next would be merged."""


FINAL_AFTER = 50
"""Later beats, of whatever segment, after which a label no longer changes."""

SHORTEST_INTERVAL = 200.0
THRESHOLD_WIDTH = 91
FEWEST_OWN = THRESHOLD_WIDTH // 2 + 1
"""Intervals of a segment below which its thresholds are of those around it too."""
MEDIAN_WIDTH = 11
ALPHA = 5.2
C1 = 0.13
C2 = 0.17
FLOOR = 20.0
"""Milliseconds, the least threshold."""
MULTIPLES = (2, 3, 4)
NEAR_MULTIPLE = 0.05
"""Share of a multiple of the median by which an interval near it may differ."""

_CONTEXT = 100
"""Beats kept before the first that is not final: 50 for final labels, 91 + 5 for provisional."""


@dataclass(frozen=True, slots=True, eq=False)
class LabelState:
    """The intervals whose labels are not final, after up to 100 earlier ones."""

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
    return _labels(intervals, _places(np.asarray(segment, np.int64)), slice(None))


def advance(state: LabelState, rr: ArrayLike, segment: ArrayLike) -> tuple[LabelState, LabelArray]:
    """Take in further intervals; return the new state and the labels that became final by them.

    However a recording is cut into calls, the labels of all calls followed by `pending` equal
    `labels` of the whole. A label is final once `FINAL_AFTER` later intervals are there, also where
    a session begins with a few beats before a gap: they wait for those that they are judged by.
    """
    intervals = np.concatenate((state.rr, np.asarray(rr, np.float64)))
    segments = np.concatenate((state.segment, np.asarray(segment, np.int64)))
    final = max(len(intervals) - FINAL_AFTER, state.settled)
    new = _labels(intervals, _places(segments), slice(state.settled, final))
    keep = max(0, final - _CONTEXT)
    return LabelState(intervals[keep:], segments[keep:], final - keep), new


def pending(state: LabelState) -> LabelArray:
    """Return the labels of the intervals that are not final, if the recording ends here."""
    return _labels(state.rr, _places(state.segment), slice(state.settled, None))


def provisional(state: LabelState, rr: ArrayLike = (), segment: ArrayLike = ()) -> LabelArray:
    """Return labels for the intervals that are not final, and for `rr` after them.

    In the newest segment, which goes on, medians and thresholds are its own, of the 91 newest
    intervals where the 45 later ones that a final label needs are not there yet; a label settles
    down two or three intervals after its own. Those of a short segment before it are of the 91
    newest, too. The state stays as it is: the place in time of `rr` is not certain yet.
    """
    intervals = np.concatenate((state.rr, np.asarray(rr, np.float64)))
    segments = np.concatenate((state.segment, np.asarray(segment, np.int64)))
    return _labels(intervals, _places(segments), slice(state.settled, None), trailing=True)


def known_at(final: LabelArray, rr: ArrayLike, segment: ArrayLike, count: ArrayLike) -> LabelArray:
    """Return what `provisional` said of the newest intervals at each of m moments.

    Parameters
    ----------
    final : (n,) int8
        The final labels.
    rr, segment : (n,)
        As in `labels`.
    count : (m,) int
        How many of the intervals were known at each moment, at least 1.

    Returns
    -------
    (m, FINAL_AFTER) int8
        Those of the `FINAL_AFTER` newest, the newest last; 0 where there were fewer. Labels of all
        earlier ones were final.
    """
    intervals, segments = np.asarray(rr, np.float64), np.asarray(segment, np.int64)
    counts = np.asarray(count, np.int64)
    median = _medians(intervals, _places(segments), trailing=False)
    known = np.zeros((len(counts), FINAL_AFTER), np.int8)
    for begin in range(0, len(counts), MOMENTS):
        part = slice(begin, begin + MOMENTS)
        known[part] = _known_at(final, intervals, median, segments, counts[part])
    return known


def _known_at(
    final: LabelArray, rr: FloatArray, median: FloatArray, segment: IntArray, count: IntArray
) -> LabelArray:
    """Label the newest intervals of each moment as if they were a recording of their own."""
    at = count[:, None] + np.arange(-_CONTEXT, 0)
    within = at >= 0
    known = np.where(within, final[np.maximum(at, 0)], 0).astype(np.int8)
    size = np.minimum(count, _CONTEXT)
    begin = np.repeat(np.cumsum(size) - size, size)
    # The segments of one moment are others than those of the next.
    own = segment[at[within]] + np.repeat(np.arange(len(count)), size) * (segment[-1] + 1)
    places = _places(own, begin, begin + np.repeat(size, size) - 1)
    held, middle = rr[at[within]], median[at[within]]
    # What follows was not known, so that the newest medians were those of fewer intervals.
    late = _at_edges(places, trailing=True)
    middle[late] = _edge_medians(held, places[late], trailing=True)
    newest = np.broadcast_to(np.arange(_CONTEXT) >= _CONTEXT - FINAL_AFTER, at.shape)
    known[within & newest] = _labelled(held, places, middle, newest[within], trailing=True)
    return known[:, -FINAL_AFTER:]


def usable(label: LabelArray | None, segment: ArrayLike) -> BoolArray:
    """Return the (n,) intervals that lie between two normal beats, as far as labels tell.

    Left out are the labelled intervals and the one before each `ECTOPIC` label in its segment,
    which ends with the early beat. Without labels none is left out.
    """
    if label is None:
        return np.ones(np.shape(segment), dtype=np.bool_)
    # Plain numbers: NumPy takes four times as long to compare with a member of an enumeration.
    normal: BoolArray = np.asarray(label) == int(Label.NORMAL)
    segments = np.asarray(segment)
    early = (np.asarray(label)[1:] == int(Label.ECTOPIC)) & (segments[1:] == segments[:-1])
    normal[:-1] &= ~early
    return normal


MOMENTS = 512
"""Moments whose labels are found at a time, which are handled in the processor's cache."""


@dataclass(frozen=True, slots=True, eq=False)
class _Places:
    """Places of intervals, with the edges of each one's segment, and of all that is known."""

    at: IntArray
    first: IntArray
    last: IntArray
    begin: IntArray
    end: IntArray

    def __getitem__(self, part: slice | BoolArray) -> _Places:
        return _Places(
            self.at[part], self.first[part], self.last[part], self.begin[part], self.end[part]
        )

    def newest(self) -> BoolArray:
        """Return which lie in the segment that goes on where a recording does."""
        return np.asarray(self.last == self.end)

    def neighbour(self, values: FloatArray, by: int, *, missing: float = 0.0) -> FloatArray:
        """Return the value `by` places on, `missing` where that is another segment."""
        place = self.at + by
        inside = (place >= self.first) & (place <= self.last)
        return np.where(inside, values[np.where(inside, place, self.at)], missing)


def _places(segment: IntArray, begin: ArrayLike = 0, end: ArrayLike | None = None) -> _Places:
    """Return the places of all intervals of some segments, all of them one recording unless told.

    `begin` and `end` are the first and last place of each one's recording.
    """
    newest = len(segment) - 1 if end is None else end
    return _Places(
        np.arange(len(segment)),
        np.searchsorted(segment, segment, side="left"),
        np.searchsorted(segment, segment, side="right") - 1,
        np.broadcast_to(np.asarray(begin, np.int64), len(segment)),
        np.broadcast_to(np.asarray(newest, np.int64), len(segment)),
    )


def _labels(rr: FloatArray, places: _Places, asked: slice, *, trailing: bool = False) -> LabelArray:
    """Return the labels of the intervals `asked` for, given all those around them.

    With `trailing`, the recording goes on.
    """
    if len(places.at[asked]) == 0:
        return np.empty(0, np.int8)
    median = _medians(rr, places, trailing=trailing)
    return _labelled(rr, places, median, asked, trailing=trailing)


def _labelled(
    rr: FloatArray,
    places: _Places,
    median: FloatArray,
    asked: slice | BoolArray,
    *,
    trailing: bool,
) -> LabelArray:
    """Return the labels as above, given the median around each interval."""
    change = np.nan_to_num(np.diff(rr, prepend=rr[0]))
    # The first interval of a segment has no difference.
    differs = places.at != places.first
    change[~differs] = 0.0
    deviation = _doubled(rr - median)
    changes = _Scale(change, change[differs], _before(differs), trailing)
    deviations = _Scale(deviation, np.abs(deviation), np.arange(len(rr) + 1), trailing)
    may = _impossible(rr) | _are_multiples(rr, median)
    may |= _may_turn(changes, places) | _may_stand_out(deviations, places)
    odd = may[asked]
    found = np.zeros(len(odd), np.int8)
    if odd.any():
        found[odd] = _classify(rr, median, changes, deviations, places[asked][odd])
    return found


def _before(which: BoolArray) -> IntArray:
    """Return (n + 1,) how many of `which` (n,) lie before each place, and before the end."""
    return np.concatenate(([0], np.cumsum(which)))


@dataclass(frozen=True, slots=True, eq=False)
class _Scale:
    """Values over their threshold: 5.2 times half the interquartile range of 91 around each.

    The quartiles are those of `spread`, of which `before` each place lie so many: intervals that
    have none are left out. With `trailing` the newest segment goes on, and 91 end no later than
    what is known.
    """

    values: FloatArray
    spread: FloatArray
    before: IntArray
    trailing: bool

    def threshold(self, places: _Places) -> FloatArray:
        """Return the thresholds at `places`."""
        low, high = self._windows(places)
        return _wide(*quantiles(self.spread, low, high, THRESHOLD_WIDTH, (0.25, 0.75)))

    def at_most(self, places: _Places) -> FloatArray:
        """Return what the scaled values are at most in size, and their sign: cheaply told."""
        low, high = self._windows(places)
        # The quartiles of 91 values lie from rank 22 to 23 and from rank 67 to 68.
        least = _wide(*bounds(self.spread, low, high, THRESHOLD_WIDTH, (23, 67)))
        return self.values[places.at] / least * (1.0 + 1e-9)

    def _windows(self, places: _Places) -> tuple[IntArray, IntArray]:
        """Return the first and last in `spread` of the values around each of `places`."""
        half = THRESHOLD_WIDTH // 2
        newest = places.newest() & self.trailing
        short = (places.last - places.first + 1 < FEWEST_OWN) & ~newest
        high = np.minimum(np.where(short, places.end, places.last), places.at + half)
        trails = newest | (short & self.trailing)
        low = np.where(trails, high - THRESHOLD_WIDTH + 1, places.at - half)
        low = np.maximum(low, np.where(short, places.begin, places.first))
        return self.before[low], self.before[high + 1] - 1


def _wide(lower: FloatArray, upper: FloatArray) -> FloatArray:
    """Return 5.2 times half the distance of two quartiles, at least the floor."""
    return np.maximum(ALPHA * (upper - lower) / 2, FLOOR)


def _impossible(rr: FloatArray) -> BoolArray:
    return (rr > LONGEST_INTERVAL) | (rr < SHORTEST_INTERVAL)


def _are_multiples(rr: FloatArray, median: FloatArray) -> BoolArray:
    """Return which intervals are near 2, 3 or 4 times the median around them."""
    multiples = np.array(MULTIPLES)[:, np.newaxis] * median
    return np.asarray((np.abs(rr - multiples) < NEAR_MULTIPLE * multiples).any(axis=0))


def _may_stand_out(deviations: _Scale, places: _Places) -> BoolArray:
    return np.asarray(np.abs(deviations.at_most(places)) > 3.0)


def _may_turn(changes: _Scale, places: _Places) -> BoolArray:
    """Return which changes are large, as far as is cheaply told, and have one back beside them.

    No other is an early beat, or a long or short interval for its change: see `_classify`, where
    `side` and `later` lie across zero from `here`.
    """
    most = changes.at_most(places)
    may: BoolArray = np.abs(most) > 1.0
    large = places[may]
    up = np.sign(most[may])
    before, after, second = (-up * large.neighbour(most, by) for by in (-1, 1, 2))
    may[may] = (np.minimum(before, after) > C1 + C2) | (np.maximum(after, second) > 1.0)
    return may


def _medians(rr: FloatArray, places: _Places, *, trailing: bool) -> FloatArray:
    """Return the median of the 11 intervals around each, or those of them that are known.

    With `trailing`, the newest segment's are its own: what lies beyond its beginning would outweigh
    the few of it that are there.
    """
    half = MEDIAN_WIDTH // 2
    median = np.empty(len(rr))
    median[half:-half] = medians(rr, MEDIAN_WIDTH)
    edge = _at_edges(places, trailing=trailing)
    median[edge] = _edge_medians(rr, places[edge], trailing=trailing)
    return median


def _at_edges(places: _Places, *, trailing: bool) -> BoolArray:
    """Return which intervals lack some of the 11 around them."""
    before = places.at - _oldest(places, trailing=trailing)
    return np.asarray(np.minimum(before, places.end - places.at) < MEDIAN_WIDTH // 2)


def _oldest(places: _Places, *, trailing: bool) -> IntArray:
    """Return the first place that each median may be of."""
    return np.where(places.newest(), places.first, places.begin) if trailing else places.begin


def _edge_medians(rr: FloatArray, places: _Places, *, trailing: bool) -> FloatArray:
    """Return the same at `places` near the ends of what it is of."""
    half = MEDIAN_WIDTH // 2
    low, high = (
        np.maximum(_oldest(places, trailing=trailing), places.at - half),
        np.minimum(places.end, places.at + half),
    )
    return np.asarray(quantiles(rr, low, high, MEDIAN_WIDTH, (0.5,))[0])


def _doubled(deviation: FloatArray) -> FloatArray:
    """Return mRR: short intervals count twice, as their deviations are bounded by 0."""
    return np.where(deviation < 0, 2.0 * deviation, deviation)


def _classify(
    rr: FloatArray,
    median: FloatArray,
    changes: _Scale,
    deviations: _Scale,
    places: _Places,
) -> LabelArray:
    """Return the labels at `places`; `rr` and `median` hold all intervals."""
    before, here, after, second = _beside(changes, places, (-1, 0, 1, 2))
    this, middle = rr[places.at], median[places.at]
    side = np.where(here > 0, np.maximum(before, after), np.minimum(before, after))
    later = np.where(here >= 0, np.minimum(after, second), np.maximum(after, second))
    both = this + places.neighbour(rr, 1)
    threshold = deviations.threshold(places)
    far = deviations.values[places.at] / threshold

    ectopic = ((here > 1) & (side < -C1 * here - C2)) | ((here < -1) & (side > -C1 * here + C2))
    long = ((here > 1) & (later < -1)) | (far > 3)
    short = ((here < -1) & (later > 1)) | (far < -3)
    missed = long & (np.abs(this / 2 - middle) < threshold)
    extra = short & (np.abs(both - middle) < threshold)
    chosen = np.select(
        [
            _are_multiples(this, middle),
            ectopic,
            missed,
            extra,
            long | (this > LONGEST_INTERVAL),
            short | (this < SHORTEST_INTERVAL),
        ],
        [Label.MISSED, Label.ECTOPIC, Label.MISSED, Label.EXTRA, Label.LONG, Label.SHORT],
        Label.NORMAL,
    )
    return chosen.astype(np.int8)


def _beside(scale: _Scale, places: _Places, shifts: tuple[int, ...]) -> FloatArray:
    """Return (k, j) the scaled values `shifts` places on, 0 where that is another segment."""
    at = places.at + np.array(shifts)[:, None]
    inside = (at >= places.first) & (at <= places.last)
    edges = (places.first, places.last, places.begin, places.end)
    there = _Places(at[inside], *(np.broadcast_to(edge, at.shape)[inside] for edge in edges))
    result = np.zeros(at.shape)
    result[inside] = scale.values[there.at] / scale.threshold(there)
    return result
