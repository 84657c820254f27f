"""The supervised Bluetooth connection to one strap, over bleak."""

from devices.link.contact import LinkState
from devices.link.link import Link
from devices.link.records import Connected, Notification, Record, StateChange, StrapInfo
from devices.link.seam import Seam
from devices.link.search import Found, find, listen, scan
from devices.link.trouble import BluetoothTrouble, NoBluetooth, NoStrap

__all__ = [
    "BluetoothTrouble",
    "Connected",
    "Found",
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
    "listen",
    "scan",
]
