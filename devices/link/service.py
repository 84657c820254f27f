"""What the Bluetooth service tells on the bus: its end, which no link hears of, and adapters."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

from devices.link.waiting import forever

if TYPE_CHECKING:
    from dbus_fast import Message
    from dbus_fast.aio import MessageBus

BLUEZ = "org.bluez"
ADAPTER = "org.bluez.Adapter1"
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


async def several_adapters() -> tuple[str, ...]:
    """Return the names of this computer's adapters that are on, where there are several, else none.

    Of one alone nobody needs the name. Only Linux tells.
    """
    if sys.platform != "linux":
        return ()
    names: list[str] = []
    with suppress(Exception):  # bleak tells of a bus or a service that is not there
        async with _system_bus() as bus:
            names = _switched_on(await _objects(bus))
    return tuple(sorted(names)) if len(names) > 1 else ()


def _switched_on(objects: dict[str, dict[str, dict[str, Any]]]) -> list[str]:
    found = [(path, shown[ADAPTER]) for path, shown in objects.items() if ADAPTER in shown]
    return [path.rpartition("/")[2] for path, shown in found if shown["Powered"].value]


@asynccontextmanager
async def _system_bus() -> AsyncIterator[MessageBus]:
    from bleak.backends.bluezdbus.utils import get_dbus_authenticator
    from dbus_fast import BusType
    from dbus_fast.aio import MessageBus

    bus = await MessageBus(bus_type=BusType.SYSTEM, auth=get_dbus_authenticator()).connect()
    try:
        yield bus
    finally:
        bus.disconnect()
        await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]


async def _until_it_leaves_the_bus() -> None:
    ended = asyncio.Event()

    def heard(message: Message) -> None:
        if message.member == "NameOwnerChanged" and message.body[0] == BLUEZ and message.body[1]:
            ended.set()

    async with _system_bus() as bus:
        bus.add_message_handler(heard)
        await _listen_to_owners(bus)
        await ended.wait()


async def _listen_to_owners(bus: MessageBus) -> None:
    from dbus_fast import Message

    name = "org.freedesktop.DBus"
    path = "/org/freedesktop/DBus"
    await bus.call(Message(name, path, name, "AddMatch", signature="s", body=[MATCH]))


async def _objects(bus: MessageBus) -> dict[str, dict[str, dict[str, Any]]]:
    from dbus_fast import Message

    manager = "org.freedesktop.DBus.ObjectManager"
    reply = await bus.call(Message(BLUEZ, "/", manager, "GetManagedObjects"))
    assert reply is not None
    objects: dict[str, dict[str, dict[str, Any]]] = reply.body[0]
    return objects
