"""What was known of a source after each of its packets, found again from all of it at once.

Where a beat lies may show only later (`physio.time.clock`), and so may its label. A moment whose
beats lay where they still lie differs from the whole by the labels of its newest beats alone; such
moments are told of together. The few others are told of one by one, by the clock that ran live.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from physio import labels as labelling
from physio.beats import Beats, BoolArray, IntArray
from physio.labels import FINAL_AFTER, LabelArray
from physio.time import clock
from pipelines.session.decoding import RawIntervals
from pipelines.session.reading import REACH, reach

CONTEXT = 100
"""Beats before the first whose label is not final that the others' thresholds look back on."""


class Then(NamedTuple):
    """Beats and labels of which each of some moments knew those up to its newest.

    Labels within `REACH` of it are as they were known then, beats as far back as `reach`; `start`
    is where the first beat of all began, in s, and `newest` (k,) the place of each moment's newest
    beat.
    """

    moments: IntArray
    beats: Beats
    labels: LabelArray
    start: float
    newest: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """The moments after each packet with beats, m in all.

    Attributes
    ----------
    raw : RawIntervals
        All that was received.
    beats : Beats
        The beats that it gives in the end.
    labels : (n,) int8
        Their final labels.
    received, count : (m,) int
        How many intervals there were at each moment, and how many beats.
    certain : (m,) bool
        Whether those beats lay where they lie in the end.
    """

    raw: RawIntervals
    beats: Beats
    labels: LabelArray
    received: IntArray
    count: IntArray
    certain: BoolArray

    def __len__(self) -> int:
        return len(self.count)

    def known(self, moment: int) -> tuple[Beats, LabelArray]:
        """Return the beats and labels that were known at a moment."""
        if not self.certain[moment]:
            return next(self._singly(np.array([moment])))[1:]
        count = int(self.count[moment])
        label = self.labels[:count].copy()
        newest = self._newest(np.array([moment]))[0]
        label[-FINAL_AFTER:] = newest[-min(count, FINAL_AFTER) :]
        return self.beats[:count], label

    def then(self, first: int, last: int) -> Iterator[Then]:
        """Yield what was known at the moments from `first` to `last` - 1, in any order."""
        moments = np.arange(first, last)
        yield from self._together(moments[self.certain[moments]])
        for moment, beats, label in self._singly(moments[~self.certain[moments]]):
            begin = int(np.searchsorted(beats.time, beats.time[-1] - reach()))
            newest = np.array([len(beats) - 1 - begin])
            start = float(beats.start[0])
            yield Then(np.array([moment]), beats[begin:], label[begin:], start, newest)

    def _newest(self, moments: IntArray) -> LabelArray:
        count = self.count[moments]
        return labelling.known_at(self.labels, self.beats.rr, self.beats.segment, count)

    def _together(self, moments: IntArray) -> Iterator[Then]:
        if len(moments) == 0:
            return
        count, newest = self.count[moments], self._newest(moments)
        # One more than were known: the label of the next beat tells of the one before it.
        at = count[:, np.newaxis] + np.arange(-FINAL_AFTER, 1)
        then = np.concatenate((newest, np.zeros((len(count), 1), np.int8)), axis=1)
        there = (at >= 0) & (at < len(self.beats))
        differs = there & (then != self.labels[np.where(there, at, 0)])
        since = np.searchsorted(self.beats.time, self.beats.time[count - 1] - REACH)
        first = np.minimum(since, np.maximum(at[:, 0], 0))
        oldest = np.searchsorted(self.beats.time, self.beats.time[count.min() - 1] - reach())
        part = slice(min(int(oldest), int(first.min())), int(count.max()) + 1)
        beats, start = self.beats[part], float(self.beats.start[0])
        for rows in _turns(differs.any(axis=1), first, count + 1):
            label = self.labels.copy()
            label[at[rows][there[rows]]] = then[rows][there[rows]]
            yield Then(moments[rows], beats, label[part], start, count[rows] - 1 - part.start)

    def _singly(self, moments: IntArray) -> Iterator[tuple[int, Beats, LabelArray]]:
        """Yield moments with all beats and labels known then, as the clock gave them live."""
        state, taken, settled = clock.START, 0, 0
        for moment in moments.tolist():
            part = slice(taken, int(self.received[moment]))
            arrival, rr, cause = self.raw.arrival[part], self.raw.rr[part], self.raw.cause[part]
            state, new = clock.advance(state, arrival, rr, cause)
            taken, settled = part.stop, settled + len(new.beats)
            lasting = clock.Settled(self.beats[:settled], ())
            beats = clock.join(lasting, clock.pending(state)).beats
            yield moment, beats, self._labelled(beats, settled)

    def _labelled(self, beats: Beats, settled: int) -> LabelArray:
        """Return the labels of beats of which the first `settled` are as they are in the end."""
        final = max(0, settled - FINAL_AFTER)
        begin = max(0, final - CONTEXT)
        late = labelling.provisional(labelling.START, beats.rr[begin:], beats.segment[begin:])
        return np.concatenate((self.labels[:final], late[final - begin :]))


def _turns(differs: BoolArray, first: IntArray, last: IntArray) -> Iterator[IntArray]:
    """Yield rows that one array of labels tells of: no two that differ look at the same beats.

    A row looks at the beats from `first` to `last` - 1; those that do not differ are one turn.
    """
    if not differs.all():
        yield np.flatnonzero(~differs)
    turns: list[list[int]] = []
    free: list[tuple[int, int]] = []
    for row in np.flatnonzero(differs).tolist():
        if free and free[0][0] <= first[row]:
            turn = heapq.heappop(free)[1]
        else:
            turn = len(turns)
            turns.append([])
        turns[turn].append(row)
        heapq.heappush(free, (int(last[row]), turn))
    yield from map(np.array, turns)
