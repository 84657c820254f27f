"""A screen reader: it knows the window by the accessibility bus alone, and acts on it there."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest
from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus

from tests.end_to_end.program import PATIENCE
from tests.views import REQUIRED

SERVICE = Path("/usr/share/dbus-1/services/org.a11y.Bus.service")
REGISTRY = "org.a11y.atspi.Registry"
ROOT = "/org/a11y/atspi/accessible/root"
ACCESSIBLE = "org.a11y.atspi.Accessible"
ACTION = "org.a11y.atspi.Action"
TEXT = "org.a11y.atspi.EditableText"
CHECKED, SHOWING = 1 << 4, 1 << 25
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Part:
    """What a screen reader knows of one part of a window."""

    bus: str
    path: str
    role: str
    name: str
    state: int
    actions: tuple[str, ...]

    @property
    def showing(self) -> bool:
        return bool(self.state & SHOWING)

    @property
    def checked(self) -> bool:
        return bool(self.state & CHECKED)


@contextmanager
def session_bus() -> Iterator[str]:
    """Yield the address of a session bus with accessibility; skip where there is none."""
    missing = [] if SERVICE.exists() else ["at-spi2-core"]
    missing += [] if shutil.which("dbus-daemon") else ["dbus"]
    if missing:
        why = f"{missing[0]} is not installed: no accessibility bus."
        pytest.fail(why) if REQUIRED else pytest.skip(why)
    command = ["dbus-daemon", "--session", "--nofork", "--print-address"]
    # The picture of the test's own display is none of its business.
    surroundings = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=surroundings
    ) as daemon:
        assert daemon.stdout is not None
        yield daemon.stdout.readline().strip()
        daemon.terminate()


class ScreenReader:
    """Sees the parts of all windows on a bus, presses and writes; `heard` is what was said."""

    def __init__(self, address: str) -> None:
        self.heard: list[str] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._bus: MessageBus = self._wait(self._connected(address))

    def close(self) -> None:
        self._wait(_left(self._bus))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        self._loop.close()

    def _wait(self, what: Any) -> Any:
        future: Future[Any] = asyncio.run_coroutine_threadsafe(what, self._loop)
        return future.result(PATIENCE)

    async def _connected(self, address: str) -> MessageBus:
        session = await MessageBus(bus_address=address).connect()
        asked = Message(
            destination="org.a11y.Bus", path="/org/a11y/bus",
            interface="org.a11y.Bus", member="GetAddress",
        )  # fmt: skip
        told = await session.call(asked)
        assert told is not None
        await _left(session)
        bus = await MessageBus(bus_address=told.body[0]).connect()
        bus.add_message_handler(self._hear)
        listens = Message(
            destination=REGISTRY, path="/org/a11y/atspi/registry",
            interface=REGISTRY, member="RegisterEvent",
            signature="s", body=["object:announcement"],
        )  # fmt: skip
        await bus.call(listens)
        match = "type='signal',interface='org.a11y.atspi.Event.Object',member='Announcement'"
        hears = Message(
            destination="org.freedesktop.DBus", path="/org/freedesktop/DBus",
            interface="org.freedesktop.DBus", member="AddMatch", signature="s", body=[match],
        )  # fmt: skip
        await bus.call(hears)
        return bus

    def _hear(self, message: Message) -> None:
        if message.member == "Announcement":
            self.heard.append(message.body[3].value)

    async def _ask(
        self, bus: str, path: str, interface: str, member: str, signature: str = "", *body: object
    ) -> Any:
        """Return what a part answers, None where it has gone or knows nothing of this."""
        asked = Message(
            destination=bus, path=path, interface=interface, member=member,
            signature=signature, body=list(body),
        )  # fmt: skip
        told = await asyncio.wait_for(self._bus.call(asked), PATIENCE)
        if told is None or told.message_type is MessageType.ERROR:
            return None
        return told.body[0] if told.body else True

    def parts(self) -> list[Part]:
        """All parts of all windows there are now."""
        found: list[Part] = self._wait(self._all_parts())
        return found

    async def _all_parts(self) -> list[Part]:
        programs = await self._ask(REGISTRY, ROOT, ACCESSIBLE, "GetChildren") or []
        found: list[Part] = []
        for bus, path in programs:
            for window in await self._ask(bus, path, ACCESSIBLE, "GetChildren") or []:
                found += await self._below(*window)
        return found

    async def _below(self, bus: str, path: str) -> list[Part]:
        properties = "org.freedesktop.DBus.Properties"
        name, role, state, actions, children = await asyncio.gather(
            self._ask(bus, path, properties, "Get", "ss", ACCESSIBLE, "Name"),
            self._ask(bus, path, ACCESSIBLE, "GetRoleName"),
            self._ask(bus, path, ACCESSIBLE, "GetState"),
            self._ask(bus, path, ACTION, "GetActions"),
            self._ask(bus, path, ACCESSIBLE, "GetChildren"),
        )
        if None in (name, role, state):
            return []  # it went meanwhile
        known = tuple(one[0] for one in actions or [])
        whole = state[0] | state[1] << 32
        found = [Part(bus, path, role, name.value, whole, known)]
        for below in await asyncio.gather(*(self._below(*child) for child in children or [])):
            found += below
        return found

    def finds(self, words: str, action: str = "") -> Part:
        """Return the part that shows and is called by these words, as soon as there is one."""
        end = time.monotonic() + PATIENCE
        while True:
            parts = self.parts()
            for part in parts:
                acts = not action or action in part.actions
                if words in part.name and part.showing and acts:
                    return part
            assert time.monotonic() < end, (words, [p.name for p in parts if p.showing])
            time.sleep(0.1)

    def press(self, words: str) -> None:
        """Press what is called by these words; once more where it went before it was pressed."""
        end = time.monotonic() + PATIENCE
        while True:
            part = self.finds(words, "Press")
            place = part.actions.index("Press")
            if self._wait(self._ask(part.bus, part.path, ACTION, "DoAction", "i", place)):
                return
            assert time.monotonic() < end, words

    def leads(self, words: str, to: str) -> None:
        """Press, and wait for what shows then."""
        self.press(words)
        self.finds(to)

    def presses(self, words: str, holds: Callable[[], object]) -> None:
        """Press, and wait until something holds that comes of it."""
        self.press(words)
        end = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < end, words
            time.sleep(0.1)

    def write(self, field: str, words: str) -> None:
        """Write words in a field."""
        part = self.finds(field, "SetFocus")
        assert self._wait(self._ask(part.bus, part.path, TEXT, "SetTextContents", "s", words))

    def hears(self, words: str) -> bool:
        """Return whether these words are said, within a minute."""
        end = time.monotonic() + PATIENCE
        while not any(words in one for one in self.heard):
            if time.monotonic() > end:
                return False
            time.sleep(0.1)
        return True


async def _left(bus: MessageBus) -> None:
    bus.disconnect()
    await bus.wait_for_disconnect()
