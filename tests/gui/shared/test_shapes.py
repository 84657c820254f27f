"""Each shape is drawn where its points say, in its colours, the first one lowest."""

from __future__ import annotations

import pytest

from gui.shared.shapes import (
    Disc,
    LowerHalf,
    Path,
    Polygon,
    Rectangle,
    Shape,
    Stroke,
    draw,
    straight,
)
from pipelines.drawing import LIGHT
from tests.gui.recorded import Mark, Picture, painted

pytestmark = [pytest.mark.view, pytest.mark.usefixtures("qapp")]

RED, BLUE = "#AA0000", "#0000AA"
THICK = Stroke(RED, 3.0)


def drawn(*shapes: Shape) -> Picture:
    return painted(lambda painter: draw(painter, shapes))


def only(shape: Shape) -> Mark:
    (mark,) = drawn(shape).marks
    return mark


def colours(mark: Mark) -> tuple[str | None, str | None]:
    return mark.fill, mark.stroke


def test_a_path_goes_through_its_points_in_order():
    mark = only(Path(((1.0, 2.0), (5.0, 9.0), (7.0, 3.0)), THICK))
    assert mark.points == ((1.0, 2.0), (5.0, 9.0), (7.0, 3.0))
    assert (colours(mark), mark.width, mark.dashed) == ((None, RED.lower()), 3.0, False)
    assert only(straight((1.0, 2.0), (5.0, 9.0), THICK)).points == ((1.0, 2.0), (5.0, 9.0))


def test_a_stroke_may_be_dashed():
    mark = only(straight((0.0, 0.0), (50.0, 0.0), Stroke(BLUE, 2.0, (4.0, 3.0), flat=True)))
    assert mark.dashed
    assert mark.stroke == BLUE.lower()


def test_a_polygon_is_filled_or_not():
    corners = ((0.0, 0.0), (8.0, 4.0), (0.0, 8.0))
    filled, open_ = only(Polygon(corners, fill=RED)), only(Polygon(corners, stroke=THICK))
    assert set(filled.points) == set(open_.points) == set(corners)
    assert colours(filled) == (RED.lower(), None)
    assert colours(open_) == (None, RED.lower())


@pytest.mark.parametrize("radius", [0.0, 4.0])
@pytest.mark.parametrize("stroke", [None, Stroke(BLUE, 1.0)])
def test_a_rectangle_has_its_place_size_and_colours(radius, stroke):
    mark = only(Rectangle(10.0, 20.0, 30.0, 40.0, fill=RED, stroke=stroke, radius=radius))
    assert (mark.left, mark.top, mark.right, mark.bottom) == pytest.approx((10, 20, 40, 60))
    assert colours(mark) == (RED.lower(), stroke and BLUE.lower())


def test_a_disc_lies_around_its_centre():
    mark = only(Disc((10.0, 20.0), 5.0, fill=RED))
    assert (mark.left, mark.top, mark.right, mark.bottom) == (5.0, 15.0, 15.0, 25.0)
    assert colours(mark) == (RED.lower(), None)
    assert colours(only(Disc((10.0, 20.0), 5.0, stroke=THICK))) == (None, RED.lower())


def test_a_lower_half_lies_below_its_centre():
    mark = only(LowerHalf((10.0, 20.0), 5.0, fill=RED))
    assert (mark.left, mark.top, mark.right) == pytest.approx((5.0, 20.0, 15.0))
    assert mark.bottom == pytest.approx(25.0)


def test_what_comes_first_lies_lowest_and_leaves_no_pen_behind():
    first, second, third = drawn(
        Disc((10.0, 10.0), 5.0, stroke=THICK),
        Disc((10.0, 10.0), 4.0, fill=BLUE),
        Path(((0.0, 0.0), (5.0, 5.0), (9.0, 0.0)), THICK),
    ).marks
    assert [colours(one) for one in (first, second, third)] == [
        (None, RED.lower()), (BLUE.lower(), None), (None, RED.lower()),
    ]  # fmt: skip


def test_colours_are_those_of_a_palette():
    assert only(Disc((0.0, 0.0), 1.0, fill=LIGHT.lake)).fill == LIGHT.lake.lower()
