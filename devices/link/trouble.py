"""What keeps Bluetooth from working, each in one sentence: what, where, what to do."""

from __future__ import annotations


class NoBluetooth(Exception):  # noqa: N818 - a state of the computer
    """Bluetooth cannot be used on this computer at present; the text says why and what to do."""


class NoStrap(Exception):  # noqa: N818 - a state of the room
    """No strap of that name or address was found; the text says what was found instead."""


_SERVICE_MISSING = (
    "org.freedesktop.DBus.Error.ServiceUnknown",
    "org.freedesktop.DBus.Error.NameHasNoOwner",
    "org.freedesktop.DBus.Error.Spawn",
)

_OFF = "Bluetooth is switched off on this computer; switch it on and start again."
_NONE = (
    "This computer has no Bluetooth adapter that can connect to a strap; plug one in, or use "
    "--simulate or --replay."
)
_DENIED = (
    "This computer does not let Interbeat use Bluetooth; allow it in the system's privacy "
    "settings and start again."
)
_NO_DBUS = (
    "Bluetooth cannot be reached because no D-Bus system bus runs on this computer; start dbus "
    "and bluetoothd, or use --simulate or --replay."
)
_NO_DAEMON = (
    "The Bluetooth service (bluetoothd) is not running on this computer; start it, or use "
    "--simulate or --replay."
)
_UNKNOWN = "Bluetooth is not available on this computer; check its Bluetooth settings."


def no_bluetooth(error: BaseException) -> NoBluetooth | None:
    """Return `error` as `NoBluetooth` where it means that this computer cannot do Bluetooth now."""
    from bleak.exc import BleakBluetoothNotAvailableError, BleakDBusError

    if isinstance(error, NoBluetooth):
        return error
    if isinstance(error, BleakBluetoothNotAvailableError):
        return NoBluetooth(_sentence(error.reason.name))
    if isinstance(error, BleakDBusError):
        if error.dbus_error.startswith(_SERVICE_MISSING):
            return NoBluetooth(_NO_DAEMON)
        return NoBluetooth(_OFF) if error.dbus_error == "org.bluez.Error.NotReady" else None
    if isinstance(error, FileNotFoundError | ConnectionRefusedError):
        return NoBluetooth(_NO_DBUS)
    return None


def _sentence(reason: str) -> str:
    if reason == "POWERED_OFF":
        return _OFF
    if reason.startswith("NO_"):
        return _NONE
    return _DENIED if reason.startswith("DENIED") else _UNKNOWN
