"""The heart that the practice draws: whole beats, gaps as gaps, one wearer at a time."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from docs.practice_states import OFFSET, Clock, SimulatedSession
from gui.practice.beats import HeartLog
from gui.practice.heart import (
    CLEAR,
    SMALLEST_HALF,
    Heart,
    Span,
    eased_span,
    ends,
    heart_line,
    wanted_span,
)
from physio.arousal.glance import TrustLevel


class Asked:
    """A heart log and the simulated session that it is asked of."""

    def __init__(self, **how: Any) -> None:
        self.clock = Clock()
        self.session = SimulatedSession(self.clock, **how)
        self.log = HeartLog()

    def ask(self, **changes: Any) -> Heart:
        snapshot = self.session.snapshot()
        assert snapshot is not None
        sources = tuple(msgspec.structs.replace(one, **changes) for one in snapshot.sources)
        return self.log.gather(self.session, msgspec.structs.replace(snapshot, sources=sources))

    def run(self, seconds: float, every: float = 0.2) -> Heart:
        heart = None
        for moment in np.arange(self.clock.now, self.clock.now + seconds, every):
            self.clock.now = float(moment)
            heart = self.ask()
        assert heart is not None
        return heart


def heard(seconds: float = 90.0, **how: Any) -> Heart:
    """Return the heart of a simulated session that was asked for so long."""
    return Asked(**how).run(seconds)


def test_beats_lie_where_the_session_put_them():
    asked = Asked()
    heart = asked.run(90.0)
    time, rr = asked.session._beats(asked.clock() - OFFSET)
    np.testing.assert_array_equal(heart.time, time[time > time[-1] - 60.0])
    np.testing.assert_allclose(heart.rate, 60000.0 / rr[time > time[-1] - 60.0])
    assert heart.starts.sum() == 1
    assert (heart.trust == CLEAR).all()


def test_heart_is_the_same_until_beats_come():
    asked = Asked()
    before = asked.run(60.0)
    assert asked.ask() is before


def test_another_session_in_its_place_begins_anew():
    asked = Asked()
    asked.run(90.0)
    asked.clock.now = OFFSET + 20.0
    heart = asked.ask()
    assert heart.time[-1] < 20.0
    assert len(heart.time) == len(asked.session._beats(20.0)[0])


def test_another_wearer_is_not_joined_to_the_one_before():
    asked = Asked()
    asked.run(30.0)
    asked.session.rate = 7.0  # whose beats lie elsewhere
    heart = asked.ask(source=1)
    np.testing.assert_array_equal(heart.time, asked.session._beats(asked.clock() - OFFSET)[0])


def test_gap_breaks_the_line():
    heart = heard(90.0, gap=(60.0, 70.0))
    ((before, after),) = ends(heart)
    assert before[0] <= 60.0 < 70.0 <= after[0]
    line = heart_line(heart)
    inside = (line.time > before[0]) & (line.time < after[0])
    assert not inside.any()
    assert not line.connect[np.flatnonzero(line.time == before[0])].any()


def test_line_passes_through_every_beat():
    heart = heard(70.0)
    line = heart_line(heart)
    drawn = np.interp(heart.time, line.time, line.rate)
    np.testing.assert_allclose(drawn, heart.rate, atol=0.5)


def test_limited_beats_are_told_apart():
    heart = heard(118.0, trust=TrustLevel.LIMITED)
    assert (heart.trust[heart.time > 111.5] == 1).all()
    assert (heart.trust[heart.time < 110.0] == CLEAR).all()


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
    heart = heard(70.0)
    span = wanted_span(heart, 70.0)
    assert span is not None
    assert 50.0 < span.middle < 80.0
    assert SMALLEST_HALF < span.half < 15.0
    assert wanted_span(heart, 7000.0) is None
