"""Wearers who have sent made-up intervals, one packet after another."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from pipelines.live.wearer import Wearer
from pipelines.session.circumstances import Circumstances
from pipelines.session.decoding import RawIntervals
from pipelines.session.events import Source
from pipelines.session.talking import Span

Talks = Callable[[float], Sequence[Span]]


def rhythm(seconds: float, rate: Callable[[float], float] = lambda time: 70.0) -> np.ndarray:
    """Return intervals in ms that breathe 15 times a minute around `rate` (bpm) at each time."""
    intervals, time = [], 0.0
    while time < seconds:
        interval = 60000.0 / rate(time) * (1.0 + 0.03 * np.sin(np.pi / 2 * time))
        intervals.append(interval)
        time += interval / 1000.0
    return np.array(intervals)


def raw(arrival: float, *rr: float) -> RawIntervals:
    """Return what one packet of these intervals brings."""
    n = len(rr)
    return RawIntervals(np.full(n, arrival), np.array(rr, float), np.zeros(n, np.int64))


def wearing(
    rr: Sequence[float] | np.ndarray,
    *,
    start: float = 0.0,
    each: int = 1,
    talks: Talks = lambda time: (),
    wearer: Wearer | None = None,
) -> Wearer:
    """Return a wearer whose packets, `each` of so many intervals, arrive as they end."""
    wearer = wearer or Wearer(Source(0.0, 0, "client", "a strap"))
    time = start
    for first in range(0, len(rr), each):
        part = rr[first : first + each]
        time += float(np.sum(part)) / 1000.0
        wearer.take(raw(time, *part), time, around=Circumstances(tuple(talks(time))))
    return wearer
