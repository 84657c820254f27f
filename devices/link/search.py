"""Which straps are in reach."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from devices.codec import HEART_RATE_SERVICE
from devices.link.adapter import Adapter
from devices.link.radio import Radio
from devices.link.trouble import NoStrap, no_bluetooth
from devices.link.waiting import first, within

if TYPE_CHECKING:
    from bleak import BleakScanner
    from bleak.backends.device import BLEDevice
    from bleak.backends.scanner import AdvertisementData

SCAN_FOR = 5.0
"""Seconds; straps advertise about once a second."""


@dataclass(frozen=True, slots=True)
class Found:
    """A device that offers the heart rate service; `rssi` in dBm, nearer to 0 is stronger."""

    name: str
    address: str
    rssi: int


def matches(wanted: str, device: BLEDevice, data: AdvertisementData) -> bool:
    """Return whether a device bears the wanted name or address, whatever the case.

    Part of a name is not enough: two straps of one model must never be mixed up.
    """
    names = (device.address, device.name, data.local_name)
    return wanted.casefold() in [name.casefold() for name in names if name]


async def scan(adapter: Adapter, *, timeout: float = SCAN_FOR) -> list[Found]:
    """Return the devices that offer service 0x180D, the strongest signal first.

    Raises
    ------
    NoBluetooth
        If this computer cannot do Bluetooth.
    """
    scanner = adapter.new_scanner(services=[HEART_RATE_SERVICE])
    try:
        async with (
            adapter.radio().turn(),
            asyncio.timeout(timeout + 2 * adapter.answer_within),
            scanner,
        ):
            await asyncio.sleep(timeout)
    except Exception as error:
        raise no_bluetooth(error) or error from error
    seen = scanner.discovered_devices_and_advertisement_data.values()
    found = [Found(d.name or a.local_name or "", d.address, a.rssi) for d, a in seen]
    return sorted(found, key=lambda one: (-one.rssi, one.name, one.address))


async def listen(adapter: Adapter, heard: Callable[[Found], None], *, until: asyncio.Event) -> None:
    """Call `heard` for each advertisement of the heart rate service, until that is set.

    It gives way to links that search and connect, and hears what they hear.

    Raises
    ------
    NoBluetooth
        If this computer cannot do Bluetooth.
    """

    def advertised(device: BLEDevice, data: AdvertisementData) -> None:
        if HEART_RATE_SERVICE in data.service_uuids:
            heard(Found(device.name or data.local_name or "", device.address, data.rssi))

    radio = adapter.radio()
    try:
        with radio.overheard(advertised):
            while not until.is_set():
                async with AsyncExitStack() as turn:
                    await first(turn.enter_async_context(radio.turn()), until.wait())
                    if not until.is_set():
                        await _scan_alone(adapter, radio, until)
    except Exception as error:
        raise no_bluetooth(error) or error from error


async def _scan_alone(adapter: Adapter, radio: Radio, until: asyncio.Event) -> None:
    """Scan until somebody else wants to."""
    scanner = adapter.new_scanner(radio.tell, services=[HEART_RATE_SERVICE])
    async with scanning(scanner, within_s=adapter.answer_within):
        await first(radio.wanted(), until.wait())


@asynccontextmanager
async def scanning(scanner: BleakScanner, *, within_s: float) -> AsyncIterator[None]:
    """Scan meanwhile; start and stop may take so many seconds each.

    A start that is cut off would leave BlueZ scanning, and the next one refused as in progress.
    """
    starting = asyncio.create_task(within(within_s, scanner.start()))
    try:
        await asyncio.shield(starting)
        yield
    finally:
        with suppress(Exception):
            await starting
        with suppress(Exception):
            await within(within_s, scanner.stop())


async def find(adapter: Adapter, wanted: str, *, timeout: float = 2 * SCAN_FOR) -> Found:
    """Return the strap of that name or address as soon as it is heard.

    Raises
    ------
    NoStrap
        If it is not heard within `timeout` seconds.
    NoBluetooth
        If this computer cannot do Bluetooth.
    """
    found: asyncio.Future[Found] = asyncio.get_running_loop().create_future()
    others: set[str] = set()

    def heard(device: BLEDevice, data: AdvertisementData) -> None:
        name = device.name or data.local_name or ""
        if matches(wanted, device, data):
            if not found.done():
                found.set_result(Found(name, device.address, data.rssi))
        elif HEART_RATE_SERVICE in data.service_uuids:
            others.add(name or device.address)

    scanner = adapter.new_scanner(heard)
    try:
        async with (
            adapter.radio().turn(),
            asyncio.timeout(timeout + adapter.answer_within),
            scanner,
        ):
            return await asyncio.wait_for(found, timeout)
    except TimeoutError:
        raise NoStrap(wanted, tuple(sorted(others))) from None
    except Exception as error:
        raise no_bluetooth(error) or error from error
