"""The desk's clerk: whatever Bluetooth says, it is told on the desk and the window goes on."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest
from bleak.exc import BleakDBusError, BleakError

from devices.link import BluetoothTrouble, Found, NoBluetooth
from devices.link.trouble import no_bluetooth
from pipelines import store
from pipelines.command import opening, recording
from pipelines.command.keeper import Keeper
from pipelines.command.opening import Clerk, keep_last, keep_practice
from pipelines.recording import (
    KeepPractice,
    KeepWeeks,
    Leave,
    LetGo,
    LibraryState,
    Listen,
    Lock,
    OpenWeeks,
    PageTold,
    PrintWeeks,
    ReadPage,
)
from pipelines.session import OWN_PRACTICE, Consent, Pace
from pipelines.store import CannotWrite, SessionWriter
from pipelines.weeks import Intention, Story, encoded, writing
from tests.pipelines.store.libraries import make_library

DENIED = BleakDBusError("org.freedesktop.DBus.Error.AccessDenied", ["rejected"])


@pytest.fixture
def keeper(monkeypatch: pytest.MonkeyPatch) -> Iterator[Keeper]:
    with Keeper(LibraryState.OPEN) as made:
        monkeypatch.setattr(Keeper, "is_open", property(lambda _: True))
        yield made


def failing(error: Exception) -> Callable[..., object]:
    async def listen(*_: object, **__: object) -> None:
        raise no_bluetooth(error) or error from error

    return listen


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (DENIED, BluetoothTrouble.DENIED),
        (PermissionError(13, "Permission denied"), BluetoothTrouble.DENIED),
        (BleakDBusError("org.bluez.Error.NotReady", []), BluetoothTrouble.OFF),
        (FileNotFoundError(2, "no socket"), BluetoothTrouble.NO_DBUS),
        (BleakError("something of its own"), BluetoothTrouble.UNKNOWN),
        (EOFError(), BluetoothTrouble.UNKNOWN),
    ],
)
def test_what_keeps_straps_from_being_heard_is_told_with_its_details(
    keeper: Keeper,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    error: Exception,
    trouble: BluetoothTrouble,
) -> None:
    monkeypatch.setattr(opening, "listen", failing(error))
    Clerk(keeper, tmp_path, None).do(Listen())
    desk = keeper._told()
    assert desk.bluetooth is trouble
    assert type(error).__name__ in desk.details
    assert not desk.listening
    keeper.leave_session()
    assert keeper._told().bluetooth is None


def test_bluetooth_that_is_switched_off_meanwhile_is_told(
    keeper: Keeper, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def listen(_: object, heard: Callable[[Found], None], *, until: asyncio.Event) -> None:
        heard(Found("Polar H10", "A0", -50))
        with suppress(TimeoutError):
            await asyncio.wait_for(until.wait(), 0.1)
        raise NoBluetooth(BluetoothTrouble.OFF)

    monkeypatch.setattr(opening, "listen", listen)
    Clerk(keeper, tmp_path, None).do(Listen())
    assert keeper._told().bluetooth is BluetoothTrouble.OFF


def test_the_next_errand_ends_the_listening(
    keeper: Keeper, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def listen(*_: object, until: asyncio.Event) -> None:
        await until.wait()

    monkeypatch.setattr(opening, "listen", listen)
    threading.Timer(0.2, lambda: keeper._take(Leave())).start()
    Clerk(keeper, tmp_path, None).do(Listen())
    assert keeper.next(within=0.0) == Leave()


PRACTICE = KeepPractice(90.0, ((0.0, 6.0), (30.0, None), (40.0, 5.5), (70.0, None)), 0.4)


def test_a_practice_without_a_strap_is_kept_as_a_session_that_says_when_and_how_fast(
    keeper: Keeper, tmp_path: Path
) -> None:
    library = make_library(tmp_path / "library")[0]
    before = time.time()
    Clerk(keeper, tmp_path, library).do(PRACTICE)
    assert keeper._told().refusal is None
    assert keeper._told().kept == 1
    (kept,) = library.sessions()
    assert (kept.state, kept.beats, kept.sources, kept.duration_s) == ("finished", 0, (), 70.0)
    assert before - 90.0 <= kept.started <= time.time() - 90.0
    events = list(library.events(kept.id))
    paces = [(one.time, one.rate) for one in events if isinstance(one, Pace)]
    assert paces == list(PRACTICE.paces)
    assert any(isinstance(one, Consent) and one.text == OWN_PRACTICE for one in events)
    assert not list(library.folder.rglob("*-wal"))


def test_what_a_window_tells_of_as_it_closes_is_kept_and_nothing_else_is_begun(
    keeper: Keeper, tmp_path: Path
) -> None:
    library = make_library(tmp_path / "library")[0]
    page = writing("dear me", 1.79e9)
    for errand in (Leave(), PRACTICE, Listen(), KeepWeeks((encoded(page),))):
        keeper._take(errand)
    keeper.over.set()
    keep_last(keeper, Clerk(keeper, tmp_path, library))
    assert [one.duration_s for one in library.sessions()] == [70.0]
    assert encoded(page) in library.own_file().bodies()
    assert not keeper.has_errand()
    assert not keeper._told().listening


def test_a_practice_that_cannot_be_kept_is_said_and_leaves_nothing(
    keeper: Keeper, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    library = make_library(tmp_path / "library")[0]

    def full(*_: object) -> None:
        raise CannotWrite("The disk is full.")

    monkeypatch.setattr(SessionWriter, "append", full)
    Clerk(keeper, tmp_path, library).do(PRACTICE)
    assert keeper._told().refusal == "The disk is full."
    assert not library.sessions()


def test_without_an_open_library_nothing_of_a_practice_is_kept(
    keeper: Keeper, tmp_path: Path
) -> None:
    Clerk(keeper, tmp_path, None).do(PRACTICE)
    assert keeper._told().refusal is None
    assert not list(tmp_path.iterdir())


async def test_who_finds_a_session_can_ask_of_it_at_once(
    keeper: Keeper, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    attended: list[object] = []
    monkeypatch.setattr(recording, "write_contact", lambda *_: attended.append(keeper._recorder))
    library, recorder = make_library(tmp_path / "library")[0], SimpleNamespace(stop=None)
    writer = SimpleNamespace(session="a session")
    wish = SimpleNamespace(library=library, client=None, practice=False, kept=True, view=())
    recording._attend(keeper, wish, writer, recorder)
    assert attended == [recorder]


async def test_the_strap_used_last_is_known_before_a_session_is_left(
    keeper: Keeper, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Whoever asks as soon as the session is gone sees the page that comes as it will be."""
    seen: list[int | None] = []

    async def recorded(*_: object) -> None:
        keeper.show(session="abc", kept=None)

    def left() -> None:
        seen.append(keeper._told().kept)

    monkeypatch.setattr(opening, "recorded", recorded)
    monkeypatch.setattr(opening, "get_ready_meanwhile", lambda *_, **__: None)
    monkeypatch.setattr(keeper, "leave_session", left)
    library, _ = make_library(tmp_path / "library")
    clerk = Clerk(keeper, tmp_path / "library", None)
    clerk._library = library
    await clerk._record(library, (), "consent not asked")
    assert seen == [0]


@pytest.mark.usefixtures("english")
def test_weeks_are_opened_told_and_printed_at_the_desk(keeper: Keeper, tmp_path: Path) -> None:
    library = make_library(tmp_path / "library", "seven quiet lamps")[0]
    keep_practice(library, PRACTICE)
    clerk = Clerk(keeper, library.folder, library)
    clerk.do(OpenWeeks())
    told = msgspec.json.decode(keeper._desk.weeks, type=Story)
    assert len(told.practised) == 1
    wish = Intention(id="i", day=told.today, at=1.0, activity="walking to the lake")
    clerk.do(KeepWeeks((encoded(wish),)))
    assert msgspec.json.decode(keeper._desk.weeks, type=Story).title == "Walking to the lake"
    clerk.do(PrintWeeks(str(tmp_path / "weeks.html")))
    assert "Walking to the lake" in (tmp_path / "weeks.html").read_text("utf-8")
    assert keeper._desk.written == str(tmp_path / "weeks.html")
    clerk.do(PrintWeeks(str(tmp_path / "nowhere" / "weeks.html")))
    assert "cannot be written" in keeper._desk.refusal
    page = writing("dear me", 1.79e9)
    clerk.do(KeepWeeks((encoded(page),)))
    clerk.do(ReadPage(page.id))
    assert keeper._desk.page == PageTold(page.id, "dear me")
    assert "dear" not in repr(keeper._desk)
    clerk.do(OpenWeeks())
    assert keeper._desk.page is None
    clerk.do(ReadPage(page.id))
    clerk.do(LetGo(page.id))
    assert keeper._desk.page is None
    assert msgspec.json.decode(keeper._desk.weeks, type=Story).pages == ()
    assert not any(
        page.id.encode() in body and b"box" in body for body in library.own_file().bodies()
    )
    clerk.do(KeepWeeks((encoded(page),)))
    clerk.do(ReadPage(page.id))
    assert keeper._desk.page is None, "what was let go stays gone"
    clerk.do(Lock())
    assert keeper._desk.weeks == b""


@pytest.mark.usefixtures("english")
def test_a_library_that_anybody_opens_has_no_weeks_and_says_so(
    keeper: Keeper, tmp_path: Path
) -> None:
    library = store.open_or_create_with_key_file(tmp_path / "library")
    Clerk(keeper, library.folder, library).do(OpenWeeks())
    assert "without a passphrase" in keeper._desk.refusal
    assert keeper._desk.weeks == b""
