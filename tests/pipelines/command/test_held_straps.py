"""Straps that are chosen before a session: the desk connects, and a session takes over.

Unmodified bleak on a private bus with a fake bluetoothd; the window is left out.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from devices.codec.heart_rate import HeartRate, encode
from devices.link import LinkState, StrapTrouble
from devices.scripted import REPLAY
from pipelines import store
from pipelines.analysis import encode_result, summaries
from pipelines.command import signals
from pipelines.command.keeper import Keeper
from pipelines.command.opening import Clerk, last_strap
from pipelines.command.signals import ended_by_signals
from pipelines.recording import (
    Begin,
    ChosenStrap,
    Desk,
    HeldStrap,
    Leave,
    LibraryState,
    Listen,
    Skin,
)
from pipelines.session import Link, Packet, Source, Strap, beats_of
from tests.devices.faked.device import FakeStrap
from tests.devices.faked.service import FakeBluez
from tests.end_to_end.program import FAST, PASSPHRASE, PATIENCE
from tests.end_to_end.test_straps import ONE, TWO, bus

pytestmark = [
    pytest.mark.skipif(
        sys.platform != "linux" or shutil.which("dbus-daemon") is None,
        reason="the fake bluetoothd needs dbus-daemon (Debian package dbus) on Linux",
    ),
]
__all__ = ["bus"]

CLIENT, THERAPIST = ChosenStrap(*ONE, "client"), ChosenStrap(*TWO, "therapist")


class Person:
    """Who asks the clerk for things, and sees how the desk stands."""

    def __init__(self, keeper: Keeper, library: store.Library, bluez: FakeBluez) -> None:
        self.keeper, self.library, self.bluez = keeper, library, bluez
        clerk = Clerk(keeper, library.folder, library)

        def work() -> None:
            while not keeper.over.is_set():
                errand = keeper.next(within=0.05)
                if errand is not None:
                    clerk.do(errand)

        self.thread = threading.Thread(target=work, daemon=True)
        self.thread.start()

    def ask(self, *errands: object) -> None:
        for errand in errands:
            self.keeper._take(errand)

    @property
    def desk(self) -> Desk:
        return self.keeper._told()

    def held(self, strap: ChosenStrap = CLIENT) -> HeldStrap | None:
        return next((one for one in self.desk.held if one.address == strap.address), None)

    async def sees(self, holds: Callable[[], object]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not holds():
                await asyncio.sleep(0.02)

    async def leaves(self) -> None:
        signals._told()
        await asyncio.to_thread(self.thread.join, PATIENCE)
        assert not self.thread.is_alive()


@pytest.fixture
def keeper(monkeypatch: pytest.MonkeyPatch, bus: str) -> Iterator[Keeper]:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", bus)
    with Keeper(LibraryState.OPEN) as made, ended_by_signals(made.over.set):
        monkeypatch.setattr(Keeper, "is_open", property(lambda _: True))
        monkeypatch.setattr(Keeper, "watched", property(lambda _: True))
        yield made


@pytest.fixture
def library(tmp_path: Path) -> store.Library:
    folder = tmp_path / "library"
    return store.create_library(folder, PASSPHRASE, show=lambda _: None, cost=FAST)


@asynccontextmanager
async def room(
    bus: str, keeper: Keeper, library: store.Library, *names: tuple[str, str]
) -> AsyncIterator[tuple[Person, list[FakeStrap]]]:
    async with FakeBluez(bus) as bluez:
        straps = [bluez.add(*name) for name in names]
        person = Person(keeper, library, bluez)
        yield person, straps
        await person.leaves()


def reading(number: int = 0, *, contact: bool | None = True) -> bytes:
    return encode(HeartRate(60, contact=contact, rr_ticks=(900 + number,)))


async def test_a_chosen_strap_tells_of_its_battery_and_the_skin(bus, keeper, library):
    async with room(bus, keeper, library, ONE, TWO) as (person, (one, two)):
        one.battery_percent = 80
        person.ask(Listen((CLIENT,)))
        await person.sees(lambda: person.held() and person.held().asked)
        held = person.held()
        assert (held.connected, held.battery_percent, held.skin) == (True, 80, Skin.UNSURE)
        await person.sees(lambda: one.subscribers)
        for contact, skin in ((True, Skin.ON), (None, Skin.NOT_TOLD)):
            one.send(reading(contact=contact))
            await person.sees(lambda skin=skin: person.held().skin is skin)
        for _ in range(4):
            one.send(encode(HeartRate(0, contact=False)))
        await person.sees(lambda: person.held().skin is Skin.OFF)
        assert person.held().trouble is None
        assert not two.calls  # nobody wears it
        await person.sees(lambda: {strap.name for strap in person.desk.straps} == {ONE[0], TWO[0]})
    assert not library.sessions()
    assert not one.connected


async def test_others_are_heard_while_a_strap_is_connected_or_looked_for(bus, keeper, library):
    async with room(bus, keeper, library, ONE, TWO) as (person, (one, two)):
        two.visible = one.visible = False
        person.ask(Listen((CLIENT,)))
        await person.sees(lambda: person.held() and person.held().trouble is StrapTrouble.UNHEARD)
        two.visible = True
        await person.sees(lambda: [strap.name for strap in person.desk.straps] == [TWO[0]])
        one.visible = True
        await person.sees(lambda: person.held().connected)
        await person.sees(lambda: person.bluez.adapter.scanning)
        await person.sees(lambda: person.desk.straps[0].ago < 0.5)


async def test_a_session_takes_over_the_link_with_what_is_known_of_it(bus, keeper, library):
    async with room(bus, keeper, library, ONE, TWO) as (person, straps):
        chosen = (CLIENT, THERAPIST)
        person.ask(Listen(chosen))
        await person.sees(
            lambda: all(person.held(one) and person.held(one).asked for one in chosen)
        )
        for number in range(3):
            for strap in straps:
                strap.send(reading(number))
        await person.sees(lambda: all(person.held(one).beats for one in chosen))
        person.ask(Begin(chosen))
        await person.sees(lambda: person.desk.session is not None)
        await person.sees(lambda: person.keeper._recorder._links)
        for number in range(10, 15):
            for strap in straps:
                strap.send(reading(number))
            await asyncio.sleep(0.1)
        session = person.desk.session
        recorder = person.keeper._recorder
        await person.sees(lambda: recorder._engine.received >= 10)
    for strap in straps:
        assert [strap.calls.count(call) for call in ("Connect", "Disconnect")] == [1, 1]
    (kept,) = library.sessions()
    assert (kept.id, kept.beats) == (session, 10)
    events = library.events(session)
    live, offline = summaries(recorder._engine.source_beats()), summaries(beats_of(events))
    assert list(map(encode_result, live)) == list(map(encode_result, offline))
    for number, strap in enumerate(straps):
        own = [event for event in events if getattr(event, "source", None) == number]
        packets = [event for event in own if isinstance(event, Packet)]
        assert [event.data for event in packets] == [reading(n) for n in range(10, 15)]
        before = [event for event in own if event.time < packets[0].time]
        links = [event.state for event in before if isinstance(event, Link)]
        assert links == [LinkState.BEATS]
        assert [event.battery_percent for event in before if isinstance(event, Strap)] == [85]
        assert before[-1].time < 1.0
        assert not strap.connected


async def test_a_strap_that_is_chosen_no_more_is_let_go_and_can_come_back(bus, keeper, library):
    async with room(bus, keeper, library, ONE, TWO) as (person, (one, two)):
        person.ask(Listen((CLIENT,)))
        await person.sees(lambda: one.subscribers)
        person.ask(Listen((THERAPIST,)))
        await person.sees(lambda: not one.connected)
        await person.sees(lambda: two.subscribers)
        person.ask(Listen((THERAPIST, CLIENT)), Listen((THERAPIST,)), Listen((THERAPIST, CLIENT)))
        await person.sees(lambda: one.subscribers)
        assert two.calls.count("Connect") == 1
        person.ask(Leave())
        await person.sees(lambda: not (one.connected or two.connected))
        assert person.desk.held == ()
        assert not one.subscribers


async def test_a_strap_that_another_app_holds_is_told_and_tried_again(bus, keeper, library):
    async with room(bus, keeper, library, ONE) as (person, (one,)):
        one.refusals = 1
        one.visible = True
        person.ask(Listen((CLIENT,)))
        await person.sees(lambda: person.held() and person.held().trouble is StrapTrouble.REFUSED)
        assert ONE[1] not in person.held().details
        person.ask(Listen((CLIENT,)))
        await person.sees(lambda: person.held() and person.held().connected)
        assert person.held().trouble is None


async def test_what_tells_nothing_offers_nothing_or_sends_no_intervals_is_told(
    bus, keeper, library
):
    async with room(bus, keeper, library, ONE, TWO) as (person, (one, two)):
        one.battery_percent, two.offers_heart_rate = None, False
        person.ask(Listen((CLIENT, THERAPIST)))
        await person.sees(lambda: person.held() and person.held().asked)
        assert person.held().battery_percent is None
        await person.sees(lambda: person.held(THERAPIST).trouble is StrapTrouble.NO_HEART_RATE)

        async def sends_rates() -> None:
            while True:
                one.send(encode(HeartRate(64)))
                await asyncio.sleep(0.5)

        sending = asyncio.create_task(sends_rates())
        await person.sees(lambda: person.held().trouble is StrapTrouble.NO_INTERVALS)
        sending.cancel()
        one.send(reading())
        await person.sees(lambda: person.held().trouble is None)


async def test_a_strap_that_never_answers_is_let_go_and_the_others_are_heard(bus, keeper, library):
    async with room(bus, keeper, library, ONE, TWO) as (person, (one, two)):
        one.answers_connect = False
        person.ask(Listen((CLIENT,)))
        await person.sees(lambda: "Connect" in one.calls)
        person.ask(Listen((THERAPIST,)))
        await person.sees(lambda: "Disconnect" in one.calls)
        await person.sees(lambda: two.subscribers)
        one.answers_connect = True
        person.ask(Listen((CLIENT, THERAPIST)))
        await person.sees(lambda: one.subscribers)
        assert two.calls.count("Connect") == 1


async def test_a_session_begun_at_once_searches_and_records(bus, keeper, library):
    async with room(bus, keeper, library, ONE) as (person, (one,)):
        person.ask(Begin((CLIENT,)))
        await person.sees(lambda: one.subscribers)
        for number in range(5):
            one.send(reading(number))
        await person.sees(lambda: person.keeper._recorder._engine.received == 5)
    (kept,) = library.sessions()
    links = [event.state for event in library.events(kept.id) if isinstance(event, Link)]
    assert links[:3] == [LinkState.SEARCHING, LinkState.WAITING, LinkState.BEATS]


async def test_the_unit_of_a_strap_that_is_known_counts_in_a_session_that_takes_it_over(
    bus, keeper, library
):
    library.remember_ticks({ONE[1].casefold(): 1000})
    async with room(bus, keeper, library, ONE) as (person, (one,)):
        person.ask(Listen((CLIENT,)))
        await person.sees(lambda: one.subscribers)
        person.ask(Begin((CLIENT,)))
        await person.sees(lambda: person.keeper._recorder and person.keeper._recorder._links)
        one.send(reading())
        await person.sees(lambda: person.keeper._recorder._engine.received == 1)
    (kept,) = library.sessions()
    sources = [event for event in library.events(kept.id) if isinstance(event, Source)]
    assert [event.ticks for event in sources] == [1024, 1000]


def test_the_strap_used_last_is_one_that_can_be_found_again(library):
    for at, address in enumerate(("AA:BB", "", REPLAY)):
        writer = library.new_session(1.7e9 + at)
        writer.append([Source(0.0, 0, "client", "H10 4711", address)])
        writer.close(beats=3)
        found = last_strap(library)
        real = address == "AA:BB"
        assert found == (ChosenStrap("H10 4711", address, "client") if real else None)
