"""A session that was finished goes on: a gap lies between, with a cause of its own."""

import asyncio

import pytest

from physio.beats import GapCause
from pipelines import store
from pipelines.live import Engine, Finish, MarkMoment, NoteMark, Pause
from pipelines.recording import sources
from pipelines.recording.recorder import Plan
from pipelines.session import Elapsed, Mark, Packet, Phase, PhaseName, beats_of, elapsed
from tests.pipelines.recording.sessions import record
from tests.pipelines.store.libraries import make_library


@pytest.fixture
def library(tmp_path):
    return make_library(tmp_path / "library")[0]


def plan(seconds=80.0):
    return Plan(sources.wearers(scenarios=("rest",)), seconds=seconds)


async def until(recorder, time):
    while recorder._now() < time:
        await asyncio.sleep(1.0)


def phases(log):
    return [event.name for event in log if isinstance(event, Phase)]


def folded(log):
    engine = Engine()
    engine.advance(log)
    return engine


def test_what_lies_between_is_a_gap_with_its_own_cause(library):
    async def finish_and_go_on(recorder):
        recorder.may_go_on = lambda: True
        await until(recorder, 60.0)
        assert recorder.carry_out(MarkMoment("before")) is None
        assert recorder.carry_out(Finish()) is None
        await asyncio.wait_for(recorder.until_finished(), 1.0)
        assert recorder.finished
        assert recorder.carry_out(MarkMoment("between")) is not None
        await until(recorder, 68.0)
        recorder.go_on()
        assert not recorder.finished

    log, _ = record(library, plan(), beside=finish_and_go_on)
    assert phases(log) == [
        PhaseName.SESSION, PhaseName.FINISHED, PhaseName.SESSION, PhaseName.FINISHED,
    ]  # fmt: skip
    ended, on, end = [event.time for event in log if isinstance(event, Phase)][1:]
    packets = [event.time for event in log if isinstance(event, Packet)]
    assert not [time for time in packets if ended < time < on]
    assert max(packets) > on
    (found,) = beats_of(log)
    (gap,) = [gap for gap in found.gaps if gap.cause is GapCause.FINISHED]
    assert gap.start <= ended + 1.0
    assert gap.end >= on - 1.0
    assert elapsed(log) == Elapsed(end, over=True)
    live = folded(log).beats(0)
    assert live.gaps == found.gaps
    assert live.beats.time == pytest.approx(found.beats.time, rel=1e-9, abs=1e-9)
    assert (live.labels == found.labels).all()


def test_without_anybody_who_might_take_it_back_the_end_is_the_end(library):
    async def finish(recorder):
        await until(recorder, 10.0)
        recorder.carry_out(Finish())

    log, _ = record(library, plan(), beside=finish)
    assert phases(log)[-1] is PhaseName.FINISHED
    assert elapsed(log).time < 60.0


def test_a_pause_that_was_finished_goes_on_as_a_pause(library):
    async def finish_and_go_on(recorder):
        recorder.may_go_on = lambda: True
        await until(recorder, 20.0)
        recorder.carry_out(Pause())
        recorder.carry_out(Finish())
        recorder.go_on()

    log, _ = record(library, plan(40.0), beside=finish_and_go_on)
    assert phases(log)[1:4] == [PhaseName.PAUSED, PhaseName.FINISHED, PhaseName.PAUSED]
    paused = next(e.time for e in log if isinstance(e, Phase) and e.name is PhaseName.PAUSED)
    assert not [e for e in log if isinstance(e, Packet) and e.time > paused]
    assert folded(log).phase_before_pause() is PhaseName.SESSION


def test_a_moment_is_edited_before_the_end_is_final_and_after(library):
    async def finish_and_edit(recorder):
        recorder.may_go_on = lambda: True
        await until(recorder, 10.0)
        recorder.carry_out(MarkMoment("words"))
        recorder.carry_out(Finish())
        (mark,) = recorder._newest.marks

        def refuse(_):
            raise AssertionError("the session is still open")

        recorder.amend(NoteMark(mark.time, "other words"), refuse)
        recorder.stop()

    log, _ = record(library, plan(), beside=finish_and_edit)
    ended = next(n for n, e in enumerate(log) if isinstance(e, Phase) and e.name == "finished")
    assert [e.text for e in log[ended:] if isinstance(e, Mark)] == ["other words"]
    assert phases(log).count(PhaseName.FINISHED) == 1


def test_an_empty_session_ends_at_once(library):
    async def finish(recorder):
        recorder.may_go_on = lambda: True
        recorder.carry_out(Finish())

    _, recorder = record(library, plan(5.0), beside=finish)
    assert not recorder._finished.is_set()


def test_a_kill_between_leaves_a_session_that_can_be_recovered(library):
    writer = library.new_session(0.0)
    writer.append([Phase(0.0, PhaseName.SESSION), Phase(60.0, PhaseName.FINISHED)])
    assert writer.summary.over
    writer.append([Phase(65.0, PhaseName.SESSION), Mark(70.0, "")])
    assert writer.summary == store.Summary(70.0, 0, ())
    writer.close(beats=0)
