"""The course of a practice: what keys and time make of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gui.practice import stage as course
from gui.practice.guide import SMALLEST, breathed, pace, radius
from gui.practice.stage import Practice, Stage


def run(practice: Practice, begin: float, end: float) -> Practice:
    for now in np.arange(begin, end, 0.1):
        practice = course.advanced(practice, float(now))
    return practice


def test_it_ends_with_the_breath_in_which_the_time_is_up():
    practice = run(course.start(0.0, 7.0, 0.4, 1.0), 0.0, 63.1)
    assert practice.stage is Stage.BREATHING
    assert practice.last_breath_ends is not None
    practice = run(practice, 63.1, 80.0)
    assert practice.stage is Stage.FINISHED
    whole = breathed(practice.guide, 80.0) * 7.0 / 60.0
    assert whole == pytest.approx(round(whole), abs=1e-6)
    assert radius(practice.guide, 80.0) == SMALLEST


def test_a_finished_practice_goes_on_as_long_again():
    practice = run(course.start(0.0, 6.0, 0.4, 1.0), 0.0, 80.0)
    practice = course.paused(practice, 100.0)
    assert practice.stage is Stage.BREATHING
    assert course.minutes_left(practice, 100.0) == pytest.approx(1.0, abs=0.01)
    again = run(practice, 100.0, 200.0)
    assert again.stage is Stage.FINISHED
    longer = course.paused(again, 200.0)
    assert course.minutes_left(longer, 200.0) == pytest.approx(1.0, abs=0.01)


def test_pauses_and_calm_do_not_count():
    practice = course.paused(course.start(0.0, 6.0, 0.4, 2.0), 33.0)
    assert practice.stage is Stage.PAUSED
    assert course.minutes_left(run(practice, 33.0, 300.0), 300.0) == pytest.approx(1.5)
    practice = course.paused(practice, 300.0)
    practice = course.calmed(practice, 330.0)
    assert course.minutes_left(run(practice, 330.0, 700.0), 700.0) == pytest.approx(1.0)


def test_calm_rests_and_back_begins_a_breath():
    calm = course.calmed(course.start(0.0, 6.0, 0.4, None), 50.0)
    assert calm.calm
    assert course.told_pace(calm, 50.0) is None
    assert radius(calm.guide, 60.0) == SMALLEST
    back = course.back(calm, 90.0)
    assert not back.calm
    assert course.told_pace(back, 90.0) == 6.0
    assert radius(back.guide, 90.0) == SMALLEST


def test_back_from_calm_leaves_a_pause_and_an_end_as_they_were():
    paused = course.paused(course.start(0.0, 6.0, 0.4, None), 20.0)
    assert course.told_pace(course.back(course.calmed(paused, 30.0), 40.0), 41.0) is None
    done = run(course.start(0.0, 6.0, 0.4, 1.0), 0.0, 80.0)
    back = course.back(course.calmed(done, 90.0), 95.0)
    assert back.stage is Stage.FINISHED
    assert course.told_pace(back, 96.0) is None


def test_calm_during_the_last_breath_takes_the_end_back():
    practice = run(course.start(0.0, 4.0, 0.4, 1.0), 0.0, 63.2)
    assert practice.last_breath_ends is not None
    calm = run(course.calmed(practice, 64.0), 64.0, 100.0)
    assert calm.stage is Stage.BREATHING
    back = run(course.back(calm, 100.0), 100.0, 130.0)
    assert back.stage is Stage.FINISHED


def test_without_a_goal_it_never_ends():
    practice = course.start(0.0, 6.0, 0.4, None)
    assert course.minutes_left(practice, 9999.0) is None
    assert course.advanced(practice, 9999.0).stage is Stage.BREATHING


@pytest.mark.parametrize("minutes", [0.0, -1.0, float("nan")])
def test_no_minutes_are_refused(minutes):
    with pytest.raises(ValueError, match=f"{minutes:g}"):
        course.start(0.0, 6.0, 0.4, minutes)


MOVES = st.lists(
    st.tuples(st.floats(0.0, 30.0), st.sampled_from(["pause", "calm", "slower", "quicker"])),
    max_size=20,
)


@settings(max_examples=80, deadline=None)
@given(MOVES)
def test_told_pace_is_what_the_circle_does(moves):
    practice, now = course.start(0.0, 6.0, 0.4, 3.0), 0.0
    for wait, move in moves:
        practice = course.advanced(practice, now + wait)
        now += wait
        if move == "pause":
            practice = practice if practice.calm else course.paused(practice, now)
        elif move == "calm":
            change = course.back if practice.calm else course.calmed
            practice = change(practice, now)
        else:
            practice = course.with_pace(practice, now, 0.5 if move == "quicker" else -0.5)
        resting = practice.calm or practice.stage is not Stage.BREATHING
        later = now + 3.5  # the first breath comes after a look at the circle
        if resting:
            assert radius(practice.guide, later) == SMALLEST
            assert course.told_pace(practice, now) is None
        elif practice.last_breath_ends is None:
            assert course.told_pace(practice, later) == round(pace(practice.guide, later), 1)
