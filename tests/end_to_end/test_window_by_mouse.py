"""The whole way through a real window by mouse alone; only the passphrase is typed."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from pipelines import store
from pipelines.drawing import DIM
from pipelines.recording import RemoteSession
from pipelines.session import PhaseName
from pipelines.store import running_sessions
from tests.devices.fake_bluez import FakeBluez, FakeStrap
from tests.end_to_end.program import PASSPHRASE, PATIENCE, eventually
from tests.end_to_end.test_straps import ONE, beats, bus
from tests.end_to_end.test_window import Opened, desk, display, listed, marks, opened, phase
from tests.views import trouble

if TYPE_CHECKING:
    from tests.end_to_end.mouse import Mouse

pytestmark = [
    pytest.mark.view,
    pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc and needs an X server"),
    pytest.mark.skipif(trouble() is not None, reason="Qt cannot draw here"),
]
__all__ = ["bus", "display", "opened"]


def until(click: Callable[[], None], holds: Callable[[], object]) -> None:
    """Click, once more where the window was not there yet, until something holds."""

    def tried() -> bool:
        click()
        return eventually(lambda: bool(holds()), within=20.0)

    assert eventually(tried)


def turned(person: Opened, click: Callable[[], None]) -> None:
    """Click, and see the page change."""
    before = person.display.picture()
    click()
    assert person.display.rests_otherwise(before)


def to_the_straps(person: Opened, mouse: Mouse) -> None:
    turned(person, lambda: mouse.start("session"))
    person.display.write(PASSPHRASE)
    mouse.second_field()
    person.display.write(PASSPHRASE)
    turned(person, lambda: mouse.page_key(mouse.FIRST, "enter"))
    assert not (person.own / "library.json").exists()
    until(mouse.written, (person.own / "library.json").exists)


def through_the_session(person: Opened, mouse: Mouse, remote: RemoteSession) -> None:
    until(lambda: mouse.live("mark"), lambda: marks(remote) == 1)
    mouse.live("label 1")
    assert eventually(lambda: marks(remote) == 2)
    person.display.rests_otherwise(0, within=2.0)
    until(lambda: mouse.help_row("pause"), lambda: phase(remote) is PhaseName.PAUSED)
    until(lambda: mouse.help_row("pause"), lambda: phase(remote) is PhaseName.SESSION)
    mouse.live("dim")
    assert eventually(lambda: person.display.colour(4, 400) == DIM.paper.upper())
    mouse.dim_foot("mark")
    assert eventually(lambda: marks(remote) == 3)
    mouse.dim_foot("dim")
    assert eventually(lambda: person.display.colour(4, 400) != DIM.paper.upper())
    mouse.live("calm")
    assert eventually(lambda: desk(remote).look.live.calm)
    mouse.calm("mark")
    assert eventually(lambda: marks(remote) == 4)
    mouse.calm("finish")
    assert eventually(lambda: phase(remote) is PhaseName.FINISHED)
    time.sleep(1.0)
    until(lambda: mouse.page_key(mouse.FINISHED, "leave"), lambda: desk(remote).session is None)


def practised(person: Opened, mouse: Mouse, remote: RemoteSession) -> None:
    time.sleep(1.0)
    until(lambda: mouse.start("practice"), lambda: desk(remote).listening)
    until(mouse.begin_practice, lambda: desk(remote).look.practice)
    mouse.practice("pause")
    assert eventually(lambda: desk(remote).look.practice.paused)
    mouse.practice("calm")
    assert eventually(lambda: desk(remote).look.practice.calm)
    mouse.calm("finish")
    assert eventually(lambda: desk(remote).look.practice is None)
    remote.close()


@contextmanager
def a_strap_in_the_room(bus: str) -> Iterator[FakeStrap]:
    """Let a strap send whenever somebody listens; Qt wants the test's own thread for itself."""
    over, there, made = threading.Event(), threading.Event(), []

    async def send() -> None:
        async with FakeBluez(bus) as bluez:
            made.append(bluez.add(*ONE))
            there.set()
            while not over.is_set():
                await beats(made[0], 1)

    thread = threading.Thread(target=lambda: asyncio.run(send()), daemon=True)
    thread.start()
    assert there.wait(PATIENCE)
    try:
        yield made[0]
    finally:
        over.set()
        thread.join(PATIENCE)


@pytest.mark.long
def test_from_the_first_start_through_a_session_and_a_practice(bus, opened):
    from tests.end_to_end.mouse import Mouse

    with a_strap_in_the_room(bus) as strap:
        person = opened(DBUS_SYSTEM_BUS_ADDRESS=bus)
        mouse = Mouse(person.display)
        to_the_straps(person, mouse)
        assert eventually(lambda: listed(person))
        mouse.wear()
        time.sleep(0.5)
        begin = lambda: mouse.page_key(mouse.STRAPS, "begin")  # noqa: E731
        until(begin, lambda: running_sessions(person.own))
        assert eventually(lambda: strap.connected)
        remote = person.seen(person.own)
        through_the_session(person, mouse, remote)
        practised(person, mouse, remote)
        person.end()
    (kept,) = store.open_library(person.own, PASSPHRASE).sessions()
    assert [(one.role, one.device) for one in kept.sources] == [("client", ONE[0])]
    assert kept.beats > 0
