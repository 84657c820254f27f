"""The straps that the desk is connected with while a person still chooses.

What they send then is not kept and not shown: only whether it tells of the skin, and of beats. A
session takes over the very links.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import TracebackType

from devices.codec import HEART_RATE, HeartRate, decode
from devices.link import (
    Connected,
    Link,
    LinkState,
    NoBluetooth,
    Notification,
    Record,
    StrapTrouble,
)
from devices.sources import Opened, real
from pipelines.recording.desk import ChosenStrap, HeldStrap, Skin
from pipelines.session import RATE_ALONE

NO_CHARGE = 100
"""Per cent above which what a strap says of its battery is no share."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What the packets of one connection told, apart from any heart rate.

    Attributes
    ----------
    heard : bool
        Whether there was one that could be read.
    contact : bool or None
        Whether the newest one feels skin, None where it does not tell.
    alone_since : float or None
        Since when (s) heart rates come without an interval.
    alone : bool
        Whether that has lasted so long that this device sends none.
    """

    heard: bool = False
    contact: bool | None = None
    alone_since: float | None = None
    alone: bool = False


def told(telling: Telling, record: Record) -> Telling:
    """Return what is told after one more record of a link."""
    match record:
        case Connected():
            return Telling()
        case Notification(time, kind, data) if kind == HEART_RATE:
            reading = decode(data)
            return _read(telling, reading, time) if isinstance(reading, HeartRate) else telling
    return telling


def _read(telling: Telling, reading: HeartRate, time: float) -> Telling:
    alone = reading.bpm > 0 and not reading.rr_ticks and reading.contact is not False
    since = (time if telling.alone_since is None else telling.alone_since) if alone else None
    lasts = since is not None and time - since >= RATE_ALONE
    return Telling(heard=True, contact=reading.contact, alone_since=since, alone=lasts)


def skin(telling: Telling, state: LinkState) -> Skin:
    """Return whether a connected strap is on the skin.

    The contact bit of real straps is false on every second connection (polar-ble-sdk issue 83):
    beats count for more.
    """
    if not telling.heard:
        return Skin.UNSURE
    if telling.contact is None:
        return Skin.NOT_TOLD
    if telling.contact or state is LinkState.BEATS:
        return Skin.ON
    return Skin.OFF if state is LinkState.OFF_SKIN else Skin.UNSURE


class Held:
    """One strap that is held: its link, and what that told.

    Parameters
    ----------
    strap : ChosenStrap
        Which.
    opened : Opened
        How it is reached.
    after : asyncio.Task or None
        What has to be over before: an earlier link to this strap that is still being let go.
    """

    def __init__(
        self, strap: ChosenStrap, opened: Opened, after: asyncio.Task[None] | None
    ) -> None:
        self.strap = strap
        self.link = Link(opened.adapter, opened.wanted, emit=self._hear)
        self._telling = Telling()
        self.task = asyncio.create_task(self._run(after))

    async def _run(self, after: asyncio.Task[None] | None) -> None:
        if after is not None:
            await asyncio.wait((after,))
        await self.link.run()

    def _hear(self, record: Record) -> None:
        self._telling = told(self._telling, record)

    @property
    def is_over(self) -> bool:
        """Whether it has given up."""
        return self.task.done()

    @property
    def fails(self) -> bool:
        """Whether it has come to grief on connecting so far."""
        return self.link.trouble is not None

    def stands(self) -> HeldStrap:
        """Return how it stands."""
        link, state = self.link, self.link.state or LinkState.SEARCHING
        info = link.info
        charge = None if info is None else info.battery_percent
        connected = state in (LinkState.WAITING, LinkState.BEATS, LinkState.OFF_SKIN)
        trouble = link.trouble if isinstance(link.trouble, StrapTrouble) else None
        if connected and self._telling.alone:
            trouble = StrapTrouble.NO_INTERVALS
        return HeldStrap(
            name=self.strap.name,
            address=self.strap.address,
            role=self.strap.role,
            connected=connected,
            beats=state is LinkState.BEATS,
            asked=info is not None,
            battery_percent=None if charge is None or charge > NO_CHARGE else charge,
            skin=skin(self._telling, state) if connected else Skin.UNSURE,
            trouble=trouble,
            details="" if trouble is None else self._details(),
        )

    def _details(self) -> str:
        """Return what the system said, without whose strap it is."""
        error = self.link.error
        said = "" if error is None else f"{type(error).__name__}: {error}"
        for word in (self.strap.address, self.strap.name):
            said = said.replace(word, "...") if word else said
        return said


class Holding:
    """All straps that are held, in one running loop; those that are left are let go.

    Parameters
    ----------
    opened : callable
        How a strap is reached, by its address.
    """

    def __init__(self, opened: Callable[[str], Opened] = real) -> None:
        self._opened = opened
        self._held: dict[str, Held] = {}
        self._leaving: dict[str, asyncio.Task[None]] = {}

    async def __aenter__(self) -> Holding:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.hold(())
        await asyncio.gather(*self._leaving.values(), return_exceptions=True)

    def hold(self, straps: Iterable[ChosenStrap]) -> None:
        """Be connected with these straps alone.

        Who asks for the same ones again has those tried afresh with which that has failed so far.
        """
        wanted = {strap.address: strap for strap in straps}
        again = wanted.keys() == self._held.keys()
        for address, held in tuple(self._held.items()):
            if address not in wanted or held.is_over or (again and held.fails):
                self._let_go(address, held)
        for address, strap in wanted.items():
            if address in self._held:
                self._held[address].strap = strap
            else:
                after = self._leaving.pop(address, None)
                self._held[address] = Held(strap, self._opened(address), after)

    def _let_go(self, address: str, held: Held) -> None:
        held.link.stop()
        self._leaving[address] = held.task
        del self._held[address]

    def link(self, address: str) -> Link:
        """Return the link to a strap that is held, for a session to take it over."""
        return self._held[address].link

    def stand(self) -> tuple[HeldStrap, ...]:
        """Return how all of them stand."""
        return tuple(held.stands() for held in self._held.values())

    def unable(self) -> NoBluetooth | None:
        """Return why this computer can reach no strap, if a link says so."""
        for held in self._held.values():
            if held.task.done() and not held.task.cancelled():
                error = held.task.exception()
                if isinstance(error, NoBluetooth):
                    return error
        return None
