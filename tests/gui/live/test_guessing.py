"""Guess, then look: while it is on nothing of a heart is on the screen; afterwards all is back."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from docs import moments
from gui.live.panes import CoverPane
from pipelines.live import commands as c
from pipelines.session import HourView
from pipelines.words import where_kept
from tests.gui.live.stage import Key, Stage

pytestmark = [pytest.mark.view, pytest.mark.usefixtures("english")]
STATES = ("live", "limited", "gap", "paused", "two_people", "group")
GUESSING = HourView(guessing=True)


def of_a_heart(s: Stage) -> list[QWidget]:
    """The parts that show anything of a heart."""
    v = s.view
    return [part for part in (v.glance, v.one, v.pair, v.strip, v.line) if part.isVisible()]


def named(state: str) -> str:
    return next(one for one in moments.STATES if one.replace(" ", "_") == state)


@pytest.mark.sampled
@pytest.mark.parametrize("dim", [False, True])
@pytest.mark.parametrize("state", STATES)
def test_the_picture_is_covered_and_comes_back_as_it_was(
    stage: Callable[..., Stage], state: str, dim: bool
) -> None:
    s = stage(named(state))
    if dim:
        s.press(Key.Key_D)
    s.step(1.0)
    before, boxes = of_a_heart(s), s.view.current_layout().boxes()
    assert s.view.glance in before
    s.change(hour=GUESSING)
    assert of_a_heart(s) == []
    assert s.view.cover.isVisible()
    assert s.view.current_layout().boxes() == boxes
    for key in (Key.Key_Z, Key.Key_H, Key.Key_D, Key.Key_D, Key.Key_L, Key.Key_Escape):
        s.press(key)
        s.step(1.0)
        assert of_a_heart(s) == []
    s.press(Key.Key_Escape)
    for key in (Key.Key_Z, Key.Key_H, Key.Key_L):
        s.press(key)
    s.view.resize(1000, 700)
    assert of_a_heart(s) == []
    s.view.resize(1280, 800)
    s.change(hour=HourView())
    assert of_a_heart(s) == before
    assert not s.view.cover.isVisible()


def test_its_picture_is_the_same_whatever_the_heart_does(stage: Callable[..., Stage]) -> None:
    pictures = []
    for state in ("live", "near"):
        s = stage(state)
        s.change(hour=GUESSING)
        pictures.append((s.view.cover.accessibleName(), s.view.cover.grab().toImage()))
    assert pictures[0] == pictures[1]


def test_that_nothing_can_be_read_is_said_even_so(stage: Callable[..., Stage]) -> None:
    for state, said in (("live", False), ("gap", True)):
        s = stage(state)
        s.change(hour=GUESSING)
        assert ("No reading" in s.view.cover.accessibleName()) is said


def test_it_is_said_in_the_header_as_the_microphone_is() -> None:
    snapshot = moments.live().state
    assert snapshot is not None
    for hour, said in (
        (HourView(), "recording on this computer only"),
        (GUESSING, "recording here only, guessing"),
        (HourView(listening=True), "recording here only, microphone on"),
        (HourView(listening=True, guessing=True), "recording here only, microphone on, guessing"),
    ):
        assert where_kept(msgspec.structs.replace(snapshot, hour=hour), reachable=True).endswith(
            said
        )


def test_g_shows_again_r_senses_and_space_still_marks(stage: Callable[..., Stage]) -> None:
    s = stage()
    s.change(hour=GUESSING)
    for key in (Key.Key_R, Key.Key_Space, Key.Key_G):
        s.press(key)
    assert s.moment.asked == [c.SenseRise(), c.MarkMoment(""), c.CoverPicture(on=False)]
    assert CoverPane.HOW in s.view.cover.accessibleName()


def test_the_bar_holds_its_keys_first_while_it_is_on(stage: Callable[..., Stage]) -> None:
    s = stage()

    def caps() -> list[str]:
        return [b.hint.cap for b in s.view.bar._buttons[0] if b.isVisible()]

    usual = caps()
    assert usual[0] == "Space"
    s.change(hour=GUESSING)
    assert caps()[:3] == ["R", "G", "Space"]
    QTest.mouseClick(s.view.bar._buttons[0][0], Qt.MouseButton.LeftButton)
    s.step()
    assert s.moment.asked == [c.SenseRise()]
    s.change(hour=HourView())
    assert caps() == usual


def test_a_guess_that_waited_bears_the_time_of_its_key() -> None:
    from gui.shared import Orders

    now = [10.0]
    orders = Orders(lambda: now[0])
    orders.give(c.SenseRise())
    now[0] += 3.0
    asked: list[c.Command] = []

    class Session:
        def ask(self, command: c.Command) -> None:
            asked.append(command)

    orders.carry_out(Session())  # type: ignore[arg-type]
    assert asked == [c.SenseRise(3.0)]
