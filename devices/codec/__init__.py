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
    Reading,
    decode,
    encode,
    intervals_ms,
    is_duplicate,
)
from devices.codec.heart_rate import (
    decode_intervals as decode_heart_rate_intervals,
)
from devices.codec.intervals import decode_timed as decode_timed_intervals
from devices.codec.intervals import encode as encode_intervals
from devices.codec.intervals import encode_timed as encode_timed_intervals
from devices.codec.payload import IntervalPayload, Malformed, Payload, SamplePayload
from devices.codec.series import HEART_RATE, SERIES, Series

__all__ = [
    "BATTERY_LEVEL",
    "BATTERY_SERVICE",
    "DEVICE_INFORMATION",
    "HEART_RATE",
    "HEART_RATE_MEASUREMENT",
    "HEART_RATE_SERVICE",
    "INTERVALS",
    "MODEL_NUMBER",
    "SERIES",
    "TICKS_PER_SECOND",
    "HeartRate",
    "IntervalPayload",
    "Malformed",
    "Payload",
    "Reading",
    "SamplePayload",
    "Series",
    "decode",
    "decode_heart_rate_intervals",
    "decode_timed_intervals",
    "encode",
    "encode_intervals",
    "encode_timed_intervals",
    "intervals_ms",
    "is_duplicate",
]
