"""A picture is well-formed SVG, values lie where the axes say, and nothing runs off the page."""

from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.drawing import LIGHT, Axes, Picture

SVG = "{http://www.w3.org/2000/svg}"


def axes(**options):
    return Axes(
        Picture(LIGHT, 400, 300, "A title"), (50, 40, 350, 260), (0, 10), (-5, 5), **options
    )


def drawn(plot):
    return ElementTree.fromstring(plot.picture.svg())


@given(st.floats(0, 10), st.floats(-5, 5))
def test_values_lie_where_the_axes_say(x, y):
    plot = axes()
    assert plot.across(x) == pytest.approx(50 + 30 * x)
    assert plot.down(y) == pytest.approx(150 - 22 * y)


def test_larger_values_lie_higher_and_further_right():
    plot = axes()
    assert plot.down(4) < plot.down(3)
    assert plot.across(4) > plot.across(3)


def test_powers_of_ten_lie_evenly_on_a_logarithmic_axis():
    plot = Axes(
        Picture(LIGHT, 400, 300, "A title"), (50, 40, 350, 260), (1, 1000), (0, 1), log=True
    )
    assert np.allclose(np.diff(plot.across([1, 10, 100, 1000])), 100)


@pytest.mark.parametrize(("x", "y"), [(11, 0), (-1, 0), (5, 6), (5, -6)])
def test_what_lies_outside_the_axes_is_refused(x, y):
    with pytest.raises(ValueError, match="widen the axes"):
        axes().points([x], [y])


def test_a_line_breaks_where_nothing_is_known():
    plot = axes()
    plot.line(np.arange(7.0), [0, 1, np.nan, 1, 2, 1, np.nan], stroke=LIGHT.lake)
    lines = [one.get("points").split() for one in drawn(plot).iter(f"{SVG}polyline")]
    assert [len(points) for points in lines] == [2, 3]


def test_words_are_escaped_and_the_title_is_told():
    page = Picture(LIGHT, 400, 300, "a < b & c")
    page.text(10, 10, "<&>")
    image = ElementTree.fromstring(page.svg())
    assert image.find(f"{SVG}title").text == "a < b & c"
    assert [one.text for one in image.iter(f"{SVG}text")] == ["a < b & c", "<&>"]


def test_a_bare_picture_has_neither_ground_nor_heading():
    drawn = ElementTree.fromstring(Picture(LIGHT, 40, 30, "What is seen", bare=True).svg())
    assert [part.tag for part in drawn] == [f"{SVG}title"]
    assert drawn[0].text == "What is seen"


def test_minus_is_a_minus():
    plot = axes()
    plot.frame((0, 5, 10), (-5, 0, 5))
    assert {one.text for one in drawn(plot).iter(f"{SVG}text")} >= {"−5", "0", "5", "10"}
