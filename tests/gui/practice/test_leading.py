"""Breathing with one's own heart: the circle follows its wave, or rests and says why."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import Qt

from docs.practice_states import SimulatedSession, practice, run
from gui.practice import leading
from gui.practice.guide import SMALLEST, fullness
from gui.practice.keys import GUIDE, HEART
from gui.practice.leading import Leading, follows, heart_fullness, quickening
from gui.practice.stage import Stage
from pipelines.language import tr
from pipelines.live.commands import SetPace
from pipelines.session import WaveState, WaveView
from tests.gui.practice.handles import clock_of, keycaps, press, session_of

RATE = 6.0


def wave_at(now, *, late=2.6, error=5.0):
    """A heart of 60 bpm that swings by 10 either way six times a minute, known up to `late` ago."""
    time = np.arange(now - late, now + 1.0, 0.2)
    rates = 60.0 + 10.0 * np.sin(2.0 * np.pi * RATE / 60.0 * time)
    start = float(time[0]) + late
    return WaveView(WaveState.PREDICTED, late, start, 0.2, tuple(rates.tolist()), error, 60.0, 10.0)


def test_the_circle_is_as_full_as_the_heart_is_quick():
    wave = wave_at(100.0)
    times = np.arange(97.6, 100.8, 0.1)
    turn = 2.0 * np.pi * RATE / 60.0 * times
    assert heart_fullness(wave, times) == pytest.approx(0.5 + 0.5 * np.sin(turn), abs=0.01)
    inside = np.abs(np.cos(turn)) > 0.2
    assert np.array_equal(quickening(wave, times)[inside], (np.cos(turn) > 0.0)[inside])


@pytest.mark.parametrize("state", WaveState)
def test_only_a_wave_that_is_foreseen_and_of_now_is_followed(state):
    wave = msgspec.structs.replace(wave_at(100.0), state=state)
    assert follows(wave, 100.0) is (state is WaveState.PREDICTED)
    assert not follows(wave, 110.0)  # no newer one came
    assert not follows(msgspec.structs.replace(wave, half=0.0), 100.0)
    assert not follows(None, 100.0)


def test_what_is_shown_lies_within_a_twentieth_of_a_breath_of_the_heart():
    lead, shown, moments = Leading(), [], np.arange(100.0, 160.0, 1.0 / 60.0)
    for now in moments:
        told = wave_at(0.2 * np.floor(now / 0.2))  # every fifth of a second anew
        lead.go_on(told, now, now, leads=True)
        shown.append(lead.mixed(0.0))
    late = slice(600, None)
    turn = 2.0 * np.pi * RATE / 60.0 * moments[late]
    seen = np.array(shown)[late] - 0.5
    there, wanted = (np.sum(one * np.exp(-1j * turn)) for one in (seen, 0.5 * np.sin(turn)))
    assert abs(np.angle(there / wanted)) / (2.0 * np.pi) < 0.05
    assert np.abs(np.diff(shown)[late]).max() < 0.01


def test_the_circle_never_jumps_whatever_becomes_of_the_wave_and_of_the_choice():
    rng = np.random.default_rng(4)
    lead, shown, leads, told = Leading(), [], False, None
    for now in np.arange(0.0, 120.0, 1.0 / 60.0):
        if rng.random() < 0.01:
            leads = not leads
        if rng.random() < 0.05:
            told = None if rng.random() < 0.3 else wave_at(now + rng.normal(0.0, 0.3))
        lead.go_on(told, now, now, leads=leads)
        shown.append(lead.mixed(0.5 + 0.5 * np.sin(now)))
    assert np.abs(np.diff(shown)).max() < 0.05
    assert 0.0 <= min(shown) <= max(shown) <= 1.0


def test_without_the_choice_the_circle_is_the_guides_to_the_last_digit():
    lead = Leading()
    for now in np.arange(0.0, 3.0, 0.1):
        lead.go_on(wave_at(now), now, now, leads=False)
        assert lead.mixed(0.3) == 0.3


pytestmark = [pytest.mark.view, pytest.mark.usefixtures("qapp", "silent")]


def offered(view):
    return {button.accessibleName() for button in keycaps(view)} & {HEART.name, GUIDE.name}


def test_one_key_lets_the_heart_lead_and_the_same_key_the_guide_again():
    view = practice()
    assert offered(view) == {HEART.name}
    press(view, Qt.Key.Key_I)
    run(view, clock_of(view), 3.0)
    assert view.run.heart_leads
    assert offered(view) == {GUIDE.name}
    assert session_of(view).kept[-1] == SetPace(None, 0.4, True)
    assert view.run.said.words == leading.WITH_HEART
    press(view, Qt.Key.Key_I)
    run(view, clock_of(view), 3.0)
    assert session_of(view).kept[-1] == SetPace(6.0, 0.4)
    guide = fullness(view.run.practice.guide, clock_of(view)())
    assert view._circle._look.full == pytest.approx(float(guide))
    view.close()


def test_the_mouse_lets_the_heart_lead_as_well():
    view = practice()
    (key,) = [button for button in keycaps(view) if button.accessibleName() == HEART.name]
    key.click()
    assert view.run.heart_leads
    view.close()


def test_without_a_strap_there_is_no_such_choice():
    view = practice(session=None)
    press(view, Qt.Key.Key_I)
    assert not offered(view)
    assert not view.run.heart_leads
    assert "heart" not in {row.action for row in view._help_rows()}
    view.close()


def test_the_circle_follows_the_heart_and_no_guide_is_drawn():
    view = practice("heart", after=5.0)
    full, words = [], set()
    for _ in range(100):
        run(view, clock_of(view), 0.1, step=0.1)
        full.append(view._circle._look.full)
        words.add(view._circle._look.word)
    assert max(full) - min(full) > 0.7
    assert words == {tr("Breathe in"), tr("Breathe out")}
    assert not view._wave._look.guided
    assert not view._wave._look.dot
    view.close()


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (WaveState.OFF, leading.OTHERWISE),
        (WaveState.UNKNOWN_DELAY, leading.UNKNOWN),
        (WaveState.NOT_YET, leading.WAITING),
    ],
)
def test_where_the_heart_cannot_be_shown_as_it_is_now_the_circle_rests_and_says_so(state, said):
    view = practice("heart", session=lambda clock: SimulatedSession(clock, wave=state), after=8.0)
    assert view.run.said.words == said
    assert view._circle._look.radius == pytest.approx(SMALLEST, abs=1.0)
    assert view._circle._look.word == tr("Settle in")
    view.close()


def test_a_strap_that_goes_gives_the_guide_back():
    view = practice("heart")
    view.part()
    run(view, clock_of(view), 3.0)
    assert not view.run.heart_leads
    guide = fullness(view.run.practice.guide, clock_of(view)())
    assert view._circle._look.full == pytest.approx(float(guide))
    view.close()


def test_the_time_goes_on_and_the_practice_comes_to_its_close():
    view = practice("heart", seconds=60.0, minutes=2.0, after=80.0)
    assert view.run.practice.stage is Stage.FINISHED
    assert not view.run.heart_leads
    assert session_of(view).kept[-1] == SetPace(None, 0.4)
    view.close()


def test_esc_calms_and_the_heart_leads_again_afterwards():
    view = practice("heart", after=3.0)
    press(view, Qt.Key.Key_Escape)
    run(view, clock_of(view), 2.0)
    assert not view.run.heart_leads
    press(view, Qt.Key.Key_Escape)
    run(view, clock_of(view), 2.0)
    assert view.run.heart_leads
    view.close()


def test_the_tones_follow_the_heart_or_are_silent():
    view = practice("heart", after=5.0)
    moments = clock_of(view)() + np.arange(0.0, 0.5, 0.1)
    full, rising = view.run._breath(moments)
    wave, now = view.run.hearing.wave, view.run.hearing.time(clock_of(view)())
    assert full == pytest.approx(heart_fullness(wave, now + np.arange(0.0, 0.5, 0.1)))
    assert rising.dtype == np.bool_
    view.run.hearing.poller.newest = replace(view.run.hearing.poller.newest, snapshot=None)
    assert not view.run._breath(moments)[0].any()
    view.close()
