"""A worker: a process that measures recordings, and the handle by which it is told to.

Each recording has a bounded time. A worker that overruns it or dies takes no other recording with
it: that one is named, and another worker takes its place.
"""

from __future__ import annotations

import ctypes
import gc
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from pipelines.analysis import get_ready_at_once
from pipelines.batch.inputs import Input
from pipelines.batch.keeping import Results
from pipelines.batch.measuring import Measured, measured
from pipelines.batch.plan import Plan
from pipelines.batch.rows import Part
from pipelines.language import LANGUAGE
from pipelines.servants import Servant

ENGLISH: Final = {LANGUAGE: "en"}
"""A table is in English whatever the language, as the lines of JSON are."""
ONE_CORE: Final = dict.fromkeys(
    ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
)
"""Each worker has a core; threads of their products beside that wait for each other."""
OVERDUE: Final = "measuring it took too long and was given up; cut the recording"
ENDED: Final = (
    "measuring it ended the process that did it, perhaps for want of memory; cut the recording"
)
AT_LEAST: Final = 120.0
"""Seconds that any recording may take: many times what one of usual length does."""
PER_MEGABYTE: Final = 60.0
"""Seconds more for each megabyte of its file."""


class Order(msgspec.Struct, frozen=True):
    """What a worker is told first: where the results lie, and under which plan."""

    folder: bytes
    plan: Plan
    beats: bool


class Task(msgspec.Struct, frozen=True):
    """A recording to measure; a path need not be text."""

    name: str
    path: bytes


class Answer(msgspec.Struct, frozen=True):
    """That it is kept: `failure` where there are no rows, `lost` where the folder takes no more."""

    failure: str | None = None
    lost: str | None = None


def begin(told: bytes) -> Callable[[bytes], bytes]:
    """Get ready to measure under an order, and return what answers tasks."""
    order = msgspec.json.decode(told, type=Order)
    results = Results(Path(os.fsdecode(order.folder)), order.plan, beats=order.beats)
    # Interpreted, the last digits of some values are others: which worker had what would show.
    get_ready_at_once(lambda _: None)

    def answered(asked: bytes) -> bytes:
        task = msgspec.json.decode(asked, type=Task)
        answer = done(Input(task.name, Path(os.fsdecode(task.path))), results)
        give_back_memory()
        return msgspec.json.encode(answer)

    return answered


def give_back_memory() -> None:
    """Let the system have again what a recording took: else 5 MB more with each day of intervals.

    Arrays wait in cycles for a rare look of the collector, and glibc keeps what lies between pieces
    that are in use.
    """
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


def done(one: Input, results: Results) -> Answer:
    """Measure one recording and keep what is made of it."""
    found = _measured(one, results.plan)
    try:
        results.keep(found)
    except OSError as error:
        return Answer(lost=error.strerror or type(error).__name__)
    return Answer(found.part.failure)


def _measured(one: Input, plan: Plan) -> Measured:
    try:
        return measured(one, plan)
    except Exception as error:  # noqa: BLE001 - a fault of ours must not end a night's work
        why = f"measuring it failed ({type(error).__name__}); please tell us of it"
        return Measured(failed(one, plan, why))


def failed(one: Input, plan: Plan, why: str) -> Part:
    """Return the part of a recording of which nothing was made."""
    return Part(recording=one.name, plan=plan.digest, failure=why)


class Worker:
    """A worker process, started when it is first told something, and anew after it ended."""

    def __init__(self, results: Results) -> None:
        order = Order(os.fsencode(results.folder), results.plan, results.beats)
        self._results = results
        self._servant = Servant(
            "pipelines.batch", msgspec.json.encode(order), more=ENGLISH | ONE_CORE
        )
        self._stopped = False

    def do(self, one: Input) -> Answer | None:
        """Have one recording measured and kept; where the process ends, say so in its place.

        None where it was stopped meanwhile: then nothing is kept.
        """
        if self._stopped:
            return None
        task = msgspec.json.encode(Task(one.name, os.fsencode(one.path)))
        answer = self._servant.ask(task, within=_patience(one))
        if answer is not None:
            return msgspec.json.decode(answer, type=Answer)
        return None if self._stopped else self._keep_failure(one)

    def stop(self) -> None:
        """End the process, whatever it does, for good."""
        self._stopped = True
        self._servant.let_go()

    def _keep_failure(self, one: Input) -> Answer:
        why = OVERDUE if self._servant.overdue else ENDED
        try:
            self._results.keep(Measured(failed(one, self._results.plan, why)))
        except OSError as error:
            return Answer(lost=error.strerror or type(error).__name__)
        return Answer(why)


def _patience(one: Input) -> float:
    try:
        size = one.path.stat().st_size
    except (OSError, ValueError):
        size = 0
    return AT_LEAST + PER_MEGABYTE * size / 1e6
