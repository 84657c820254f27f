"""What straps send, byte for byte: a module a protocol, no input or output."""

from devices.codec.heart_rate import (
    TICKS_PER_SECOND,
    HeartRate,
    Malformed,
    Reading,
    decode,
    encode,
    intervals_ms,
    is_duplicate,
)

__all__ = [
    "TICKS_PER_SECOND",
    "HeartRate",
    "Malformed",
    "Reading",
    "decode",
    "encode",
    "intervals_ms",
    "is_duplicate",
]
