"""The guide starts where the person breathes now, where a strap tells that clearly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt

from docs.practice_states import Clock, SimulatedSession, run
from gui.practice import words
from gui.practice.guide import LEAD_IN, pace
from gui.practice.run import LISTENS_FOR
from gui.practice.stage import Stage
from gui.practice.view import PracticeView
from physio.breathing.pacer import EASING
from pipelines.language import tr
from pipelines.live.commands import SetPace
from tests.gui.practice.handles import press

pytestmark = [pytest.mark.view, pytest.mark.usefixtures("qapp", "silent")]


@pytest.fixture
def begun():
    """Open a practice with a strap that tells of so many breaths a minute, or of none."""
    made = []

    def make(breathing, *, first=False, minutes=60.0):
        clock = Clock()
        session = SimulatedSession(clock, breathing=breathing)
        view = PracticeView(session, clock=clock, minutes=minutes, listens=True, first=first)
        made.append(view)
        return view, clock, session

    yield make
    for view in made:
        view.close()


def paces(view, clock, minutes):
    """The guide's pace at the end of each of so many minutes."""
    found = []
    for _ in range(minutes):
        run(view, clock, 60.0, step=1.0)
        found.append(pace(view.run.practice.guide, clock()))
    return found


@pytest.mark.parametrize("own", [14.0, 9.3, 4.5])
@pytest.mark.long
def test_it_starts_at_the_own_pace_and_eases_to_the_chosen_one(begun, own):
    view, clock, session = begun(own)
    run(view, clock, 3.0)
    assert view.run.practice.stage is Stage.BREATHING
    run(view, clock, LEAD_IN)
    assert pace(view.run.practice.guide, clock()) == pytest.approx(own, abs=0.05)
    told = [one.rate for one in session.kept if isinstance(one, SetPace)]
    assert told[0] is None
    assert told[-1] == pytest.approx(own, abs=0.1)
    seen = [pace(view.run.practice.guide, clock()), *paces(view, clock, 22)]
    assert np.all(np.abs(np.diff(seen)) <= EASING + 1e-9)
    assert seen[-1] == 6.0


@pytest.mark.parametrize(("own", "first"), [(2.5, 4.0), (30.0, 24.0)])
def test_it_starts_within_what_the_guide_offers(begun, own, first):
    view, clock, _ = begun(own)
    run(view, clock, LEAD_IN + 3.0)
    assert pace(view.run.practice.guide, clock()) == pytest.approx(first, abs=0.05)


def test_an_own_pace_that_stays_unknown_is_waited_for_and_no_longer(begun):
    view, clock, session = begun(None)
    run(view, clock, LISTENS_FOR - 2.0, step=1.0)
    assert view.run.practice.stage is Stage.LISTENING
    assert view.run.said.words == words.LISTENING
    assert view._circle._look.word == tr("Settle in")
    assert {one.rate for one in session.kept if isinstance(one, SetPace)} == {None}
    run(view, clock, 3.0 + LEAD_IN)
    assert view.run.practice.stage is Stage.BREATHING
    assert session.kept[-1] == SetPace(6.0, 0.4)
    assert paces(view, clock, 1) == [6.0]


def test_enter_starts_at_once(begun):
    view, clock, _ = begun(None)
    run(view, clock, 5.0)
    press(view, Qt.Key.Key_Return)
    run(view, clock, LEAD_IN + 1.0)
    assert view.run.practice.stage is Stage.BREATHING
    assert view._circle._look.word == tr("Breathe in")


def test_a_calm_screen_stops_the_waiting_and_enter_there_ends(begun):
    view, clock, session = begun(None)
    press(view, Qt.Key.Key_Escape)
    session.breathing = 12.0
    run(view, clock, LISTENS_FOR + 5.0, step=1.0)
    assert view.run.practice.stage is Stage.LISTENING
    press(view, Qt.Key.Key_Return)
    assert view.run.practice.stage is Stage.FINISHED


def test_the_words_before_come_before_the_waiting(begun):
    view, clock, _ = begun(12.0, first=True)
    run(view, clock, 30.0, step=1.0)
    assert view.run.before
    press(view, Qt.Key.Key_Return)
    run(view, clock, 2.0 + LEAD_IN)
    assert pace(view.run.practice.guide, clock()) == pytest.approx(12.0, abs=0.05)


def test_a_pace_that_is_not_sure_is_none(begun):
    _, clock, session = begun(12.0)
    clock.now += 100.0
    told = session.snapshot()
    assert words.own_pace(told) == 12.0
    found = told.sources[0].measures["breathing_rate"]
    for other in (
        {"doubt": "MAYBE"},
        {"low": None, "high": None},
        {"low": 9.0, "high": 15.0},
        {"value": None},
    ):
        told.sources[0].measures["breathing_rate"] = replace(found, **other)
        assert words.own_pace(told) is None, other
    assert words.own_pace(None) is None
