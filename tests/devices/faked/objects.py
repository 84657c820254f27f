"""What bluetoothd shows on the bus: paths, interfaces with their properties, and errors."""

from __future__ import annotations

from typing import Protocol, TypeAlias

from dbus_fast import Message, Variant

PROPERTIES = "org.freedesktop.DBus.Properties"
MANAGER = "org.freedesktop.DBus.ObjectManager"
ADAPTER, DEVICE, SERVICE, CHARACTERISTIC = (
    f"org.bluez.{name}" for name in ("Adapter1", "Device1", "GattService1", "GattCharacteristic1")
)
HCI = "/org/bluez/hci{}"
UUID = "0000{}-0000-1000-8000-00805f9b34fb"

Objects: TypeAlias = dict[str, dict[str, dict[str, Variant]]]


class Bus(Protocol):
    """What adapter and straps tell the bus through."""

    def changed(self, path: str, interface: str, **values: Variant) -> None:
        """Tell everyone of changed properties."""

    def reply(self, message: Message) -> None:
        """Send an answer that had to wait."""


def done(message: Message) -> Message:
    """Return the answer that all went well."""
    return Message.new_method_return(message)


def error(message: Message, name: str, why: str = "") -> Message:
    """Return a BlueZ error."""
    return Message.new_error(message, f"org.bluez.Error.{name}", why or name)


def denied(message: Message) -> Message:
    """Return the error of a bus that does not let this user through."""
    return Message.new_error(message, "org.freedesktop.DBus.Error.AccessDenied", "no")


def characteristic(path: str, device: str, service: str, uuid: str, flag: str) -> Objects:
    """Return one characteristic of a device, and the service that it stands in."""
    parent = path.rpartition("/")[0]
    return {
        parent: {
            SERVICE: {
                "UUID": Variant("s", UUID.format(service)),
                "Device": Variant("o", device),
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
