"""A window that is killed comes back as it was; a practice goes on with a strap from the window."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable

import pytest

from pipelines import store
from pipelines.drawing import DIM
from pipelines.recording import RemoteSession
from pipelines.session import Fate, PhaseName
from tests.devices.fake_bluez import FakeBluez
from tests.end_to_end.program import FAST, PASSPHRASE, eventually
from tests.end_to_end.test_straps import ONE, beats, bus, subscribed
from tests.end_to_end.test_window import (
    Opened,
    desk,
    display,
    heard,
    opened,
    phase,
    until,
)

pytestmark = [
    pytest.mark.view,
    pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc and needs an X server"),
]
__all__ = ["bus", "display", "opened"]


def killed(person: Opened) -> None:
    """Kill the window, and wait for the one that takes its place."""
    before = person.window()
    os.kill(before, signal.SIGKILL)
    assert eventually(lambda: person.window() not in (None, before))
    assert eventually(lambda: person.display.size() is not None)


def looks(person: Opened, remote: RemoteSession, key: str, **wanted: object) -> None:
    """Press a key until the recorder knows that the window looks so."""

    def told() -> bool:
        look = desk(remote).look
        return look is not None and all(getattr(look.live, k) == v for k, v in wanted.items())

    assert person.presses(key, told)


def ended(person: Opened, holds: Callable[[], object]) -> None:
    """End the practice from the calm screen; once more where the window had not come up yet."""

    def tried() -> bool:
        person.hit("Escape")
        time.sleep(0.5)
        for _ in range(2):  # to its end, and away
            person.hit("Return")
            time.sleep(0.5)
        return eventually(lambda: bool(holds()), within=20.0)

    assert eventually(tried)


@pytest.mark.long
def test_a_killed_window_comes_back_dim_calm_and_as_large_as_it_was(opened):
    person = opened()
    remote = person.simulates("4")
    assert eventually(lambda: heard(remote))
    looks(person, remote, "z", whole=True)
    looks(person, remote, "d", dim=True)
    killed(person)
    assert eventually(lambda: person.display.colour(4, 400) == DIM.paper.upper())
    assert person.display.size() == (1280, 800)

    person.display.resize(1000, 640)
    assert eventually(lambda: (desk(remote).look.width, desk(remote).look.height) == (1000, 640))
    looks(person, remote, "Escape", calm=True, whole=True, dim=True)
    killed(person)
    assert eventually(lambda: person.display.size() == (1000, 640))
    assert eventually(lambda: person.display.colour(4, 400) == DIM.paper.upper())
    # Enter finishes on the calm screen, and nowhere else.
    assert person.hits_until("Return", lambda: phase(remote) is PhaseName.FINISHED)
    remote.close()
    person.end()


@pytest.mark.long
@pytest.mark.parametrize("kept", [True, False])
async def test_a_practice_goes_on_with_a_strap_from_the_window(bus, opened, tmp_path, kept):
    own = tmp_path / ".local" / "share" / "interbeat" / "library"
    store.create_library(own, PASSPHRASE, show=lambda _: None, cost=FAST)
    more = {"INTERBEAT_PASSPHRASE": PASSPHRASE} if kept else {}
    async with FakeBluez(bus) as bluez:
        strap = bluez.add(*ONE)
        person = await asyncio.to_thread(
            opened, DBUS_SYSTEM_BUS_ADDRESS=bus, TMPDIR=str(tmp_path), **more
        )
        await asyncio.to_thread(person.hit, "2")
        await until(lambda: bluez._scanning)
        assert not strap.connected
        await asyncio.to_thread(person.hit, "Return")  # the words before a first practice
        await asyncio.sleep(1.5)
        assert await asyncio.to_thread(person.presses, "w", lambda: strap.connected)
        await subscribed(strap)
        await beats(strap, 20)
        strap.drop()  # the guide goes on
        await subscribed(strap)
        await beats(strap, 10)
        before = await asyncio.to_thread(person.window)
        await asyncio.to_thread(killed, person)
        assert before is not None
        await beats(strap, 10)
        await asyncio.sleep(2.0)
        await asyncio.to_thread(ended, person, lambda: not strap.connected)
        await asyncio.sleep(1.0)
        err = await asyncio.to_thread(person.end)
    sessions = store.open_library(own, PASSPHRASE).sessions()
    assert [one.beats for one in sessions] == ([40] if kept else [])
    assert ("nothing of it is kept" in err) is not kept
    assert not list(tmp_path.glob("**/interbeat-*"))


def test_fates_are_told_while_a_practice_that_is_not_kept_goes_on():
    import msgspec

    from docs import moments
    from pipelines.words import where_kept

    going = msgspec.structs.replace(moments.live().state, fate=Fate.THROWN)
    assert where_kept(going, reachable=True) != where_kept(moments.live().state, reachable=True)
