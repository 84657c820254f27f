"""The weeks in the window: reached, told and left by keys alone and by the mouse alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtTest import QTest

from gui.start import State
from gui.weeks.field import LONGEST
from pipelines.recording import (
    KeepWeeks,
    LetGo,
    LibraryState,
    Lock,
    OpenWeeks,
    PrintWeeks,
    ReadPage,
)
from pipelines.weeks import (
    Answer,
    Flare,
    Happening,
    Intention,
    Question,
    Unwanted,
    Writing,
    text_of,
)
from tests.gui.start.stage import Key, Stage
from tests.gui.start.world import SECRET
from tests.pipelines.weeks.made import SECRET as LETTER
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


def test_a_flare_is_told_with_its_days_and_lasts_until_the_chosen_week(s):
    s.press(Key.Key_B)
    assert "A flare: what was it like?" in s.words
    s.type("after the long drive")
    s.press(Key.Key_Return)
    assert "How many days has it lasted?" in s.words
    for wrong in ("0", "366", "some", "-3"):
        s.shell.words.clear()
        s.type(wrong)
        s.press(Key.Key_Return)
        assert s.shell.words.text() == wrong
    s.shell.words.clear()
    s.type("4")
    s.press(Key.Key_Return)
    (flare,) = new(s)
    assert flare == Flare(
        id=flare.id, day=day(80), at=flare.at, days=4, words="after the long drive"
    )
    assert s.world.today == day(83)
    assert not s.shell.words.isVisible()


def test_a_flare_of_which_no_days_were_told_is_not_kept(s):
    s.press(Key.Key_B)
    s.type("not this")
    s.press(Key.Key_Return)
    s.press(Key.Key_Escape)
    assert new(s) == []
    assert s.state is State.WEEKS


def to_new_page(s: Stage) -> None:
    s.press(Key.Key_W)
    assert "Pages of my own" in s.words
    s.press(Key.Key_N)
    assert s.shell.own_page.isVisible()


def test_a_page_of_ones_own_is_kept_sealed_and_read_again(s):
    to_new_page(s)
    s.type("dear me")
    s.press(Key.Key_Return)
    s.type("?9 fL")
    s.press(Key.Key_Escape)
    assert "Keep it, or let it go?" in s.words
    assert not s.shell.own_page.isVisible()
    for _ in range(3):  # whoever goes back and away finds it as it was
        s.press(Key.Key_Escape)
    assert s.state is State.START
    assert new(s) == []
    s.press(Key.Key_W)
    s.press(Key.Key_W)
    assert "You have begun a page." in s.words
    s.press(Key.Key_Return)
    assert s.shell.own_page.toPlainText() == LETTER
    s.press(Key.Key_Escape)
    s.press(Key.Key_N)
    s.type(" end")
    s.press(Key.Key_Escape)
    s.press(Key.Key_N)
    s.press(Key.Key_Escape)
    s.press(Key.Key_Return)
    (page,) = new(s)
    assert isinstance(page, Writing)
    assert text_of(page) == "dear me\n?9 fL end"
    assert s.shell.own_page.words == ""
    (kept,) = [one for one in s.world.errands if isinstance(one, KeepWeeks)]
    assert b"dear" not in b"".join(kept.entries)
    s.press(Key.Key_Down)
    s.press(Key.Key_Return)
    assert s.shell.own_page.toPlainText() == LETTER
    s.type("x")
    assert s.shell.own_page.toPlainText() == LETTER
    s.press(Key.Key_Escape)
    assert s.world.desk.page is None
    assert s.shell.own_page.toPlainText() == ""
    s.press(Key.Key_Escape)
    assert "Pages of my own" not in s.words
    assert s.state is State.WEEKS


@pytest.mark.parametrize("letter", ["a", "ä", "☂"])
def test_a_page_that_takes_no_more_says_so_and_takes_a_long_paste_whole_or_not_at_all(s, letter):
    to_new_page(s)
    full, pasted = "This page has no room for that; it was not taken in.", QMimeData()
    room = LONGEST // len(letter.encode())
    pasted.setText(letter * (room + 1))
    s.shell.own_page.insertFromMimeData(pasted)
    assert full in s.words
    assert s.shell.own_page.words == ""
    s.type("b")
    assert full not in s.words
    s.press(Key.Key_Backspace)
    pasted.setText(letter * room)
    s.shell.own_page.insertFromMimeData(pasted)
    assert full not in s.words
    assert s.shell.own_page.words == letter * room
    s.type("c")
    assert full in s.words
    assert s.shell.own_page.words == letter * room
    s.shell.own_page.selectAll()
    s.shell.own_page.insertFromMimeData(pasted)
    assert s.shell.own_page.words == letter * room


def test_a_page_that_is_let_go_never_leaves_the_window(s):
    to_new_page(s)
    s.type("nobody is to know")
    s.press(Key.Key_Escape)
    s.press(Key.Key_Delete)
    assert new(s) == []
    assert s.shell.own_page.toPlainText() == ""
    s.shell.own_page.undo()
    assert s.shell.own_page.toPlainText() == ""
    assert not any(isinstance(one, KeepWeeks | LetGo) for one in s.world.errands)
    s.press(Key.Key_N)
    assert s.shell.own_page.toPlainText() == ""
    s.press(Key.Key_Escape)  # an empty page asks nothing
    assert "Pages of my own" in s.words


def test_a_page_that_was_kept_is_let_go_after_a_second_word(s):
    (letter,) = [one for one in s.world.entries if isinstance(one, Writing)]
    s.press(Key.Key_W)
    s.press(Key.Key_Return)
    s.press(Key.Key_Delete)
    assert "Let it go?" in s.words
    s.press(Key.Key_Escape)
    assert letter in s.world.entries
    assert s.shell.own_page.toPlainText() == LETTER
    s.press(Key.Key_Delete)
    s.press(Key.Key_Delete)
    assert LetGo(letter.id) in s.world.errands
    assert letter not in s.world.entries
    assert "There is none yet." in s.words
    assert s.shell.own_page.toPlainText() == ""


def test_pages_are_chosen_and_read_by_the_mouse_alone(s):
    (letter,) = [one for one in s.world.entries if isinstance(one, Writing)]
    press_key(s, "a page of my own")
    click(s, "page 0")
    press_key(s, "read it")
    assert ReadPage(letter.id) in s.world.errands
    press_key(s, "back")
    press_key(s, "write a page")
    s.type("some words")
    press_key(s, "done")
    press_key(s, "keep it")
    assert len(new(s)) == 1


@pytest.mark.parametrize("leaves", [0, 1, 2, 4])
def test_a_lock_hides_and_forgets_what_is_being_written(s, leaves):
    to_new_page(s)
    s.type("nobody is to know")
    for _ in range(leaves):
        s.press(Key.Key_Escape)
    s.world.do(Lock())
    s.look()
    assert s.state is (State.START if leaves == 4 else State.LOCKED)
    assert not s.shell.own_page.isVisible()
    assert s.shell.own_page.toPlainText() == ""
    assert not s.shell.life.telling.draft


def test_a_page_takes_in_no_more_than_it_can_hold(s):
    to_new_page(s)
    field = s.shell.own_page
    field.insertPlainText("ä" * 11_990)
    s.type("the end of it")
    assert field.words == "ä" * 11_990 + "the end of it"
    for more in ("😀" * 9_000, "zz"):
        field.insertPlainText(more)
        assert field.words == "ä" * 11_990 + "the end of it" + "😀" + "zz" * (more == "zz")
    field.insertPlainText("zz")
    assert field.words.endswith("😀zzz")
