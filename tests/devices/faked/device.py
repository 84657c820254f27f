"""A strap in the room."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from dbus_fast import Message, Variant

from tests.devices.faked.adapter import FakeAdapter
from tests.devices.faked.objects import (
    CHARACTERISTIC,
    DEVICE,
    UUID,
    Bus,
    Objects,
    characteristic,
    done,
    error,
)

SAMPLED = ("fe01", "fe02")
"""Service and characteristic of a made-up series besides the beats."""

HEART = "/service0010/char0011"
BATTERY = "/service0020/char0021"
OTHER = "/service0030/char0031"
MODEL = "/service0040/char0041"


class FakeStrap:
    """`send` beats, `drop` the link, or set what it does when called.

    A subscription belongs to the D-Bus connection that asked for it, outlives a lost link, and each
    repeats every packet as one more signal (bleak issue 2002). Requests are answered one after
    another, so that a read without an answer holds up each subscription after it. Each adapter that
    hears it shows it as a device of its own; it is connected through one of them.
    """

    def __init__(self, bus: Bus, name: str, address: str, adapters: Sequence[FakeAdapter]) -> None:
        self.name, self.address, self._bus = name, address, bus
        self.heard_by = list(adapters)
        self.through = adapters[0]
        """The adapter of its newest connection."""
        self.connected = False
        self.visible = True
        self.refusals = 0
        self.cut_short = 0
        """How many connections are lost while they are made, after which bleak tries by itself."""
        self.answers_reads = True
        self.answers_connect = True
        self.battery_percent: int | None = 85
        self.model: str | None = None
        self.offers_heart_rate = True
        self.subscribed = defaultdict[str, list[str]](list)
        self.calls: list[str] = []
        self._fresh: set[str] = set()
        self._unanswered: list[Message] = []

    def path_at(self, adapter: FakeAdapter) -> str:
        """Return where an adapter shows it."""
        return f"{adapter.path}/dev_{self.address.replace(':', '_')}"

    @property
    def path(self) -> str:
        """Where the adapter of its newest connection shows it."""
        return self.path_at(self.through)

    @property
    def heart(self) -> str:
        """What notifies beats."""
        return self.path + HEART

    @property
    def sampled(self) -> str:
        """What notifies the other series."""
        return self.path + OTHER

    def objects(self) -> Objects:
        objects: Objects = {}
        for adapter in self.heard_by:
            if adapter.plugged:
                objects |= self._shown_by(adapter)
        return objects

    def _shown_by(self, adapter: FakeAdapter) -> Objects:
        path, connected = self.path_at(adapter), self.connected and adapter is self.through
        device = {
            "Address": Variant("s", self.address),
            "Name": Variant("s", self.name),
            "Alias": Variant("s", self.name),
            "Adapter": Variant("o", adapter.path),
            "UUIDs": Variant("as", [UUID.format("180d")]),
            "Paired": Variant("b", False),
            "Connected": Variant("b", connected),
            "ServicesResolved": Variant("b", connected),
        }
        offered = [(OTHER, *SAMPLED, "notify")]
        if self.offers_heart_rate:
            offered.append((HEART, "180d", "2a37", "notify"))
        if self.battery_percent is not None:
            offered.append((BATTERY, "180f", "2a19", "read"))
        if self.model is not None:
            offered.append((MODEL, "180a", "2a24", "read"))
        objects: Objects = {path: {DEVICE: device}}
        for below, service, uuid, flag in offered:
            objects |= characteristic(path + below, path, service, uuid, flag)
        return objects

    @property
    def subscribers(self) -> list[str]:
        """Who listens to beats."""
        return self.subscribed[self.heart]

    def listened_to(self, path: str | None = None) -> bool:
        """Return whether a series, beats unless told, was subscribed to in this connection."""
        return self.connected and (path or self.heart) in self._fresh

    def send(self, data: bytes) -> None:
        """Notify beats: one signal for each subscription that was never taken back."""
        self._notify(self.heart, data)

    def send_samples(self, data: bytes) -> None:
        """Notify the other series."""
        self._notify(self.sampled, data)

    def _notify(self, path: str, data: bytes) -> None:
        for _ in self.subscribed[path] if self.connected else ():
            self._bus.changed(path, CHARACTERISTIC, Value=Variant("ay", data))

    def drop(self) -> None:
        """Lose the link; the subscriptions stay."""
        self._set(connected=False)

    def _set(self, *, connected: bool) -> None:
        self.connected = connected
        self.through.links.discard(self.address)
        if connected:
            self.through.links.add(self.address)
        self._fresh.clear()
        self._unanswered.clear()
        state = Variant("b", connected)
        self._bus.changed(self.path, DEVICE, Connected=state, ServicesResolved=state)

    def advertise(self, strength: int) -> None:
        """Be heard by all that scan, unless connected or out of range."""
        for adapter in self.heard_by if self.visible and not self.connected else ():
            if adapter.scanning:
                heard = Variant("n", -60 - strength)
                self._bus.changed(self.path_at(adapter), DEVICE, RSSI=heard)

    def answer(self, message: Message) -> Message | None:
        """Return the reply to a method call, None for never or later."""
        self.calls.append(f"{message.member}")
        match message.member:
            case "Connect":
                return self._connect(message)
            case "Disconnect" if message.path == self.path:
                self._set(connected=False)
            case "ReadValue" | "StartNotify":
                return self._request(message)
            case "StopNotify":
                self.subscribed[message.path or ""].remove(message.sender or "")
        return done(message)

    def answer_at_last(self) -> None:
        """Answer what waits, in its order, and reads from now on."""
        self.answers_reads = True
        waiting, self._unanswered = self._unanswered, []
        for message in waiting:
            self._bus.reply(self._requested(message))

    def _request(self, message: Message) -> Message | None:
        is_mute = message.member == "ReadValue" and not self.answers_reads
        if is_mute or self._unanswered:
            self._unanswered.append(message)
            return None
        return self._requested(message)

    def _requested(self, message: Message) -> Message:
        path = message.path or ""
        if message.member == "ReadValue":
            return Message.new_method_return(message, "ay", [self._value(path)])
        if message.sender in self.subscribed[path]:
            return error(message, "InProgress")
        self.subscribed[path].append(message.sender or "")
        self._fresh.add(path)
        return done(message)

    def _value(self, path: str) -> bytes:
        if path.endswith(MODEL):
            return (self.model or "").encode()
        return bytes([self.battery_percent or 0])

    def _connect(self, message: Message) -> Message | None:
        if not self.answers_connect:
            return None
        through = self._adapter_of(message)
        if through.is_full:
            return error(message, "Failed")
        if self.refusals > 0 or not self.visible:
            self.refusals -= 1
            return error(message, "Failed")
        self.through = through
        self._set(connected=True)
        if self.cut_short > 0:
            self.cut_short -= 1
            self.drop()
            return error(message, "Failed", "le-connection-abort-by-local")
        return done(message)

    def _adapter_of(self, message: Message) -> FakeAdapter:
        shown = {self.path_at(adapter): adapter for adapter in self.heard_by}
        return shown[message.path or ""]

    def end_with_service(self, *, silently: bool) -> None:
        """Lose the link and all subscriptions, as the service ends."""
        if self.connected and not silently:
            self.drop()
        self.connected = False
        self.through.links.discard(self.address)
        self.subscribed.clear()

    def forget(self, sender: str) -> None:
        """Drop the subscription of a connection that left the bus."""
        for path, listeners in self.subscribed.items():
            self.subscribed[path] = [one for one in listeners if one != sender]
