"""A worker: a process that measures recordings, and the handle by which it is told to.

Each recording has a bounded time. A worker that overruns it or dies takes no other recording with
it: that one is named, and another worker takes its place.
"""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from pathlib import Path
from threading import Timer
from typing import BinaryIO, Final

import msgspec

from pipelines.analysis import get_ready_at_once
from pipelines.batch.inputs import Input
from pipelines.batch.keeping import Results
from pipelines.batch.measuring import Measured, measured
from pipelines.batch.plan import Plan
from pipelines.batch.rows import Part
from pipelines.language import LANGUAGE
from pipelines.processes import program, surroundings

ENGLISH: Final = {LANGUAGE: "en"}
"""A table is in English whatever the language, as the lines of JSON are."""
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


def serve(told: BinaryIO, answers: BinaryIO) -> None:
    """Measure what is told, a line each, until nothing more comes."""
    order = msgspec.json.decode(told.readline(), type=Order)
    results = Results(Path(os.fsdecode(order.folder)), order.plan, beats=order.beats)
    # Interpreted, the last digits of some values are others: which worker had what would show.
    get_ready_at_once(lambda _: None)
    for line in told:
        task = msgspec.json.decode(line, type=Task)
        answer = done(Input(task.name, Path(os.fsdecode(task.path))), results)
        answers.write(msgspec.json.encode(answer) + b"\n")


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
        self._results = results
        self._process: subprocess.Popen[bytes] | None = None
        self._overdue = False
        self._stopped = False

    def do(self, one: Input) -> Answer | None:
        """Have one recording measured and kept; where the process ends, say so in its place.

        None where it was stopped meanwhile: then nothing is kept.
        """
        if self._stopped:
            return None
        self._overdue = False
        process = self._process or self._start()
        watch = Timer(_patience(one), self._give_up)
        watch.daemon = True
        watch.start()
        try:
            task = Task(one.name, os.fsencode(one.path))
            assert process.stdin is not None
            assert process.stdout is not None
            with suppress(BrokenPipeError):
                process.stdin.write(msgspec.json.encode(task) + b"\n")
                process.stdin.flush()
            line = process.stdout.readline()
        finally:
            watch.cancel()
        if line.endswith(b"\n"):
            return msgspec.json.decode(line, type=Answer)
        self._end()
        return None if self._stopped else self._keep_failure(one)

    def stop(self) -> None:
        """End the process, whatever it does, for good."""
        self._stopped = True
        self._end()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError):
                    if pipe is not None:
                        pipe.close()

    def _start(self) -> subprocess.Popen[bytes]:
        order = Order(os.fsencode(self._results.folder), self._results.plan, self._results.beats)
        self._process = process = subprocess.Popen(
            program("pipelines.batch"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=surroundings() | ENGLISH,
        )
        assert process.stdin is not None
        with suppress(BrokenPipeError):
            process.stdin.write(msgspec.json.encode(order) + b"\n")
            process.stdin.flush()
        return process

    def _give_up(self) -> None:
        self._overdue = True
        process = self._process
        if process is not None:
            process.kill()

    def _keep_failure(self, one: Input) -> Answer:
        why = OVERDUE if self._overdue else ENDED
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
