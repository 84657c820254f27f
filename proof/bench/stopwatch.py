"""Timing two jobs in turn, and the memory that one takes: nothing here knows what they do."""

from __future__ import annotations

import contextlib
import math
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import msgspec

from proof.bench.task import Job

Clock = Callable[[], float]

FEWEST, MOST = 5, 15
"""Rounds in which both jobs are timed."""

ROUND = 0.005
"""Seconds that a timing lasts at least: a shorter job is called several times in a row."""

SLOW = 4.0
"""Seconds above which a job is timed only once."""

ONE_THREAD = dict.fromkeys(
    (
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "NUMBA_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
    ),
    "1",
)
"""Environment that keeps libraries to one thread."""


class Timing(msgspec.Struct, frozen=True):
    """What a pair took.

    Attributes
    ----------
    ours, rival : float
        Median in ms; `rival` is None where there is none.
    ours_times, rival_times : int
        How many timings the medians are taken of.
    """

    ours: float
    ours_times: int
    rival: float | None = None
    rival_times: int = 0


def processor_clock() -> Clock:
    """Return the clock of this process's processor time, or the wall's where that is coarse.

    Processor time leaves out what other programs take, which a long job would otherwise wait for
    and a short one not.
    """
    fine = time.get_clock_info("process_time").resolution <= 1e-6
    return time.process_time if fine else time.perf_counter


def pin() -> bool:
    """Keep this process on one core; return whether the system can."""
    if not hasattr(os, "sched_setaffinity"):
        return False
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    return True


def timing(ours: Job, rival: Job | None, *, seconds: float, clock: Clock) -> Timing:
    """Time two warm jobs in turn: ours, the rival, ours, the rival.

    Parameters
    ----------
    ours, rival : callable
        What is timed.
    seconds : float
        What all rounds together may take; they are 5 to 15. A job that alone takes longer than
        `SLOW` is timed once.
    clock : callable
        In seconds.
    """
    jobs = [job for job in (ours, rival) if job is not None]
    first = [_lap(job, 1, clock) for job in jobs]
    laps = [[once] if once > SLOW else [] for once in first]
    quick = [place for place, once in enumerate(first) if once <= SLOW]
    calls = [max(1, math.ceil(ROUND / max(once, 1e-9))) for once in first]
    needed = sum(first[place] * calls[place] for place in quick)
    for _ in range(_rounds(needed, seconds)):
        for place in quick:
            laps[place].append(_lap(jobs[place], calls[place], clock))
    middle = [1000.0 * median(each) for each in laps]
    return Timing(middle[0], len(laps[0]), *((middle[1], len(laps[1])) if rival else ()))


def _rounds(needed: float, seconds: float) -> int:
    return max(FEWEST, min(MOST, int(seconds / max(needed, 1e-9))))


def _lap(job: Job, calls: int, clock: Clock) -> float:
    began = clock()
    for _ in range(calls):
        job()
    return (clock() - began) / calls


def peak_memory() -> float | None:
    """Return the most memory that this process has held so far, in MB; None where none tells."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    try:
        import resource
    except ImportError:
        return None
    # Kilobytes but for macOS.
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
