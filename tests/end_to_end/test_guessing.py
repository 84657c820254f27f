"""Guess, then look: in a real window, by its keyboard alone."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines import store
from pipelines.drawing import LIGHT
from pipelines.recording import RemoteSession
from pipelines.session import Guess, Guessing, Mark, clients_part, guesses_of
from tests.end_to_end.program import eventually
from tests.end_to_end.screens import Screen, screen
from tests.end_to_end.test_window import Opened, finished, heard, marks

pytestmark = [
    pytest.mark.view,
    pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc and needs an X server"),
]
LEVEL = [(56, y) for y in range(90, 232, 6)]
"""Where the glance's level is drawn."""
CHOSEN = 26, 455
"""On the edge of the chosen moment's row."""


@pytest.fixture(scope="module")
def display(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    with screen(tmp_path_factory.mktemp("screen")) as one:
        yield one


def guessing(remote: RemoteSession) -> bool | None:
    snapshot = remote.snapshot()
    return None if snapshot is None else snapshot.hour.guessing


def covered(display: Screen) -> bool:
    return display.colours(LEVEL) == {LIGHT.paper.upper()}


@pytest.mark.long
def test_a_rise_is_guessed_while_nothing_is_seen_and_told_in_review(
    tmp_path: Path, display: Screen
) -> None:
    person = Opened(tmp_path, display)
    try:
        assert person.shows()
        remote = person.simulates("4")
        assert eventually(lambda: heard(remote))
        assert eventually(lambda: not covered(display))
        assert person.presses("g", lambda: guessing(remote) is True)
        assert eventually(lambda: covered(display))
        person.hit("r", "space", "r")
        assert eventually(lambda: marks(remote) == 1)
        assert covered(display)
        assert person.presses("g", lambda: guessing(remote) is False)
        assert eventually(lambda: not covered(display))
        finished(person, remote)
        person.turn("Return")  # the review, and the one moment chosen in it
        assert eventually(lambda: display.colour(*CHOSEN) == LIGHT.lake.upper())
        person.turn("g")
        assert eventually(lambda: display.colour(*CHOSEN) != LIGHT.lake.upper())
        person.turn("Escape")
        assert eventually(lambda: display.colour(*CHOSEN) == LIGHT.lake.upper())
        remote.close()
        library = store.open_library(person.demo)
        (kept,) = library.sessions()
        log = library.events(kept.id)
        assert [one.on for one in log if isinstance(one, Guessing)] == [True, False]
        told = guesses_of(log)
        ((begun, over),) = told.covered
        assert len(told.moments) == 2
        assert all(begun <= one <= over for one in told.moments)
        theirs = clients_part(log)
        assert not [one for one in theirs if isinstance(one, Guess | Guessing)]
        assert len([one for one in theirs if isinstance(one, Mark)]) == 1
    finally:
        person.end_at_once()
