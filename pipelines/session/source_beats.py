"""What every reader of a log begins with: each source's beats, labels and gaps, whole.

The engine ends with the same `SourceBeats`, packet by packet; what is measured on them is one
function for both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Protocol, runtime_checkable

import numpy as np

from devices.link import LinkState
from physio import labels as labelling
from physio.beats import Beats, BoolArray, FloatArray, Gap, GapCause
from physio.labels import LabelArray
from physio.respiration import Respiration
from physio.time.clock import beat_clock, is_beat
from physio.time.envelope import on_envelope
from pipelines.session.account import NOTHING_WRONG, Account, account_of
from pipelines.session.circumstances import PLAIN, Circumstances, Condition, Setting
from pipelines.session.decoding import NOTHING, START, RawIntervals, decode
from pipelines.session.delays import strap_delay
from pipelines.session.events import (
    AnyEvent,
    Assessment,
    LeftOut,
    Link,
    Pace,
    Packet,
    Source,
    Strap,
    TalkBaseline,
)
from pipelines.session.events import Baseline as BaselineChoice
from pipelines.session.guides import Guided, guides_of
from pipelines.session.hour import UNSAID, HourView, hour_of
from pipelines.session.lasting import elapsed
from pipelines.session.leaving_out import remaining, standing
from pipelines.session.marks import marks_of
from pipelines.session.snapshot import MarkView, TalkingView, talking_views
from pipelines.session.talking import Span


@dataclass(frozen=True, slots=True, eq=False)
class Arrived:
    """All beats of a source, and the arrival (n,) in s of the packet that brought each."""

    beats: Beats
    arrival: FloatArray

    def finally_at(self, time: FloatArray) -> FloatArray:
        """Return when it was, as whole segments tell, where the beat clock said `time` (s)."""
        return np.interp(time, self.beats.time, on_envelope(self.beats, self.arrival))


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
    paced : bool
        Whether a breathing guide was on at any time.
    around : Circumstances
        Stretches of talking and movement, those that a person left out, and postures.
    choices : tuple of (Condition, (start, end))
        Every baseline that the log names, in order; the newest of each condition counts.
    account : Account
        Where intervals add up to more than the time that passed.
    marks : tuple of MarkView
        The moments that people marked in the session, in order.
    delay : float
        How late its beats lie on the session clock, in s.
    delay_known : bool
        Whether that is known; 0 stands for what is not.
    hour : HourView
        What people said of the session besides its marks.
    respiration : Respiration or None
        What tells of breathing beside the intervals, in a recording of one source.
    guides : tuple of Guided
        The breathing guide between its rests.
    arrived : Arrived or None
        How all its beats arrived, those that are left out too; None where they did not.
    assessment : Assessment or None
        The newest resonance assessment, None without one or where it was given up.
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
    paced: bool = False
    around: Circumstances = PLAIN
    choices: tuple[tuple[Condition, Span], ...] = ()
    account: Account = NOTHING_WRONG
    marks: tuple[MarkView, ...] = ()
    delay: float = 0.0
    delay_known: bool = False
    hour: HourView = UNSAID
    respiration: Respiration | None = None
    guides: tuple[Guided, ...] = ()
    arrived: Arrived | None = None
    assessment: Assessment | None = None

    @property
    def usable(self) -> BoolArray:
        """The intervals that may enter a mean, as far as labels tell."""
        return labelling.usable(self.labels, self.beats.segment)

    @property
    def as_they_beat(self) -> Beats:
        """The beats when they beat: by their whole segments, and as far as the delay is known."""
        time = self.beats.time
        if self.arrived is not None and len(time):
            time = self.arrived.finally_at(time)
        return replace(self.beats, time=time - self.delay)

    @property
    def baseline(self) -> Span | None:
        """The stretch in s that the log names last as a baseline of silence, None without one."""
        silent = [span for condition, span in self.choices if not condition.talking]
        return silent[-1] if silent else None

    @property
    def talks(self) -> tuple[Span, ...]:
        """Stretches of talking in s."""
        return self.around.talks

    @property
    def talking(self) -> tuple[TalkingView, ...]:
        """The same, each as told or as likely."""
        return talking_views(self.around.told, self.around.likely)

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """What a person left out, as it stands."""
        return self.around.left_out

    @property
    def unread(self) -> tuple[Span, ...]:
        """Stretches in s in which heart rate tells of no arousal: as around, or more than time."""
        return (*self.around.unread, *self.account.spans)

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


@runtime_checkable
class Breathed(Protocol):
    """A log of one source that brings what else tells of breathing, as that of a file may."""

    @property
    def respiration(self) -> Respiration | None:
        """What it is, None where the intervals are all there is."""


def beats_of(events: Iterable[AnyEvent], *, labels: bool = True) -> tuple[SourceBeats, ...]:
    """Return the beats, labels and gaps of each source of a log, in the order of their numbers."""
    respiration = events.respiration if isinstance(events, Breathed) else None
    log = standing(list(events))
    found = sources_of(log, decode(START, log)[1], labels=labels)
    return tuple(replace(without_left_out(one), respiration=respiration) for one in found)


def without_left_out(found: SourceBeats) -> SourceBeats:
    """Return one wearer's part of a recording as it is measured: nothing of what is left out.

    That is a gap now, no circumstance of what remains.
    """
    if not found.left_out:
        return found
    beats, label, gaps = remaining(found.beats, found.labels, found.gaps, found.left_out)
    around = replace(found.around, left_out=())
    return replace(found, beats=beats, labels=label, gaps=gaps, around=around)


def sources_of(
    log: Sequence[AnyEvent], raw: Mapping[int, RawIntervals], *, labels: bool = True
) -> tuple[SourceBeats, ...]:
    """Return the sources of a log whose intervals `raw` by source are decoded.

    Nothing in the log is taken back, and what is left out is still among the beats.
    """
    joined = {event.source: event for event in log if isinstance(event, Source)}
    told = {event.source for event in log if isinstance(event, _OF_A_SOURCE)}
    paces = [event for event in log if isinstance(event, Pace)]
    assessments = [event for event in log if isinstance(event, Assessment)]
    setting, chosen = told_of(log)
    marks, hour = marks_of(log), hour_of(log)
    straps = {event.source: event for event in log if isinstance(event, Strap)}
    links = {
        event.source: event.state
        for event in log
        if isinstance(event, Link) and event.state is not ENDED
    }
    until = elapsed(log).time
    return tuple(
        _source_beats(
            joined.get(number, Source(0.0, number, f"member {number}", "")),
            raw.get(number, NOTHING),
            labels=labels,
            paces=paces,
            assessment=assessment_after(assessments),
            around=setting.of(number),
            choices=tuple(chosen.get(number, ())),
            link=links.get(number),
            until=until,
            marks=marks,
            hour=hour,
            delay=strap_delay(joined.get(number), straps.get(number)),
        )
        for number in sorted(told)
    )


def assessment_after(told: Sequence[Assessment]) -> Assessment | None:
    """Return the assessment that stands after these were told of, None where it was given up."""
    return told[-1] if told and told[-1].runs else None


def told_of(log: Iterable[AnyEvent]) -> tuple[Setting, dict[int, list[tuple[Condition, Span]]]]:
    """Return the setting that a log ends in, and the baselines it names of each source."""
    setting, chosen = Setting(), dict[int, list[tuple[Condition, Span]]]()
    for event in log:
        setting = setting.after(event)
        if isinstance(event, BaselineChoice | TalkBaseline):
            condition = setting.of(event.source).of_baseline(event)
            chosen.setdefault(event.source, []).append((condition, (event.start, event.end)))
    return setting, chosen


_OF_A_SOURCE = (Source, Packet, Link, BaselineChoice, TalkBaseline)


def _source_beats(
    source: Source,
    raw: RawIntervals,
    *,
    labels: bool,
    paces: Sequence[Pace],
    assessment: Assessment | None,
    around: Circumstances,
    choices: tuple[tuple[Condition, Span], ...],
    link: LinkState | None,
    until: float,
    marks: tuple[MarkView, ...],
    hour: HourView,
    delay: float | None,
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
        paced=any(pace.breathes for pace in paces),
        around=around,
        choices=choices,
        account=account_of(raw),
        marks=marks,
        delay=delay or 0.0,
        delay_known=delay is not None,
        hour=hour,
        guides=guides_of(paces, until),
        arrived=Arrived(beats, raw.arrival[is_beat(raw.rr)]),
        assessment=assessment,
    )
