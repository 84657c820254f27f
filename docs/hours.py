"""Moments of whole sessions, as the engine tells of their logs: what pictures of a view show."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from devices.scripted import simulate
from devices.scripted.script import Notify
from docs.report_pages import simulated_hour
from pipelines import formats
from pipelines.live import Command, Engine
from pipelines.session import (
    AnyEvent,
    Baseline,
    Packet,
    Phase,
    PhaseName,
    Snapshot,
    Source,
    one_by_one,
)
from pipelines.session.trace import Trace

H10 = Path("../shared/data/polar_h10_dhyb/sample_data_ibi.csv")
"""A Polar H10 at slow breathing; see docs/validation.md for where it is from."""


class Heard:
    """A session of which the engine has heard so many seconds; it does nothing that it is asked."""

    def __init__(self, log: Iterable[AnyEvent], now: float) -> None:
        self.engine, self.now = Engine(), now
        self.engine.advance(event for event in one_by_one(log) if event.time <= now)

    def snapshot(self) -> Snapshot:
        return self.engine.snapshot(self.now)

    def trace(self, source: int, first: int, rr_first: int) -> Trace:
        return self.engine.trace(source, first, rr_first)

    def ask(self, command: Command) -> str | None:  # noqa: ARG002
        return None

    def close(self) -> None:
        pass


@cache
def therapy() -> tuple[AnyEvent, ...]:
    """Return the log of an hour of simulated therapy with one strap."""
    begun = Phase(180.0, PhaseName.SESSION)
    return tuple(sorted([*simulated_hour(), begun], key=lambda event: event.time))


@cache
def two_people() -> tuple[AnyEvent, ...]:
    """Return the same hour with somebody at rest beside."""
    beside = [
        Packet(step.time, 1, "heart_rate", step.data)
        for step in simulate("rest", seed=5, seconds=1700.0).script.steps
        if isinstance(step, Notify)
    ]
    other = Source(0.0, 1, "therapist", "Simulated strap (rest)", simulated=True)
    learnt = Baseline(180.0, 1, 0.0, 180.0)
    return tuple(sorted([*therapy(), other, learnt, *beside], key=lambda event: event.time))


def h10() -> tuple[AnyEvent, ...]:
    """Return the log of a real strap, with the baseline that is learnt of it."""
    log = list(one_by_one(formats.read(H10).events))
    engine = Engine()
    learnt: list[AnyEvent] = []
    for event in log:
        engine.advance([event])
        found = engine.learnt_baselines(engine.time)
        engine.advance(found)
        learnt += found
    return tuple(sorted([*log, *learnt], key=lambda event: event.time))


HOURS = {
    "warming up": lambda: Heard(therapy(), 111.0),
    "live": lambda: Heard(therapy(), 1590.0),
    "limited": lambda: Heard(therapy(), 2142.0),
    "gap": lambda: Heard(therapy(), 2913.0),
    "two people": lambda: Heard(two_people(), 1590.0),
    "H10": lambda: Heard(h10(), 400.0),
}
