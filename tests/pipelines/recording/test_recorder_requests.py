"""Requests that reach the recorder from another thread, as those of a window do."""

import asyncio
import contextlib
import threading
from types import SimpleNamespace

import pytest

from devices.link import StrapTrouble
from devices.sources import simulated
from pipelines.live import commands
from pipelines.recording import recorder
from pipelines.recording.pipe import AskSnapshot, AskTrace, Order
from pipelines.recording.recorder import Plan
from pipelines.session import events as ev
from pipelines.words import refused_text
from tests.pipelines.recording.sessions import at, of_kind, record, rest


@pytest.fixture
def no_hurry(monkeypatch):
    """Let an answer take as long as a busy machine needs, the loading of kernels included."""
    monkeypatch.setattr(recorder, "ANSWER_WITHIN", 60.0)


def test_a_request_from_another_thread_is_answered_in_the_loop(library, no_hurry):
    answers = {}

    async def look(running):
        await at(running, 50.0)

        def ask():
            answers["mark"] = running.handle(Order(commands.MarkMoment("from a window")))
            answers["trace"] = running.handle(AskTrace(0, 0, 0))
            answers["snapshot"] = running.handle(AskSnapshot())

        await asyncio.to_thread(ask)

    log, _ = record(library, rest(60.0), beside=look)
    assert answers["mark"].trouble is None
    # Beats go on arriving between the two requests.
    assert 0 < len(answers["trace"].points()) <= answers["snapshot"].sources[0].trace_length
    assert answers["snapshot"].marks[0].text == "from a window"
    assert [mark.text for mark in of_kind(log, ev.Mark)] == ["from a window"]


def test_a_mark_may_mean_an_earlier_moment_and_never_one_before_the_start(library, no_hurry):
    async def look(running):
        await at(running, 50.0)
        for ago in (20.0, 1e6):
            order = Order(commands.MarkMoment("before", ago))
            await asyncio.to_thread(running.handle, order)

    log, _ = record(library, rest(60.0), beside=look)
    earlier, first = of_kind(log, ev.Mark)
    assert earlier.time - earlier.moment == 20.0
    assert first.moment == 0.0


def test_a_request_that_could_not_be_answered_in_time_is_not_carried_out_later(library):
    troubles = []

    async def block(running):
        await at(running, 50.0)

        def ask():
            try:
                running.handle(Order(commands.MarkMoment("too late")))
            except TimeoutError as error:
                troubles.append(error)

        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()  # the loop is busy until nobody waits any more

    log, _ = record(library, rest(60.0), beside=block)
    assert len(troubles) == 1
    assert not of_kind(log, ev.Mark)


def test_a_request_about_nobody_reaches_only_who_asked(library, no_hurry):
    async def look(running):
        await at(running, 20.0)

        def ask():
            with pytest.raises(KeyError):
                running.handle(AskTrace(7, 0, 0))

        await asyncio.to_thread(ask)

    log, _ = record(library, rest(40.0), beside=look)
    assert log[-1].time == pytest.approx(40.0, abs=0.1)


@pytest.mark.long
def test_a_new_window_gets_the_whole_history_of_a_long_session(library):
    opened = simulated("rest", seconds=6000.0)
    history = {}

    async def look(running):
        await at(running, 5900.0)
        running.watched = lambda: True
        await at(running, 5905.0)

        def ask():
            length, intervals = running.handle(AskSnapshot()).sources[0].trace_length, 0
            history["length"], got = length, 0
            for _ in range(100):
                with contextlib.suppress(TimeoutError):
                    trace = running.handle(AskTrace(0, got, intervals))
                    got += len(trace.points())
                    intervals += trace.intervals().shape[1]
            history["got"] = got

        await asyncio.to_thread(ask)

    record(library, Plan((recorder.Wearer(opened, "client"),)), beside=look)
    assert history["got"] >= history["length"] > 5000


def test_a_strap_that_does_not_connect_is_told_until_it_does(library, no_hurry):
    told = []

    async def look(running):
        await at(running, 20.0)
        links = running._links
        for refused in (True, False):
            running._links = [SimpleNamespace(trouble=StrapTrouble.REFUSED if refused else None)]
            told.append((await asyncio.to_thread(running.handle, AskSnapshot())).notice)
        running._links = links

    record(library, rest(60.0), beside=look)
    assert told == [refused_text(), None]
