"""Logs of made-up intervals, and the numbers of a result."""

import struct

import numpy as np

from pipelines.session.events import Packet


def intervals(rr, *, times=None, source=0):
    times = np.cumsum(rr) / 1000 if times is None else times
    return [
        Packet(float(time), source, "intervals", struct.pack("<d", value))
        for time, value in zip(times, rr, strict=True)
    ]


def rest(count=400, *, seed=1):
    rng = np.random.default_rng(seed)
    place = np.arange(count)
    return 900 + 40 * np.sin(2 * np.pi * place * 0.9 / 4.5) + rng.normal(0, 8, count)


def numbers(result):
    return {name: measure.value for name, measure in result.measures.items()}
