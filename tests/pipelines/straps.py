"""What a strap sends once a second, and what may go wrong on its way."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from devices.codec.heart_rate import HeartRate, encode
from pipelines.session.events import Packet

Sent = list[tuple[float, tuple[int, ...]]]
"""Arrival of each packet in s, and its intervals in ticks."""


def ticks_of(
    seconds: float, bpm: float, *, seed: int = 1, spread: float = 30.0, breaths: float = 15.0
) -> np.ndarray:
    """Return intervals in ticks of a heart that breathes and varies by `spread` ms."""
    rng = np.random.default_rng(seed)
    count = int(seconds * bpm / 60.0)
    wave = np.sin(2.0 * np.pi * breaths / bpm * np.arange(count))
    rr = 60000.0 / bpm + spread * (0.7 * wave + 0.5 * rng.standard_normal(count))
    return np.round(rr * 1.024).astype(np.int64)


def sent(ticks: Sequence[int] | np.ndarray, *, unit: int = 1024, seed: int = 1) -> Sent:
    """Return the packets of a strap that sends each second what beat since."""
    rng = np.random.default_rng(seed)
    second = np.ceil(np.cumsum(np.asarray(ticks)) / unit + rng.uniform(0.0, 1.0))
    packets: Sent = []
    for tick in np.unique(second).tolist():
        held = tuple(int(one) for one, at in zip(ticks, second, strict=True) if at == tick)
        packets.append((tick + float(rng.uniform(0.0, 0.03)), held))
    return packets


def packets(sent: Sent, source: int = 0) -> list[Packet]:
    """Return them as events, in order of arrival."""
    return [
        Packet(time, source, "heart_rate", encode(HeartRate(60, rr_ticks=held)))
        for time, held in sorted(sent, key=lambda one: one[0])
    ]
