"""Names of the Bluetooth services and characteristics that the straps use."""

from __future__ import annotations

from typing import Final

_BASE = "0000{:04x}-0000-1000-8000-00805f9b34fb"

HEART_RATE_SERVICE: Final = _BASE.format(0x180D)
HEART_RATE_MEASUREMENT: Final = _BASE.format(0x2A37)
BATTERY_SERVICE: Final = _BASE.format(0x180F)
BATTERY_LEVEL: Final = _BASE.format(0x2A19)
DEVICE_INFORMATION: Final = _BASE.format(0x180A)
MODEL_NUMBER: Final = _BASE.format(0x2A24)

INTERVALS: Final = "6f1a0d37-5c1e-4a76-9b1d-2b8e7f0c9a52"
"""Private, in replays only: intervals of a file; see `devices.codec.intervals.decode`."""
