"""Logs of straps as they send, and as they are amiss: packets again, repeats, units, wobble."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from devices.codec import HeartRate, encode
from devices.link import LinkState
from physio.beats import FloatArray, IntArray
from pipelines.session import AnyEvent, Link, Packet, Source

Sent = list[tuple[float, tuple[int, ...]]]
"""Arrival of each packet in s, and the intervals it holds, in what the strap counts in."""


def heart(bpm: float, seed: int, *, seconds: float, spread: float = 30.0) -> FloatArray:
    """Return intervals in ms of a heart that breathes 15 times a minute and varies by `spread`."""
    rng = np.random.default_rng(seed)
    beat = np.arange(int(seconds * bpm / 60.0))
    breath = np.sin(2.0 * np.pi * 15.0 / bpm * beat)
    noise = rng.standard_normal(len(beat))
    return np.asarray(60000.0 / bpm + spread * (0.7 * breath + 0.5 * noise))


def sent(rr: FloatArray, seed: int, *, unit: int = 1024, wobble: float = 0.0) -> Sent:
    """Return the packets of a strap that sends each second what beat since.

    How late a beat is sent wanders by up to `wobble` seconds, as in exercise.
    """
    rng = np.random.default_rng(seed)
    ticks = np.rint(rr * unit / 1000.0).astype(np.int64)
    beat = np.cumsum(ticks) / unit + rng.uniform(0.0, 1.0)
    walk = np.cumsum(rng.normal(0.0, 0.08, len(beat)))
    late = wobble * np.abs((walk - walk.min()) % 2.0 - 1.0)
    second = np.maximum.accumulate(np.ceil(beat + late))
    edges = np.flatnonzero(np.diff(second)) + 1
    held = np.split(ticks, edges)
    arrival = second[np.append(0, edges)] + rng.uniform(0.0, 0.03, len(held))
    return [(time, tuple(part.tolist())) for time, part in zip(arrival.tolist(), held, strict=True)]


def again(those: Sent, seed: int, *, earliest: float, latest: float) -> Sent:
    """Return packets that are each delivered again, so many seconds later."""
    rng = np.random.default_rng(seed)
    late = rng.uniform(earliest, latest, len(those)).tolist()
    return those + [(time + more, held) for (time, held), more in zip(those, late, strict=True)]


def each_second(those: Sent) -> Sent:
    """Return the newest interval sent once a second, whether a beat came since or not."""
    time = np.array([arrival for arrival, _ in those])
    seconds = np.arange(np.ceil(time[0]), time[-1])
    newest: IntArray = np.searchsorted(time, seconds + 0.05) - 1
    return [
        (second + 0.04, those[place][1][-1:])
        for second, place in zip(seconds.tolist(), newest.tolist(), strict=True)
        if place >= 0
    ]


def log(those: Iterable[tuple[float, tuple[int, ...]]], *, ticks: int = 1024) -> list[AnyEvent]:
    """Return the log of a strap that counts in `ticks` a second."""
    packets = (
        Packet(time, 0, "heart_rate", encode(HeartRate(66, contact=True, rr_ticks=held)))
        for time, held in sorted(those, key=lambda one: one[0])
    )
    begin = Source(0.0, 0, "client", "a strap", ticks=ticks), Link(0.0, 0, LinkState.WAITING)
    return [*begin, *packets]
