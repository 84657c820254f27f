"""Whatever is pressed, wherever the focus is: no state is dead, Esc calms or goes one step back.

Keys go to whatever has the focus, as they do in a window of one's own; the focus wanders by Tab and
by itself, into fields and onto keycaps; and things happen that no key asked for.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from gui.start import State
from gui.start.keys import working_keys
from gui.start.life import RECORDING
from pipelines.recording import LibraryState
from pipelines.session import Fate
from tests.gui.start.stage import Key, Stage
from tests.gui.start.world import LAST, SECRET, STRAPS

pytestmark = pytest.mark.view

RANDOM = (
    *(Key.Key_Return, Key.Key_Escape, Key.Key_Up, Key.Key_Down, Key.Key_Left, Key.Key_Right),
    *(Key.Key_Backspace, Key.Key_Delete, Key.Key_Question, Key.Key_F1, Key.Key_Space, Key.Key_Tab),
    *(Key.Key_1, Key.Key_2, Key.Key_3, Key.Key_4, Key.Key_5, Key.Key_R, Key.Key_C, Key.Key_S),
    *(Key.Key_N, Key.Key_T, Key.Key_B, Key.Key_P, Key.Key_D, Key.Key_H, Key.Key_Z, Key.Key_E),
    *(Key.Key_L, Key.Key_W, Key.Key_J, Key.Key_Backtab, Key.Key_Enter, Key.Key_Minus, Key.Key_Plus),
    *(Key.Key_O, Key.Key_6, Key.Key_Home, Key.Key_End, Key.Key_M, Key.Key_K, Key.Key_V),
)


class Hands:
    """Hands that know nothing of the program, on a window in a world where things happen."""

    def __init__(self, s: Stage, seed: int) -> None:
        self.s, self.drawn = s, random.Random(seed)

    def act(self) -> None:
        """Do one thing of many."""
        chance = self.drawn.random()
        if chance < 0.15:
            self.wander()
        elif chance < 0.25:
            self.escape()
        elif chance < 0.32:
            self.news()
        elif chance < 0.36 and self.s.state in (State.FIRST, State.LOCKED):
            for field in self.s.shell.fields:
                field.setText(self.drawn.choice((SECRET, "guess")))
        else:
            self.s.press(self.drawn.choice(RANDOM), look=self.drawn.random() < 0.3)
        assert self.has_a_way(), self.s.state

    def wander(self) -> None:
        """Move the focus, as Tab, a click or the system does."""
        if self.drawn.random() < 0.5:
            keys = Key.Key_Tab, Key.Key_Backtab
            QTest.keyClick(self.s.focus, self.drawn.choice(keys))
            return
        places = [
            one
            for one in (self.s.shell, *self.s.shell.findChildren(QWidget))
            if one.isVisible() and one.focusPolicy() is not Qt.FocusPolicy.NoFocus
        ]
        self.drawn.choice(places).setFocus()

    def news(self) -> None:
        """Let something happen."""
        world = self.s.world
        what = self.drawn.choice(("straps", "trouble", "last", "refusal", "end", "empty", "names"))
        if what == "straps" and world.desk.listening:
            world.change(straps=STRAPS[: self.drawn.randrange(len(STRAPS))])
        elif what == "trouble" and world.desk.listening:
            world.trouble()
        elif what == "last" and world.desk.library is LibraryState.OPEN:
            world.change(last=LAST)
        elif what == "names" and world.desk.library is LibraryState.OPEN:
            if world.desk.session is None:
                world.know(*("Juniper", "Rowan")[: self.drawn.randrange(3)], Sorrel=("hip",) * 9)
        elif what == "refusal" and world.desk.session is None:
            world.change(refusal="The disk is full.")
        elif what in ("end", "empty") and world.desk.session is not None:
            world.finish()
            world.set_session(fate=Fate.EMPTY if what == "empty" else Fate.KEPT)

    def has_a_way(self) -> bool:
        """Whether there is a key that does something."""
        s = self.s
        inside = s.state in RECORDING or s.state is State.PRACTICE
        return s.shell._view is not None if inside else bool(working_keys(s.shell.life))

    def escape(self) -> None:
        """Press Esc: it calms at once, whatever has the focus, and goes one step back elsewhere."""
        self.s.look()
        state, life, calm = self.s.state, self.s.shell.life, self.calm
        self.s.press(Key.Key_Escape, look=False)
        if life.help:
            assert (self.s.state, self.s.shell.life.help) == (state, False)
        elif life.asks is not None:
            assert (self.s.state, self.s.shell.life.asks) == (state, None)
        elif calm is not None:
            assert self.calm is not calm, state
        elif state in (State.START, State.GONE):
            assert self.s.state is state
        elif state is State.RECORDINGS and life.browsing.words:
            assert self.s.state is State.RECORDINGS
            assert not self.s.shell.life.browsing.words
        elif state is State.REVIEW:  # one step back, in it or out of it
            looking = self.s.shell.life.looking
            out = self.s.state in (State.RECORDINGS, State.START)
            assert out or looking != life.looking
        elif state is State.WEEKS:  # one step back, in them or out of them
            now, before = self.s.shell.life.telling, life.telling
            stays = (now.leaf, now.asking) == (before.leaf, before.asking)
            assert self.s.state is State.START or not stays
        elif state is State.SENTENCES:
            assert self.s.state is State.REVIEW
        else:
            assert self.s.state is State.START

    @property
    def calm(self) -> bool | None:
        """Whether the screen is calm, None where it has no need to be."""
        s = self.s
        if s.state in RECORDING:
            return s.shell.live.calm.isVisible()
        if s.state is State.PRACTICE:
            return s.shell.practice.run.practice.calm
        return s.shell.life.calm if s.state is State.OPENING else None

    def go_home(self) -> None:
        """Find the way back to the beginning by keys alone."""
        for _ in range(12):
            self.s.look()
            if self.s.state is State.START:
                return
            if self.calm is False:
                self.s.press(Key.Key_Escape)
            if self.calm is True:
                self.s.shell.setFocus()
                self.s.press(Key.Key_Return)
            elif self.s.state is not State.START:
                self.s.press(Key.Key_Escape)
        assert self.s.state is State.START


def hammered(s: Stage, seed: int, events: int) -> None:
    hands = Hands(s, seed)
    for _ in range(events):
        hands.act()
    hands.go_home()


@pytest.mark.sampled
@pytest.mark.parametrize("seed", range(4))
def test_no_key_leads_nowhere(stage: Callable[..., Stage], seed: int) -> None:
    hammered(stage(list(LibraryState)[seed % 3]), seed, 250)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(4, 14))
def test_no_key_leads_nowhere_for_long(stage: Callable[..., Stage], seed: int) -> None:
    hammered(stage(list(LibraryState)[seed % 3]), seed, 1000)
