"""What a link tells: frozen records with a time on the session clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from devices.link.contact import LinkState
from devices.link.trouble import BluetoothTrouble, StrapTrouble

Trouble: TypeAlias = BluetoothTrouble | StrapTrouble


@dataclass(frozen=True, slots=True)
class Notification:
    """What arrived, byte for byte; `time` (s, session clock) was stamped in the callback.

    `kind` names a row of `devices.codec.SERIES`, `rate` is in samples a second (None for none), and
    `channel` counts from 0 what a strap sends several of, in the strap's order.
    """

    time: float
    kind: str
    data: bytes
    rate: float | None = None
    channel: int = 0


@dataclass(frozen=True, slots=True)
class StateChange:
    """The link's state from `time` (s, session clock) on, and why no beats come, if known."""

    time: float
    state: LinkState
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class Connected:
    """A connection came about, before anything arrives through it."""

    time: float
    address: str


@dataclass(frozen=True, slots=True)
class StrapInfo:
    """What the strap says about itself, once a connection, where it offers it."""

    time: float
    name: str
    address: str
    battery_percent: int | None
    model: str | None


Record: TypeAlias = Notification | StateChange | Connected | StrapInfo
