"""A whole session, ready to be read: what its log gives, and what was said at each packet.

The other reader of a log is the engine, packet by packet; both go through the same functions, and
what one says of a moment the other says too. Nothing but beats and labels is computed before it is
asked for, and then only what was asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

import numpy as np

from physio import labels as labelling
from physio.arousal import glance
from physio.arousal.baseline import Baseline, NoBaseline, baseline
from physio.beats import Beats, BoolArray, FloatArray, IntArray
from physio.labels import LabelArray
from physio.reasons import Reason
from physio.time.bursts import are_certain
from physio.time.clock import is_beat
from pipelines.session.account import agreement_of, too_many
from pipelines.session.curves import POINT_REACH, points_at
from pipelines.session.decoding import NOTHING, START, RawIntervals, decode, joined
from pipelines.session.events import AnyEvent, Pace, Talking
from pipelines.session.events import Baseline as BaselineChoice
from pipelines.session.leaving_out import standing
from pipelines.session.moments import Moments
from pipelines.session.reading import TRUST, Reading, readings, trusted
from pipelines.session.source_beats import SourceBeats, sources_of
from pipelines.session.talking import Span, talked
from pipelines.session.trace import Points

Said: TypeAlias = tuple[Reading, glance.Trust]

TOGETHER = 4096
"""Moments that are read at a time, which bounds the memory."""


@dataclass(frozen=True, eq=False)
class SourceRecord:
    """One wearer's part of a session: a point for each packet with beats, m in all.

    Attributes
    ----------
    found : SourceBeats
        Beats, final labels, gaps and what the log says of the source; what is left out is among
        the beats, as it was when they came, and withheld from the trace.
    moments : Moments
        What was known at each point.
    talking : (m,) bool
        Whether somebody was talking.
    disagreement : tuple of m Reason or None
        Why intervals and time did not agree.
    baselines : tuple of (int, Baseline or None)
        The baselines that were chosen, each with the number of points before it; None where the
        stretch could not be one.
    paced : bool
        Whether a breathing guide is on at the end.
    """

    found: SourceBeats
    moments: Moments
    talking: BoolArray
    disagreement: tuple[Reason | None, ...]
    baselines: tuple[tuple[int, Baseline | None], ...]
    paced: bool
    _kept: dict[int, Said] = field(default_factory=dict, init=False, repr=False)

    def __len__(self) -> int:
        return len(self.moments)

    @property
    def baseline(self) -> Baseline | None:
        """The baseline that was chosen last, None where there is none."""
        return self.baselines[-1][1] if self.baselines else None

    @cached_property
    def time(self) -> FloatArray:
        """(m,) End of the last beat of each point, in s."""
        return self.found.beats.time[self.moments.count - 1]

    def between(self, start: float, end: float) -> tuple[int, int]:
        """Return the numbers of the first point from `start` (s) on, and of the first after `end`.

        What `trace` takes.
        """
        first, last = np.searchsorted(self.time, start), np.searchsorted(self.time, end, "right")
        return int(first), int(last)

    def trace(
        self, first: int = 0, last: int | None = None, *, heart_alone: bool = False
    ) -> Points:
        """Return the points from `first` to `last` - 1, all unless told; only these are computed.

        Of them only heart rate and trust where it is asked for `heart_alone`.

        Values are those of the final labels, trust is what was said when the packet came.
        """
        count = self.moments.count[first:last]
        before = int(self.moments.count[first - 1]) if first else 0
        low = self._begin(before, count)
        # One beat more than asked for: its label tells of the one before it.
        part = slice(low, int(count.max(initial=0)) + 1)
        trusts = self.trusts(first, first + len(count))
        return points_at(
            self.found.beats[part],
            self.moments.labels[part],
            count - 1 - low,
            np.array([TRUST.index(one.level) for one in trusts], np.int64),
            first=before - low,
            baseline=self.baseline,
            paced=self.paced,
            talks=self.found.talks,
            left_out=[(one.start, one.end) for one in self.found.left_out],
            heart_alone=heart_alone,
        )

    def trusts(self, first: int, last: int) -> list[glance.Trust]:
        """Return how far the reading was trusted at the points from `first` to `last` - 1."""
        return [trust for _, trust in self._said(first, last)]

    @cached_property
    def glances(self) -> tuple[glance.GlanceState, ...]:
        """What was shown after each packet, position, direction and trust: a fold over all."""
        said = self._said(0, len(self))
        return tuple(
            glance.along(
                (read.time for read, _ in said),
                (read.heart_rate for read, _ in said),
                (read.slope for read, _ in said),
                self._baseline_then(),
                (trust for _, trust in said),
            )
        )

    def _begin(self, before: int, count: IntArray) -> int:
        """Return the first beat that points need which follow `before` beats."""
        if len(count) == 0:
            return before
        time = self.found.beats.time
        return min(before, int(np.searchsorted(time, time[count[0] - 1] - POINT_REACH)))

    def _said(self, first: int, last: int) -> list[Said]:
        """Return what was said at moments from `first` to `last` - 1; it is kept."""
        lacking = [moment for moment in range(first, last) if moment not in self._kept]
        if lacking:
            end = lacking[-1] + 1
            for begin in range(lacking[0], end, TOGETHER):
                self._say(begin, min(begin + TOGETHER, end))
        return [self._kept[moment] for moment in range(first, last)]

    def _say(self, first: int, last: int) -> None:
        each = zip(
            range(first, last),
            self._read(first, last),
            self._begun[first:last].tolist(),
            self.talking[first:last].tolist(),
            self.disagreement[first:last],
            strict=True,
        )
        for moment, read, begun, talking, disagreement in each:
            trust = trusted(
                read.minute, age=0.0, begun=begun, talking=talking, disagreement=disagreement
            )
            self._kept[moment] = read, trust

    def _read(self, first: int, last: int) -> list[Reading]:
        read: dict[int, Reading] = {}
        for then in self.moments.then(first, last):
            end = then.beats.time[then.newest]
            found = readings(then.beats, then.labels, start=then.start, end=end)
            read |= zip(then.moments.tolist(), found, strict=True)
        return [read[moment] for moment in range(first, last)]

    def _baseline_then(self) -> Iterator[Baseline | None]:
        """Yield the baseline that was known at each point."""
        edges = [*(before for before, _ in self.baselines), len(self)]
        yield from [None] * edges[0]
        for (before, own), after in zip(self.baselines, edges[1:], strict=True):
            yield from [own] * (after - before)

    @cached_property
    def _begun(self) -> FloatArray:
        """(m,) Seconds that beats covered at each point."""
        return np.asarray(np.cumsum(self.found.beats.rr)[self.moments.count - 1] / 1000.0)


@dataclass(frozen=True, slots=True)
class Record:
    """A session: what its log gives of each source, in the order of their numbers."""

    sources: tuple[SourceRecord, ...]


def record_of(events: Iterable[AnyEvent]) -> Record:
    """Return the record of a log."""
    log = standing(list(events))
    paced = False
    for event in log:
        if isinstance(event, Pace):
            paced = event.rate is not None
    told = _told(log)
    raw = {number: joined(one.parts) for number, one in told.items() if one.parts}
    sources = (
        _source_record(found, told.get(found.source, _Told()), paced=paced)
        for found in sources_of(log, raw)
    )
    return Record(tuple(sources))


@dataclass(slots=True)
class _Told:
    """What the log tells of a source besides its intervals, while it is gathered."""

    parts: list[RawIntervals] = field(default_factory=list)
    hushes: list[float] = field(default_factory=list)
    """For each part, when the talking known by then had ended, in s."""
    chosen: list[tuple[int, Span]] = field(default_factory=list)
    """Stretches chosen as a baseline, each with the number of parts before it."""


def _told(log: Sequence[AnyEvent]) -> dict[int, _Told]:
    """Return what is told of each source, in parts between which nothing changes but beats."""
    state = START
    talks: tuple[Span, ...] = ()
    told: dict[int, _Told] = {}
    for part, change in _parts(log):
        state, raw = decode(state, part)
        for number, intervals in raw.items():
            one = told.setdefault(number, _Told())
            one.parts.append(intervals)
            one.hushes.append(max((end for _, end in talks), default=-np.inf))
        match change:
            case Talking():
                talks = talked(talks, change)
            case BaselineChoice():
                one = told.setdefault(change.source, _Told())
                one.chosen.append((len(one.parts), (change.start, change.end)))
    return told


def _parts(log: Sequence[AnyEvent]) -> Iterator[tuple[Sequence[AnyEvent], AnyEvent | None]]:
    """Yield the events between changes that readings depend on, and the change after them."""
    begin = 0
    for place, event in enumerate(log):
        if isinstance(event, (Talking, BaselineChoice)):
            yield log[begin:place], event
            begin = place + 1
    yield log[begin:], None


def _source_record(found: SourceBeats, told: _Told, *, paced: bool) -> SourceRecord:
    raw = joined(told.parts) if told.parts else NOTHING
    count = np.cumsum(np.concatenate(([0], is_beat(raw.rr))))
    received = np.cumsum(raw.packets)
    # Until the first beat there is no point.
    begun = count[received] > 0
    received, known = received[begun], count[received][begun]
    beat = is_beat(raw.rr)
    final = found.labels
    assert final is not None
    moments = Moments(
        raw=raw,
        beats=found.beats,
        labels=final,
        received=received,
        count=known,
        certain=are_certain(raw.arrival[beat], raw.rr[beat], found.beats.segment, known),
    )
    silent = np.repeat(told.hushes, [len(part.packets) for part in told.parts])[begun]
    return SourceRecord(
        found=found,
        moments=moments,
        talking=raw.arrival[received - 1] < silent,
        disagreement=tuple(_disagreements(raw, begun)),
        baselines=tuple(_baselines(moments, told, int(np.count_nonzero(~begun)))),
        paced=paced,
    )


def _disagreements(raw: RawIntervals, begun: BoolArray) -> Iterator[Reason | None]:
    """Yield for each packet since the first beat why intervals and time did not agree by then."""
    if len(raw) == 0:
        return
    found = agreement_of(raw)
    wrong = found.too_many[begun].tolist()
    for ratio, refused in zip(found.ratio[begun].tolist(), wrong, strict=True):
        yield too_many(ratio) if refused else None


def _baselines(moments: Moments, told: _Told, late: int) -> Iterator[tuple[int, Baseline | None]]:
    """Yield each baseline that was chosen, with the number of points before it.

    The first `late` packets with intervals are no points.
    """
    packets = np.cumsum([0, *(len(part.packets) for part in told.parts)])
    for parts, (start, end) in told.chosen:
        before = max(0, int(packets[parts]) - late)
        yield before, _baseline(*moments.known(before - 1), start, end) if before else None


def _baseline(beats: Beats, label: LabelArray, start: float, end: float) -> Baseline | None:
    """Return the baseline that a stretch gives, None where it cannot be one."""
    try:
        return baseline(beats, labelling.usable(label, beats.segment), start=start, end=end)
    except NoBaseline:
        return None
