"""Names that strangers chose reach neither the picture nor a screen reader as they are."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from gui.shared import theme
from pipelines.live import commands as c
from pipelines.session.snapshot import MarkView
from tests.gui.live.stage import Stage
from tests.strangers import NAME, leaked

pytestmark = pytest.mark.view

Key = Qt.Key


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every word that is written on the screen."""
    words: list[str] = []
    write = theme.draw_text

    def remember(painter, x, baseline, text, **style):  # type: ignore[no-untyped-def]
        words.append(text)
        return write(painter, x, baseline, text, **style)

    monkeypatch.setattr(theme, "draw_text", remember)
    return words


def told(stage: Stage) -> list[str]:
    """What a screen reader tells of a view."""
    widgets = [stage.view, *stage.view.findChildren(QWidget)]
    return [words for w in widgets for words in (w.accessibleName(), w.accessibleDescription())]


@pytest.mark.parametrize("state", ["live", "two people", "group"])
def test_roles_marks_and_troubles_are_harmless(
    stage: Callable[..., Stage], drawn: list[str], state: str
) -> None:
    s = stage(state)
    assert s.moment.state is not None
    people = [msgspec.structs.replace(one, role=NAME) for one in s.moment.state.sources]
    marks = (MarkView(s.moment.state.time - 60.0, f"mark {NAME}"),)
    s.change(sources=tuple(people), marks=marks, trouble=f"The strap {NAME} left.")
    s.view.grab()
    assert any("The strap H10 forged" in words for words in drawn)
    assert state != "live" or any(words.startswith("mark H10") for words in drawn)
    assert state == "live" or any(words.startswith("H10 forged") for words in drawn)
    assert not [words for words in drawn + told(s) if leaked(words)]


def test_a_pasted_note_is_kept_without_what_acts(stage: Callable[..., Stage]) -> None:
    s = stage()
    s.press(Key.Key_N)
    s.view.note.setText("hip\u202e\x1b[31m\u2066 \ud83d")
    s.press(Key.Key_Return)
    (words,) = [
        order.text for order in s.moment.asked if isinstance(order, c.NoteMark | c.MarkMoment)
        if order.text
    ]  # fmt: skip
    assert words.startswith("hip")
    assert not leaked(words)
    words.encode()


def test_an_answer_is_told_without_what_acts(stage: Callable[..., Stage], drawn: list[str]) -> None:
    s = stage()
    s.view.orders.say(f"No {NAME} here")
    s.step(1.1)
    s.view.grab()
    assert any("forged" in words for words in drawn)
    assert not [words for words in drawn + told(s) if leaked(words)]
