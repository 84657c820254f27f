"""What a screen reader hears of a session unasked: glance and notices; no heart while guessing."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from PySide6.QtGui import QAccessible

from docs import moments
from tests.gui.live.stage import Stage

pytestmark = [pytest.mark.view, pytest.mark.usefixtures("english")]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    words: list[str] = []
    monkeypatch.setattr(
        QAccessible, "updateAccessibility", lambda event: words.append(event.message())
    )
    return words


def test_position_direction_and_trust_are_said_and_no_number(heard, stage: Callable[..., Stage]):
    stage("live")
    assert "Above baseline, settling, Clear reading" in heard
    assert not [one for one in heard if "bpm" in one]


def test_while_a_strap_is_waited_for_it_is_said_once(heard, stage: Callable[..., Stage]):
    s = stage("gap")
    heard.clear()
    for _ in range(3):
        s.change(time=s.moment.state.time + 5.0)
        s.view.glance._speaker._quiet.stop()
        s.view.glance._speaker._say()
    assert heard == []


def test_a_notice_is_said(heard, stage: Callable[..., Stage]):
    s = stage("live")
    s.view.orders.say("Something worth knowing")
    s.step()
    s.view.header._speaker._quiet.stop()
    s.view.header._speaker._say()
    assert "Something worth knowing" in heard


def test_while_the_therapist_guesses_nothing_of_the_heart_is_said(
    heard, stage: Callable[..., Stage]
):
    s = stage("live")
    hour = msgspec.structs.replace(s.moment.state.hour, guessing=True)
    s.change(hour=hour)
    heard.clear()
    near = moments.STATES["near"]().state.sources
    s.change(sources=near)
    speaker = s.view.glance._speaker
    speaker._quiet.stop()
    speaker._say()
    assert s.view.covered
    assert heard == ["No reading"]
