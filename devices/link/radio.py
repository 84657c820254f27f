"""The one radio of this computer: one scan for all who wait, one connection attempt at a time.

Where it has several adapters, all listen, and links are spread over them: one adapter holds about
seven.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias
from weakref import WeakKeyDictionary

from devices.link.waiting import first, within

if TYPE_CHECKING:
    from bleak import BleakScanner
    from bleak.backends.device import BLEDevice
    from bleak.backends.scanner import AdvertisementData

    from devices.link.adapter import Adapter

    Heard: TypeAlias = Callable[[BLEDevice, AdvertisementData], object]

RENEWED = 1.5
"""Seconds after which a scan begins afresh: nothing else tells that Bluetooth was switched off, and
a controller tells of a strap that it heard before only once."""
ALONE = 2.5
"""Seconds that a connection attempt has the air alone; then others are heard again meanwhile."""


@dataclass(slots=True, eq=False)
class Ear:
    """Who hears advertisements."""

    heard: Heard
    error: Exception | None = None
    failed: asyncio.Event = field(default_factory=asyncio.Event)

    async def until(self, call: Coroutine[Any, Any, Any]) -> None:
        """Listen until a call is through; raise what keeps the radio from scanning."""
        await first(call, self.failed.wait())
        if self.error is not None:
            raise self.error


class Radio:
    """What the links and listeners of a loop share.

    BlueZ answers a second scan of the same process, or a second connection attempt at the same
    time, with "in progress". So there is one scan, on while anybody listens and nobody connects,
    and each hears all of it.
    """

    def __init__(self) -> None:
        self._ears: list[Ear] = []
        self._scan: asyncio.Task[None] | None = None
        self._free = _set()
        self._off = _set()
        self._wake = asyncio.Event()
        self._turn = asyncio.Lock()
        self._queued = 0
        self._is_late = False
        self._asked = asyncio.Event()
        self._names: tuple[str, ...] = ()
        self._held = Counter[str]()

    @asynccontextmanager
    async def hearing(self, adapter: Adapter, heard: Heard) -> AsyncIterator[Ear]:
        """Have `heard` called meanwhile for each advertisement, whoever else listens."""
        ear = Ear(heard)
        self._ears.append(ear)
        # Who comes later hears the straps anew that a controller has told of already.
        self._wake.set()
        if self._scan is None or self._scan.done():
            self._scan = asyncio.create_task(self._scan_on(adapter))
        try:
            yield ear
        finally:
            if ear in self._ears:
                self._ears.remove(ear)
            if not self._ears:
                self._wake.set()
                await self._off.wait()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[asyncio.Event]:
        """Hold the radio alone, to connect.

        After `ALONE` s the scan goes on; the event that is yielded is set once somebody else wants
        to connect then.
        """
        self._queued += 1
        self._ask()
        try:
            await self._turn.acquire()
        finally:
            self._queued -= 1
        self._is_late, self._asked = False, asyncio.Event()
        self._free.clear()
        self._wake.set()
        later = asyncio.get_running_loop().call_later(ALONE, self._be_late)
        try:
            await self._off.wait()
            yield self._asked
        finally:
            later.cancel()
            self._free.set()
            self._turn.release()

    def best(self, devices: Iterable[BLEDevice], *, not_by: str | None) -> BLEDevice:
        """Return a strap as the adapter hears it that holds the fewest links.

        `not_by` is an adapter that came to nothing: any other is better.
        """
        return min(devices, key=lambda device: self._load(adapter_of(device), not_by))

    def has_better(self, devices: Iterable[BLEDevice], *, not_by: str | None) -> bool:
        """Return whether an adapter that has not heard a strap yet would be better."""
        heard = min(self._load(adapter_of(device), not_by) for device in devices)
        return any(self._load(name, not_by) < heard for name in self._names)

    def _load(self, name: str, not_by: str | None) -> tuple[bool, int]:
        return name == not_by, self._held[name]

    @contextmanager
    def holding(self, device: BLEDevice) -> Iterator[None]:
        """Count a link to `device` with its adapter meanwhile."""
        name = adapter_of(device)
        self._held[name] += 1
        try:
            yield
        finally:
            self._held[name] -= 1

    def _be_late(self) -> None:
        self._is_late = True
        self._free.set()
        self._ask()

    def _ask(self) -> None:
        if self._queued and self._is_late:
            self._asked.set()

    async def _scan_on(self, adapter: Adapter) -> None:
        """Scan, again and again, until nobody listens; what goes wrong is told to all who do."""
        while self._ears:
            if not self._free.is_set():
                await self._free.wait()
                continue
            self._off.clear()
            self._wake.clear()
            try:
                self._names = await within(adapter.answer_within, adapter.several())
                names = self._names or (None,)
                scanners = [adapter.new_scanner(self._tell, name=name) for name in names]
                async with scanning(scanners, within_s=adapter.answer_within):
                    await first(self._wake.wait(), asyncio.sleep(RENEWED))
            except Exception as error:  # noqa: BLE001 - bleak's backends raise anything
                self._fail(error)
            finally:
                self._off.set()

    def _tell(self, device: BLEDevice, data: AdvertisementData) -> None:
        for ear in tuple(self._ears):
            ear.heard(device, data)

    def _fail(self, error: Exception) -> None:
        ears, self._ears = self._ears, []
        for ear in ears:
            ear.error = error
            ear.failed.set()


def _set() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


@asynccontextmanager
async def scanning(scanners: Sequence[BleakScanner], *, within_s: float) -> AsyncIterator[None]:
    """Scan meanwhile, with those that can; starts and stops may take so many seconds each.

    A start that is cut off would leave BlueZ scanning, and the next one refused as in progress.
    Raises what kept the first from it where none can.
    """
    starting = [asyncio.create_task(within(within_s, one.start())) for one in scanners]
    begun = asyncio.gather(*starting, return_exceptions=True)
    try:
        errors = [one for one in await asyncio.shield(begun) if one is not None]
        if len(errors) == len(scanners):
            raise errors[0]
        yield
    finally:
        await begun
        stops = (within(within_s, one.stop()) for one in scanners)
        await asyncio.gather(*stops, return_exceptions=True)


def adapter_of(device: BLEDevice) -> str:
    """Return the name of the adapter that heard a device, "" where there is none but one.

    BlueZ tells of a strap once for each adapter, by a path like /org/bluez/hci0/dev_...
    """
    path = device.details.get("path", "") if isinstance(device.details, dict) else ""
    return str(path).rpartition("/")[0].rpartition("/")[2]


def shared_radio() -> Radio:
    """Return the radio that all of the running loop share."""
    return _radios.setdefault(asyncio.get_running_loop(), Radio())


_radios: WeakKeyDictionary[asyncio.AbstractEventLoop, Radio] = WeakKeyDictionary()
