"""Bytes of the Heart Rate Measurement characteristic 0x2A37 to values and back, without any input.

Source: Bluetooth SIG, Heart Rate Service 1.0 and its Heart Rate Measurement characteristic. Byte 0
holds the flags; bpm (8 or 16 bit), energy (16 bit) and the intervals (16 bit each, oldest first,
in 1/1024 s) follow, all little-endian.

Deviation: `decode` takes any bytes. Intervals that arrived whole stay when the payload is cut off
inside a later one, because they are the older ones and each stands for itself; what is missing then
shows on the beat clock as time without beats.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TypeAlias

from devices.codec.payload import IntervalPayload, Malformed

TICKS_PER_SECOND = 1024
"""Unit of the intervals in the specification; WHOOP straps send 1000 (milliseconds) instead."""

NO_VALUE = (0, 65535)
"""What stands in the field of an interval where there is none."""

DUPLICATE_WITHIN = 0.05
"""Seconds; the same bytes sooner than this are one packet delivered twice."""

_WIDE, _CONTACT, _CONTACT_SUPPORTED, _ENERGY, _INTERVALS = 0x01, 0x02, 0x04, 0x08, 0x10


@dataclass(frozen=True, slots=True)
class HeartRate:
    """One heart rate measurement.

    Attributes
    ----------
    bpm : int
        Heart rate as the strap smooths it, 0 to 65535.
    contact : bool or None
        Whether the strap feels skin; None where it does not tell.
    energy_kj : int or None
        Energy expended in kJ since the last reset, 0 to 65535; None where not sent.
    rr_ticks : tuple of int
        Intervals between beats, oldest first, in ticks of 1/1024 s, each 0 to 65535.
    wide : bool
        Whether bpm was sent in 16 bits although 8 would do.
    leftover : int
        Bytes after the last whole field. Above 0, the payload was cut off or holds more than its
        flags announce.
    """

    bpm: int
    contact: bool | None = None
    energy_kj: int | None = None
    rr_ticks: tuple[int, ...] = ()
    wide: bool = False
    leftover: int = 0

    @property
    def rr_ms(self) -> tuple[float, ...]:
        """Intervals in milliseconds, by the unit of the specification."""
        return intervals_ms(self)


Reading: TypeAlias = HeartRate | Malformed


def decode(payload: bytes | bytearray | memoryview) -> Reading:
    """Return the measurement in `payload`, or `Malformed` where flags, bpm or energy are cut off.

    Total over all byte strings: never raises.
    """
    data = bytes(payload)
    if not data:
        return Malformed("the payload is empty")
    flags = data[0]
    bpm_end = 3 if flags & _WIDE else 2
    fixed_end = bpm_end + (2 if flags & _ENERGY else 0)
    if len(data) < fixed_end:
        return Malformed(f"{len(data)} bytes where the flags announce at least {fixed_end}")
    count = (len(data) - fixed_end) // 2 if flags & _INTERVALS else 0
    bpm = int.from_bytes(data[1:bpm_end], "little")
    return HeartRate(
        bpm=bpm,
        contact=bool(flags & _CONTACT) if flags & _CONTACT_SUPPORTED else None,
        energy_kj=int.from_bytes(data[bpm_end:fixed_end], "little") if flags & _ENERGY else None,
        rr_ticks=struct.unpack_from(f"<{count}H", data, fixed_end),
        wide=bool(flags & _WIDE) and bpm < 256,
        leftover=len(data) - fixed_end - 2 * count,
    )


def encode(reading: HeartRate) -> bytes:
    """Return the payload of `reading`, with bpm in 8 bits where it fits unless `wide`.

    Raises
    ------
    ValueError
        If a number does not fit its 16 bits, or `leftover` is not 0 (those bytes are unknown).
    """
    if reading.leftover:
        raise ValueError(f"leftover must be 0, got {reading.leftover}: those bytes are unknown")
    wide = reading.wide or reading.bpm > 255
    energy = () if reading.energy_kj is None else (reading.energy_kj,)
    words = (*energy, *reading.rr_ticks)
    try:
        return struct.pack(
            f"<B{'H' if wide else 'B'}{len(words)}H",
            _flags(reading, wide=wide),
            reading.bpm,
            *words,
        )
    except struct.error as error:
        raise ValueError(f"bpm, energy and intervals must be 0 to 65535: {error}") from None


def _flags(reading: HeartRate, *, wide: bool) -> int:
    return (
        (_WIDE if wide else 0)
        | (_CONTACT if reading.contact else 0)
        | (_CONTACT_SUPPORTED if reading.contact is not None else 0)
        | (_ENERGY if reading.energy_kj is not None else 0)
        | (_INTERVALS if reading.rr_ticks else 0)
    )


def intervals_ms(
    reading: Reading, *, ticks_per_second: int = TICKS_PER_SECOND
) -> tuple[float, ...]:
    """Return the intervals of `reading` in milliseconds, oldest first; none where malformed.

    Fields of 0 and 65535 mean "no value" and are passed over. `ticks_per_second` is 1024 by the
    specification, 1000 for a strap that sends milliseconds.
    """
    if isinstance(reading, Malformed):
        return ()
    return tuple(
        ticks * 1000.0 / ticks_per_second for ticks in reading.rr_ticks if ticks not in NO_VALUE
    )


def decode_intervals(
    payload: bytes, *, ticks_per_second: int = TICKS_PER_SECOND
) -> IntervalPayload | Malformed:
    """Return the intervals of the measurement in `payload`, in ms; see `intervals_ms`.

    A heart rate without contact to the skin is no heart's.
    """
    reading = decode(payload)
    if isinstance(reading, Malformed):
        return reading
    rate = 0 if reading.contact is False else reading.bpm
    return IntervalPayload(intervals_ms(reading, ticks_per_second=ticks_per_second), rate=rate)


def is_duplicate(previous: tuple[float, bytes] | None, arrival: float, payload: bytes) -> bool:
    """Return whether `payload` is the `previous` (arrival in s, payload) delivered a second time.

    bleak 3.1 on Linux delivers every packet again after a reconnect without `disconnect` (its
    issue 2002). Two straps' packets must be kept apart by the caller. Only for packets that no two
    moments can share, such as samples with the strap's own time: two beats of a backlog may well be
    alike to the byte (`pipelines.session.repeats`), and so may rows of an interval file.
    """
    if previous is None:
        return False
    return payload == previous[1] and abs(arrival - previous[0]) < DUPLICATE_WITHIN
