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
from pipelines.session.circumstances import UNTOLD, Baselines, Circumstances, Condition, Setting
from pipelines.session.curves import POINT_REACH, points_at
from pipelines.session.decoding import NOTHING, START, RawIntervals, decode, joined
from pipelines.session.events import AnyEvent, Pace, TalkBaseline
from pipelines.session.events import Baseline as BaselineChoice
from pipelines.session.leaving_out import standing
from pipelines.session.moments import Moments
from pipelines.session.reading import TRUST, Reading, readings, trusted
from pipelines.session.source_beats import SourceBeats, sources_of
from pipelines.session.talking import Span
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
    arrival : (m,) float
        When the packet of each came, in s.
    around : tuple of m Circumstances
        Those known then.
    disagreement : tuple of m Reason or None
        Why intervals and time did not agree.
    baselines : tuple of (int, Condition, Baseline or None)
        The baselines that were chosen, each with the number of points before it and what it is of;
        None where the stretch could not be one.
    paced : bool
        Whether a breathing guide is on at the end.
    """

    found: SourceBeats
    moments: Moments
    arrival: FloatArray
    around: tuple[Circumstances, ...]
    disagreement: tuple[Reason | None, ...]
    baselines: tuple[tuple[int, Condition, Baseline | None], ...]
    paced: bool
    _kept: dict[int, Said] = field(default_factory=dict, init=False, repr=False)

    def __len__(self) -> int:
        return len(self.moments)

    @property
    def baseline(self) -> Baseline | None:
        """The baseline of the posture and speech at the end, None where there is none."""
        return self.known.get(self.found.around.condition(np.inf))

    @cached_property
    def known(self) -> Baselines:
        """The newest baseline of each condition."""
        return {condition: own for _, condition, own in self.baselines}

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
            baselines=self.known,
            paced=self.paced,
            around=self.found.around,
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
            self.arrival[first:last].tolist(),
            self.around[first:last],
            self.disagreement[first:last],
            strict=True,
        )
        for moment, read, begun, arrival, around, disagreement in each:
            trust = trusted(
                read.minute,
                age=0.0,
                begun=begun,
                talking=around.condition(arrival).talking,
                likely=around.is_likely(arrival),
                disagreement=disagreement or around.hidden(arrival),
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
        """Yield the baseline that each point was compared with, of those known then."""
        known: dict[Condition, Baseline | None] = {}
        chosen = iter((*self.baselines, (len(self), UNTOLD, None)))
        before, condition, own = next(chosen)
        for place, (arrival, around) in enumerate(
            zip(self.arrival.tolist(), self.around, strict=True)
        ):
            while before <= place:
                known[condition] = own
                before, condition, own = next(chosen)
            yield around.own(arrival, known)

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
            paced = event.breathes
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
    around: list[Circumstances] = field(default_factory=list)
    """For each part, those known by then."""
    chosen: list[tuple[int, Condition, Span]] = field(default_factory=list)
    """Stretches chosen as a baseline, each with the number of parts before it."""


def _told(log: Sequence[AnyEvent]) -> dict[int, _Told]:
    """Return what is told of each source, in parts between which nothing changes but beats."""
    state = START
    told: dict[int, _Told] = {}
    for part, setting, choice in _parts(log):
        state, raw = decode(state, part)
        for number, intervals in raw.items():
            one = told.setdefault(number, _Told())
            one.parts.append(intervals)
            one.around.append(setting.of(number))
        if choice is not None:
            one = told.setdefault(choice.source, _Told())
            condition = setting.of(choice.source).of_baseline(choice)
            one.chosen.append((len(one.parts), condition, (choice.start, choice.end)))
    return told


def _parts(
    log: Sequence[AnyEvent],
) -> Iterator[tuple[Sequence[AnyEvent], Setting, BaselineChoice | TalkBaseline | None]]:
    """Yield the events between changes that readings depend on, their setting, and the choice.

    The setting is theirs from the first on: an event that changes it begins a part.
    """
    begin, setting = 0, Setting()
    for place, event in enumerate(log):
        after = setting.after(event)
        if after is not setting:
            yield log[begin:place], setting, None
            begin, setting = place, after
        if isinstance(event, (BaselineChoice, TalkBaseline)):
            yield log[begin:place], setting, event
            begin = place + 1
    yield log[begin:], setting, None


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
    of_part = np.repeat(np.arange(len(told.parts)), [len(part.packets) for part in told.parts])
    return SourceRecord(
        found=found,
        moments=moments,
        arrival=raw.arrival[received - 1],
        around=tuple(told.around[part] for part in of_part[begun].tolist()),
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


def _baselines(
    moments: Moments, told: _Told, late: int
) -> Iterator[tuple[int, Condition, Baseline | None]]:
    """Yield each baseline that was chosen, with the number of points before it.

    The first `late` packets with intervals are no points.
    """
    packets = np.cumsum([0, *(len(part.packets) for part in told.parts)])
    for parts, condition, (start, end) in told.chosen:
        before = max(0, int(packets[parts]) - late)
        own = _baseline(*moments.known(before - 1), start, end) if before else None
        yield before, condition, own


def _baseline(beats: Beats, label: LabelArray, start: float, end: float) -> Baseline | None:
    """Return the baseline that a stretch gives, None where it cannot be one."""
    try:
        return baseline(beats, labelling.usable(label, beats.segment), start=start, end=end)
    except NoBaseline:
        return None
