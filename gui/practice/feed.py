"""What the practice hears of a running session, gathered beside the painting, never within it.

A thread of its own asks for what is new five times a second and hands the newest over whole; a
slow or lost recorder delays that thread and nothing else.
"""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gui.practice.heart import BACK, CLEAR, NOTHING, Heart
from gui.practice.words import main_source
from physio.beats import FloatArray, IntArray
from pipelines.live import Command, RunningSession
from pipelines.session import Snapshot, Trace

PERIOD = 0.2
"""Seconds between two questions."""
KEPT = BACK + 20.0
"""Seconds of beats kept for the wave."""
BREAK = 0.5
"""Seconds that may lie between the end of one interval and the beginning of the next."""
UNREACHED = 2.0
"""Seconds without an answer after which the recorder is out of reach."""
_MEMORY = 10.0
_SLEW = 0.2
_LEAP = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """The newest that is known of a session.

    Attributes
    ----------
    snapshot : Snapshot or None
        The last one received.
    answered : float
        When that was, in seconds on the view's clock; the start before any answer.
    shift : float
        Seconds to add to session time to get the view's clock.
    heart : Heart
        The beats of the last minute, at session time.
    """

    snapshot: Snapshot | None
    answered: float
    shift: float
    heart: Heart


class Alignment:
    """How far the view's clock is ahead of session time, learnt from the snapshots' times.

    A snapshot is never ahead of the session, only behind by what its answer took and by the age of
    its newest event, so the smallest difference of the last ten seconds comes closest. The strap
    adds its own delay of a second or two before a beat is known at all: the heart line ends there.
    """

    def __init__(self) -> None:
        self._seen: deque[tuple[float, float]] = deque()
        self._last = 0.0
        self.shift = 0.0

    def learn(self, clock: float, session: float) -> None:
        """Take in that `session` time was told at `clock`, both in seconds."""
        first = not self._seen
        self._seen.append((clock, clock - session))
        while self._seen[0][0] < clock - _MEMORY:
            self._seen.popleft()
        self._follow(min(shift for _, shift in self._seen), clock, leap=first)
        self._last = clock

    def _follow(self, wanted: float, clock: float, *, leap: bool) -> None:
        away = wanted - self.shift
        most = _SLEW * (clock - self._last)
        far = leap or abs(away) > _LEAP
        self.shift += away if far else float(np.clip(away, -most, most))


class Feed:
    """Asks a session for what is new, and passes on what the person wishes.

    Parameters
    ----------
    session : RunningSession
        The session; only the feed's own thread calls it once `start` has been called.
    clock : callable
        The view's clock in seconds.
    """

    def __init__(self, session: RunningSession, clock: Callable[[], float]) -> None:
        self._session = session
        self._clock = clock
        self._wishes: queue.SimpleQueue[Command] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[tuple[Command, str | None]] = queue.SimpleQueue()
        self._alignment = Alignment()
        self._beats = _BeatLog()
        self._over = threading.Event()
        self._thread: threading.Thread | None = None
        self.newest = Heard(None, clock(), 0.0, NOTHING)

    def start(self) -> None:
        """Begin to ask, in a thread of its own; once begun, nothing more."""
        if self._thread is not None:
            return
        self._thread = threading.Thread(target=self._run, name="practice-feed", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Pass on the last wishes and let go of the session, which goes on."""
        self._over.set()
        if self._thread is None:
            self._let_go()
        else:
            self._thread.join(timeout=2.0)

    def wish(self, command: Command) -> None:
        """Have a command carried out soon; its answer comes with `answers`."""
        self._wishes.put(command)

    def answers(self) -> list[tuple[Command, str | None]]:
        """Return the commands carried out since the last call, each with None or why not."""
        return _drained(self._answers)

    def step(self) -> None:
        """Pass on the wishes and ask for what is new, once."""
        self._pass_on()
        asked = self._clock()
        snapshot = self._session.snapshot()
        if snapshot is None:
            return
        answered = self._clock()
        self._alignment.learn((asked + answered) / 2.0, snapshot.time)
        self._hear(snapshot)
        self.newest = Heard(snapshot, answered, self._alignment.shift, self._beats.heart)

    def _pass_on(self) -> None:
        for command in _drained(self._wishes):
            self._answers.put((command, self._session.ask(command)))

    def _hear(self, snapshot: Snapshot) -> None:
        source = main_source(snapshot)
        if source is None:
            return
        trace = self._session.trace(source.source, self._beats.first, self._beats.rr_first)
        if trace is not None:
            self._beats.take(trace)

    def _run(self) -> None:
        while not self._over.is_set():
            self.step()
            self._over.wait(PERIOD)
        self._let_go()

    def _let_go(self) -> None:
        self._pass_on()
        self._session.close()


class _BeatLog:
    """The newest beats of one source, and up to where its trace has been read."""

    def __init__(self) -> None:
        self.first = 0
        self.rr_first = 0
        self.heart = NOTHING
        self._rr = np.empty((2, 0))
        self._points = np.empty((2, 0))

    def take(self, trace: Trace) -> None:
        """Take in what is new; the same heart stays where nothing is."""
        rr, drawn = trace.intervals(), trace.points()
        points = np.array([drawn.time, drawn.trust])
        self.first = trace.first + points.shape[1]
        self.rr_first = trace.rr_first + rr.shape[1]
        if rr.shape[1] or points.shape[1]:
            self._rr, self._points = _joined(self._rr, rr), _joined(self._points, points)
            self.heart = _heart(self._rr, self._points)


def _heart(rr: FloatArray, points: FloatArray) -> Heart:
    if not rr.shape[1]:
        return NOTHING
    time, length = rr
    begin = time - length / 1000.0
    starts = np.concatenate([[True], begin[1:] > time[:-1] + BREAK])
    return Heart(time, 60000.0 / length, _trust(time, points), starts)


def _trust(time: FloatArray, points: FloatArray) -> IntArray:
    """Return for each beat the trust of the first point at or after it, else of the last."""
    if not points.shape[1]:
        return np.full(len(time), CLEAR, dtype=np.int64)
    index = np.searchsorted(points[0], time).clip(0, points.shape[1] - 1)
    trust: IntArray = points[1][index].astype(np.int64)
    return trust


def _joined(old: FloatArray, new: FloatArray) -> FloatArray:
    """Return both, in strictly increasing time, as far back as the wave shows."""
    both = np.concatenate([old, new], axis=1)
    latest = np.maximum.accumulate(both[0])
    both = both[:, np.concatenate([[True], both[0, 1:] > latest[:-1]])] if both.size else both
    return both[:, both[0] > latest[-1] - KEPT] if both.size else both


def _drained(waiting: queue.SimpleQueue) -> list:  # type: ignore[type-arg]
    taken = []
    while not waiting.empty():
        taken.append(waiting.get())
    return taken
