"""Whether the system's Bluetooth service goes on: one that crashes tells no link so."""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from devices.link.waiting import forever

if TYPE_CHECKING:
    from dbus_fast import Message
    from dbus_fast.aio import MessageBus

BLUEZ = "org.bluez"
MATCH = f"type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='{BLUEZ}'"


async def until_service_ends() -> None:
    """Wait until the Bluetooth service of this system has ended, for ever where nothing tells.

    On Linux the bus tells. A link that ends with the service is not told of by anybody else.
    """
    with suppress(Exception):  # bleak tells of a bus that is not there
        if sys.platform == "linux":
            await _until_it_leaves_the_bus()
            return
    await forever()


async def _until_it_leaves_the_bus() -> None:
    from bleak.backends.bluezdbus.utils import get_dbus_authenticator
    from dbus_fast import BusType
    from dbus_fast.aio import MessageBus

    bus = await MessageBus(bus_type=BusType.SYSTEM, auth=get_dbus_authenticator()).connect()
    ended = asyncio.Event()

    def heard(message: Message) -> None:
        if message.member == "NameOwnerChanged" and message.body[0] == BLUEZ and message.body[1]:
            ended.set()

    bus.add_message_handler(heard)
    try:
        await _listen_to_owners(bus)
        await ended.wait()
    finally:
        bus.disconnect()
        await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]


async def _listen_to_owners(bus: MessageBus) -> None:
    from dbus_fast import Message

    name = "org.freedesktop.DBus"
    path = "/org/freedesktop/DBus"
    await bus.call(Message(name, path, name, "AddMatch", signature="s", body=[MATCH]))
