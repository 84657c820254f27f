"""The poller: the newest state, orders in their order, and nobody who waits."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from docs import moments
from gui.live.history import Histories
from gui.shared.orders import Answer
from gui.shared.poller import UNREACHABLE, Poller
from pipelines.live.commands import Command, MarkMoment, SetPace
from pipelines.session.snapshot import Snapshot


class Recorder(moments.Moment):
    """A recorder that answers only when it is let, and notes who asks."""

    def __init__(self, *, let: bool = True) -> None:
        live = moments.live()
        super().__init__(live.state, live.traces)
        self.let, self.entered = threading.Event(), threading.Event()
        self.threads: set[threading.Thread] = set()
        if let:
            self.let.set()

    def snapshot(self) -> Snapshot | None:
        self.threads.add(threading.current_thread())
        self.entered.set()
        assert self.let.wait(90.0)
        return super().snapshot()

    def ask(self, command: Command) -> str | None:
        self.threads.add(threading.current_thread())
        return super().ask(command)

    def close(self) -> None:
        self.threads.add(threading.current_thread())
        super().close()


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no slow machine cut a closing short."""
    monkeypatch.setattr("gui.shared.poller._PATIENCE", 60.0)


def poller(recorder: moments.Moment, clock: Callable[[], float] = lambda: 100.0) -> Poller:
    return Poller(recorder, Histories().gather, {}, clock=clock)


@pytest.fixture
def slow() -> Iterator[Recorder]:
    recorder = Recorder(let=False)
    yield recorder
    recorder.let.set()


def eventually(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 60.0
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.01)
    return holds()


def test_orders_are_carried_out_in_order_and_answered():
    recorder = moments.live()
    asking = poller(recorder)
    asking.orders.give(SetPace(6.0))
    asking.orders.give(MarkMoment())
    assert recorder.asked == []
    asking.poll()
    assert recorder.asked == [SetPace(6.0), MarkMoment()]
    assert asking.orders.answers() == [Answer(SetPace(6.0), None), Answer(MarkMoment(), None)]
    assert asking.orders.answers() == []


def test_a_mark_means_the_moment_of_its_key_however_late_the_recorder_listens():
    recorder, now = moments.live(), [50.0]
    asking = poller(recorder, lambda: now[0])
    asking.orders.give(MarkMoment("late"))
    asking.orders.give(MarkMoment("later", 20.0))
    now[0] += 3.5
    asking.poll()
    asking.orders.give(MarkMoment("now"))
    asking.poll()
    assert recorder.asked == [MarkMoment("late", 3.5), MarkMoment("later", 23.5), MarkMoment("now")]


def test_a_refusal_is_handed_back():
    recorder = moments.live()
    recorder.trouble = "The recording has ended."
    asking = poller(recorder)
    asking.orders.give(MarkMoment())
    asking.poll()
    assert asking.orders.answers() == [Answer(MarkMoment(), "The recording has ended.")]


def test_a_lost_recorder_leaves_what_was_known_and_is_out_of_reach_soon():
    recorder, now = moments.live(), [50.0]
    asking = poller(recorder, lambda: now[0])
    assert asking.reachable()
    asking.poll()
    before, recorder.state = asking.newest, None
    now[0] += UNREACHABLE - 0.1
    asking.poll()
    assert asking.newest is before
    assert asking.reachable()
    now[0] += 0.2
    assert not asking.reachable()


def test_an_order_does_not_wait_for_the_next_question(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("gui.shared.poller.PERIOD", 1e6)
    recorder = Recorder()
    asking = poller(recorder)
    asking.start()
    try:
        assert eventually(lambda: asking.newest.snapshot is not None)
        asking.orders.give(MarkMoment())
        assert eventually(lambda: recorder.asked == [MarkMoment()])
    finally:
        asking.close()


def test_last_orders_are_passed_on_before_letting_go():
    recorder = Recorder()
    asking = poller(recorder)
    asking.start()
    asking.start()
    marks = [MarkMoment(str(number)) for number in range(50)]
    for mark in marks:
        asking.orders.give(mark)
    asking.close()
    assert recorder.asked == marks
    assert recorder.closed
    assert len(recorder.threads) == 1
    assert threading.current_thread() not in recorder.threads


def test_never_started_it_passes_orders_on_all_the_same():
    recorder = moments.live()
    asking = poller(recorder)
    asking.orders.give(SetPace(None))
    asking.close()
    assert recorder.asked == [SetPace(None)]
    assert recorder.closed


def test_a_slow_recorder_holds_nobody_up(slow: Recorder):
    asking = poller(slow)
    asking.start()
    assert slow.entered.wait(60.0)
    for _ in range(20):  # each of these would hang for 90 s if it asked the recorder
        asking.orders.give(MarkMoment())
        assert asking.newest.snapshot is None
        assert asking.orders.answers() == []
    slow.let.set()
    asking.close()


def test_a_recorder_that_hangs_hears_that_the_view_closed(
    slow: Recorder, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("gui.shared.poller._PATIENCE", 0.05)
    asking = poller(slow)
    asking.start()
    assert slow.entered.wait(60.0)
    asking.close()
    assert slow.closed
