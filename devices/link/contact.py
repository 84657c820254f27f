"""From packets to whether beats arrive, and whether the strap touches the skin."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from devices.codec import HeartRate, Reading


class LinkState(StrEnum):
    """What a link is doing."""

    SEARCHING = "searching"
    WAITING = "waiting"
    BEATS = "beats"
    OFF_SKIN = "off skin"
    LOST = "lost"
    STOPPED = "stopped"


PLAUSIBLE_MS = (200.0, 3000.0)
"""An interval between these, in ms, can be a heartbeat."""

OFF_AFTER = 3
"""Packets in a row without contact and without a plausible interval until it is off the skin."""

WAITING_AFTER = 10
"""Packets in a row without a plausible interval until beats are said to be waited for."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Packets in a row without a plausible interval, and those of them that report no contact."""

    without_beats: int = 0
    without_contact: int = 0


def after(contact: Contact, reading: Reading) -> tuple[Contact, LinkState | None]:
    """Return the contact after one more packet, and the state it means, None for as before.

    The contact bit of real straps is false on every second connection (polar-ble-sdk issue 83):
    it counts only where the packets carry no plausible interval either.
    """
    if _has_beat(reading):
        return Contact(), LinkState.BEATS
    off = isinstance(reading, HeartRate) and reading.contact is False
    now = Contact(contact.without_beats + 1, contact.without_contact + 1 if off else 0)
    if now.without_contact >= OFF_AFTER:
        return now, LinkState.OFF_SKIN
    return now, LinkState.WAITING if now.without_beats >= WAITING_AFTER else None


def _has_beat(reading: Reading) -> bool:
    shortest, longest = PLAUSIBLE_MS
    return isinstance(reading, HeartRate) and any(
        shortest <= interval <= longest for interval in reading.rr_ms
    )
