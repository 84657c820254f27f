"""The computer's adapter: switched on, in its socket, allowed to this user, and scanning or not."""

from __future__ import annotations

from dbus_fast import Message, Variant

from tests.devices.faked.objects import ADAPTER, HCI0, Bus, Objects, denied, done, error


class FakeAdapter:
    """Refuses a second scan from one connection as in progress, and any while it is off."""

    def __init__(self, bus: Bus, *, powered: bool) -> None:
        self._bus = bus
        self.powered, self.plugged, self.denied = powered, True, False
        self.scanning: set[str] = set()

    def objects(self) -> Objects:
        properties = {
            "Address": Variant("s", "00:00:00:00:00:01"),
            "Powered": Variant("b", self.powered),
            "Roles": Variant("as", ["central"]),
        }
        return {HCI0: {ADAPTER: properties}}

    def power(self, *, on: bool) -> None:
        """Switch it on or off, and tell so."""
        self.powered = on
        self._bus.changed(HCI0, ADAPTER, Powered=Variant("b", on))

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
