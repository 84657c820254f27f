"""What is said to a screen reader: politely, now and then, the newest alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent
from PySide6.QtWidgets import QApplication, QWidget

from gui.shared import CalmPage, Speaker
from pipelines.drawing import LIGHT

pytestmark = [pytest.mark.view, pytest.mark.usefixtures("qapp")]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    words: list[str] = []

    def hear(event: QAccessibleEvent) -> None:
        assert isinstance(event, QAccessibleAnnouncementEvent)
        assert event.politeness() is QAccessible.AnnouncementPoliteness.Polite
        words.append(event.message())

    monkeypatch.setattr(QAccessible, "updateAccessibility", hear)
    return words


@pytest.fixture
def speaker() -> Iterator[Speaker]:
    part = QWidget()
    part.show()
    yield Speaker(part, 3_600_000)
    part.close()
    part.deleteLater()


def quiet_is_over(speaker: Speaker) -> None:
    speaker._quiet.stop()
    speaker._say()


def test_the_first_words_are_said_at_once_and_of_later_ones_the_newest(heard, speaker):
    for words in ("near", "above", "settling"):
        speaker.say(words)
    QApplication.processEvents()
    assert heard == ["near"]
    quiet_is_over(speaker)
    assert heard == ["near", "settling"]
    quiet_is_over(speaker)
    assert heard == ["near", "settling"]


def test_what_went_and_came_back_meanwhile_is_not_said_again(heard, speaker):
    for words in ("near", "above", "near"):
        speaker.say(words)
    quiet_is_over(speaker)
    assert heard == ["near"]


def test_after_nothing_the_same_words_are_said_again_and_a_notice_that_went_is_said_late(
    heard, speaker
):
    speaker.say("marked")
    speaker.say("")
    speaker.say("marked")
    speaker.say("")
    assert heard == ["marked"]
    quiet_is_over(speaker)
    assert heard == ["marked", "marked"]


def test_what_waits_is_not_said_of_a_part_that_is_hidden_meanwhile(heard, speaker):
    speaker.say("near")
    speaker.say("above")
    speaker._part.hide()
    quiet_is_over(speaker)
    speaker.say("below")
    quiet_is_over(speaker)
    assert heard == ["near"]


def test_a_calm_screen_is_said_each_time_it_comes(heard):
    window = QWidget()
    window.show()
    page = CalmPage(LIGHT, window)
    for _ in range(2):
        page.show()
        page.tell("The recording goes on quietly.", recording=True)
        page._speaker._quiet.stop()
        page.hide()
    assert len(heard) == 2
    window.close()
