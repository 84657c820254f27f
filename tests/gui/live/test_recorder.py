"""A recorder that refuses, stops or does not answer: told in words, and no paint waits for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import msgspec
import pytest
from PySide6.QtTest import QTest

from docs import moments
from gui.live.view import LiveView
from pipelines.language import tr
from pipelines.live import commands as c
from pipelines.session.snapshot import Snapshot
from tests.gui.live.stage import Key, Stage

pytestmark = pytest.mark.view


def test_a_refusal_is_told_in_its_own_words(stage: Callable[..., Stage]) -> None:
    s = stage()
    s.moment.trouble = "There are no beats to take a baseline from yet."
    s.press(Key.Key_B)
    assert s.moment.trouble in s.view.header.accessibleName()
    s.step(10.1)
    assert s.moment.trouble not in s.view.header.accessibleName()


def test_trouble_stays_in_view(stage: Callable[..., Stage]) -> None:
    s = stage("stopped")
    s.step(60.0)
    assert "The disk is full" in s.view.header.accessibleName()


def test_an_unreachable_recorder_is_told_and_found_again(stage: Callable[..., Stage]) -> None:
    s = stage()
    state, s.moment.state = s.moment.state, None
    s.step(2.5)
    assert tr("No reading") in s.view.glance.accessibleName()
    assert tr("The recorder is not answering") in s.view.header.accessibleName()
    s.moment.state = state
    s.step(0.1)
    assert tr("Clear reading") in s.view.glance.accessibleName()


def test_the_sessions_time_stops_soon_without_news(stage: Callable[..., Stage]) -> None:
    s = stage()
    for _ in range(20):
        assert s.moment.state is not None
        s.moment.state = msgspec.structs.replace(s.moment.state, time=s.moment.state.time + 0.1)
        s.step(0.1)
    last, s.moment.state = s.moment.state.time, None
    s.step(0.2)
    assert s.view._session_time() == pytest.approx(last + 0.2, abs=0.01)
    s.step(60.0)
    assert s.view._session_time() == pytest.approx(last + 0.5, abs=0.01)


def test_a_mark_made_just_before_closing_is_kept(
    qapp: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.shared.poller._PATIENCE", 60.0)
    slow = Slow()
    view = LiveView(slow, still=True)
    view.show()
    assert slow.entered.wait(60.0)
    for _ in range(3):
        QTest.keyClick(view, Key.Key_Space)
    threading.Timer(0.2, slow.let.set).start()
    view.close()
    assert [type(order) for order in slow.asked] == [c.MarkMoment] * 3
    assert slow.closed
    view.deleteLater()


class Slow(moments.Moment):
    """A recorder that answers only when it is let."""

    def __init__(self) -> None:
        live = moments.live()
        super().__init__(live.state, live.traces)
        self.let, self.entered = threading.Event(), threading.Event()

    def snapshot(self) -> Snapshot | None:
        self.entered.set()
        self.let.wait(90.0)
        return super().snapshot()

    def ask(self, command: c.Command) -> str | None:
        self.let.wait(90.0)
        return super().ask(command)


def test_a_recorder_that_does_not_answer_never_holds_up_a_paint(qapp: object) -> None:
    slow = Slow()
    view = LiveView(slow, still=True)
    try:
        view.show()
        assert slow.entered.wait(60.0)
        for _ in range(20):  # every one of these would hang for 90 s if it asked the recorder
            QTest.keyClick(view, Key.Key_Space)
            view.frame()
            view.grab()
        assert slow.asked == []
        slow.let.set()
        deadline = time.monotonic() + 60.0
        while len(slow.asked) < 20 and time.monotonic() < deadline:
            QTest.qWait(20)
        assert [type(order) for order in slow.asked] == [c.MarkMoment] * 20
        view.frame()
        assert tr("above baseline")[1:] in view.glance.accessibleName()
    finally:
        slow.let.set()
        view.close()
        view.deleteLater()


def test_closing_the_window_lets_go_and_finishes_nothing(qapp: object) -> None:
    moment = moments.live()
    view = LiveView(moment)
    view.show()
    view.close()
    assert moment.closed
    assert moment.asked == []
