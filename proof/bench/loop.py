"""A fixed loop in plain NumPy, beside which what a live session computes is timed.

Milliseconds do not travel from one machine to another, and beside a busy neighbour they do not even
stay; the ratio to this loop does. Like the panel it makes some hundred different calls on short
arrays, once each, so that both meet the processor's caches cold. Its values are of no account.
"""

from __future__ import annotations

import numpy as np

from physio.beats import FloatArray
from proof.bench.task import Job
from proof.bench.time_domain import plain

RATE = 4.0
BANDS = ((0.0033, 0.04), (0.04, 0.15), (0.15, 0.4))
QUARTERS = 4


def plain_panel(rr: FloatArray) -> Job:
    """Prepare values of time, frequency and shape of 300 s of intervals and of each quarter."""
    seconds = np.cumsum(rr[::-1])[::-1] / 1000.0
    last = rr[seconds <= 300.0]
    parts = [last, *np.array_split(last, QUARTERS)]
    return lambda: [(*plain(part), *_powers(part), *_shape(part)) for part in parts]


def _powers(rr: FloatArray) -> list[float]:
    time = np.cumsum(rr) / 1000.0
    grid = np.arange(time[0], time[-1], 1.0 / RATE)
    even = np.interp(grid, time, rr)
    even -= np.polyval(np.polyfit(grid, even, 1), grid)
    power = np.abs(np.fft.rfft(even * np.hanning(len(even)))) ** 2
    frequency = np.fft.rfftfreq(len(even), 1.0 / RATE)
    return [float(power[(frequency >= low) & (frequency < high)].sum()) for low, high in BANDS]


def _shape(rr: FloatArray) -> list[float]:
    change = np.diff(rr)
    count, _ = np.histogram(rr, bins=20)
    turns = np.count_nonzero(np.diff(np.sign(change)))
    alike = np.corrcoef(rr[:-1], rr[1:])[0, 1]
    lower, middle, upper = np.percentile(rr, (25.0, 50.0, 75.0))
    summed = np.cumsum(rr - rr.mean())
    boxes = summed[: len(summed) // 8 * 8].reshape(-1, 8)
    spread = np.sqrt(np.mean((boxes - boxes.mean(axis=1, keepdims=True)) ** 2))
    return [float(count.max()), float(turns), float(alike), upper - lower, middle, float(spread)]
