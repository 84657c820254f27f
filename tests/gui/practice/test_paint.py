"""The practice view by side, sign and order; and every state of it as it was painted."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF

from docs.practice_states import practice
from gui.practice import guide as g
from gui.practice import wave, words
from gui.practice.guide import DOT, LARGEST, SMALLEST
from gui.practice.heart import AHEAD, BACK, Heart, Span
from gui.practice.paint import Layout
from gui.practice.view import PracticeView
from gui.practice.wave import Frame, placed
from gui.shared import theme
from pipelines.drawing import LIGHT
from tests.gui.practice.handles import STATES
from tests.gui.recorded import Picture, painted, recorded

pytestmark = [pytest.mark.view, pytest.mark.usefixtures("qapp", "english")]

LIGHT = LIGHT
CENTRE = (640.0, 286.0)
BOX = QRectF(80.0, 566.0, 1120.0, 120.0)
FRAME = Frame(BOX, 100.0)
LAYOUT = Layout(1280.0, 800.0)


def test_the_circle_is_washed_clay_within_its_outer_line():
    outer, rim, inside = g.circle(CENTRE, LIGHT, radius=150.0, still=False)
    assert (outer.centre, outer.radius, outer.fill) == (CENTRE, LARGEST, None)
    assert outer.stroke.token == LIGHT.line
    assert (rim.fill, inside.fill) == (LIGHT.clay, g.washed(LIGHT))
    assert rim.radius > 150.0 > inside.radius
    assert rim.radius - inside.radius == g.OUTLINE
    assert g.circle(CENTRE, LIGHT, radius=150.0, still=True) == [outer]


def test_the_wash_lies_between_paper_and_clay_nearer_to_paper():
    wash, clay, paper = (theme.colour(t) for t in (g.washed(LIGHT), LIGHT.clay, LIGHT.paper))
    for part in ("redF", "greenF", "blueF"):
        mixed, over, under = (getattr(c, part)() for c in (wash, clay, paper))
        assert mixed == pytest.approx(theme.CIRCLE * over + (1 - theme.CIRCLE) * under, abs=0.004)


def test_the_guides_dot_has_a_rim_of_paper():
    dot = g.guide_dot((10.0, 20.0), LIGHT)
    assert (dot.centre, dot.fill, dot.stroke.token) == ((10.0, 20.0), LIGHT.clay, LIGHT.paper)
    assert dot.radius - dot.stroke.width / 2 == DOT


def test_the_still_dot_goes_up_the_left_and_down_the_right():
    place = [g.dot_place(QPointF(*CENTRE), full, rising=True) for full in (0.0, 0.3, 0.7, 1.0)]
    heights = [one.y() for one in place]
    assert heights == sorted(heights, reverse=True)
    assert place[1].x() < CENTRE[0]
    assert g.dot_place(QPointF(*CENTRE), 0.3, rising=False).x() > CENTRE[0]


def test_later_lies_farther_right_and_now_three_quarters_across():
    assert FRAME.x(100.0 - BACK) == pytest.approx(BOX.left())
    assert FRAME.x(100.0) == FRAME.now_x == pytest.approx(BOX.left() + 0.75 * BOX.width())
    assert FRAME.x(100.0 + AHEAD) == pytest.approx(BOX.right())
    assert (FRAME.first, FRAME.last) == (60.0, 100.0 + AHEAD)
    assert FRAME.per_second == pytest.approx(FRAME.x(101.0) - FRAME.x(100.0))


def test_full_and_fast_lie_higher_up():
    assert FRAME.y(1.0) < FRAME.y(0.0) == BOX.center().y() < FRAME.y(-1.0)
    assert BOX.top() < FRAME.y(1.0)
    assert FRAME.y(-1.0) < BOX.bottom()


def test_a_curve_is_placed_by_its_origin_and_span():
    curve = wave.Curve(wave.QPainterPath(), 90.0)
    place = placed(FRAME, curve, Span(60.0, 10.0))
    slow, fast = place.map(QPointF(0.0, 50.0)), place.map(QPointF(5.0, 70.0))
    assert (slow.x(), slow.y()) == (pytest.approx(FRAME.x(90.0)), pytest.approx(FRAME.y(-1.0)))
    assert (fast.x(), fast.y()) == (pytest.approx(FRAME.x(95.0)), pytest.approx(FRAME.y(1.0)))


def test_the_line_of_now_is_sharp_and_as_high_as_the_wave():
    (x, top), (below, bottom) = wave.now_line(FRAME, LIGHT).points
    assert x == below == math.floor(FRAME.now_x) + 0.5
    assert (top, bottom) == (BOX.top(), BOX.bottom())


def test_a_cap_stands_at_the_hearts_end_and_nowhere_out_of_view():
    span = Span(60.0, 10.0)
    (x, top), (_, bottom) = wave.cap(FRAME, LIGHT, (95.0, 65.0), span).points
    assert x == FRAME.x(95.0)
    assert top < FRAME.y(0.5) < bottom
    assert (top + bottom) / 2 == pytest.approx(FRAME.y(0.5))
    assert wave.cap(FRAME, LIGHT, (59.0, 65.0), span) is None


def beats(*starts: int) -> Heart:
    time = np.arange(60.0, 100.0)
    time[20:] += 8.0 if 20 in starts else 0.0
    rate = 60.0 + 5.0 * np.sin(time / 2.0)
    trust = np.where(time > 90.0, 1, 2)
    return Heart(time, rate, trust, np.isin(np.arange(40), (0, *starts)))


def of_heart(heart: Heart, now: float, waiting: str = "waiting") -> Picture:
    frame = Frame(BOX, now)
    curves = wave.HeartCurves(heart)
    return painted(lambda p: curves.paint(p, frame, LIGHT, Span(60.0, 10.0), waiting))


def drawn(found: Picture, *, dashed: bool) -> list:
    lines = [m for m in found.stroked(LIGHT.lake) if len(m.points) > 5]
    return [m for m in lines if m.dashed is dashed]


def test_a_limited_stretch_of_the_heart_is_dotted_and_comes_after_the_clear_one():
    found = of_heart(beats(), 101.0)
    (clear,), (limited,) = drawn(found, dashed=False), drawn(found, dashed=True)
    frame = Frame(BOX, 101.0)
    assert clear.right == pytest.approx(frame.x(90.0), abs=8.0)
    assert limited.left == pytest.approx(frame.x(90.0), abs=8.0)
    assert limited.right == pytest.approx(frame.x(99.0), abs=0.1)
    assert found.words == []


def test_a_gap_of_the_heart_is_capped_on_either_side_and_named():
    found = of_heart(beats(20), 110.0)
    frame = Frame(BOX, 110.0)
    caps = sorted(m.middle[0] for m in found.stroked(LIGHT.line) if m.left == m.right)
    assert caps == [pytest.approx(frame.x(79.0), abs=0.1), pytest.approx(frame.x(88.0), abs=0.1)]
    said = found.text("no reading")
    assert frame.x(79.0) < said.x < frame.x(88.0)
    lines = drawn(found, dashed=False) + drawn(found, dashed=True)
    points = [x for m in lines for x, _ in m.points]
    assert not [x for x in points if frame.x(79.5) < x < frame.x(87.5)]


def test_a_heart_that_waits_is_capped_and_says_why_after_a_while():
    assert of_heart(beats(), 103.0).words == []
    found = of_heart(beats(), 112.0)
    assert found.words == ["waiting"]
    frame = Frame(BOX, 112.0)
    (cap,) = [m for m in found.stroked(LIGHT.line) if m.left == m.right]
    assert cap.middle[0] == pytest.approx(frame.x(99.0), abs=0.1)
    assert frame.x(99.0) < found.text("waiting").x < frame.now_x


# Each state, as it was painted.


@pytest.fixture
def of_state(silent):
    made: list[PracticeView] = []

    def paint(name: str) -> tuple[PracticeView, Picture, Picture]:
        view = STATES[name]()
        made.append(view)
        return view, recorded(view._circle), recorded(view._wave)

    yield paint
    for view in made:
        view.close()


def radius(found: Picture) -> float | None:
    """The radius of the breathing circle, None where it has no fill."""
    discs = found.filled(g.washed(LIGHT), "circle")
    return (discs[0].right - discs[0].left) / 2 if discs else None


BREATHING = ("no strap", "strap live", "strap limited", "strap lost", "strap gap", "numbers")


@pytest.mark.sampled
@pytest.mark.parametrize("name", BREATHING)
def test_while_it_breathes_circle_word_and_wave_agree(of_state, name):
    view, circle, curve = of_state(name)
    look = view._circle._look
    assert radius(circle) == pytest.approx(look.radius - g.OUTLINE / 2, abs=0.01)
    assert SMALLEST <= look.radius <= LARGEST
    (said,) = circle.texts
    assert said.words == look.word in ("Breathe in", "Breathe out")
    width = theme.text_width(said.words, 40, 500)
    assert said.x + width / 2 == pytest.approx(640.0, abs=1.0)
    dots = curve.filled(LIGHT.clay, "circle")
    frame = Frame(LAYOUT.wave, view._wave._look.now)
    assert len(dots) == 1
    assert dots[0].middle[0] == pytest.approx(frame.now_x, abs=0.1)
    assert dots[0].middle[1] == pytest.approx(frame.y(2.0 * look.full - 1.0), abs=0.1)


def test_a_fuller_breath_is_a_larger_circle_and_a_higher_dot():
    seen = []
    for seconds in np.arange(120.0, 130.0, 1.0):
        view = practice(session=None, seconds=float(seconds))
        circle, curve = recorded(view._circle), recorded(view._wave)
        dot = curve.filled(LIGHT.clay, "circle")[0].middle[1]
        seen.append((view._circle._look.full, radius(circle), -dot))
        view.close()
    for one, other in zip(sorted(seen), sorted(seen)[1:], strict=False):
        assert all(a <= b for a, b in zip(one, other, strict=True))
    assert seen[0][1] != seen[4][1]


def test_with_a_strap_the_heart_is_solid_where_clear_and_dotted_where_limited(of_state):
    assert drawn(of_state("strap live")[2], dashed=False)
    assert not drawn(of_state("strap live")[2], dashed=True)
    limited = of_state("strap limited")[2]
    assert drawn(limited, dashed=True)[0].left >= drawn(limited, dashed=False)[0].right - 1.0
    assert not drawn(of_state("no strap")[2], dashed=False)


def test_a_lost_strap_ends_the_line_and_says_so(of_state):
    _view, circle, curve = of_state("strap lost")
    assert radius(circle) is not None, "the guide goes on"
    (line,) = drawn(curve, dashed=False)
    assert line.right < Frame(LAYOUT.wave, 0.0).now_x - 5.0 * FRAME.per_second
    assert curve.words != []
    assert curve.texts[0].x > line.right


def test_a_gap_is_named_in_the_wave(of_state):
    _, _, curve = of_state("strap gap")
    assert curve.words == ["no reading"]
    assert len(drawn(curve, dashed=False)) >= 1


@pytest.mark.parametrize(
    ("name", "said"), [("paused", "Paused"), ("finished", "Rest"), ("settling in", "Settle in")]
)
def test_at_rest_the_circle_is_smallest_and_says_so(of_state, name, said):
    view, circle, _ = of_state(name)
    assert view._circle._look.radius == SMALLEST
    assert radius(circle) == pytest.approx(SMALLEST - g.OUTLINE / 2, abs=0.01)
    assert circle.words == [said]


@pytest.mark.parametrize("name", ["calm", "calm without strap", "keys"])
def test_a_page_lies_over_circle_and_wave(of_state, name):
    view, *_ = of_state(name)
    assert view._circle.isHidden()
    assert view._wave.isHidden()
    assert recorded(view).filled(LIGHT.clay) == []


def test_reduced_motion_has_no_fill_and_a_dot_on_the_outer_line(of_state):
    view, circle, curve = of_state("reduced motion")
    assert radius(circle) is None
    (dot,) = circle.filled(LIGHT.clay, "circle")
    x, y = dot.middle
    assert math.hypot(x - 640.0, y - LAYOUT.centre.y()) == pytest.approx(LARGEST, abs=0.1)
    look = view._circle._look
    assert (x < 640.0) == look.rising
    assert y == pytest.approx(LAYOUT.centre.y() + LARGEST * math.cos(math.pi * look.full), abs=0.1)
    assert curve.filled(LIGHT.clay, "circle") == []


SAID = {
    "paused": words.PAUSED_SESSION,
    "calm": words.CALM,
    "calm without strap": words.CALM,
    "keys": "Keys",
    "strap limited": words.LIMITED,
    "strap lost": words.QUIET,
    "eyes closed": words.EYES,
}


@pytest.mark.parametrize("name", SAID)
def test_each_state_says_its_own_words(of_state, name):
    view, *_ = of_state(name)
    assert SAID[name] in " ".join(recorded(view).words)


def test_what_is_said_stands_under_the_circle_and_over_the_wave(of_state):
    view, *_ = of_state("strap limited")
    found = recorded(view)
    said = next(text for text in found.texts if text.words in words.LIMITED)
    assert LAYOUT.centre.y() + LARGEST < said.y < LAYOUT.wave.top() + 20.0
    assert found.text("now").x == pytest.approx(
        Frame(LAYOUT.wave, 0.0).now_x - theme.text_width("now", 14, 600) / 2, abs=0.1
    )
    assert (
        found.text(words.line_words(view.run.hearing.wave)).x
        < found.text("the guide").x
        < found.text("now").x
    )
