"""The kinds of series that a source can send: a row a kind, and nothing else knows them all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from devices.codec import heart_rate, intervals
from devices.codec.gatt import HEART_RATE_MEASUREMENT, INTERVALS
from devices.codec.payload import Payload


@dataclass(frozen=True, slots=True)
class Series:
    """One kind of series.

    Attributes
    ----------
    name : str
        What packets call it: small letters and underscores.
    unit : str
        Of its values.
    characteristic : str or None
        UUID of the characteristic that notifies it; None where no strap sends it.
    decode : callable
        From the bytes of a packet to what they hold. Total over all byte strings.
    beats : bool
        Whether it brings intervals between beats; samples otherwise.
    rate : float or None
        Samples a second where packets do not say; None where each packet stands for itself.
    repeats : bool
        Whether the same bytes within 0.05 s may be two packets, as two rows of a file may be.
    """

    name: str
    unit: str
    characteristic: str | None
    decode: Callable[[bytes], Payload]
    beats: bool = False
    rate: float | None = None
    repeats: bool = False


HEART_RATE: Final = "heart_rate"
_ROWS = (
    Series(HEART_RATE, "ms", HEART_RATE_MEASUREMENT, heart_rate.decode_intervals, beats=True),
    Series("intervals", "ms", INTERVALS, intervals.decode, beats=True, repeats=True),
    Series("timed_intervals", "ms", None, intervals.decode_timed, beats=True, repeats=True),
)

SERIES: Final[dict[str, Series]] = {row.name: row for row in _ROWS}
"""All kinds by name."""
