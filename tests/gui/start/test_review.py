"""The doors to a stored hour, and what is done there, by keys and mouse in a made-up world."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit

from gui.start import State
from pipelines.analysis import Guessed, GuessLine
from pipelines.live import NoteMark
from pipelines.recording import (
    Amend,
    Browse,
    HandOver,
    Leave,
    LibraryState,
    Omit,
    Open,
    Redraw,
    Reword,
    ShowOutlines,
    TakeBack,
    Word,
    WriteReport,
)
from pipelines.session import LeftOutReason
from tests.gui.start.stage import Key, Stage
from tests.gui.start.world import SECRET

pytestmark = pytest.mark.view


def opened(stage: Callable[..., Stage]) -> Stage:
    s = stage(LibraryState.OPEN)
    s.press(Key.Key_3)
    s.press(Key.Key_Return)
    assert s.state is State.REVIEW
    assert s.shell.life.opened is not None
    return s


def test_the_recordings_lie_behind_a_door(stage: Callable[..., Stage]) -> None:
    s = stage(LibraryState.OPEN)
    s.press(Key.Key_3)
    assert s.state is State.RECORDINGS
    browse, outlines = s.world.errands[-2:]
    assert isinstance(browse, Browse)
    assert isinstance(outlines, ShowOutlines)
    assert len(s.shell.life.stock.rows) == 20
    s.press(Key.Key_Down)
    s.press(Key.Key_Return)
    assert s.world.errands[-1] == Open("K2")
    assert s.state is State.REVIEW
    s.press(Key.Key_Escape)
    assert s.state is State.RECORDINGS
    s.press(Key.Key_Escape)
    assert s.state is State.START
    assert isinstance(s.world.errands[-1], Leave)


def test_a_locked_library_asks_first_and_then_shows_them(stage: Callable[..., Stage]) -> None:
    s = stage(LibraryState.LOCKED)
    s.press(Key.Key_3)
    assert s.state is State.LOCKED
    s.type(SECRET)
    s.press(Key.Key_Return)
    assert s.state is State.RECORDINGS


def test_without_a_library_there_is_no_such_door(stage: Callable[..., Stage]) -> None:
    s = stage(LibraryState.MISSING)
    s.press(Key.Key_3)
    assert s.state is State.START


def test_enter_at_the_end_reviews_and_esc_leads_to_the_beginning(
    stage: Callable[..., Stage],
) -> None:
    s = stage()
    s.press(Key.Key_4)
    session = s.world.desk.session
    s.world.finish()
    s.look()
    assert s.state is State.FINISHED
    s.press(Key.Key_Return)
    assert (s.state, s.world.errands[-1]) == (State.REVIEW, Open(session))
    assert s.shell.life.opened is not None
    s.press(Key.Key_Escape)
    assert s.state is State.START


def test_words_of_a_moment_are_written_as_at_the_end(stage: Callable[..., Stage]) -> None:
    s = opened(stage)
    s.press(Key.Key_Right)
    s.press(Key.Key_N)
    s.shell.words.setText("we laughed, n, s and o")
    s.press(Key.Key_Return)
    assert s.world.errands[-1] == Amend(NoteMark(1000.0, "we laughed, n, s and o"))
    assert "we laughed" in s.words


def test_what_was_guessed_has_its_key_only_where_something_was(
    stage: Callable[..., Stage],
) -> None:
    s = opened(stage)
    s.press(Key.Key_G)
    assert not s.shell.life.looking.guesses
    told = Guessed(60.0, 1, (GuessLine(30.0, 2.0, counts=True),), 1, (), None)
    life = s.shell.life
    assert life.opened is not None
    reviewed = msgspec.structs.replace(life.opened.reviewed, guessed=told)
    s.shell.life = replace(life, opened=replace(life.opened, reviewed=reviewed))
    s.press(Key.Key_G)
    assert s.shell.life.looking.guesses
    s.press(Key.Key_N)  # there are no words of a moment to be written now
    assert s.shell.life.asks is None
    s.press(Key.Key_Escape)
    assert not s.shell.life.looking.guesses
    assert s.state is State.REVIEW


def test_a_stretch_is_left_out_redrawn_and_taken_back(stage: Callable[..., Stage]) -> None:
    s = opened(stage)
    for key in (Key.Key_Return, Key.Key_S, *[Key.Key_Right] * 6, Key.Key_O, Key.Key_2):
        s.press(key)
    omit = s.world.errands[-1]
    assert isinstance(omit, Omit)
    assert (omit.start, omit.reason) == (500.0, LeftOutReason.TALKING)
    assert s.shell.life.opened.reviewed.left_out
    for key in (Key.Key_S, *[Key.Key_Right] * 6, Key.Key_B):
        s.press(key)
    assert isinstance(s.world.errands[-1], Redraw)
    s.press(Key.Key_Backspace)
    s.press(Key.Key_Backspace)
    assert [type(one) for one in s.world.errands[-2:]] == [TakeBack, TakeBack]
    assert not s.shell.life.opened.reviewed.left_out
    s.press(Key.Key_Backspace)
    assert sum(isinstance(one, TakeBack) for one in s.world.errands) == 2


def test_the_mouse_chooses_drags_and_wheels(stage: Callable[..., Stage]) -> None:
    s = opened(stage)
    sheet = s.shell.sheet
    middle = QPoint(400, 280)
    QTest.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=middle)
    start, end = s.shell.life.looking.zoom
    assert end - start == pytest.approx(120.0)
    QTest.mousePress(sheet, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(sheet, QPoint(300, 280))
    QTest.mouseRelease(sheet, Qt.MouseButton.LeftButton, pos=QPoint(300, 280))
    assert s.shell.life.looking.zoom[0] > start
    wheel = QWheelEvent(
        QPointF(400, 280), QPointF(400, 280), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(sheet, wheel)
    zoom = s.shell.life.looking.zoom
    assert zoom[1] - zoom[0] == pytest.approx(80.0)
    QTest.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=QPoint(200, 486))
    assert s.shell.life.looking.moment == 1


def test_a_review_that_cannot_be_opened_says_why(stage: Callable[..., Stage]) -> None:
    s = stage(LibraryState.OPEN)
    s.press(Key.Key_3)
    s.world.do = lambda errand: s.world.change(refusal="It cannot be read.")
    s.press(Key.Key_Return)
    assert s.state is State.RECORDINGS
    assert "It cannot be read." in s.words


def worded(stage: Callable[..., Stage]) -> Stage:
    s = opened(stage)
    s.press(Key.Key_R)
    assert (s.state, s.world.errands[-1]) == (State.SENTENCES, Word())
    return s


@pytest.mark.usefixtures("english")
def test_a_sentence_for_the_client_is_put_otherwise_left_out_and_put_back(
    stage: Callable[..., Stage],
) -> None:
    s = worded(stage)
    s.press(Key.Key_Return)
    assert s.shell.words.text().startswith("Your heart sped up clearly 3 times")
    s.shell.words.setText("It was quick, w, n and r too.")
    s.press(Key.Key_Return)
    assert s.world.errands[-1] == Reword("first", "It was quick, w, n and r too.")
    assert "It was quick" in s.words
    assert "by hand" in s.words
    s.press(Key.Key_Down)
    s.press(Key.Key_Return)
    s.shell.words.clear()
    s.press(Key.Key_Return)
    assert s.world.errands[-1] == Reword("rise 1", "")
    assert "left out" in s.words
    s.press(Key.Key_Delete)
    assert s.world.errands[-1] == Reword("rise 1", None)
    assert "left out" not in s.words
    before = len(s.world.errands)
    for key in (Key.Key_Delete, Key.Key_Return, Key.Key_Escape):
        s.press(key)
    assert len(s.world.errands) == before
    s.press(Key.Key_Escape)
    assert s.state is State.REVIEW
    assert s.shell.life.opened is not None


def test_every_sentence_can_be_reached_at_every_size(stage: Callable[..., Stage]) -> None:
    s = worded(stage)
    for size in ((853, 533), (1280, 800)):
        s.shell.resize(*size)
        for _ in range(12):
            s.press(Key.Key_Up)
        for one in s.world.desk.sentences:
            assert s.shell.life.sentence == one
            assert one.words[:20] in s.words
            s.press(Key.Key_Down)


@pytest.mark.usefixtures("english")
def test_the_report_goes_where_the_person_says(stage: Callable[..., Stage], tmp_path: Path) -> None:
    s = worded(stage)
    s.press(Key.Key_W)
    choice = s.shell.chooses
    assert choice.isVisible()
    assert Path(choice.selectedFiles()[0]).name == "report.pdf"
    choice.findChild(QComboBox, "fileTypeCombo").setFocus()
    choice.filterSelected.emit("HTML (*.html)")
    assert Path(choice.selectedFiles()[0]).name == "report.html"
    choice.setDirectory(str(tmp_path))
    choice.accept()
    s.look()
    assert s.world.errands[-1] == WriteReport(str(tmp_path / "report.html"))
    assert "not encrypted" in s.words
    s.press(Key.Key_W)
    s.shell.chooses.reject()
    assert sum(isinstance(one, WriteReport) for one in s.world.errands) == 1


def test_by_mouse_alone_a_sentence_is_chosen_written_and_kept(stage: Callable[..., Stage]) -> None:
    s = worded(stage)
    sheet = s.shell.sheet
    place = QPoint(400, 208 + 38 + 20)
    for _ in range(2):
        QTest.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=place)
    assert s.shell.words.isVisible()
    s.shell.words.setText("Otherwise.")
    s.shell.act("enter")
    s.look()
    assert s.world.errands[-1] == Reword("rise 1", "Otherwise.")


@pytest.mark.usefixtures("english")
def test_it_is_handed_over_where_the_person_says(
    stage: Callable[..., Stage], tmp_path: Path
) -> None:
    s = opened(stage)
    s.press(Key.Key_X)
    choice = s.shell.chooses
    assert choice.isVisible()
    choice.findChild(QLineEdit, "fileNameEdit").setText(str(tmp_path))
    choice.accept()
    s.look()
    assert s.world.errands[-1] == HandOver(str(tmp_path))
    s.world.change(written=str(tmp_path / "K0-client.zip"))
    s.look()
    assert "not encrypted" in s.words
