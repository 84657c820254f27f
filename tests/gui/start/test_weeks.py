"""The weeks in the window: reached, told and left by keys alone and by the mouse alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from gui.start import State
from pipelines.recording import KeepWeeks, LibraryState, Lock, OpenWeeks, PrintWeeks
from pipelines.weeks import Answer, Happening, Intention, Question, Unwanted
from tests.gui.start.stage import Key, Stage
from tests.gui.start.world import SECRET
from tests.pipelines.weeks.made import a_log, day

pytestmark = [pytest.mark.view, pytest.mark.usefixtures("english")]


@pytest.fixture
def s(stage):
    found = stage(LibraryState.OPEN)
    found.world.entries = list(a_log())
    found.press(Key.Key_W)
    return found


def click(s: Stage, action: str) -> None:
    sheet = s.shell.sheet
    (spot,) = [one for one in sheet._drawing.spots if one.action == action]
    middle = spot.x + spot.width / 2, spot.y + spot.height / 2
    x, y = (round(at * sheet._scale) for at in middle)
    QTest.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=QPoint(x, y))
    s.look()


def new(s: Stage) -> list[object]:
    return s.world.entries[len(a_log()) :]


def test_one_key_leads_there_and_one_back(s):
    assert s.state is State.WEEKS
    assert OpenWeeks() in s.world.errands
    assert "Walking to the lake is easier than in the first month." in s.words
    assert "mostly in the evening" in s.words
    s.press(Key.Key_Escape)
    assert s.state is State.START
    assert s.shell.life.story is None


def test_a_week_is_told_by_keys_alone(s):
    s.press(Key.Key_Return)
    assert "how well could I do it this week?" in s.words
    for key in (Key.Key_9, Key.Key_Return, Key.Key_S, Key.Key_Right, Key.Key_Return, Key.Key_S):
        s.press(key)
    told = [(one.question, one.value) for one in new(s) if isinstance(one, Answer)]
    assert told == [(Question.ACTIVITY, 9), (Question.TENSION, 6)]
    assert "7 ± 2 of 10" in s.words


def test_a_week_is_told_by_the_mouse_alone(s):
    sheet = s.shell.sheet
    x, y = (round(at * sheet._scale) for at in (505.0, 300.0))
    QTest.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=QPoint(x, y))
    s.look()
    for words in ("tell of this week", "keep it so", "leave it out"):
        if words == "keep it so":
            click(s, "value 3")
        press_key(s, words)
    s.press(Key.Key_Escape)
    (answer,) = new(s)
    assert (answer.question, answer.value, answer.day) == (Question.ACTIVITY, 3, day(41))


def press_key(s: Stage, words: str) -> None:
    """Click a key of the bar by its words."""
    buttons = [one for side in s.shell.sheet.bar._buttons for one in side]
    (button,) = [one for one in buttons if one.hint.words == words]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    s.look()


def test_words_are_written_in_a_field_and_esc_keeps_nothing(s):
    for key, words in ((Key.Key_I, "swim"), (Key.Key_N, "new bed"), (Key.Key_U, "dizzy")):
        s.press(key)
        assert s.shell.words.isVisible()
        s.shell.words.clear()
        s.type(words)
        s.press(Key.Key_Return)
    wish, happened, harm = new(s)
    assert (type(wish), wish.activity) == (Intention, "swim")
    assert (type(happened), happened.words) == (Happening, "new bed")
    assert (type(harm), harm.words) == (Unwanted, "dizzy")
    assert "Swim" in s.words
    s.press(Key.Key_N)
    s.type("not this")
    s.press(Key.Key_Escape)
    assert len(new(s)) == 3
    assert s.state is State.WEEKS


def test_after_harm_something_gentler_stands_on_the_page(s):
    s.press(Key.Key_U)
    s.type("dizzy")
    s.press(Key.Key_Return)
    assert "Two of the last three times were hard." in s.words


def test_when_to_see_a_doctor_is_one_key_away(s):
    s.press(Key.Key_G)
    assert "See a doctor soon" in s.words
    s.press(Key.Key_Escape)
    assert "See a doctor soon" not in s.words
    assert s.state is State.WEEKS


def test_the_plan_for_harder_days_is_one_key_away(s):
    s.press(Key.Key_H)
    assert "My plan for harder days" in s.words
    assert "half of the walk is still fine" in s.words
    s.press(Key.Key_Escape)
    assert "My plan for harder days" not in s.words
    assert s.state is State.WEEKS


def test_the_page_to_print_is_asked_for(s, tmp_path):
    s.press(Key.Key_R, look=False)
    s.shell.chooses.fileSelected.emit(str(tmp_path / "weeks.html"))
    s.shell.chooses.close()
    s.look()
    assert PrintWeeks(str(tmp_path / "weeks.html")) in s.world.errands
    assert "weeks.html" in s.words


def test_a_locked_library_opens_on_the_weeks_and_a_lock_hides_them(stage):
    s = stage(LibraryState.LOCKED)
    s.press(Key.Key_W)
    assert s.state is State.LOCKED
    s.type(SECRET)
    s.press(Key.Key_Return)
    s.look()
    assert s.state is State.WEEKS
    s.world.do(Lock())
    s.look()
    assert s.state is State.LOCKED
    assert "My weeks" not in s.words


def test_nothing_that_was_written_is_shown_in_an_errand(s):
    s.press(Key.Key_N)
    s.type("moved house again")
    s.press(Key.Key_Return)
    told = [one for one in s.world.errands if isinstance(one, KeepWeeks)]
    assert told
    assert "moved" not in repr(told)
