"""What a scripted strap does, and when: frozen steps on the session clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from devices.codec import HEART_RATE


@dataclass(frozen=True, slots=True)
class Notify:
    """The strap sends `data` of a series at `time` seconds.

    `kind` names a row of `devices.codec.SERIES`, `rate` is in samples a second (None for the
    series' own), and `channel` counts from 0 what a strap sends several of.
    """

    time: float
    data: bytes
    kind: str = HEART_RATE
    rate: float | None = None
    channel: int = 0


@dataclass(frozen=True, slots=True)
class Drop:
    """The strap goes out of range: a link breaks off, and no scan finds it."""

    time: float


@dataclass(frozen=True, slots=True)
class Back:
    """The strap is in range again."""

    time: float


@dataclass(frozen=True, slots=True)
class End:
    """The script is over. A script without it falls silent after its last step."""

    time: float


Step: TypeAlias = Notify | Drop | Back | End


@dataclass(frozen=True, slots=True)
class Script:
    """A strap's part.

    Attributes
    ----------
    steps : tuple of Step
        In order of time, in seconds on the session clock.
    waits : bool
        Whether a packet that nobody is subscribed to waits for a listener while the strap is in
        range. A replay and a simulation wait, so that they come out the same at every speed; a real
        strap does not.
    refusals : int
        How many attempts to connect are refused first.
    mute : frozenset of str
        Calls that never get an answer: "connect", "subscribe", "read", "disconnect".
    """

    name: str
    address: str
    steps: tuple[Step, ...] = ()
    battery: int | None = None
    model: str | None = None
    waits: bool = False
    visible: bool = True
    refusals: int = 0
    mute: frozenset[str] = frozenset()
