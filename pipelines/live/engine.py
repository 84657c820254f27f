"""The engine: a fold over a session's events that can be asked for a snapshot at any moment.

Its state depends on the order of events alone, never on how they were cut into calls or on when a
snapshot was taken. It calls `physio` for everything that is physiology.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from math import inf

import msgspec

from devices.scripted import REPLAY
from physio.arousal.baseline import Baseline as OwnBaseline
from physio.breathing.assessment import steps_of
from physio.breathing.pacer import Pacer
from physio.estimate import Estimate
from pipelines.language import tr
from pipelines.live.curves import trace
from pipelines.live.foreseen import own_guide, wave_view
from pipelines.live.wearer import BASELINE_GOAL, Wearer
from pipelines.session import (
    IN_VIEW,
    LATE,
    START,
    UNSAID,
    AnyEvent,
    Arrived,
    Assessment,
    Baseline,
    Condition,
    Elapsed,
    HourView,
    LeftOut,
    Link,
    Mark,
    Marks,
    MarkView,
    Pace,
    Packet,
    Phase,
    PhaseName,
    RawIntervals,
    ResonanceView,
    SampleLog,
    Samples,
    SeriesName,
    Setting,
    Snapshot,
    Source,
    SourceBeats,
    SourceView,
    Span,
    Strap,
    TakenBack,
    TalkBaseline,
    Tick,
    Trace,
    WallClock,
    WaveView,
    assessment_after,
    decode,
    elapsed,
    episode_spans,
    gap_at_end,
    guide_after,
    guides_of,
    one_by_one,
    resonance_view,
    rests,
    strap_delay,
    talking_views,
    without_left_out,
)

SETTLES = 60.0
"""Seconds after which what an assessment came to depends on no later beat: labels are final."""
SHORTEST_BASELINE = 60.0
"""Seconds of beats without which no stretch is taken as a baseline."""


class Engine:
    """A session being folded.

    Parameters
    ----------
    session : str
        Its id, for the snapshots.
    """

    def __init__(self, session: str = "") -> None:
        self._session = session
        self._decoding = START
        self._wearers: dict[int, Wearer] = {}
        self._samples = SampleLog()
        self._marks = Marks()
        self._straps: dict[int, Strap] = {}
        self._setting = Setting()
        self._hour = UNSAID
        self._phase, self._phase_since = PhaseName.NONE, 0.0
        self._phase_before = PhaseName.SESSION
        self._guide: Pacer | None = None
        self._paces: list[Pace] = []
        self._heart_leads = False
        self._assessment: Assessment | None = None
        self._assessed_until = inf
        self._resonances: dict[int, tuple[int, ResonanceView | None]] = {}
        """What the assessment came to for each source, and of how many intervals that was told."""
        self._choices: dict[int, tuple[tuple[Condition, Span], ...]] = {}
        self._undo: list[Callable[[], None]] = []
        """What takes back each decision since the newest beats; see `session.standing`."""
        self._started: float | None = None
        self._elapsed = Elapsed()

    def advance(self, events: Iterable[AnyEvent]) -> None:
        """Take in the next events of the log."""
        for event in one_by_one(events):
            if not isinstance(event, Tick):
                self._take(event)

    def snapshot(
        self, now: float, *, names: Sequence[str] = IN_VIEW, changes: bool = False
    ) -> Snapshot:
        """Return the state as it stands at `now` (s on the session clock); changes nothing.

        Each wearer's trailing windows of the measures `names` are in it, `IN_VIEW` among them, and
        if asked for the `changes` at the marks, which cost more the longer a recording lasts.
        """
        paced = self._guide is not None
        # What is over does not grow older.
        now = self.time if self._elapsed.over else max(now, self.time)
        return Snapshot(
            session=self._session,
            time=now,
            started_wall=self._started,
            phase=self._phase,
            phase_since=self._phase_since,
            sources=tuple(
                self._view(number, now, paced=paced, names=names, changes=changes)
                for number in sorted(self._wearers)
            ),
            marks=self.marks(),
            talking=talking_views(self._setting.speech.told, self._setting.speech.likely),
            hour=self._hour,
            simulated=any(wearer.source.simulated for wearer in self._wearers.values()),
            replayed=any(wearer.source.address == REPLAY for wearer in self._wearers.values()),
        )

    def source_beats(self) -> tuple[SourceBeats, ...]:
        """Return the beats of each source, as the offline path finds them in the same log."""
        return tuple(without_left_out(self.beats(number)) for number in sorted(self._wearers))

    @property
    def time(self) -> float:
        """Session time in s of the newest event, of those that it lasted until."""
        return self._elapsed.time

    @property
    def phase(self) -> PhaseName:
        """What the session is in."""
        return self._phase

    @property
    def hour(self) -> HourView:
        """What people said of the session besides its marks."""
        return self._hour

    @property
    def received(self) -> int:
        """Intervals received from all sources, after the duplicate guard."""
        return sum(wearer.beats.received for wearer in self._wearers.values())

    def in_milliseconds(self) -> tuple[str, ...]:
        """Return the roles of those whose straps seem to count in ms, told to count in 1/1024 s."""
        wearers = (wearer for _, wearer in sorted(self._wearers.items()))
        return tuple(
            wearer.source.role
            for wearer in wearers
            if wearer.beats.agreement.account.in_milliseconds
        )

    def beats(self, number: int) -> SourceBeats:
        """Return the beats of one source, what is left out among them."""
        wearer = self._wearers[number]
        beats, label = wearer.beats.closed()
        return SourceBeats(
            source=number,
            role=wearer.source.role,
            device=wearer.source.device,
            received=wearer.beats.received,
            duplicates=wearer.beats.duplicates,
            malformed=wearer.beats.malformed,
            beats=beats,
            labels=label,
            gaps=wearer.beats.gaps
            + gap_at_end(wearer.beats.end, wearer.link_before_end, self.time),
            paced=any(pace.breathes for pace in self._paces),
            guides=guides_of(self._paces, self.time),
            assessment=self._assessment,
            around=self._setting.of(number),
            choices=self._choices.get(number, ()),
            account=wearer.beats.agreement.account,
            marks=self.marks(),
            hour=self._hour,
            delay=self._delay(number) or 0.0,
            delay_known=self._delay(number) is not None,
            arrived=Arrived(beats, wearer.beats.arrival),
        )

    def samples(self) -> dict[SeriesName, Samples]:
        """Return every series besides the beats, as the offline path finds them."""
        return self._samples.samples()

    def trace(self, source: int, first: int, rr_first: int) -> Trace:
        """Return a source's trace from point `first` and interval `rr_first` on."""
        wearer, paced = self._wearers[source], self._guide is not None
        around = self._setting.of(source)
        return trace(wearer, first, rr_first, paced=paced, around=around)

    def marks(self) -> tuple[MarkView, ...]:
        """Return the moments marked, in order."""
        return self._marks.views()

    def newest_mark(self) -> float | None:
        """Return the moment of the mark that was made last, None where there is none."""
        return self._marks.newest()

    def phase_before_pause(self) -> PhaseName:
        """Return the phase that a pause or an end interrupted."""
        return self._phase_before

    def learnt_baselines(self, now: float) -> list[Baseline]:
        """Return a baseline for each source that has none and beats enough for one."""
        return [
            Baseline(now, number, end - BASELINE_GOAL, end)
            for number, _, end, wearer in self._heard()
            if not self._choices.get(number)
            and wearer.beats.covered >= BASELINE_GOAL
            and self._quiet(number, end - BASELINE_GOAL, end)
        ]

    def _quiet(self, number: int, start: float, end: float) -> bool:
        """Return whether nobody talked or moved and posture was one from `start` to `end` (s)."""
        around = self._setting.of(number)
        return not around.condition(end).talking and around.alike_since(end) <= start

    def chosen_baselines(
        self, now: float, seconds: float
    ) -> tuple[list[Baseline | TalkBaseline], str | None]:
        """Return the newest `seconds` of each source as its baseline, or one sentence why not.

        It is one of talking while somebody talks, and reaches back no further than to the last
        change of speech, posture or movement.
        """
        kind = TalkBaseline if self._setting.of(-1).condition(now).talking else Baseline
        stretches = [
            (number, max(start, end - seconds, self._setting.of(number).alike_since(now)), end)
            for number, start, end, _ in self._heard()
        ]
        chosen = [
            kind(now, number, start, end)
            for number, start, end in stretches
            if end - start >= SHORTEST_BASELINE
        ]
        if chosen:
            return chosen, None
        return [], (
            tr(
                "A baseline of talking needs {shortest_baseline:.0f} seconds of it; go on a little "
                "and press B again.",
                shortest_baseline=SHORTEST_BASELINE,
            )
            if kind is TalkBaseline
            else tr(
                "A baseline needs {shortest_baseline:.0f} seconds of beats; sit quietly a "
                "little longer and press B again.",
                shortest_baseline=SHORTEST_BASELINE,
            )
        )

    def _view(
        self, number: int, now: float, *, paced: bool, names: Sequence[str], changes: bool
    ) -> SourceView:
        """Return a source as it stands, with what its heart rate did at each mark if asked for."""
        wearer, marks, around = self._wearers[number], self.marks(), self._setting.of(number)
        view = wearer.view(now, paced=paced, around=around, names=names, marks=marks)
        wave = self._wave(number, now, view.measures.get("breathing_rate"))
        view = msgspec.structs.replace(view, wave=wave, resonance=self._resonance(number, now))
        if not changes:
            return view
        rises = episode_spans(view.episodes)
        told = wearer.mark_changes(marks, self._delay(number) or 0.0, around, episodes=rises)
        return msgspec.structs.replace(view, marks=told)

    def _wave(self, number: int, now: float, breathing: Estimate | None) -> WaveView | None:
        """Return the wave of a source's heart, foreseen while a guide is on or the heart leads."""
        guide = own_guide(breathing) if self._heart_leads else self._guide
        return wave_view(self._wearers[number], guide, now, self._delay(number))

    def _resonance(self, number: int, now: float) -> ResonanceView | None:
        """Return what an assessment came to for a source, once its last breath has been heard."""
        if now < self._assessed_until + LATE:
            return None
        settled = now >= self._assessed_until + LATE + SETTLES
        heard = -1 if settled else self._wearers[number].beats.received
        if number not in self._resonances or self._resonances[number][0] != heard:
            self._resonances[number] = heard, resonance_view(self.beats(number))
        return self._resonances[number][1]

    def _delay(self, number: int) -> float | None:
        """Return how late the beats of a source lie on the session clock, in s, None if unknown."""
        return strap_delay(self._wearers[number].source, self._straps.get(number))

    def _heard(self) -> Iterator[tuple[int, float, float, Wearer]]:
        """Yield number, first beginning and newest end in s of each source with beats."""
        for number, wearer in sorted(self._wearers.items()):
            start, end = wearer.beats.start, wearer.beats.end
            if start is not None and end is not None:
                yield number, start, end, wearer

    def _take(self, event: AnyEvent) -> None:
        self._elapsed = elapsed((event,), self._elapsed)
        self._samples.take(event)
        self._setting = self._setting.after(event)
        self._hour = self._hour.after(event)
        self._decoding, raw = decode(self._decoding, (event,))
        match event:
            case Source():
                self._wearers.setdefault(event.source, Wearer(event)).source = event
            case Packet():
                self._packet(event, raw)
            case Link():
                self._wearer(event.source).link_changed(event.state, event.time)
            case Strap():
                self._straps[event.source] = event
                if event.source in self._wearers:
                    self._wearers[event.source].strap_told(event.battery_percent)
            case Mark():
                self._marks.take(event)
            case Phase():
                self._enter(event)
            case Baseline() | TalkBaseline():
                self._choose(event)
            case LeftOut():
                self._undo.append(partial(self._read_again, event))
            case TakenBack() if self._undo:
                self._undo.pop()()
            case Pace():
                self._guide = guide_after(self._guide, event)
                self._paces.append(event)
                self._heart_leads = event.heart and not event.breathes
            case Assessment():
                self._assess(event)
            case WallClock() if self._started is None:
                self._started = event.wall - event.time
            case _:
                pass

    def _assess(self, told: Assessment) -> None:
        """Take down that an assessment begins, or that it was given up."""
        self._assessment, self._assessed_until = assessment_after((told,)), inf
        self._resonances.clear()
        if told.runs and told.course is not None:
            self._assessed_until = steps_of(told.course, told.inhale, at=told.start)[-1].end

    def _packet(self, packet: Packet, raw: dict[int, RawIntervals]) -> None:
        self._undo.clear()
        if packet.source in raw:
            wearer = self._wearer(packet.source)
            around = self._setting.of(packet.source)
            wearer.take(raw[packet.source], packet.time, around=around)

    def _choose(self, choice: Baseline | TalkBaseline) -> None:
        number, span = choice.source, (choice.start, choice.end)
        wearer, before = self._wearer(number), self._choices.get(number, ())
        self._undo.append(partial(self._choose_again, number, before, dict(wearer.baselines)))
        condition = self._setting.of(number).of_baseline(choice)
        self._choices[number] = (*before, (condition, span))
        wearer.choose_baseline(*span, condition)

    def _choose_again(
        self,
        number: int,
        choices: tuple[tuple[Condition, Span], ...],
        baselines: dict[Condition, OwnBaseline | None],
    ) -> None:
        """Have a source's baselines be again what they were."""
        self._choices[number], self._wearer(number).baselines = choices, baselines

    def _read_again(self, left_out: LeftOut) -> None:
        self._setting = self._setting.without(left_out)

    def _wearer(self, number: int) -> Wearer:
        # A log that was cut from outside may lack a source's introduction; its beats count.
        if number not in self._wearers:
            self._wearers[number] = Wearer(Source(0.0, number, f"member {number}", ""))
        return self._wearers[number]

    def _enter(self, phase: Phase) -> None:
        if rests(phase.name) and not rests(self._phase):
            self._phase_before = self._phase
        self._phase, self._phase_since = phase.name, phase.time
