"""The window driven by keys and clicks from its beginning to a session's end."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from gui.live import LiveView
from gui.practice import PracticeView
from gui.start import State
from gui.start.life import RECORDING, Asks
from pipelines.language import tr
from pipelines.live import MarkMoment, NoteMark
from pipelines.recording import (
    Amend,
    Begin,
    KeepPedal,
    LibraryState,
    MakeLibrary,
    NameClient,
    Simulate,
    Undoable,
    Unlock,
)
from pipelines.words import DISCLAIMER
from tests.gui.start.stage import Key, Stage
from tests.gui.start.world import SECRET, STRAPS

pytestmark = pytest.mark.view


def test_it_begins_with_doors_to_what_there_is(stage: Callable[..., Stage]) -> None:
    s = stage()
    assert s.state is State.START
    for words in (tr("A session"), tr("Practice"), tr("No strap is needed")):
        assert words in s.words
    assert DISCLAIMER[0] in s.words


@pytest.mark.usefixtures("english")
def test_the_passphrase_is_typed_twice_and_the_recovery_key_seen(
    stage: Callable[..., Stage],
) -> None:
    s = stage()
    s.press(Key.Key_1)
    assert s.state is State.FIRST
    s.type("lf?4")  # letters, not keys
    assert s.shell.fields[0].text() == "lf?4"
    assert "at once" in s.words
    s.press(Key.Key_Return)
    s.type("other")
    s.press(Key.Key_Return)
    assert "twice" in s.words
    assert not s.world.errands
    for field in s.shell.fields:
        field.setText(SECRET)
    s.press(Key.Key_Return)
    assert s.world.errands == [MakeLibrary(SECRET)]
    assert s.state is State.RECOVERY
    assert "ABCD-EFGH-IJKL-MNOP" in s.words
    assert not any(field.text() for field in s.shell.fields)
    s.press(Key.Key_Return)
    assert s.state is State.STRAPS
    assert "ABCD-EFGH" not in s.words


@pytest.mark.usefixtures("english")
def test_a_wrong_passphrase_is_told_and_the_field_is_empty(stage: Callable[..., Stage]) -> None:
    s = stage(LibraryState.LOCKED)
    s.press(Key.Key_1)
    s.type("guess")
    s.press(Key.Key_Return)
    assert s.world.errands == [Unlock("guess")]
    assert "opens nothing" in s.words
    assert not s.shell.fields[0].text()
    s.type(SECRET)
    s.press(Key.Key_Return)
    assert s.state is State.STRAPS


def test_straps_appear_and_a_click_says_who_wears_one(stage: Callable[..., Stage]) -> None:
    s = stage(LibraryState.OPEN)
    s.press(Key.Key_1)
    s.world.change(straps=STRAPS[:2])
    s.look()
    assert STRAPS[1].name in s.words
    click(s, "wear 1")
    s.press(Key.Key_Return)
    (begun,) = [one for one in s.world.errands if isinstance(one, Begin)]
    assert [(one.address, one.role) for one in begun.straps] == [(STRAPS[1].address, "client")]
    assert isinstance(s.shell.live, LiveView)


def click(s: Stage, action: str) -> None:
    """Click where the page acts so."""
    (spot,) = [one for one in s.shell.sheet._drawing.spots if one.action == action]
    scale = s.shell.sheet._scale
    place = QPoint(round((spot.x + spot.width / 2) * scale), round((spot.y + 8.0) * scale))
    QTest.mouseClick(s.shell.sheet, Qt.MouseButton.LeftButton, pos=place)
    s.look()


def test_the_mouse_alone_begins_finishes_throws_away_and_takes_back(
    stage: Callable[..., Stage],
) -> None:
    s = stage()
    click(s, "simulated")
    assert s.world.errands == [Simulate()]
    assert s.state in RECORDING
    s.shell.live.act("calm")
    s.shell.live.act("finish")
    s.look()
    assert s.state is State.FINISHED
    click(s, "throw")
    assert tr("Undo") in s.words
    click(s, "undo")
    click(s, "leave")
    assert s.state is State.START


def test_marks_reach_the_session_and_stand_at_its_end(stage: Callable[..., Stage]) -> None:
    s = stage()
    s.press(Key.Key_4)
    s.press(Key.Key_Space)
    assert s.world.moment.asked == [MarkMoment("", 0.0)]
    s.press(Key.Key_Escape)
    s.press(Key.Key_Return)
    assert s.state is State.FINISHED
    for mark in s.world.moment.state.marks:
        assert mark.text in s.words


def test_words_of_a_moment_are_written_in_its_row(stage: Callable[..., Stage]) -> None:
    s = finished(stage)
    first = s.world.moment.state.marks[0]
    s.press(Key.Key_N)
    assert s.shell.words.text() == first.text
    s.type(" nld4-")  # letters, not keys
    s.press(Key.Key_Backspace)
    s.press(Key.Key_Return)
    assert s.world.errands[-1] == Amend(NoteMark(first.time, f"{first.text} nld4"))
    assert f"{first.text} nld4" in s.words
    assert not s.shell.words.isVisible()
    assert s.state is State.FINISHED


def test_words_survive_a_lost_focus_and_esc_leaves_them(stage: Callable[..., Stage]) -> None:
    s = finished(stage)
    s.press(Key.Key_N)
    s.press(Key.Key_Tab)
    s.type("d")
    s.type("p")
    assert s.shell.words.text().endswith("dp")
    assert not s.shell.live.dim
    s.press(Key.Key_Tab)
    s.press(Key.Key_Escape)
    assert not s.shell.words.isVisible()
    assert s.state is State.FINISHED
    assert not any(isinstance(one, Amend) for one in s.world.errands)


def test_a_key_that_writes_nothing_leaves_the_focus_where_words_are_written(
    stage: Callable[..., Stage],
) -> None:
    s = finished(stage)
    s.press(Key.Key_N)
    for key in (Key.Key_Shift, Key.Key_Control, Key.Key_F7, Key.Key_Up):
        s.press(key)
        assert s.focus is s.shell.words
    s.type("A")
    assert s.shell.words.text().endswith("A")


def test_the_mouse_edits_and_removes_a_moment(stage: Callable[..., Stage]) -> None:
    s = finished(stage)
    marks = s.world.moment.state.marks
    click(s, "row 1")
    click(s, "remove")
    assert s.world.moment.state.marks == (marks[0], marks[2])
    click(s, "undo")
    assert s.world.moment.state.marks == marks
    QTest.mouseClick(s.shell.sheet, Qt.MouseButton.LeftButton, pos=row_at(s))
    s.look()
    assert s.shell.words.isVisible()
    click(s, "row 0")
    assert not s.shell.words.isVisible()


def test_a_name_is_typed_chosen_or_clicked(stage: Callable[..., Stage]) -> None:
    s = finished(stage)
    s.world.change(clients=("Juniper", "Rowan"))
    s.look()
    s.press(Key.Key_W)
    s.type("Wolf, 2nd")
    s.press(Key.Key_Return)
    assert s.world.errands[-1] == NameClient("Wolf, 2nd")
    assert "Wolf, 2nd" in s.words
    s.press(Key.Key_W)
    assert s.shell.words.text() == "Wolf, 2nd"
    s.press(Key.Key_Down)
    assert s.shell.words.text() == "Juniper"
    s.press(Key.Key_Return)
    assert s.world.errands[-1] == NameClient("Juniper")
    click(s, "client")
    click(s, "name 1")
    assert s.world.desk.client == "Rowan"
    assert not s.shell.words.isVisible()


def test_a_session_that_goes_on_has_its_keys_again_and_closing_finishes_it(
    stage: Callable[..., Stage],
) -> None:
    s = stage()
    s.press(Key.Key_4)
    assert not s.shell.close()
    s.look()
    s.world.change(undo=9.0, undoes=Undoable.FINISHED)
    s.look()
    assert s.state is State.FINISHED
    s.press(Key.Key_Backspace)
    assert s.state in RECORDING
    s.press(Key.Key_Space)
    assert s.world.moment.asked == [MarkMoment("", 0.0)]
    assert not s.shell.close()
    s.look()
    assert s.state is State.FINISHED


def test_own_marks_are_written_and_reach_the_session(stage: Callable[..., Stage]) -> None:
    s = stage(LibraryState.OPEN)
    s.press(Key.Key_6)
    click(s, "row 4")
    click(s, "label")
    s.type("she laughs")
    s.press(Key.Key_Return)
    assert "she laughs" in s.words
    click(s, "row 0")
    s.press(Key.Key_Return)
    s.shell.words.clear()
    s.press(Key.Key_Return)
    s.press(Key.Key_Escape)
    s.press(Key.Key_4)
    assert s.state in RECORDING
    for key in (Key.Key_5, Key.Key_1, Key.Key_9):  # what has no words marks nothing
        s.press(key)
    assert s.world.moment.asked == [MarkMoment("she laughs", 0.0)]


def test_a_clients_own_marks_are_written_and_reach_their_session_by_mouse_alone(
    stage: Callable[..., Stage],
) -> None:
    s = stage(LibraryState.OPEN)
    s.world.know("Juniper", "Rowan")
    s.look()
    s.press(Key.Key_6)
    click(s, "whose")
    click(s, "take 2")
    assert "Rowan" in s.words
    click(s, "label")
    s.shell.words.setText("she laughs")
    s.press(Key.Key_Return)
    assert s.world.own["Rowan"][0] == "she laughs"
    s.press(Key.Key_Escape)
    s.press(Key.Key_1)
    s.world.change(straps=STRAPS[:2])
    s.look()
    click(s, "wear 0")
    click(s, "whose")
    assert STRAPS[0].name not in s.words
    click(s, "take 2")
    assert s.words.count("Rowan") == 3  # the tile, the row and the list of people
    s.press(Key.Key_Return)
    assert s.state in RECORDING
    s.press(Key.Key_1)
    assert s.world.moment.asked == [MarkMoment("she laughs", 0.0)]
    s.world.finish()
    s.look()
    assert "Rowan" in s.words


@pytest.mark.parametrize("mouse", [True, False])
def test_a_client_gets_a_name_before_the_first_session(
    stage: Callable[..., Stage], *, mouse: bool
) -> None:
    s = stage(LibraryState.OPEN)
    s.world.know()
    s.look()
    s.press(Key.Key_1)
    s.world.change(straps=STRAPS[:2])
    s.look()
    s.press(Key.Key_Right)
    for action, key in (("whose", Key.Key_W), ("new", Key.Key_N)):
        if mouse:
            click(s, action)
        else:
            s.press(key)
    assert s.shell.words.isVisible()
    assert s.focus is s.shell.words
    QTest.keyClicks(s.shell.words, "Rowan")
    s.press(Key.Key_Return)
    assert "Rowan" in s.words
    assert not s.shell.words.isVisible()
    s.press(Key.Key_Return)
    assert s.state in RECORDING
    assert s.world.errands[-1].client == "Rowan"


def test_keys_alone_choose_the_client_and_write_no_words(stage: Callable[..., Stage]) -> None:
    s = stage(LibraryState.OPEN)
    s.world.know("Juniper", Rowan=("her hip", *[""] * 8))
    s.look()
    s.press(Key.Key_1)
    s.world.change(straps=STRAPS[:2])
    s.look()
    for key in (Key.Key_Right, Key.Key_W, Key.Key_Down, Key.Key_S, Key.Key_Down, Key.Key_Space):
        s.press(key)
    assert s.shell.life.asks is Asks.WHOSE
    assert not s.shell.words.isVisible()
    assert s.focus is s.shell
    s.press(Key.Key_Return)
    s.press(Key.Key_Return)
    s.press(Key.Key_1)
    s.press(Key.Key_2)
    assert s.world.moment.asked == [MarkMoment("her hip", 0.0)]


def test_a_foot_pedal_is_learnt_by_pressing_it_and_marks(stage: Callable[..., Stage]) -> None:
    s = stage(LibraryState.OPEN)
    s.press(Key.Key_6)
    click(s, "row 9")
    click(s, "label")
    s.press(Key.Key_T)  # what has a meaning in a session keeps it
    assert s.shell.life.asks is Asks.PEDAL
    assert tr("This key has its own meaning in a session; let the pedal send another.") in s.words
    s.press(Key.Key_Escape)
    assert s.shell.life.asks is None
    s.press(Key.Key_Return)
    s.press(Key.Key_Shift)
    s.press(Key.Key_PageDown)
    assert s.world.errands[-1] == KeepPedal(Key.Key_PageDown)
    s.press(Key.Key_Escape)
    s.press(Key.Key_4)
    s.press(Key.Key_PageDown)
    s.press(Key.Key_Escape)
    s.press(Key.Key_PageDown)  # on the calm screen, too
    assert s.world.moment.asked == [MarkMoment("", 0.0)] * 2


def test_a_foot_pedal_is_forgotten(stage: Callable[..., Stage]) -> None:
    s = stage(LibraryState.OPEN)
    s.world.change(pedal=int(Key.Key_F13))
    s.look()
    s.press(Key.Key_6)
    click(s, "row 9")
    assert "F13" in s.words
    s.press(Key.Key_Delete)
    assert s.world.errands == [KeepPedal(None)]
    assert "F13" not in s.words


def row_at(s: Stage) -> QPoint:
    """Where the chosen moment's row is."""
    spot = next(one for one in s.shell.sheet._drawing.spots if one.action == "words")
    return QPoint(round((spot.x + 100.0) * s.shell.sheet._scale), round(spot.y + 8.0))


def finished(stage: Callable[..., Stage]) -> Stage:
    s = stage()
    s.press(Key.Key_4)
    s.world.finish()
    s.look()
    assert s.state is State.FINISHED
    return s


def test_the_glance_keeps_its_boxes_at_the_end(stage: Callable[..., Stage]) -> None:
    s = stage()
    s.press(Key.Key_4)
    before = s.shell.live.glance.geometry()
    s.world.finish()
    s.look()
    assert s.shell.live.glance.geometry() == before
    assert s.shell.live.glance.isVisible()
    assert s.shell.sheet.geometry().top() >= before.bottom()
    assert s.shell.live.strip.isVisible()
    assert s.shell.sheet.geometry().bottom() < s.shell.live.strip.geometry().top() + 1


def test_closing_finishes_first_and_closes_second(stage: Callable[..., Stage]) -> None:
    s = stage()
    s.press(Key.Key_4)
    assert not s.shell.close()
    s.look()
    assert s.world.finished
    assert s.state is State.FINISHED
    assert s.world.goodbyes == 0
    assert s.shell.close()
    assert s.world.goodbyes == 1


def test_a_window_whose_recorder_is_silent_closes_at_the_second_time(
    stage: Callable[..., Stage],
) -> None:
    s = stage()
    s.press(Key.Key_4)
    s.world.desk = None
    assert not s.shell.close()
    assert s.shell.close()


def test_a_window_opened_by_hand_lets_go_and_finishes_nothing(
    stage: Callable[..., Stage],
) -> None:
    s = stage(begins=State.CONNECTING, finishes=False)
    s.world.begin()
    s.look()
    assert s.state in RECORDING
    assert s.shell.close()
    assert not s.world.finished


def test_practice_is_one_key_away_and_comes_back(stage: Callable[..., Stage]) -> None:
    s = stage()
    s.press(Key.Key_2)
    view = s.shell._view
    assert isinstance(view, PracticeView)
    s.press(Key.Key_Escape)
    for _ in range(2):
        s.press(Key.Key_Return)
    assert s.state is State.START
    assert s.shell._view is None


@pytest.mark.usefixtures("english")
def test_trouble_is_told_in_words_and_copied_without_health_data(
    stage: Callable[..., Stage],
) -> None:
    s = stage(LibraryState.OPEN)
    s.press(Key.Key_1)
    s.world.trouble()
    s.look()
    assert "switched off" in s.words
    assert "--" not in s.words
    s.press(Key.Key_C)
    copied = QGuiApplication.clipboard().text()
    assert "NotReady" in copied
    assert "Interbeat" in copied
    s.press(Key.Key_R)
    assert "switched off" not in s.words


def test_the_page_of_keys_shows_the_keys_of_the_bar(stage: Callable[..., Stage]) -> None:
    s = stage()
    s.press(Key.Key_Question)
    page = s.shell._help
    assert page is not None
    assert tr("simulated strap") in page.accessibleName()
    s.press(Key.Key_4)  # hidden keys do nothing
    assert not s.world.errands
    s.press(Key.Key_Escape)
    assert s.shell._help is None


@pytest.mark.usefixtures("english")
def test_a_silent_desk_is_told_and_found_again(
    stage: Callable[..., Stage], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.start.line.MISSED", 1)
    s = stage()
    desk, s.world.desk = s.world.desk, None
    end = time.monotonic() + 60.0
    while s.state is not State.GONE and time.monotonic() < end:
        s.look()
    assert s.state is State.GONE
    assert "does not answer" in s.words
    s.world.desk = desk
    s.look()
    assert s.state is State.START
