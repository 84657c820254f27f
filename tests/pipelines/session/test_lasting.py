"""A session lasts until its newest event, and no longer once it has finished."""

from hypothesis import given
from hypothesis import strategies as st

from devices.link import LinkState
from pipelines.live import Engine
from pipelines.session import (
    Elapsed,
    Link,
    Mark,
    Packet,
    Phase,
    PhaseName,
    Source,
    beats_of,
    elapsed,
    marks_of,
)

TIMES = st.floats(0.0, 1e5)
EVENTS = st.one_of(
    st.builds(Mark, TIMES, st.just("")),
    st.builds(Phase, TIMES, st.sampled_from(PhaseName)),
    st.builds(Link, TIMES, st.just(0), st.sampled_from(LinkState)),
)


@given(st.lists(EVENTS), st.integers(0, 30))
def test_it_is_the_same_however_a_log_is_cut(log, cut):
    assert elapsed(log[cut:], elapsed(log[:cut])) == elapsed(log)


@given(st.lists(EVENTS))
def test_it_never_goes_back_and_reaches_no_further_than_the_newest(log):
    lasts = elapsed(log)
    assert lasts.time <= max([0.0, *(event.time for event in log)])
    assert lasts.time >= elapsed(log[:-1]).time


def test_a_session_that_goes_on_lasts_on():
    end, on = Phase(60.0, PhaseName.FINISHED), Phase(65.0, PhaseName.SESSION)
    assert elapsed([end, Mark(62.0, "")]) == Elapsed(60.0, over=True)
    assert elapsed([end, Mark(62.0, ""), on, Mark(70.0, "")]) == Elapsed(70.0, over=False)


def beats(count):
    return [
        Packet(float(second), 0, "heart_rate", b"\x10\x3c\x00\x04") for second in range(1, count)
    ]


def test_an_edit_after_the_end_changes_no_beat_gap_or_number():
    lost = Link(80.0, 0, LinkState.LOST)
    log = [
        Source(0.0, 0, "client", "strap"), *beats(60), Mark(30.0, "then"), lost,
        Phase(90.0, PhaseName.FINISHED),
    ]  # fmt: skip
    edited = [*log, Mark(4000.0, "now", replaces=30.0)]
    (before,), (after,) = beats_of(log), beats_of(edited)
    assert before.gaps == after.gaps
    assert before.gaps[-1].until == 90.0
    assert [mark.text for mark in marks_of(edited)] == ["now"]
    engine = Engine()
    engine.advance(log)
    then = engine.snapshot(95.0)
    engine.advance(edited[len(log) :])
    now = engine.snapshot(5000.0)
    assert (now.time, now.sources) == (then.time, then.sources)
    assert [mark.text for mark in now.marks] == ["now"]
    assert engine.beats(0).gaps == before.gaps
