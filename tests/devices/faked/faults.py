"""What goes wrong with Bluetooth, stated as data: `async with going_wrong(bluez, fault)`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeAlias

from tests.devices.faked.device import FakeStrap
from tests.devices.faked.service import FakeBluez


class Everywhere(Enum):
    """What befalls all straps."""

    OFF = auto()
    """The adapter is switched off."""
    UNPLUGGED = auto()
    """The adapter is pulled out."""
    RESTARTED = auto()
    """The service is stopped in order, as for an update."""
    CRASHED = auto()
    """The service ends without a word."""
    DENIED = auto()
    """This user may not use Bluetooth any more, and links are lost."""


class AtOne(Enum):
    """What befalls one strap."""

    AWAY = auto()
    """It is out of range."""
    DROPS = auto()
    """Its link is lost, though it is in range."""
    REFUSES = auto()
    """Its link is lost, and it is heard, but does not let anybody connect."""
    HANGS = auto()
    """Its link is lost, and it is heard, but does not answer who connects."""
    MUTE = auto()
    """It answers no reads, which holds up what is asked after them."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong, from `at` for `lasting` seconds, with strap number `strap`."""

    what: Everywhere | AtOne
    strap: int = 0
    at: float = 0.0
    lasting: float = 0.0


Faults: TypeAlias = Iterable[Fault]


async def happen(bluez: FakeBluez, faults: Faults) -> None:
    """Let faults happen, each at its time from now, until the last one is over."""
    await asyncio.gather(*(_happens(bluez, fault) for fault in faults))


async def _happens(bluez: FakeBluez, fault: Fault) -> None:
    await asyncio.sleep(fault.at)
    async with going_wrong(bluez, fault):
        await asyncio.sleep(fault.lasting)


@asynccontextmanager
async def going_wrong(bluez: FakeBluez, fault: Fault) -> AsyncIterator[None]:
    """Have one thing wrong meanwhile."""
    await _begin(bluez, fault)
    yield
    await _end(bluez, fault)


async def _begin(bluez: FakeBluez, fault: Fault) -> None:
    match fault.what:
        case Everywhere.OFF:
            bluez.power(on=False)
        case Everywhere.UNPLUGGED:
            bluez.unplug()
        case Everywhere.RESTARTED | Everywhere.CRASHED:
            await bluez.stop(crash=fault.what is Everywhere.CRASHED)
        case Everywhere.DENIED:
            bluez.adapter.denied = True
            for strap in bluez.straps:
                strap.drop()
        case AtOne():
            _befall(bluez.straps[fault.strap], fault.what)


def _befall(strap: FakeStrap, what: AtOne) -> None:
    match what:
        case AtOne.AWAY:
            strap.visible = False
        case AtOne.REFUSES:
            strap.refusals = 10**9
        case AtOne.HANGS:
            strap.answers_connect = False
        case AtOne.MUTE:
            strap.answers_reads = False
    if what is not AtOne.MUTE:
        strap.drop()


async def _end(bluez: FakeBluez, fault: Fault) -> None:
    match fault.what:
        case Everywhere.OFF:
            bluez.power(on=True)
        case Everywhere.UNPLUGGED:
            bluez.plug()
        case Everywhere.RESTARTED | Everywhere.CRASHED:
            await bluez.start()
        case Everywhere.DENIED:
            bluez.adapter.denied = False
        case AtOne():
            strap = bluez.straps[fault.strap]
            strap.visible = strap.answers_connect = True
            strap.refusals = 0
            strap.answer_at_last()
