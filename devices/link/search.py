"""Which straps are in reach."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from devices.codec import HEART_RATE_SERVICE
from devices.link.adapter import Adapter
from devices.link.radio import Radio, adapter_of
from devices.link.trouble import Namesakes, NoStrap, no_bluetooth
from devices.link.waiting import first

if TYPE_CHECKING:
    from bleak.backends.device import BLEDevice
    from bleak.backends.scanner import AdvertisementData

    from devices.link.radio import Heard

SCAN_FOR = 5.0
"""Seconds; straps advertise about once a second."""
ASIDE = 0.5
"""Seconds that an adapter with fewer links is given to hear a strap too."""


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
    found: dict[str, Found] = {}

    def heard(one: Found) -> None:
        found[one.address] = one

    with _in_our_words():
        async with adapter.radio().hearing(adapter, _of_hearts(heard)) as ear:
            await ear.until(asyncio.sleep(timeout))
    return sorted(found.values(), key=lambda one: (-one.rssi, one.name, one.address))


async def listen(adapter: Adapter, heard: Callable[[Found], None], *, until: asyncio.Event) -> None:
    """Call `heard` for each advertisement of the heart rate service, until that is set.

    Raises
    ------
    NoBluetooth
        If this computer cannot do Bluetooth.
    """
    with _in_our_words():
        async with adapter.radio().hearing(adapter, _of_hearts(heard)) as ear:
            await ear.until(until.wait())


async def find(adapter: Adapter, wanted: str, *, timeout: float = 2 * SCAN_FOR) -> Found:
    """Return the strap of that name or address as soon as it is heard.

    A name is listened to a little longer, as another strap may bear the same.

    Raises
    ------
    NoStrap
        If it is not heard within `timeout` seconds.
    Namesakes
        If several straps of that name are in reach.
    NoBluetooth
        If this computer cannot do Bluetooth.
    """
    others: set[str] = set()

    def besides(one: Found) -> None:
        if wanted.casefold() not in (one.name.casefold(), one.address.casefold()):
            others.add(one.name or one.address)

    radio, sought = adapter.radio(), Sought(wanted)
    with _in_our_words():
        async with radio.hearing(adapter, _of_hearts(besides)):
            try:
                device, *_ = await seek(adapter, radio, sought, until=timeout)
            except TimeoutError:
                raise NoStrap(wanted, tuple(sorted(others))) from None
    return sought.found[device.address]


@dataclass(slots=True, eq=False)
class Sought:
    """Straps of a name or address that were heard, by address, and there by adapter."""

    wanted: str
    devices: dict[str, dict[str, BLEDevice]] = field(default_factory=dict)
    found: dict[str, Found] = field(default_factory=dict)
    first: asyncio.Event = field(default_factory=asyncio.Event)
    again: asyncio.Event = field(default_factory=asyncio.Event)
    """By another adapter."""

    def hear(self, device: BLEDevice, data: AdvertisementData) -> None:
        """Take in an advertisement."""
        if matches(self.wanted, device, data):
            heard = self.devices.setdefault(device.address, {})
            heard[adapter_of(device)] = device
            self.found[device.address] = _found(device, data)
            self.first.set()
            if len(heard) > 1:
                self.again.set()

    @property
    def is_named(self) -> bool:
        """Whether it was heard by its name alone."""
        return self.wanted.casefold() not in [address.casefold() for address in self.devices]

    def only(self) -> tuple[BLEDevice, ...]:
        """Return the one that was heard, as each adapter heard it.

        Raises
        ------
        Namesakes
            Where there are several.
        """
        if len(self.devices) > 1 and self.is_named:
            raise Namesakes(self.wanted, tuple(sorted(self.devices)))
        named = [one for one in self.devices if one.casefold() == self.wanted.casefold()]
        return tuple(self.devices[named[0] if named else next(iter(self.devices))].values())


async def seek(
    adapter: Adapter,
    radio: Radio,
    sought: Sought,
    *,
    until: float | None = None,
    not_by: str | None = None,
) -> tuple[BLEDevice, ...]:
    """Return the strap once it is heard, as each adapter hears it, if one can but `not_by`.

    Raises
    ------
    TimeoutError
        If it is not heard within `until` seconds.
    Namesakes
        If several straps of that name are in reach.
    """
    async with radio.hearing(adapter, sought.hear) as ear:
        async with asyncio.timeout(until):
            await ear.until(sought.first.wait())
        if sought.is_named:
            await ear.until(asyncio.sleep(adapter.told_apart_in))
        elif radio.has_better(sought.only(), not_by=not_by):
            await ear.until(first(asyncio.sleep(ASIDE), sought.again.wait()))
    return sought.only()


def _of_hearts(heard: Callable[[Found], object]) -> Heard:
    """Return what hears only those that offer the heart rate service."""

    def advertised(device: BLEDevice, data: AdvertisementData) -> None:
        if HEART_RATE_SERVICE in data.service_uuids:
            heard(_found(device, data))

    return advertised


def _found(device: BLEDevice, data: AdvertisementData) -> Found:
    return Found(device.name or data.local_name or "", device.address, data.rssi)


@contextmanager
def _in_our_words() -> Iterator[None]:
    """Raise NoBluetooth for what means that."""
    try:
        yield
    except (Namesakes, NoStrap):
        raise
    except Exception as error:
        raise no_bluetooth(error) or error from error
