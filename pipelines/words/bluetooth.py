"""What keeps Bluetooth from working, and straps from being found: what, where, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from devices.link import BluetoothTrouble, NoBluetooth, NoStrap
from pipelines.language import mark, tr

TROUBLES: Final[Mapping[BluetoothTrouble, str]] = MappingProxyType(
    {
        BluetoothTrouble.OFF: mark(
            "Bluetooth is switched off on this computer; switch it on and start again."
        ),
        BluetoothTrouble.NO_ADAPTER: mark(
            "This computer has no Bluetooth adapter that can connect to a strap; plug one in, or "
            "use --simulate or --replay."
        ),
        BluetoothTrouble.DENIED: mark(
            "This computer does not let Interbeat use Bluetooth; allow it in the system's privacy "
            "settings and start again."
        ),
        BluetoothTrouble.NO_DBUS: mark(
            "Bluetooth cannot be reached because no D-Bus system bus runs on this computer; start "
            "dbus and bluetoothd, or use --simulate or --replay."
        ),
        BluetoothTrouble.NO_DAEMON: mark(
            "The Bluetooth service (bluetoothd) is not running on this computer; start it, or use "
            "--simulate or --replay."
        ),
        BluetoothTrouble.UNKNOWN: mark(
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
