"""A strap in the room."""

from __future__ import annotations

from dbus_fast import Message, Variant

from tests.devices.faked.objects import (
    CHARACTERISTIC,
    DEVICE,
    HCI0,
    UUID,
    Bus,
    Objects,
    characteristic,
    done,
    error,
)

SAMPLED = ("fe01", "fe02")
"""Service and characteristic of a made-up series besides the beats."""


class FakeStrap:
    """`send` beats, `drop` the link, or set what it does when called.

    A subscription belongs to the D-Bus connection that asked for it, outlives a lost link, and each
    repeats every packet as one more signal (bleak issue 2002). Requests are answered one after
    another, so that a read without an answer holds up each subscription after it.
    """

    def __init__(self, bus: Bus, name: str, address: str) -> None:
        self.name, self.address, self._bus = name, address, bus
        self.path = f"{HCI0}/dev_{address.replace(':', '_')}"
        self.heart = f"{self.path}/service0010/char0011"
        self.battery = f"{self.path}/service0020/char0021"
        self.sampled = f"{self.path}/service0030/char0031"
        self.described = f"{self.path}/service0040/char0041"
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
        self.subscribed: dict[str, list[str]] = {self.heart: [], self.sampled: []}
        self.calls: list[str] = []
        self._fresh: set[str] = set()
        self._unanswered: list[Message] = []

    def objects(self) -> Objects:
        device = {
            "Address": Variant("s", self.address),
            "Name": Variant("s", self.name),
            "Alias": Variant("s", self.name),
            "Adapter": Variant("o", HCI0),
            "UUIDs": Variant("as", [UUID.format("180d")]),
            "Paired": Variant("b", False),
            "Connected": Variant("b", self.connected),
            "ServicesResolved": Variant("b", self.connected),
        }
        offered = [(self.sampled, *SAMPLED, "notify")]
        if self.offers_heart_rate:
            offered.append((self.heart, "180d", "2a37", "notify"))
        if self.battery_percent is not None:
            offered.append((self.battery, "180f", "2a19", "read"))
        if self.model is not None:
            offered.append((self.described, "180a", "2a24", "read"))
        objects: Objects = {self.path: {DEVICE: device}}
        for path, service, uuid, flag in offered:
            objects |= characteristic(path, self.path, service, uuid, flag)
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
        self._fresh.clear()
        self._unanswered.clear()
        state = Variant("b", connected)
        self._bus.changed(self.path, DEVICE, Connected=state, ServicesResolved=state)

    def advertise(self, strength: int) -> None:
        """Be heard, unless connected or out of range."""
        if self.visible and not self.connected:
            self._bus.changed(self.path, DEVICE, RSSI=Variant("n", -60 - strength))

    def answer(self, message: Message) -> Message | None:
        """Return the reply to a method call, None for never or later."""
        self.calls.append(f"{message.member}")
        match message.member:
            case "Connect":
                return self._connect(message)
            case "Disconnect":
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
        if self.cut_short > 0:
            self.cut_short -= 1
            self.drop()
            return error(message, "Failed", "le-connection-abort-by-local")
        return done(message)

    def end_with_service(self, *, silently: bool) -> None:
        """Lose the link and all subscriptions, as the service ends."""
        if self.connected and not silently:
            self.drop()
        self.connected = False
        for path in self.subscribed:
            self.subscribed[path] = []

    def forget(self, sender: str) -> None:
        """Drop the subscription of a connection that left the bus."""
        for path, listeners in self.subscribed.items():
            self.subscribed[path] = [one for one in listeners if one != sender]
