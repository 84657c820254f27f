"""What keeps a session from coming about is said, with what to do, another try and its details."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from PySide6.QtGui import QGuiApplication

from devices.link import BluetoothTrouble
from gui.start import State
from gui.start.life import RECORDING
from pipelines.recording import Begin, LibraryState
from pipelines.words import bluetooth_advice
from tests.gui.start.stage import Key, Stage
from tests.gui.start.world import LAST

pytestmark = [pytest.mark.view, pytest.mark.usefixtures("english")]


@pytest.mark.parametrize("size", [(1280, 800), (853, 533)])
def test_a_session_that_reached_no_strap_says_why_and_is_tried_again(
    stage: Callable[..., Stage], size: tuple[int, int]
) -> None:
    s = stage(LibraryState.OPEN)
    s.shell.resize(*size)
    s.world.change(last=LAST)
    s.look()
    s.press(Key.Key_Return)
    s.world.unreached()
    s.look()
    assert s.state is State.FINISHED
    what, do = bluetooth_advice(BluetoothTrouble.OFF, sys.platform)
    for words in (what.split(".")[0], do.split(",")[0], "nothing is kept"):
        assert words in s.words
    assert "Saved" not in s.shell.live.glance.accessibleName()
    s.press(Key.Key_C)
    assert "NotReady" in QGuiApplication.clipboard().text()
    s.press(Key.Key_R)
    assert [one for one in s.world.errands if isinstance(one, Begin)] == 2 * [Begin((LAST,))]
    assert s.state in RECORDING
    assert s.world.sessions == 2


def test_a_session_that_was_kept_offers_no_other_try(stage: Callable[..., Stage]) -> None:
    s = stage(LibraryState.OPEN)
    s.press(Key.Key_4)
    s.world.finish()
    s.look()
    s.press(Key.Key_R)
    assert s.state is State.FINISHED
    assert s.world.sessions == 1


def test_a_window_that_came_back_after_it_offers_only_what_it_can(
    stage: Callable[..., Stage],
) -> None:
    s = stage(LibraryState.OPEN)
    s.world.begin()
    s.world.unreached()
    s.look()
    s.press(Key.Key_R)
    assert s.state is State.FINISHED
    s.press(Key.Key_Return)
    assert s.state is State.START
