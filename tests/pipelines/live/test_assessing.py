"""What an assessment came to, as a running session tells it and as the log tells it afterwards."""

from __future__ import annotations

import pytest

from physio.breathing.assessment import Course, NotScored, steps_of
from physio.breathing.resonance import Choice, Earlier
from pipelines.live import Engine
from pipelines.session import LATE, Assessment, Pace, assessment_of, beats_of, resonance_view
from tests.pipelines.logs import session

STEPPED = Assessment(0.5, Course.STEPPED, 0.0, 0.4)
END = steps_of(Course.STEPPED)[-1].end


@pytest.fixture(scope="module")
def log():
    return session("resonance:5.5", END + 80.0)


def resonance(engine, now):
    (view,) = engine.snapshot(now).sources
    return view.resonance


def in_order(*events):
    return sorted(events, key=lambda event: event.time)


def found(log, *more):
    """What comes of a log in which this is told besides."""
    (one,) = beats_of(in_order(*log, *more))
    return one


def test_it_is_told_once_the_last_beats_have_come_and_as_the_log_tells_it(log):
    events = in_order(*log, STEPPED)
    engine, begun = Engine("s"), 0.0
    for until in (END + LATE - 0.1, END + LATE, END + LATE + 70.0):
        engine.advance([one for one in events if begun <= one.time < until])
        begun = until
        if until < END + LATE:
            assert resonance(engine, until) is None
            continue
        told = resonance(engine, until)
        assert (told.rate, told.verdict, told.agrees, told.lost) == (5.5, Choice.CLEAR, False, ())
    (offline,) = beats_of([one for one in events if one.time < begun])
    assert told == resonance_view(offline)
    (live,) = engine.source_beats()
    assert live.assessment == offline.assessment == STEPPED
    engine.advance([Assessment(begun, None)])
    assert resonance(engine, begun) is None


def test_without_one_or_given_up_nothing_is_told(log):
    assert assessment_of(found(log)) is None
    assert assessment_of(found(log, STEPPED, Assessment(600.0, None))) is None
    assert assessment_of(found(log, Assessment(0.1, None), STEPPED)) is not None


def test_what_a_guide_did_before_it_does_not_count(log):
    before = [Pace(0.1, 6.0, 0.4), Pace(100.0, None, 0.4)]
    told = assessment_of(found(log, *before, STEPPED)).assessed
    assert [one.rate for one in told.steps] == [6.5, 6, 5.5, 5, 4.5]
    assert told == assessment_of(found(log, STEPPED)).assessed


def test_a_person_who_breathes_otherwise_is_not_scored():
    told = resonance_view(found(session("rest", END + 20.0), STEPPED))
    assert (told.rate, told.verdict) == (None, Choice.UNCLEAR)
    assert {reason for _, reason in told.lost} == {NotScored.NOT_FOLLOWED}


@pytest.mark.parametrize(
    "odd",
    [
        Assessment(0.5, Course.STEPPED, 1e300, 0.4),
        Assessment(0.5, Course.SLIDING, 0.0, -3.0),
        Assessment(0.5, Course.STEPPED, float("nan"), 0.4, Earlier(5.5, 1.0)),
    ],
)
def test_one_that_no_guide_offers_is_none(log, odd):
    engine = Engine("s")
    engine.advance([one for one in in_order(*log, odd) if one.time <= 20.0])
    assert resonance(engine, END + LATE) is None
    assert assessment_of(found(log, odd)) is None
