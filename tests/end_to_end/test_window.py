"""`interbeat` without a command, in a real window on a real screen, by its keyboard alone."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines import store
from pipelines.drawing import LIGHT
from pipelines.recording import Desk, RemoteSession, connect
from pipelines.session import Fate, Mark, Phase, PhaseName, marks_of
from pipelines.store import running_sessions
from pipelines.words import LABELS as FIRST_LABELS
from tests.devices.faked.service import FakeBluez
from tests.end_to_end.program import COMMAND, FAST, PASSPHRASE, PATIENCE, environment, eventually
from tests.end_to_end.screens import Screen, screen
from tests.end_to_end.test_straps import ONE, TWO, beats, bus, subscribed

pytestmark = [
    pytest.mark.view,
    pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc and needs an X server"),
]
__all__ = ["bus"]


LABELS = (*FIRST_LABELS, *[""] * (9 - len(FIRST_LABELS)))


@pytest.fixture(scope="module")
def display(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    with screen(tmp_path_factory.mktemp("screen")) as one:
        yield one


class Opened:
    """The program as a person has it before them."""

    def __init__(self, home: Path, display: Screen, **more: str) -> None:
        self.display, self._before = display, display.picture()
        self.own = home / ".local" / "share" / "interbeat" / "library"
        self.demo = home / ".local" / "share" / "interbeat" / "demo"
        surroundings = environment(home, DISPLAY=display.name, QT_QPA_PLATFORM="xcb", **more)
        if "INTERBEAT_PASSPHRASE" not in more:
            del surroundings["INTERBEAT_PASSPHRASE"]
        self.process = subprocess.Popen(
            [COMMAND], env=surroundings, text=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        self._remote: RemoteSession | None = None

    def shows(self) -> bool:
        """Whether the window has come up."""
        return self.display.rests_otherwise(self._before)

    def hit(self, *keys: str) -> None:
        """Press keys, where the picture moves by itself."""
        self.display.hit(*keys)

    def turn(self, *keys: str, words: str = "") -> None:
        """Type words and press keys, each of which changes the picture."""
        for act in (*([words] if words else []), *keys):
            before = self.display.picture()
            self.display.write(act) if act is words and words else self.display.hit(act)
            assert self.display.rests_otherwise(before), act

    def hits_until(self, key: str, holds: Callable[[], object]) -> bool:
        """Press a key now and then until something holds, as who waits for an answer."""

        def hit() -> bool:
            self.hit(key)
            return eventually(lambda: bool(holds()), within=1.0)

        return eventually(hit)

    def presses(self, key: str, holds: Callable[[], object]) -> bool:
        """Press a key, once more only where the window had not come up yet.

        The wait between is long: on the next page the same key may do something else.
        """

        def pressed() -> bool:
            self.hit(key)
            return eventually(lambda: bool(holds()), within=20.0)

        return eventually(pressed)

    def window(self) -> int | None:
        """The process of the window."""
        pid = self.process.pid
        listed = Path(f"/proc/{pid}/task").glob("*/children")
        found = [int(word) for path in listed for word in path.read_text().split()]
        return next((one for one in found if "gui" in command_of(one)), None)

    def seen(self, folder: Path) -> RemoteSession:
        """The session that is recorded there, as another window would see it."""
        assert eventually(lambda: folder.is_dir() and bool(running_sessions(folder)))
        return connect(running_sessions(folder)[0].session, folder)

    def simulates(self, key: str) -> RemoteSession:
        """Press the key that begins a session with the simulated strap, and see that session."""
        assert self.presses(key, lambda: self.demo.is_dir() and running_sessions(self.demo))
        return self.seen(self.demo)

    def end(self) -> str:
        self.process.send_signal(signal.SIGINT)
        _, err = self.process.communicate(timeout=PATIENCE)
        assert self.process.returncode == 0, err
        assert "Traceback" not in err, err
        return err

    def end_at_once(self) -> None:
        window = self.window() if self.process.poll() is None else None
        self.process.kill()
        if window is not None:
            os.kill(window, signal.SIGKILL)
        self.process.communicate(timeout=PATIENCE)


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


@pytest.fixture
def opened(tmp_path: Path, display: Screen) -> Iterator[object]:
    made: list[Opened] = []

    def make(**more: str) -> Opened:
        made.append(Opened(tmp_path, display, **more))
        assert made[-1].shows()
        return made[-1]

    yield make
    for one in made:
        one.end_at_once()


def phase(remote: RemoteSession) -> PhaseName | None:
    snapshot = remote.snapshot()
    return None if snapshot is None else snapshot.phase


def fate(remote: RemoteSession) -> Fate | None:
    snapshot = remote.snapshot()
    return None if snapshot is None else snapshot.fate


def marks(remote: RemoteSession) -> int:
    snapshot = remote.snapshot()
    return 0 if snapshot is None else len(snapshot.marks)


def desk(remote: RemoteSession) -> Desk:
    found = None
    while found is None:
        found = remote.desk()
    return found


def received(remote: RemoteSession) -> int:
    """How many heartbeats of the first strap have arrived."""
    snapshot = remote.snapshot()
    return snapshot.sources[0].quality.beats if snapshot and snapshot.sources else 0


def heard(remote: RemoteSession) -> bool:
    snapshot = remote.snapshot()
    return bool(snapshot and snapshot.sources and snapshot.sources[0].last_beat)


def finished(person: Opened, remote: RemoteSession) -> None:
    """Finish from the calm screen; once more where the window had not come up yet.

    The wait between is long: on the page of what has finished the same keys lead away from it.
    """

    def tried() -> bool:
        person.hit("Escape")
        time.sleep(0.3)
        person.hit("Return")
        return eventually(lambda: phase(remote) is PhaseName.FINISHED, within=20.0)

    assert eventually(tried)
    person.display.rests_otherwise(0, within=10.0)


def test_from_the_first_start_to_a_session_thrown_away_and_one_kept(opened):
    person = opened()
    person.turn("1")
    person.turn(words=PASSPHRASE)
    person.hit("Return")
    person.turn(words=PASSPHRASE)
    person.turn("Return")
    assert not (person.own / "library.json").exists()  # its recovery key is not written down
    assert person.hits_until("Return", (person.own / "library.json").exists)
    said = [command_of(person.process.pid), command_of(person.window())]
    said += [Path(f"/proc/{person.window()}/environ").read_text()]
    assert not [one for one in said if PASSPHRASE in one]

    remote = person.simulates("s")
    assert eventually(lambda: heard(remote))
    assert person.presses("space", lambda: marks(remote) == 1)
    finished(person, remote)
    assert person.presses("Delete", lambda: fate(remote) is Fate.THROWN)
    assert person.hits_until("BackSpace", lambda: fate(remote) is Fate.KEPT)
    assert person.presses("Escape", lambda: desk(remote).session is None)
    (kept,) = store.open_library(person.demo).sessions()
    assert kept.beats > 0
    assert not store.open_library(person.own, PASSPHRASE).sessions()

    assert person.display.rests_otherwise(0)
    assert person.presses("4", lambda: desk(remote).session is not None)
    assert eventually(lambda: heard(remote))
    finished(person, remote)
    assert person.presses("Delete", lambda: fate(remote) is Fate.THROWN)
    assert person.presses("Return", lambda: desk(remote).session is None)
    assert store.open_library(person.demo).sessions() == [kept]
    remote.close()
    err = person.end()
    assert "thrown away" in err


@pytest.mark.long
def test_a_later_start_asks_for_the_passphrase_and_a_wrong_one_opens_nothing(opened, tmp_path):
    own = tmp_path / ".local" / "share" / "interbeat" / "library"
    store.create_library(own, PASSPHRASE, show=lambda _: None, cost=FAST)
    person = opened()
    person.turn("1")
    person.turn(words="not this one")
    person.turn("Return")
    person.turn(words=PASSPHRASE)
    person.turn("Return")
    remote = person.simulates("s")
    assert desk(remote).library == "open"
    remote.close()
    person.end()


@pytest.mark.long
def test_a_killed_window_comes_back_to_its_session(opened):
    person = opened()
    remote = person.simulates("4")
    assert eventually(lambda: heard(remote))
    before = person.window()
    os.kill(before, signal.SIGKILL)
    assert eventually(lambda: person.window() not in (None, before))
    assert person.presses("space", lambda: marks(remote) > 0)
    remote.close()
    person.end()


@pytest.mark.long
def test_without_bluetooth_a_session_is_not_begun_and_nothing_is_left(opened, tmp_path):
    own = tmp_path / ".local" / "share" / "interbeat" / "library"
    store.create_library(own, PASSPHRASE, show=lambda _: None, cost=FAST)
    nowhere = f"unix:path={tmp_path}/nobody"
    person = opened(INTERBEAT_PASSPHRASE=PASSPHRASE, DBUS_SYSTEM_BUS_ADDRESS=nowhere)
    person.turn("1")
    remote = person.simulates("s")  # the simulated strap is there all the same
    assert desk(remote).bluetooth == "no D-Bus"
    assert "FileNotFound" in desk(remote).details
    remote.close()
    person.end()
    assert not store.open_library(own, PASSPHRASE).sessions()


async def still(person: Opened) -> None:
    """Wait until the window has come to rest: a key goes to the page that is seen."""
    await asyncio.sleep(0.5)
    assert await asyncio.to_thread(person.display.rests_otherwise, 0)


async def until(holds: Callable[[], object]) -> None:
    """Wait until something holds, and let straps go on meanwhile."""
    async with asyncio.timeout(PATIENCE):
        while not await asyncio.to_thread(holds):
            await asyncio.sleep(0.1)


async def begun(opened: Any, bus: str, *keys: str) -> Opened:
    """Open the window, wait until straps are heard there, and begin with those keys."""
    person: Opened = await asyncio.to_thread(
        opened, INTERBEAT_PASSPHRASE=PASSPHRASE, DBUS_SYSTEM_BUS_ADDRESS=bus
    )
    await asyncio.to_thread(person.hit, "1")
    await until(lambda: listed(person, 1 + keys.count("Down")))
    await asyncio.to_thread(person.hit, *keys)
    return person


def listed(person: Opened, straps: int = 1) -> bool:
    """Whether so many straps are shown: each where the bars of its signal are."""
    paper, rows = {LIGHT.paper.upper()}, [213 + 84 * row for row in range(straps)]
    return all(person.display.colours((x, y) for x in range(312, 420)) != paper for y in rows)


@pytest.mark.long
async def test_a_strap_is_chosen_from_those_that_are_heard(bus, opened, tmp_path):
    own = tmp_path / ".local" / "share" / "interbeat" / "library"
    store.create_library(own, PASSPHRASE, show=lambda _: None, cost=FAST)
    async with FakeBluez(bus) as bluez:
        bluez.add(*ONE)
        chosen = bluez.add(*TWO)
        person = await begun(opened, bus, "Down", "Right", "Return")
        await subscribed(chosen)
        remote = await asyncio.to_thread(person.seen, own)  # what comes before is not kept
        await beats(chosen, 20)
        await until(lambda: received(remote) == 20)
        await asyncio.to_thread(finished, person, remote)
        await still(person)
        await asyncio.to_thread(person.hit, "Escape")
        await until(lambda: desk(remote).last is not None)
        (kept,) = store.open_library(own, PASSPHRASE).sessions()
        assert [(one.role, one.device) for one in kept.sources] == [("client", TWO[0])]
        assert kept.beats == 20

        await still(person)
        await asyncio.to_thread(person.hit, "Return")  # one key to the strap used last
        await subscribed(chosen)
        await until(lambda: desk(remote).session is not None)
        await beats(chosen, 5)
        await until(lambda: received(remote) == 5)
        remote.close()
        await asyncio.to_thread(person.end)
    assert len(store.open_library(own, PASSPHRASE).sessions()) == 2


@pytest.mark.long
async def test_a_clients_own_labels_mark_their_session_which_is_theirs_from_the_beginning(
    bus, opened, tmp_path
):
    own = tmp_path / ".local" / "share" / "interbeat" / "library"
    library = store.create_library(own, PASSPHRASE, show=lambda _: None, cost=FAST)
    before = library.new_session(0.0, client="Juniper")
    before.close(beats=0)
    async with FakeBluez(bus) as bluez:
        strap = bluez.add(*ONE)
        person = await asyncio.to_thread(
            opened, INTERBEAT_PASSPHRASE=PASSPHRASE, DBUS_SYSTEM_BUS_ADDRESS=bus
        )
        await asyncio.to_thread(label_for_juniper, person)
        await until(lambda: library.client_labels() == {"Juniper": ("Her hip", *LABELS[1:])})
        await asyncio.to_thread(person.turn, "Escape")
        await asyncio.to_thread(person.hit, "1")
        await until(lambda: listed(person))
        await asyncio.to_thread(person.hit, "Right", "w", "Down", "Return", "Return")
        await subscribed(strap)
        remote = await asyncio.to_thread(person.seen, own)  # what comes before is not kept
        await beats(strap, 6)
        told = await asyncio.to_thread(desk, remote)
        assert (told.client, told.clients) == ("Juniper", ("Juniper",))
        recorded = library.session(told.session)
        assert (recorded.client, recorded.state) == ("Juniper", "recording")
        await asyncio.sleep(1.0)  # until the window shows it
        assert await asyncio.to_thread(person.presses, "1", lambda: marks(remote) == 1)
        said = command_of(person.process.pid) + command_of(person.window())
        await asyncio.to_thread(finished, person, remote)
        await still(person)
        await asyncio.to_thread(person.hit, "w")
        await asyncio.to_thread(person.turn, "ctrl+a")
        await asyncio.to_thread(person.turn, words="Rowan")
        await asyncio.to_thread(person.hit, "Return")
        await until(lambda: desk(remote).client == "Rowan")
        assert await asyncio.to_thread(
            person.presses, "Escape", lambda: desk(remote).session is None
        )
        remote.close()
        said += await asyncio.to_thread(person.end)
    assert not [one for one in ("Juniper", "Rowan", "Her hip") if one in said]
    assert [mark.text for mark in marks_of(library.events(recorded.id))] == ["Her hip"]
    assert library.session(recorded.id).client == "Rowan"
    assert library.labels() is None
    assert library.client_labels() == {"Juniper": ("Her hip", *LABELS[1:])}


def label_for_juniper(person: Opened) -> None:
    """Give the first key other words for the one client there is."""
    person.turn("6", "w", "Down", "Return", "Return", "ctrl+a")
    person.turn(words="Her hip")
    person.turn("Return")


@pytest.mark.long
async def test_after_the_hour_moments_are_edited_and_the_session_is_named(bus, opened, tmp_path):
    own = tmp_path / ".local" / "share" / "interbeat" / "library"
    library = store.create_library(own, PASSPHRASE, show=lambda _: None, cost=FAST)
    async with FakeBluez(bus) as bluez:
        strap = bluez.add(*ONE)
        person = await begun(opened, bus, "Right", "Return")
        await subscribed(strap)
        remote = await asyncio.to_thread(person.seen, own)  # what comes before is not kept
        await beats(strap, 6)
        await asyncio.sleep(1.0)  # until the window shows it
        for count in (1, 2):
            assert await asyncio.to_thread(
                person.presses, "space", lambda count=count: marks(remote) == count
            )
        await asyncio.to_thread(finished, person, remote)
        assert await asyncio.to_thread(
            person.hits_until, "BackSpace", lambda: phase(remote) is PhaseName.SESSION
        )
        await asyncio.sleep(1.0)  # until the window shows it
        await beats(strap, 2, after=6)
        await until(lambda: received(remote) == 8)
        await asyncio.to_thread(finished, person, remote)
        await asyncio.to_thread(after_the_hour, person, remote)
        (kept,) = library.sessions()
        remote.close()
        await asyncio.to_thread(person.end)
    assert (kept.client, kept.state, kept.beats) == ("Juniper", "finished", 8)
    log = library.events(kept.id)
    assert [mark.text for mark in marks_of(log)] == ["Her hip"]
    _, end = [
        place
        for place, event in enumerate(log)
        if isinstance(event, Phase) and event.name is PhaseName.FINISHED
    ]
    assert len([event for event in log[end + 1 :] if isinstance(event, Mark)]) == 4
    assert kept.duration_s == log[end].time


def after_the_hour(person: Opened, remote: RemoteSession) -> None:
    """Give the first moment words, remove the second twice and put it back once; name it."""
    person.hit("n")
    person.turn(words="Her hip")
    person.hit("Return")
    assert eventually(lambda: [one.text for one in remote.snapshot().marks] == ["Her hip", ""])
    person.hit("Down", "minus")
    assert eventually(lambda: marks(remote) == 1)
    assert person.hits_until("BackSpace", lambda: marks(remote) == 2)
    time.sleep(1.0)  # until the window shows it
    person.hit("Down", "minus")
    assert eventually(lambda: marks(remote) == 1)
    person.hit("w")
    person.turn(words="Juniper")
    person.hit("Return")
    assert eventually(lambda: desk(remote).client == "Juniper")
    assert person.presses("Escape", lambda: desk(remote).session is None)
