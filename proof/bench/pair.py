"""One pair in a process of its own: `python -m proof.bench.pair REGISTRY KEY RIVAL SECONDS`.

Prints one line of JSON: what was measured, or what went wrong and on which side.
"""

from __future__ import annotations

import contextlib
import io
import sys
import warnings
from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeVar

import msgspec

from physio.compiled import use_machine_code
from proof.bench.stopwatch import Timing, peak_memory, pin, processor_clock, timing
from proof.bench.task import SMALL, Job, Rival, Task

R = TypeVar("R")


class Measured(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a process found.

    Attributes
    ----------
    timing : Timing or None
        Of ours and the rival.
    megabytes : float or None
        Peak of memory above what was held before, where that was asked for.
    failed, error : str
        "ours" or "rival", and what it said, where one could not run.
    pinned : bool
        Whether the process was kept on one core.
    """

    timing: Timing | None = None
    megabytes: float | None = None
    failed: str = ""
    error: str = ""
    pinned: bool = False


class _SideFailedError(Exception):
    """One side of a pair raised; the cause says what."""


def measured(task: Task, rival: Rival | None, *, seconds: float) -> Measured:
    """Return what the pair takes, or which side cannot run and why."""
    pinned = pin()
    use_machine_code()
    try:
        if task.goal is not None and task.goal.kind == "MB":
            return Measured(megabytes=_memory(task), pinned=pinned)
        found = _timed(task, rival, seconds)
    except _SideFailedError as error:
        said = " ".join(str(error.__cause__).split()) or "no reason given"
        return Measured(failed=str(error), error=f"{type(error.__cause__).__name__}: {said}"[:200])
    return Measured(timing=found, pinned=pinned)


def _timed(task: Task, rival: Rival | None, seconds: float) -> Timing:
    given = task.given(task.length)
    ours, other = _blamed("ours", _warm(task.given, task.ours, given, "ours")), None
    if rival is not None:
        theirs = task.given(rival.length) if rival.length else given
        other = _blamed("rival", _warm(task.given, rival.prepare, theirs, "rival"))
    took = timing(ours, other, seconds=seconds, clock=processor_clock())
    if rival is None or took.rival is None:
        return took
    return msgspec.structs.replace(took, rival=took.rival / rival.share)


def _warm(made: Callable[[str], Any], prepare: Callable[[Any], Job], given: Any, side: str) -> Job:
    """Return the job, after runs on a short input: what it imports and compiles is not timed."""
    small = _blamed(side, lambda: prepare(made(SMALL)))()
    for _ in range(2):
        _blamed(side, small)()
    return _blamed(side, lambda: prepare(given))()


def _blamed(side: str, step: Callable[[], R]) -> Callable[[], R]:
    """Return `step` as one whose failure names its side."""

    def run() -> R:
        try:
            return step()
        except Exception as error:
            raise _SideFailedError(side) from error

    return run


def _memory(task: Task) -> float | None:
    """Return the peak in MB above what runs on a short input leave behind."""
    _warm(task.given, task.ours, task.given(SMALL), "ours")
    before = peak_memory()
    _blamed("ours", lambda: task.ours(task.given(task.length))())()
    after = peak_memory()
    return None if before is None or after is None else after - before


def main(registry: str, key: str, rival: str, seconds: str) -> None:
    """Measure the pair and print it; what the programs themselves print is dropped."""
    warnings.simplefilter("ignore")
    tasks: dict[str, Task] = {task.key: task for task in import_module(registry).TASKS}
    task = tasks[key]
    other = next((one for one in task.rivals if one.title == rival), None)
    with contextlib.redirect_stdout(io.StringIO()):
        found = measured(task, other, seconds=float(seconds))
    sys.stdout.write(msgspec.json.encode(found).decode() + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
