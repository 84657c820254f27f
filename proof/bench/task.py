"""One task of the bench: what is timed, beside whom, and the goal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Job = Callable[[], object]
"""What is timed: everything from the input to the values."""

LENGTHS: Mapping[str, float] = {"5 min": 1 / 12, "1 h": 1.0, "24 h": 24.0, "7 days": 168.0}
"""Hours of recording, by the name of their length."""

FLAT = 1.15
"""Largest ratio that still counts as flat: two timings of one thing differ by as much."""

SMALL = "5 min"
"""Length of the input with which both sides are warmed up."""


def figure(value: float) -> str:
    """Return a value in three digits, thousands in full."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


@dataclass(frozen=True, slots=True)
class Goal:
    """A bound that a figure must meet.

    Attributes
    ----------
    kind : str
        "faster": the other's time over ours is at least `bound`. "growth": our time over that of
        the other length is at most `bound`. "MB": our memory is at most `bound`.
    bound : float
        As a factor, or in MB.
    """

    kind: Literal["faster", "growth", "MB"]
    bound: float

    def held(self, ours: float, rival: float | None) -> bool:
        """Return whether `ours`, beside `rival` where the goal speaks of one, meets the bound."""
        if self.kind == "faster" and rival is not None:
            return rival >= self.bound * ours
        if self.kind == "growth" and rival is not None:
            return ours <= self.bound * rival
        return ours <= self.bound

    def __str__(self) -> str:
        if self.kind == "faster" and self.bound < 1.0:
            return f"at most {figure(1.0 / self.bound)} x theirs"
        if self.kind == "faster":
            return f"at least {figure(self.bound)} x"
        return f"at most {figure(self.bound)} {'x' if self.kind == 'growth' else self.kind}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A program that others use, as it is installed.

    Attributes
    ----------
    title : str
        Its name as its authors write it.
    module : str
        What is imported.
    distribution : str
        What is installed.
    """

    title: str
    module: str
    distribution: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """What ours is timed against.

    Attributes
    ----------
    title : str
        Its name in the table.
    prepare : callable
        From the task's input to the job.
    call : str
        What the job calls, for the reader.
    package : Package or None
        What must be installed; None where nothing must.
    goal : Goal or None
        What ours must reach beside it; None where it is shown for scale.
    length : str
        Length of its input, where that is not the task's.
    share : float
        Part of the windows that the job works on; its time is divided by it.
    quick : bool
        Whether a quick run has time for it.
    """

    title: str
    prepare: Callable[[Any], Job]
    call: str
    package: Package | None = None
    goal: Goal | None = None
    length: str = ""
    share: float = 1.0
    quick: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is timed, at one length.

    Attributes
    ----------
    name : str
        As `--only` takes it; tasks that differ in length alone share it.
    title : str
        In plain words.
    length : str
        A name of `LENGTHS`.
    given : callable
        From a name of `LENGTHS` to the input, the same for both sides, made before anything is
        timed.
    ours : callable
        From the input to the job.
    call : str
        What our job calls, for the reader.
    rivals : tuple of Rival
        Each with a title of its own; may be empty.
    goal : Goal or None
        What ours must reach alone, in MB: then the peak of memory is measured.
    """

    name: str
    title: str
    length: str
    given: Callable[[str], Any]
    ours: Callable[[Any], Job]
    call: str
    rivals: tuple[Rival, ...] = ()
    goal: Goal | None = None

    @property
    def key(self) -> str:
        """Unique among all tasks."""
        return f"{self.name} {self.length} {self.title}"


def beside(
    package: Package,
    prepare: Callable[[Any], Job],
    call: str,
    *,
    faster: float | None = None,
    share: float = 1.0,
    quick: bool = True,
) -> Rival:
    """Return a package as rival, beside which ours must be at least `faster` times as fast."""
    return Rival(
        title=package.title,
        package=package,
        prepare=prepare,
        call=call,
        goal=None if faster is None else Goal("faster", faster),
        share=share,
        quick=quick,
    )


NEUROKIT = Package(title="NeuroKit2", module="neurokit2", distribution="neurokit2")
HEARTPY = Package(title="HeartPy", module="heartpy", distribution="heartpy")
HRV_ANALYSIS = Package(title="hrv-analysis", module="hrvanalysis", distribution="hrv-analysis")
SYSTOLE = Package(title="systole", module="systole", distribution="systole-core")
BIOSPPY = Package(title="BioSPPy", module="biosppy", distribution="biosppy")
SLEEPECG = Package(title="SleepECG", module="sleepecg", distribution="sleepecg")
PACKAGES = (NEUROKIT, HEARTPY, HRV_ANALYSIS, SYSTOLE, BIOSPPY, SLEEPECG)
"""All that we are timed against."""
