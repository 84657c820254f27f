"""A bluetoothd of our own on a private bus, for unmodified bleak: its adapters and some straps.

It keeps what BlueZ 5.66 does and what hurts; `tests/bluez` plays the same to the real one.
"""

from __future__ import annotations

import asyncio
from typing import Any

from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus

from tests.devices.faked.adapter import FakeAdapter
from tests.devices.faked.device import FakeStrap
from tests.devices.faked.objects import MANAGER, PROPERTIES, Objects

NAME = "org.bluez"
EVERY = 0.02
"""Seconds between advertisements of a strap."""


class FakeBluez:
    """The daemon: `async with FakeBluez(bus_address) as bluez`."""

    def __init__(self, bus_address: str, *, powered: bool = True, adapters: int = 1) -> None:
        self._address = bus_address
        self._bus: Any = None
        self._advertising: asyncio.Task[None] | None = None
        self.adapters = [FakeAdapter(self, n, powered=powered) for n in range(adapters)]
        self.straps: list[FakeStrap] = []

    @property
    def adapter(self) -> FakeAdapter:
        """The first adapter."""
        return self.adapters[0]

    def add(self, name: str, address: str) -> FakeStrap:
        """Return a new strap in the room."""
        self.straps.append(FakeStrap(self, name, address, self.adapters))
        return self.straps[-1]

    async def __aenter__(self) -> FakeBluez:
        self._bus = await MessageBus(bus_address=self._address).connect()
        self._bus.add_message_handler(self._handle)
        watch = "type='signal',interface='org.freedesktop.DBus',member='NameOwnerChanged'"
        name, path = "org.freedesktop.DBus", "/org/freedesktop/DBus"
        await self._bus.call(Message(name, path, name, "AddMatch", signature="s", body=[watch]))
        await self._bus.request_name(NAME)
        self._advertising = asyncio.create_task(self._advertise())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._advertising is not None:
            self._advertising.cancel()
        self._bus.disconnect()
        await self._bus.wait_for_disconnect()

    def changed(self, path: str, interface: str, **values: Variant) -> None:
        """Tell everyone of changed properties."""
        body = [interface, values, []]
        self.reply(Message.new_signal(path, PROPERTIES, "PropertiesChanged", "sa{sv}as", body))

    def reply(self, message: Message) -> None:
        """Send a message."""
        self._bus.send(message)

    def power(self, *, on: bool) -> None:
        """Switch the adapters on or off, with all links through them."""
        for adapter in self.adapters:
            if not on:
                self._let_all_go(adapter)
            adapter.power(on=on)

    def unplug(self) -> None:
        """Pull the first adapter out, with all that was heard through it."""
        self._let_all_go(self.adapter)
        self._tell_removed(below=self.adapter.path)
        self.adapter.plugged = False

    def plug(self) -> None:
        """Put it in again."""
        self.adapter.plugged = True
        self._tell_added()

    async def stop(self, *, crash: bool = False) -> None:
        """Stop the daemon as a system does that restarts it; one that crashes says no farewell."""
        for adapter in self.adapters:
            adapter.scanning.clear()
        for strap in self.straps:
            strap.end_with_service(silently=crash)
        if not crash:
            self._tell_removed()
        await self._bus.release_name(NAME)

    async def start(self) -> None:
        """Start it again."""
        await self._bus.request_name(NAME)
        self._tell_added()

    def _let_all_go(self, adapter: FakeAdapter) -> None:
        adapter.scanning.clear()
        for strap in self.straps:
            if strap.connected and strap.through is adapter:
                strap.drop()

    def _tell_removed(self, *, below: str = "") -> None:
        for path, interfaces in self._objects().items():
            if path.startswith(below):
                self._tell("InterfacesRemoved", "oas", [path, list(interfaces)])

    def _tell_added(self) -> None:
        for path, interfaces in self._objects().items():
            self._tell("InterfacesAdded", "oa{sa{sv}}", [path, interfaces])

    def _tell(self, member: str, signature: str, body: list[Any]) -> None:
        self.reply(Message.new_signal("/", MANAGER, member, signature, body))

    async def _advertise(self) -> None:
        strength = 0
        while True:
            await asyncio.sleep(EVERY)
            strength = (strength + 1) % 20
            for strap in self.straps:
                strap.advertise(strength)

    def _handle(self, message: Message) -> Message | bool | None:
        match message.message_type, message.member:
            case MessageType.SIGNAL, "NameOwnerChanged" if not message.body[2]:
                self._left(message.body[0])
            case MessageType.METHOD_CALL, "GetManagedObjects":
                return Message.new_method_return(message, "a{oa{sa{sv}}}", [self._objects()])
            case MessageType.METHOD_CALL, _:
                return self._called(message)
        return None

    def _called(self, message: Message) -> Message | bool | None:
        path = message.path or ""
        for adapter in self.adapters:
            if path == adapter.path:
                return adapter.answer(message)
        for strap in self.straps:
            if any(path.startswith(strap.path_at(adapter)) for adapter in self.adapters):
                return strap.answer(message) or True
        return None

    def _left(self, sender: str) -> None:
        for adapter in self.adapters:
            adapter.scanning.discard(sender)
        for strap in self.straps:
            strap.forget(sender)

    def _objects(self) -> Objects:
        objects: Objects = {}
        for adapter in self.adapters:
            objects |= adapter.objects() if adapter.plugged else {}
        for strap in self.straps:
            objects |= strap.objects()
        return objects
