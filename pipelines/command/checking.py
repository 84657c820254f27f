"""What a recording needs, looked at piece by piece: Bluetooth, a strap, the skin, clocks, disk."""

from __future__ import annotations

import asyncio
import os
import platform
import shutil
import sys
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import metadata
from pathlib import Path
from types import MappingProxyType
from typing import Final

from devices.clock import Clocks, read_clocks, session_clock, wall
from devices.link import (
    Adapter,
    BluetoothTrouble,
    Found,
    Namesakes,
    NoBluetooth,
    NoStrap,
    StrapTrouble,
    Trouble,
    find,
    scan,
)
from devices.sources import Opened
from pipelines.language import tr, translatable
from pipelines.recording import ChosenStrap, HeldStrap, Holding, Skin
from pipelines.session import CLIENT
from pipelines.version import version
from pipelines.words import LOW_BATTERY, bluetooth_advice, bluetooth_text, json_line, strap_text

HEARD_WITHIN = 10.0
"""Seconds that a strap is listened for."""
BEATS_WITHIN = 25.0
"""Seconds that it may take to connect and send a beat."""
LOOK = 0.1
APART = 0.25
"""Seconds by which the clocks may move apart meanwhile."""
ROOM = 200_000_000
"""Bytes that a long session with all that is kept of it fits in."""


class Piece(StrEnum):
    """What is looked at, in this order."""

    SERVICE = "service"
    PERMISSION = "permission"
    ADAPTER = "adapter"
    STRAP = "strap"
    CONNECTION = "connection"
    BATTERY = "battery"
    CONTACT = "contact"
    FIRST_BEAT = "first beat"
    CLOCKS = "clocks"
    DISK = "disk"


_FAILS: Final[Mapping[BluetoothTrouble, Piece]] = MappingProxyType(
    {
        BluetoothTrouble.NO_DBUS: Piece.SERVICE,
        BluetoothTrouble.NO_DAEMON: Piece.SERVICE,
        BluetoothTrouble.DENIED: Piece.PERMISSION,
        BluetoothTrouble.NO_ADAPTER: Piece.ADAPTER,
        BluetoothTrouble.OFF: Piece.ADAPTER,
        BluetoothTrouble.UNKNOWN: Piece.SERVICE,
    }
)


@dataclass(frozen=True, slots=True)
class Seen:
    """How one piece was found.

    Attributes
    ----------
    piece : Piece
        Which.
    good : bool or None
        Whether it does; None where it does not tell, which keeps nobody from recording.
    after : float
        Seconds since the check began.
    said : str
        One sentence: what is so, and what to do where it does not.
    trouble : str
        A code, "" for none.
    """

    piece: Piece
    good: bool | None
    after: float
    said: str
    trouble: str = ""

    def codes(self) -> dict[str, object]:
        """Return it for programs, and for a log: no sentence, no name."""
        return {
            "check": self.piece.value,
            "ok": self.good,
            "trouble": self.trouble or None,
            "after_s": round(self.after, 3),
        }


def log_lines(found: Iterable[Seen]) -> str:
    """Return what helps somebody to help, as lines of JSON: no name, no address, no heartbeat."""
    surroundings = {
        "interbeat": version(),
        "python": platform.python_version(),
        "system": platform.system(),
        "release": platform.release(),
        "bleak": metadata.version("bleak"),
    }
    lines = [surroundings, *(seen.codes() for seen in found)]
    return "".join(f"{json_line(line)}\n" for line in lines)


async def check(adapter: Adapter, wanted: str | None, folder: Path) -> AsyncIterator[Seen]:
    """Yield how each piece was found, until one fails that the next ones need.

    Parameters
    ----------
    adapter : Adapter
        Where straps are reached.
    wanted : str or None
        Name or address of the strap; the one that is heard best if None.
    folder : Path
        Of the library, which need not exist yet.
    """
    loop, session = asyncio.get_running_loop(), session_clock()
    began, clocks = loop.time(), read_clocks(session, wall)
    async for piece, good, said, trouble in _of_straps(adapter, wanted):
        yield Seen(piece, good, loop.time() - began, said, trouble)
    for piece, good, said in (_clocks(clocks, read_clocks(session, wall)), _disk(folder)):
        yield Seen(piece, good, loop.time() - began, said)


_Told = tuple[Piece, bool | None, str, str]


async def _of_straps(adapter: Adapter, wanted: str | None) -> AsyncIterator[_Told]:
    try:
        strap = await _heard(adapter, wanted)
    except NoBluetooth as error:
        for told in _without_bluetooth(error.trouble):
            yield told
        return
    except (NoStrap, Namesakes) as error:
        for told in _with_bluetooth():
            yield told
        several = isinstance(error, Namesakes)
        trouble = StrapTrouble.NAMESAKES if several else StrapTrouble.UNHEARD
        yield Piece.STRAP, False, bluetooth_text(error, terminal=True), trouble
        return
    for told in _with_bluetooth():
        yield told
    if strap is None:
        yield Piece.STRAP, False, strap_text(StrapTrouble.UNHEARD), StrapTrouble.UNHEARD
        return
    yield Piece.STRAP, True, _strap(strap), ""
    held = await _held(adapter, strap)
    for told in _of_a_strap(held):
        yield told


async def _heard(adapter: Adapter, wanted: str | None) -> Found | None:
    """Return the strap that is wanted, or the one that is heard best."""
    if wanted is not None:
        return await find(adapter, wanted, timeout=HEARD_WITHIN)
    ends = asyncio.get_running_loop().time() + HEARD_WITHIN
    found: list[Found] = []
    while not found and asyncio.get_running_loop().time() < ends:
        found = await scan(adapter, timeout=HEARD_WITHIN / 4)
    return found[0] if found else None


async def _held(adapter: Adapter, strap: Found) -> HeldStrap:
    """Return how the strap stands once all of it is known, or after a while."""
    async with Holding(lambda address: Opened(adapter, address, strap.name)) as holding:
        holding.hold((ChosenStrap(strap.name, strap.address, CLIENT),))
        ends = asyncio.get_running_loop().time() + BEATS_WITHIN
        while True:
            (held,) = holding.stand()
            known = held.connected and held.asked and held.beats
            hopeless = held.trouble in (StrapTrouble.NO_HEART_RATE, StrapTrouble.NO_INTERVALS)
            if known or hopeless or asyncio.get_running_loop().time() > ends:
                return held
            await asyncio.sleep(LOOK)


def _with_bluetooth() -> list[_Told]:
    return [
        (Piece.SERVICE, True, tr("The Bluetooth service answers."), ""),
        (Piece.PERMISSION, True, tr("Interbeat may use Bluetooth."), ""),
        (Piece.ADAPTER, True, tr("A Bluetooth adapter is there and switched on."), ""),
    ]


def _without_bluetooth(trouble: BluetoothTrouble) -> list[_Told]:
    """Return the pieces up to the one that fails."""
    told = _with_bluetooth()
    place = [piece for piece, *_ in told].index(_FAILS[trouble])
    what, do = bluetooth_advice(trouble, sys.platform)
    return [*told[:place], (_FAILS[trouble], False, f"{what} {do}", trouble)]


def _strap(strap: Found) -> str:
    return tr(
        "{name} ({address}) is heard, {rssi} dBm.",
        name=strap.name or tr("A strap without a name"),
        address=strap.address,
        rssi=strap.rssi,
    )


def _of_a_strap(held: HeldStrap) -> list[_Told]:
    trouble: Trouble | None = held.trouble
    if not held.connected:
        why: Trouble = trouble or StrapTrouble.REFUSED
        return [(Piece.CONNECTION, False, strap_text(StrapTrouble(why)), why)]
    return [
        (Piece.CONNECTION, True, tr("It connects."), ""),
        _battery(held.battery_percent),
        _contact(held.skin),
        _first_beat(held),
    ]


def _battery(percent: int | None) -> _Told:
    if percent is None:
        return Piece.BATTERY, None, tr("It does not tell its battery."), ""
    if percent <= LOW_BATTERY:
        return Piece.BATTERY, False, tr("Battery {percent} %: change it.", percent=percent), "low"
    return Piece.BATTERY, True, tr("Battery {percent} %.", percent=percent), ""


_ON_SKIN: Final[Mapping[Skin, tuple[bool | None, str]]] = MappingProxyType(
    {
        Skin.ON: (True, translatable("It is on the skin.")),
        Skin.OFF: (False, translatable("It is not on the skin: wear it, damp its pads.")),
        Skin.NOT_TOLD: (None, translatable("It does not tell whether it is on the skin.")),
        Skin.UNSURE: (None, translatable("It has not told yet whether it is on the skin.")),
    }
)


def _contact(skin: Skin) -> _Told:
    good, said = _ON_SKIN[skin]
    return Piece.CONTACT, good, tr(said), "" if good is not False else skin


def _first_beat(held: HeldStrap) -> _Told:
    if held.beats:
        return Piece.FIRST_BEAT, True, tr("Beats arrive."), ""
    if held.trouble is StrapTrouble.NO_INTERVALS:
        return Piece.FIRST_BEAT, False, strap_text(held.trouble), held.trouble
    said = tr("No beat arrived: wear it, damp its pads, sit still for a moment.")
    return Piece.FIRST_BEAT, False, said, "no beat"


def _clocks(before: Clocks, after: Clocks) -> tuple[Piece, bool, str]:
    apart = (after.wall - before.wall) - (after.session - before.session)
    if abs(apart) <= APART:
        return Piece.CLOCKS, True, tr("Both clocks of this computer run alike.")
    return (
        Piece.CLOCKS,
        False,
        tr(
            "The time of day jumped by {seconds:.1f} s meanwhile: let this computer set its clock "
            "before a session.",
            seconds=apart,
        ),
    )


def _disk(folder: Path) -> tuple[Piece, bool, str]:
    there = next(one for one in (folder, *folder.absolute().parents) if one.exists())
    if not os.access(there, os.W_OK):
        said = tr("Nothing can be written to {folder}: choose another with --store.", folder=there)
        return Piece.DISK, False, said
    free = shutil.disk_usage(there).free
    if free < ROOM:
        said = tr("Only {mb} MB are free on the disk: make room.", mb=free // 1_000_000)
        return Piece.DISK, False, said
    return Piece.DISK, True, tr("There is room on the disk.")
