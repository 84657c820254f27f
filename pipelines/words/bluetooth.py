"""What keeps Bluetooth from working, and straps from being found: what, where, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from devices.link import BluetoothTrouble, Namesakes, NoBluetooth, NoStrap, StrapTrouble
from pipelines.language import tr, translatable

TROUBLES: Final[Mapping[BluetoothTrouble, str]] = MappingProxyType(
    {
        BluetoothTrouble.OFF: translatable(
            "Bluetooth is switched off on this computer; switch it on and start again."
        ),
        BluetoothTrouble.NO_ADAPTER: translatable(
            "This computer has no Bluetooth adapter that can connect to a strap; plug one in and "
            "start again."
        ),
        BluetoothTrouble.DENIED: translatable(
            "This computer does not let Interbeat use Bluetooth; allow it in the system's privacy "
            "settings and start again."
        ),
        BluetoothTrouble.NO_DBUS: translatable(
            "Bluetooth cannot be reached because no D-Bus system bus runs on this computer; start "
            "dbus and bluetoothd."
        ),
        BluetoothTrouble.NO_DAEMON: translatable(
            "The Bluetooth service (bluetoothd) is not running on this computer; start it."
        ),
        BluetoothTrouble.UNKNOWN: translatable(
            "Bluetooth is not available on this computer; check its Bluetooth settings."
        ),
    }
)
_OFFERS: Final[Mapping[BluetoothTrouble, str]] = MappingProxyType(
    {
        BluetoothTrouble.NO_ADAPTER: translatable(
            "This computer has no Bluetooth adapter that can connect to a strap; plug one in, or "
            "use --simulate or --replay."
        ),
        BluetoothTrouble.NO_DBUS: translatable(
            "Bluetooth cannot be reached because no D-Bus system bus runs on this computer; start "
            "dbus and bluetoothd, or use --simulate or --replay."
        ),
        BluetoothTrouble.NO_DAEMON: translatable(
            "The Bluetooth service (bluetoothd) is not running on this computer; start it, or use "
            "--simulate or --replay."
        ),
    }
)
"""What a terminal says instead: there, what needs no Bluetooth is an option away."""

_WHAT: Final[Mapping[BluetoothTrouble, str]] = MappingProxyType(
    {
        BluetoothTrouble.OFF: translatable("Bluetooth is switched off on this computer."),
        BluetoothTrouble.NO_ADAPTER: translatable(
            "This computer has no Bluetooth that can connect to a strap."
        ),
        BluetoothTrouble.DENIED: translatable(
            "This computer does not let Interbeat use Bluetooth."
        ),
        BluetoothTrouble.NO_DBUS: translatable("Bluetooth does not answer on this computer."),
        BluetoothTrouble.NO_DAEMON: translatable(
            "The Bluetooth service is not running on this computer."
        ),
        BluetoothTrouble.UNKNOWN: translatable("Bluetooth cannot be used on this computer now."),
    }
)
_DO: Final[Mapping[tuple[BluetoothTrouble, str], str]] = MappingProxyType(
    {
        (BluetoothTrouble.OFF, "win32"): translatable(
            "Switch it on under Settings, Bluetooth and devices, then try again."
        ),
        (BluetoothTrouble.OFF, "darwin"): translatable(
            "Switch it on under System Settings, Bluetooth, then try again."
        ),
        (BluetoothTrouble.OFF, ""): translatable(
            "Switch it on in the system menu or under Settings, Bluetooth, then try again."
        ),
        (BluetoothTrouble.NO_ADAPTER, ""): translatable(
            "Plug in a Bluetooth adapter (Bluetooth 4.0 or newer), then try again."
        ),
        (BluetoothTrouble.DENIED, "win32"): translatable(
            "Allow it under Settings, Privacy and security, Bluetooth, then try again."
        ),
        (BluetoothTrouble.DENIED, "darwin"): translatable(
            "Allow it under System Settings, Privacy and Security, Bluetooth, then try again."
        ),
        (BluetoothTrouble.DENIED, ""): translatable(
            "Ask whoever looks after this computer to let your account use Bluetooth, then try "
            "again."
        ),
        (BluetoothTrouble.NO_DBUS, ""): translatable(
            "Start this computer again; if that does not help, ask whoever looks after it to "
            "install bluez."
        ),
        (BluetoothTrouble.NO_DAEMON, ""): translatable(
            "Start this computer again; if that does not help, ask whoever looks after it to start "
            "the service bluetooth."
        ),
        (BluetoothTrouble.UNKNOWN, ""): translatable(
            "Look at the Bluetooth settings of this computer, then try again."
        ),
    }
)
"""What to do about a trouble on a system, by `sys.platform`; "" is any other."""

_OF_A_STRAP: Final[Mapping[StrapTrouble, str]] = MappingProxyType(
    {
        StrapTrouble.UNHEARD: translatable(
            "Not heard: wear it, damp its pads, or close an app that holds it."
        ),
        StrapTrouble.NAMESAKES: translatable(
            "Several straps in reach bear this name; choose one by its address."
        ),
        StrapTrouble.REFUSED: translatable(
            "Another app or a watch may hold it: close that, then try again."
        ),
        StrapTrouble.NO_HEART_RATE: translatable(
            "This device offers no heart rate; choose another one."
        ),
        StrapTrouble.FAILED: translatable(
            "The connection broke off at once; it is tried again by itself."
        ),
        StrapTrouble.OUT_OF_REACH: translatable("Out of reach; it connects again by itself."),
        StrapTrouble.SILENT: translatable(
            "It was connected and sent nothing; it is tried again by itself."
        ),
        StrapTrouble.NO_INTERVALS: translatable(
            "This device sends no intervals between beats, so little can be told from it."
        ),
    }
)

LOW_BATTERY: Final = 20
"""Per cent from which down a strap's battery is called low."""


def strap_text(trouble: StrapTrouble) -> str:
    """Return in one sentence what is wrong with a strap, and what to do."""
    return tr(_OF_A_STRAP[trouble])


def bluetooth_advice(trouble: BluetoothTrouble, system: str) -> tuple[str, str]:
    """Return what a window says: what is so, and what to do about it on a system.

    `system` is what `sys.platform` calls it.
    """
    return tr(_WHAT[trouble]), tr(_DO.get((trouble, system)) or _DO[trouble, ""])


def bluetooth_text(error: NoBluetooth | NoStrap | Namesakes, *, terminal: bool = False) -> str:
    """Return in one sentence why no strap can be reached; in a `terminal`, with its options."""
    if isinstance(error, NoBluetooth):
        offered = _OFFERS.get(error.trouble) if terminal else None
        return tr(offered or TROUBLES[error.trouble])
    if isinstance(error, Namesakes):
        return tr(
            'Several straps in reach are named "{wanted}": {addresses}. Choose one by its address.',
            wanted=error.wanted,
            addresses=", ".join(error.addresses),
        )
    return tr(
        'No strap named "{wanted}" was found; {in_reach}. Wear it, wet its electrodes, close other '
        "apps that use it, and look at `interbeat scan`.",
        wanted=error.wanted,
        in_reach=_in_reach(error.others),
    )


def refused_text() -> str:
    """Return that a strap was heard and did not connect, and what to do."""
    return tr(
        "The strap is heard but does not connect; if another app or a watch uses it, close that. "
        "It is tried again by itself."
    )


def _in_reach(others: tuple[str, ...]) -> str:
    if not others:
        return tr("no heart rate strap is in reach")
    return tr("in reach are: {names}", names=", ".join(others))
