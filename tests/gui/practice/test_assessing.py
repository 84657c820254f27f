"""An assessment in the window: offered at the end, calm at once with Esc, its result in words."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import Qt

from docs.practice_states import OFFSET, SimulatedSession, assessed, practice, run
from gui.practice import assessing
from gui.practice.guide import begin, breathe, fullness, pacer_at, rest
from gui.practice.keys import ASSESS
from gui.practice.stage import Stage
from physio.breathing.assessment import RATES, Course, NotScored, steps_of
from physio.breathing.resonance import Choice
from pipelines.live.commands import Assess, Finish, GoOn, Pause, SetPace
from pipelines.session import LATE, PhaseName, ResonanceView
from pipelines.words import resonance_text, rest_text, step_text
from tests.gui.practice.handles import clock_of, keycaps, press, session_of

pytestmark = [pytest.mark.view, pytest.mark.usefixtures("qapp", "silent")]
STEPPED = 18 * 60.0


def at_the_end(**how):
    """A practice of two minutes at six breaths a minute, at its end."""
    return practice(seconds=135.0, minutes=2.0, **how)


def offered(view):
    return ASSESS.name in [button.accessibleName() for button in keycaps(view)]


def orders(view):
    return [one for one in session_of(view).kept if isinstance(one, Assess)]


def test_it_is_offered_at_the_end_of_a_practice_that_came_down_far_enough():
    view = at_the_end()
    assert view.over
    assert offered(view)
    assert "assess" in {row.action for row in view._help_rows()}
    view.close()


@pytest.mark.parametrize(
    "how",
    [
        {"session": None},
        {"minutes": 8.0},  # it goes on
        {"session": lambda clock: SimulatedSession(clock, phase=PhaseName.FINISHED)},
    ],
)
def test_it_is_not_offered_without_a_strap_or_before_the_end_or_once_a_session_is_over(how):
    view = practice(**{"seconds": 135.0, "minutes": 2.0, **how})
    assert not offered(view)
    press(view, Qt.Key.Key_Y)
    assert not view.run.finding.asking
    view.close()


def test_it_is_not_offered_after_a_practice_that_stayed_quick():
    view = at_the_end()
    view.run._slowest = assessing.REACHED + 0.01
    view._show_bar()
    assert not offered(view)
    view.close()


def test_a_page_tells_of_it_first_and_esc_leads_back():
    view = at_the_end()
    press(view, Qt.Key.Key_Y)
    assert not view._asking.isHidden()
    assert assessing.HOW_LONG in view._asking.accessibleName()
    assert not orders(view)
    press(view, Qt.Key.Key_Escape)
    assert view._asking.isHidden()
    assert view.over
    assert not view.run.practice.calm
    view.close()


@pytest.mark.parametrize(
    ("key", "kind"), [(Qt.Key.Key_Return, Course.STEPPED), (Qt.Key.Key_Y, Course.SLIDING)]
)
def test_the_session_and_the_circle_run_the_same_course(key, kind):
    view = at_the_end()
    press(view, Qt.Key.Key_Y)
    press(view, key)
    clock = clock_of(view)
    run(view, clock, 1.0)
    (order,) = orders(view)
    steps = view.run.practice.steps
    assert order.course is kind
    assert order.start == pytest.approx(steps[0].start - OFFSET, abs=0.2)
    (told, *_) = steps_of(kind, order.inhale, at=order.start)
    assert told.rate == steps[0].rate == RATES[0]
    run(view, clock, 30.0)
    guide = view.run.practice.guide
    moments = steps[0].start + np.arange(0.0, 25.0, 0.1)
    assert np.allclose(fullness(guide, moments), steps[0].pacer.volume(moments), atol=1e-9)
    view.close()


@pytest.mark.parametrize("kind", Course)
def test_the_circle_never_jumps_and_rests_between_the_steps(kind):
    guide = rest(breathe(begin(0.0, 6.0, 0.4), 3.0), 61.7)
    steps = steps_of(kind, 0.4, at=70.0)
    planned = assessing.guided(guide, steps)
    moments = np.arange(0.0, steps[-1].end + 60.0, 0.02)
    assert np.abs(np.diff(fullness(planned, moments))).max() < 0.03
    for step, after in pairwise(steps):
        middle = (step.end + after.start) / 2.0
        resting = after.start > step.end
        assert (pacer_at(planned, middle) is None) is resting
    assert pacer_at(planned, steps[-1].end + 1.0) is None
    assert (planned.target, planned.inhale) == (6.0, 0.4)


@pytest.mark.usefixtures("english")
def test_it_says_each_pace_and_each_rest_and_how_long_it_still_takes():
    view = at_the_end()
    for key in (Qt.Key.Key_Y, Qt.Key.Key_Return):
        press(view, key)
    clock = clock_of(view)
    run(view, clock, 20.0, step=1.0)
    assert view.run.said.words == step_text(6.5, 0.4)
    assert view.run.header(clock())[2] == "about 18 minutes left"
    run(view, clock, 120.0, step=1.0)
    assert view.run.said.words == rest_text()
    told = [one.rate for one in session_of(view).kept if isinstance(one, SetPace)]
    assert told[-2:] == [6.5, None]
    run(view, clock, 120.0, step=1.0)
    assert view.run.said.words == step_text(6.0, 0.4)
    view.close()


def test_only_what_belongs_to_it_works_while_it_goes_on():
    view = at_the_end()
    for key in (Qt.Key.Key_Y, Qt.Key.Key_Return):
        press(view, key)
    run(view, clock_of(view), 30.0, step=1.0)
    before = view.run.practice
    for key in (Qt.Key.Key_P, Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_I, Qt.Key.Key_Return):
        press(view, key)
    run(view, clock_of(view), 1.0)
    assert view.run.practice == before
    assert not any(isinstance(one, Pause | GoOn | Finish) for one in session_of(view).kept)
    view.close()


def test_esc_stops_it_and_calms_at_once_and_the_session_knows():
    view = at_the_end()
    for key in (Qt.Key.Key_Y, Qt.Key.Key_Return):
        press(view, key)
    run(view, clock_of(view), 30.0, step=1.0)
    press(view, Qt.Key.Key_Escape)
    assert view.run.practice.calm
    run(view, clock_of(view), 1.0)
    assert orders(view)[-1] == Assess(None)
    assert session_of(view).kept[-1] == SetPace(None, 0.4)
    press(view, Qt.Key.Key_Escape)
    assert view.over
    assert view.run.said.words == assessing.STOPPED
    assert pacer_at(view.run.practice.guide, clock_of(view)() + 300.0) is None
    run(view, clock_of(view), STEPPED, step=5.0)
    assert view.run.said.words == assessing.STOPPED
    assert offered(view)
    view.close()


@pytest.mark.sampled
@pytest.mark.parametrize(
    "found",
    [
        ResonanceView(5.5, Choice.CLEAR),
        ResonanceView(5.5, Choice.CLEAR, agrees=True),
        ResonanceView(4.5, Choice.EDGE),
        ResonanceView(6.0, Choice.UNCLEAR, lost=((5.0, NotScored.ARTEFACTS),)),
        ResonanceView(None, Choice.UNCLEAR, lost=((6.5, NotScored.NOT_FOLLOWED),)),
    ],
)
def test_what_it_found_stands_in_words_once_the_last_beats_have_come(found):
    view = assessed(found)
    assert view.over
    assert view.run.said.words == assessing.result_words(found)
    assert resonance_text(found.verdict, found.rate, agrees=found.agrees) in view.run.said.words
    assert offered(view)  # a second one may agree
    press(view, Qt.Key.Key_P)
    run(view, clock_of(view), 5.0)
    assert view.run.practice.stage is Stage.BREATHING
    view.close()


def test_a_session_that_tells_nothing_of_it_is_not_waited_for_without_end():
    view = assessed(None)
    assert view.run.said.words == assessing.MOMENT
    run(view, clock_of(view), LATE + 20.0, step=1.0)
    assert view.run.said.words == assessing.result_words(None)
    view.close()


def test_an_assessment_that_the_session_refuses_ends_with_the_reason():
    view = at_the_end()
    session_of(view).refusal = "The disk is full."
    for key in (Qt.Key.Key_Y, Qt.Key.Key_Return):
        press(view, key)
    run(view, clock_of(view), 1.0)
    assert view.over
    assert view.run.said.words == "The disk is full."
    view.close()


def test_closing_the_view_gives_it_up():
    view = at_the_end()
    for key in (Qt.Key.Key_Y, Qt.Key.Key_Return):
        press(view, key)
    run(view, clock_of(view), 30.0, step=1.0)
    session = session_of(view)
    view.close()
    assert Assess(None) in session.kept
