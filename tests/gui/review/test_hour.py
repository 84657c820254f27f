"""The hour as it is drawn: nothing across a gap, nothing beyond the plot, moments numbered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict

import msgspec
import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter

from gui.review.course import Looking, Opened
from gui.review.hour import (
    Plot,
    brackets,
    hatch,
    hour,
    lasts,
    moments,
    plot_of,
    rises,
    trace,
)
from gui.review.page import clicked, places, review_page, wheeled, words_place
from gui.review.scale import Scale, curve, heights
from gui.review.sway import highest, sway
from gui.shared import Box, Path, Polygon, Rectangle, theme
from gui.shared.drawing import Drawing, Paper, paint
from gui.shared.scene import Stretch
from pipelines.analysis import Held
from pipelines.drawing import DARK, LIGHT
from pipelines.session import (
    COLUMNS,
    NO_POINTS,
    BaselineBand,
    LeftOut,
    LeftOutReason,
    Points,
    PostureName,
)
from pipelines.words import ONE_MOMENT
from tests.gui.recorded import painted
from tests.gui.review.hours import LENGTH, an_hour

pytestmark = [pytest.mark.view, pytest.mark.usefixtures("qapp")]

HOUR = Opened(*an_hour())
WHOLE = Looking()
BOX = Box(80.0, 196.0, 1168.0, 160.0)
OUT = LeftOut(4000.0, 0, 700.0, 760.0, LeftOutReason.STRAP)
SIZES = ((1280.0, 800.0), (948.0, 592.0), (853.0, 533.0), (1422.0, 800.0), (1280.0, 640.0))


def plot(looking: Looking = WHOLE, opened: Opened = HOUR) -> Plot:
    return plot_of(opened, looking, BOX, LIGHT)


def points_of(shapes: list) -> Iterator[tuple[float, float]]:
    for shape in shapes:
        if isinstance(shape, Path | Polygon):
            yield from shape.points


@pytest.mark.parametrize("zoom", [None, (440.0, 560.0), (1700.0, 1820.0), (-60.0, 60.0)])
def test_no_line_leaves_the_plot(zoom: tuple[float, float] | None) -> None:
    one = plot(Looking(zoom=zoom))
    line = curve(HOUR.points, one.scale)
    for x, y in points_of([*trace(one, line), *rises(one, line)]):
        assert BOX.x - 1e-6 <= x <= BOX.right + 1e-6
        assert BOX.y - 1e-6 <= y <= BOX.bottom + 1e-6


def test_nothing_is_drawn_across_a_gap() -> None:
    one = plot(Looking(zoom=(1740.0, 1860.0)))
    left, right = one.scale.x(1776.0), one.scale.x(1790.0)
    line = curve(HOUR.points, one.scale)
    for path in (*trace(one, line), *rises(one, line)):
        xs = [x for x, _ in path.points]
        assert not (min(xs) < left - 1.0 and max(xs) > right + 1.0)


def test_a_line_reaches_both_edges_of_what_is_in_view() -> None:
    one = plot(Looking(zoom=(901.3, 1021.3)))
    xs = [x for x, _ in points_of(list(trace(one, curve(HOUR.points, one.scale))))]
    assert min(xs) == pytest.approx(BOX.x)
    assert max(xs) == pytest.approx(BOX.right)


def test_a_line_is_cut_where_it_crosses_the_edges() -> None:
    columns = dict.fromkeys(COLUMNS, np.zeros(4))
    columns["time"], columns["trust"] = np.array([0.0, 10.0, 20.0, 30.0]), np.full(4, 2.0)
    columns["heart_rate"] = np.array([60.0, 70.0, 90.0, 60.0])
    columns["heart_rate_low"] = columns["heart_rate"] - 2.0
    columns["heart_rate_high"] = columns["heart_rate"] + 2.0
    scale = Scale(BOX, (5.0, 25.0), 50.0, 100.0)
    line = curve(Points(**columns), scale)
    assert line.x.tolist() == pytest.approx([scale.x(one) for one in (5.0, 10.0, 20.0, 25.0)])
    for by, edge in ((0.0, line.y), (-2.0, line.low), (2.0, line.high)):
        inside = [scale.y(one + by) for one in (65.0, 70.0, 90.0, 75.0)]
        assert edge.tolist() == pytest.approx(inside)


def test_the_axis_is_that_of_the_whole_hour_wherever_one_looks() -> None:
    near, whole = plot(Looking(zoom=(440.0, 560.0))), plot()
    assert (near.scale.low, near.scale.high) == (whole.scale.low, whole.scale.high)
    known = HOUR.points.heart_rate[np.isfinite(HOUR.points.heart_rate)]
    assert whole.scale.low <= known.min()
    assert known.max() <= whole.scale.high
    assert heights(NO_POINTS, (), 400.0) == (55.0, 85.0)
    assert heights(NO_POINTS, (), 160.0) == (50.0, 85.0)  # there words take more beats' room


def test_each_rise_is_a_wash_while_it_lasts() -> None:
    one = plot()
    first, *_ = rises(one, curve(HOUR.points, one.scale))
    start, end = lasts(HOUR.reviewed.rises[0])
    xs = [x for x, _ in first.points]
    assert one.scale.x(start) - 2.0 <= min(xs) <= max(xs) <= one.scale.x(end) + 2.0
    assert (first.fill, first.opacity) == (LIGHT.clay, 0.12)


def test_moments_are_numbered_in_order_and_the_chosen_one_is_ringed() -> None:
    drawing = moments(plot(Looking(moment=2)))
    numbers = {text.words: text.x for text in drawing.texts}
    assert list(dict(sorted(numbers.items()))) == ["1", "2", "3", "4", "5"]
    assert numbers["3"] == pytest.approx(plot().scale.x(1652.0))
    assert sum(getattr(shape, "stroke", None) is not None for shape in drawing.shapes) == 6


@pytest.mark.usefixtures("english")
def test_every_stretch_has_a_word_and_no_two_meet() -> None:
    told = msgspec.structs.replace(HOUR.reviewed, left_out=(OUT,))
    words = [text.words for text in brackets(plot(opened=Opened(told, HOUR.points))).texts]
    assert {"baseline", "talking", "left out: the strap"} <= set(words)
    assert any("link lost" in one for one in words)


def test_what_is_left_out_is_hatched_inside_its_edges() -> None:
    one = plot()
    for path in hatch(one.scale, Stretch(OUT.start, OUT.end, ""), LIGHT):
        for x, y in path.points:
            assert one.scale.x(OUT.start) - 1e-6 <= x <= one.scale.x(OUT.end) + 1e-6
            assert BOX.y - 1e-6 <= y <= BOX.bottom + 1e-6


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("looking", [Looking(), Looking(4, (2100.0, 2220.0), 2100.0)])
def test_the_page_keeps_within_its_paper_and_rows_apart(
    size: tuple[float, float], looking: Looking
) -> None:
    paper = Paper(*size, LIGHT)
    drawing = review_page(paper, HOUR, looking, refusal=None)
    for text in drawing.texts:
        assert 0.0 <= text.y <= paper.height - 44.0, text
        assert text.x <= paper.right + 1.0, text
    for spot in drawing.spots:
        assert spot.x >= 0.0
        assert spot.x + spot.width <= paper.width
    where = places(paper, 5, 3)
    assert where.rows >= 1
    if where.pooled_head is not None:
        assert where.pooled_head > where.first + 32.0 * min(where.rows, 5) - 32.0 + 20.0
    x, y, width, height = words_place(paper, HOUR, looking)
    assert 0.0 <= x < x + width <= paper.width
    assert 0.0 <= y < y + height <= paper.height


@pytest.mark.usefixtures("english")
def test_the_page_says_what_the_picture_says() -> None:
    words = review_page(Paper(1280.0, 800.0, LIGHT), HOUR, Looking(), refusal=None).sentence()
    for one in (
        "Session with Juniper",
        "Heart rate rose 2 times, and settled each time",
        "Heart rate could be read for 52 of 52 minutes",
        "more than most other minutes of this hour",
        "like any other minute of this hour",
        "91st",
        "72nd",
        "97th",
        "39 s ± 6 s",
        "2 min 26 s ± 6 s",
        "no rise",
        "no estimate while talking",
        ONE_MOMENT,
        "a rise more often than chance gives",
        "9 times in 4 sessions",
    ):
        assert one in words, one


@pytest.mark.parametrize("zoom", [None, (2040.0, 2160.0), (1740.0, 1860.0)])
def test_no_line_of_a_moment_strikes_through_words(zoom: tuple[float, float] | None) -> None:
    shown = plot(Looking(zoom=zoom))
    drawn, struck = hour(shown), 0
    poles = [
        one.points
        for one in drawn.shapes
        if isinstance(one, Path)
        and one.stroke.token == LIGHT.ink2
        and one.points[0][0] == one.points[1][0]
    ]
    for text in drawn.texts:
        half = theme.text_width(text.words, text.size, text.weight) / 2
        if text.align != "centre" or text.token == LIGHT.paper or text.y > shown.bottom:
            continue
        for (x, top), (_, bottom) in poles:
            inside = abs(x - text.x) <= half
            struck += inside
            assert not inside or bottom <= text.y - 11.0 or top >= text.y + 3.0
    assert struck or zoom


@pytest.mark.parametrize("height", [106.0, 160.0, 300.0])
def test_the_words_at_the_foot_lie_under_all_that_is_drawn(height: float) -> None:
    shown = plot_of(HOUR, WHOLE, Box(80.0, 176.0, 700.0, height), LIGHT)
    said = [one.y for one in brackets(shown).texts]
    assert said
    lowest = max(
        y for path in trace(shown, curve(HOUR.points, shown.scale)) for _, y in path.points
    )
    assert lowest <= min(said) - 11.0
    assert shown.scale.y(HOUR.bands[0].low) <= min(said) - 11.0


WITH_SWAY = Opened(msgspec.structs.replace(HOUR.reviewed, sway=True), HOUR.points)


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("size", [(1280.0, 800.0), (948.0, 592.0), (1422.0, 800.0)])
def test_the_lane_of_the_sway_lies_between_the_hour_and_its_moments(
    size: tuple[float, float],
) -> None:
    paper = Paper(*size, LIGHT)
    page = review_page(paper, WITH_SWAY, WHOLE, refusal=None)
    where = places(paper, 5, 3, sway=True)
    (title,) = [one for one in page.texts if one.words == "Sway with breathing, ms"]
    times = [one.y for one in page.texts if re.fullmatch(r"\d+:00", one.words) and one.y < title.y]
    heads = [one for one in page.texts if one.words == "Moment"]
    assert max(times) + 16.0 <= title.y <= where.lane.y
    assert where.lane.bottom + 20.0 <= heads[0].y == where.head
    assert where.rows >= 2
    inside = [
        y
        for one in page.shapes
        if isinstance(one, Path | Polygon) and one.points
        for _, y in one.points
        if where.plot.bottom + 6.0 < y < where.head - 14.0
    ]
    assert inside
    assert all(where.lane.y - 0.6 <= y <= where.lane.bottom + 0.6 for y in inside)
    assert "no estimate while talking" in page.sentence() or size[0] < 1000.0
    assert "Sway" not in review_page(paper, HOUR, WHOLE, refusal=None).sentence()


def test_where_there_is_no_sway_no_line_is_drawn() -> None:
    gone = np.full(len(HOUR.points), np.nan)
    points = Points(**{**dict(zip(COLUMNS, HOUR.points.columns(), strict=True)), "rsa": gone})
    opened = Opened(WITH_SWAY.reviewed, points)
    box = Box(80.0, 412.0, 1168.0, 44.0)
    drawn = sway(plot(opened=opened), box)
    assert not [one for one in drawn.shapes if isinstance(one, Polygon)]
    assert {one.stroke.token for one in drawn.shapes if isinstance(one, Path)} == {
        LIGHT.line,
        LIGHT.hair,
    }
    assert highest(points) == 60.0


def in_two_postures() -> Opened:
    sitting, standing = (
        BaselineBand(level, 3.0, start, start + 180.0, posture=posture)
        for level, start, posture in (
            (68.0, 12.0, PostureName.SITTING), (84.0, 1700.0, PostureName.STANDING),
        )
    )  # fmt: skip
    held = (
        Held(0.0, 1500.0, PostureName.SITTING, sitting),
        Held(1620.0, 2400.0, PostureName.STANDING, standing),
        Held(2520.0, None, PostureName.LYING, None),
    )
    return Opened(msgspec.structs.replace(HOUR.reviewed, held=held), HOUR.points)


@pytest.mark.usefixtures("english")
def test_each_posture_has_its_own_band_while_it_is_held_and_says_so() -> None:
    opened = in_two_postures()
    shown = plot(opened=opened)
    areas = [
        one for one in hour(shown).shapes if isinstance(one, Rectangle) and one.fill == LIGHT.band
    ]
    at = shown.scale.x
    assert [(one.x, one.x + one.width) for one in areas] == [
        (at(0.0), at(1500.0)), (at(1620.0), at(2400.0)),
    ]  # fmt: skip
    assert areas[0].y == pytest.approx(shown.scale.y(71.0))
    said = review_page(Paper(1280.0, 800.0, LIGHT), opened, WHOLE, refusal=None).sentence()
    assert "Baselines in bpm: sitting 65 to 71, standing 81 to 87, lying none." in said
    assert "baseline, sitting" in said
    assert "baseline, standing" in said
    assert opened.band(1000.0).posture is PostureName.SITTING
    assert opened.band(1550.0) is opened.band(2600.0) is None
    assert (
        "Baselines"
        not in review_page(Paper(1280.0, 800.0, LIGHT), HOUR, WHOLE, refusal=None).sentence()
    )


@pytest.mark.usefixtures("english")
def test_it_says_whose_heart_it_is_where_there_are_several() -> None:
    paper = Paper(1280.0, 800.0, LIGHT)
    for role, words in (
        ("client", "Review: the client's heart"),
        ("therapist", "Your own heart: here alone, in no report"),
        ("member 2", "Review: member 2"),
    ):
        told = msgspec.structs.replace(
            HOUR.reviewed, role=role, roles=("client", "therapist", role)
        )
        assert (
            words in review_page(paper, Opened(told, HOUR.points), WHOLE, refusal=None).sentence()
        )
    assert "client" not in review_page(paper, HOUR, WHOLE, refusal=None).sentence()


@pytest.mark.usefixtures("english")
def test_labels_of_this_hour_are_told_before_those_of_others() -> None:
    paper = Paper(1280.0, 800.0, LIGHT)
    elsewhere = msgspec.structs.replace(HOUR.reviewed.pooled[0], text="elsewhere", marks=40)
    told = msgspec.structs.replace(HOUR.reviewed, pooled=(elsewhere, *HOUR.reviewed.pooled))
    page = review_page(paper, Opened(told, HOUR.points), WHOLE, refusal=None)
    assert "elsewhere" not in page.sentence()
    assert "9 times in 4 sessions" in page.sentence()


def test_a_click_chooses_a_moment_or_shows_a_place() -> None:
    paper = Paper(1280.0, 800.0, LIGHT)
    scale = Scale(places(paper, 5, 3).plot, (0.0, LENGTH), 0.0, 1.0)
    assert clicked(Looking(), HOUR, paper, scale.x(1000.0) + 5.0).moment == 1
    seen = clicked(Looking(), HOUR, paper, scale.x(600.0 + 100.0))
    assert seen.zoom == pytest.approx((640.0, 760.0))
    nearer = wheeled(Looking(), HOUR, paper, 2.0, scale.x(700.0))
    assert nearer.zoom[0] < 700.0 < nearer.zoom[1]


def test_it_is_painted_in_the_colours_of_its_palette() -> None:
    paper = Paper(1280.0, 800.0, DARK)
    drawing = review_page(paper, HOUR, Looking(), refusal=None)
    seen = painted(lambda painter: paint(painter, drawing))
    used = {mark.stroke for mark in seen.marks if mark.stroke} | {
        m.fill for m in seen.marks if m.fill
    }
    tokens = {one.lower() for one in asdict(DARK).values() if str(one).startswith("#")}
    assert {one.lower() for one in used} <= tokens


def test_a_session_without_beats_is_a_page_too() -> None:
    told = msgspec.structs.replace(
        HOUR.reviewed, held=(), rises=(), moments=(), moments_total=0, pooled=(), gaps=(),
        talking=(), duration_s=0.0, readable_s=0.0, points=0,
    )  # fmt: skip
    drawing = review_page(
        Paper(1280.0, 800.0, LIGHT), Opened(told, NO_POINTS), Looking(), refusal=None
    )
    image = QImage(1280, 800, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    paint(painter, drawing)
    painter.end()
    assert isinstance(hour(plot(opened=Opened(told, NO_POINTS))), Drawing)
