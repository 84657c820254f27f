"""What the clinician sees: boxes that stay, words that fit, lines that break at a gap."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import msgspec
import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QWidget

from docs import moments
from gui.live import panes
from gui.shared import theme
from pipelines.drawing import FAMILIES
from pipelines.language import tr
from tests.gui.live.stage import Key, Stage
from tests.gui.recorded import recorded

pytestmark = pytest.mark.view


@pytest.mark.parametrize(
    ("state", "whole", "said"),
    [
        ("live", False, ["last 5 minutes"]),
        ("live", True, ["whole session"]),
        ("two people", False, ["last 5 minutes"]),
        ("group", False, []),
        ("group of seven", False, ["7 people, 1 to 6"]),
    ],
)
def test_the_dim_foot_says_of_what_is_there_only(stage, english, state, whole, said):
    s = stage(state)
    if whole:
        s.press(Key.Key_Z)
    s.press(Key.Key_D)
    found = recorded(s.view.foot)
    keys = [words for words, _ in panes.FOOT_KEYS]
    assert [w for w in found.words if w not in (*keys, "31:20")] == said


def test_boxes_are_the_same_in_every_state(stage: Callable[..., Stage]) -> None:
    single = [n for n in moments.STATES if not n.startswith(("two", "group"))]
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
    assert tr("No reading") in s.view.glance.accessibleName()


def test_every_control_has_a_name(stage: Callable[..., Stage]) -> None:
    s = stage()
    for control in s.view.findChildren(QWidget):
        if isinstance(control, (QAbstractButton, QLineEdit)):
            assert control.accessibleName()
    said = f"{tr('above baseline')[1:]}, {tr('settling')}, {tr('Clear reading')}"
    assert said in s.view.glance.accessibleName()
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


FONTS = {"inter": FAMILIES, "dejavu": ("DejaVu Sans",)}


@pytest.fixture(params=FONTS)
def families(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(theme, "FAMILIES", FONTS[request.param])
    theme.font.cache_clear()
    theme.metrics.cache_clear()
    yield request.param
    theme.font.cache_clear()
    theme.metrics.cache_clear()


@pytest.mark.sampled
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
    assert {tr("Client"), tr("You")} <= {box[0] for box in written.boxes}


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
    assert tr("Member {number}", number=3) in tiles
    assert not any("bpm" in words for words in tiles)


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


def test_more_people_than_tiles_are_on_pages_and_counted(stage: Callable[..., Stage]) -> None:
    which = tr("{first} to {last}", first=1, last=6)
    six = tr("{count} people, {which}", count=7, which=which)
    seventh = tr("{count} people, {which}", count=7, which="7")
    s = stage("group of seven")
    assert six in s.view.header.accessibleName()
    assert len(s.view.glance._people) == 6
    s.press(Key.Key_Right)
    assert seventh in s.view.header.accessibleName()
    assert [person.name for person in s.view.glance._people] == [tr("Member {number}", number=7)]
    s.press(Key.Key_Right)
    assert seventh in s.view.header.accessibleName()
    s.press(Key.Key_Left)
    assert six in s.view.header.accessibleName()


def test_two_people_are_shown_in_bpm_until_both_have_a_baseline(
    stage: Callable[..., Stage], monkeypatch: pytest.MonkeyPatch
) -> None:
    s = stage("two beginning")
    for line in s.view.traces.heart.lines:
        assert np.isfinite(line.values).any()
    written = Written(monkeypatch)
    s.view.traces.grab()
    assert tr("Heart rate, bpm") in {box[0] for box in written.boxes}
    assert {tr("Client"), tr("You")} <= {box[0] for box in written.boxes}
    both = stage("two people")
    written = Written(monkeypatch)
    both.view.traces.grab()
    assert tr("Distance from own baseline") in {box[0] for box in written.boxes}


def test_who_leaves_a_second_page_empty_takes_it_along(stage: Callable[..., Stage]) -> None:
    s = stage("group of seven")
    s.press(Key.Key_Right)
    assert s.moment.state is not None
    s.change(sources=s.moment.state.sources[:5])
    assert len(s.view.glance._people) == 5


def test_the_trace_moves_in_whole_device_pixels_never_ahead_of_now(
    stage: Callable[..., Stage], monkeypatch: pytest.MonkeyPatch
) -> None:
    traces = stage("live").view.traces
    pixel = traces.heart.box.width / 300.0
    for ratio in (1.0, 2.0):
        monkeypatch.setattr(traces, "devicePixelRatioF", lambda ratio=ratio: ratio)
        ends = []
        for now in np.arange(1881.0, 1884.0, 0.033):
            traces.advance(now, 100.0)
            ends.append(traces.heart._time[1])
            assert 0.0 <= now - ends[-1] < 1.0 / (pixel * ratio)
        steps = np.diff(ends) * pixel * ratio
        assert np.allclose(steps, np.round(steps), atol=1e-6)
        assert steps.max() == pytest.approx(1.0)


def test_what_is_painted_is_told_as_of_the_moment_it_was_painted(
    stage: Callable[..., Stage],
) -> None:
    traces = stage("live").view.traces
    traces.advance(1890.0, 100.0)
    told = traces._told
    assert told == 1890.0
    traces.advance(1890.01, 100.0)  # less than a pixel: nothing is painted
    assert traces._told == told
    traces.advance(1891.0, 100.0)
    assert traces._told == 1891.0


def test_lines_are_as_wide_on_a_screen_of_twice_the_pixels(
    stage: Callable[..., Stage], monkeypatch: pytest.MonkeyPatch
) -> None:
    s = stage("two people")
    client, other = s.view.traces.heart.curves
    pens = [client._solid.opts["pen"], other._dashes.pen(), other._dots.pen()]
    monkeypatch.setattr(s.view.traces, "devicePixelRatioF", lambda: 2.0)
    s.view.arrange()
    twice = [client._solid.opts["pen"], other._dashes.pen(), other._dots.pen()]
    assert [pen.widthF() for pen in twice] == [2.0 * pen.widthF() for pen in pens]
    assert all(pen.isCosmetic() for pen in twice)
