"""What keeps Bluetooth from working, as codes; `pipelines.words` says what to do about each."""

from __future__ import annotations

from enum import StrEnum


class BluetoothTrouble(StrEnum):
    """Why this computer cannot do Bluetooth at present."""

    OFF = "switched off"
    NO_ADAPTER = "no adapter"
    DENIED = "denied"
    NO_DBUS = "no D-Bus"
    NO_DAEMON = "no bluetoothd"
    UNKNOWN = "unknown"


class StrapTrouble(StrEnum):
    """Why no beats come from one strap, while this computer can do Bluetooth."""

    UNHEARD = "not heard"
    NAMESAKES = "several of that name"
    REFUSED = "heard, but does not connect"
    NO_HEART_RATE = "no heart rate service"
    FAILED = "the connection broke off at once"
    OUT_OF_REACH = "out of reach"
    SILENT = "connected, and sends nothing"
    NO_INTERVALS = "sends no intervals between beats"


class NoBluetooth(Exception):  # noqa: N818 - a state of the computer
    """Bluetooth cannot be used on this computer at present."""

    def __init__(self, trouble: BluetoothTrouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


class NoStrap(Exception):  # noqa: N818 - a state of the room
    """No strap of the name or address `wanted` was found; `others` are in reach instead."""

    def __init__(self, wanted: str, others: tuple[str, ...]) -> None:
        super().__init__(wanted, others)
        self.wanted, self.others = wanted, others


class Namesakes(Exception):  # noqa: N818 - a state of the room
    """Several straps of the name `wanted` are in reach, at these `addresses`."""

    def __init__(self, wanted: str, addresses: tuple[str, ...]) -> None:
        super().__init__(wanted, addresses)
        self.wanted, self.addresses = wanted, addresses


_SERVICE_MISSING = (
    "org.freedesktop.DBus.Error.ServiceUnknown",
    "org.freedesktop.DBus.Error.NameHasNoOwner",
    "org.freedesktop.DBus.Error.Spawn",
)


def no_bluetooth(error: BaseException) -> NoBluetooth | None:
    """Return `error` as `NoBluetooth` where it means that this computer cannot do Bluetooth now."""
    from bleak.exc import BleakBluetoothNotAvailableError, BleakDBusError

    if isinstance(error, NoBluetooth):
        return error
    if isinstance(error, BleakBluetoothNotAvailableError):
        return NoBluetooth(_trouble(error.reason.name))
    if isinstance(error, BleakDBusError):
        if error.dbus_error.startswith(_SERVICE_MISSING):
            return NoBluetooth(BluetoothTrouble.NO_DAEMON)
        if error.dbus_error == "org.freedesktop.DBus.Error.AccessDenied":
            return NoBluetooth(BluetoothTrouble.DENIED)
        off = error.dbus_error == "org.bluez.Error.NotReady"
        return NoBluetooth(BluetoothTrouble.OFF) if off else None
    if isinstance(error, PermissionError):
        return NoBluetooth(BluetoothTrouble.DENIED)
    if isinstance(error, FileNotFoundError | ConnectionRefusedError):
        return NoBluetooth(BluetoothTrouble.NO_DBUS)
    return None


def _trouble(reason: str) -> BluetoothTrouble:
    """Return what bleak's reason, by its name, means."""
    if reason == "POWERED_OFF":
        return BluetoothTrouble.OFF
    if reason.startswith("NO_"):
        return BluetoothTrouble.NO_ADAPTER
    return BluetoothTrouble.DENIED if reason.startswith("DENIED") else BluetoothTrouble.UNKNOWN
