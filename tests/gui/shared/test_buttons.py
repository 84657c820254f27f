"""What is painted is pressed by Tab and Enter too, and stays the same button while it stays."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from gui.shared import KeyBar, KeyHint, Place, Places, QuietButton
from gui.shared.drawing import SURFACE, Drawing, Spot, Text
from pipelines.drawing import LIGHT
from pipelines.language import LANGUAGE

pytestmark = [pytest.mark.view, pytest.mark.usefixtures("qapp")]
ONE = Place((10.0, 20.0, 100.0, 30.0), "the first", "one")
TWO = Place((10.0, 60.0, 100.0, 30.0), "the second", "two")


@pytest.fixture
def window() -> Iterator[QWidget]:
    one = QWidget()
    one.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    one.resize(400, 300)
    one.show()
    one.activateWindow()
    yield one
    one.close()


def test_a_button_lies_over_its_place_and_enter_alone_presses_it(window: QWidget) -> None:
    pressed: list[str] = []
    places = Places(window, pressed.append)
    places.show((ONE,), LIGHT, 2.0)
    (button,) = places.buttons
    assert button.geometry().getRect() == (20, 40, 200, 60)
    assert button.accessibleName() == "the first"
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert pressed == []
    QTest.keyClick(button, Qt.Key.Key_Return)
    assert pressed == ["one"]


def test_a_button_keeps_the_focus_while_its_place_moves_and_gives_it_to_nobody_else(
    window: QWidget,
) -> None:
    places = Places(window, lambda _: None)
    places.show((ONE, TWO), LIGHT, 1.0)
    first, second = places.buttons
    first.setFocus()
    moved = Place((10.0, 90.0, 50.0, 20.0), "otherwise", "one")
    places.show((TWO, moved), LIGHT, 1.0)
    assert places.buttons == [second, first]
    assert window.focusWidget() is first
    assert first.accessibleName() == "otherwise"
    assert second.nextInFocusChain() is first
    places.show((TWO,), LIGHT, 1.0)
    assert window.focusWidget() is window


def test_the_mouse_goes_through_a_button_to_what_is_painted(window: QWidget) -> None:
    places = Places(window, lambda _: None)
    places.show((ONE,), LIGHT, 1.0)
    assert window.childAt(20, 30) is None


def test_a_choice_that_is_taken_is_told_as_checked_and_stays_so_when_pressed(
    window: QWidget,
) -> None:
    places = Places(window, lambda _: None)
    choices = [
        Place((0.0, 30.0 * place, 90.0, 20.0), f"choice {place}", f"set {place}", taken=place == 1)
        for place in range(2)
    ]
    places.show(choices, LIGHT, 1.0)
    checked = [QAccessible.queryAccessibleInterface(b).state().checked for b in places.buttons]
    assert checked == [0, 1]
    QTest.keyClick(places.buttons[0], Qt.Key.Key_Return)
    assert not places.buttons[0].isChecked()


def test_a_key_that_stays_in_the_bar_stays_the_same_button_so_no_press_is_lost(
    window: QWidget,
) -> None:
    again, back = KeyHint("R", "try again", "again"), KeyHint("Esc", "back", "back")
    bar = KeyBar(LIGHT, window)
    bar.place(1280, 800, 1.0)
    bar.show()
    bar.set_keys((), (back,))
    ((), (kept,)) = bar._buttons
    kept.setFocus()
    bar.set_keys((again,), (back,))
    assert bar._buttons[1] == [kept]
    assert window.focusWidget() is kept
    assert bar._buttons[0][0].nextInFocusChain() is kept
    QApplication.processEvents()
    assert kept.isVisible()


def test_a_place_is_called_by_the_words_in_it_and_a_surface_is_none() -> None:
    words = (Text(12.0, 40.0, "A session", "#000000", 28), Text(12.0, 90.0, "below", "#000000", 14))
    spots = (Spot(10.0, 20.0, 200.0, 50.0, "session"), Spot(10.0, 80.0, 200.0, 50.0, SURFACE))
    drawing = Drawing(texts=words, spots=spots)
    assert drawing.places() == [Place((10.0, 20.0, 200.0, 50.0), "A session", "session")]
    assert drawing.headline() == "A session"


@pytest.mark.parametrize("told", ["en", "pseudo-mirrored"])
def test_a_bar_too_narrow_for_its_right_keys_keeps_the_first_and_the_last(
    monkeypatch: pytest.MonkeyPatch, told: str
) -> None:
    monkeypatch.setenv(LANGUAGE, told)
    window = QWidget()
    bar = KeyBar(LIGHT, window)
    bar.set_keys(
        [KeyHint("Enter", "go on", "enter")],
        [KeyHint(name, f"what {name} does", name) for name in ("Esc", "L", "F", "?")],
    )
    shown = {}
    for width in (360, 900):
        window.resize(width, 100)
        bar.place(width, 100, 1.0)
        buttons = [one for one in bar.findChildren(QuietButton) if not one.isHidden()]
        shown[width] = [one.hint.action for one in buttons]
        assert all(bar.rect().contains(one.geometry()) for one in buttons)
        assert bar.geometry() == QRect(0, 56, width, 38)
    assert shown == {360: ["Esc", "?"], 900: ["enter", "Esc", "L", "F", "?"]}
    last, first = (one.geometry().x() for one in (buttons[-1], buttons[0]))
    assert (last > first) is (told == "en")
    window.close()
