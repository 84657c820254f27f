"""What a person asks of a session with a key, on its way to the recorder and back."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from pipelines.live import Command, MarkMoment, RunningSession, SenseRise

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a command: `refusal` is one sentence, None where the command is kept."""

    command: Command
    refusal: str | None


LATE = 0.05
"""Seconds by which a mark may come late without saying so."""


class Orders:
    """Commands in the order in which they were given, and their answers; giving never waits.

    `clock` gives seconds that never go back: a mark means the moment of its key, however long the
    recorder did not listen.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._given: queue.SimpleQueue[tuple[float, Command]] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        self._news = threading.Event()

    def give(self, command: Command) -> None:
        """Have a command carried out as soon as the recorder listens."""
        self._given.put((self._clock(), command))
        self.wake()

    def answers(self) -> list[Answer]:
        """Return what came of the commands that were carried out since the last call."""
        return _drained(self._answers)

    def carry_out(self, session: RunningSession) -> None:
        """Pass on every command that waits."""
        for given, command in _drained(self._given):
            refusal = session.ask(_as_meant(command, self._clock() - given))
            self._answers.put(Answer(command, refusal))

    def wait(self, seconds: float) -> None:
        """Wait so long, or until there is something to do."""
        self._news.wait(seconds)
        self._news.clear()

    def wake(self) -> None:
        """Let nobody wait any longer."""
        self._news.set()


def _as_meant(command: Command, waited: float) -> Command:
    """Return a command that waited before it is passed on; a mark or guess means what was then."""
    if isinstance(command, MarkMoment | SenseRise) and waited > LATE:
        return msgspec.structs.replace(command, ago=command.ago + waited)
    return command


def _drained(waiting: queue.SimpleQueue[T]) -> list[T]:
    taken = []
    while not waiting.empty():  # nobody else takes from it
        taken.append(waiting.get())
    return taken
