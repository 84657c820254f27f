"""How late a strap tells of a beat, as far as its name or model says."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from pipelines.session.events import Source, Strap

MEDIAN_DELAY: Final = MappingProxyType(
    {"movesense": 0.4, "hrm-dual": 0.7, "trackr": 2.1, "h10": 2.6, "simulated strap": 2.6}
)
"""Seconds from a beat to the arrival of its interval by what a strap's name or model holds: medians
of KTH (2025), Physiol Meas 46:085001."""

HALF_A_PACKET = 0.5
"""Seconds by which the beat clock, which follows the earliest packets, is ahead of the median."""


def strap_delay(source: Source | None, strap: Strap | None) -> float | None:
    """Return how late beats lie on the session clock, in s, None where that is not known.

    Parameters
    ----------
    source, strap : Source, Strap or None
        What the log told last of the source, and what its strap told of itself.
    """
    told = [source.device] if source else []
    told += [strap.name, strap.model or ""] if strap else []
    words = " ".join(told).casefold().replace("hrm dual", "hrm-dual")
    known = (delay for name, delay in MEDIAN_DELAY.items() if name in words)
    median = next(known, None)
    return None if median is None else max(0.0, median - HALF_A_PACKET)
