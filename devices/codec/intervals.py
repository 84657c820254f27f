"""Intervals of files, which enter behind the straps' bytes: float64 milliseconds as written.

A packet of `decode` brings intervals that arrived together. One of `decode_timed` brings many, each
with its own arrival: first all arrivals, then all intervals. Everything is little-endian.
"""

from __future__ import annotations

import sys
from array import array

import numpy as np
from numpy.typing import ArrayLike

from devices.codec.payload import IntervalPayload, Malformed

_SIZE = 8


def decode(payload: bytes) -> IntervalPayload | Malformed:
    """Return the intervals in `payload`, or `Malformed` where the last one is cut off."""
    if len(payload) % _SIZE:
        return Malformed(f"{len(payload)} bytes are no whole intervals")
    return IntervalPayload(_doubles(payload))


def encode(rr: ArrayLike) -> bytes:
    """Return the payload of intervals (n,) in ms."""
    return np.asarray(rr, "<f8").tobytes()


def decode_timed(payload: bytes) -> IntervalPayload | Malformed:
    """Return the intervals in `payload` and when each arrived.

    It is `Malformed` where they are not pairs, or the arrivals are not in order of time.
    """
    if len(payload) % (2 * _SIZE):
        return Malformed(f"{len(payload)} bytes are no whole pairs")
    half = len(payload) // 2
    arrival = np.frombuffer(payload[:half], "<f8")
    if not (np.isfinite(arrival).all() and (arrival[:-1] <= arrival[1:]).all()):
        return Malformed("the arrivals are not in order of time")
    return IntervalPayload(_doubles(payload[half:]), _doubles(payload[:half]))


def encode_timed(arrival: ArrayLike, rr: ArrayLike) -> bytes:
    """Return the payload of intervals (n,) in ms that arrived (n,) in s on the session clock."""
    return encode(arrival) + encode(rr)


def _doubles(data: bytes) -> array[float]:
    values = array("d", data)
    if sys.byteorder == "big":
        values.byteswap()
    return values
