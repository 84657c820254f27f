"""On every page what is seen has a name, and what can be acted on is known for what it is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QWidget

from docs import moments
from gui.live import keys as live
from gui.live.view import LiveView
from gui.practice import PracticeView
from gui.practice import keys as practice
from gui.shared import HelpPage
from gui.shared.drawing import SURFACE
from gui.start.keys import working_keys
from pipelines.drawing import LIGHT
from tests.gui.running.start import pages
from tests.gui.start.stage import Key

pytestmark = [pytest.mark.view, pytest.mark.usefixtures("qapp", "english")]


def seen(window: QWidget) -> list[QWidget]:
    return [one for one in (window, *window.findChildren(QWidget)) if one.isVisible()]


def unnamed(window: QWidget) -> list[QWidget]:
    return [one for one in seen(window) if not one.accessibleName()]


def unknown(window: QWidget) -> list[QWidget]:
    """What takes the focus or a press and is nothing that a screen reader knows."""
    return [
        one
        for one in seen(window)
        if one.focusPolicy() is not Qt.FocusPolicy.NoFocus
        and QAccessible.queryAccessibleInterface(one).role() is QAccessible.Role.Client
    ]


def is_named(window: QWidget) -> None:
    assert not unnamed(window)
    assert not unknown(window)


@pytest.fixture
def view() -> Iterator[LiveView]:
    one = LiveView(moments.STATES["live"](), polling=False, still=True)
    one._timer.stop()
    one.show()
    one.poller.poll()
    one.frame()
    yield one
    one.close()


def test_every_page_around_a_session_is_named() -> None:
    names = []
    for name, s in pages(1280, 800, LIGHT):
        names.append(name)
        is_named(s.shell)
    assert len(names) == 14


def test_everything_that_can_be_clicked_on_a_page_is_a_button_with_a_name() -> None:
    for name, s in pages(1280, 800, LIGHT):
        sheet = s.shell.sheet
        spots = {spot.action for spot in sheet._drawing.spots} - {SURFACE}
        buttons = {button.place.action for button in sheet._places.buttons}
        assert spots == buttons, name


def test_a_session_is_named_bright_and_dim_calm_and_while_a_note_is_written(view) -> None:
    is_named(view)
    for action in ("dim", "dim", "help", "help", "calm", "calm", "note"):
        view.act(action)
        is_named(view)


@pytest.mark.parametrize("state", ["two people", "group"])
def test_a_session_of_several_is_named(state: str) -> None:
    one = LiveView(moments.STATES[state](), polling=False, still=True)
    one._timer.stop()
    one.show()
    one.poller.poll()
    one.frame()
    is_named(one)
    one.close()


def test_practice_is_named() -> None:
    one = PracticeView(None, reduced=True)
    one.show()
    for action in ("eyes", "eyes", "help", "help", "calm", "calm"):
        is_named(one)
        one.act(action)
    one.close()


def test_every_key_of_a_page_has_a_row_that_can_be_pressed() -> None:
    for name, s in pages(1280, 800, LIGHT):
        if s.shell.live is not None or s.shell.life.writes or s.shell.life.help:
            continue
        s.press(Key.Key_Question)
        keys = working_keys(s.shell.life)
        rows = {button.place.action for button in s.shell._help._places.buttons}
        assert all(key.words for key in keys), name
        assert {key.action for key in keys} == rows, name
        s.press(Key.Key_Question)


@pytest.mark.parametrize("size", [(1280, 800), (853, 533)])
def test_every_key_of_a_session_can_be_pressed_in_its_bar_or_on_its_page(view, size) -> None:
    view.resize(*size)
    pressed = {button.hint.action for side in view.bar._buttons for button in side
               if not button.isHidden()}  # fmt: skip
    pressed |= {hint.action for side in view.help.bar._keys for hint in side} - set(
        hidden(view.help)
    )
    pressed |= {button.place.action for button in view.help._places.buttons}
    labels = {f"label {n}" for n, words in enumerate(view.labels, 1) if words}
    without_row = {"finish", "page before", "page after", "sense"}
    # Finish: on the calm screen. Pages: a row goes round. Sense: only while the picture is covered.
    asked = {one for one in live.KEYS.values() if not one.startswith("label")} | labels
    assert asked - pressed == without_row


def hidden(page: HelpPage) -> list[str]:
    return [hint.action for hint in page.bar.hidden]


def test_every_key_of_practice_has_a_row() -> None:
    rows = {hint.action for hint in practice.help_rows(session=True, offer=True, assessable=True)}
    assert set(practice.KEYS.values()) - rows == {"finish"}  # the calm screen's


def test_a_row_of_the_page_of_keys_is_pressed_by_enter(view) -> None:
    view.act("help")
    page = view.help
    assert isinstance(page, HelpPage)
    (row,) = [b for b in page._places.buttons if b.place.action == "dim"]
    assert isinstance(row, QAbstractButton)
    row.click()
    assert view.dim
    assert not page.isVisible()
