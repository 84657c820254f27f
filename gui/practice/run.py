"""A practice as it runs: what the keys do to it, what it hears of a session, and what it says.

It knows no widget: the view asks it for what to draw. Time comes from an injected clock.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection

import numpy as np

from gui.practice import stage as course
from gui.practice import words
from gui.practice.alone import Alone
from gui.practice.assessing import (
    MOMENT,
    REACHED,
    STOPPED,
    SUITS,
    step_words,
)
from gui.practice.finding import Finding
from gui.practice.guide import STEP, breathed, fullness, inhaling, pace, pacer_at
from gui.practice.hearing import Hearing
from gui.practice.heart import Heart
from gui.practice.keys import (
    GUIDE,
    HEART,
    UNDER_ASKING,
    UNDER_ASSESSMENT,
    UNDER_CALM,
    UNDER_HELP,
    UNDER_WORDS,
)
from gui.practice.leading import GUIDED, follows, heart_fullness, quickening, state_words
from gui.practice.moving import Moving
from gui.practice.sound import Sound
from gui.practice.stage import Stage
from gui.practice.tones import Tones
from gui.practice.words import HOLD
from gui.shared import Answer, KeyHint, Poller
from physio.beats import BoolArray, FloatArray
from physio.breathing.assessment import Course
from pipelines.harmless import harmless
from pipelines.language import tr
from pipelines.live import Assess, Command, Finish, GoOn, MarkMoment, Pause, RunningSession, SetPace
from pipelines.recording import KeepPractice, PracticeLook

SPEAKING = (Stage.BREATHING, Stage.ASSESSING)
"""Stages in which the words below the circle follow what goes on."""
LISTENS_FOR = 75.0
"""Seconds for which the guide waits at most for a person's own pace."""
SLOW = 10.0
"""Breaths/min up to which the practice is called slow."""


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
        self.numbers_shown = False
        self.help_shown = False
        self.offer: tuple[str, ...] = ()
        """What is said of a strap that can join, nothing where none can."""
        told = math.nan if session is None or first or listens else None
        self.hearing = Hearing(session, clock, told=told)
        self.finding = Finding(self.hearing)
        self._heart_wanted = False
        self._slowest = math.inf
        """Breaths/min of the guide at its slowest so far."""
        self.tones = Tones(Sound(self._breath, clock))
        self._moving = Moving()
        self._alone = Alone()
        self._called: tuple[str, float] | None = None
        """What the heart's line is called, and since when (s)."""

    @property
    def eyes_closed(self) -> bool:
        """Whether the person has closed their eyes, and the screen is dim."""
        return self.tones.eyes_closed

    @property
    def sound(self) -> Sound:
        """The tones as they are heard."""
        return self.tones.sound

    @property
    def poller(self) -> Poller[Heart] | None:
        """What asks the session for news, None without one."""
        return self.hearing.poller

    @property
    def recording(self) -> bool:
        """Whether there is a recording that goes on, so that a moment of it can be marked."""
        at_rest = self.practice.stage in (Stage.BEFORE, Stage.PAUSED) or self.hearing.ended
        return self.poller is not None and not at_rest

    @property
    def heart_leads(self) -> bool:
        """Whether the circle follows the person's own heart, and no guide leads."""
        stage = self.practice.stage
        led = stage is Stage.BREATHING and not self.practice.calm
        return self._heart_wanted and self.poller is not None and led

    @property
    def heart_choice(self) -> KeyHint | None:
        """The key that lets the heart lead, or the guide again; None where neither can."""
        if self.poller is None or self.practice.stage not in (Stage.BREATHING, Stage.PAUSED):
            return None
        return GUIDE if self._heart_wanted else HEART

    @property
    def assessable(self) -> bool:
        """Whether it can be found out now which pace suits: the practice came down far enough."""
        reached = self._slowest <= REACHED and self.practice.stage is Stage.FINISHED
        return reached and self.hearing.goes_on and not self.hearing.rests

    def heart_words(self, now: float) -> str:
        """Return what the heart's line is called, nothing where there is none."""
        if self.poller is None:
            return ""
        called = words.line_words(self.hearing.wave)
        if self._called is None or (called != self._called[0] and now - self._called[1] >= HOLD):
            self._called = (called, now)
        return self._called[0]

    def join(self, session: RunningSession) -> None:
        """Go on with a session; the guide does not notice."""
        self.hearing.join(session)
        self._alone = Alone()
        if self.practice.stage is Stage.PAUSED:
            self.hearing.order(Pause())
        self.hearing.start()

    def to_keep(self, now: float) -> KeepPractice | None:
        """Return what no session heard of, None where that is nothing worth keeping; once."""
        return self._alone.taken(self.practice.guide.inhale, now)

    def look(self, now: float) -> PracticeLook | None:
        """Return how far it is and what its keys chose, None before it and after its close."""
        guide, stage = self.practice.guide, self.practice.stage
        if stage in (Stage.BEFORE, Stage.FINISHED, Stage.ASSESSING):
            return None
        return PracticeLook(
            rate=round(pace(guide, now), 1),
            target=guide.target,
            minutes=course.minutes_left(self.practice, now),
            paused=stage is Stage.PAUSED,
            calm=self.practice.calm,
            eyes_closed=self.eyes_closed,
            sound=self.tones.wanted,
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

    def advance(self, now: float) -> None:
        """Bring everything to what it is `now`."""
        self.hearing.hear()
        self._find_own_pace(now)
        before = self.practice.stage
        self.practice = course.advanced(self.practice, now)
        if before is not self.practice.stage:
            self._come_to_close(now, before)
        self._look_back(now)
        self._tell_pace(now)
        for answer in self.hearing.answers():
            self._take_answer(answer, now)
        found = self.finding.result(self.practice.stage, now)
        if found is not None:
            self._answer(found, now)
        if self.practice.stage in SPEAKING and not self.eyes_closed:
            self.said = words.say(self.said, self._ambient(now), now)

    def _look_back(self, now: float) -> None:
        """Note how the heart moves with the guide, and how slow that has become."""
        if self.practice.stage is not Stage.BREATHING or self.practice.calm or self.heart_leads:
            return
        self._moving.note(self.hearing.wave, now)
        if pacer_at(self.practice.guide, now) is not None:
            self._slowest = min(self._slowest, pace(self.practice.guide, now))

    def _find_own_pace(self, now: float) -> None:
        """Begin at the own pace once it is known, at the chosen one where it stays unknown."""
        if self.practice.stage is not Stage.LISTENING or self.practice.calm:
            return
        own = words.own_pace(self.hearing.snapshot)
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
        title = SUITS if self.practice.steps else self.title
        return title, self.hearing.kept_words(), left, self._numbers(now)

    def act(self, action: str) -> None:
        """Do what a key stands for, by its action's name; hidden actions do nothing."""
        if action in self._working():
            self._actions()[action](self._clock())

    def close(self) -> None:
        """Fall silent, and let go of the session, which goes on without a pace."""
        self.sound.close()
        if self.practice.steps:
            self.hearing.order(Assess(None))
        self.hearing.close(self.practice.guide.inhale)

    @property
    def before(self) -> bool:
        """Whether the words before a first practice wait to be read."""
        return self.practice.stage is Stage.BEFORE

    def _working(self) -> Collection[str]:
        if self.before:
            return UNDER_WORDS
        if self.finding.asking:
            return UNDER_ASKING
        if self.practice.calm:
            return UNDER_CALM
        if self.help_shown:
            return UNDER_HELP
        return UNDER_ASSESSMENT if self.practice.steps else self._actions()

    def _actions(self) -> dict[str, Callable[[float], None]]:
        return {
            "calm": self._calm,
            "pause": self._pause,
            "sound": self._sound,
            "eyes": self._eyes,
            "slower": lambda now: self._change_pace(-STEP, now),
            "quicker": lambda now: self._change_pace(STEP, now),
            "numbers": self._show_numbers,
            "heart": self._let_heart_lead,
            "assess": self._assess,
            "mark": self._mark,
            "finish": self._finish,
            "help": self._help,
        }

    def _calm(self, now: float) -> None:
        if self.before:
            self._leave()
            return
        if self.finding.asking:
            self.finding.asking = False
            return
        if self.practice.steps:
            self._give_up(now)
        change = course.back if self.practice.calm else course.calmed
        self.practice = change(self.practice, now)
        self.calm_note = words.calm_words(
            self.practice.stage, session=self.hearing.keeps, contact=self._contact
        )
        self.help_shown = False
        self._switch_sound(now)

    def _pause(self, now: float) -> None:
        if self.practice.stage is Stage.PAUSED or self.hearing.rests:
            self.hearing.order(GoOn())
        self.practice = course.paused(self.practice, now)
        self._tell_pace(now)
        if self.practice.stage is Stage.PAUSED:
            self.hearing.order(Pause())
        self._answer(self._stage_words(), now)

    def _stage_words(self) -> str:
        """Return what is said where neither the strap nor a key has anything to say."""
        if self.practice.stage is Stage.PAUSED:
            return words.PAUSED if self.poller is None else words.PAUSED_SESSION
        if self.practice.stage is Stage.LISTENING:
            return words.LISTENING
        if self.practice.steps:
            return step_words(self.practice.steps, self._clock(), self.practice.guide.inhale)
        return words.EYES if self.eyes_closed and self.sound.on else words.FOLLOW

    def _sound(self, now: float) -> None:
        self.tones.wanted = not self.tones.wanted
        self._answer(words.SOUND_ON if self.tones.wanted else words.SOUND_OFF, now)
        self._switch_sound(now)

    def _eyes(self, now: float) -> None:
        self.tones.close_eyes()
        self._answer(words.EYES if self.eyes_closed else self._stage_words(), now)
        self._switch_sound(now)

    def _switch_sound(self, now: float) -> None:
        trouble = self.tones.switch(calm=self.practice.calm)
        if trouble is not None:
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
        self.hearing.order(MarkMoment())

    def _let_heart_lead(self, now: float) -> None:
        """Let the person's own heart lead, or the guide again."""
        if self.heart_choice is None:
            return
        self._heart_wanted = not self._heart_wanted
        said = state_words(self.hearing.wave) if self._heart_wanted else GUIDED
        self._answer(said, now)

    def _assess(self, now: float) -> None:
        """Read of the assessment first; then begin the one that slides."""
        if self.finding.asking:
            self._begin_assessment(Course.SLIDING, now)
        elif self.assessable:
            self.finding.asking = True

    def _begin_assessment(self, kind: Course, now: float) -> None:
        self.practice = self.finding.begin(self.practice, kind, now)
        self._answer(self._stage_words(), now)

    def _give_up(self, now: float) -> None:
        self.practice = self.finding.give_up(self.practice, now)
        self._answer(STOPPED, now)

    def _finish(self, now: float) -> None:
        if self.before:
            self._listen_or_begin(now)
        elif self.finding.asking:
            self._begin_assessment(Course.STEPPED, now)
        elif self.practice.stage is Stage.FINISHED:
            self._leave()
        elif self.practice.calm:
            before, self.practice = self.practice.stage, course.ended(self.practice, now)
            self._come_to_close(now, before)
            self._switch_sound(now)
        elif self.practice.stage is Stage.LISTENING:
            self._begin(now)

    def _leave(self) -> None:
        if self.hearing.goes_on:
            self.hearing.order(Finish())
        else:
            self._finished()

    def _come_to_close(self, now: float, before: Stage) -> None:
        if before is Stage.ASSESSING:
            self.finding.wait(now)
            self._answer(MOMENT, now)
            return
        minutes = breathed(self.practice.guide, now) / 60.0
        self._answer(words.finished_words(minutes, self._moving.share), now)

    def _tell_pace(self, now: float) -> None:
        told, inhale = course.told_pace(self.practice, now), self.practice.guide.inhale
        if self.poller is None:
            self._alone.note(told, now)
        else:
            self.hearing.tell_pace(told, inhale, leads=self.heart_leads)

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
            self.hearing.tell_again()
            return
        if isinstance(command, Assess) and self.practice.steps:
            self.practice = course.ended(self.practice, now)  # nobody would know of it
        self.calm_note = harmless(sentence, most=None)
        self._answer(self.calm_note, now)

    def _ambient(self, now: float) -> str:
        if self.practice.steps:
            return self._stage_words()
        if self.heart_leads and self.hearing.goes_on:
            return state_words(self.hearing.wave)
        return self.hearing.strap_words(now)

    def _numbers(self, now: float) -> str:
        if not self.numbers_shown:
            return ""
        guide, source = self.practice.guide, words.main_source(self.hearing.snapshot)
        at = self.hearing.time(now)
        return words.numbers_words(pace(guide, now), guide.target, source, at)

    def _answer(self, sentence: str, now: float) -> None:
        self.said = words.say(self.said, sentence, now, answer=True)

    def _breath(self, moments: FloatArray) -> tuple[FloatArray, BoolArray]:
        """Return what the tones follow: the guide, or the heart where that leads."""
        guide, wave = self.practice.guide, self.hearing.wave
        if not self.heart_leads:
            return fullness(guide, moments), inhaling(guide, moments)
        now = self._clock()
        times = self.hearing.time(now) + moments - now
        if wave is None or not follows(wave, self.hearing.time(now)):
            return np.zeros(len(moments)), np.zeros(len(moments), dtype=np.bool_)
        return heart_fullness(wave, times), quickening(wave, times)
