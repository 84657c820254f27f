"""The series that a connected strap offers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from devices.codec import SERIES, Series

if TYPE_CHECKING:
    from bleak.backends.characteristic import BleakGATTCharacteristic
    from bleak.backends.service import BleakGATTServiceCollection


@dataclass(slots=True, eq=False)
class Stream:
    """One series of a connected strap.

    Attributes
    ----------
    series : Series
        Its kind.
    channel : int
        Which of several of its kind, in the strap's order.
    characteristic : BleakGATTCharacteristic
        What notifies it.
    heard : float
        Loop time of its newest packet, or of the newest subscription before one.
    """

    series: Series
    channel: int
    characteristic: BleakGATTCharacteristic
    heard: float = 0.0


def streams_of(services: BleakGATTServiceCollection) -> list[Stream]:
    """Return all series of `SERIES` that a strap offers, those of beats first."""
    kinds = {row.characteristic: row for row in SERIES.values()}
    seen: Counter[str] = Counter()
    found = []
    for _, characteristic in sorted(services.characteristics.items()):
        series = kinds.get(characteristic.uuid)
        if series is not None:
            found.append(Stream(series, seen[series.name], characteristic))
            seen[series.name] += 1
    return sorted(found, key=lambda stream: not stream.series.beats)
