"""The beats of one source while they arrive: settled ones kept for good, the newest provisional."""

from __future__ import annotations

import numpy as np

from physio import labels, locked_rhythm, quality
from physio.beats import NO_BEATS, Beats, FloatArray, Gap, IntArray
from physio.labels import LabelArray
from physio.time import clock
from pipelines.session.account import RunningAccount
from pipelines.session.decoding import RawIntervals
from pipelines.session.growing import Growing

TOGETHER = 8
"""Settled beats that are labelled together: a call costs the same for one as for eight."""
CONTEXT = 16
"""Beats before new ones that the rhythm check looks back on."""


class BeatLog:
    """A fold over one source's intervals. What it costs to take one does not grow with the log."""

    def __init__(self) -> None:
        self._clock = clock.START
        self._labelling = labels.START
        self._time, self._rr = Growing(np.float64), Growing(np.float64)
        self._segment, self._label = Growing(np.int64), Growing(np.int8)
        self._elapsed, self._arrival = Growing(np.float64), Growing(np.float64)
        self._gaps: list[Gap] = []
        self._lost = 0.0
        self._pending = clock.Settled(NO_BEATS, ())
        self._fresh: LabelArray = np.empty(0, np.int8)
        self._given = 0
        """Settled beats that labelling has been given; the others wait for company."""
        self._labelled = 0
        self._alternating = 0
        self._judged = 0
        """Settled beats whose part of the recording is over, so that its rhythm is judged."""
        self._rhythms = np.zeros(len(locked_rhythm.Lock), np.int64)
        """How many of them lie in a rhythm of each kind."""
        self._rhythms_now: IntArray | None = None
        """The same with the part that goes on, until the next packet; None before it is asked."""
        self._settled_seconds = 0.0
        self.received = 0
        """Intervals received, after the duplicate guard."""
        self.duplicates = 0
        self.malformed = 0
        self.agreement = RunningAccount()
        """What intervals add up to against the time that passed."""

    def take(self, raw: RawIntervals) -> None:
        """Take in the intervals that one packet brought."""
        self.received += raw.received
        self.duplicates += raw.duplicates
        self.malformed += raw.malformed
        self.agreement.take(raw)
        self._arrival.append(raw.arrival[clock.is_beat(raw.rr)])
        self._clock, settled = clock.advance(self._clock, raw.arrival, raw.rr, raw.cause)
        self._keep(settled)
        self._pending = clock.pending(self._clock)
        waiting = self._with_pending(self._given)
        self._fresh = labels.provisional(self._labelling, waiting.rr, waiting.segment)
        self._rhythms_now = None

    def __len__(self) -> int:
        return len(self._time) + len(self._pending.beats)

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """The gaps so far."""
        return (*self._gaps, *self._pending.gaps)

    @property
    def lost(self) -> float:
        """Seconds that the gaps so far last together."""
        return self._lost + quality.seconds_lost(self._pending.gaps)

    @property
    def start(self) -> float | None:
        """Beginning of the first interval in s, None before it."""
        pending = self._pending.beats
        if len(self._time):
            return float(self._time.values[0] - self._rr.values[0] / 1000.0)
        return float(pending.start[0]) if len(pending) else None

    @property
    def end(self) -> float | None:
        """End of the newest beat in s, None before it."""
        newest = self._pending.beats.time if len(self._pending.beats) else self._time.values
        return float(newest[-1]) if len(newest) else None

    @property
    def settled(self) -> float:
        """End of the newest beat whose place and label are final, in s; -inf before the first."""
        count = len(self._label)
        return float(self._time.values[count - 1]) if count else -np.inf

    @property
    def covered(self) -> float:
        """Seconds that beats cover."""
        return self._settled_seconds + float(self._pending.beats.rr.sum()) / 1000.0

    @property
    def labelled(self) -> int:
        """Beats that bear a label, final or provisional."""
        return self._labelled + int(np.count_nonzero(self._fresh))

    @property
    def alternating(self) -> int:
        """Settled beats at which the rhythm alternates widely; see `physio.quality.irregular`."""
        return self._alternating

    @property
    def rhythms(self) -> IntArray:
        """Beats in a rhythm of each kind of `Lock`; those of a part that goes on as it is now."""
        # Several snapshots between two packets ask for the same again.
        if self._rhythms_now is None:
            first = min(self._judged, self.number_at((self.end or 0.0) - locked_rhythm.SECONDS))
            beats = self._with_pending(first)
            ends = locked_rhythm.parts(beats)
            going_on = self._counted(beats, ends[ends >= self._judged - first], first)
            self._rhythms_now = self._rhythms + going_on
        return self._rhythms_now

    def since(self, first: int) -> tuple[Beats, LabelArray]:
        """Return the beats from number `first` on, and their labels as far as they are known."""
        kept = min(first, len(self._time))
        beats = self._with_pending(kept)
        if first > kept:
            beats = beats[first - kept :]
        label = np.concatenate((self._label.values[first:], self._fresh))
        return beats, label[len(label) - len(beats) :]

    def recent(self, end: float, seconds: float) -> tuple[Beats, LabelArray]:
        """Return the beats of the `seconds` before `end` (s) and all later ones, with labels."""
        return self.since(self.number_at(end - seconds))

    def number_at(self, time: float) -> int:
        """Return the number of the first settled beat that ends at `time` (s) or later."""
        return int(np.searchsorted(self._time.values, time))

    def closed(self) -> tuple[Beats, LabelArray]:
        """Return all beats and their final labels, as if the recording ended here."""
        waiting = self._with_pending(self._given)
        state, final = labels.advance(self._labelling, waiting.rr, waiting.segment)
        label = np.concatenate((self._label.values, final, labels.pending(state)))
        return self._with_pending(0), label

    @property
    def arrival(self) -> FloatArray:
        """(n,) Arrival of each beat's packet in s, those pending included."""
        return self._arrival.values

    def _with_pending(self, first: int) -> Beats:
        """Return the settled beats from number `first` on, and those that are pending."""
        pending = self._pending.beats
        time = np.concatenate((self._time.values[first:], pending.time))
        rr = np.concatenate((self._rr.values[first:], pending.rr))
        segment = np.concatenate((self._segment.values[first:], pending.segment))
        return Beats.of_any_length(time, rr, segment, self._passed(first, segment))

    def _settled(self, first: int) -> Beats:
        segment = self._segment.values[first:]
        passed = self._passed(first, segment)
        return Beats.of_any_length(
            self._time.values[first:], self._rr.values[first:], segment, passed
        )

    def _passed(self, first: int, segment: IntArray) -> float | None:
        """Return `Beats.passed` of beats from number `first` on that lie in these segments."""
        begins = first == 0 or len(segment) == 0 or segment[0] != self._segment.values[first - 1]
        return None if begins else float(self._elapsed.values[first - 1])

    def _keep(self, settled: clock.Settled) -> None:
        beats, known = settled.beats, len(self._rr)
        self._gaps += settled.gaps
        self._lost += quality.seconds_lost(settled.gaps)
        if len(beats) == 0:
            return
        self._time.append(beats.time)
        self._rr.append(beats.rr)
        self._segment.append(beats.segment)
        self._elapsed.append(self._settled(known).elapsed)
        if len(self._rr) - self._given >= TOGETHER:
            self._label_settled()
        self._settled_seconds += float(beats.rr.sum()) / 1000.0
        context = max(0, known - CONTEXT)
        self._alternating += int(
            quality.alternating(self._settled(context))[known - context :].sum()
        )
        self._judge_rhythm(max(0, known - 1))

    def _judge_rhythm(self, known: int) -> None:
        """Judge the parts of the recording that are over, of which beat number `known` on tell."""
        over = known + locked_rhythm.parts(self._settled(known))[:-1]
        if len(over):
            first = self.number_at(self._time.values[over[0]] - locked_rhythm.SECONDS)
            self._rhythms += self._counted(self._settled(first), over - first, first)
            self._judged = int(over[-1]) + 1

    def _counted(self, beats: Beats, ends: IntArray, first: int) -> IntArray:
        """Return how many beats lie in each kind of rhythm, in parts that follow those judged."""
        lock = locked_rhythm.locks(beats, beats.time[ends])
        return locked_rhythm.counts(lock, ends, begin=self._judged - first)

    def _label_settled(self) -> None:
        waiting = self._settled(self._given)
        self._labelling, final = labels.advance(self._labelling, waiting.rr, waiting.segment)
        self._given = len(self._rr)
        self._label.append(final)
        self._labelled += int(np.count_nonzero(final))
