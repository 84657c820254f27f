"""A hand that has a mouse and nothing else: it clicks where the window's own drawing says."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QWidget

from gui.live.keys import HELP, HELP_BAR, RIGHT_KEYS, left_keys
from gui.live.layout import dim_layout
from gui.live.panes import FootPane, area
from gui.practice.before import BeforePage
from gui.practice.keys import BAR
from gui.shared import CalmPage, HelpPage, KeyBar, KeyHint
from gui.shared.drawing import Drawing, Paper
from gui.start import State, pages
from gui.start.keys import Key, left_and_right
from gui.start.life import Life
from gui.start.showing import page_of
from gui.start.straps_page import straps_page
from pipelines.drawing import LIGHT
from pipelines.language import tr
from pipelines.recording import Desk, HeardStrap, LibraryState
from pipelines.words import LABELS
from tests.end_to_end.screens import Screen

WIDTH, HEIGHT = 1280, 800


def application() -> QApplication:
    """What measures letters here; the window itself is another process."""
    before = os.environ.get("QT_QPA_PLATFORM")
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    made = QApplication.instance() or QApplication(["interbeat"])
    if before is None:
        del os.environ["QT_QPA_PLATFORM"]
    else:
        os.environ["QT_QPA_PLATFORM"] = before
    assert isinstance(made, QApplication)
    return made


class Mouse:
    """Clicks in a window of 1280x800 at the corner of a screen."""

    FIRST, STRAPS, FINISHED = State.FIRST, State.STRAPS, State.FINISHED

    def __init__(self, screen: Screen) -> None:
        self._screen, self._application = screen, application()
        self._window = QWidget()
        self._window.resize(WIDTH, HEIGHT)

    def start(self, action: str) -> None:
        self._spot(pages.start_page, Life(State.START, _desk()), action)

    def second_field(self) -> None:
        x, y = pages.field_places(self._paper, 2)[1]
        self._screen.click(x + 40.0, y + 20.0)

    def written(self) -> None:
        life = Life(State.RECOVERY, _desk(recovery="ABCD-" * 9))
        self._bar(*left_and_right(life), "written")

    def page_key(self, state: State, action: str, **desk: object) -> None:
        """A key in the bar of a page."""
        strap = (("A", "client"),) if state is State.STRAPS else ()
        self._bar(*left_and_right(Life(state, _desk(**desk), worn=strap)), action)

    def wear(self) -> None:
        """The side of the first strap's row that says who wears it."""
        self._spot(straps_page, Life(State.STRAPS, _desk()), "wear 0")

    def library(self, life: Life, action: str) -> None:
        """A place on the page of a window that is so far in the library."""
        self._spot(lambda paper, one: page_of(one, "", "")(paper), life, action)

    def library_key(self, life: Life, action: str) -> None:
        """A key in the bar there."""
        self._bar(*left_and_right(life), action)

    def review_key(self, action: str) -> None:
        """A key in the bar of a review of the whole hour, at its right edge."""
        keys = (Key("Escape", tr("Esc"), tr("close"), "away"), Key("?", "?", tr("keys"), "help"))
        self._bar((), keys, action)

    def live(self, action: str) -> None:
        self._bar(left_keys(LABELS), RIGHT_KEYS, action)

    def practice(self, action: str) -> None:
        self._bar(BAR, (), action)

    def begin_practice(self) -> None:
        """The key below the words before a first practice."""
        page = BeforePage(LIGHT, self._window)
        page.setGeometry(self._window.rect())
        page.look(LIGHT)
        self._button(page.bar, "finish")

    def calm(self, action: str) -> None:
        page = CalmPage(LIGHT, self._window)
        page.tell("", recording=True)
        page.setGeometry(self._window.rect())
        page.look(LIGHT)
        self._button(page.bar, action)

    def help_row(self, action: str) -> None:
        """A row of the live view's page of keys, opened before."""
        self.live("help")
        page = HelpPage(LIGHT, self._window, HELP, HELP_BAR)
        page.setGeometry(self._window.rect())
        row = [hint.action for hint in HELP].index(action)
        middle = page.row_boxes()[row].center()
        self._screen.click(middle.x(), middle.y())

    def dim_foot(self, action: str) -> None:
        foot = FootPane(LIGHT, self._window)
        layout = dim_layout(WIDTH, HEIGHT, people=1)
        foot.lie(area(layout, 720.0, 60.0), layout.scale)
        begin, end = foot.places()[["mark", "dim", "calm"].index(action)]
        self._screen.click((begin + end) / 2.0, 748.0)

    @property
    def _paper(self) -> Paper:
        return Paper(float(WIDTH), float(HEIGHT), LIGHT)

    def _spot(self, page: Callable[[Paper, Life], Drawing], life: Life, action: str) -> None:
        (spot,) = [one for one in page(self._paper, life).spots if one.action == action]
        self._screen.click(spot.x + spot.width / 2.0, spot.y + min(20.0, spot.height / 2.0))

    def _bar(
        self,
        left: Sequence[KeyHint | Key],
        right: Sequence[KeyHint | Key],
        action: str,
    ) -> None:
        bar = KeyBar(LIGHT, self._window)
        hints = [
            [KeyHint(key.cap, key.words, key.action) for key in side] for side in (left, right)
        ]
        bar.set_keys(*hints)
        bar.place(WIDTH, HEIGHT, 1.0)
        self._button(bar, action)

    def _button(self, bar: KeyBar, action: str) -> None:
        buttons = [one for side in bar._buttons for one in side if one.hint.action == action]
        button = buttons[-1]  # Enter and Esc may do the same, and Esc keeps its place
        middle = button.mapTo(self._window, button.rect().center())
        assert isinstance(middle, QPoint)
        self._screen.click(middle.x(), middle.y())


def _desk(**changes: object) -> Desk:
    straps = (HeardStrap("A", "A", -60, 1.0),)
    return Desk(LibraryState.OPEN, **{"straps": straps, "returns": True, **changes})
