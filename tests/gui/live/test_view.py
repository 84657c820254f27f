"""The clinician's view: keys, boxes, words that fit, and a recorder that keeps it waiting."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QWidget

from docs import moments
from gui import theme
from gui.keys import KeyBar, KeyHint, keys_width
from gui.live.view import LiveView
from pipelines import commands as c
from pipelines.snapshot import Snapshot, TalkingView

pytestmark = pytest.mark.view
Key = Qt.Key


class Stage:
    """A view on a made-up moment, on a clock that the test moves."""

    def __init__(self, moment: moments.Moment, **options: object) -> None:
        self.moment, self.now = moment, 100.0
        options = {"still": True, **options}
        self.view = LiveView(moment, clock=lambda: self.now, polling=False, **options)
        self.view._timer.stop()
        self.view.resize(1280, 800)
        self.view.show()
        self.step()

    def step(self, seconds: float = 0.01) -> None:
        """Answer orders, poll and draw once."""
        self.now += seconds
        while not self.view.poller._orders.empty():
            self.view.poller._carry_out()
        self.view.poller.poll()
        self.view.frame()

    def press(self, key: Key, text: str = "") -> None:
        target = QWidget.focusWidget(self.view) or self.view
        QTest.keyClick(target, key)
        self.step()

    def change(self, **changes: object) -> None:
        assert self.moment.state is not None
        self.moment.state = msgspec.structs.replace(self.moment.state, **changes)
        self.step(1.1)

    def close(self) -> None:
        self.view.close()
        self.view.deleteLater()


@pytest.fixture
def stage(qapp: object) -> Iterator[Callable[..., Stage]]:
    made: list[Stage] = []

    def make(state: str = "live", **options: object) -> Stage:
        made.append(Stage(moments.STATES[state](), **options))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.mark.parametrize(
    ("key", "command"),
    [
        (Key.Key_Space, c.MarkMoment("")),
        (Key.Key_1, c.MarkMoment("touched hip")),
        (Key.Key_2, c.MarkMoment("long silence")),
        (Key.Key_3, c.MarkMoment("tears")),
        (Key.Key_Backspace, c.UndoMark()),
        (Key.Key_B, c.SetBaseline(180.0)),
        (Key.Key_T, c.Talk(on=True)),
        (Key.Key_P, c.Pause()),
    ],
)
def test_a_key_asks_for_its_command(
    stage: Callable[..., Stage], key: Key, command: c.Command
) -> None:
    s = stage()
    s.press(key)
    assert s.moment.asked == [command]


def test_keys_without_a_meaning_ask_for_nothing(stage: Callable[..., Stage]) -> None:
    s = stage()
    for key in (Key.Key_9, Key.Key_Q, Key.Key_Up, Key.Key_Return, Key.Key_0):
        s.press(key)
    assert s.moment.asked == []


def test_talking_and_pause_toggle(stage: Callable[..., Stage]) -> None:
    s = stage()
    s.change(talking=(TalkingView(1870.0, None),))
    s.press(Key.Key_T)
    s.change(phase="paused", phase_since=1870.0)
    s.press(Key.Key_P)
    assert s.moment.asked == [c.Talk(on=False), c.GoOn()]


def test_own_labels(stage: Callable[..., Stage]) -> None:
    s = stage(labels=("breath", "laughter"))
    s.press(Key.Key_2)
    s.press(Key.Key_3)
    assert s.moment.asked == [c.MarkMoment("laughter")]


def test_a_held_key_marks_once(stage: Callable[..., Stage]) -> None:
    from PySide6.QtGui import QKeyEvent

    s = stage()
    none = Qt.KeyboardModifier.NoModifier
    event = QKeyEvent(QEvent.Type.KeyPress, Key.Key_Space, none, " ", True, 1)
    s.view.keyPressEvent(event)
    s.step()
    assert s.moment.asked == []


def test_colours_dim_and_hour_toggle(stage: Callable[..., Stage]) -> None:
    s = stage()
    s.press(Key.Key_L)
    assert s.view.colours is theme.DARK
    s.press(Key.Key_D)
    assert s.view.colours is theme.DIM
    s.press(Key.Key_D)
    s.press(Key.Key_L)
    assert s.view.colours is theme.LIGHT
    s.press(Key.Key_Z)
    assert s.view.traces.whole
    s.press(Key.Key_Z)
    assert not s.view.traces.whole


def test_h_shows_the_index_in_the_hours_place(stage: Callable[..., Stage]) -> None:
    s = stage()
    assert s.view.strip.isVisible()
    before = s.view.traces.heart.box
    s.press(Key.Key_H)
    assert not s.view.strip.isVisible()
    assert len(s.view.traces.lanes) == 3
    assert s.view.traces.heart.box == before
    s.press(Key.Key_H)
    assert s.view.strip.isVisible()


def test_full_screen(stage: Callable[..., Stage]) -> None:
    s = stage()
    s.press(Key.Key_F)
    assert s.view.isFullScreen()
    s.press(Key.Key_F)
    assert not s.view.isFullScreen()


ANYWHERE = ("", "D", "?", "N", "H", "Z", "P", "\t")


@pytest.mark.parametrize("before", ANYWHERE)
@pytest.mark.parametrize("state", ["live", "gap", "unreachable", "two people", "finished"])
def test_esc_calms_from_everywhere(stage: Callable[..., Stage], state: str, before: str) -> None:
    s = stage(state)
    for key in before:
        QTest.keyClick(s.view, key)
        s.step()
    s.press(Key.Key_Escape)
    assert s.view.calm.isVisible()
    assert s.view.childAt(QPoint(640, 300)) is s.view.calm
    s.press(Key.Key_Escape)
    assert not s.view.calm.isVisible()


def test_on_the_calm_screen_only_esc_enter_and_space_act(stage: Callable[..., Stage]) -> None:
    s = stage()
    s.press(Key.Key_Escape)
    for key in (Key.Key_1, Key.Key_P, Key.Key_D, Key.Key_Backspace, Key.Key_B):
        s.press(key)
    assert s.moment.asked == []
    assert not s.view.dim
    s.press(Key.Key_Space)
    s.press(Key.Key_Return)
    assert s.moment.asked == [c.MarkMoment(""), c.Finish()]
    assert not s.view.calm.isVisible()


def test_enter_closes_a_finished_session(stage: Callable[..., Stage]) -> None:
    s = stage("finished")
    s.press(Key.Key_Return)
    assert not s.view.isVisible()
    assert s.moment.asked == []
    assert s.moment.closed


def test_space_never_presses_a_focused_button(stage: Callable[..., Stage]) -> None:
    s = stage()
    talk = next(b for b in s.view.bar.findChildren(QAbstractButton) if b.hint.action == "talking")
    talk.setFocus()
    s.press(Key.Key_Space)
    assert s.moment.asked == [c.MarkMoment("")]
    talk.setFocus()
    s.press(Key.Key_Return)
    assert s.moment.asked[1:] == [c.Talk(on=True)]


def test_every_key_of_the_bar_can_be_clicked(stage: Callable[..., Stage]) -> None:
    s = stage()
    buttons = [b for b in s.view.bar.findChildren(QAbstractButton) if b.isVisible()]
    assert len(buttons) == 8
    QTest.mouseClick(buttons[0], Qt.MouseButton.LeftButton)
    s.step()
    assert s.moment.asked == [c.MarkMoment("")]


def test_no_button_has_the_focus_at_first(stage: Callable[..., Stage]) -> None:
    s = stage()
    assert s.view.focusWidget() in (None, s.view)


def test_a_note_goes_to_the_mark_it_began_with(stage: Callable[..., Stage]) -> None:
    s = stage()
    s.press(Key.Key_N)
    assert s.moment.asked == [c.MarkMoment("")]
    marks = (*moments.MARKS, moments.MarkView(1880.2, ""))
    s.change(marks=marks)
    QTest.keyClicks(s.view.note, "p1 Bd?")
    s.press(Key.Key_Return)
    assert s.moment.asked[1:] == [c.NoteMark(1880.2, "p1 Bd?")]
    assert not s.view.note.isVisible()


def test_a_note_soon_after_a_mark_is_that_marks(stage: Callable[..., Stage]) -> None:
    s = stage()
    s.change(marks=(*moments.MARKS, moments.MarkView(1875.0, "")))
    s.press(Key.Key_N)
    QTest.keyClicks(s.view.note, "sigh")
    s.press(Key.Key_Return)
    assert s.moment.asked == [c.NoteMark(1875.0, "sigh")]


def test_esc_in_a_note_keeps_what_was_typed(stage: Callable[..., Stage]) -> None:
    s = stage()
    s.press(Key.Key_N)
    QTest.keyClicks(s.view.note, "half a")
    s.press(Key.Key_Escape)
    s.press(Key.Key_Escape)
    s.press(Key.Key_N)
    assert s.view.note.text() == "half a"


def test_a_refusal_is_told_in_its_own_words(stage: Callable[..., Stage]) -> None:
    s = stage()
    s.moment.trouble = "There are no beats to take a baseline from yet."
    s.press(Key.Key_B)
    assert s.moment.trouble in s.view.header.accessibleName()
    s.step(10.1)
    assert s.moment.trouble not in s.view.header.accessibleName()


def test_trouble_stays_in_view(stage: Callable[..., Stage]) -> None:
    s = stage("stopped")
    s.step(60.0)
    assert "The disk is full" in s.view.header.accessibleName()


def test_boxes_are_the_same_in_every_state(stage: Callable[..., Stage]) -> None:
    single = [n for n in moments.STATES if n not in ("two people", "group")]
    found = {str(stage(name).view.current_layout().boxes()) for name in single}
    assert len(found) == 1


def test_widgets_do_not_move_when_the_strap_is_lost(stage: Callable[..., Stage]) -> None:
    s = stage()
    before = [w.geometry() for w in s.view.findChildren(QWidget)]
    lost = moments.gap().snapshot()
    assert lost is not None
    length = s.moment.state.sources[0].trace_length if s.moment.state else 0
    view = msgspec.structs.replace(lost.sources[0], trace_length=length)
    s.change(sources=(view,))
    assert [w.geometry() for w in s.view.findChildren(QWidget)] == before
    assert "No reading" in s.view.glance.accessibleName()


def test_every_control_has_a_name(stage: Callable[..., Stage]) -> None:
    s = stage()
    for control in s.view.findChildren(QWidget):
        if isinstance(control, (QAbstractButton, QLineEdit)):
            assert control.accessibleName()
    assert "Above baseline, settling, Clear reading" in s.view.glance.accessibleName()
    assert s.view.traces.accessibleName()


def ink_at_edges(view: QWidget) -> bool:
    """Whether anything but ground touches the window's outermost pixels."""
    image = view.grab().toImage()
    ground = image.pixel(0, 0)
    right, bottom = image.width() - 1, image.height() - 1
    sides = itertools.chain(
        ((x, y) for x in range(image.width()) for y in (0, bottom)),
        ((x, y) for y in range(image.height()) for x in (0, right)),
    )
    return any(image.pixel(x, y) != ground for x, y in sides)


class Written:
    """The boxes of all words that a paint writes."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.boxes: list[tuple[str, float, float, float, float]] = []
        original = theme.draw_text

        def spy(painter: QPainter, x: float, y: float, words: str, **how: object) -> object:
            box = original(painter, x, y, words, **how)
            size = int(str(how["size"]))
            weight = int(str(how.get("weight", 400)))
            tight = theme.metrics(size, weight).tightBoundingRect(words)
            place = painter.deviceTransform()
            corner = place.map(box.left() + tight.left(), y + tight.top())
            far = place.map(box.left() + tight.right(), y + tight.bottom())
            self.boxes.append((words, *corner, *far))
            return box

        monkeypatch.setattr(theme, "draw_text", spy)


FONTS = {"inter": theme.FAMILIES, "dejavu": ("DejaVu Sans",)}


@pytest.fixture(params=FONTS)
def families(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(theme, "FAMILIES", FONTS[request.param])
    theme.font.cache_clear()
    theme.metrics.cache_clear()
    yield request.param
    theme.font.cache_clear()
    theme.metrics.cache_clear()


@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080)])
@pytest.mark.parametrize("state", moments.STATES)
def test_no_words_meet_or_leave_their_widget(
    stage: Callable[..., Stage],
    monkeypatch: pytest.MonkeyPatch,
    families: str,
    state: str,
    size: tuple[int, int],
) -> None:
    s = stage(state)
    s.view.resize(*size)
    s.step()
    panes = [w for w in (s.view.header, s.view.glance, s.view.strip, s.view.line, s.view.bar,
                         s.view.one, s.view.pair) if w.isVisible()]  # fmt: skip
    for pane in panes:
        for piece in pane.findChildren(QAbstractButton) or [pane]:
            written = Written(monkeypatch)
            piece.grab()
            boxes = list(dict.fromkeys(written.boxes))
            for words, left, top, right, bottom in boxes:
                assert left >= -1, words
                assert top >= -1, words
                assert right <= piece.width() + 1, words
                assert bottom <= piece.height() + 1, words
            for a, b in itertools.combinations(boxes, 2):
                apart = a[3] <= b[1] or b[3] <= a[1] or a[4] <= b[2] or b[4] <= a[2]
                assert apart, (a, b)
    assert not ink_at_edges(s.view)


@pytest.mark.parametrize("state", ["live", "limited", "gap", "two people"])
def test_grey_says_the_same(stage: Callable[..., Stage], state: str) -> None:
    """Every dot, arrow and line stands out from the paper by lightness alone."""
    s = stage(state)
    image = s.view.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    paper = int(rows[1, 1])
    level = rows[110:240, 32:80]
    plot = rows[360:500, 90:1120]
    assert paper - int(level.min()) > 90
    assert paper - int(plot.min()) > 90


def test_the_second_person_is_dashed_and_named(
    stage: Callable[..., Stage], monkeypatch: pytest.MonkeyPatch
) -> None:
    s = stage("two people")
    client, other = s.view.traces.heart.curves
    assert client._dashes.path().isEmpty()
    assert not other._dashes.path().isEmpty()
    assert other._dashes.pen().dashPattern()
    written = Written(monkeypatch)
    s.view.traces.grab()
    assert {"Client", "You"} <= {box[0] for box in written.boxes}


def test_the_line_breaks_at_the_gap(stage: Callable[..., Stage]) -> None:
    s = stage()
    view = s.view.traces
    line, curve = view.heart.lines[0], view.heart.curves[0]
    x, y = curve._solid.getData()
    connect = curve._solid.opts["connect"]
    joined = np.flatnonzero(connect)
    inside = (x[joined] <= moments.GAP.start) & (x[joined + 1] >= moments.GAP.end)
    assert not inside.any()
    assert len(line.points) > len(x)
    assert np.isfinite(y).all()


def test_bpm_are_not_in_a_groups_tiles(
    stage: Callable[..., Stage], monkeypatch: pytest.MonkeyPatch
) -> None:
    s = stage("group")
    written = Written(monkeypatch)
    s.view.glance.grab()
    tiles = [box[0] for box in written.boxes]
    assert "Member 3" in tiles
    assert not any("bpm" in words for words in tiles)


def test_an_unreachable_recorder_is_told_and_found_again(stage: Callable[..., Stage]) -> None:
    s = stage()
    state, s.moment.state = s.moment.state, None
    s.step(2.5)
    assert "No reading" in s.view.glance.accessibleName()
    assert "not answering" in s.view.header.accessibleName()
    s.moment.state = state
    s.step(0.1)
    assert "Clear reading" in s.view.glance.accessibleName()


class Slow(moments.Moment):
    """A recorder that answers only when it is let."""

    def __init__(self) -> None:
        live = moments.live()
        super().__init__(live.state, live.traces)
        self.let, self.entered = threading.Event(), threading.Event()

    def snapshot(self) -> Snapshot | None:
        self.entered.set()
        self.let.wait(20.0)
        return super().snapshot()

    def ask(self, command: c.Command) -> str | None:
        self.let.wait(20.0)
        return super().ask(command)


def test_a_recorder_that_does_not_answer_never_holds_up_a_paint(qapp: object) -> None:
    slow = Slow()
    view = LiveView(slow, still=True)
    try:
        view.show()
        assert slow.entered.wait(10.0)
        for _ in range(20):  # every one of these would hang for 20 s if it asked the recorder
            QTest.keyClick(view, Key.Key_Space)
            view.frame()
            view.grab()
        assert slow.asked == []
        slow.let.set()
        deadline = time.monotonic() + 10.0
        while len(slow.asked) < 20 and time.monotonic() < deadline:
            QTest.qWait(20)
        assert slow.asked == [c.MarkMoment("")] * 20
        view.frame()
        assert "Above baseline" in view.glance.accessibleName()
    finally:
        slow.let.set()
        view.close()
        view.deleteLater()


def test_closing_the_window_lets_go_and_finishes_nothing(qapp: object) -> None:
    moment = moments.live()
    view = LiveView(moment)
    view.show()
    view.close()
    assert moment.closed
    assert moment.asked == []


def test_words_fade_and_reduced_motion_does_without(stage: Callable[..., Stage]) -> None:
    for still in (True, False):
        s = stage("near", still=still)
        state = s.moment.state
        assert state is not None
        view = msgspec.structs.replace(state.sources[0], glance=moments.CLEAR)
        s.change(sources=(view,))
        running = s.view.glance._fade.state().value != 0
        assert running is not still
        assert s.view._timer.interval() == (1000 if still else 33)


def test_keys_that_find_no_room_give_way(qapp: object) -> None:
    bar = KeyBar(theme.LIGHT)
    hints = [KeyHint(str(n), "a long label of one's own", f"label {n}") for n in range(9)]
    right = [KeyHint("Esc", "calm screen", "calm")]
    bar.set_keys(hints, right)
    bar.resize(1280, 38)
    bar.show()
    seen = [b for b in bar.findChildren(QAbstractButton) if b.isVisible()]
    assert keys_width(hints) > 1280 > keys_width([b.hint for b in seen])
    assert seen[-1].hint.action == "calm" or seen[0].hint.action == "calm"
    bar.close()
