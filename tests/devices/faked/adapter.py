"""An adapter of the computer: whether it is on, in its socket, open to this user, and scanning."""

from __future__ import annotations

from dbus_fast import Message, Variant

from tests.devices.faked.objects import ADAPTER, HCI, Bus, Objects, denied, done, error


class FakeAdapter:
    """Refuses a second scan from one connection as in progress, and any while it is off."""

    def __init__(self, bus: Bus, number: int, *, powered: bool) -> None:
        self._bus = bus
        self.path = HCI.format(number)
        self.holds: int | None = None
        """Links that it can hold at most, None for any number."""
        self.links: set[str] = set()
        """Addresses of the straps that are connected through it."""
        self.powered, self.plugged, self.denied = powered, True, False
        self.scanning: set[str] = set()

    def objects(self) -> Objects:
        properties = {
            "Address": Variant("s", f"00:00:00:00:01:{self.path[-1]:0>2}"),
            "Powered": Variant("b", self.powered),
            "Roles": Variant("as", ["central"]),
        }
        return {self.path: {ADAPTER: properties}}

    @property
    def is_full(self) -> bool:
        """Whether it can hold no further link."""
        return self.holds is not None and len(self.links) >= self.holds

    def power(self, *, on: bool) -> None:
        """Switch it on or off, and tell so."""
        self.powered = on
        self._bus.changed(self.path, ADAPTER, Powered=Variant("b", on))

    def answer(self, message: Message) -> Message:
        """Return the reply to a method call."""
        sender = message.sender or ""
        if self.denied:
            return denied(message)
        match message.member:
            case "StartDiscovery" if not self.powered:
                return error(message, "NotReady")
            case "StartDiscovery" if sender in self.scanning:
                return error(message, "InProgress")
            case "StartDiscovery":
                self.scanning.add(sender)
            case "StopDiscovery":
                self.scanning.discard(sender)
        return done(message)
