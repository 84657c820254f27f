"""A language that is written from the right: every page mirrors, and time goes on from the left."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from docs import moments
from docs.practice_states import practice_states
from gui.library.grid import grid
from gui.live.view import LiveView
from gui.shared.drawing import Paper
from gui.shared.pages import HelpPage
from gui.start import State
from pipelines.drawing import LIGHT
from pipelines.language import LANGUAGE, TRANSLATIONS, from_the_right
from pipelines.recording import LibraryState
from tests.gui.running.start import pages
from tests.gui.running.window import pixels
from tests.gui.running.written import Written
from tests.gui.start.stage import Key, Stage
from tests.gui.start.world import World
from tests.pipelines.weeks.made import a_log

pytestmark = [pytest.mark.view, pytest.mark.usefixtures("qapp")]

WIDTH, HEIGHT = 1280, 800
NEAR = 1.5
"""Pixels."""
A_SHADE = 80
"""Of 255 levels: what is drawn turned round twice lies between other pixels at its edges."""
Places = list[tuple[str, QRectF]]
Turn = Callable[[bool], None]


@pytest.fixture
def turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Turn:
    """English words, written from the left or from the right."""
    (tmp_path / "ar.po").write_text('msgid ""\nmsgstr ""\n"Language: ar\\n"\n', "utf-8")
    monkeypatch.setenv(TRANSLATIONS, str(tmp_path))

    def turned(right: bool) -> None:
        monkeypatch.setenv(LANGUAGE, "ar" if right else "en")
        assert from_the_right() is right

    return turned


def told(window: QWidget, written: Written) -> Places:
    """All words of a window and where they stand, painted anew."""
    QApplication.processEvents()
    written.clear()
    window.grab()
    found = written.within(window)
    assert found
    return found


def mirrored(box: QRectF, whole: float) -> QRectF:
    return QRectF(whole - box.right(), box.y(), box.width(), box.height())


def stays(left: Places, right: Places, whole: float) -> Places:
    """What does not stand in the mirrored place of where it stands in English, but for arrows."""
    assert len(left) == len(right)
    return [
        (words, box)
        for words, box in left
        if words not in ("←", "→")
        and not any(words == other and near(mirrored(box, whole), at) for other, at in right)
    ]


def stand_as_before(still: Places, right: Places) -> set[str]:
    """The words of what stays, each of which stands exactly where it does in English."""
    for words, box in still:
        assert any(words == other and near(box, at) for other, at in right), words
    return {words for words, _ in still}


def near(one: QRectF, other: QRectF) -> bool:
    return abs(one.x() - other.x()) <= NEAR and abs(one.y() - other.y()) <= NEAR


def live(state: str) -> LiveView:
    view = LiveView(moments.STATES[state](), polling=False, still=True)
    view._timer.stop()
    view.resize(WIDTH, HEIGHT)
    view.show()
    for _ in range(2):
        view.poller.poll()
        view.frame()
    return view


def reviewing() -> Stage:
    s = Stage(World(LibraryState.OPEN), palette=LIGHT)
    s.shell.resize(WIDTH, HEIGHT)
    s.press(Key.Key_3)
    s.press(Key.Key_Return)
    assert s.state is State.REVIEW
    return s


def in_weeks() -> Stage:
    s = Stage(World(LibraryState.OPEN), palette=LIGHT)
    s.shell.resize(WIDTH, HEIGHT)
    s.world.entries = list(a_log())
    s.press(Key.Key_W)
    return s


@pytest.mark.sampled
@pytest.mark.parametrize(("width", "height"), [(1280, 800), (853, 533)])
def test_every_word_of_every_page_stands_where_it_is_mirrored(
    written: Written, turn: Turn, width: int, height: int
) -> None:
    found = []
    for right in (False, True):
        turn(right)
        found.append({
            name: told(s.shell, written) for name, s in pages(width, height, LIGHT)
        })  # fmt: skip
    left, other = found
    assert len(left) == 14
    along_time = {"weeks", "finished", "thrown"}
    moved = {name: stays(left[name], other[name], width) for name in left}
    assert not {name: words for name, words in moved.items() if words and name not in along_time}
    assert {"10", "5", "0"} <= {words for words, _ in moved["weeks"]}
    assert "My weeks" not in {words for words, _ in moved["weeks"]}


def picture(window: QWidget) -> np.ndarray:
    QApplication.processEvents()
    return pixels(window.grab().toImage())


def crop(image: np.ndarray, box: QRect) -> np.ndarray:
    return image[box.top() : box.bottom() + 1, box.left() : box.right() + 1]


@pytest.mark.sampled
@pytest.mark.parametrize("state", ["live", "two people", "group"])
def test_a_session_mirrors_around_its_traces(written: Written, turn: Turn, state: str) -> None:
    places, pictures = [], []
    for right in (False, True):
        turn(right)
        view = live(state)
        places.append(told(view, written))
        pictures.append(picture(view))
        parts = [one.geometry() for one in (view.traces, view.strip) if one.isVisible()]
        plot = view.current_layout().plot
        view.close()
    left, other = places
    still = stays(left, other, WIDTH)
    along_time = stand_as_before(still, other)
    assert not along_time & {"31:20", "Heart rate, bpm", "Sway with breathing, ms", "Whole hour"}
    assert all(any(QRectF(part).contains(box.center()) for part in parts) for _, box in still)
    if state != "group":
        assert "28:00" in along_time
        box = QRect(80, int(plot.y), int(plot.width), int(plot.height))
        assert np.array_equal(crop(pictures[0], box), crop(pictures[1], box))
        glance = QRect(0, 70, WIDTH, 160)
        assert not np.array_equal(crop(pictures[0], glance), crop(pictures[1], glance))


@pytest.mark.sampled
@pytest.mark.parametrize("name", ["strap live", "numbers", "keys", "finished"])
def test_practice_mirrors_around_its_wave(written: Written, turn: Turn, name: str) -> None:
    places, pictures, waves = [], [], []
    for right in (False, True):
        turn(right)
        view = practice_states()[name](size=(WIDTH, HEIGHT), dark=False)
        view.show()
        view._timer.stop()
        places.append(told(view, written))
        pictures.append(picture(view))
        waves.append(view._wave.geometry() if view._wave.isVisible() else QRect())
        view.close()
    left, other = places
    still = stays(left, other, WIDTH)
    along_time = stand_as_before(still, other)
    assert waves[0] == waves[1]
    if waves[0].isEmpty():
        assert not along_time
        return
    assert {"now", "the guide"} <= along_time
    assert all(box.top() > waves[0].bottom() for _, box in still)
    assert np.array_equal(crop(pictures[0], waves[0]), crop(pictures[1], waves[0]))


def test_a_stored_hour_mirrors_around_its_curve(written: Written, turn: Turn) -> None:
    places, pictures = [], []
    for right in (False, True):
        turn(right)
        s = reviewing()
        places.append(told(s.shell, written))
        pictures.append(picture(s.shell))
        s.close()
    left, other = places
    along_time = stand_as_before(stays(left, other, WIDTH), other)
    assert {"10:00", "90", "1", "talking"} <= along_time
    assert not along_time & {"Heart rate, bpm", "Time", "Reading", "Review"}
    box = QRect(80, 164, 1168, 206)
    one, two = (crop(image, box).astype(int) for image in pictures)
    assert np.abs(one - two).max() < A_SHADE
    assert np.abs(one - two[:, ::-1]).max() > A_SHADE


def at(box: QRectF) -> QPoint:
    return box.center().toPoint()


def find(words: str, places: Places, *, below: float = 0.0) -> QPoint:
    return next(at(box) for other, box in places if words == other and box.y() >= below)


def test_the_mouse_finds_a_stored_hour_where_it_is_seen(written: Written, turn: Turn) -> None:
    turn(True)
    s = reviewing()
    sheet, places = s.shell.sheet, told(s.shell, written)
    QTest.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=find("4", places))
    assert s.shell.life.looking.moment == 3
    QTest.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=find("touched hip", places, below=380))
    assert s.shell.life.looking.moment == 2
    where = QPointF(find("30:00", places)) - QPointF(0.0, 60.0)
    none = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    QApplication.sendEvent(sheet, QWheelEvent(where, where, QPoint(), QPoint(0, 240), *none, False))
    after = told(s.shell, written)
    assert abs(find("30:00", after).x() - where.x()) <= 2
    s.press(Key.Key_Right)
    assert find("30:00", told(s.shell, written)).x() < where.x() - 10
    s.close()


def test_the_mouse_and_the_arrows_find_a_week_where_it_is_seen(
    written: Written, turn: Turn
) -> None:
    turn(True)
    s = in_weeks()
    places = told(s.shell, written)
    assert find("What happened, in my words", places).x() > find("moved house", places).x()
    weeks = []
    for words in ("first four", "last four"):
        middle = find(words, places) - QPoint(0, 60)
        QTest.mouseClick(s.shell.sheet, Qt.MouseButton.LeftButton, pos=middle)
        weeks.append(s.shell.life.telling.week)
    assert weeks[0] is not None
    assert weeks[0] < 4 < weeks[1]
    s.press(Key.Key_Left)
    assert s.shell.life.telling.week == weeks[1] - 1
    s.press(Key.Key_Return)
    s.press(Key.Key_6)
    s.press(Key.Key_Left)
    assert s.shell.life.telling.value == 7
    places = told(s.shell, written)
    assert find("10", places).x() < find("7", places).x() < find("0", places).x()
    s.close()


def test_arrows_go_where_they_point_and_buttons_lie_over_their_words(
    written: Written, turn: Turn
) -> None:
    turn(True)
    s = Stage(World(LibraryState.OPEN), palette=LIGHT)
    s.shell.resize(WIDTH, HEIGHT)
    places = told(s.shell, written)
    assert find("A session", places).x() > find("Recordings", places).x()
    for button in s.shell.sheet._places.buttons:
        inside = [w for w, box in places if button.geometry().contains(at(box))]
        assert inside, button.place.name
        assert set(button.place.name.split(", ")) & {part for w in inside for part in w.split(", ")}
    QTest.mouseClick(s.shell.sheet, Qt.MouseButton.LeftButton, pos=find("settings", places))
    assert s.state is State.SETTINGS
    s.press(Key.Key_Down)
    before = s.shell.life.settings.colours
    places = told(s.shell, written)
    s.press(Key.Key_Left)
    after = s.shell.life.settings.colours
    assert (before, after) == ("system", "light")
    assert find("light", places).x() < find("as the system", places, below=150).x()
    s.press(Key.Key_Escape)
    s.press(Key.Key_3)
    s.press(Key.Key_Right)
    assert s.shell.life.browsing.side.value == "clients"
    s.press(Key.Key_Left)
    assert s.shell.life.browsing.side.value == "sessions"
    s.press(Key.Key_Question)
    told(s.shell, written)
    row = s.shell.findChild(HelpPage)
    place = next(b for b in row._places.buttons if b.place.action == "search")
    QTest.mouseClick(row, Qt.MouseButton.LeftButton, pos=place.geometry().center())
    assert s.shell.life.asks is not None
    field = s.shell.words.geometry()
    assert field.left() > WIDTH / 2
    s.close()


def alike(left: np.ndarray, right: np.ndarray) -> bool:
    """Whether two pictures show the same, and neither is the mirrored other."""
    one, two = left.astype(int), right.astype(int)
    reversed_one = one[:, ::-1]
    return float(np.abs(one - two).mean()) < 0.5 * float(np.abs(reversed_one - two).mean())


def opposite(box: QRect) -> QRect:
    return QRect(WIDTH - box.x() - box.width(), box.y(), box.width(), box.height())


def test_an_arrow_a_small_hour_and_the_picture_of_one_keep_their_direction(
    written: Written, turn: Turn
) -> None:
    pictures: list[list[np.ndarray]] = []
    for right in (False, True):
        turn(right)
        view = live("live")
        word = next(b for words, b in told(view, written) if words == "settling")
        wide, beside, y = 56, 20, round(word.center().y()) - 28
        x = round(word.left()) - beside - wide if right else round(word.right()) + beside
        arrow = QRect(x, y, wide, wide)
        pictures.append([crop(picture(view), arrow)])
        view.close()
        s = Stage(World(LibraryState.OPEN), palette=LIGHT)
        s.shell.resize(WIDTH, HEIGHT)
        door = QRect(858, 300, 124, 80)
        pictures[-1].append(crop(picture(s.shell), opposite(door) if right else door))
        s.press(Key.Key_3)
        where = grid(Paper(WIDTH, HEIGHT, LIGHT))
        hour = QRect(int(where.hour), int(where.first + 12), int(where.hour_wide), 44)
        pictures[-1].append(crop(picture(s.shell), opposite(hour) if right else hour))
        s.close()
    assert [alike(a, b) for a, b in zip(*pictures, strict=True)] == [True] * 3


def test_a_session_is_used_where_it_is_seen(written: Written, turn: Turn) -> None:
    turn(True)
    view = live("group")
    pressed: list[str] = []
    view.chosen.connect(pressed.append)
    QTest.keyClick(view, Key.Key_Left)
    QTest.keyClick(view, Key.Key_Right)
    assert pressed == ["page after", "page before"]
    view.act("note")
    assert view.note.geometry().left() > WIDTH / 2
    view.note.hide()
    view.act("dim")
    words = find("Esc calm screen", told(view, written))
    foot = view.foot
    QTest.mouseClick(foot, Qt.MouseButton.LeftButton, pos=words - foot.pos())
    assert view.calm.isVisible()
    view.close()
