"""What a scenario is played on: the room, the daemons, and the command as a person runs it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from devices.codec import HEART_RATE
from devices.codec.heart_rate import HeartRate, encode
from pipelines import store
from pipelines.session import Packet, Source
from tests.bluez.room import Room, Strap, until

COMMAND = str(Path(sysconfig.get_path("scripts")) / "interbeat")
PASSPHRASE = "seven quiet lamps"
ADAPTER = "/org/bluez/hci0"
BLUETOOTHD = "/usr/libexec/bluetooth/bluetoothd"


class Unexpected(AssertionError):  # noqa: N818 - what was seen
    """Something was seen that differs from what was expected."""


def expect(what: str, seen: object, expected: object) -> None:
    """Say what was expected and what was seen where the two differ."""
    if seen != expected:
        raise Unexpected(f"{what}: expected {expected!r}, saw {seen!r}")


class Bench:
    """The bus, bluetoothd and the room; `async with` it for one scenario, which leaves no strap."""

    def __init__(self) -> None:
        self.room = Room()
        self._service: asyncio.subprocess.Process | None = None
        self.waits = list[float]()
        """Seconds until straps that came back were listened to, in the newest scenario."""
        self._recordings: list[Recording] = []

    @classmethod
    async def begun(cls) -> Bench:
        """Start the daemons and plug the controller in."""
        for module in ("hci_vhci", "cmac", "ecb", "aes_generic"):
            subprocess.run(["modprobe", module], check=module == "hci_vhci")
        Path("/run/dbus").mkdir(exist_ok=True)
        await asyncio.create_subprocess_exec("dbus-daemon", "--system", "--nofork")
        await until(Path("/run/dbus/system_bus_socket").exists)
        bench = cls()
        await bench.room.begin()
        await bench.start_service()
        return bench

    async def start_service(self) -> None:
        """Start bluetoothd, and switch the adapter on."""
        self._service = await asyncio.create_subprocess_exec(BLUETOOTHD, "--nodetach")
        await self.switch(on=True)

    async def crash_service(self) -> None:
        """End bluetoothd without a word."""
        assert self._service is not None
        self._service.kill()
        await self._service.wait()

    async def switch(self, *, on: bool) -> None:
        """Switch the adapter on or off, as the system's settings do, once it is there."""
        async with asyncio.timeout(60):
            while await ended("dbus-send", "--system", "--print-reply", *powered(on)):
                await asyncio.sleep(0.5)

    async def __aenter__(self) -> Bench:
        return self

    async def __aexit__(self, *_: object) -> None:
        for recording in self._recordings:
            await recording.kill()
        self._recordings.clear()
        self.waits = await self.room.clear()

    async def run(self, *arguments: str) -> tuple[int | None, str, str]:
        """Run the command to its end; return its exit code, and what it says."""
        process = await started(*arguments)
        out, errors = await process.communicate()
        return process.returncode, out.decode(), errors.decode()

    async def live(self, *straps: Strap, by: Sequence[str] = ()) -> Recording:
        """Record these straps, named by their addresses or as told, and wait until they send."""
        recording = await self.begin(*(by or [strap.address for strap in straps]))
        await until(lambda: all(strap.listened_to for strap in straps) or recording.ended)
        expect("the recording's own end", recording.ended, False)
        return recording

    async def begin(self, *wanted: str) -> Recording:
        """Begin to record what bears these names or addresses."""
        folder = Path(mkdtemp()) / "library"
        store.create_library(folder, PASSPHRASE, show=lambda _: None, cost=store.Cost(2, 1, 1))
        named = [word for one in wanted for word in ("--device", one)]
        process = await started(
            "live", *named, "--headless", "--json", "--consent", "--store", str(folder)
        )
        self._recordings.append(Recording(process, folder))
        return self._recordings[-1]


def powered(on: bool) -> list[str]:
    """Return what `dbus-send` sends to switch the adapter.

    Not `bluetoothctl`: told how long to wait at most, it waits as long.
    """
    setting = ("string:org.bluez.Adapter1", "string:Powered", f"variant:boolean:{on}".lower())
    return ["--dest=org.bluez", ADAPTER, "org.freedesktop.DBus.Properties.Set", *setting]


async def ended(*command: str) -> int:
    """Run a command, of which nothing is told, to its end; return its exit code."""
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(*command, stdout=quiet, stderr=quiet)
    return await process.wait()


async def started(*arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        COMMAND, *arguments,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=os.environ | {"INTERBEAT_PASSPHRASE": PASSPHRASE}, limit=1 << 24,
    )  # fmt: skip


class Recording:
    """A running `interbeat live`, what it has printed, and what it kept."""

    def __init__(self, process: asyncio.subprocess.Process, folder: Path) -> None:
        self._process, self._folder = process, folder
        self.lines: list[dict[str, Any]] = []
        self.words: list[str] = []
        self._reading = [
            asyncio.create_task(self._read(process.stdout, self._take)),
            asyncio.create_task(self._read(process.stderr, self.words.append)),
        ]

    @staticmethod
    async def _read(stream: asyncio.StreamReader | None, take: Any) -> None:
        assert stream is not None
        async for line in stream:
            take(line.decode())

    def _take(self, line: str) -> None:
        self.lines.append(json.loads(line))

    @property
    def ended(self) -> bool:
        return self._process.returncode is not None

    @property
    def text(self) -> str:
        return "".join(self.words)

    async def finish(self) -> list[dict[str, Any]]:
        """End it as Ctrl+C does; return the quality of each source."""
        self._process.send_signal(signal.SIGINT)
        await self.wait()
        expect(f"the exit code ({self.text.strip()})", self._process.returncode, 0)
        return [line["quality"] for line in self.lines if line["final"]]

    async def wait(self) -> int | None:
        """Wait for its end; return its exit code."""
        await asyncio.gather(*self._reading, self._process.wait())
        return self._process.returncode

    async def kill(self) -> None:
        if not self.ended:
            self._process.kill()
        await self.wait()

    def kept(self) -> list[list[bytes]]:
        """Return the packets of beats that were stored, of each source in the order of roles."""
        events = self._events()
        sources = [event.source for event in events if isinstance(event, Source)]
        packets = [one for one in events if isinstance(one, Packet) and one.kind == HEART_RATE]
        return [
            [bytes(packet.data) for packet in packets if packet.source == source]
            for source in dict.fromkeys(sources)
        ]

    def sources(self) -> list[Source]:
        """Return the newest that is known of each source."""
        return list({one.source: one for one in self._events() if isinstance(one, Source)}.values())

    def _events(self) -> list[Any]:
        library = store.open_library(self._folder, PASSPHRASE)
        (session,) = library.sessions()
        return list(library.events(session.id))


class Heart:
    """A heart under a strap: every interval has a length of its own, so that none is mistaken."""

    def __init__(self, strap: Strap, *, first: int = 1000) -> None:
        self.strap, self.sent = strap, list[bytes]()
        self._next = first

    def reading(self, **more: Any) -> HeartRate:
        """Return the next beat, as a strap measures it."""
        self._next += 1
        return HeartRate(60, rr_ticks=(self._next,), **more)

    async def beat(self, count: int) -> None:
        """Send so many packets of one beat each, as the beats fall."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        for _ in range(count):
            reading = self.reading()
            due += reading.rr_ticks[0] / 1024
            await asyncio.sleep(due - loop.time())
            await self.send(encode(reading))

    async def send(self, data: bytes) -> None:
        """Send one packet, which must arrive."""
        expect(f"somebody listens to {self.strap.name}", self.strap.listened_to, True)
        self.sent.append(data)
        await self.strap.send(data)
