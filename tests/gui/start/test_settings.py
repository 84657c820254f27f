"""The settings: reached, changed and kept by keys and by mouse, and each does what it says."""

from __future__ import annotations

import getpass

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from gui.practice import PracticeView
from gui.shared import theme
from gui.shared.drawing import Paper
from gui.start import State, settled
from gui.start.keys import working_keys
from gui.start.life import Life
from gui.start.settings_page import settings_page
from pipelines.drawing import DARK, DARK_HIGH, LIGHT, LIGHT_HIGH
from pipelines.recording import Desk, LibraryState
from pipelines.settings import CHOICES, WRITTEN, Settings
from tests.gui.start.stage import Key, Stage

pytestmark = pytest.mark.view


@pytest.fixture(autouse=True)
def as_before():
    yield
    theme.prefer(text=1.0, still=False)


@pytest.fixture
def kept():
    return []


@pytest.fixture
def s(stage, kept):
    found = stage(LibraryState.OPEN, keep=kept.append)
    found.press(Key.Key_S)
    return found


def click(s: Stage, action: str) -> None:
    sheet = s.shell.sheet
    (spot,) = [one for one in sheet._drawing.spots if one.action == action]
    middle = spot.x + spot.width / 2, spot.y + spot.height / 2
    x, y = (round(at * sheet._scale) for at in middle)
    QTest.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=QPoint(x, y))
    s.look()


def test_keys_lead_there_change_it_and_lead_back(s, kept):
    assert s.state is State.SETTINGS
    s.press(Key.Key_Down)
    s.press(Key.Key_Right)
    s.press(Key.Key_Right)
    assert [one.colours for one in kept] == ["light", "dark"]
    s.press(Key.Key_Right)
    assert len(kept) == 2
    s.press(Key.Key_Escape)
    assert s.state is State.START
    assert s.shell.life.settings.colours == "dark"


@pytest.mark.parametrize("row", range(len(CHOICES)))
def test_the_mouse_takes_each_choice(s, kept, row):
    name = list(CHOICES)[row]
    for place, choice in reversed(list(enumerate(CHOICES[name]))):
        click(s, f"set {row} {place}")
        assert getattr(s.shell.life.settings, name) == choice
        assert s.shell.life.row == row
    assert [getattr(one, name) for one in kept] == list(CHOICES[name])[::-1]


def to_the_contact(s: Stage) -> None:
    for _ in CHOICES:
        s.press(Key.Key_Down)


def test_whom_to_call_is_written_kept_and_taken_back(s, kept):
    to_the_contact(s)
    s.press(Key.Key_Right)  # there is nothing to choose among
    assert not kept
    s.press(Key.Key_Return)
    s.type("Ada 0123")
    s.press(Key.Key_Return)
    assert kept[-1].contact == s.shell.life.settings.contact == "Ada 0123"
    assert "Ada 0123" in s.words
    s.press(Key.Key_Return)
    s.type(" 456")
    s.press(Key.Key_Escape)
    assert (s.state, s.shell.life.settings.contact) == (State.SETTINGS, "Ada 0123")
    assert len(kept) == 1


def test_who_writes_notes_is_written_below(s, kept):
    to_the_contact(s)
    s.press(Key.Key_Down)
    s.press(Key.Key_Return)
    s.type("Ada")
    s.press(Key.Key_Return)
    assert (kept[-1].author, kept[-1].written_by, kept[-1].contact) == ("Ada", "Ada", "")
    click(s, "author")
    s.type(" Bo")
    s.press(Key.Key_Escape)
    assert s.shell.life.settings.author == "Ada"
    assert Settings().written_by == getpass.getuser()


def test_the_mouse_leads_to_whom_to_call(s, kept):
    click(s, "contact")
    s.type("Ada")
    s.press(Key.Key_Return)
    assert [one.contact for one in kept] == ["Ada"]


def take(s: Stage, name: str, place: int) -> None:
    """Choose by the mouse."""
    click(s, f"set {list(CHOICES).index(name)} {place}")


def test_the_mouse_leads_there(stage):
    found = stage(LibraryState.OPEN)
    click(found, "settings")
    assert found.state is State.SETTINGS


def test_the_mouse_chooses_a_row(s):
    click(s, "row 3")
    assert s.shell.life.row == 3


def test_colours_are_taken_at_once(s):
    take(s, "colours", 2)
    assert s.shell._bright is DARK
    take(s, "colours", 1)
    assert s.shell._bright is LIGHT


def test_high_contrast_is_taken_at_once_in_the_colours_that_are_there(s, kept):
    take(s, "colours", 1)
    s.press(Key.Key_L)
    take(s, "contrast", 1)
    assert s.shell._bright is DARK_HIGH
    assert kept[-1].contrast == "high"
    s.press(Key.Key_L)
    assert s.shell._bright is LIGHT_HIGH
    s.press(Key.Key_Escape)
    s.press(Key.Key_2)
    assert s.shell.practice.bright is LIGHT_HIGH


@pytest.mark.parametrize("place", range(len(CHOICES["text"])))
def test_the_size_of_text_is_taken_at_once(s, place):
    before, times = s.shell.sheet._scale, int(CHOICES["text"][place]) / 100.0
    take(s, "text", place)
    assert s.shell.sheet._scale == pytest.approx(before * times)
    s.press(Key.Key_Escape)
    assert s.state is State.START
    assert s.shell.sheet._scale == pytest.approx(before * times)
    s.press(Key.Key_6)  # a page that needs the room of the smallest window
    paper = s.shell.sheet.paper
    assert paper.width >= theme.SMALLEST[0]
    assert paper.height >= theme.SMALLEST[1]
    s.press(Key.Key_Escape)
    s.press(Key.Key_2)
    assert s.shell.practice.layout_now.scale == pytest.approx(before * times)


def test_with_text_twice_as_large_keys_and_mouse_reach_every_setting(s, kept):
    take(s, "text", 3)
    for row, name in enumerate(CHOICES):
        while s.shell.life.row != row:
            s.press(Key.Key_Down if s.shell.life.row < row else Key.Key_Up)
        place = CHOICES[name].index(getattr(s.shell.life.settings, name))
        click(s, f"set {row} {place}")
    s.press(Key.Key_Down)
    s.press(Key.Key_Return)
    field, paper = s.shell.words.geometry(), s.shell.sheet.rect()
    assert paper.contains(field)
    s.type("Ada")
    s.press(Key.Key_Return)
    assert kept[-1].contact == "Ada"


def test_stillness_is_for_the_next_view(s):
    assert not theme.reduced_motion()
    take(s, "motion", 1)
    assert theme.reduced_motion()


@pytest.mark.parametrize("chosen", [0, 1])
def test_a_practice_begins_with_its_tones_where_they_are_chosen(s, monkeypatch, chosen):
    asked = []
    monkeypatch.setattr(PracticeView, "act", lambda self, action: asked.append(action))
    take(s, "sound", chosen)
    s.press(Key.Key_Escape)
    s.press(Key.Key_2)
    assert s.shell.practice is not None
    assert asked == ["sound"] * chosen


def test_what_cannot_be_kept_is_said_and_done_all_the_same(stage, english):
    def full(_: Settings) -> None:
        raise OSError(28, "No space left on device")

    s = stage(LibraryState.OPEN, keep=full)
    s.press(Key.Key_S)
    s.press(Key.Key_Down)
    s.press(Key.Key_Right)
    assert "This cannot be kept (No space left on device)." in s.words
    assert s.shell.life.settings.colours == "light"


def test_own_marks_are_one_key_away_where_a_library_is_open(s):
    s.press(Key.Key_6)
    assert s.state is State.LABELS
    locked = Life(State.SETTINGS, Desk(LibraryState.LOCKED))
    assert "labels" not in {key.action for key in working_keys(locked)}


@pytest.mark.parametrize("size", [(1280.0, 800.0), (948.0, 592.0), (853.0, 533.0)])
@pytest.mark.parametrize("row", range(len(CHOICES) + len(WRITTEN)))
def test_nothing_is_cut_and_nothing_overlaps(qapp, size, row):
    life = Life(State.SETTINGS, Desk(LibraryState.OPEN), row=row)
    paper = Paper(*size, LIGHT)
    drawing = settings_page(paper, life, "")
    boxes = []
    for text in drawing.texts:
        wide = theme.text_width(text.words, text.size, text.weight)
        assert text.x + wide <= paper.right, text.words
        assert text.y <= paper.height - 56.0, text.words
        boxes.append((text.x, text.y - 0.8 * text.size, text.x + wide, text.y + 0.2 * text.size))
    for number, one in enumerate(boxes):
        for other in boxes[:number]:
            apart = (
                one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            )
            assert apart, (drawing.texts[number].words, other)


@pytest.mark.parametrize("wished", [False, True])
def test_contrast_is_the_systems(qapp, monkeypatch, wished):
    assert settled._system_wants_contrast() is False
    monkeypatch.setattr(settled, "_system_wants_contrast", lambda: wished)
    settings = Settings(colours="light")
    settled.prefer(settings)
    assert settled.palette_of(settings) is (LIGHT_HIGH if wished else LIGHT)
