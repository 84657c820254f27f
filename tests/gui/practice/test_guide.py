"""The circle: continuous whatever is asked of it, and what it says and shows at each moment."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF

from gui.practice import guide as g
from gui.practice.guide import LARGEST, SMALLEST, Guide
from physio.breathing.pacer import steady, with_ratio
from pipelines.language import tr

ACTIONS = st.lists(
    st.tuples(st.floats(0.0, 40.0), st.sampled_from(["rest", "breathe", "slower", "quicker"])),
    max_size=25,
)
RATES, INHALES = st.floats(4.0, 24.0), st.floats(0.2, 0.8)


def played(rate: float, inhale: float, actions: list[tuple[float, str]]) -> tuple[Guide, float]:
    """Return the guide after these actions, each some seconds after the one before."""
    guide, now = g.begin(0.0, rate, inhale), 0.0
    for wait, action in actions:
        now += wait
        match action:
            case "rest":
                guide = g.rest(guide, now)
            case "breathe":
                guide = g.breathe(guide, now)
            case "slower":
                guide = g.change_pace(guide, now, -g.STEP)
            case _:
                guide = g.change_pace(guide, now, g.STEP)
    return guide, now


@settings(max_examples=120, deadline=None)
@given(RATES, INHALES, ACTIONS)
def test_radius_is_continuous_under_any_presses_and_pauses(rate, inhale, actions):
    guide, end = played(rate, inhale, actions)
    step = 1e-3
    edges = np.array([stretch.begin for stretch in guide.stretches] + [end])
    around = np.unique(np.concatenate([edges + k * step for k in range(-40, 41)]))
    time = np.unique(np.concatenate([np.arange(-1.0, end + 20.0, 0.05), around]))
    close = np.diff(time) < 1.5 * step
    moved = np.abs(np.diff(g.radius(guide, time)))[close]
    # A half cosine moves fastest in its middle; the shortest half breath here lasts .5 s.
    fastest = (LARGEST - SMALLEST) * np.pi / 2.0 * (1.0 / 0.5 + 1.0 / g.COMING_TO_REST)
    assert moved.max(initial=0.0) <= 1.5 * step * fastest


@settings(max_examples=60, deadline=None)
@given(RATES, INHALES, ACTIONS)
def test_radius_stays_within_its_circle(rate, inhale, actions):
    guide, end = played(rate, inhale, actions)
    radius = g.radius(guide, np.linspace(-1.0, end + 20.0, 2000))
    assert radius.min() >= SMALLEST
    assert radius.max() <= LARGEST + 1e-9


@settings(max_examples=40, deadline=None)
@given(RATES, ACTIONS)
def test_pace_never_leaves_its_limits_and_eases(rate, actions):
    guide, end = played(rate, 0.4, actions)
    assert 4.0 <= guide.target <= 24.0
    moments = np.arange(0.0, end + 120.0, 3.0)
    breathing = [moment for moment in moments if g.pacer_at(guide, moment) is not None]
    paces = np.array([g.pace(guide, moment) for moment in breathing])
    assert ((paces >= 4.0 - 1e-9) & (paces <= 24.0 + 1e-9)).all()
    assert (np.abs(np.diff(paces)) <= 0.5 * np.diff(breathing) / 60.0 + 1e-9).all()


@settings(max_examples=60, deadline=None)
@given(RATES, INHALES, ACTIONS, st.floats(0.0, 60.0))
def test_an_action_changes_nothing_that_has_been(rate, inhale, actions, wait):
    guide, end = played(rate, inhale, actions)
    past = np.linspace(-1.0, end + wait, 300)[:-1]
    for change in (g.rest(guide, end + wait), g.change_pace(guide, end + wait, 0.5)):
        np.testing.assert_allclose(g.radius(change, past), g.radius(guide, past), atol=1e-6)


def test_a_pause_after_breathing_out_says_to_rest_and_stays_after_a_stop():
    guide = g.begin(0.0, 6.0, 0.4, pause=0.1)
    assert g.word(guide, g.LEAD_IN + 9.5) == tr("Rest")
    assert g.radius(guide, g.LEAD_IN + 9.5) == SMALLEST
    assert g.word(guide, g.LEAD_IN + 8.5) == tr("Breathe out")
    again = g.breathe(g.rest(guide, 30.0), 50.0)
    assert g.word(again, 59.5) == tr("Rest")


def test_circle_follows_the_pacer():
    guide = g.begin(100.0, 6.0, 0.4)
    time = np.linspace(103.0, 160.0, 400)
    np.testing.assert_allclose(
        g.fullness(guide, time), steady(6.0, at=103.0, inhale=0.4).volume(time), atol=1e-12
    )
    assert g.radius(guide, 103.0) == SMALLEST
    assert g.radius(guide, 107.0) == pytest.approx(LARGEST)


def test_rest_sinks_to_the_smallest_circle_and_a_breath_begins_from_there():
    guide = g.rest(g.begin(0.0, 6.0, 0.4), 6.0)
    assert g.radius(guide, 6.0) > 180.0
    assert g.radius(guide, 6.0 + g.COMING_TO_REST) == SMALLEST
    again = g.breathe(guide, 30.0)
    assert g.radius(again, 30.0) == SMALLEST
    assert g.word(again, 30.5) == tr("Breathe in")
    assert g.radius(again, 34.0) == pytest.approx(LARGEST)


def test_breathed_leaves_rests_out():
    guide = g.breathe(g.rest(g.begin(0.0, 6.0, 0.4), 13.0), 50.0)
    assert g.breathed(guide, 2.0) == 0.0
    assert g.breathed(guide, 13.0) == pytest.approx(10.0)
    assert g.breathed(guide, 49.0) == pytest.approx(10.0)
    assert g.breathed(guide, 55.0) == pytest.approx(15.0)


def test_after_a_rest_the_pace_goes_on_from_where_it_was():
    guide = g.change_pace(g.begin(0.0, 6.0, 0.4), 3.0, -1.0)
    rested = g.breathe(g.rest(guide, 63.0), 100.0)
    assert g.pace(rested, 100.0) == pytest.approx(5.5)
    assert g.pace(rested, 160.0) == pytest.approx(5.0)


def test_words_say_what_to_do_and_fade_at_the_turns():
    guide = g.begin(0.0, 6.0, 0.4)
    assert g.word(guide, 1.0) == ""
    assert g.word(guide, 5.0) == tr("Breathe in")
    assert g.word(guide, 8.0) == tr("Breathe out")
    assert g.word_opacity(guide, 5.0) == 1.0
    assert g.word_opacity(guide, 7.0) < 0.1
    turn = np.array([g.word_opacity(guide, moment) for moment in np.arange(6.5, 7.5, 0.01)])
    assert np.abs(np.diff(turn)).max() < 0.15


def test_still_circle_shows_the_breath_by_the_height_of_a_dot():
    centre = QPointF(640.0, 286.0)
    bottom, top = (g.dot_place(centre, full, rising=True) for full in (0.0, 1.0))
    assert bottom.y() == pytest.approx(286.0 + LARGEST)
    assert top.y() == pytest.approx(286.0 - LARGEST)
    assert (
        g.dot_place(centre, 0.5, rising=True).x()
        < 640.0
        < g.dot_place(centre, 0.5, rising=False).x()
    )


@pytest.mark.parametrize(("rate", "inhale"), [(3.9, 0.4), (24.1, 0.4), (6.0, 0.1), (6.0, 0.9)])
def test_outside_the_limits_is_refused(rate, inhale):
    with pytest.raises(ValueError, match="must be"):
        g.begin(0.0, rate, inhale)


@pytest.mark.long
def test_nothing_jumps_over_a_hundred_thousand_changes():
    """Between two frames the guide moves no further than its own quickest motion lets it."""
    rng, frame = np.random.default_rng(25), 1.0 / 60.0
    for _ in range(1000):
        rate, inhale = rng.uniform(4.0, 24.0), rng.uniform(0.3, 0.5)
        guide, now, changes = g.begin(0.0, rate, inhale), 0.0, []
        for wait in rng.exponential(6.0, 100):
            now += wait
            guide = changed(guide, now, rng)
            changes.append(now)
        around = np.array(changes)[:, np.newaxis] + frame * np.arange(-3, 4)
        moved = np.abs(np.diff(g.fullness(guide, around)))
        # A half cosine is quickest halfway; what a rest left over sinks away beside it.
        quickest = 0.5 * np.pi * 24.0 / 60.0 / 0.3 + 0.5 * np.pi / g.COMING_TO_REST
        assert moved.max() <= quickest * frame


def changed(guide, now, rng):
    """Return the guide after one change of any kind: of its rate, its ratio, a rest and its end."""
    match int(rng.integers(4)):
        case 0:
            return g.change_pace(guide, now, rng.uniform(-4.0, 4.0))
        case 1:
            return g.rest(guide, now)
        case 2:
            return g.breathe(guide, now)
    last = guide.stretches[-1]
    if last.pacer is None:
        return guide
    pacer = with_ratio(last.pacer, max(now, last.begin), rng.uniform(0.3, 0.5))
    return replace(guide, stretches=(*guide.stretches[:-1], replace(last, pacer=pacer)))
