"""The library in a real window: everything once by keys alone, and once by mouse and typing."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipelines import store
from pipelines.drawing import LIGHT
from pipelines.session import Baseline, Mark, Note, Phase, PhaseName
from pipelines.store import Library
from tests.end_to_end.program import FAST, PASSPHRASE, eventually
from tests.end_to_end.screens import Screen, screen
from tests.end_to_end.test_window import Opened
from tests.pipelines.logs import session
from tests.views import trouble

if TYPE_CHECKING:
    from gui.start.life import Life

pytestmark = [
    pytest.mark.long,
    pytest.mark.view,
    pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc and needs an X server"),
    pytest.mark.skipif(trouble() is not None, reason="Qt cannot draw here"),
]
THEIRS = "their own quiet words"
UNDO = 11.0
"""Seconds after which a deletion that was not taken back has happened."""


@pytest.fixture(scope="module")
def display(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    with screen(tmp_path_factory.mktemp("screen")) as one:
        yield one


def hour(library: Library, client: str, word: str, ago: float) -> str:
    found = [*session("rest", 240.0), Baseline(190.0, 0, 10.0, 190.0), Mark(200.0, word)]
    writer = library.new_session(time.time() - ago, client=client)
    writer.append([*sorted(found, key=lambda one: one.time), Phase(240.0, PhaseName.FINISHED)])
    writer.close(beats=240)
    return writer.session


class Practice:
    """A library of three hours, and a backup of the same library that holds a fourth."""

    def __init__(self, home: Path) -> None:
        self.home = home
        folder = home / ".local" / "share" / "interbeat" / "library"
        self.library = store.create_library(folder, PASSPHRASE, show=lambda _: None, cost=FAST)
        self.hours = [
            hour(self.library, "Juniper", "hip", 3600.0),
            hour(self.library, "Juniper", "jaw", 90000.0),
            hour(self.library, "Rowan", "tears", 180000.0),
        ]
        shutil.copytree(folder, home / "elsewhere")
        other = store.open_library(home / "elsewhere", PASSPHRASE)
        self.fourth = hour(other, "Sorrel", "knee", 270000.0)
        other.back_up(self.path("before"), now=time.time() - 1e6)

    def path(self, name: str) -> Path:
        return self.home / f"{name}.interbeat"

    def whose(self) -> dict[str, str | None]:
        return {info.id: info.client for info in self.library.sessions()}

    def notes(self, name: str) -> list[str]:
        log = self.library.events(name)
        return [event.text for event in log if isinstance(event, Note)]


def to_a_file(person: Opened, path: Path) -> None:
    """Say to the system's window which file is meant."""
    person.hit("ctrl+a")
    person.display.write(str(path))
    before = person.display.picture()
    person.hit("Return")
    assert person.display.rests_otherwise(before)


def is_reviewed(person: Opened) -> bool:
    """Whether the hour has come up: the chosen moment has its edge."""
    return eventually(lambda: person.display.colour(26, 455) == LIGHT.lake.upper())


def rests(person: Opened, before: int) -> None:
    assert person.display.rests_otherwise(before)


def test_by_keys_alone(tmp_path: Path, display: Screen) -> None:
    here = Practice(tmp_path)
    one, two, three = here.hours
    person = Opened(tmp_path, display, INTERBEAT_PASSPHRASE=PASSPHRASE)
    try:
        assert person.shows()
        person.turn("3")
        person.turn("s")
        person.turn(words="jaw")
        person.turn("Return")  # found
        person.hit("Return")
        assert is_reviewed(person)  # opened
        person.turn("Escape", "Escape", "Up")

        person.turn("n")
        person.turn(words="slower next time")
        person.hit("Return")
        assert eventually(lambda: here.notes(one) == ["slower next time"])  # noted

        display.rests_otherwise(0, within=5.0)
        person.turn("m", "Down")
        person.hit("Return")
        assert eventually(lambda: here.whose()[one] == "Rowan")  # moved
        display.rests_otherwise(0, within=5.0)
        person.turn("Left", "m")
        person.hit("Return")
        assert eventually(lambda: set(here.whose().values()) == {"Rowan"})  # merged
        display.rests_otherwise(0, within=5.0)

        person.turn("k")
        person.turn("Return", words=PASSPHRASE)  # locked and unlocked

        person.turn("b")
        to_a_file(person, here.path("now"))
        assert eventually(here.path("now").exists)  # backed up
        display.rests_otherwise(0, within=5.0)
        person.turn("r")
        to_a_file(person, here.path("before"))
        assert eventually(lambda: here.fourth in here.whose())  # restored
        display.rests_otherwise(0, within=5.0)

        person.turn("Delete")
        person.turn("BackSpace")
        time.sleep(UNDO)
        assert set(here.whose()) == {one, two, three, here.fourth}  # taken back
        person.turn("Delete")
        assert eventually(lambda: set(here.whose()) == {two, three, here.fourth})  # deleted
        display.rests_otherwise(0, within=5.0)

        person.turn("x")
        person.turn(words=THEIRS)
        person.hit("Return")  # to the second field
        person.turn(words=THEIRS)
        person.turn("Return")
        to_a_file(person, here.path("theirs"))
        assert eventually(here.path("theirs").exists)
        assert len(store.shared_in(here.path("theirs"), THEIRS)) == 2  # handed over
        person.turn("Escape")
        person.end()
    finally:
        person.end_at_once()


def held(here: Practice, **changes: object) -> Life:
    """The life of a window that shows the library as it is now, for the mouse to know its page."""
    from gui.library import Stock
    from gui.start.life import Life, State
    from pipelines.command.holdings import holdings_of
    from pipelines.recording import Desk, LibraryState

    now = holdings_of(here.library, {})
    desk = Desk(LibraryState.OPEN, lockable=True, clients=now.names, returns=True)
    stock = Stock(now.rows, now.backup, time.time())
    return replace(Life(State.RECORDINGS, desk, stock=stock), **changes)


def test_by_mouse_alone_but_for_typing(tmp_path: Path, display: Screen) -> None:
    from gui.library import Browsing, Side, shown
    from gui.start.life import Asks, State
    from pipelines.recording import Undoable
    from tests.end_to_end.mouse import Mouse

    here = Practice(tmp_path)
    one, two, three = here.hours
    person = Opened(tmp_path, display, INTERBEAT_PASSPHRASE=PASSPHRASE)
    mouse = Mouse(display)

    def turned(act: object, *told: object) -> None:
        before = display.picture()
        assert callable(act)
        act(*told)
        rests(person, before)

    try:
        assert person.shows()
        turned(mouse.start, "recordings")
        turned(mouse.library, held(here), "search")
        person.turn(words="jaw")
        turned(mouse.library_key, held(here, asks=Asks.SEARCH), "enter")  # found
        mouse.library(replace(held(here), stock=only(held(here), two)), "open")
        assert is_reviewed(person)  # opened
        turned(mouse.review_key, "away")
        found = replace(held(here), browsing=Browsing(words="jaw"))
        turned(mouse.library_key, replace(found, stock=only(found, two)), "back")
        turned(mouse.library, held(here, browsing=Browsing(session=two)), "pick 0")

        turned(mouse.library_key, held(here), "note")
        person.turn(words="by mouse")
        mouse.library_key(held(here, asks=Asks.NOTE), "enter")
        assert eventually(lambda: here.notes(one) == ["by mouse"])  # noted
        display.rests_otherwise(0, within=5.0)

        turned(mouse.library_key, held(here), "whose")
        asked = held(here, asks=Asks.WHOSE, pick=1)
        mouse.library(asked, "take 2")
        assert eventually(lambda: here.whose()[one] == "Rowan")  # moved
        display.rests_otherwise(0, within=5.0)
        clients = Browsing(side=Side.CLIENTS, client="Juniper")
        place = [group.client for group in shown(clients, held(here).stock).groups].index("Juniper")
        turned(mouse.library, held(here, browsing=replace(clients, side=Side.SESSIONS)),
               f"client {place}")  # fmt: skip
        turned(mouse.library_key, held(here, browsing=clients), "whose")
        mouse.library(held(here, browsing=clients, asks=Asks.WHOSE, pick=0), "take 0")
        assert eventually(lambda: set(here.whose().values()) == {"Rowan"})  # merged
        display.rests_otherwise(0, within=5.0)

        turned(mouse.library, held(here), "lock")
        person.turn(words=PASSPHRASE)
        turned(mouse.page_key, State.LOCKED, "enter")  # locked and unlocked

        turned(mouse.library, held(here), "back up")
        to_a_file(person, here.path("now"))
        assert eventually(here.path("now").exists)  # backed up
        display.rests_otherwise(0, within=5.0)
        turned(mouse.library, held(here), "restore")
        to_a_file(person, here.path("before"))
        assert eventually(lambda: here.fourth in here.whose())  # restored
        display.rests_otherwise(0, within=5.0)

        turned(mouse.library_key, held(here), "delete")
        thrown = held(here)
        thrown = replace(thrown, desk=with_undo(thrown, Undoable.THROWN))
        turned(mouse.library_key, thrown, "undo")
        time.sleep(UNDO)
        assert set(here.whose()) == {one, two, three, here.fourth}  # taken back
        turned(mouse.library_key, held(here), "delete")
        assert eventually(lambda: set(here.whose()) == {two, three, here.fourth})  # deleted
        display.rests_otherwise(0, within=5.0)

        turned(mouse.library_key, held(here), "seal")
        person.turn(words=THEIRS)
        mouse.second_field()
        person.turn(words=THEIRS)
        turned(mouse.library_key, held(here, asks=Asks.SEAL), "enter")
        to_a_file(person, here.path("theirs"))
        assert eventually(here.path("theirs").exists)
        assert len(store.shared_in(here.path("theirs"), THEIRS)) == 2  # handed over
        turned(mouse.library_key, held(here), "back")
        person.end()
    finally:
        person.end_at_once()


def only(life: Life, name: str) -> object:
    """The library as it stands where a search leaves one session."""
    from pipelines.recording import FoundLine, FoundWords

    found = FoundWords("jaw", (), (FoundLine(name, 1, 200.0, "jaw"),))
    rows = tuple(row for row in life.stock.rows if row.session == name)
    return replace(life.stock, rows=rows, found=found)


def with_undo(life: Life, what: object) -> object:
    import msgspec

    return msgspec.structs.replace(life.desk, undoes=what)
