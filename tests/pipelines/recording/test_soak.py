"""Twelve hours of a strap that comes and goes, in virtual time: nothing piles up."""

from __future__ import annotations

import asyncio
import dataclasses
import gc
import os
import sys
from collections.abc import Iterable
from itertools import groupby
from math import inf
from pathlib import Path

import numpy as np
import pytest

from devices.codec.heart_rate import HeartRate, encode
from devices.link import Adapter
from devices.scripted import scripted_adapter
from devices.scripted.script import Back, Drop, Notify, Script
from devices.sources import Opened
from pipelines.recording.recorder import Plan, Wearer
from pipelines.session import Packet
from tests.pipelines.recording.sessions import at, record
from tests.pipelines.straps import ticks_of

HOURS, HOUR = 12, 3600.0
FROM = 3
"""Hours after which all that a session needs has been loaded, machine code too."""
BACK_WITHIN = 6.0
"""Seconds from a strap's return, or from the beginning, until nothing of it is missed."""
REAL = ("stale_after", "back_off", "scan_for", "shared")


def beating(bpm: float, seed: int) -> list[Notify]:
    """Packets of a whole night, one each second."""
    ticks = ticks_of(HOURS * HOUR, bpm, seed=seed)
    due = np.ceil(np.cumsum(ticks) / 1024.0)
    second = groupby(zip(due.tolist(), ticks.tolist(), strict=True), key=lambda one: one[0])
    return [
        Notify(time, encode(HeartRate(66, contact=True, rr_ticks=tuple(tick for _, tick in held))))
        for time, held in second
    ]


def leaving(rng: np.random.Generator) -> list[Drop | Back]:
    """Faults about four times an hour, each of up to five minutes."""
    steps: list[Drop | Back] = []
    time = 60.0
    while (time := time + rng.exponential(900.0)) < HOURS * HOUR - 600.0:
        away = float(rng.choice([1.0, 5.0, 30.0, 300.0]))
        steps += [Drop(time), Back(time + away)]
        time += away
    return steps


def script(number: int) -> Script:
    steps = [*beating(60.0 + 5.0 * number, number), *leaving(np.random.default_rng(number))]
    steps.sort(key=lambda step: step.time)
    address = f"A0:00:00:00:00:0{number}"
    return Script(f"Strap {number}", address, tuple(steps), battery=80)


def due(strap: Script) -> list[bytes]:
    """Return what a strap sends while it is in range, from so many seconds after its return on."""
    sent, since = [], BACK_WITHIN
    for step in strap.steps:
        match step:
            case Drop():
                since = inf
            case Back(time):
                since = time + BACK_WITHIN
            case Notify(time, data) if time > since:
                sent.append(data)
    return sent


def is_within(some: Iterable[bytes], whole: Iterable[bytes]) -> bool:
    """Return whether some packets are among the whole, in their order."""
    rest = iter(whole)
    return all(any(one == other for other in rest) for one in some)


def worn(strap: Script) -> Wearer:
    adapter = scripted_adapter(strap)
    adapter = dataclasses.replace(adapter, **{one: getattr(Adapter(), one) for one in REAL})
    return Wearer(Opened(adapter, strap.name, strap.name), strap.name)


def held_now() -> tuple[float, int, int]:
    """Return memory in MB, open files, and tasks of the running loop."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    files = sum(1 for _ in Path("/proc/self/fd").iterdir())
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6, files, len(asyncio.all_tasks())


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="what it holds is read where Linux tells it")
def test_a_night_of_a_strap_that_comes_and_goes_piles_nothing_up(library):
    held: list[tuple[float, int, int]] = []

    async def look(running) -> None:
        for hour in range(FROM, HOURS + 1):
            await at(running, hour * HOUR - 60.0)
            held.append(held_now())

    strap = script(1)
    log, _ = record(library, Plan([worn(strap)], seconds=HOURS * HOUR), beside=look)
    memory, files, tasks = zip(*held, strict=True)
    assert (memory[-1] - memory[0]) / (HOURS - FROM) <= 1.0
    assert max(files) == min(files)
    assert max(tasks) - min(tasks) <= 4  # a link that is looked for has one more
    kept = [event.data for event in log if isinstance(event, Packet)]
    assert is_within(due(strap), kept)
    assert is_within(kept, [step.data for step in strap.steps if isinstance(step, Notify)])
