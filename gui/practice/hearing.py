"""The session that a practice listens to and tells its pace, or none: a strap may come and go."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable

from gui.practice import words
from gui.practice.beats import HeartLog
from gui.practice.heart import NOTHING, Heart
from gui.shared import Answer, Poller, SessionClock
from pipelines.live import Command, RunningSession, SetPace
from pipelines.session import Fate, PhaseName, ResonanceView, Snapshot, WaveView
from pipelines.words import where_kept


class Hearing:
    """What is heard of a session, on the view's clock and on the session's own.

    Parameters
    ----------
    session : RunningSession or None
        The session, if there is one.
    clock : callable
        Seconds, never going back.
    told : float or None
        The pace that it knows of already, NaN where it is to be told in any case.
    """

    def __init__(
        self, session: RunningSession | None, clock: Callable[[], float], *, told: float | None
    ) -> None:
        self._clock = clock
        self.poller = None if session is None else self._polling(session)
        self._session_clock = SessionClock()
        self._heard: Snapshot | None = None
        self.told = told
        """The pace that the session was told; NaN where it is to be told in any case."""
        self._leads = False
        """Whether it was told that the person's own heart leads."""
        self._untold = False

    def _polling(self, session: RunningSession) -> Poller[Heart]:
        return Poller(session, HeartLog().gather, NOTHING, clock=self._clock)

    @property
    def snapshot(self) -> Snapshot | None:
        """The newest that the session told of itself, None before or without any."""
        return None if self.poller is None else self.poller.newest.snapshot

    @property
    def heart(self) -> Heart:
        """The newest beats, on the session's clock."""
        return NOTHING if self.poller is None else self.poller.newest.traces

    @property
    def wave(self) -> WaveView | None:
        """The heart's wave as the session tells it, None before the first beat or without any."""
        source = words.main_source(self.snapshot)
        return None if source is None else source.wave

    @property
    def resonance(self) -> ResonanceView | None:
        """What an assessment came to, None until it is over, and without one."""
        source = words.main_source(self.snapshot)
        return None if source is None else source.resonance

    @property
    def ended(self) -> bool:
        """Whether the session has finished."""
        return self.snapshot is not None and self.snapshot.phase is PhaseName.FINISHED

    @property
    def rests(self) -> bool:
        """Whether the session records nothing until it is told to go on."""
        return self.snapshot is not None and self.snapshot.phase is PhaseName.PAUSED

    @property
    def keeps(self) -> bool:
        """Whether a recording goes on that is kept."""
        kept = self.snapshot is None or self.snapshot.fate is Fate.KEPT
        return self.poller is not None and kept

    @property
    def goes_on(self) -> bool:
        """Whether there is a session that answers and has not finished."""
        return self.poller is not None and self.poller.reachable() and not self.ended

    def time(self, now: float) -> float:
        """Return the session's time at the view's clock's `now`; as the guide, it never stops."""
        return self._session_clock.now(now)

    def join(self, session: RunningSession) -> None:
        """Listen to a session; `start` asks it."""
        self.part()
        self.poller = self._polling(session)

    def start(self) -> None:
        """Begin to ask the session for what is new."""
        if self.poller is not None:
            self.poller.start()

    def part(self) -> None:
        """Let go of the session, which goes on."""
        poller, self.poller = self.poller, None
        self._session_clock, self._heard, self.told = SessionClock(), None, math.nan
        self._leads = False
        if poller is not None:  # its last words may take a while, for which no circle stands still
            threading.Thread(target=poller.close, name="interbeat-part", daemon=True).start()

    def close(self, inhale: float) -> None:
        """Let go of the session, which goes on without a pace."""
        if self.poller is not None:
            if self.told is not None and not math.isnan(self.told):
                self.order(SetPace(None, inhale))
            self.poller.close()

    def hear(self) -> None:
        """Let the session's clock follow the newest snapshot."""
        newest = None if self.poller is None else self.poller.newest
        snapshot = None if newest is None else newest.snapshot
        if newest is not None and snapshot is not None and snapshot is not self._heard:
            self._session_clock.hear(snapshot.time, newest.received)
            self._heard = snapshot
            self.told = math.nan if self._untold else self.told
            self._untold = False

    def tell_pace(self, pace: float | None, inhale: float, *, leads: bool) -> None:
        """Tell the guide's pace (breaths/min, None at rest) where that is news.

        Where the person's own heart `leads`, no guide is on.
        """
        told = None if leads else pace
        if told != self.told or leads != self._leads:
            self.order(SetPace(told, inhale, leads))
            self.told, self._leads = told, leads

    def tell_again(self) -> None:
        """Tell the pace once more as soon as the recorder answers."""
        self._untold = True

    def order(self, command: Command) -> None:
        """Ask something of the session."""
        if self.poller is not None:
            self.poller.orders.give(command)

    def answers(self) -> Iterable[Answer]:
        """Return what came of what was asked since the last call."""
        return () if self.poller is None else self.poller.orders.answers()

    def strap_words(self, now: float) -> str:
        """Return the sentence for what is heard at the view's clock's `now`."""
        if self.poller is None:
            return words.FOLLOW
        return words.strap_words(
            self.snapshot, self.time(now), self.told, reached=self.poller.reachable()
        )

    def kept_words(self) -> str:
        """Return where it is kept, nothing without a session or before it answers."""
        if self.poller is None or (self.snapshot is None and self.poller.reachable()):
            return ""
        return where_kept(self.snapshot, reachable=self.poller.reachable())
