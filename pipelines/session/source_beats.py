"""What every reader of a log begins with: each source's beats, labels and gaps, whole.

The engine ends with the same `SourceBeats`, packet by packet; what is measured on them is one
function for both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from devices.link import LinkState
from physio import labels as labelling
from physio.beats import Beats, Gap, GapCause
from physio.labels import LabelArray
from physio.time.clock import beat_clock
from pipelines.session.account import NOTHING_WRONG, Account, account_of
from pipelines.session.decoding import NOTHING, START, RawIntervals, decode
from pipelines.session.delays import strap_delay
from pipelines.session.events import AnyEvent, LeftOut, Link, Pace, Packet, Source, Strap
from pipelines.session.events import Baseline as BaselineChoice
from pipelines.session.lasting import elapsed
from pipelines.session.leaving_out import remaining, standing
from pipelines.session.marks import marks_of
from pipelines.session.snapshot import MarkView
from pipelines.session.talking import Span, talked_in


@dataclass(frozen=True, slots=True, eq=False)
class SourceBeats:
    """One wearer's part of a recording, ready to be measured.

    Attributes
    ----------
    source : int
        Its number in the log.
    role, device : str
        As its `Source` event tells them.
    received : int
        Intervals received, after the duplicate guard and before labels, absurd ones included.
    duplicates, malformed : int
        Packets that arrived twice, and packets that could not be read.
    beats : Beats
        n beats.
    labels : (n,) int8 or None
        Final labels; None to use all intervals as they are.
    gaps : tuple of Gap
        Stretches without beats.
    baseline : (start, end) or None
        The stretch that the log names last as this source's baseline, in seconds.
    paced : bool
        Whether a breathing guide was on at any time.
    talks : tuple of (start, end)
        Stretches of talking in seconds.
    account : Account
        Where intervals add up to more than the time that passed.
    marks : tuple of MarkView
        The moments that people marked in the session, in order.
    delay : float
        How late its beats lie on the session clock, in s.
    left_out : tuple of LeftOut
        The stretches that a person left out, as they stand.
    """

    source: int
    role: str
    device: str
    received: int
    duplicates: int
    malformed: int
    beats: Beats
    labels: LabelArray | None
    gaps: tuple[Gap, ...]
    baseline: Span | None = None
    paced: bool = False
    talks: tuple[Span, ...] = ()
    account: Account = NOTHING_WRONG
    marks: tuple[MarkView, ...] = ()
    delay: float = 0.0
    left_out: tuple[LeftOut, ...] = ()

    @property
    def unread(self) -> tuple[Span, ...]:
        """Stretches in s in which heart rate is not read: talking, and more intervals than time."""
        return (*self.talks, *self.account.spans)

    @property
    def span(self) -> Span:
        """From when to when it lasts, in s; see `span_of`."""
        if len(self.beats) == 0:
            return 0.0, 0.0
        return span_of(float(self.beats.start[0]), float(self.beats.time[-1]), self.gaps)


def span_of(start: float, end: float, gaps: Sequence[Gap]) -> Span:
    """Return from when to when (s) beats from `start` to `end` and the gaps around them last."""
    starts, ends = [gap.start for gap in gaps[:1]], [gap.until for gap in gaps[-1:]]
    return min([start, *starts]), max([end, *ends])


NO_BEATS_WHILE: Mapping[LinkState | None, GapCause] = MappingProxyType(
    {
        LinkState.LOST: GapCause.LINK_LOST,
        LinkState.SEARCHING: GapCause.LINK_LOST,
        LinkState.OFF_SKIN: GapCause.STRAP_OFF,
    }
)
"""Links without beats, and the gap that they mean."""
ENDED = LinkState.STOPPED
"""Every link ends so; whether beats were lost, the state before it tells."""
WORTH_TELLING = 5.0
"""Seconds; a packet may be this late without a gap."""


def gap_at_end(end: float | None, link: LinkState | None, until: float) -> tuple[Gap, ...]:
    """Return the gap from the last beat, which ends at `end` (s), if the link says there is one."""
    if end is None or link not in NO_BEATS_WHILE or until - end < WORTH_TELLING:
        return ()
    return (Gap(end, until, NO_BEATS_WHILE[link]),)


def beats_of(events: Iterable[AnyEvent], *, labels: bool = True) -> tuple[SourceBeats, ...]:
    """Return the beats, labels and gaps of each source of a log, in the order of their numbers."""
    log = standing(list(events))
    found = sources_of(log, decode(START, log)[1], labels=labels)
    return tuple(without_left_out(one) for one in found)


def without_left_out(found: SourceBeats) -> SourceBeats:
    """Return one wearer's part of a recording as it is measured: nothing of what is left out."""
    if not found.left_out:
        return found
    beats, label, gaps = remaining(found.beats, found.labels, found.gaps, found.left_out)
    return replace(found, beats=beats, labels=label, gaps=gaps)


def sources_of(
    log: Sequence[AnyEvent], raw: Mapping[int, RawIntervals], *, labels: bool = True
) -> tuple[SourceBeats, ...]:
    """Return the sources of a log whose intervals `raw` by source are decoded.

    Nothing in the log is taken back, and what is left out is still among the beats.
    """
    joined = {event.source: event for event in log if isinstance(event, Source)}
    told = {event.source for event in log if isinstance(event, _OF_A_SOURCE)}
    baselines = {e.source: (e.start, e.end) for e in log if isinstance(e, BaselineChoice)}
    paced = any(isinstance(event, Pace) and event.rate is not None for event in log)
    talks = talked_in(log)
    marks = marks_of(log)
    straps = {event.source: event for event in log if isinstance(event, Strap)}
    links = {
        event.source: event.state
        for event in log
        if isinstance(event, Link) and event.state is not ENDED
    }
    left_out = [event for event in log if isinstance(event, LeftOut)]
    until = elapsed(log).time
    return tuple(
        _source_beats(
            joined.get(number, Source(0.0, number, f"member {number}", "")),
            raw.get(number, NOTHING),
            labels=labels,
            baseline=baselines.get(number),
            paced=paced,
            talks=talks,
            link=links.get(number),
            until=until,
            marks=marks,
            delay=strap_delay(joined.get(number), straps.get(number)),
            left_out=tuple(one for one in left_out if one.source == number),
        )
        for number in sorted(told)
    )


_OF_A_SOURCE = (Source, Packet, Link, BaselineChoice)


def _source_beats(
    source: Source,
    raw: RawIntervals,
    *,
    labels: bool,
    baseline: Span | None,
    paced: bool,
    talks: tuple[Span, ...],
    link: LinkState | None,
    until: float,
    marks: tuple[MarkView, ...],
    delay: float,
    left_out: tuple[LeftOut, ...],
) -> SourceBeats:
    settled = beat_clock(raw.arrival, raw.rr, raw.cause)
    beats = settled.beats
    end = float(beats.time[-1]) if len(beats) else None
    return SourceBeats(
        source=source.source,
        role=source.role,
        device=source.device,
        received=raw.received,
        duplicates=raw.duplicates,
        malformed=raw.malformed,
        beats=beats,
        labels=labelling.labels(beats.rr, beats.segment) if labels else None,
        gaps=settled.gaps + gap_at_end(end, link, until),
        baseline=baseline,
        paced=paced,
        talks=talks,
        account=account_of(raw),
        marks=marks,
        delay=delay,
        left_out=left_out,
    )
