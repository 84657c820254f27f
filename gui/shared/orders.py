"""What a person asks of a session with a key, on its way to the recorder and back."""

from __future__ import annotations

import queue
import threading
from dataclasses import dataclass
from typing import TypeVar

from pipelines.live import Command, RunningSession

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a command: `refusal` is one sentence, None where the command is kept."""

    command: Command
    refusal: str | None


class Orders:
    """Commands in the order in which they were given, and their answers; giving never waits."""

    def __init__(self) -> None:
        self._given: queue.SimpleQueue[Command] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        self._news = threading.Event()

    def give(self, command: Command) -> None:
        """Have a command carried out as soon as the recorder listens."""
        self._given.put(command)
        self.wake()

    def answers(self) -> list[Answer]:
        """Return what came of the commands that were carried out since the last call."""
        return _drained(self._answers)

    def carry_out(self, session: RunningSession) -> None:
        """Pass on every command that waits."""
        for command in _drained(self._given):
            self._answers.put(Answer(command, session.ask(command)))

    def wait(self, seconds: float) -> None:
        """Wait so long, or until there is something to do."""
        self._news.wait(seconds)
        self._news.clear()

    def wake(self) -> None:
        """Let nobody wait any longer."""
        self._news.set()


def _drained(waiting: queue.SimpleQueue[T]) -> list[T]:
    taken = []
    while not waiting.empty():  # nobody else takes from it
        taken.append(waiting.get())
    return taken
