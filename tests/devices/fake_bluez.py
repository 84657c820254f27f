"""A bluetoothd of our own on a private bus, for unmodified bleak: one adapter and some straps.

It keeps what BlueZ 5.66 does and what hurts: a subscription belongs to the D-Bus connection that
asked for it, outlives a lost link, and every subscription repeats each packet as one more signal
(bleak issue 2002). A second scan from one connection is refused as in progress. Its adapter can be
switched off, unplugged and refused, and the daemon itself stopped and started.
"""

from __future__ import annotations

import asyncio
from typing import Any

from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus

ADAPTER, ADAPTER_INTERFACE = "/org/bluez/hci0", "org.bluez.Adapter1"
PROPERTIES = "org.freedesktop.DBus.Properties"
DEVICE, SERVICE, CHARACTERISTIC = (
    f"org.bluez.{name}" for name in ("Device1", "GattService1", "GattCharacteristic1")
)
UUID = "0000{}-0000-1000-8000-00805f9b34fb"
SAMPLED = ("fe01", "fe02")
"""Service and characteristic of a made-up series besides the beats."""

Objects = dict[str, dict[str, dict[str, Variant]]]


class FakeStrap:
    """A strap in the room; `send` beats, `drop` the link, or set what it does when called."""

    def __init__(self, bluez: FakeBluez, name: str, address: str) -> None:
        self.name, self.address, self.bluez = name, address, bluez
        self.path = f"{ADAPTER}/dev_{address.replace(':', '_')}"
        self.heart = f"{self.path}/service0010/char0011"
        self.battery = f"{self.path}/service0020/char0021"
        self.described = f"{self.path}/service0040/char0041"
        self.sampled = f"{self.path}/service0030/char0031"
        self.connected = False
        self.visible = True
        self.refusals = 0
        self.answers_reads = True
        self.answers_connect = True
        self.battery_percent: int | None = 85
        self.model: str | None = None
        self.offers_heart_rate = True
        self.subscribed: dict[str, list[str]] = {self.heart: [], self.sampled: []}
        self.calls: list[str] = []

    def objects(self) -> Objects:
        device = {
            "Address": Variant("s", self.address),
            "Name": Variant("s", self.name),
            "Alias": Variant("s", self.name),
            "Adapter": Variant("o", ADAPTER),
            "UUIDs": Variant("as", [UUID.format("180d")]),
            "Paired": Variant("b", False),
            "Connected": Variant("b", self.connected),
            "ServicesResolved": Variant("b", self.connected),
        }
        heart = self._gatt(self.heart, "180d", "2a37", "notify")
        battery = self._gatt(self.battery, "180f", "2a19", "read")
        described = self._gatt(self.described, "180a", "2a24", "read")
        return {
            self.path: {DEVICE: device},
            **(heart if self.offers_heart_rate else {}),
            **({} if self.battery_percent is None else battery),
            **({} if self.model is None else described),
            **self._gatt(self.sampled, *SAMPLED, "notify"),
        }

    @property
    def subscribers(self) -> list[str]:
        """Who listens to beats."""
        return self.subscribed[self.heart]

    def _gatt(self, path: str, service: str, uuid: str, flag: str) -> Objects:
        parent = path.rpartition("/")[0]
        return {
            parent: {
                SERVICE: {
                    "UUID": Variant("s", UUID.format(service)),
                    "Device": Variant("o", self.path),
                    "Primary": Variant("b", True),
                }
            },
            path: {
                CHARACTERISTIC: {
                    "UUID": Variant("s", UUID.format(uuid)),
                    "Service": Variant("o", parent),
                    "Flags": Variant("as", [flag]),
                }
            },
        }

    def send(self, data: bytes) -> None:
        """Notify beats: one signal for each subscription that was never taken back."""
        self._notify(self.heart, data)

    def send_samples(self, data: bytes) -> None:
        """Notify the other series."""
        self._notify(self.sampled, data)

    def _notify(self, path: str, data: bytes) -> None:
        for _ in self.subscribed[path] if self.connected else ():
            self.bluez.changed(path, CHARACTERISTIC, Value=Variant("ay", data))

    def drop(self) -> None:
        """Lose the link; the subscriptions stay."""
        self._set(connected=False)

    def _set(self, *, connected: bool) -> None:
        self.connected = connected
        state = Variant("b", connected)
        self.bluez.changed(self.path, DEVICE, Connected=state, ServicesResolved=state)

    def answer(self, message: Message) -> Message | None:
        """Return the reply to a method call, None for never."""
        self.calls.append(f"{message.member}")
        match message.member:
            case "Connect":
                return self._connect(message)
            case "Disconnect":
                self._set(connected=False)
            case "StartNotify":
                listeners = self.subscribed[message.path or ""]
                if message.sender in listeners:
                    return error(message, "InProgress")
                listeners.append(message.sender or "")
            case "StopNotify":
                self.subscribed[message.path or ""].remove(message.sender or "")
            case "ReadValue":
                if not self.answers_reads:
                    return None
                return Message.new_method_return(message, "ay", [self._value(message.path)])
        return Message.new_method_return(message)

    def _value(self, path: str | None) -> bytes:
        if path == self.described:
            return (self.model or "").encode()
        return bytes([self.battery_percent or 0])

    def _connect(self, message: Message) -> Message | None:
        if not self.answers_connect:
            return None
        if self.refusals > 0 or not self.visible:
            self.refusals -= 1
            return error(message, "Failed")
        self._set(connected=True)
        return Message.new_method_return(message)

    def forget_all(self) -> None:
        """Drop all subscriptions, as a daemon does that ends."""
        for path in self.subscribed:
            self.subscribed[path] = []

    def forget(self, sender: str) -> None:
        """Drop the subscription of a connection that left the bus."""
        for path, listeners in self.subscribed.items():
            self.subscribed[path] = [one for one in listeners if one != sender]


class FakeBluez:
    """The daemon: `async with FakeBluez(bus_address) as bluez`."""

    def __init__(self, bus_address: str, *, powered: bool = True) -> None:
        self._address = bus_address
        self._powered = powered
        self._plugged = True
        self.denied = False
        """Whether this user may not use Bluetooth."""
        self._scanning: set[str] = set()
        self._bus: Any = None
        self._advertising: asyncio.Task[None] | None = None
        self.straps: list[FakeStrap] = []

    def add(self, name: str, address: str) -> FakeStrap:
        """Return a new strap in the room."""
        self.straps.append(FakeStrap(self, name, address))
        return self.straps[-1]

    async def __aenter__(self) -> FakeBluez:
        self._bus = await MessageBus(bus_address=self._address).connect()
        self._bus.add_message_handler(self._handle)
        watch = "type='signal',interface='org.freedesktop.DBus',member='NameOwnerChanged'"
        await self._bus.call(
            Message(
                destination="org.freedesktop.DBus",
                path="/org/freedesktop/DBus",
                interface="org.freedesktop.DBus",
                member="AddMatch",
                signature="s",
                body=[watch],
            )
        )
        await self._bus.request_name("org.bluez")
        self._advertising = asyncio.create_task(self._advertise())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._advertising is not None:
            self._advertising.cancel()
        self._bus.disconnect()
        await self._bus.wait_for_disconnect()

    def changed(self, path: str, interface: str, **values: Variant) -> None:
        """Tell everyone of changed properties."""
        self._bus.send(
            Message.new_signal(
                path, PROPERTIES, "PropertiesChanged", "sa{sv}as", [interface, values, []]
            )
        )

    def power(self, *, on: bool) -> None:
        """Switch the adapter on or off, with all links through it."""
        self._powered = on
        if not on:
            self._let_all_go()
        self.changed(ADAPTER, ADAPTER_INTERFACE, Powered=Variant("b", on))

    def unplug(self) -> None:
        """Pull the adapter out, with all that was heard through it."""
        self._let_all_go()
        self._tell_removed()
        self._plugged = False

    def plug(self) -> None:
        """Put the adapter in again."""
        self._plugged = True
        self._tell_added()

    async def stop(self, *, crash: bool = False) -> None:
        """Stop the daemon as a system does that restarts it; one that crashes says no farewell."""
        if crash:
            self._scanning.clear()
            for strap in self.straps:
                strap.connected = False
        else:
            self._let_all_go()
            self._tell_removed()
        for strap in self.straps:
            strap.forget_all()
        await self._bus.release_name("org.bluez")

    async def start(self) -> None:
        """Start it again."""
        await self._bus.request_name("org.bluez")
        self._tell_added()

    def _let_all_go(self) -> None:
        self._scanning.clear()
        for strap in self.straps:
            if strap.connected:
                strap.drop()

    def _tell_removed(self) -> None:
        for path, interfaces in self._objects().items():
            self._tell("InterfacesRemoved", "oas", [path, list(interfaces)])

    def _tell_added(self) -> None:
        for path, interfaces in self._objects().items():
            self._tell("InterfacesAdded", "oa{sa{sv}}", [path, interfaces])

    def _tell(self, member: str, signature: str, body: list[Any]) -> None:
        manager = "org.freedesktop.DBus.ObjectManager"
        self._bus.send(Message.new_signal("/", manager, member, signature, body))

    async def _advertise(self) -> None:
        strength = 0
        while True:
            await asyncio.sleep(0.02)
            strength = (strength + 1) % 20
            for strap in self.straps if self._scanning else ():
                if strap.visible and not strap.connected:
                    self.changed(strap.path, DEVICE, RSSI=Variant("n", -60 - strength))

    def _handle(self, message: Message) -> Message | bool | None:
        if message.message_type is MessageType.SIGNAL:
            if message.member == "NameOwnerChanged" and not message.body[2]:
                self._left(message.body[0])
            return None
        if message.message_type is not MessageType.METHOD_CALL:
            return None
        if message.member == "GetManagedObjects":
            return Message.new_method_return(message, "a{oa{sa{sv}}}", [self._objects()])
        if message.path == ADAPTER:
            return self._adapter(message)
        for strap in self.straps:
            if (message.path or "").startswith(strap.path):
                return strap.answer(message) or True
        return None

    def _left(self, sender: str) -> None:
        self._scanning.discard(sender)
        for strap in self.straps:
            strap.forget(sender)

    def _adapter(self, message: Message) -> Message:
        sender = message.sender or ""
        if self.denied:
            return Message.new_error(message, "org.freedesktop.DBus.Error.AccessDenied", "no")
        if message.member == "StartDiscovery":
            if not self._powered:
                return error(message, "NotReady")
            if sender in self._scanning:
                return error(message, "InProgress")
            self._scanning.add(sender)
        elif message.member == "StopDiscovery":
            self._scanning.discard(sender)
        return Message.new_method_return(message)

    def _objects(self) -> Objects:
        if not self._plugged:
            return {}
        adapter = {
            "Address": Variant("s", "00:00:00:00:00:01"),
            "Powered": Variant("b", self._powered),
            "Roles": Variant("as", ["central"]),
        }
        objects: Objects = {ADAPTER: {ADAPTER_INTERFACE: adapter}}
        for strap in self.straps:
            objects |= strap.objects()
        return objects


def error(message: Message, name: str) -> Message:
    """Return a BlueZ error."""
    return Message.new_error(message, f"org.bluez.Error.{name}", name)
