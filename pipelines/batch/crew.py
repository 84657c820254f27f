"""Many workers at once: who takes which recording, and what is told while they go on."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Iterator, Sequence

from pipelines.batch.inputs import Input
from pipelines.batch.keeping import Results
from pipelines.batch.worker import Answer, Worker


class Lost(OSError):  # noqa: N818 - the name states the trouble
    """The folder of results takes no more."""


def cores() -> int:
    """Return how many processes can run at once here."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def measure_all(
    recordings: Sequence[Input], results: Results, *, workers: int
) -> Iterator[tuple[Input, Answer]]:
    """Have recordings measured by so many processes; yield each as soon as it is kept.

    Whoever stops taking ends the work: what was yielded is kept.

    Raises
    ------
    Lost
        If the folder of results takes no more.
    """
    waiting: queue.SimpleQueue[Input] = queue.SimpleQueue()
    for one in recordings:
        waiting.put(one)
    over = threading.Event()
    answers: queue.SimpleQueue[tuple[Input, Answer] | Exception] = queue.SimpleQueue()
    crew = [Worker(results) for _ in range(min(workers, len(recordings)))]
    for worker in crew:
        threading.Thread(
            target=_work, args=(worker, waiting, answers, over), name="interbeat-batch", daemon=True
        ).start()
    try:
        for _ in recordings:
            told = answers.get()
            if isinstance(told, Exception):
                raise told
            if told[1].lost is not None:
                raise Lost(told[1].lost)
            yield told
    finally:
        over.set()
        for worker in crew:
            worker.stop()


def _work(
    worker: Worker,
    waiting: queue.SimpleQueue[Input],
    answers: queue.SimpleQueue[tuple[Input, Answer] | Exception],
    over: threading.Event,
) -> None:
    while not over.is_set():
        try:
            one = waiting.get_nowait()
        except queue.Empty:
            return
        try:
            answer = worker.do(one)
        except Exception as error:  # noqa: BLE001 - raised where the answers are taken
            answers.put(error)
            return
        if answer is not None:
            answers.put((one, answer))
