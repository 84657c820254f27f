"""The recorder: committed before computed on, wishes become events, jumps become gaps."""

import asyncio
import contextlib
import threading
import time
from dataclasses import replace

import pytest

from devices import clock
from devices.heart_rate import decode, intervals_ms
from devices.link import NoBluetooth
from devices.sources import simulated
from pipelines import commands, recorder, sources, store
from pipelines import events as ev
from pipelines.analyse import analyse, beats_of
from pipelines.engine import Engine
from pipelines.pipe import AskSnapshot, AskTrace, Order
from pipelines.recorder import Plan, Recorder

FAST = store.Cost(n=2, r=1, p=1)


@pytest.fixture
def library(tmp_path):
    return store.create_library(tmp_path / "library", "x", cost=FAST)[0]


class Spy:
    """A writer that remembers how events were grouped, over a real one."""

    def __init__(self, writer):
        self.writer, self.commits = writer, []

    def append(self, events):
        self.writer.append(events)
        self.commits.append(list(events))

    @property
    def beats(self):
        """Beats committed so far."""
        return sum(map(beats_in, self.commits))


def beats_in(events):
    """Intervals that packets hold, by the codec alone."""
    packets = of_kind(events, ev.Packet)
    return sum(len(intervals_ms(decode(packet.data))) for packet in packets)


def record(library, plan, *, speed="max", beside=None, writer=None):
    """Record; `beside(recorder)` runs in the same loop. Return the log and the recorder."""
    session = library.new_session(0.0)

    async def run():
        running = Recorder(replace(plan, speed=speed), writer or session, Engine(session.session))
        other = asyncio.create_task(beside(running)) if beside else None
        await running.run()
        if other is not None:
            await other
        return running

    try:
        done = clock.run(run(), speed=speed)
    finally:
        session.close(beats=0)
    return library.events(session.session), done


def rest(seconds=120.0):
    return Plan(sources.wearers(scenarios=("rest",)), seconds=seconds)


def of_kind(events, kind):
    return [event for event in events if isinstance(event, kind)]


async def at(running, moment):
    await asyncio.sleep(moment - running._now())


def test_wishes_become_stored_events(library):
    async def wish(running):
        await at(running, 10.0)
        assert running.carry_out(commands.MarkMoment("first")) is None
        await at(running, 20.0)
        assert running.carry_out(commands.MarkMoment("second")) is None
        assert running.carry_out(commands.NoteMark(10.0, "first, in other words")) is None
        await at(running, 25.0)
        assert running.carry_out(commands.UndoMark()) is None
        assert running.carry_out(commands.Talk(True)) is None
        await at(running, 30.0)
        assert running.carry_out(commands.Talk(False)) is None
        assert running.carry_out(commands.SetPace(6.0, 0.4)) is None
        assert "60 seconds" in running.carry_out(commands.SetBaseline())
        await at(running, 100.0)
        assert running.carry_out(commands.SetPace(None)) is None
        assert running.carry_out(commands.SetBaseline(70.0)) is None
        assert running.carry_out(commands.Finish()) is None

    log, running = record(library, rest(), beside=wish)
    assert of_kind(log, ev.Mark) == [
        ev.Mark(10.0, "first"),
        ev.Mark(20.0, "second"),
        ev.Mark(20.0, "first, in other words", replaces=10.0),
        ev.Mark(25.0, "", replaces=20.0, removed=True),
    ]
    assert of_kind(log, ev.Talking) == [ev.Talking(25.0, True), ev.Talking(30.0, False)]
    assert of_kind(log, ev.Pace) == [ev.Pace(30.0, 6.0, 0.4), ev.Pace(100.0, None, 0.4)]
    (baseline,) = of_kind(log, ev.Baseline)
    assert baseline.end - baseline.start == pytest.approx(70.0)
    assert [phase.name for phase in of_kind(log, ev.Phase)] == ["session", "finished"]
    assert log[-1].time < 110.0
    assert [mark.text for mark in running._engine.marks()] == ["first, in other words"]


def test_a_pause_records_nothing_and_going_on_does(library):
    async def wish(running):
        await at(running, 40.0)
        running.carry_out(commands.Pause())
        running.carry_out(commands.Pause())
        await at(running, 80.0)
        running.carry_out(commands.GoOn())
        running.carry_out(commands.GoOn())

    log, running = record(library, rest(), beside=wish)
    arrivals = [packet.time for packet in of_kind(log, ev.Packet)]
    assert not [time for time in arrivals if 40.0 < time < 80.0]
    assert [time for time in arrivals if time < 40.0]
    assert [time for time in arrivals if time > 80.0]
    phases = [(phase.time, phase.name) for phase in of_kind(log, ev.Phase)]
    assert phases[:-1] == [(0.0, "session"), (40.0, "paused"), (80.0, "session")]
    (result,) = analyse(log)
    assert [gap.cause for gap in result.quality.gaps] == ["paused"]
    assert result.quality.duration_s > 115.0
    assert running._engine.snapshot(0.0).phase == "finished"


def test_going_on_without_a_pause_changes_nothing(library):
    async def wish(running):
        await at(running, 10.0)
        assert running.carry_out(commands.GoOn()) is None

    log, _ = record(library, rest(30.0), beside=wish)
    assert [phase.name for phase in of_kind(log, ev.Phase)] == ["session", "finished"]


def test_nothing_is_added_to_a_finished_session(library):
    async def wish(running):
        await at(running, 10.0)
        running.stop()
        while not running.finished:
            await asyncio.sleep(0.1)
        assert "finished" in running.carry_out(commands.MarkMoment("late"))

    log, _ = record(library, rest(), beside=wish)
    assert not of_kind(log, ev.Mark)
    assert log[-1] == ev.Phase(log[-1].time, "finished")


@pytest.mark.parametrize(
    ("jump", "cause"), [(3600.0, "computer suspended"), (-3600.0, "clock changed")]
)
def test_a_clock_that_jumps_is_a_gap_not_a_beat(library, monkeypatch, jump, cause):
    def jumping():
        now = asyncio.get_running_loop().time()
        return 1e9 + now + (jump if now > 60.0 else 0.0)

    monkeypatch.setattr(recorder, "wall", jumping)
    log, _ = record(library, rest())
    start, jumped = of_kind(log, ev.WallClock)
    assert start == ev.WallClock(0.0, 1e9)
    assert jumped.jump == pytest.approx(jump)
    assert 60.0 < jumped.time <= 62.0
    (result,) = analyse(log)
    assert [gap.cause for gap in result.quality.gaps] == [cause]
    (found,) = beats_of(log)
    assert found.beats.segment[-1] == 1
    assert found.beats.rr.max() < 1500.0
    assert 100 < result.quality.beats == sum(beats_in([event]) for event in log)


def test_a_suspended_computer_is_a_gap_without_beats(library, monkeypatch):
    # Asleep, the session clock stands still, and what the strap sent meanwhile is lost.
    asleep = ev.WallClock(70.0, 1e9 + 70.0 + 600.0, 600.0)

    async def sleep(running):
        await at(running, 70.0)
        running.take(asleep)

    log, _ = record(library, rest(), beside=sleep)
    (result,) = analyse(log)
    (gap,) = result.quality.gaps
    assert gap.cause == "computer suspended"
    assert gap.start_s == pytest.approx(70.0, abs=3.0)
    assert result.quality.corrected_percent < 2.0


def test_a_clock_that_drifts_a_little_is_no_jump(library, monkeypatch):
    def drifting():
        now = asyncio.get_running_loop().time()
        return 1e9 + now * (1.0 + 1e-4)

    monkeypatch.setattr(recorder, "wall", drifting)
    log, _ = record(library, rest(600.0))
    assert len(of_kind(log, ev.WallClock)) == 1
    assert not analyse(log)[0].quality.gaps


def test_what_is_shown_has_been_committed(library):
    session = library.new_session(0.0)
    spy, shown = Spy(session), []

    def observe(snapshot):
        shown.append(sum(view.quality.beats for view in snapshot.sources))
        assert shown[-1] <= spy.beats

    plan = Plan(sources.wearers(scenarios=("rest", "therapy")), seconds=400.0, observe=observe)
    log, _ = record(library, plan, writer=spy)
    session.close(beats=0)
    assert log == []
    assert shown
    assert sorted(shown) == shown
    assert max(map(len, spy.commits)) <= recorder.HELD_TOGETHER


def test_at_an_ordinary_speed_every_beat_is_committed_at_once(library):
    session = library.new_session(0.0)
    spy = Spy(session)
    record(library, rest(30.0), speed=60.0, writer=spy)
    session.close(beats=0)
    packets = [len(of_kind(commit, ev.Packet)) for commit in spy.commits]
    assert max(packets) == 1
    assert sum(packets) > 20


def test_a_full_disk_ends_it_with_a_sentence_and_keeps_what_was_committed(library):
    session = library.new_session(0.0)

    class Full(Spy):
        def append(self, events):
            if len(self.commits) == 1:
                raise store.DiskFull("The disk is full.")
            super().append(events)

    full = Full(session)
    _, running = record(library, rest(), writer=full)
    session.close(beats=0)
    assert running.trouble == "The disk is full."
    assert running.finished is False
    kept = [event for commit in full.commits for event in commit]
    assert library.events(session.session) == kept
    assert running.handle(AskSnapshot()).trouble == "The disk is full."


def test_a_shown_error_does_not_pass_in_silence_nor_cost_a_beat(library):
    def observe(snapshot):
        raise RuntimeError("cannot show")

    plan = replace(rest(), observe=observe)
    session = library.new_session(0.0)
    spy = Spy(session)
    with pytest.raises(RuntimeError, match="cannot show"):
        record(library, plan, writer=spy)
    session.close(beats=0)
    log = [event for commit in spy.commits for event in commit]
    assert log[-1] == ev.Phase(log[-1].time, "finished")
    assert len(of_kind(log, ev.Packet)) > 100


def test_without_bluetooth_it_ends_in_a_sentence(library, monkeypatch):
    healthy, sick = sources.wearers(scenarios=("rest", "rest"))

    def begin(start):
        raise NoBluetooth("Bluetooth is switched off.")

    sick = replace(sick, opened=replace(sick.opened, seam=replace(sick.opened.seam, begin=begin)))
    log, running = record(library, Plan((healthy, sick), seconds=60.0))
    assert running.trouble == "Bluetooth is switched off."
    assert log[-1] == ev.Phase(log[-1].time, "finished")


@pytest.mark.parametrize("span", [(10.0, 100.0), (0.0, 200.0), (500.0, 600.0)])
def test_the_baseline_asked_for_is_taken_even_where_the_recording_ends_first(library, span):
    log, _ = record(library, replace(rest(130.0), baseline=span))
    assert [(one.start, one.end) for one in of_kind(log, ev.Baseline)] == [span]
    (result,) = analyse(log)
    assert (result.arousal.value is None) == (span[0] == 500.0)
    assert result.arousal.reason != "no baseline was chosen"


def test_the_baseline_asked_for_counts_before_a_scenario_s(library):
    plan = Plan(sources.wearers(scenarios=("therapy",)), seconds=400.0, baseline=(0.0, 90.0))
    log, _ = record(library, plan)
    assert [(one.start, one.end) for one in of_kind(log, ev.Baseline)] == [(0.0, 90.0)]


def test_one_strap_that_never_comes_does_not_keep_the_other_from_its_baseline(library):
    wearer, silent = sources.wearers(scenarios=("rest", "rest"))
    silent = replace(silent, opened=replace(silent.opened, wanted="nobody"))
    seen = []

    def observe(snapshot):
        seen.append((snapshot.time, snapshot.sources[0].baseline is not None))

    plan = Plan((wearer, silent), seconds=300.0, baseline=(0.0, 90.0), observe=observe)
    log, _ = record(library, plan)
    assert len(of_kind(log, ev.Baseline)) == 2
    assert of_kind(log, ev.Baseline)[0].time == pytest.approx(95.0, abs=1.1)


def test_a_request_from_another_thread_is_answered_in_the_loop(library):
    answers = {}

    async def look(running):
        await at(running, 50.0)

        def ask():
            answers["mark"] = running.handle(Order(commands.MarkMoment("from a window")))
            answers["trace"] = running.handle(AskTrace(0, 0, 0))
            answers["snapshot"] = running.handle(AskSnapshot())

        await asyncio.to_thread(ask)

    log, _ = record(library, rest(), beside=look)
    assert answers["mark"].trouble is None
    # Beats go on arriving between the two requests.
    assert 0 < len(answers["trace"].time) <= 8 * answers["snapshot"].sources[0].trace_length
    assert answers["snapshot"].marks[0].text == "from a window"
    assert [mark.text for mark in of_kind(log, ev.Mark)] == ["from a window"]


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
        time.sleep(3 * recorder.ANSWER_WITHIN)  # the loop is busy
        thread.join()

    log, _ = record(library, rest(), beside=block)
    assert len(troubles) == 1
    assert not of_kind(log, ev.Mark)


def test_a_request_about_nobody_reaches_only_who_asked(library):
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
                    got += len(trace.time) // 8
                    intervals += len(trace.rr) // 8
            history["got"] = got

        await asyncio.to_thread(ask)

    record(library, Plan((recorder.Wearer(opened, "client"),)), beside=look)
    assert history["got"] >= history["length"] > 5000


def test_a_session_that_ends_while_paused_lost_no_link(library):
    async def wish(running):
        await at(running, 60.0)
        running.carry_out(commands.Pause())

    log, _ = record(library, rest(120.0), beside=wish)
    (result,) = analyse(log)
    assert "link lost" not in [gap.cause for gap in result.quality.gaps]
