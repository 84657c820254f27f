"""A practice as it runs: what the keys do to it, what it hears of a session, and what it says.

It knows no widget: the view asks it for what to draw. Time comes from an injected clock.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Collection

from gui.practice import stage as course
from gui.practice import words
from gui.practice.alone import Alone
from gui.practice.beats import HeartLog
from gui.practice.guide import STEP, breathed, fullness, inhaling, pace
from gui.practice.heart import NOTHING, Heart
from gui.practice.keys import UNDER_CALM, UNDER_HELP, UNDER_WORDS
from gui.practice.sound import Sound
from gui.practice.stage import Stage
from gui.practice.words import HOLD
from gui.shared import Answer, Poller, SessionClock
from physio.beats import BoolArray, FloatArray
from pipelines.harmless import harmless
from pipelines.language import tr
from pipelines.live import (
    Command,
    Finish,
    GoOn,
    MarkMoment,
    Pause,
    RunningSession,
    SetPace,
)
from pipelines.recording import KeepPractice, PracticeLook
from pipelines.session import Fate, PhaseName, Snapshot, WaveState, WaveView
from pipelines.words import where_kept

LISTENS_FOR = 75.0
"""Seconds for which the guide waits at most for a person's own pace."""
LEAST_SEEN = 60.0
"""Seconds of a practice in which the heart must have been seen for a word on it."""
SLOW = 10.0
"""Breaths/min up to which the practice is called slow."""


class Moving:
    """For how much of a practice the heart moved with the guide, as far as that could be seen."""

    def __init__(self) -> None:
        self._seen = self._moved = 0.0
        self._noted: float | None = None

    def note(self, wave: WaveView | None, now: float) -> None:
        """Note what is seen `now` (s) of the heart."""
        since = 0.0 if self._noted is None else min(now - self._noted, 1.0)
        self._noted = now
        if wave is not None and wave.state in (WaveState.PREDICTED, WaveState.OFF):
            self._seen += since
            self._moved += since * (wave.state is WaveState.PREDICTED)

    @property
    def share(self) -> float | None:
        """The share in which it did, None where less than a minute could be seen."""
        return self._moved / self._seen if self._seen >= LEAST_SEEN else None


class PracticeRun:
    """The state of a practice, with everything that a person may ask of it.

    Parameters
    ----------
    session : RunningSession or None
        The session to listen to and to tell the pace, if there is one.
    rate, inhale, minutes, pause
        As `gui.practice.stage.start` takes them, and refuses them.
    clock : callable
        Seconds, never going back.
    finished : callable
        Called once the person has finished and a session has kept its recording.
    listens : bool
        Whether it waits until the session tells how fast the person breathes, and starts there.
    first : bool
        Whether it waits until the words before a first practice are read.
    contact : str
        Whom the person chose to call, "" for nobody.
    """

    def __init__(
        self,
        session: RunningSession | None,
        *,
        rate: float,
        inhale: float,
        minutes: float | None,
        clock: Callable[[], float],
        finished: Callable[[], object],
        pause: float = 0.0,
        listens: bool = False,
        first: bool = False,
        contact: str = "",
    ) -> None:
        self._clock = clock
        self._finished = finished
        self._contact = contact
        self.practice = course.start(clock(), rate, inhale, minutes, pause=pause)
        self._listens, self._listens_since = listens, clock()
        if first or listens:
            self.practice = course.waiting(self.practice, clock())
        self.title = tr("Slow breathing") if rate <= SLOW else tr("Breathing")
        self.said = words.Said(words.FOLLOW, clock(), "")
        if listens and not first:
            self._listen_or_begin(clock())
        self.calm_note = ""
        self.eyes_closed = False
        self.numbers_shown = False
        self.help_shown = False
        self.offer: tuple[str, ...] = ()
        """What is said of a strap that can join, nothing where none can."""
        self.poller = None if session is None else self._polling(session)
        self._session_clock = SessionClock()
        self._heard: Snapshot | None = None
        self.sound = Sound(self._breath, clock)
        self._sound_wanted = False
        self._sound_before = False
        self._told: float | None = math.nan if session is None or first or listens else None
        """The pace that the session was told; NaN where it is to be told in any case."""
        self._untold = False
        self._moving = Moving()
        self._alone = Alone()
        self._called: tuple[str, float] | None = None
        """What the heart's line is called, and since when (s)."""

    @property
    def snapshot(self) -> Snapshot | None:
        """The newest that the session told of itself, None before or without any."""
        return None if self.poller is None else self.poller.newest.snapshot

    @property
    def recording(self) -> bool:
        """Whether there is a recording that goes on, so that a moment of it can be marked."""
        at_rest = self.practice.stage in (Stage.BEFORE, Stage.PAUSED) or self._ended()
        return self.poller is not None and not at_rest

    @property
    def heart(self) -> Heart:
        """The newest beats, on the session's clock."""
        return NOTHING if self.poller is None else self.poller.newest.traces

    @property
    def wave(self) -> WaveView | None:
        """The heart's wave as the session tells it, None before the first beat or without any."""
        source = words.main_source(self.snapshot)
        return None if source is None else source.wave

    def heart_words(self, now: float) -> str:
        """Return what the heart's line is called, nothing where there is none."""
        if self.poller is None:
            return ""
        called = words.line_words(self.wave)
        if self._called is None or (called != self._called[0] and now - self._called[1] >= HOLD):
            self._called = (called, now)
        return self._called[0]

    def session_time(self, now: float) -> float:
        """Return the session's time at the view's clock's `now`; as the guide, it never stops."""
        return self._session_clock.now(now)

    def _polling(self, session: RunningSession) -> Poller[Heart]:
        return Poller(session, HeartLog().gather, NOTHING, clock=self._clock)

    def join(self, session: RunningSession) -> None:
        """Go on with a session; the guide does not notice."""
        self.part()
        self._alone = Alone()
        self.poller = self._polling(session)
        if self.practice.stage is Stage.PAUSED:
            self._order(Pause())
        self.poller.start()

    def part(self) -> None:
        """Go on without the session."""
        poller, self.poller = self.poller, None
        self._session_clock, self._heard, self._told = SessionClock(), None, math.nan
        if poller is not None:  # its last words may take a while, for which no circle stands still
            threading.Thread(target=poller.close, name="interbeat-part", daemon=True).start()

    def to_keep(self, now: float) -> KeepPractice | None:
        """Return what no session heard of, None where that is nothing worth keeping; once."""
        return self._alone.taken(self.practice.guide.inhale, now)

    def look(self, now: float) -> PracticeLook | None:
        """Return how far it is and what its keys chose, None before it and after its close."""
        guide, stage = self.practice.guide, self.practice.stage
        if stage in (Stage.BEFORE, Stage.FINISHED):
            return None
        return PracticeLook(
            rate=round(pace(guide, now), 1),
            target=guide.target,
            minutes=course.minutes_left(self.practice, now),
            paused=stage is Stage.PAUSED,
            calm=self.practice.calm,
            eyes_closed=self.eyes_closed,
            sound=self._sound_wanted,
            numbers=self.numbers_shown,
        )

    def look_like(self, look: PracticeLook, now: float) -> None:
        """Be as another practice was that ended by itself."""
        self.numbers_shown = look.numbers
        self.practice = course.with_pace(self.practice, now, look.target - look.rate)
        if look.eyes_closed:
            self._eyes(now)
        elif look.sound:
            self._sound(now)
        if look.paused:
            self.practice = course.paused(self.practice, now)
            self._answer(self._stage_words(), now)
        if look.calm:
            self._calm(now)

    def say(self, sentence: str) -> None:
        """Say something at once."""
        self._answer(harmless(sentence, most=None), self._clock())

    def listen(self) -> None:
        """Begin to ask the session for what is new."""
        if self.poller is not None:
            self.poller.start()

    def advance(self, now: float) -> None:
        """Bring everything to what it is `now`."""
        self._hear()
        self._find_own_pace(now)
        before = self.practice.stage
        self.practice = course.advanced(self.practice, now)
        if before is not self.practice.stage:
            self._come_to_close(now)
        if self.practice.stage is Stage.BREATHING and not self.practice.calm:
            self._moving.note(self.wave, now)
        self._tell_pace(now)
        self._take_answers(now)
        if self.practice.stage is Stage.BREATHING and not self.eyes_closed:
            self.said = words.say(self.said, self._ambient(now), now)

    def _find_own_pace(self, now: float) -> None:
        """Begin at the own pace once it is known, at the chosen one where it stays unknown."""
        if self.practice.stage is not Stage.LISTENING or self.practice.calm:
            return
        own = words.own_pace(self.snapshot)
        if own is not None or now - self._listens_since >= LISTENS_FOR:
            self._begin(now, own)

    def _begin(self, now: float, own: float | None = None) -> None:
        self.practice = course.begun(self.practice, now, own)
        self._answer(words.FOLLOW, now)

    def _listen_or_begin(self, now: float) -> None:
        """Go on from the words before, or from none."""
        if not self._listens:
            self._begin(now)
            return
        self.practice = course.listening(self.practice)
        self._listens_since = now
        self._answer(words.LISTENING, now)

    def header(self, now: float) -> tuple[str, str, str, str]:
        """Return the title, what is kept, the time left, and the numbers if they are shown."""
        minutes = course.minutes_left(self.practice, now)
        left = words.time_left_words(minutes, self.practice.stage)
        return self.title, self._kept(), left, self._numbers(now)

    def act(self, action: str) -> None:
        """Do what a key stands for, by its action's name; hidden actions do nothing."""
        if action in self._working():
            self._actions()[action](self._clock())

    def close(self) -> None:
        """Fall silent, and let go of the session, which goes on without a pace."""
        self.sound.close()
        if self.poller is not None:
            if self._told is not None and not math.isnan(self._told):
                self._order(SetPace(None, self.practice.guide.inhale))
            self.poller.close()

    @property
    def before(self) -> bool:
        """Whether the words before a first practice wait to be read."""
        return self.practice.stage is Stage.BEFORE

    def _working(self) -> Collection[str]:
        if self.before:
            return UNDER_WORDS
        if self.practice.calm:
            return UNDER_CALM
        return UNDER_HELP if self.help_shown else self._actions()

    def _actions(self) -> dict[str, Callable[[float], None]]:
        return {
            "calm": self._calm,
            "pause": self._pause,
            "sound": self._sound,
            "eyes": self._eyes,
            "slower": lambda now: self._change_pace(-STEP, now),
            "quicker": lambda now: self._change_pace(STEP, now),
            "numbers": self._show_numbers,
            "mark": self._mark,
            "finish": self._finish,
            "help": self._help,
        }

    def _calm(self, now: float) -> None:
        if self.before:
            self._leave()
            return
        change = course.back if self.practice.calm else course.calmed
        self.practice = change(self.practice, now)
        self.calm_note = words.calm_words(
            self.practice.stage, session=self._keeps(), contact=self._contact
        )
        self.help_shown = False
        self._switch_sound(now)

    def _pause(self, now: float) -> None:
        if self.practice.stage is Stage.PAUSED or self._rests():
            self._order(GoOn())
        self.practice = course.paused(self.practice, now)
        self._tell_pace(now)
        if self.practice.stage is Stage.PAUSED:
            self._order(Pause())
        self._answer(self._stage_words(), now)

    def _stage_words(self) -> str:
        """Return what is said where neither the strap nor a key has anything to say."""
        if self.practice.stage is Stage.PAUSED:
            return words.PAUSED if self.poller is None else words.PAUSED_SESSION
        if self.practice.stage is Stage.LISTENING:
            return words.LISTENING
        return words.EYES if self.eyes_closed and self.sound.on else words.FOLLOW

    def _sound(self, now: float) -> None:
        self._sound_wanted = not self._sound_wanted
        self._answer(words.SOUND_ON if self._sound_wanted else words.SOUND_OFF, now)
        self._switch_sound(now)

    def _eyes(self, now: float) -> None:
        self.eyes_closed = not self.eyes_closed
        if self.eyes_closed:
            self._sound_before, self._sound_wanted = self._sound_wanted, True
        else:
            self._sound_wanted = self._sound_before
        self._answer(words.EYES if self.eyes_closed else self._stage_words(), now)
        self._switch_sound(now)

    def _switch_sound(self, now: float) -> None:
        if not self._sound_wanted or self.practice.calm:
            self.sound.stop()
            return
        trouble = self.sound.start()
        if trouble is not None:
            self._sound_wanted = False
            self._answer(trouble, now)

    def _change_pace(self, step: float, now: float) -> None:
        before = self.practice.guide.target
        self.practice = course.with_pace(self.practice, now, step)
        at_limit = self.practice.guide.target == before
        self._answer(words.pace_words(step, at_limit=at_limit), now)

    def _show_numbers(self, _now: float) -> None:
        self.numbers_shown = not self.numbers_shown

    def _help(self, _now: float) -> None:
        self.help_shown = not self.help_shown

    def _mark(self, _now: float) -> None:
        self._order(MarkMoment())

    def _finish(self, now: float) -> None:
        if self.before:
            self._listen_or_begin(now)
        elif self.practice.stage is Stage.FINISHED:
            self._leave()
        elif self.practice.calm:
            self.practice = course.ended(self.practice, now)
            self._come_to_close(now)
            self._switch_sound(now)
        elif self.practice.stage is Stage.LISTENING:
            self._begin(now)

    def _leave(self) -> None:
        if self.poller is None or self._ended() or not self.poller.reachable():
            self._finished()
        else:
            self._order(Finish())

    def _come_to_close(self, now: float) -> None:
        minutes = breathed(self.practice.guide, now) / 60.0
        self._answer(words.finished_words(minutes, self._moving.share), now)

    def _tell_pace(self, now: float) -> None:
        told = course.told_pace(self.practice, now)
        if self.poller is None:
            self._alone.note(told, now)
        elif told != self._told:
            self._order(SetPace(told, self.practice.guide.inhale))
            self._told = told

    def _hear(self) -> None:
        """Let the session's clock follow the newest snapshot."""
        newest = None if self.poller is None else self.poller.newest
        snapshot = None if newest is None else newest.snapshot
        if newest is not None and snapshot is not None and snapshot is not self._heard:
            self._session_clock.hear(snapshot.time, newest.received)
            self._heard = snapshot
            self._told = math.nan if self._untold else self._told
            self._untold = False

    def _take_answers(self, now: float) -> None:
        for answer in () if self.poller is None else self.poller.orders.answers():
            self._take_answer(answer, now)

    def _take_answer(self, answer: Answer, now: float) -> None:
        if answer.refusal is not None:
            self._refused(answer.command, answer.refusal, now)
        elif isinstance(answer.command, Finish):
            self._finished()
        elif isinstance(answer.command, MarkMoment):
            self._answer(words.MARKED, now)

    def _refused(self, command: Command, sentence: str, now: float) -> None:
        if isinstance(command, SetPace):
            # Nobody asked for it: it is told again once the recorder answers, whose state stands
            # below the circle.
            self._untold = True
            return
        self.calm_note = harmless(sentence, most=None)
        self._answer(self.calm_note, now)

    def _ambient(self, now: float) -> str:
        if self.poller is None:
            return words.FOLLOW
        return words.strap_words(
            self.snapshot, self.session_time(now), self._told, reached=self.poller.reachable()
        )

    def _kept(self) -> str:
        if self.poller is None or (self.snapshot is None and self.poller.reachable()):
            return ""
        return where_kept(self.snapshot, reachable=self.poller.reachable())

    def _numbers(self, now: float) -> str:
        if not self.numbers_shown:
            return ""
        guide, source = self.practice.guide, words.main_source(self.snapshot)
        return words.numbers_words(pace(guide, now), guide.target, source, self.session_time(now))

    def _ended(self) -> bool:
        return self.snapshot is not None and self.snapshot.phase is PhaseName.FINISHED

    def _rests(self) -> bool:
        """Return whether the session records nothing until it is told to go on."""
        return self.snapshot is not None and self.snapshot.phase is PhaseName.PAUSED

    def _keeps(self) -> bool:
        """Return whether a recording goes on that is kept."""
        kept = self.snapshot is None or self.snapshot.fate is Fate.KEPT
        return self.poller is not None and kept

    def _order(self, command: Command) -> None:
        if self.poller is not None:
            self.poller.orders.give(command)

    def _answer(self, sentence: str, now: float) -> None:
        self.said = words.say(self.said, sentence, now, answer=True)

    def _breath(self, moments: FloatArray) -> tuple[FloatArray, BoolArray]:
        guide = self.practice.guide
        return fullness(guide, moments), inhaling(guide, moments)
