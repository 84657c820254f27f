"""The supervised Bluetooth connection to one strap, over bleak."""

from devices.link.adapter import Adapter
from devices.link.contact import LinkState
from devices.link.link import Link
from devices.link.records import (
    Connected,
    Notification,
    Record,
    StateChange,
    StrapInfo,
    Trouble,
)
from devices.link.search import Found, find, listen, scan
from devices.link.trouble import (
    BluetoothTrouble,
    Namesakes,
    NoBluetooth,
    NoStrap,
    StrapTrouble,
)
from devices.link.waiting import forever

__all__ = [
    "Adapter",
    "BluetoothTrouble",
    "Connected",
    "Found",
    "Link",
    "LinkState",
    "Namesakes",
    "NoBluetooth",
    "NoStrap",
    "Notification",
    "Record",
    "StateChange",
    "StrapInfo",
    "StrapTrouble",
    "Trouble",
    "find",
    "forever",
    "listen",
    "scan",
]
