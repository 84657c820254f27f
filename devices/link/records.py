"""What a link tells: frozen records with a time on the session clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from devices.link.contact import LinkState


@dataclass(frozen=True, slots=True)
class Notification:
    """What arrived, byte for byte; `time` (s, session clock) was stamped in the callback.

    `kind` is "heart_rate" (payload of 0x2A37) or "intervals" (little-endian float64 ms).
    """

    time: float
    kind: str
    data: bytes


@dataclass(frozen=True, slots=True)
class StateChange:
    """The link's state from `time` (s, session clock) on, and why in a few words or ""."""

    time: float
    state: LinkState
    detail: str = ""


@dataclass(frozen=True, slots=True)
class StrapInfo:
    """What the strap says about itself, once a connection, where it offers it."""

    time: float
    name: str
    address: str
    battery_percent: int | None
    model: str | None


Record: TypeAlias = Notification | StateChange | StrapInfo
