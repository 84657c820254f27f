"""The recorder's log: wishes become events, jumps become gaps, baselines are taken."""

import asyncio
from dataclasses import replace
from math import inf, nan

import pytest

from physio.breathing.assessment import Course
from physio.reasons import Reason, ReasonCode
from pipelines.analysis.offline import analyse, beats_of
from pipelines.live import commands
from pipelines.recording import recorder, sources
from pipelines.recording.recorder import Plan
from pipelines.session import PhaseName
from pipelines.session import events as ev
from pipelines.session.snapshot import IN_VIEW
from tests.pipelines.recording.sessions import at, beats_in, of_kind, record, rest


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
        for rate, inhale in (
            (0.0, 0.4),
            (-6.0, 0.4),
            (nan, 0.4),
            (inf, 0.4),
            (6.0, 0.0),
            (6.0, nan),
        ):
            assert running.carry_out(commands.SetPace(rate, inhale)) is not None
        assert running.carry_out(commands.SetPace(None, 0.4, True)) is None
        assert running.carry_out(commands.Assess(Course.SLIDING, 33.0, 0.3)) is None
        for start, inhale in ((33.0, 0.9), (33.0, nan), (inf, 0.4), (nan, 0.4), (1e300, 0.4)):
            assert running.carry_out(commands.Assess(Course.STEPPED, start, inhale)) is not None
        assert running.carry_out(commands.Assess(None)) is None
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
    assert of_kind(log, ev.Pace) == [
        ev.Pace(30.0, 6.0, 0.4),
        ev.Pace(30.0, None, 0.4, True),
        ev.Pace(100.0, None, 0.4),
    ]
    assert of_kind(log, ev.Assessment) == [
        ev.Assessment(30.0, Course.SLIDING, 33.0, 0.3),
        ev.Assessment(30.0, None),
    ]
    (baseline,) = of_kind(log, ev.Baseline)
    # A baseline of silence reaches back to the end of the talking, no further.
    assert baseline.start == 30.0
    assert 95.0 < baseline.end <= 100.0
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
    assert log[-1] == ev.Phase(log[-1].time, PhaseName.FINISHED)


def test_a_session_that_ends_while_paused_lost_no_link(library):
    async def wish(running):
        await at(running, 60.0)
        running.carry_out(commands.Pause())

    log, _ = record(library, rest(120.0), beside=wish)
    (result,) = analyse(log)
    assert "link lost" not in [gap.cause for gap in result.quality.gaps]


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


@pytest.mark.parametrize("drift", [pytest.param(-3e-3, marks=pytest.mark.long), -2e-2])
def test_a_clock_that_drifts_is_no_jump_however_long_it_does(library, monkeypatch, drift):
    def drifting():
        now = asyncio.get_running_loop().time()
        return 1e9 + now * (1.0 + drift)

    monkeypatch.setattr(recorder, "wall", drifting)
    log, _ = record(library, rest(3.0 / abs(drift)))  # three times what a jump is
    assert len(of_kind(log, ev.WallClock)) == 1
    assert not analyse(log)[0].quality.gaps


@pytest.mark.parametrize(
    "span", [pytest.param((10.0, 100.0), marks=pytest.mark.long), (0.0, 200.0), (500.0, 600.0)]
)
def test_the_baseline_asked_for_is_taken_even_where_the_recording_ends_first(library, span):
    log, _ = record(library, replace(rest(130.0), baseline=span))
    assert [(one.start, one.end) for one in of_kind(log, ev.Baseline)] == [span]
    (result,) = analyse(log)
    assert (result.arousal.value is None) == (span[0] == 500.0)
    assert result.arousal.reason != Reason(ReasonCode.NO_BASELINE_CHOSEN)


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

    plan = Plan((wearer, silent), seconds=110.0, baseline=(0.0, 90.0), observe=observe)
    log, _ = record(library, plan)
    assert len(of_kind(log, ev.Baseline)) == 2
    assert of_kind(log, ev.Baseline)[0].time == pytest.approx(95.0, abs=1.1)


def test_who_looks_on_is_shown_the_measures_asked_for_and_no_others(library):
    seen = set()

    def observe(snapshot):
        seen.update(name for view in snapshot.sources for name in view.measures)

    asked = (*IN_VIEW, "rmssd")
    record(library, replace(rest(30.0), observe=observe, observed=asked))
    assert seen == set(asked)
