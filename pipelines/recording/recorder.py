"""The recorder: commits every event, then computes on it, and answers windows while it does.

It runs in the process of its command. Links, marks, a scenario's script and the wall clock all end
in `Recorder.take`; nothing else writes the log.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from math import inf
from typing import Any, TypeVar

import msgspec

from devices import voice
from devices.clock import Clocks, Speed, read_clocks, session_clock, wall, wall_jump
from devices.codec import TICKS_PER_SECOND
from devices.link import (
    Connected,
    Link,
    LinkState,
    Namesakes,
    NoBluetooth,
    Notification,
    Record,
    StateChange,
    StrapInfo,
    StrapTrouble,
    Trouble,
)
from devices.scripted import ScriptedBaseline, ScriptedMark
from devices.sources import Opened
from physio.breathing.resonance import Earlier
from pipelines.language import tr
from pipelines.live import (
    AllowTouch,
    Assess,
    BeginPart,
    Command,
    CoverPicture,
    DrawBand,
    Edit,
    Engine,
    Finish,
    GoOn,
    HearTalking,
    MarkAgain,
    MarkMoment,
    NoteMark,
    Pause,
    Pose,
    RemoveMark,
    SayContext,
    SayOfPart,
    SenseRise,
    SetBaseline,
    SetPace,
    Talk,
    UndoMark,
    edited,
)
from pipelines.recording.listener import UNHEARD, Listener, why_not
from pipelines.recording.pipe import Answer, AskSnapshot, AskTrace, OfSession, Order
from pipelines.recording.share import Share
from pipelines.session import (
    IN_VIEW,
    THERAPIST,
    AnyEvent,
    Assessment,
    Baseline,
    Consent,
    Context,
    ContextLine,
    Guess,
    Guessing,
    Listening,
    Mark,
    Pace,
    Packet,
    Part,
    PartWords,
    PersonalBand,
    Phase,
    PhaseName,
    Posture,
    Snapshot,
    Source,
    Strap,
    Talking,
    TalkingLikely,
    TouchConsent,
    Trace,
    WallClock,
)
from pipelines.session import Link as LinkEvent
from pipelines.store import CannotWrite, SessionInUse, SessionWriter
from pipelines.words import bluetooth_text, in_milliseconds_text, refused_text, strap_text

T = TypeVar("T")

REFRESH = 0.1
"""Seconds between the snapshots that windows see."""
HELD_AT_MOST = 0.05
"""Real seconds that events of a replay at full speed may wait to be committed together."""
HELD_TOGETHER = 64
"""Events of a replay at full speed that are committed together at most: what is computed on them
takes far longer than to commit them, and views and Ctrl+C wait for it."""
BEATS_ARRIVE_WITHIN = 5.0
"""Seconds after which the beats of a stretch have arrived from any strap that still sends."""
LOOK_EVERY = 1.0
"""Real seconds between looks at whether the library is still there."""
LET_GO_WITHIN = 60.0
"""Real seconds that the end of a recording waits for another program to let go of its file."""
NOT_GUESSING = tr("A guess counts only before you look: G covers the picture first.")
WAITS = tr("Not kept yet, as another program holds the file; it is kept when that lets go.")
STILL_HELD = tr(
    "The end of the recording is not kept, as another program holds its file; close that program."
)
ANSWER_WITHIN = 0.2
"""Seconds that a window's request may wait for the recorder's loop."""


@dataclass(frozen=True, slots=True)
class Wearer:
    """Someone to record: an opened source, their role, and what a replayed log holds besides.

    Where a `link` to the source runs already, the recording takes it over.
    """

    opened: Opened
    role: str
    events: tuple[AnyEvent, ...] = ()
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What to record and for how long.

    Attributes
    ----------
    wearers : sequence of Wearer
        In the order of their numbers in the log.
    seconds : float or None
        Session time after which to stop; None until the sources end or somebody stops it.
    baseline : (float, float) or None
        Stretch in seconds to take as everybody's baseline once it has gone by.
    learn_baseline : bool
        Whether to take the first clear minutes as baseline if nobody chooses another.
    consent : str
        What is noted about consent.
    context : mapping of ContextLine to str
        What was said on lines of the card before it began.
    phase : PhaseName
        Phase that the session begins with.
    pace : Pace or None
        The breathing guide at the start.
    speed : float or "max"
        Session seconds to a real one. At "max", events come faster than a disk commits them one by
        one.
    observe : callable or None
        Shown a snapshot each second of session time, but at most ten a real second, and only once
        what it counts is committed.
    observed : sequence of str
        Measures of these snapshots, `IN_VIEW` among them.
    observes_marks : bool
        Whether the changes of heart rate at the marks are in these snapshots.
    say : callable
        Told a sentence when the library goes away while the recording goes on, or a strap seems to
        count in another unit.
    listens : bool
        Whether a microphone listens whether anybody talks, as everybody agreed.
    ticks : mapping of str to int
        What real straps count in a second, by address, where they depart from the specification and
        their source does not say.
    models : mapping of str to str
        What model real straps are, by address, as earlier sessions told.
    earlier : Earlier or None
        What the newest resonance assessment of the same person found, where one is kept.
    """

    wearers: Sequence[Wearer]
    seconds: float | None = None
    baseline: tuple[float, float] | None = None
    learn_baseline: bool = False
    consent: str = ""
    context: Mapping[ContextLine, str] = field(default_factory=dict)
    phase: PhaseName = PhaseName.SESSION
    pace: Pace | None = None
    speed: Speed = 1.0
    observe: Callable[[Snapshot], None] | None = None
    observed: Sequence[str] = IN_VIEW
    observes_marks: bool = False
    say: Callable[[str], None] = lambda _: None
    listens: bool = False
    ticks: Mapping[str, int] = field(default_factory=dict)
    models: Mapping[str, str] = field(default_factory=dict)
    earlier: Earlier | None = None


class Recorder:
    """One session being recorded. Make it inside the running event loop.

    Parameters
    ----------
    plan : Plan
        What to record.
    writer : SessionWriter
        Where every event is committed before it is computed on.
    engine : Engine
        What computes.
    """

    def __init__(self, plan: Plan, writer: SessionWriter, engine: Engine) -> None:
        self.watched: Callable[[], bool] = lambda: False
        """Whether a window looks on, so that snapshots are worth making."""
        self.share = Share()
        """What the answers to windows may take of the processor."""
        self.told_ticks: dict[str, int] = {}
        """What the straps met count in a second, by address, as their sources said."""
        self.may_go_on: Callable[[], bool] = lambda: False
        """Whether somebody might take its end back, so that `stop` is left to them."""
        self.unreached: NoBluetooth | None = None
        """Why it stopped where this computer could reach no strap."""
        self._plan = plan
        self._writer = writer
        self._engine = engine
        self._loop = asyncio.get_running_loop()
        self._start = self._loop.time()
        self._now = session_clock()
        self._clocks = self._read_clocks()
        self._held: list[AnyEvent] = []
        self._committed_at = time.monotonic()
        self._paused = False
        self._resumes = PhaseName.NONE
        self._finished = asyncio.Event()
        self._over = asyncio.Event()
        self._closed = False
        self._baseline_due = plan.baseline
        self._links: list[Link] = []
        self._addresses: dict[int, str] = {}
        self._models: dict[int, str] = {}
        self._stopped_by: str | None = None
        self._said: str | None = None
        self._notice: str | None = None
        self._full = False
        self._listener: Listener | None = None
        self._listens = plan.listens
        self._voice = self._voice_told = False
        self._newest = engine.snapshot(0.0)

    @property
    def trouble(self) -> str | None:
        """One sentence while it goes on without its library, or on what stopped it."""
        return self._writer.trouble or self._stopped_by

    @property
    def stopped_by(self) -> str | None:
        """One sentence when the recording had to stop: no Bluetooth, or a full disk."""
        return self._stopped_by

    @property
    def notice(self) -> str | None:
        """One sentence worth knowing while it goes on."""
        refused = any(link.trouble is StrapTrouble.REFUSED for link in self._links)
        return refused_text() if refused and not self.finished else self._notice

    @property
    def finished(self) -> bool:
        """Whether the recording has ended."""
        return self._newest.phase is PhaseName.FINISHED

    def stop(self) -> None:
        """End the recording; what was taken is kept."""
        self._over.set()

    def take(self, *events: AnyEvent) -> None:
        """Commit events, then compute on them. At full speed, many are committed together.

        The clocks are looked at first: what arrives after a jump lies after it in the log.
        """
        if events and not isinstance(events[0], WallClock):
            self._watch_wall_clock(events[0].time)
        self._held += [event for event in events if not (self._paused and _is_packet(event))]
        waited = time.monotonic() - self._committed_at
        at_once = self._plan.speed != "max" or len(self._held) >= HELD_TOGETHER
        if at_once or waited >= HELD_AT_MOST:
            self.commit()

    def commit(self) -> None:
        """Commit and compute on what is held."""
        events, self._held = self._held, []
        if not events or self._full:
            return
        try:
            self._writer.append(events)
        except SessionInUse:
            # Another program holds the file for a while: beats wait here, in their order.
            self._held = events
            return
        except CannotWrite as error:
            self._stopped_by, self._full = str(error), True
            self.stop()
            return
        self._tell_of_library()
        self._engine.advance(events)
        self._committed_at = time.monotonic()

    def handle(self, request: OfSession) -> Snapshot | Trace | Answer:
        """Answer a window; called in the pipe's threads."""
        match request:
            case AskSnapshot():
                rescued = self._writer.trouble is not None
                return msgspec.structs.replace(
                    self._newest, trouble=self.trouble, rescued=rescued, notice=self.notice
                )
            case AskTrace(source, first, rr_first):
                return self._in_loop(lambda: self._engine.trace(source, first, rr_first))
            case Order(command):
                return Answer(self._in_loop(lambda: self.carry_out(command)))

    def carry_out(self, command: Command) -> str | None:
        """Turn a wish into events; return None once they are kept, else one sentence."""
        if self.finished:
            return tr("The session is finished, so nothing more is added to it.")
        # What a wish is about has happened: a baseline reaches to the newest beat that came.
        self.commit()
        events, trouble = self._events_for(command)
        self.take(*events)
        self.commit()
        self._refresh()
        return self.trouble or (WAITS if self._held else trouble)

    async def until_finished(self) -> None:
        """Wait until somebody finishes a recording that `may_go_on`."""
        await self._finished.wait()

    def go_on(self) -> None:
        """Take the end back: record again, or be paused as before; what lies between is a gap."""
        self._finished.clear()
        self._paused = self._resumes is PhaseName.PAUSED
        self.take(Phase(self._now(), self._resumes))
        self._listen(on=self._listens)
        self.commit()
        self._refresh()

    def amend(self, edit: Edit, keep: Callable[[Sequence[AnyEvent]], object]) -> None:
        """Carry out what may be asked of a session that has ended.

        While it may still go on it is kept here, afterwards by `keep`.
        """
        events, _ = self._events_for(edit)
        if self._closed:
            keep(events)
            self._engine.advance(events)
        else:
            self.take(*events)
            self.commit()
        self._refresh()

    async def run(self) -> None:
        """Record until the sources end, somebody stops it, or `trouble` does."""
        self.take(*self._opening())
        try:
            await self._until_over()
        except NoBluetooth as error:
            self.unreached, self._stopped_by = error, bluetooth_text(error)
        finally:
            self._close()

    async def _until_over(self) -> None:
        self._listen(on=self._listens)
        self._links = [self._link(number) for number in range(len(self._plan.wearers))]
        for link in self._links:
            link.gives_up = self._was_never_connected
        own = (self._each_second(), self._each_frame(), self._each_look())
        chores = [asyncio.create_task(chore) for chore in own]
        chores += [asyncio.create_task(self._play(event)) for event in self._scripted()]
        recording = [asyncio.create_task(link.run()) for link in self._links]
        stopped = asyncio.create_task(self._stopped())
        try:
            together = asyncio.gather(*recording)
            await asyncio.wait((together, stopped), return_when=asyncio.FIRST_COMPLETED)
            for link in self._links:
                link.stop()
            await asyncio.wait(recording)
            await together
            self._tell_of_hopeless()
        finally:
            await _cancelled(*recording, *chores, stopped)

    def _was_never_connected(self) -> bool:
        """Return whether no strap was connected yet: else a recording goes on without Bluetooth."""
        return not any(link.ever_connected for link in self._links)

    def _tell_of_ending(self, number: int, state: LinkState, trouble: Trouble | None) -> None:
        """Say that one of several links has given up; the others go on."""
        if state is LinkState.STOPPED and trouble is not None and len(self._links) > 1:
            why = _why_hopeless(self._links[number])
            device = self._plan.wearers[number].opened.device
            self._notice = tr("{device}: {why}", device=device, why=why or "")
            self._plan.say(self._notice)

    def _tell_of_hopeless(self) -> None:
        """Say why nothing was recorded where no link could ever come about."""
        whys = [_why_hopeless(link) for link in self._links]
        if whys and all(whys):
            self._stopped_by = whys[0]

    async def _stopped(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._plan.seconds):
                await self._over.wait()

    def _close(self) -> None:
        if not self._finished.is_set():
            self._end()
        self._commit_at_last()
        self._closed = True
        self._refresh()

    def _end(self) -> None:
        self._listen(on=False)
        self.take(*self._events_for(CoverPicture(on=False))[0])
        self._choose_baselines(inf)
        self.take(Phase(self._now(), PhaseName.FINISHED))

    def _finish(self) -> None:
        """End the session; where it may go on, the straps stay connected until `stop`."""
        if not (self.may_go_on() and (self._engine.received or self._engine.marks())):
            self.stop()
            return
        self._resumes = self._engine.phase
        self._end()
        self._paused = True
        self._finished.set()

    def _commit_at_last(self) -> None:
        end = time.monotonic() + LET_GO_WITHIN
        self.commit()
        while self._held and time.monotonic() < end:
            self.commit()
        if self._held:
            self._stopped_by = STILL_HELD

    def _opening(self) -> Iterator[AnyEvent]:
        yield WallClock(0.0, self._clocks.wall - self._clocks.session)
        for number, wearer in enumerate(self._plan.wearers):
            yield self._source(0.0, number, wearer.opened.ticks)
        yield Consent(0.0, self._plan.consent)
        for line, words in self._plan.context.items():
            yield Context(0.0, line, words)
        yield Phase(0.0, self._plan.phase)
        if self._plan.pace is not None:
            yield self._plan.pace

    def _source(self, time: float, number: int, ticks: int | None) -> Source:
        wearer = self._plan.wearers[number]
        return Source(
            time,
            number,
            wearer.role,
            wearer.opened.device,
            self._addresses.get(number, wearer.opened.address),
            wearer.opened.simulated,
            ticks or TICKS_PER_SECOND,
        )

    def _met(self, time: float, number: int, address: str) -> None:
        """Take down which strap it is, its model and what it counts in, as earlier sessions told.

        A script's strap is and counts as in its recording.
        """
        opened, known = self._plan.wearers[number].opened, address.casefold()
        if opened.duration is not None:
            return
        if opened.ticks is not None:
            self.told_ticks[known] = opened.ticks
        ticks = opened.ticks or self._plan.ticks.get(known)
        is_news = self._addresses.get(number, opened.address) != address
        self._addresses[number] = address
        if is_news or (opened.ticks is None and ticks is not None):
            self.take(self._source(time, number, ticks))
        if number not in self._models and known in self._plan.models:
            self._models[number] = self._plan.models[known]
            self.take(Strap(time, number, "", self._models[number], None))

    def _told(self, number: int, told: StrapInfo) -> None:
        """Take down what a strap says of itself; of one that does not, its model as known."""
        if told.model:
            self._models[number] = told.model
        model = told.model or self._models.get(number)
        self.take(Strap(told.time, number, told.name, model, told.battery_percent))

    def _link(self, number: int) -> Link:
        wearer = self._plan.wearers[number]

        def emit(record: Record) -> None:
            match record:
                case Notification(arrival, kind, data, rate, channel):
                    self.take(Packet(arrival, number, kind, data, rate, channel))
                case StateChange(moment, state, trouble):
                    self.take(LinkEvent(moment, number, state))
                    self._tell_of_ending(number, state, trouble)
                case Connected(moment, address):
                    self._met(moment, number, address)
                case StrapInfo():
                    self._told(number, record)

        opened, link = wearer.opened, wearer.link
        if link is None:
            return Link(opened.adapter, opened.wanted, emit=emit, start=self._start)
        link.hand_over(emit, start=self._start)
        return link

    def _scripted(self) -> Iterator[AnyEvent]:
        for number, wearer in enumerate(self._plan.wearers):
            scripted = (_event(number, one) for one in wearer.opened.scripted)
            for event in (*wearer.events, *scripted):
                # The stretch that was asked for counts before one that a recording brings along.
                if self._plan.baseline is None or not isinstance(event, Baseline):
                    yield event

    async def _play(self, event: AnyEvent) -> None:
        await asyncio.sleep(max(0.0, event.time - self._now()))
        self.take(event)

    async def _each_second(self) -> None:
        shown, told = 0.0, 0.0
        for second in _counting_from(1.0):
            await asyncio.sleep(max(0.0, second - self._now()))
            self._watch_wall_clock(self._now())
            self.take()  # what still waits to be committed
            self._choose_baselines(self._now() - BEATS_ARRIVE_WITHIN)
            self._tell_of_units()
            # Whoever was held up does not tell of the same second twice.
            new = max(second, self._engine.time) - told >= 1.0
            if self._plan.observe is not None and new and time.monotonic() - shown >= REFRESH:
                self.commit()
                shown = time.monotonic()
                snapshot = self._engine.snapshot(
                    second, names=self._plan.observed, changes=self._plan.observes_marks
                )
                told = snapshot.time
                self._plan.observe(snapshot)

    async def _each_frame(self) -> None:
        while True:
            await self._real_sleep(REFRESH)
            if self.watched():
                self._refresh()

    async def _each_look(self) -> None:
        while True:
            await self._real_sleep(LOOK_EVERY)
            self._writer.look()
            self._tell_of_library()

    async def _real_sleep(self, seconds: float) -> None:
        """Sleep for so many real seconds; at full speed, less."""
        speed = 10.0 if self._plan.speed == "max" else self._plan.speed
        await asyncio.sleep(seconds * speed)

    def _tell_of_library(self) -> None:
        trouble = self._writer.trouble
        if trouble is not None and trouble != self._said:
            self._said = trouble
            self._plan.say(trouble)

    def _tell_of_units(self) -> None:
        """Say once where a strap seems to count in milliseconds."""
        roles = self._engine.in_milliseconds() if self._notice is None else ()
        if roles:
            self._notice = in_milliseconds_text(roles)
            self._plan.say(self._notice)

    def _refresh(self) -> None:
        self._newest = self._engine.snapshot(self._now())

    def _watch_wall_clock(self, at_latest: float) -> None:
        """Take down a jump since the last look; what comes next happened at `at_latest` (s)."""
        clocks = self._read_clocks()
        jump = wall_jump(self._clocks, clocks)
        if jump is not None or clocks.is_sharp:
            # Clocks that only drift are followed, or hours of drift would count as a jump.
            self._clocks = clocks
        if jump is not None:
            time = min(clocks.session, at_latest)
            self.take(WallClock(time, clocks.wall - (clocks.session - time), jump))

    def _read_clocks(self) -> Clocks:
        return read_clocks(self._now, wall)

    def _choose_baselines(self, heard: float) -> None:
        """Take the stretch that was asked for once it lies before `heard` (s), or learn one."""
        if self._baseline_due is not None and heard >= self._baseline_due[1]:
            self.take(*self._baselines(*self._baseline_due))
            self._baseline_due = None
        elif self._plan.learn_baseline:
            self.take(*self._engine.learnt_baselines(self._now()))

    def _baselines(self, start: float, end: float) -> Iterable[Baseline]:
        for number in range(len(self._plan.wearers)):
            yield Baseline(self._now(), number, start, end)

    def _events_for(self, command: Command) -> tuple[Sequence[AnyEvent], str | None]:
        now = self._now()
        match command:
            case MarkMoment(text, ago):
                earlier = max(now - ago, 0.0) if ago > 0.0 else msgspec.UNSET
                return [Mark(now, text, moment=earlier)], None
            case NoteMark() | RemoveMark() | MarkAgain():
                return [edited(command, now)], None
            case UndoMark():
                newest = self._engine.newest_mark()
                undone = Mark(now, "", replaces=newest, removed=True)
                return [] if newest is None else [undone], None
            case SetBaseline(seconds):
                return self._engine.chosen_baselines(now, seconds)
            case Talk(on):
                return [Talking(now, on)], None
            case Pose(name):
                return [Posture(now, number, name) for number in self._clients()], None
            case BeginPart(name):
                return [Part(now, name)], None
            case AllowTouch(given):
                return [TouchConsent(now, given)], None
            case HearTalking(on):
                self._listens = on
                return [], self._listen(on=on)
            case CoverPicture(on):
                return [] if on is self._engine.hour.guessing else [Guessing(now, on)], None
            case SenseRise(ago) if self._engine.hour.guessing:
                return [Guess(now, max(now - ago, 0.0) if ago > 0.0 else msgspec.UNSET)], None
            case SenseRise():
                return [], NOT_GUESSING
            case SayOfPart(part, after, text):
                return [PartWords(now, part, after, text)], None
            case SayContext(line, text):
                return [Context(now, line, text)], None
            case DrawBand(source, low, high, unit, low_words, high_words):
                return [PersonalBand(now, source, low, high, unit, low_words, high_words)], None
            case Pause() if not self._paused:
                self._tell_of_voice(on=False)
                self.take(Phase(now, PhaseName.PAUSED))
                self._paused = True
                return [], None
            case GoOn() if self._paused:
                self._paused = False
                self.take(Phase(now, self._engine.phase_before_pause()))
                self._tell_of_voice(on=self._voice)
                return [], None
            case SetPace(rate, inhale, heart):
                pace = Pace(now, rate, inhale, heart)
                if rate is not None and not pace.breathes:
                    return [], tr("The guide breathes 4 to 24 times a minute; it stays as it is.")
                return [pace], None
            case Assess(course, start, inhale):
                before = None if course is None else self._plan.earlier
                told = Assessment(now, course, start, inhale, before)
                if course is not None and not told.runs:
                    return [], tr("The guide breathes 4 to 24 times a minute; it stays as it is.")
                return [told], None
            case Finish():
                self._finish()
                return [], None
            case Pause() | GoOn():
                return [], None

    def _listen(self, *, on: bool) -> str | None:
        """Open the microphone, or let go of it; return one sentence where none can be opened."""
        if on and self._listener is None:
            if (sentence := why_not()) is not None:
                self._listens, self._notice = False, sentence
                self._plan.say(sentence)
                return sentence
            self._listener = Listener(self._hears)
        elif not on and self._listener is not None:
            self._listener.close()
            self._listener, self._voice = None, False
            self._tell_of_voice(on=False)
            self._tell_of_listening(on=False)
        return None

    def _hears(self, listener: Listener, word: str) -> None:
        """Pass on what the listener's thread was told."""
        with contextlib.suppress(RuntimeError):  # the loop has ended before it
            self._loop.call_soon_threadsafe(self._heard, listener, word)

    def _heard(self, listener: Listener, word: str) -> None:
        if listener is not self._listener:
            return
        match word:
            case voice.READY:
                self._tell_of_listening(on=True)
            case voice.ON | voice.OFF:
                self._voice = word == voice.ON
                self._tell_of_voice(on=self._voice)
            case _:
                self._listens = False
                self._listen(on=False)
                self._notice = UNHEARD
                self._plan.say(UNHEARD)

    def _tell_of_listening(self, *, on: bool) -> None:
        """Take down that a microphone listens, or no more."""
        if on is not self._engine.hour.listening:
            self.take(Listening(self._now(), on))
            self.commit()

    def _tell_of_voice(self, *, on: bool) -> None:
        """Take down that talking became likely or no more, unless the recording is paused."""
        if on is not self._voice_told and not self._paused:
            self._voice_told = on
            self.take(TalkingLikely(self._now(), on))

    def _clients(self) -> Sequence[int]:
        """Return everybody but a therapist, who sits by; all where nobody else is there."""
        roles = [wearer.role for wearer in self._plan.wearers]
        clients = [number for number, role in enumerate(roles) if role != THERAPIST]
        return clients or range(len(roles))

    def _in_loop(self, call: Callable[[], T]) -> T:
        answer: Future[T] = Future()
        self._loop.call_soon_threadsafe(_settle, answer, self.share, call)
        try:
            return answer.result(ANSWER_WITHIN)
        finally:
            # Who asked has been told that nothing came of it, so nothing may come of it later.
            answer.cancel()


def _settle(answer: Future[T], share: Share, call: Callable[[], T]) -> None:
    if answer.set_running_or_notify_cancel():
        try:
            with share.charged():
                result = call()
            answer.set_result(result)
        except Exception as error:  # noqa: BLE001 - it is whoever asked that learns of it
            answer.set_exception(error)


def _why_hopeless(link: Link) -> str | None:
    """Return why a link gave up, None where it did not."""
    if isinstance(link.error, Namesakes):
        return bluetooth_text(link.error)
    return None if link.trouble is not StrapTrouble.NO_HEART_RATE else strap_text(link.trouble)


def _is_packet(event: AnyEvent) -> bool:
    return isinstance(event, Packet)


def _event(number: int, scripted: ScriptedBaseline | ScriptedMark) -> AnyEvent:
    if isinstance(scripted, ScriptedBaseline):
        return Baseline(scripted.time, number, scripted.start, scripted.end)
    return Mark(scripted.time, scripted.text)


def _counting_from(first: float) -> Iterator[float]:
    while True:
        yield first
        first += 1.0


async def _cancelled(*tasks: asyncio.Future[Any]) -> None:
    """Cancel tasks, wait for them, and raise what one of them came to grief on."""
    for task in tasks:
        task.cancel()
    for ending in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(ending, Exception):
            raise ending
