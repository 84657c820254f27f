"""The patient's keys: each does one thing, and Esc calms from every state."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

from docs.practice_states import Clock, SimulatedSession, practice, run
from gui.practice import stage as course
from gui.practice import words
from gui.practice.guide import LEAD_IN, SMALLEST
from gui.practice.keys import KEYS
from gui.practice.stage import Stage
from gui.practice.view import PracticeView
from pipelines.drawing import DARK, DIM, LIGHT
from pipelines.language import tr
from pipelines.live.commands import Finish, GoOn, MarkMoment, Pause, SetPace
from pipelines.session import PhaseName
from pipelines.words import minutes_text
from tests.gui.practice.handles import STATES, clock_of, pixels, press, session_of

pytestmark = [pytest.mark.view, pytest.mark.usefixtures("qapp", "silent")]


def test_p_pauses_guide_and_recording_and_goes_on(view):
    press(view, Qt.Key.Key_P)
    run(view, clock_of(view), 5.0)
    assert view.run.practice.stage is Stage.PAUSED
    assert session_of(view).kept[-2:] == [SetPace(None, 0.4), Pause()]
    assert view._circle._look.radius == SMALLEST
    assert view._circle._look.word == tr("Paused")
    press(view, Qt.Key.Key_P)
    run(view, clock_of(view), 5.0)
    assert session_of(view).kept[-2:] == [GoOn(), SetPace(6.0, 0.4)]
    assert view._circle._look.word == tr("Breathe out")


def test_esc_stops_everything_at_once_and_the_recording_goes_on(view):
    press(view, Qt.Key.Key_S)
    assert view.run.sound.on
    press(view, Qt.Key.Key_Escape)
    assert not view.run.sound.on
    run(view, clock_of(view), 5.0)
    still = pixels(view)
    run(view, clock_of(view), 7.0)
    assert np.array_equal(still, pixels(view))
    assert session_of(view).kept[-1] == SetPace(None, 0.4)
    assert not any(isinstance(command, Pause | Finish) for command in session_of(view).kept)
    press(view, Qt.Key.Key_Escape)
    run(view, clock_of(view), 1.0)
    assert view.run.sound.on
    assert session_of(view).kept[-1] == SetPace(6.0, 0.4)
    assert view._circle._look.word == tr("Breathe in")


@pytest.mark.sampled
@pytest.mark.parametrize("name", sorted(STATES))
def test_esc_calms_from_every_state(name):
    view = STATES[name]()
    if view.run.finding.asking:  # words to read: one step back
        press(view, Qt.Key.Key_Escape)
    if not view.run.practice.calm:
        press(view, Qt.Key.Key_Escape)
    assert view.run.practice.calm
    assert view._circle.isHidden()
    assert view._wave.isHidden()
    press(view, Qt.Key.Key_Escape)
    assert not view.run.practice.calm
    view.close()


def test_enter_finishes_only_from_calm_or_the_end(view):
    done = []
    view.finished.connect(lambda: done.append(True))
    press(view, Qt.Key.Key_Return)
    run(view, clock_of(view), 1.0)
    assert not done
    press(view, Qt.Key.Key_Escape)
    press(view, Qt.Key.Key_Return)
    run(view, clock_of(view), 1.0)
    assert not done
    assert view.run.practice.stage is Stage.FINISHED
    assert Finish() not in session_of(view).kept
    press(view, Qt.Key.Key_Return)
    run(view, clock_of(view), 1.0)
    assert done
    assert Finish() in session_of(view).kept


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("session", [None, SimulatedSession])
def test_enter_on_the_calm_screen_leads_to_the_end_which_says_how_long_it_was(session):
    view = practice("calm", session=session, seconds=185.0, after=1.0)
    press(view, Qt.Key.Key_Return)
    run(view, clock_of(view), 1.0)
    assert view.run.said.words.startswith(minutes_text(182.0))
    assert view.run.said.words.endswith(words.ONCE_MORE)
    assert not view._circle.isHidden()
    press(view, Qt.Key.Key_P)
    run(view, clock_of(view), 3.0)
    assert view.run.practice.stage is Stage.BREATHING
    view.close()


def test_the_end_shows_its_own_keys_and_once_more_those_of_a_practice(view):
    def can_be_pressed():
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        return {one.accessibleName() for one in view._bar.findChildren(QAbstractButton)}

    begun = can_be_pressed()
    press(view, Qt.Key.Key_Escape)
    press(view, Qt.Key.Key_Return)
    told = " ".join(can_be_pressed())
    assert tr("done") in told
    assert tr("once more") in told
    press(view, Qt.Key.Key_P)
    assert can_be_pressed() == begun


def test_once_more_after_an_end_in_a_pause_records_again(view):
    press(view, Qt.Key.Key_P)
    run(view, clock_of(view), 2.0)
    press(view, Qt.Key.Key_Escape)
    press(view, Qt.Key.Key_Return)
    run(view, clock_of(view), 2.0)
    assert session_of(view).kept[-1] == Pause()
    press(view, Qt.Key.Key_P)
    run(view, clock_of(view), 2.0)
    assert session_of(view).kept[-2:] == [GoOn(), SetPace(6.0, 0.4)]


def test_what_a_session_heard_of_is_not_kept_again(qapp):
    view = practice(session=None, seconds=20.0)
    view.join(SimulatedSession(clock_of(view)))
    run(view, clock_of(view), 100.0, step=1.0)
    view.part()
    run(view, clock_of(view), 5.0)
    assert view.to_keep() is None
    run(view, clock_of(view), 60.0, step=1.0)
    assert view.to_keep().seconds == pytest.approx(60.0, abs=1.5)
    view.close()


def test_the_words_before_a_first_practice_wait_for_one_key(qapp):
    clock = Clock()
    view, read, left = PracticeView(None, clock=clock, first=True), [], []
    view.begun.connect(lambda: read.append(True))
    view.finished.connect(lambda: left.append(True))
    run(view, clock, 20.0)
    assert view._circle.isHidden()
    assert not view._before.isHidden()
    for key in (Qt.Key.Key_P, Qt.Key.Key_S, Qt.Key.Key_E, Qt.Key.Key_H, Qt.Key.Key_Question):
        press(view, key)
    assert view.run.before
    assert view.look() is None
    press(view, Qt.Key.Key_Return)
    assert read == [True]
    assert view._before.isHidden()
    run(view, clock, LEAD_IN + 1.0)
    assert view._circle._look.word == tr("Breathe in")
    assert course.minutes_left(view.run.practice, clock()) == pytest.approx(10.0 - 1.0 / 60.0)
    assert not left
    view.close()


def test_esc_leads_back_from_the_words_before_a_first_practice(qapp):
    view, read, left = PracticeView(None, first=True), [], []
    view.begun.connect(lambda: read.append(True))
    view.finished.connect(lambda: left.append(True))
    press(view, Qt.Key.Key_Escape)
    assert (read, left) == ([], [True])


def test_nothing_is_told_of_a_pace_before_the_words_are_read(qapp):
    clock = Clock()
    session = SimulatedSession(clock)
    view = PracticeView(session, clock=clock, first=True)
    run(view, clock, 5.0)
    paces = [one for one in session.kept if isinstance(one, SetPace)]
    assert {one.rate for one in paces} == {None}
    press(view, Qt.Key.Key_Return)
    run(view, clock, LEAD_IN + 1.0)
    assert session.kept[-1] == SetPace(6.0, 0.4)
    view.close()


def test_refused_finish_is_said_and_nothing_closes(view):
    done = []
    view.finished.connect(lambda: done.append(True))
    session_of(view).refusal = "The recorder does not answer; press Enter again in a moment."
    press(view, Qt.Key.Key_Escape)
    for _ in range(2):
        press(view, Qt.Key.Key_Enter)
    run(view, clock_of(view), 1.0)
    assert not done
    assert view.run.said.words == session_of(view).refusal


def test_enter_finishes_without_a_session():
    view, done = practice("calm", session=None, after=1.0), []
    view.finished.connect(lambda: done.append(True))
    for _ in range(2):
        press(view, Qt.Key.Key_Return)
    assert done


def test_enter_closes_where_the_recording_has_ended_elsewhere(view):
    session_of(view).phase = PhaseName.FINISHED
    session_of(view).refusal = "The session has ended."
    run(view, clock_of(view), 12.0)
    assert view.run.said.words == words.ENDED
    done = []
    view.finished.connect(lambda: done.append(True))
    view.act("calm")
    for _ in range(2):
        view.act("finish")
    assert done


def test_no_keycap_takes_the_focus_by_itself(qapp):
    view = PracticeView(None)
    view.show()
    QTest.qWait(50)
    assert view.focusWidget() is None or view.hasFocus()
    press(view, Qt.Key.Key_Tab)
    button = view.findChildren(QAbstractButton)[0]
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Return)
    assert view.run.practice.calm
    QTest.qWait(20)
    assert view.focusWidget() is None or view.hasFocus()
    view.close()


def test_pace_keys_ease_and_tell_the_session(view):
    for _ in range(2):
        press(view, Qt.Key.Key_Minus, "-")
    assert view.run.said.words == words.SLOWER
    before = view.run.practice.guide
    run(view, clock_of(view), 60.0)
    paces = [command.rate for command in session_of(view).kept if isinstance(command, SetPace)]
    assert paces == [6.0, 5.9, 5.8, 5.7, 5.6, 5.5]
    assert before.target == 5.0
    press(view, Qt.Key.Key_Plus, "+")
    assert view.run.practice.guide.target == 5.5


def test_pace_ends_at_four_with_a_sentence(view):
    for _ in range(5):
        press(view, Qt.Key.Key_Minus, "-")
    assert view.run.practice.guide.target == 4.0
    assert view.run.said.words == words.SLOWEST


def test_eyes_closed_dims_and_sounds_and_comes_back(view):
    press(view, Qt.Key.Key_E)
    assert view.palette_now is DIM
    assert view.run.sound.on
    assert view._wave.isHidden()
    assert view.run.said.words == words.EYES
    run(view, clock_of(view), 30.0)
    assert view.run.said.words == words.EYES
    press(view, Qt.Key.Key_E)
    assert view.palette_now is LIGHT
    assert not view.run.sound.on
    assert not view._wave.isHidden()


def test_space_marks_and_never_presses_a_button(view):
    button = next(b for b in view.findChildren(QAbstractButton) if b.hint.action == "pause")
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    run(view, clock_of(view), 1.0)
    assert view.run.practice.stage is Stage.BREATHING
    assert MarkMoment in map(type, session_of(view).kept)
    assert view.run.said.words == words.MARKED


def test_light_dark_and_help(view):
    press(view, Qt.Key.Key_L)
    assert view.palette_now is DARK
    press(view, Qt.Key.Key_Question, "?")
    assert view.run.help_shown
    press(view, Qt.Key.Key_P)
    assert view.run.practice.stage is Stage.BREATHING
    press(view, Qt.Key.Key_F1)
    assert not view.run.help_shown


def test_full_screen_and_back(view):
    press(view, Qt.Key.Key_F)
    assert view.isFullScreen()
    press(view, Qt.Key.Key_F)
    assert not view.isFullScreen()


def test_a_held_key_counts_once(view):
    again = QKeyEvent(
        QEvent.Type.KeyPress, Qt.Key.Key_P, Qt.KeyboardModifier.NoModifier, "p", autorep=True
    )
    QApplication.sendEvent(view, again)
    assert view.run.practice.stage is Stage.BREATHING


def test_every_key_has_an_action(view):
    for action in set(KEYS.values()):
        view.act(action)
