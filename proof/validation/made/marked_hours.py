"""Hours of a heart whose rate wanders from minute to minute as in a real hour, and marks in them.

Simulated rest is too quiet for what is told of marks: its changes from one minute to the next have
an SD of .8 bpm, those of a real hour one of 3 to 4.
"""

from __future__ import annotations

import numpy as np

from physio.beats import Beats, FloatArray
from proof.validation.made import beats as synthetic

MINUTE = 60.0
GRID = 2.0
"""Values of the rate a second."""
SLOWEST, FASTEST = 1.0 / 3000.0, 0.04
"""Hz between which the power of the slow waves falls as 1/f (Kobayashi and Musha 1982, IEEE Trans
Biomed Eng 29:456)."""
LEVEL = 70.0
"""Bpm around which the rate wanders."""


def wandering_rate(random: np.random.Generator, seconds: float, deviation: float) -> FloatArray:
    """Return heart rates in bpm, `GRID` a second, whose minutes change by `deviation` bpm (SD).

    That is the SD of one minute's mean less the one's before, over all hours of this kind.
    """
    count = int(seconds * GRID)
    size = 1 << int(np.ceil(np.log2(2 * count)))
    frequency = np.fft.rfftfreq(size, 1.0 / GRID)
    inside = (frequency >= SLOWEST) & (frequency <= FASTEST)
    height = np.sqrt(inside / np.where(inside, frequency, 1.0))
    # A minute's mean passes sinc(f T), the difference of two 2 sin(pi f T).
    turns = frequency * MINUTE
    passed = height * np.sinc(turns) * 2.0 * np.sin(np.pi * turns)
    draw = random.standard_normal((2, len(frequency)))
    wave = np.fft.irfft(height * (draw[0] + 1j * draw[1]), size)[:count]
    return np.asarray(LEVEL + deviation * wave * size / np.sqrt(4.0 * (passed @ passed)))


def raised(rate: FloatArray, marks: FloatArray, by: float) -> FloatArray:
    """Return the rates `by` bpm higher in the minute after each mark (s), once where they meet."""
    time = np.arange(len(rate)) / GRID
    last = np.searchsorted(np.sort(marks), time, side="right") - 1
    since = time - np.sort(marks)[np.maximum(last, 0)]
    return rate + by * ((last >= 0) & (since < MINUTE))


def heard(rate: FloatArray, random: np.random.Generator) -> Beats:
    """Return the beats of a heart with this rate, which breathes and is not quite even."""
    time = np.arange(len(rate) + 1) / GRID
    turned = np.concatenate(([0.0], np.cumsum(rate))) / (60.0 * GRID)
    whole = np.arange(int(turned[-1]) + 1)
    end = np.interp(whole, turned, time)
    breath = 0.02 * np.sin(2.0 * np.pi * 0.24 * end + random.uniform(0.0, 2.0 * np.pi))
    end = end + breath + 0.004 * random.standard_normal(len(end))
    return synthetic.from_intervals(1000.0 * np.diff(end))


def anywhere(random: np.random.Generator, count: int, seconds: float) -> FloatArray:
    """Return marks that lie anywhere in an hour of so many seconds, each by itself."""
    return random.uniform(MINUTE, seconds - MINUTE, count)


def clumped(random: np.random.Generator, count: int, seconds: float) -> FloatArray:
    """Return marks that come three in two minutes, each clump anywhere."""
    clumps = -(-count // 3)
    begin = random.uniform(MINUTE, seconds - 3.0 * MINUTE, clumps)
    return (begin[:, np.newaxis] + random.uniform(0.0, 2.0 * MINUTE, (clumps, 3))).ravel()[:count]


def apart(random: np.random.Generator, count: int, seconds: float, least: float) -> FloatArray:
    """Return marks that lie anywhere, but at least so many seconds apart."""
    free = seconds - 2.0 * MINUTE - least * (count - 1)
    return MINUTE + np.sort(random.uniform(0.0, free, count)) + least * np.arange(count)
