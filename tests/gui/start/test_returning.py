"""A window that takes the place of one that ended by itself looks as that did, and catches up."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from PySide6.QtWidgets import QApplication

from gui.live.view import LiveView
from gui.practice import PracticeView
from gui.start import State
from gui.start.life import RECORDING, chosen
from pipelines.drawing import DARK
from pipelines.language import tr
from pipelines.recording import LibraryState, Listen
from tests.gui.start.stage import Key, Stage
from tests.gui.start.world import LAST, STRAPS, World

pytestmark = pytest.mark.view


@pytest.fixture
def killed(stage: Callable[..., Stage]) -> Callable[[Stage], Stage]:
    """Another window in the world of one that was killed, which said nothing any more."""

    def again(before: Stage) -> Stage:
        before.look()
        before.look()
        before.shell._line._over = True
        return stage(world=before.world)

    return again


def view_of(s: Stage) -> LiveView:
    assert s.shell.live is not None
    return s.shell.live


def test_it_is_dim_and_as_large_and_shows_the_hour_again(stage, killed) -> None:
    s = stage()
    s.press(Key.Key_4)
    for key in (Key.Key_L, Key.Key_D, Key.Key_Z):
        s.press(key)
    s.shell.resize(1003, 641)
    back = killed(s)
    assert back.state in RECORDING
    assert view_of(back).dim
    assert view_of(back).traces.whole
    assert view_of(back).bright is DARK
    assert (back.shell.width(), back.shell.height()) == (1003, 641)
    assert view_of(back).look() == view_of(s).look()


def test_it_is_calm_again_and_says_only_what_is_so(stage, killed) -> None:
    s = stage()
    s.press(Key.Key_4)
    s.press(Key.Key_P)
    s.press(Key.Key_Escape)
    back = killed(s)
    assert view_of(back).calm.isVisible()
    assert view_of(back).calm.accessibleName() == view_of(s).calm.accessibleName()
    back.press(Key.Key_Escape)
    assert not view_of(back).calm.isVisible()


def test_the_third_time_it_looks_so_still(stage, killed) -> None:
    s = stage()
    s.press(Key.Key_4)
    s.press(Key.Key_D)
    assert view_of(killed(killed(s))).dim


def test_a_window_opened_by_hand_looks_as_it_likes(stage) -> None:
    s = stage()
    s.press(Key.Key_4)
    s.press(Key.Key_D)
    s.look()
    by_hand = stage(world=s.world, begins=State.CONNECTING, finishes=False)
    assert not view_of(by_hand).dim
    by_hand.look()
    assert s.world.desk.look.live.dim


def test_whose_session_is_to_be_begun_is_known_again(stage, killed) -> None:
    s = stage(LibraryState.OPEN)
    s.world.know("Juniper", "Rowan")
    s.look()
    for key in (Key.Key_1, Key.Key_W, Key.Key_Down, Key.Key_Return):
        s.press(key)
    s.world.change(straps=STRAPS[:1])
    back = killed(s)
    assert back.state is State.STRAPS
    assert back.shell.life.client == "Juniper"
    assert "Juniper" in back.words
    assert "Juniper" not in repr(back.world.desk.look)
    back.press(Key.Key_Escape)
    again = killed(back)
    again.press(Key.Key_1)
    assert again.shell.life.client is None


def test_where_straps_were_chosen_they_are_listened_for_again(stage, killed) -> None:
    s = stage(LibraryState.OPEN)
    s.press(Key.Key_1)
    s.world.change(straps=STRAPS[:3], last=LAST)
    s.look()
    s.press(Key.Key_Left)
    s.press(Key.Key_Down)
    s.press(Key.Key_Right)
    was = s.shell.life
    assert [role for _, role in was.worn] == ["therapist", "client"]
    back = killed(s)
    assert back.state is State.STRAPS
    assert chosen(back.shell.life) == chosen(was)
    assert s.world.errands[-1] == Listen(chosen(was))


def test_a_practice_goes_on_where_it_was(stage, killed) -> None:
    s = stage()
    s.press(Key.Key_2)
    s.press(Key.Key_H)
    s.press(Key.Key_Minus)
    back = killed(s)
    assert isinstance(back.shell._view, PracticeView)
    was, now = s.shell.practice.look(), back.shell.practice.look()
    assert now.numbers
    assert now.target == was.target
    assert now.minutes == pytest.approx(was.minutes, abs=0.1)


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("dim", [False, True])
def test_nothing_is_claimed_from_a_part_of_the_history(
    qapp: object, monkeypatch: pytest.MonkeyPatch, dim: bool
) -> None:
    from tests.gui.start.world import Remote

    world = World()
    world.begin()
    remote = Remote(world)
    view = LiveView(remote, polling=False, returns=True)
    view.dim = dim
    view.show()
    view.frame()
    assert "Catching up" in view.glance.accessibleName()
    assert "not answering" not in view.header.accessibleName()
    with monkeypatch.context() as patch:
        patch.setattr(remote, "trace", lambda *_: None)  # the recorder answers only in part
        for _ in range(3):
            view.poller.poll()
            view.frame()
        told = view.glance.accessibleName()
        assert "Catching up" in told
        assert "baseline" not in told
        assert "bpm" not in told
        assert view.traces._content is None
    view.poller.poll()
    view.frame()
    assert "Catching up" not in view.glance.accessibleName()
    assert view.traces._content is not None
    view.close()
    view.deleteLater()
    QApplication.processEvents()


@pytest.mark.usefixtures("english")
def test_once_caught_up_a_lost_answer_takes_nothing_back(
    qapp: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.gui.start.world import Remote

    world = World()
    world.begin()
    remote = Remote(world)
    view = LiveView(remote, polling=False, returns=True)
    view.poller.poll()
    view.frame()
    monkeypatch.setattr(remote, "trace", lambda *_: None)
    view.poller.poll()
    view.frame()
    assert tr("Catching up") not in view.glance.accessibleName()
    view.close()
    view.deleteLater()


def test_the_page_of_people_is_kept_before_they_are_known(stage, killed) -> None:
    s = stage()
    s.press(Key.Key_4)
    look = view_of(s).look()
    fresh = LiveView(s.shell._session(), polling=False, returns=True)
    fresh.look_like(msgspec.structs.replace(look, page=1))
    fresh.frame()
    assert fresh.look().page == 1
    assert fresh.glance.accessibleName()
    fresh.close()
    fresh.deleteLater()
