"""Trouble in a real window: it is told in words at once, tried again, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from pipelines import store
from pipelines.recording import Desk, RemoteSession, connect_at
from pipelines.session import Fate
from pipelines.store import read_contact, running_sessions
from tests.devices.faked.service import FakeBluez
from tests.end_to_end.program import FAST, PASSPHRASE, PATIENCE, eventually
from tests.end_to_end.test_straps import ONE, beats, bus, subscribed
from tests.end_to_end.test_window import (
    Opened,
    begun,
    desk,
    display,
    fate,
    finished,
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


def line_to(person: Opened) -> RemoteSession:
    """A line to the desk that stays where no session is recorded."""
    assert eventually(lambda: person.own.is_dir() and bool(running_sessions(person.own)))
    contact = read_contact(person.own, running_sessions(person.own)[0].session)
    return connect_at(contact.address, contact.authkey)


async def stands(remote: RemoteSession, **wanted: object) -> Desk:
    """Wait until the desk stands so."""
    async with asyncio.timeout(PATIENCE):
        while True:
            found = await asyncio.to_thread(desk, remote)
            if all(getattr(found, name) == value for name, value in wanted.items()):
                return found
            await asyncio.sleep(0.05)


@pytest.mark.long
async def test_a_bluetooth_service_that_is_gone_is_told_and_the_strap_tried_again(
    bus, opened, tmp_path
):
    own = tmp_path / ".local" / "share" / "interbeat" / "library"
    store.create_library(own, PASSPHRASE, show=lambda _: None, cost=FAST)
    async with FakeBluez(bus) as bluez:
        strap = bluez.add(*ONE)
        person = await begun(opened, bus, "Right", "Return")
        await subscribed(strap)
        (await asyncio.to_thread(person.seen, own)).close()  # what comes before is not kept
        remote = await asyncio.to_thread(line_to, person)
        await beats(strap, 20)
        await until(lambda: received(remote) == 20)
        await asyncio.to_thread(finished, person, remote)
        await still(person)
        await asyncio.to_thread(person.hit, "Escape")
        last = (await stands(remote, session=None)).last
        assert last is not None
    await still(person)
    await asyncio.to_thread(person.hit, "Return")  # the strap used last, and nobody to reach it
    told = await stands(remote, bluetooth="no bluetoothd")
    assert "ServiceUnknown" in told.details
    assert await asyncio.to_thread(fate, remote) is Fate.UNREACHED
    assert len(store.open_library(own, PASSPHRASE).sessions()) == 1
    async with FakeBluez(bus) as bluez:
        strap = bluez.add(*ONE)
        strap.refusals = 1
        await still(person)
        await asyncio.to_thread(person.hit, "r")
        await subscribed(strap)
        await beats(strap, 10)
        remote.close()
        await asyncio.to_thread(person.end)
    assert len(store.open_library(own, PASSPHRASE).sessions()) == 2


def test_a_recorder_that_is_killed_is_told_and_the_window_can_be_closed(opened):
    person = opened()
    before = person.display.picture()
    window = person.window()
    os.kill(person.process.pid, signal.SIGKILL)
    assert person.display.rests_otherwise(before)
    person.display.hit("Return")
    assert eventually(lambda: not _lives(window))


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False
