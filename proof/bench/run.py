"""The bench as a whole: a fresh process for each pair, one after the other."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec

import msgspec

from pipelines.processes import program, surroundings
from proof.bench.pair import Measured
from proof.bench.stopwatch import FEWEST, ONE_THREAD
from proof.bench.task import Package, Rival, Task

REGISTRY = "proof.bench.every"
"""Module that lists the tasks, for the processes to find them in."""

LIMIT = 300.0
"""Seconds after which a process is given up."""

SECONDS, QUICK_SECONDS = 2.0, 0.5
"""What the rounds of a pair may take together."""

QUICK_LENGTHS = ("5 min", "1 h")


@dataclass(frozen=True, slots=True)
class Row:
    """What was found for one task beside one rival, or alone.

    Attributes
    ----------
    task : Task
        What was timed.
    rival : Rival or None
        Beside whom.
    ours, theirs : float or None
        In ms, or `ours` in MB where that is the goal; None where it was not measured.
    notes : tuple of str
        What the reader must know of these figures.
    failed : bool
        Whether ours could not run.
    pinned : bool
        Whether the process was kept on one core.
    """

    task: Task
    rival: Rival | None
    ours: float | None = None
    theirs: float | None = None
    notes: tuple[str, ...] = ()
    failed: bool = False
    pinned: bool = True

    @property
    def ratio(self) -> float | None:
        """The larger task over the smaller: theirs over ours, or ours over our other length."""
        if self.ours is None or self.theirs is None or self.rival is None:
            return None
        return self.ours / self.theirs if self.rival.length else self.theirs / self.ours

    @property
    def goal(self) -> str:
        """The goal in words, or nothing."""
        goal = self.rival.goal if self.rival else self.task.goal
        return str(goal) if goal else ""

    @property
    def held(self) -> bool | None:
        """Whether the goal is met; None where there is none or it was not tried."""
        goal = self.rival.goal if self.rival else self.task.goal
        if goal is None or self.ours is None or (self.rival and self.theirs is None):
            return None
        return goal.held(self.ours, self.theirs)


Pair = tuple[Task, Rival | None]


def pairs(tasks: Iterable[Task], *, quick: bool, only: Sequence[str] = ()) -> list[Pair]:
    """Return each task alone, where it has a goal of its own or no rival, and with each rival."""
    return [
        (task, rival)
        for task in tasks
        if not only or task.name in only
        if not quick or task.length in QUICK_LENGTHS
        for rival in _sides(task)
        if not quick or rival is None or rival.quick
    ]


def missing(tasks: Iterable[Task]) -> list[Package]:
    """Return the packages among the rivals that are not installed."""
    wanted = {
        rival.package.module: rival.package
        for task in tasks
        for rival in task.rivals
        if rival.package
    }
    return [package for module, package in wanted.items() if find_spec(module) is None]


def row(pair: Pair, *, quick: bool, registry: str = REGISTRY) -> Row:
    """Measure one pair in a process of its own."""
    task, rival = pair
    if rival and rival.package and find_spec(rival.package.module) is None:
        return Row(task, rival, notes=(f"{rival.title} is not installed",))
    found = _process(pair, QUICK_SECONDS if quick else SECONDS, registry)
    if isinstance(found, str):
        return Row(task, rival, notes=(found,), failed=not _foreign(rival))
    return _row(pair, found)


def _sides(task: Task) -> list[Rival | None]:
    alone: list[Rival | None] = [None] if task.goal or not task.rivals else []
    return [*alone, *task.rivals]


def _process(pair: Pair, seconds: float, registry: str) -> Measured | str:
    """Return what the process of a pair found, or one sentence on how it ended."""
    task, rival = pair
    title = rival.title if rival else ""
    command = program("proof.bench.pair", registry, task.key, title, str(seconds))
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=LIMIT,
            env=surroundings() | ONE_THREAD,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"given up after {LIMIT:.0f} s"
    lines = done.stdout.splitlines()
    if done.returncode or not lines:
        said = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        return f"the process ended with {done.returncode}: {said}"
    return msgspec.json.decode(lines[-1], type=Measured)


def _row(pair: Pair, found: Measured) -> Row:
    task, rival = pair
    if found.failed:
        who = "ours" if found.failed == "ours" or rival is None else rival.title
        words = f"{who} could not run: {found.error}"
        return Row(task, rival, notes=(words,), failed=who == "ours" or not _foreign(rival))
    if found.timing is None:
        alone = () if found.megabytes is not None else ("this system does not tell the memory",)
        return Row(task, rival, found.megabytes, notes=alone, pinned=found.pinned)
    took = found.timing
    notes = tuple(_notes(rival, took.rival_times))
    return Row(task, rival, took.ours, took.rival, notes, pinned=found.pinned)


def _foreign(rival: Rival | None) -> bool:
    return rival is not None and rival.package is not None


def _notes(rival: Rival | None, times: int) -> Iterator[str]:
    if rival and rival.share < 1.0:
        yield f"{rival.title}: scaled from {100.0 * rival.share:.0f} % of the windows"
    if rival and times < FEWEST:
        yield f"{rival.title}: measured once"
