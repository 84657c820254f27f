"""The whole way through a real window by its accessibility tree alone."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from pipelines import store
from pipelines.recording import RemoteSession
from pipelines.session import PhaseName, marks_of
from pipelines.words import LABELS
from tests.end_to_end.program import PASSPHRASE, eventually
from tests.end_to_end.screen_reader import Part, ScreenReader, session_bus
from tests.end_to_end.test_window import Opened, desk, display, heard, marks, opened, phase
from tests.views import trouble

pytestmark = [
    pytest.mark.view,
    pytest.mark.skipif(sys.platform != "linux", reason="AT-SPI is of Linux"),
    pytest.mark.skipif(trouble() is not None, reason="Qt cannot draw here"),
]
__all__ = ["display", "opened"]


@pytest.fixture
def address() -> Iterator[str]:
    with session_bus() as one:
        yield one


@pytest.fixture
def reader(address: str) -> Iterator[ScreenReader]:
    one = ScreenReader(address)
    yield one
    one.close()


def accessible(address: str) -> dict[str, str]:
    return {
        "DBUS_SESSION_BUS_ADDRESS": address,
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        "INTERBEAT_LANGUAGE": "en",
    }


def nameless(parts: list[Part]) -> list[Part]:
    """The parts without a name, and those that can be acted on and are nothing known."""
    return [
        part
        for part in parts
        if part.showing and (not part.name or (part.role == "filler" and part.actions))
    ]


def all_named(reader: ScreenReader) -> None:
    assert not nameless(reader.parts())


def first_start(reader: ScreenReader) -> None:
    reader.leads("A session", "Passphrase")
    reader.write("Passphrase", PASSPHRASE)
    reader.write("The same passphrase again", PASSPHRASE)
    all_named(reader)
    reader.leads("go on, key Enter", "I have written it down, key Enter")
    all_named(reader)
    reader.leads("I have written it down, key Enter", "A simulated strap")
    all_named(reader)


@pytest.mark.long
def test_from_the_first_start_through_practice_and_a_session_to_its_review(opened, address, reader):
    person: Opened = opened(**accessible(address))
    reader.finds("settings, key S", "Press")
    all_named(reader)
    first_start(reader)
    assert eventually((person.own / "library.json").exists)
    reader.leads("back, key Esc", "practice, key 2")
    practised(reader)
    reader.press("simulated strap, key 4")
    remote = person.seen(person.demo)
    through_the_session(reader, remote)
    reader.leads("review, key Enter", "close, key Esc")
    reader.finds("Her hip")
    all_named(reader)
    reader.press("close, key Esc")
    assert eventually(lambda: desk(remote).session is None)
    remote.close()
    person.end()
    library = store.open_library(person.demo)
    (kept,) = library.sessions()
    assert [mark.text for mark in marks_of(library.events(kept.id))] == [LABELS[0], "Her hip"]


def practised(reader: ScreenReader) -> None:
    reader.leads("practice, key 2", "Slow breathing is to feel easy")
    all_named(reader)
    reader.leads("begin, key Enter", "Breathing guide")
    all_named(reader)
    reader.press("stop whenever you like, key Esc")
    assert reader.hears("Take all the time you need.")
    all_named(reader)
    reader.leads("finish here, key Enter", "done, key Enter")
    all_named(reader)
    reader.leads("done, key Enter", "simulated strap, key 4")


def through_the_session(reader: ScreenReader, remote: RemoteSession) -> None:
    assert eventually(lambda: heard(remote))
    assert reader.hears("Learning the baseline")
    reader.presses(f"{LABELS[0]}, key 1", lambda: marks(remote) == 1)
    assert reader.hears("Marked")
    all_named(reader)
    reader.leads("keys, key ?", "mark, and add a few words")
    all_named(reader)
    reader.press("mark, and add a few words")
    reader.write("A few words", "Her hip")
    reader.press("keep it so, key Enter")
    assert eventually(lambda: [m.text for m in remote.snapshot().marks] == [LABELS[0], "Her hip"])
    reader.leads("calm screen, key Esc", "finish here, key Enter")
    all_named(reader)
    reader.presses("finish here, key Enter", lambda: phase(remote) is PhaseName.FINISHED)
