"""Practice from the window: breathing at once, and a strap that joins with one key."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from gui.practice import PracticeView
from gui.practice.stage import Stage as Course
from gui.start import State, course
from gui.start.life import Life, joinable
from pipelines.live import Finish, SetPace
from pipelines.recording import Begin, KeepPractice, Leave, LibraryState, Listen
from pipelines.session import Fate
from pipelines.settings import USUAL, Settings
from tests.gui.start.stage import Key, Stage
from tests.gui.start.world import LAST, STRAPS, World

pytestmark = pytest.mark.view


def breathing(s: Stage) -> PracticeView:
    assert s.state is State.PRACTICE
    assert s.shell.practice is not None
    s.shell.practice._attend(s.shell.practice._clock())
    return s.shell.practice


def begun(s: Stage) -> list[Begin]:
    return [one for one in s.world.errands if isinstance(one, Begin)]


def polled(s: Stage) -> PracticeView:
    """Let the practice hear of its session."""
    poller = breathing(s).run.poller
    assert poller is not None
    before = poller.newest.received
    assert eventually(lambda: poller.newest.received > before and poller.newest.snapshot)
    return breathing(s)


def eventually(holds: Callable[[], object]) -> bool:
    end = time.monotonic() + 60.0
    while not holds() and time.monotonic() < end:
        time.sleep(0.01)
    return bool(holds())


def test_two_keys_lead_to_the_first_breath_and_straps_are_listened_for(
    stage: Callable[..., Stage],
) -> None:
    s = stage()
    s.press(Key.Key_2)
    assert breathing(s).run.practice.stage is Course.BREATHING
    assert s.world.errands == [Listen()]
    assert not breathing(s).run.offer  # nothing is known of a strap
    s.press(Key.Key_W)
    assert not begun(s)


def test_three_keys_lead_from_the_first_start_to_the_first_breath(
    stage: Callable[..., Stage],
) -> None:
    kept: list[Settings] = []
    s = stage(LibraryState.MISSING, settings=USUAL, keep=kept.append)
    s.press(Key.Key_2)
    assert breathing(s).run.before
    s.press(Key.Key_Return)
    assert breathing(s).run.practice.stage is Course.BREATHING
    assert kept == [Settings(begun=True)]
    for _ in range(2):
        s.press(Key.Key_Escape)
    assert s.state is State.PRACTICE
    s.press(Key.Key_Escape)
    for _ in range(2):
        s.press(Key.Key_Return)
    assert s.state is State.START
    s.press(Key.Key_2)
    assert not breathing(s).run.before  # they are read once


def practised(s: Stage, seconds: float) -> PracticeView:
    """Let a practice have gone on for a while without a strap."""
    s.press(Key.Key_2)
    view = breathing(s)
    clock, later = view._clock, [4.0]
    view.run._clock = view._clock = lambda: clock() + later[0]
    view._attend(view._clock())
    later[0] += seconds
    view._attend(view._clock())
    return view


def kept_practices(s: Stage) -> list[KeepPractice]:
    return [one for one in s.world.errands if isinstance(one, KeepPractice)]


@pytest.mark.parametrize("library", LibraryState)
def test_a_practice_without_a_strap_is_kept_once_where_recordings_are_open(
    stage: Callable[..., Stage], library: LibraryState
) -> None:
    s = stage(library)
    practised(s, 240.0)
    s.press(Key.Key_Escape)
    s.press(Key.Key_Return)
    s.look()
    s.look()
    s.press(Key.Key_Return)
    assert s.state is State.START
    if library is not LibraryState.OPEN:
        assert not kept_practices(s)
        return
    (one,) = kept_practices(s)
    assert one.seconds == pytest.approx(240.0, abs=5.0)
    assert [rate for _, rate in one.paces] == [6.0, None]
    after = s.world.errands[s.world.errands.index(one) + 1 :]
    assert after == [Listen(), Leave()]  # straps are listened for as before


def test_a_practice_waits_for_recordings_to_be_open(stage: Callable[..., Stage]) -> None:
    s = stage(LibraryState.LOCKED)
    practised(s, 240.0)
    s.press(Key.Key_Escape)
    s.press(Key.Key_Return)
    s.look()
    assert not kept_practices(s)
    s.world.change(library=LibraryState.OPEN)
    s.look()
    s.look()
    assert len(kept_practices(s)) == 1


def test_a_practice_that_is_left_or_whose_window_is_closed_is_kept(
    stage: Callable[..., Stage],
) -> None:
    s = stage(LibraryState.OPEN)
    practised(s, 100.0)
    s.shell.close()
    (one,) = kept_practices(s)
    assert one.seconds == pytest.approx(100.0, abs=5.0)


def test_a_few_breaths_are_no_practice(stage: Callable[..., Stage]) -> None:
    s = stage(LibraryState.OPEN)
    practised(s, 20.0)
    s.press(Key.Key_Escape)
    for _ in range(2):
        s.press(Key.Key_Return)
    assert s.state is State.START
    assert not kept_practices(s)


def test_what_came_before_a_strap_joined_is_kept_before_it_joins(
    stage: Callable[..., Stage],
) -> None:
    s = stage(LibraryState.OPEN)
    s.world.change(last=LAST)
    practised(s, 90.0)
    s.look()
    s.press(Key.Key_W)
    kinds = [type(one) for one in s.world.errands]
    assert kinds.index(KeepPractice) < kinds.index(Begin)
    polled(s)
    s.press(Key.Key_Escape)
    for _ in range(2):
        s.press(Key.Key_Return)
    assert len(kept_practices(s)) == 1


def test_the_words_before_a_first_practice_lead_back_to_start(stage: Callable[..., Stage]) -> None:
    kept: list[Settings] = []
    s = stage(settings=USUAL, keep=kept.append)
    s.press(Key.Key_2)
    s.press(Key.Key_Escape)
    assert s.state is State.START
    assert not kept


def test_the_calm_screen_shows_whom_the_person_chose_to_call(stage: Callable[..., Stage]) -> None:
    s = stage(settings=Settings(begun=True, contact="Ada 0123"))
    s.press(Key.Key_2)
    s.press(Key.Key_Escape)
    assert "Ada 0123" in breathing(s).run.calm_note


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("library", LibraryState)
def test_the_strap_used_last_joins_with_one_key_and_the_guide_goes_on(
    stage: Callable[..., Stage], library: LibraryState
) -> None:
    s = stage(library)
    s.world.change(last=LAST)
    s.press(Key.Key_2)
    s.look()
    view, guide = breathing(s), breathing(s).run.practice.guide
    kept = library is LibraryState.OPEN
    assert LAST.name in view.run.offer
    assert ("nothing is kept" in view.run.offer) is not kept
    view.grab()  # as it is painted
    s.press(Key.Key_W)
    assert begun(s) == [Begin((LAST,), practice=True)]
    s.look()
    assert breathing(s) is view
    assert view.run.practice.guide == guide
    polled(s)
    assert view.run.hearing.snapshot is not None
    assert len(view.run.hearing.heart.time) or view.run.hearing.heart is not None
    assert not view.run.offer
    assert any(isinstance(one, SetPace) for one in s.world.moment.asked)


def test_a_strap_that_is_heard_is_named_before_it_joins(stage: Callable[..., Stage]) -> None:
    s = stage(LibraryState.LOCKED)
    s.press(Key.Key_2)
    s.world.change(straps=(STRAPS[5], STRAPS[1], STRAPS[2]))
    s.look()
    assert STRAPS[1].name in breathing(s).run.offer  # the nearest
    s.press(Key.Key_W)
    (one,) = begun(s)
    assert [strap.address for strap in one.straps] == [STRAPS[1].address]


def test_a_session_that_ended_is_told_and_the_strap_may_join_again(
    stage: Callable[..., Stage],
) -> None:
    s = stage(LibraryState.OPEN)
    s.world.change(last=LAST)
    s.press(Key.Key_2)
    s.press(Key.Key_W)
    s.look()
    first = s.world.desk.session
    s.world.finish()
    s.world.set_session(fate=Fate.UNREACHED, trouble="Bluetooth is switched off.")
    polled(s)
    s.look()
    assert s.state is State.PRACTICE
    assert breathing(s).run.offer
    s.press(Key.Key_W)
    s.look()
    assert s.world.desk.session != first
    assert s.shell._joined == s.world.desk.session
    assert len(begun(s)) == 2


def test_finishing_ends_the_session_and_leads_back(stage: Callable[..., Stage]) -> None:
    s = stage(LibraryState.OPEN)
    s.world.change(last=LAST)
    s.press(Key.Key_2)
    s.press(Key.Key_W)
    polled(s)
    s.press(Key.Key_Escape)
    s.press(Key.Key_Return)
    assert breathing(s).run.practice.stage is Course.FINISHED
    s.press(Key.Key_Return)
    assert eventually(lambda: s.world.finished)
    end = time.monotonic() + 60.0
    while s.state is State.PRACTICE and time.monotonic() < end:
        s.shell.practice._attend(s.shell.practice._clock())  # the order's answer is heard
        s.look()
    assert s.state is State.START
    assert Leave() in s.world.errands


def test_a_recorder_that_is_gone_keeps_nobody_in_a_practice(
    stage: Callable[..., Stage], monkeypatch: pytest.MonkeyPatch
) -> None:
    s = stage(LibraryState.OPEN)
    s.world.change(last=LAST)
    s.press(Key.Key_2)
    s.press(Key.Key_W)
    view = polled(s)
    s.world.desk = None
    monkeypatch.setattr(view.run.poller, "reachable", lambda: False)
    assert breathing(s).run.practice.stage is Course.BREATHING
    s.press(Key.Key_Escape)
    for _ in range(2):
        s.press(Key.Key_Return, look=False)
    assert s.state is State.START
    assert not any(isinstance(one, Finish) for one in s.world.moment.asked)


@pytest.mark.usefixtures("english")
def test_a_refusal_is_said_and_another_try_possible(stage: Callable[..., Stage]) -> None:
    s = stage(LibraryState.OPEN)
    s.world.change(last=LAST)
    s.press(Key.Key_2)
    s.look()
    s.world.do = lambda errand: s.world.errands.append(errand)  # type: ignore[method-assign]
    s.press(Key.Key_W)
    assert not breathing(s).run.offer
    s.world.change(refusal="The disk is full.")
    s.look()
    assert "disk is full" in breathing(s).run.said.words
    assert breathing(s).run.offer


def test_a_killed_practice_finds_its_session_again() -> None:
    world = World(LibraryState.OPEN)
    world.begin(practice=True)
    life = Life(State.START, world.desk)
    life, _ = course.told(life, world.desk, None)
    assert life.state is State.PRACTICE
    assert joinable(life) is None
    left, errand = course.pressed(life, "leave")
    assert errand == Leave()
    assert course.told(left, world.desk, None)[0].state is State.START


def test_the_strap_used_last_is_taken_unless_only_others_are_heard() -> None:
    world = World(LibraryState.OPEN)
    world.change(last=LAST)
    life = Life(State.PRACTICE, world.desk)
    assert joinable(life).address == LAST.address
    world.change(straps=STRAPS[:2])
    assert joinable(replace(life, desk=world.desk)).address == STRAPS[0].address
    world.change(straps=STRAPS)
    assert joinable(replace(life, desk=world.desk)).address == LAST.address
