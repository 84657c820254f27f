"""The supervised Bluetooth connection to one strap, over bleak."""

from devices.link.contact import LinkState
from devices.link.link import Link, NoBluetooth, Notification, Record, StateChange, StrapInfo
from devices.link.seam import Seam
from devices.link.search import find, scan
from devices.link.trouble import BluetoothTrouble, NoStrap

__all__ = [
    "BluetoothTrouble",
    "Link",
    "LinkState",
    "NoBluetooth",
    "NoStrap",
    "Notification",
    "Record",
    "Seam",
    "StateChange",
    "StrapInfo",
    "find",
    "scan",
]
