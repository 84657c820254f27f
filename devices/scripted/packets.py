"""From beat times to what a strap sends: packets about once a second, and what gets lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from devices.codec import TICKS_PER_SECOND, HeartRate, encode
from devices.scripted.script import Back, Drop, End, Notify, Step

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Habits:
    """How a strap sends.

    Attributes
    ----------
    period : float
        Seconds from packet to packet.
    latency : float
        Median seconds from a beat to the arrival of its interval; 2.6 for a Polar H10 (KTH, Physiol
        Meas 46:085001, 2025).
    slot : float
        Seconds between the moments at which the radio may send; each packet takes one of three.
    """

    period: float = 0.99
    latency: float = 2.6
    slot: float = 0.015


LIKE_AN_H10 = Habits()


@dataclass(frozen=True, slots=True)
class Lost:
    """Beats that never arrive, from `start` to `end` in seconds of arrival.

    With cause "link" the link breaks off, with "packets" some packets are lost on the way, with
    "contact" the strap reports that it feels no skin.
    """

    start: float
    end: float
    cause: Literal["link", "packets", "contact"]


def strap_steps(
    beat_time: Floats,
    rng: np.random.Generator,
    *,
    seconds: float,
    losses: tuple[Lost, ...] = (),
    habits: Habits = LIKE_AN_H10,
) -> tuple[Step, ...]:
    """Return the script of a strap that feels beats at `beat_time` (n,), up to `seconds`."""
    steps: list[Step] = []
    for notify in _packets(beat_time, rng, seconds=seconds, habits=habits):
        loss = next((one for one in losses if one.start <= notify.time < one.end), None)
        if loss is None:
            steps.append(notify)
        elif loss.cause == "contact":
            steps.append(Notify(notify.time, encode(HeartRate(0, contact=False))))
    for loss in losses:
        if loss.cause == "link":
            steps += [Drop(loss.start), Back(loss.end)]
    return (*sorted(steps, key=lambda step: step.time), End(seconds))


def _packets(
    beat_time: Floats, rng: np.random.Generator, *, seconds: float, habits: Habits
) -> Iterator[Notify]:
    made = rng.uniform(0, habits.period) + np.arange(0, seconds, habits.period)
    arrival = made + habits.slot * rng.integers(0, 3, len(made))
    # Rounding the strap's own running clock keeps the sum of the intervals free of drift.
    ticks = np.diff(np.rint(beat_time * TICKS_PER_SECOND)).astype(np.int64)
    known = beat_time[1:] + habits.latency - habits.period / 2 - habits.slot
    upto = np.searchsorted(known, made, side="right")
    since = np.searchsorted(known, made - habits.period, side="right")
    for time, first, last in zip(arrival.tolist(), since.tolist(), upto.tolist(), strict=True):
        if time <= seconds:
            yield Notify(time, encode(_reading(ticks, first, last)))


def _reading(ticks: NDArray[np.int64], first: int, last: int) -> HeartRate:
    recent = ticks[max(0, last - 5) : last]
    bpm = round(60 * TICKS_PER_SECOND / float(recent.mean())) if len(recent) else 0
    return HeartRate(bpm, contact=True, rr_ticks=tuple(ticks[first:last].tolist()))
