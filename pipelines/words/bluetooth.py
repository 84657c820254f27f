"""What keeps Bluetooth from working, and straps from being found: what, where, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from devices.link import BluetoothTrouble, NoBluetooth, NoStrap
from pipelines.language import tr, translatable

TROUBLES: Final[Mapping[BluetoothTrouble, str]] = MappingProxyType(
    {
        BluetoothTrouble.OFF: translatable(
            "Bluetooth is switched off on this computer; switch it on and start again."
        ),
        BluetoothTrouble.NO_ADAPTER: translatable(
            "This computer has no Bluetooth adapter that can connect to a strap; plug one in, or "
            "use --simulate or --replay."
        ),
        BluetoothTrouble.DENIED: translatable(
            "This computer does not let Interbeat use Bluetooth; allow it in the system's privacy "
            "settings and start again."
        ),
        BluetoothTrouble.NO_DBUS: translatable(
            "Bluetooth cannot be reached because no D-Bus system bus runs on this computer; start "
            "dbus and bluetoothd, or use --simulate or --replay."
        ),
        BluetoothTrouble.NO_DAEMON: translatable(
            "The Bluetooth service (bluetoothd) is not running on this computer; start it, or use "
            "--simulate or --replay."
        ),
        BluetoothTrouble.UNKNOWN: translatable(
            "Bluetooth is not available on this computer; check its Bluetooth settings."
        ),
    }
)


def bluetooth_text(error: NoBluetooth | NoStrap) -> str:
    """Return in one sentence why no strap can be reached."""
    if isinstance(error, NoBluetooth):
        return tr(TROUBLES[error.trouble])
    return tr(
        'No strap named "{wanted}" was found; {in_reach}. Wear it, wet its electrodes, close other '
        "apps that use it, and look at `interbeat scan`.",
        wanted=error.wanted,
        in_reach=_in_reach(error.others),
    )


def _in_reach(others: tuple[str, ...]) -> str:
    if not others:
        return tr("no heart rate strap is in reach")
    return tr("in reach are: {names}", names=", ".join(others))
