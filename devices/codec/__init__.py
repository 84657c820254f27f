"""What straps send, byte for byte: a module a protocol, no input or output."""

from devices.codec.gatt import (
    BATTERY_LEVEL,
    BATTERY_SERVICE,
    DEVICE_INFORMATION,
    HEART_RATE_MEASUREMENT,
    HEART_RATE_SERVICE,
    INTERVALS,
    MODEL_NUMBER,
)
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
    "BATTERY_LEVEL",
    "BATTERY_SERVICE",
    "DEVICE_INFORMATION",
    "HEART_RATE_MEASUREMENT",
    "HEART_RATE_SERVICE",
    "INTERVALS",
    "MODEL_NUMBER",
    "TICKS_PER_SECOND",
    "HeartRate",
    "Malformed",
    "Reading",
    "decode",
    "encode",
    "intervals_ms",
    "is_duplicate",
]
