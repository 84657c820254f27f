"""The library by keys and by mouse in a made-up world: each thing that can be done there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from gui.library import Side
from gui.start import State
from gui.start.keys import working_keys
from gui.start.life import Asks
from pipelines.recording import (
    BackUp,
    Browse,
    Delete,
    LibraryState,
    Lock,
    Merge,
    Move,
    Open,
    Restore,
    Seal,
    ShowOutlines,
    TakeBack,
    WriteNote,
)
from pipelines.settings import Settings
from tests.gui.start.stage import Key, Stage
from tests.gui.start.world import SECRET, World

pytestmark = pytest.mark.view


def opened(stage: Callable[..., Stage], **options: object) -> Stage:
    world = World(LibraryState.OPEN)
    world.know("Juniper", "Rowan")
    world.said = {"K3": ((75.0, "touched the hip"),), "K9": ((5.0, "hip again"),)}
    s = stage(world=world, **options)
    s.press(Key.Key_3)
    assert s.state is State.RECORDINGS
    return s


def click(s: Stage, action: str) -> None:
    (spot,) = [one for one in s.shell.sheet._drawing.spots if one.action == action]
    scale = s.shell.sheet._scale
    place = QPoint(round((spot.x + 9.0) * scale), round((spot.y + spot.height / 2) * scale))
    QTest.mouseClick(s.shell.sheet, Qt.MouseButton.LeftButton, pos=place)
    s.look()


def press_key(s: Stage, action: str) -> None:
    """Press a key with the mouse, in the bar."""
    (button,) = [
        one for side in s.shell.sheet.bar._buttons for one in side if one.hint.action == action
    ]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    s.look()


def answer(s: Stage, path: Path) -> None:
    """Answer the system's window that asks for a file."""
    dialog = s.shell.chooses
    dialog.findChild(QLineEdit).setText(str(path))
    dialog.accept()
    s.look()


def rows(s: Stage) -> list[str]:
    return [one.session for one in s.world.kept]


def actions(s: Stage) -> set[str]:
    return {key.action for key in working_keys(s.shell.life)}


def test_what_is_in_view_is_read_in_small(stage: Callable[..., Stage]) -> None:
    s = opened(stage)
    asked = [one for one in s.world.errands if isinstance(one, ShowOutlines)]
    assert asked[-1].sessions[:2] == ("K1", "K2")
    assert set(s.shell.life.stock.outlines) == set(asked[-1].sessions)
    count = len(s.world.errands)
    s.look()
    assert len(s.world.errands) == count  # it is asked for once
    s.press(Key.Key_End)
    assert s.world.errands[-1].sessions[0] == "K19"


def test_clients_and_sessions_are_chosen_and_opened_by_keys(stage: Callable[..., Stage]) -> None:
    s = opened(stage)
    s.press(Key.Key_Left)
    s.press(Key.Key_Down)
    assert s.shell.life.browsing.client == ""
    s.press(Key.Key_Return)
    assert s.shell.life.browsing.side is Side.SESSIONS
    s.press(Key.Key_Return)
    assert s.world.errands[-1] == Open("K0")
    s.press(Key.Key_Escape)
    assert s.state is State.RECORDINGS
    assert s.shell.life.browsing.client == ""  # where it was left


def test_words_are_looked_for_while_they_are_written(stage: Callable[..., Stage]) -> None:
    s = opened(stage)
    s.press(Key.Key_S)
    assert s.focus is s.shell.words
    s.type("hip")
    s.look()
    assert "K3" in s.shell.life.stock.found.lines[0].session
    assert "1:15" in s.words
    s.press(Key.Key_Return)
    assert s.shell.life.asks is None
    s.press(Key.Key_Down)
    s.press(Key.Key_Return)
    assert s.world.errands[-1] == Open("K9")
    s.press(Key.Key_Escape)
    assert s.shell.life.browsing.words == "hip"
    s.press(Key.Key_Escape)
    assert (s.state, s.shell.life.browsing.words) == (State.RECORDINGS, "")
    s.press(Key.Key_Return)  # what was found stays chosen
    assert s.world.errands[-1] == Open("K9")
    s.press(Key.Key_Escape)
    s.press(Key.Key_S)
    s.type("nowhere at all")
    s.press(Key.Key_Escape)  # as it was
    assert (s.shell.life.asks, s.shell.life.browsing.words) == (None, "")
    s.press(Key.Key_Escape)
    assert s.state is State.START


def test_a_session_moves_to_a_client_and_to_somebody_new(stage: Callable[..., Stage]) -> None:
    s = opened(stage)
    s.press(Key.Key_M)
    assert s.shell.life.asks is Asks.WHOSE
    s.press(Key.Key_Down)
    s.press(Key.Key_Return)
    assert Move("K1", "Rowan") in s.world.errands
    s.press(Key.Key_M)
    s.press(Key.Key_N)
    s.type("Sorrel")
    s.press(Key.Key_Return)
    moved = [one for one in s.world.errands if isinstance(one, Move)]
    assert moved[-1] == Move("K2", "Sorrel")
    s.press(Key.Key_M)
    s.press(Key.Key_Return)  # it is theirs already
    assert len([one for one in s.world.errands if isinstance(one, Move)]) == 2
    s.press(Key.Key_M)
    s.press(Key.Key_Up)
    s.press(Key.Key_Return)
    assert [one for one in s.world.errands if isinstance(one, Move)][-1] == Move("K3", None)


def test_two_clients_are_made_one(stage: Callable[..., Stage]) -> None:
    s = opened(stage)
    s.press(Key.Key_Left)
    s.press(Key.Key_M)
    s.press(Key.Key_N)  # nobody new can be one with them
    assert s.shell.life.asks is Asks.WHOSE
    s.press(Key.Key_Return)
    merged = [one for one in s.world.errands if isinstance(one, Merge)]
    assert merged == [Merge("Juniper", "Rowan")]
    assert s.shell.life.browsing.client == "Rowan"
    s.world.know("Rowan")
    s.look()
    s.press(Key.Key_M)
    assert s.shell.life.asks is None  # there is nobody else


def test_a_note_is_written_in_ones_name(stage: Callable[..., Stage]) -> None:
    s = opened(stage, settings=Settings(begun=True, author="Ada"))
    s.press(Key.Key_N)
    s.type("slower, s and m")
    s.press(Key.Key_Return)
    notes = [one for one in s.world.errands if isinstance(one, WriteNote)]
    assert notes == [WriteNote("K1", "Ada", "slower, s and m")]
    assert "Ada: slower, s and m" in s.words
    s.press(Key.Key_N)
    s.press(Key.Key_Return)  # nothing was written
    assert len([one for one in s.world.errands if isinstance(one, WriteNote)]) == 1


def test_a_deletion_is_taken_back(stage: Callable[..., Stage]) -> None:
    s = opened(stage)
    s.press(Key.Key_Down)
    s.press(Key.Key_Backspace)  # there is nothing to take back
    s.press(Key.Key_Delete)
    assert Delete("K2") in s.world.errands
    assert "K2" not in rows(s)
    assert s.shell.life.browsing.client == "Juniper"
    s.press(Key.Key_Backspace)
    assert [one for one in s.world.errands if isinstance(one, TakeBack)] == [TakeBack()]
    assert "K2" in rows(s)
    assert "undo" not in actions(s)


def test_a_client_takes_a_sealed_file_along(stage: Callable[..., Stage], tmp_path: Path) -> None:
    s = opened(stage)
    s.press(Key.Key_X)
    assert s.shell.life.asks is Asks.SEAL
    s.type("their own words")
    s.press(Key.Key_Return)
    s.type("their other words")
    s.press(Key.Key_Return)
    assert s.shell.chooses is None  # the two differ
    s.shell.fields[1].setText("their own words")
    s.press(Key.Key_Return)
    answer(s, tmp_path / "theirs.interbeat")
    sealed = [one for one in s.world.errands if isinstance(one, Seal)]
    assert sealed == [Seal("Juniper", str(tmp_path / "theirs.interbeat"), "their own words")]
    assert s.shell.life.asks is None
    assert not any(field.text() for field in s.shell.fields)
    s.press(Key.Key_X)
    s.type("words")
    s.press(Key.Key_Escape)
    assert (s.state, s.shell.life.asks) == (State.RECORDINGS, None)
    assert not any(field.text() for field in s.shell.fields)


def test_all_of_it_is_backed_up_and_restored(stage: Callable[..., Stage], tmp_path: Path) -> None:
    s = opened(stage)
    path = tmp_path / "backup.interbeat"
    s.press(Key.Key_B)
    answer(s, path)
    assert BackUp(str(path)) in s.world.errands
    assert str(path) in s.words
    path.touch()
    s.press(Key.Key_R)
    answer(s, path)
    assert Restore(str(path)) in s.world.errands
    s.press(Key.Key_B)
    s.shell.chooses.reject()
    assert len([one for one in s.world.errands if isinstance(one, BackUp)]) == 1


def test_locked_it_shows_nothing_but_the_field(stage: Callable[..., Stage]) -> None:
    s = opened(stage)
    assert "Juniper" in s.words
    s.press(Key.Key_K)
    assert s.world.errands[-1] == Lock()
    assert s.state is State.LOCKED
    assert "Juniper" not in s.words
    assert not s.shell.life.stock.rows
    s.press(Key.Key_Escape)
    assert s.state is State.START
    s.press(Key.Key_3)
    assert s.state is State.LOCKED
    s.type(SECRET)
    s.press(Key.Key_Return)
    assert s.state is State.RECORDINGS
    assert "Juniper" in s.words


@pytest.mark.parametrize(
    ("keys", "state"),
    [
        ([], State.LOCKED),
        ([Key.Key_Return], State.LOCKED),
        ([Key.Key_M], State.LOCKED),
        ([Key.Key_Return, Key.Key_R], State.LOCKED),
        ([Key.Key_Escape], State.START),
        ([Key.Key_Escape, Key.Key_6], State.LOCKED),
        ([Key.Key_Escape, Key.Key_1], State.LOCKED),
        ([Key.Key_Escape, Key.Key_S], State.SETTINGS),
        ([Key.Key_Escape, Key.Key_2], None),
        ([Key.Key_Escape, Key.Key_4], None),
    ],
)
def test_it_locks_itself_after_minutes_without_use_but_never_while_anything_goes_on(
    stage: Callable[..., Stage], keys: list[Key], state: State | None
) -> None:
    s = opened(stage, settings=Settings(begun=True, lock="5"))
    for key in keys:
        s.press(key)
    before = s.state
    s.shell.idle._used -= 299.0
    s.look()
    assert (s.state, Lock() in s.world.errands) == (before, False)
    s.shell.idle._used -= 2.0
    s.look()
    assert s.state is (before if state is None else state)
    assert (Lock() in s.world.errands) == (state is not None)
    if state is not None:
        assert s.world.desk.library is LibraryState.LOCKED
        assert "Juniper" not in s.words


def test_a_session_that_has_ended_is_left_when_it_locks(stage: Callable[..., Stage]) -> None:
    s = stage(LibraryState.OPEN, settings=Settings(begun=True, lock="5"))
    s.press(Key.Key_1)
    s.press(Key.Key_4 if s.state is State.START else Key.Key_S)
    s.world.finish()
    s.look()
    assert s.state is State.FINISHED
    s.world.change(lockable=True)
    s.shell.idle._used -= 301.0
    s.look()
    assert s.state is State.LOCKED


def test_use_puts_it_off_and_who_wishes_none_has_none(stage: Callable[..., Stage]) -> None:
    s = opened(stage, settings=Settings(begun=True, lock="5"))
    s.shell.idle._used -= 301.0
    s.press(Key.Key_Down)
    assert s.state is State.RECORDINGS
    s.shell.idle._used -= 301.0
    QTest.mouseMove(s.shell.sheet, QPoint(300, 300))
    QTest.mouseClick(s.shell.sheet, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    s.look()
    assert s.state is State.RECORDINGS
    never = opened(stage, settings=Settings(begun=True, lock="never"))
    never.shell.idle._used -= 1e9
    never.look()
    assert never.state is State.RECORDINGS


def test_without_a_passphrase_nothing_locks(stage: Callable[..., Stage]) -> None:
    s = opened(stage, settings=Settings(begun=True, lock="5"))
    s.world.change(lockable=False, clients=None)
    s.look()
    s.shell.idle._used -= 1e9
    s.look()
    assert s.state is State.RECORDINGS
    s.press(Key.Key_K)
    s.press(Key.Key_M)
    assert (s.state, s.shell.life.asks) == (State.RECORDINGS, None)


def test_the_mouse_does_all_that_the_keys_do(stage: Callable[..., Stage], tmp_path: Path) -> None:
    s = opened(stage)
    click(s, "client 1")
    assert s.shell.life.browsing.side is Side.CLIENTS
    click(s, "client 0")
    click(s, "pick 1")
    assert s.shell.life.browsing.session == "K2"
    press_key(s, "delete")
    press_key(s, "undo")
    assert "K2" in rows(s)
    press_key(s, "note")
    s.type("by mouse")
    press_key(s, "enter")
    assert isinstance(s.world.errands[-1], WriteNote | ShowOutlines)
    press_key(s, "whose")
    click(s, "take 2")
    assert Move("K2", "Rowan") in s.world.errands
    click(s, "kind")
    click(s, "since")
    for _ in range(2):
        click(s, "kind")
        click(s, "since")
    click(s, "search")
    s.type("hip")
    press_key(s, "unask")
    click(s, "back up")
    answer(s, tmp_path / "b.interbeat")
    assert any(isinstance(one, BackUp) for one in s.world.errands)
    click(s, "restore")
    s.shell.chooses.reject()
    click(s, "open" if s.shell.life.browsing.side is Side.SESSIONS else "pick 0")
    press_key(s, "away")
    assert isinstance(s.world.errands[-1], Browse | ShowOutlines)
    click(s, "lock")
    assert s.state is State.LOCKED


def test_a_wheel_moves_what_is_chosen(stage: Callable[..., Stage]) -> None:
    s = opened(stage)

    def turn(x: float, y: float, by: int = -120) -> None:
        place = QPointF(x, y)
        event = QWheelEvent(
            place, place, QPoint(), QPoint(0, by), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(s.shell.sheet, event)
        s.look()

    turn(700.0, 300.0)
    assert s.shell.life.browsing.session == "K2"
    turn(100.0, 230.0)
    assert s.shell.life.browsing.client == ""
    for _ in range(4):  # as a touchpad turns
        turn(100.0, 230.0, 30)
    assert s.shell.life.browsing.client == "Juniper"
    before = s.shell.life.browsing
    turn(700.0, 40.0)  # over no list
    assert s.shell.life.browsing == before


def test_a_refusal_is_said_and_an_empty_library_offers_what_it_can(
    stage: Callable[..., Stage],
) -> None:
    s = opened(stage)
    s.world.change(refusal="The disk is full.")
    s.look()
    assert "The disk is full." in s.words
    s.world.change(refusal=None)
    s.world.keep()
    s.look()
    assert not {"open", "search", "note", "whose", "seal", "delete"} & actions(s)
    assert {"back up", "restore", "lock", "back"} <= actions(s)
    for key in (Key.Key_Down, Key.Key_Left, Key.Key_Return, Key.Key_Delete, Key.Key_N, Key.Key_X):
        s.press(key)
    assert (s.state, s.shell.life.asks) == (State.RECORDINGS, None)
