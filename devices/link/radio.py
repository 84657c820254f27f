"""The one radio of this computer: its scans and connections take turns, and all hear the scans."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, TypeAlias
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from bleak.backends.device import BLEDevice
    from bleak.backends.scanner import AdvertisementData

    Heard: TypeAlias = Callable[[BLEDevice, AdvertisementData], object]


class Radio:
    """What the links and listeners of a loop share.

    BlueZ answers a second scan of the same process, or a second connection attempt at the same
    time, with "in progress". Who only listens therefore gives way as soon as the turn is `wanted`,
    and goes on hearing what others scan.
    """

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._waiting = 0
        self._wanted = asyncio.Event()
        self._listeners: list[Heard] = []

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Hold the radio alone: to scan, and to connect."""
        self._waiting += 1
        self._wanted.set()
        try:
            await self._lock.acquire()
        finally:
            self._waiting -= 1
            if not self._waiting:
                self._wanted.clear()
        try:
            yield
        finally:
            self._lock.release()

    async def wanted(self) -> None:
        """Wait until somebody waits for a turn."""
        await self._wanted.wait()

    @contextmanager
    def overheard(self, heard: Heard) -> Iterator[None]:
        """Have `heard` called for each advertisement, whoever scans."""
        self._listeners.append(heard)
        try:
            yield
        finally:
            self._listeners.remove(heard)

    def tell(self, device: BLEDevice, data: AdvertisementData) -> None:
        """Let all who listen hear an advertisement."""
        for heard in tuple(self._listeners):
            heard(device, data)


def shared_radio() -> Radio:
    """Return the radio that all of the running loop share."""
    return _radios.setdefault(asyncio.get_running_loop(), Radio())


_radios: WeakKeyDictionary[asyncio.AbstractEventLoop, Radio] = WeakKeyDictionary()
