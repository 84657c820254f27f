"""The one place where bleak's scanners and clients are made, and from which arguments."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from devices.link.radio import Radio, shared_radio
from devices.link.service import several_adapters, until_service_ends

if TYPE_CHECKING:
    from bleak import BleakClient, BleakScanner
    from bleak.backends.device import BLEDevice
    from bleak.backends.scanner import AdvertisementData


def _unchanged(time: float) -> float:
    return time


def _own(rate: float | None) -> float | None:
    return rate


def _begin_nothing(start: float) -> None:
    """Leave a real radio alone: it needs no start."""


@dataclass(frozen=True, slots=True)
class Adapter:
    """How to reach straps: real ones by default, scripted ones with an in-process backend.

    Attributes
    ----------
    scanner, client : mapping
        Keyword arguments for `bleak.BleakScanner` and `bleak.BleakClient`.
    stamp : callable
        Session time in seconds to the time that a record bears. A replay gives the recorded one.
    rate : callable
        A series' own rate to the one that a record bears. A replay gives the recorded one.
    begin : callable
        Told the loop time of the session's start before the first scan.
    finished : asyncio.Event or None
        Set when a script is over; None for real straps, which never are.
    shared : bool
        Whether all links of the process share one radio, on which they scan and connect in turn.
    until_service_ends : callable
        Waits until what links run through has ended without a word to them; a script never does.
    several : callable
        Tells the names of the adapters to listen on where there are several, else none.
    stale_after : float or None
        Seconds without a packet of beats after which a link counts as lost, and without one of
        another series after which that is asked for again; None for never. At least 8 for real
        straps.
    scan_for : float
        Seconds after which a strap that is looked for counts as not heard.
    told_apart_in : float
        Seconds that a name is listened to further, as another strap may bear the same.
    connect_within, answer_within : float
        Longest time in seconds for one connection and any other call.
    back_off : tuple of float
        Seconds to wait before the second, third ... attempt to connect; the last one repeats.
    """

    scanner: Mapping[str, Any] = field(default_factory=dict)
    client: Mapping[str, Any] = field(default_factory=dict)
    stamp: Callable[[float], float] = _unchanged
    rate: Callable[[float | None], float | None] = _own
    begin: Callable[[float], None] = _begin_nothing
    finished: asyncio.Event | None = None
    shared: bool = True
    until_service_ends: Callable[[], Coroutine[Any, Any, None]] = until_service_ends
    several: Callable[[], Coroutine[Any, Any, tuple[str, ...]]] = several_adapters
    stale_after: float | None = 8.0
    scan_for: float = 5.0
    told_apart_in: float = 2.0
    connect_within: float = 20.0
    answer_within: float = 5.0
    back_off: tuple[float, ...] = (1.0, 2.0, 4.0, 8.0)

    def new_scanner(
        self, heard: Callable[[BLEDevice, AdvertisementData], None], *, name: str | None = None
    ) -> BleakScanner:
        """Return a scanner, on the adapter of that name, that calls `heard` for each advertisement.

        The name is one of several; which adapter is the only one, bleak knows.
        """
        from bleak import BleakScanner

        if name is None:
            return BleakScanner(heard, **self.scanner)
        return BleakScanner(heard, bluez={"adapter": name}, **self.scanner)

    def new_client(self, device: BLEDevice, lost: Callable[[], None]) -> BleakClient:
        """Return a client for `device` that calls `lost` when its link breaks off."""
        from bleak import BleakClient

        return BleakClient(device, lambda _: lost(), timeout=self.connect_within, **self.client)

    def radio(self) -> Radio:
        """Return the radio on which links scan and connect, one of its own for a script."""
        return shared_radio() if self.shared else Radio()
