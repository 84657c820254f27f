"""Connect in a real window: a chosen strap is connected at once, told of, let go or taken over."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from devices.codec.heart_rate import HeartRate, encode
from pipelines import store
from pipelines.drawing import LIGHT
from pipelines.recording import RemoteSession
from pipelines.session import Link, Packet, Strap
from pipelines.store import running_sessions
from tests.devices.faked.device import FakeStrap
from tests.devices.faked.service import FakeBluez
from tests.end_to_end.program import FAST, PASSPHRASE, PATIENCE
from tests.end_to_end.test_straps import ONE, beats, bus, subscribed
from tests.end_to_end.test_window import (
    Opened,
    begun,
    display,
    finished,
    listed,
    opened,
    received,
    still,
    until,
)

pytestmark = [
    pytest.mark.view,
    pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc and needs an X server"),
]
__all__ = ["bus", "display", "opened"]

SKIN = (551, 213)
"""Where the dot of a strap on the skin is, in the first row."""
EDGE = (33, 276)
"""Where the edge of the first row is while something is wrong with its strap."""
TRY_AGAIN = (740, 272)


@pytest.fixture
def library(tmp_path: Path) -> store.Library:
    own = tmp_path / ".local" / "share" / "interbeat" / "library"
    return store.create_library(own, PASSPHRASE, show=lambda _: None, cost=FAST)


async def on_the_skin(person: Opened, strap: FakeStrap) -> None:
    """Send heartbeats until the row says that the strap touches the skin."""
    async with asyncio.timeout(PATIENCE):
        while person.display.colour(*SKIN) != LIGHT.lake:
            strap.send(encode(HeartRate(60, contact=True, rr_ticks=(700,))))
            await asyncio.sleep(0.2)


def battery(remote: RemoteSession) -> int | None:
    snapshot = remote.snapshot()
    return snapshot.sources[0].battery_percent if snapshot and snapshot.sources else None


@pytest.mark.long
async def test_what_is_connected_on_connect_is_what_is_recorded(bus, opened, library):
    async with FakeBluez(bus) as bluez:
        strap = bluez.add(*ONE)
        person = await begun(opened, bus, "Right")
        await subscribed(strap)
        assert person.display.colour(*SKIN) != LIGHT.lake
        await on_the_skin(person, strap)
        assert strap.calls.count("ReadValue") == 1  # its battery
        assert not running_sessions(library.folder)
        assert not library.sessions()  # nothing of this is kept
        await asyncio.to_thread(person.hit, "Return")
        remote = await asyncio.to_thread(person.seen, library.folder)
        await until(lambda: battery(remote) == strap.battery_percent)
        await beats(strap, 20)
        await until(lambda: received(remote) == 20)
        await asyncio.to_thread(finished, person, remote)
        await still(person)
        remote.close()
        await asyncio.to_thread(person.end)
        assert [strap.calls.count(call) for call in ("Connect", "Disconnect")] == [1, 1]
    (kept,) = library.sessions()
    log = library.events(kept.id)
    packets = [event.data for event in log if isinstance(event, Packet)]
    assert packets == [encode(HeartRate(60, rr_ticks=(900 + number,))) for number in range(20)]
    assert kept.beats == 20
    kinds = [type(event) for event in log if isinstance(event, Link | Strap | Packet)]
    assert kinds[:3] == [Link, Strap, Packet]


@pytest.mark.long
async def test_a_strap_is_let_go_when_it_is_chosen_no_more_left_or_the_window_closed(
    bus, opened, library
):
    async with FakeBluez(bus) as bluez:
        strap = bluez.add(*ONE)
        person = await begun(opened, bus, "Right")
        await subscribed(strap)
        await asyncio.to_thread(person.hit, "Left")
        await until(lambda: not strap.connected)
        await until(lambda: bluez.adapter.scanning)
        await asyncio.to_thread(person.hit, "Right")
        await subscribed(strap)
        await asyncio.to_thread(person.hit, "Escape")
        await until(lambda: not strap.connected)
        await until(lambda: not bluez.adapter.scanning)
        await still(person)
        await asyncio.to_thread(person.hit, "1")
        await until(lambda: listed(person))
        await asyncio.to_thread(person.hit, "Right")
        await subscribed(strap)
        ending = asyncio.create_task(asyncio.to_thread(person.end))
        await until(lambda: not strap.connected)
        await ending
    assert not library.sessions()


@pytest.mark.long
async def test_a_strap_that_another_app_holds_is_told_and_tried_again_by_a_click(
    bus, opened, library
):
    async with FakeBluez(bus) as bluez:
        strap = bluez.add(*ONE)
        strap.refusals = 10_000
        person = await begun(opened, bus, "Right")
        await until(lambda: person.display.colour(*EDGE) == LIGHT.lake)
        strap.refusals = 0
        await asyncio.to_thread(person.display.click, *TRY_AGAIN)
        await subscribed(strap)
        await until(lambda: person.display.colour(*EDGE) != LIGHT.lake)
        await asyncio.to_thread(person.end)
        assert not strap.connected
