"""What the practice hears: aligned clocks, whole beats, gaps as gaps, and no waiting."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docs.practice_states import OFFSET, Clock, SimulatedSession
from gui.practice.feed import Alignment, Feed
from gui.practice.heart import CLEAR, SMALLEST_HALF, Span, eased_span, ends, heart_line, wanted_span
from physio.arousal.glance import TrustLevel
from pipelines.live.commands import MarkMoment, SetPace


def heard(seconds=90.0, every=0.2, **how):
    """Return the feed of a simulated session that was asked for so long."""
    clock = Clock()
    session = SimulatedSession(clock, **how)
    feed = Feed(session, clock)
    for moment in np.arange(OFFSET, OFFSET + seconds, every):
        clock.now = float(moment)
        feed.step()
    return feed, session


@settings(max_examples=50, deadline=None)
@given(
    st.floats(-1e5, 1e5),
    st.lists(st.floats(0.0, 0.8), min_size=60, max_size=120),
)
def test_alignment_comes_within_the_least_delay(offset, delays):
    alignment = Alignment()
    for step, delay in enumerate(delays):
        alignment.learn(0.2 * step, 0.2 * step - offset - delay)
    assert offset - 1e-6 <= alignment.shift <= offset + max(delays) + 1e-6
    recent = min(delays[-50:])
    assert alignment.shift <= offset + recent + 0.8


def test_alignment_does_not_jump_for_a_late_answer():
    alignment = Alignment()
    for step in range(100):
        alignment.learn(0.2 * step, 0.2 * step - 50.0 - (0.9 if step % 7 else 0.01))
    before = alignment.shift
    alignment.learn(20.0, 20.0 - 50.0 - 0.9)
    assert abs(alignment.shift - before) < 0.05
    assert alignment.shift == pytest.approx(50.01, abs=0.05)


def test_alignment_follows_a_clock_that_leapt():
    alignment = Alignment()
    for step in range(60):
        alignment.learn(0.2 * step, 0.2 * step)
    for step in range(60, 180):
        alignment.learn(0.2 * step, 0.2 * step - 300.0)
    assert alignment.shift == pytest.approx(300.0)


def test_beats_lie_where_the_session_put_them():
    feed, session = heard()
    time, rr = session._beats(feed._clock() - OFFSET)
    heart = feed.newest.heart
    np.testing.assert_array_equal(heart.time, time[time > time[-1] - 60.0])
    np.testing.assert_allclose(heart.rate, 60000.0 / rr[time > time[-1] - 60.0])
    assert feed.newest.shift == pytest.approx(OFFSET)
    assert heart.starts.sum() == 1
    assert (heart.trust == CLEAR).all()


def test_heart_is_the_same_until_beats_come():
    feed, _ = heard(60.0)
    before = feed.newest.heart
    feed.step()
    assert feed.newest.heart is before


def test_gap_breaks_the_line():
    feed, _ = heard(90.0, gap=(60.0, 70.0))
    heart = feed.newest.heart
    ((before, after),) = ends(heart)
    assert before[0] <= 60.0 < 70.0 <= after[0]
    line = heart_line(heart)
    inside = (line.time > before[0]) & (line.time < after[0])
    assert not inside.any()
    assert not line.connect[np.flatnonzero(line.time == before[0])].any()


def test_line_passes_through_every_beat():
    heart = heard(70.0)[0].newest.heart
    line = heart_line(heart)
    drawn = np.interp(heart.time, line.time, line.rate)
    np.testing.assert_allclose(drawn, heart.rate, atol=0.5)


def test_limited_beats_are_told_apart():
    heart = heard(118.0, trust=TrustLevel.LIMITED)[0].newest.heart
    assert (heart.trust[heart.time > 111.5] == 1).all()
    assert (heart.trust[heart.time < 110.0] == CLEAR).all()


def test_lost_recorder_leaves_what_was_known():
    feed, session = heard(60.0)
    before = feed.newest
    session.reachable = False
    feed.step()
    assert feed.newest is before


def test_wishes_are_passed_on_in_order_and_answered():
    feed, session = heard(1.0)
    feed.wish(SetPace(6.0))
    feed.wish(MarkMoment())
    assert session.kept == []
    feed.step()
    assert session.kept == [SetPace(6.0), MarkMoment()]
    assert feed.answers() == [(SetPace(6.0), None), (MarkMoment(), None)]
    assert feed.answers() == []


def test_refusal_is_handed_back():
    feed, session = heard(1.0)
    session.refusal = "The recording has ended."
    feed.wish(MarkMoment())
    feed.step()
    assert feed.answers() == [(MarkMoment(), "The recording has ended.")]


def test_last_wishes_are_passed_on_before_letting_go():
    feed, session = heard(1.0)
    feed.start()
    feed.start()
    feed.wish(SetPace(None))
    feed.close()
    assert session.closed
    assert session.kept == [SetPace(None)]


def test_a_slow_recorder_holds_nobody_up():
    clock = Clock()
    session = SimulatedSession(clock)
    asked, go_on = threading.Event(), threading.Event()

    def slow():
        asked.set()
        go_on.wait(5.0)

    session.snapshot = slow  # type: ignore[method-assign]
    feed = Feed(session, clock)
    feed.start()
    assert asked.wait(5.0)
    begin = time.process_time()
    feed.wish(MarkMoment())
    assert feed.newest.snapshot is None
    assert feed.answers() == []
    assert time.process_time() - begin < 1.0
    assert not go_on.is_set()
    go_on.set()
    feed.close()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(40, 120), st.floats(0, 30)), min_size=1, max_size=60))
def test_height_never_jumps(wanted):
    span = Span(60.0, 5.0)
    for middle, half in wanted:
        goal = Span(middle, max(half, SMALLEST_HALF))
        after = eased_span(span, goal, 1.0 / 30.0)
        assert abs(after.half - span.half) <= 0.06 * abs(goal.half - span.half) + 1e-9
        assert abs(after.middle - span.middle) <= 0.02 * abs(goal.middle - span.middle) + 1e-9
        span = after


def test_height_suits_the_beats_in_view():
    heart = heard(70.0)[0].newest.heart
    span = wanted_span(heart, 70.0)
    assert span is not None
    assert 50.0 < span.middle < 80.0
    assert SMALLEST_HALF < span.half < 15.0
    assert wanted_span(heart, 7000.0) is None
