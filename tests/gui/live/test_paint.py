"""What lies on the plots, by side, sign and order; and every state of them as it was painted."""

from __future__ import annotations

import itertools
import math

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QPainter

from docs import moments
from gui.live import curve, flags, paint, strip
from gui.live.annotations import Annotations
from gui.live.axis import GrowingAxis, Range
from gui.live.curve import Line, PixelScale
from gui.live.glance import dot
from gui.live.history import History, Points
from gui.live.lane import Lane
from gui.live.paint import Style
from gui.shared import Box, Disc, LowerHalf, Rectangle, scene, theme
from gui.shared.scene import Cap, Row, Stretch
from physio.arousal.glance import TrustLevel
from pipelines.drawing import DARK, DIM, LIGHT
from pipelines.session.snapshot import BaselineBand, MarkView
from tests.gui.live.stage import Key
from tests.gui.recorded import Picture, painted, recorded

pytestmark = [pytest.mark.view, pytest.mark.usefixtures("qapp", "english")]

LIGHT = LIGHT
BOX = Box(80.0, 276.0, 1000.0, 200.0)
NOW = 1000.0
STYLE = Style(LIGHT, NOW)
NO_ANNOTATIONS = Annotations((), ((),), (), (), (), ())


@pytest.fixture
def lane(qapp) -> Lane:
    """A lane of 50 to 100 whose 300 s end now."""
    made = Lane(GrowingAxis(Range(50.0, 100.0), 10.0, still=True), ("lake",), width=2.0)
    made.place(BOX, 0.0, 1.0)
    made.scroll(NOW - 300.0, NOW, 0.0)
    return made


def some_points(time, trust=2.0, segment=0.0) -> Points:
    t = np.asarray(time, float)
    flat = np.full(len(t), 70.0)
    columns = (t, flat, flat - 1, flat + 1, *[flat] * 5,
               np.full(len(t), segment), np.full(len(t), trust), np.zeros(len(t)))  # fmt: skip
    made = moments.Columns(dict(zip(moments.COLUMNS, columns, strict=True)))
    history = History()
    history.add(made.pack(0))
    return history.points()


def some_line(time, values=None, **how) -> Line:
    points = some_points(time, **how)
    found = points.heart_rate if values is None else np.asarray(values, float)
    return Line(points, found, found - 2.0, found + 3.0)


def test_later_lies_farther_right_and_more_lies_higher_up(lane):
    assert lane.x(NOW - 300.0) == BOX.x < lane.x(NOW - 10.0) < lane.x(NOW) == BOX.right
    assert lane.y(50.0) == BOX.bottom > lane.y(75.0) > lane.y(100.0) == BOX.y
    assert lane.x(NOW - 150.0) == pytest.approx(BOX.x + BOX.width / 2)
    assert (lane.within(-5.0), lane.within(300.0), lane.within(9e9)) == (BOX.y, 300.0, BOX.bottom)


def test_minutes_in_view_have_a_tick_and_none_lies_before_the_start(lane):
    assert lane.tick_times(60.0) == [720.0, 780.0, 840.0, 900.0, 960.0]
    lane.scroll(-200.0, 100.0, 0.0)
    assert lane.tick_times(60.0) == [0.0, 60.0]
    ticks = flags.small_ticks(lane, LIGHT, whole=False)
    assert [one.points[0][0] for one in ticks] == [lane.x(0.0), lane.x(60.0)]
    assert all(one.points[1][1] > one.points[0][1] == BOX.bottom for one in ticks)
    assert {one.stroke.token for one in ticks} == {LIGHT.line}
    lane.scroll(0.0, 3600.0, 0.0)
    quarters = flags.small_ticks(lane, LIGHT, whole=True)
    assert [one.points[0][0] for one in quarters] == [lane.x(900.0 * n) for n in range(5)]


def test_the_band_lies_between_its_values_and_inside_the_plot(lane):
    area, top, bottom = paint.band(lane, LIGHT, 60.0, 70.0)
    assert isinstance(area, Rectangle)
    assert (area.y, area.y + area.height) == (lane.y(70.0), pytest.approx(lane.y(60.0)))
    assert (area.x, area.width, area.fill) == (BOX.x, BOX.width, LIGHT.band)
    assert [one.points[0][1] for one in (top, bottom)] == [lane.y(70.0), lane.y(60.0)]
    assert all(one.stroke.dashes for one in (top, bottom))
    area, *_ = paint.band(lane, LIGHT, 20.0, 200.0)
    assert (area.y, area.height) == (BOX.y, BOX.height)


def test_hairs_lie_at_ticks_but_not_in_a_band_or_under_the_words(lane):
    def heights(*bands):
        return [one.points[0][1] for one in paint.hair_lines(lane, LIGHT, bands)]

    assert heights() == [paint.crisp(lane.y(value)) for value in (60.0, 80.0, 100.0)]
    assert heights((55.0, 65.0)) == [paint.crisp(lane.y(value)) for value in (80.0, 100.0)]
    lane.scroll(NOW - 300.0, NOW + 1.0, 0.0)
    low = [one for one in heights() if one > BOX.bottom - 32.0]
    assert low == []
    assert {one.stroke.token for one in paint.hair_lines(lane, LIGHT, ())} == {LIGHT.hair}
    assert paint.axis(lane, LIGHT).points[0] == (BOX.x, BOX.bottom + 0.5)
    assert paint.axis(lane, LIGHT).points[1] == (BOX.right, BOX.bottom + 0.5)


def test_the_ground_has_its_bands_under_its_hairs_unless_bare(lane):
    bands = [(62.0, 68.0)]
    full = painted(lambda p: paint.ground(p, lane, LIGHT, bands, hairs=True))
    (area,) = full.filled(LIGHT.band)
    assert (area.top, area.bottom) == pytest.approx((lane.y(68.0), lane.y(62.0)), abs=0.01)
    assert full.marks[0] == area
    assert len(full.stroked(LIGHT.hair)) == len(paint.hair_lines(lane, LIGHT, bands))
    assert not painted(lambda p: paint.ground(p, lane, LIGHT, bands, hairs=False)).stroked(
        LIGHT.hair
    )
    bare = painted(lambda p: paint.ground(p, lane, LIGHT, bands, hairs=True, bare=True))
    assert bare.filled(LIGHT.band)
    assert not bare.stroked(LIGHT.hair)


def test_the_blank_before_the_start_is_named_in_its_middle(lane):
    lane.scroll(-200.0, 100.0, 0.0)
    found = painted(lambda p: paint.stretches(p, lane, NO_ANNOTATIONS, Style(LIGHT, 100.0)))
    said = found.text("before the start")
    middle = said.x + theme.text_width(said.words, 14) / 2
    assert middle == pytest.approx((BOX.x + lane.x(0.0)) / 2, abs=0.5)
    lane.scroll(-20.0, 280.0, 0.0)
    assert painted(lambda p: paint.stretches(p, lane, NO_ANNOTATIONS, STYLE)).words == []


def test_a_mark_made_just_now_is_named_at_once(lane):
    marks = [MarkView(NOW - 1.0, "tears"), MarkView(NOW + 5.0, "not yet"), MarkView(1.0, "gone")]
    found = painted(lambda p: flags.marks(p, lane, marks, STYLE))
    assert found.words == ["tears"]
    assert found.text("tears").token == LIGHT.ink.lower()
    assert len(found.filled(LIGHT.ink)) == 1


def test_caps_stand_upright_around_the_ends_in_view(lane):
    ends = [Cap(NOW - 100.0, 80.0), Cap(NOW - 301.0, 80.0), Cap(NOW - 50.0, 500.0)]
    found = paint.caps(lane, ends, LIGHT)
    assert len(found) == 2
    (x, top), (below, bottom) = found[0].points
    assert x == below == lane.x(NOW - 100.0)
    assert top < lane.y(80.0) < bottom
    assert lane.y(80.0) - top == bottom - lane.y(80.0) == 8.0
    assert sum(y for _, y in found[1].points) / 2 == BOX.y


def test_a_bracket_reaches_from_its_beginning_to_its_end_or_to_now(lane):
    def ends(start, end):
        found = paint.bracket(lane, Stretch(start, end, "x"), STYLE)
        return None if found is None else tuple(x for x, _ in found.points)

    assert ends(NOW - 200.0, NOW - 100.0) == (lane.x(NOW - 200.0), lane.x(NOW - 100.0))
    assert ends(NOW - 20.0, math.inf) == (lane.x(NOW - 20.0), BOX.right)
    assert ends(NOW - 400.0, NOW - 250.0) == (BOX.x, lane.x(NOW - 250.0))
    assert ends(NOW - 500.0, NOW - 400.0) is None
    assert ends(NOW + 1.0, math.inf) is None
    found = paint.bracket(lane, Stretch(NOW - 20.0, math.inf, "x"), STYLE)
    assert BOX.bottom - 10.0 < found.points[0][1] == found.points[1][1] < BOX.bottom


def test_corrected_beats_are_open_diamonds_at_the_foot(lane):
    found = paint.diamonds(lane, [NOW - 10.0, NOW - 310.0, NOW - 20.0], LIGHT)
    assert [sum(x for x, _ in one.points) / 4 for one in found] == pytest.approx(
        [lane.x(NOW - 10.0), lane.x(NOW - 20.0)]
    )
    left, top, right, bottom = found[0].points
    assert left[0] < top[0] == bottom[0] < right[0]
    assert top[1] < left[1] == right[1] < bottom[1] < BOX.bottom
    assert found[0].fill is None


def test_a_hatch_covers_its_stretch_leans_right_and_moves_with_it(lane):
    lines = paint.hatch(lane, (300.0, 400.0), 290.0)
    assert all(y1 == BOX.bottom and y2 == BOX.y and x2 > x1 for x1, y1, x2, y2 in lines)
    assert lines[0][2] <= 300.0 + 8.0
    assert lines[-1][0] >= 400.0 - 8.0
    assert {(x1 - 290.0) % 8.0 for x1, *_ in lines} == {0.0}
    assert {round(b[0] - a[0], 9) for a, b in itertools.pairwise(lines)} == {8.0}


def test_later_words_give_way_to_earlier_ones():
    row = Row(0.0, 100.0)
    assert row.take(20.0, 20.0) == 20.0
    assert row.take(30.0, 20.0) is None
    assert row.take(43.0, 13.0) is None
    assert row.take(44.0, 12.0) == 44.0
    assert row.take(2.0, 6.0) is None
    assert row.take(95.0, 11.0) is None
    assert row.take(95.0, 10.0) == 95.0


def test_words_over_an_edge_move_inside_where_they_may():
    row = Row(0.0, 100.0)
    assert row.take(99.0, 20.0, move=True) == 90.0
    assert row.take(-5.0, 20.0, move=True) == 10.0
    assert row.take(95.0, 20.0, move=True) is None


def test_a_mark_has_its_pole_over_the_whole_plot_and_its_flag_flies_right(lane):
    x = lane.x(NOW - 100.0)
    (whole,) = flags.pole(lane, x, LIGHT)
    (_, top), (_, bottom) = whole.points
    assert top == BOX.y - flags.FLAGS
    assert bottom == BOX.bottom
    upper, tip, lower = flags.flag(x, 10.0, LIGHT).points
    assert upper == (x, 10.0)
    assert lower[0] == x < tip[0]
    assert upper[1] < tip[1] < lower[1]
    assert flags.flag(x, 10.0, LIGHT).fill == LIGHT.ink


def test_an_older_label_gives_way_to_a_newer_flag():
    (older, newer) = scene.placed_labels([100.0, 180.0], [150.0, 150.0], 80.0, 1000.0)
    assert older == (100.0 + scene.AFTER_FLAG, 180.0 - scene.BETWEEN_WORDS - 118.0)
    assert newer == (180.0 + scene.AFTER_FLAG, 150.0)


def test_a_label_that_does_not_fit_before_the_edge_lies_left_of_its_flag():
    older, newest = scene.placed_labels([700.0, 950.0], [60.0, 100.0], 80.0, 1000.0)
    assert newest == (950.0 - scene.BEFORE_FLAG - 100.0, 100.0)
    assert older == (718.0, 60.0)


@given(
    st.lists(st.floats(0.0, 1000.0), max_size=12).map(sorted),
    st.data(),
)
def test_no_label_meets_another_a_flag_or_an_edge(places, data):
    widths = data.draw(st.lists(st.floats(0.0, 240.0), min_size=len(places), max_size=len(places)))
    found = scene.placed_labels(places, widths, 0.0, 1000.0)
    boxes = [(place[0], place[0] + place[1]) for place in found if place is not None]
    flown = [(x, x + scene.FLAG_WIDTH) for x in places]
    for left, right in boxes:
        assert 0.0 <= left <= right <= 1000.0
        assert all(right <= a or b <= left for a, b in flown if b <= 1000.0 or a < left)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(boxes))


def test_ten_flags_in_a_minute_all_fly_and_the_newest_is_named(lane):
    marks = [MarkView(NOW - 100.0 + 6.0 * k, f"moment {k}") for k in range(10)]
    found = painted(lambda p: flags.marks(p, lane, marks, STYLE))
    assert len(found.filled(LIGHT.ink, "polygon")) == 10
    assert found.words[-1] == "moment 9"


@given(
    st.lists(st.floats(NOW - 290.0, NOW - 5.0), min_size=1, max_size=8).map(sorted),
    st.lists(st.floats(2.0, 8.0), min_size=8, max_size=8),
    st.booleans(),
)
def test_a_narrow_hatch_is_named_near_by_whatever_else_is_said(starts, lengths, crowded):
    lane = Lane(GrowingAxis(Range(50.0, 100.0), 10.0, still=True), ("lake",), width=2.0)
    lane.place(BOX, 0.0, 1.0)
    lane.scroll(NOW - 300.0, NOW, 0.0)
    found = [
        Stretch(start, start + length, "no estimate while talking")
        for start, length in zip(starts, lengths, strict=False)
    ]
    said = (Stretch(NOW - 300.0, NOW, "limited"),) if crowded else ()
    annotations = Annotations(said, (tuple(found),), (), (), (), ())
    seen = painted(lambda p: paint.stretches(p, lane, annotations, STYLE))
    width = theme.text_width(paint.SHORT, 14)
    named = [text.x + width / 2 for text in seen.texts if text.words == paint.SHORT]
    for stretch in found:
        middle = lane.x(stretch.start + (stretch.end - stretch.start) / 2)
        inside = min(max(middle, BOX.x + width / 2), BOX.right - width / 2)
        assert min(abs(inside - x) for x in named) <= width + 8 + 0.1  # SVG rounds


CLEAR, LIMITED, NONE = TrustLevel.CLEAR, TrustLevel.LIMITED, TrustLevel.NONE


def dots(lane: Lane, line: Line, *, now: float = NOW, trust: TrustLevel | None = CLEAR):
    lane.lines = [line]
    return flags.newest_dots(lane, [trust], Style(LIGHT, now))


def test_the_newest_dot_lies_at_the_end_of_its_line(lane):
    ((clearing, disc),) = dots(lane, some_line([NOW - 20.0, NOW - 10.0], [60.0, 80.0]))
    assert clearing.fill == LIGHT.paper
    assert disc == Disc((lane.x(NOW - 10.0) + 7.0, lane.y(80.0)), 9.0, fill=LIGHT.lake)
    ((_, disc),) = dots(lane, some_line([NOW - 0.5]))
    assert disc.centre[0] == lane.x(NOW)
    ((_, disc),) = dots(lane, some_line([NOW - 5.0], [900.0]))
    assert disc.centre[1] == BOX.y


def test_of_two_dots_in_one_place_both_are_seen():
    lane = Lane(GrowingAxis(Range(50.0, 100.0), 10.0, still=True), ("lake", "clay"), width=2.0)
    lane.place(BOX, 0.0, 1.0)
    lane.scroll(NOW - 300.0, NOW, 0.0)
    lane.lines = [some_line([NOW - 1.0], [70.0]), some_line([NOW - 1.0], [71.0])]
    lower, upper = flags.newest_dots(lane, [CLEAR, CLEAR], STYLE)
    assert (lower[-1].fill, upper[-1].fill) == (LIGHT.lake, LIGHT.clay)
    assert upper[0].radius < lower[-1].radius - 1.0
    lane.lines[1] = some_line([NOW - 1.0], [90.0])
    lower, upper = flags.newest_dots(lane, [CLEAR, CLEAR], STYLE)
    assert upper[-1].radius == lower[-1].radius


def test_a_limited_line_ends_in_half_a_dot_and_an_unread_one_in_none(lane):
    ((_, lower, rim),) = dots(lane, some_line([NOW - 1.0], trust=1.0))
    assert isinstance(lower, LowerHalf)
    assert rim.fill is None
    assert dots(lane, some_line([NOW - 1.0], trust=0.0)) == []
    assert dots(lane, some_line([NOW - 2.0, NOW - 1.0], [70.0, np.nan])) == []
    assert dots(lane, some_line([NOW - 1.0]), trust=None) == []
    assert dots(lane, some_line([])) == []
    assert dots(lane, some_line([NOW - 60.0])) == []


def test_no_line_ends_in_a_fuller_dot_than_its_glance_has(lane):
    for trust, limit, kind in (
        (2.0, CLEAR, "full"), (2.0, LIMITED, "half"), (1.0, CLEAR, "half"), (1.0, LIMITED, "half"),
        (2.0, NONE, "none"), (1.0, NONE, "none"),
    ):  # fmt: skip
        (shapes,) = dots(lane, some_line([NOW - 1.0], [70.0], trust=trust), trust=limit)
        place = lane.x(NOW - 1.0) + 7.0 if NOW - 1.0 + 7.0 < NOW else lane.x(NOW), lane.y(70.0)
        assert [type(one) for one in shapes] == [
            type(one) for one in dot(*place, 9.0, kind, LIGHT.lake, LIGHT)
        ]
        assert (shapes[-1].fill is not None) == (kind == "full")


@given(
    st.lists(st.floats(NOW - 299.0, NOW - 1.0), min_size=1, max_size=8),
    st.lists(st.tuples(st.floats(NOW - 300.0, NOW), st.floats(2.0, 200.0)), max_size=6),
    st.booleans(),
)
def test_no_pole_strikes_through_words(marked, spans, bare):
    lane = Lane(GrowingAxis(Range(50.0, 100.0), 10.0, still=True), ("lake",), width=2.0)
    lane.place(BOX, 0.0, 1.0)
    lane.scroll(NOW - 300.0, NOW, 0.0)
    said = [Stretch(start, start + length, "talking") for start, length in spans]
    hatched = tuple(Stretch(one.start, one.end, "no estimate while talking") for one in said[::2])
    annotations = Annotations(
        tuple(said[1::2]), (hatched,), (), (([NOW - 9.0], "1 corrected"),), (), ()
    )
    style = Style(LIGHT, NOW, bare=bare)

    def paints(painter: QPainter) -> None:
        words = paint.stretches(painter, lane, annotations, style)
        flags.marks(painter, lane, [MarkView(time, "") for time in sorted(marked)], style, words)

    seen = painted(paints)
    poles = [one for one in seen.stroked(LIGHT.ink) if one.left == one.right]
    for time in marked:
        assert min(abs(one.left - lane.x(time)) for one in poles) < 0.2  # SVG rounds
    for text in seen.texts:
        right = text.x + theme.text_width(text.words, 14)
        for one in poles:
            inside = text.x <= one.left <= right
            assert not inside or one.bottom <= text.y - 11.0 or one.top >= text.y + 3.0


@pytest.mark.parametrize("height", [120.0, 300.0])
def test_in_a_low_plot_of_two_words_stand_under_its_upper_edge(height):
    lane = Lane(GrowingAxis(Range(-4.0, 8.0), 3.0, still=True), ("lake", "clay"), width=2.0)
    box = Box(80.0, 276.0, 700.0, height)
    lane.place(box, 0.0, 1.0)
    lane.scroll(NOW - 300.0, NOW, 0.0)
    talking = Annotations((Stretch(NOW - 60.0, NOW, "talking"),), ((),), (), (), (), ())
    (said,) = painted(lambda p: paint.stretches(p, lane, talking, STYLE)).texts
    hairs = [one.points[0][1] for one in paint.hair_lines(lane, LIGHT, [(-1.0, 1.0)])]
    assert hairs
    assert not any(said.y - 12.0 < y < said.y + 4.0 for y in hairs)
    if height < 200.0:
        assert said.y < lane.y(5.0)
    else:
        assert said.y > lane.y(-3.0)


def test_ticks_bear_true_minus_signs():
    assert [flags.tick_words(v, signed=True) for v in (-3.0, 0.0, 3.0)] == ["−3", "0", "+3"]
    assert [flags.tick_words(v, signed=False) for v in (-3.0, 60.0)] == ["−3", "60"]


def joins_of(line: Line) -> scene.Links:
    return scene.links(line.points, line.values)


def test_a_ribbon_runs_above_there_and_below_back(qapp):
    line = some_line([1.0, 2.0, 3.0], [60.0, 61.0, 62.0])
    (outline,) = curve.ribbon(line, joins_of(line), 0)
    assert outline.tolist() == [
        [1.0, 63.0], [2.0, 64.0], [3.0, 65.0], [3.0, 60.0], [2.0, 59.0], [1.0, 58.0],
    ]  # fmt: skip


def test_a_ribbon_breaks_where_low_or_high_is_withheld(qapp):
    line = some_line(np.arange(1.0, 8.0), np.arange(61.0, 68.0))
    line.low[3] = np.nan
    spans = [(o[:, 0].min(), o[:, 0].max()) for o in curve.ribbon(line, joins_of(line), 0)]
    assert spans == [(1.0, 3.0), (5.0, 7.0)]
    later = curve.ribbon(line, joins_of(line), 1)
    assert later[0][:, 0].min() == 2.0


def test_pieces_of_a_line_end_with_their_spans_and_begin_at_a_whole_dash(qapp):
    line = some_line(np.arange(10.0), np.arange(60.0, 70.0))
    scale = PixelScale(10.0, 10.0)
    one, other = curve.pieces(line, [(0, 3), (5, 9)], 0, 7.0, scale)
    assert one[:, 0].tolist() == [0.0, 1.0, 2.0, 3.0]
    assert other[:, 1].tolist() == [65.0, 66.0, 67.0, 68.0, 69.0]
    (cut,) = curve.pieces(line, [(0, 3), (5, 9)], 7, 7.0, scale)
    assert cut[1:, 0].tolist() == [7.0, 8.0, 9.0]
    assert 6.0 < cut[0, 0] <= 7.0
    assert curve.pieces(line, [(0, 3)], 5, 7.0, scale) == []


SCALE = strip.Scale(Box(100.0, 600.0, 1000.0, 60.0), 3600.0, 50.0, 100.0)


def test_the_strip_shows_later_farther_right_and_more_higher_up():
    assert [SCALE.x(t) for t in (0.0, 1800.0, 3600.0)] == [100.0, 600.0, 1100.0]
    assert SCALE.y(50.0) == 654.0 > SCALE.y(75.0) == 630.0 > SCALE.y(100.0) == 606.0


def test_the_strips_window_is_what_the_plots_show():
    box = strip.window(SCALE, 1800.0, LIGHT)
    assert (box.x, box.x + box.width) == (SCALE.x(1500.0), pytest.approx(SCALE.x(1800.0)))
    assert box.y < SCALE.box.y
    assert SCALE.box.y < box.y + box.height < SCALE.box.bottom
    early = strip.window(SCALE, 5.0, LIGHT)
    assert (early.x, early.width) == (100.0, 6.0)


def test_the_strips_baseline_lies_at_its_level_over_its_stretch():
    area, under = strip.band(SCALE, BaselineBand(70.0, 5.0, 360.0, 720.0), LIGHT)
    assert (area.y, area.y + area.height) == (SCALE.y(75.0), pytest.approx(SCALE.y(65.0)))
    assert (area.x, area.width) == (100.0, 1000.0)
    assert [x for x, _ in under.points] == [SCALE.x(360.0), SCALE.x(720.0)]
    thin, _ = strip.band(SCALE, BaselineBand(70.0, 0.1, 0.0, 1.0), LIGHT)
    assert thin.height == 3.0


def test_the_strips_line_breaks_where_nothing_is_known():
    one, two = some_points(np.arange(10.0)), some_points(np.arange(20.0, 30.0), segment=1.0)
    both = Points(
        *(np.concatenate(pair) for pair in zip(one.columns(), two.columns(), strict=True))
    )
    paths = strip.trace(SCALE, both, LIGHT)
    assert [(p.points[0][0], p.points[-1][0]) for p in paths] == [
        (SCALE.x(0.0), pytest.approx(SCALE.x(9.0))),
        (SCALE.x(20.0), pytest.approx(SCALE.x(29.0))),
    ]
    assert {y for p in paths for _, y in p.points} == {SCALE.y(70.0)}
    assert {p.stroke.token for p in paths} == {LIGHT.lake}


def test_a_mark_in_the_strip_has_its_flag_at_its_top():
    pole, flag = strip.mark_shapes(SCALE, 1800.0, LIGHT)
    assert pole.points == ((600.0, 594.0), (600.0, 660.0))
    assert flag.points[0] == pole.points[0]


# Each state, as it was painted.


def plots(stage, state: str) -> Picture:
    return recorded(stage(state).view.traces)


def dot_of(found: Picture) -> str:
    """The kind of the dot at the end of the first line."""
    lake = LIGHT.lake.lower()
    filled = [m for m in found.marks if m.fill == lake and 17.0 < m.right - m.left < 19.0]
    if not filled:
        return ""
    return "full" if filled[0].kind == "circle" else "half"


@pytest.mark.parametrize(
    ("state", "dot"),
    [("live", "full"), ("near", "full"), ("limited", "half"), ("gap", ""), ("paused", "")],
)
def test_a_line_ends_in_the_dot_of_its_trust(stage, state, dot):
    assert dot_of(plots(stage, state)) == dot


def test_a_gap_that_is_over_is_bracketed_and_capped(stage):
    found, lane = plots(stage, "live"), stage("live").view.traces.heart
    words = found.text("link lost, 14 s")
    left, right = lane.x(moments.GAP.start), lane.x(moments.GAP.end)
    assert left < words.x + 40.0 < right + 40.0
    brackets = [m for m in found.stroked(LIGHT.line) if m.width == 2.0 and m.top == m.bottom]
    assert (pytest.approx(left), pytest.approx(right)) in [(m.left, m.right) for m in brackets]
    caps = [m for m in found.stroked(LIGHT.line) if m.width == 2.0 and m.left == m.right]
    assert {round(m.middle[0]) for m in caps} == {round(lane.x(1775.6)), round(lane.x(1790.6))}


def test_a_gap_that_lasts_reaches_to_now(stage):
    one = stage("gap")
    found, lane = recorded(one.view.traces), one.view.traces.heart
    assert found.text("link lost, 12 s")
    brackets = [m for m in found.stroked(LIGHT.line) if m.width == 2.0 and m.top == m.bottom]
    assert max(m.right for m in brackets) == pytest.approx(lane.x(moments.NOW), abs=1.0)


def test_marks_in_view_are_named_beside_their_flags(stage):
    one = stage("live")
    found, lane = recorded(one.view.traces), one.view.traces.heart
    x = lane.x(1652.0)
    assert found.text("touched hip").x == pytest.approx(x + 18.0, abs=0.01)
    flags_seen = [m for m in found.filled(LIGHT.ink) if m.bottom - m.top == pytest.approx(12.0)]
    assert [m.left for m in flags_seen] == [pytest.approx(x, abs=0.01)]
    assert "tears" not in found.words


def test_talking_limits_the_line_and_hatches_the_lane(stage):
    found = plots(stage, "limited")
    assert "talking" in found.words
    assert any(words.startswith("no estimate") for words in found.words)
    hairs = [m for m in found.stroked(LIGHT.hair) if m.left < m.right and m.top < m.bottom]
    assert len(hairs) > 5


def test_corrected_beats_are_told_under_the_line(stage):
    found = plots(stage, "live")
    diamonds = [m for m in found.stroked(LIGHT.ink2) if m.right - m.left == pytest.approx(7.0)]
    assert len(diamonds) == 3
    words = found.text("3 corrected")
    assert words.y < diamonds[0].top
    assert diamonds[0].left - 60 < words.x < diamonds[-1].right


@pytest.mark.parametrize("state", ["no strap", "connecting", "first beats", "unreachable"])
def test_before_anything_is_known_the_plot_says_so_and_has_no_dot(stage, state):
    found = plots(stage, state)
    assert dot_of(found) == ""
    told = {"nothing to show yet", "before the start"} & set(found.words)
    assert told
    assert not [m for m in found.stroked(LIGHT.lake) if len(m.points) > 2]


def test_the_blank_before_the_start_is_named(stage):
    assert "before the start" in plots(stage, "warming up").words
    assert "before the start" not in plots(stage, "live").words


def test_a_paused_plot_says_since_when(stage):
    found = plots(stage, "paused")
    assert "paused, 40 s" in found.words
    assert "no beats" not in " ".join(found.words)


def test_a_pause_that_the_recorder_has_not_told_as_a_gap_is_named_all_the_same(stage):
    one = stage("paused")
    assert one.moment.state is not None
    (view,) = one.moment.state.sources
    quality = msgspec.structs.replace(view.quality, gaps=())
    one.change(sources=(msgspec.structs.replace(view, quality=quality),))
    found = recorded(one.view.traces)
    assert "paused, 40 s" in found.words
    assert not [m for m in found.filled(LIGHT.lake) if m.kind in ("circle", "ellipse")]


def test_a_finished_plot_keeps_its_line(stage):
    found = plots(stage, "finished")
    assert any(len(m.points) > 50 for m in found.stroked(LIGHT.lake))


def test_each_ribbon_lies_on_both_sides_of_its_line(stage):
    one = stage("near")
    found, traces = recorded(one.view.traces), one.view.traces
    for lane in (traces.heart, traces.sway):
        box = lane.box
        here = [m for m in found.marks if box.y - 1 < m.top and m.bottom < box.bottom + 1]
        wide = [m for m in here if len(m.points) > 50 and m.right - m.left > 200]
        (ribbon,) = [m for m in wide if m.fill == LIGHT.lake.lower()]
        line = max((m for m in wide if m.stroke == LIGHT.lake.lower()), key=lambda m: m.right)
        assert ribbon.top < line.top - 1.0
        assert ribbon.bottom > line.bottom + 1.0


def test_the_ribbon_is_a_wash_under_its_own_line(stage):
    found = plots(stage, "live")
    ribbons = [m for m in found.filled(LIGHT.lake) if len(m.points) > 50]
    lines = [m for m in found.stroked(LIGHT.lake) if len(m.points) > 20]
    assert ribbons
    assert found.marks.index(ribbons[0]) < found.marks.index(lines[0])
    assert min(m.top for m in ribbons) < min(m.top for m in lines)


def test_now_stands_at_the_right_and_minutes_left_of_it(stage):
    one = stage("live")
    found = recorded(one.view.traces)
    now = found.text("now")
    assert now.x + theme.text_width("now", 14, 600) / 2 == pytest.approx(1128.0, abs=1.0)
    clocks = [text for text in found.texts if text.words in ("28:00", "29:00", "30:00")]
    assert [text.x for text in clocks] == sorted(text.x for text in clocks)
    assert len(clocks) == 3
    assert all(text.x < now.x and text.y == now.y for text in clocks)


def test_two_people_have_two_lines_in_their_colours_and_both_are_named(stage):
    found = plots(stage, "two people")
    solid = [m for m in found.stroked(LIGHT.lake) if len(m.points) > 50]
    dashed = [m for m in found.stroked(LIGHT.clay) if len(m.points) > 50]
    assert solid
    assert dashed
    assert all(m.dashed for m in dashed)
    assert not any(m.dashed for m in solid)
    assert {"Client", "You"} <= set(found.words)


def test_of_two_people_the_corrected_beats_of_both_are_counted(stage):
    found = plots(stage, "two people")
    assert "6 corrected" in found.words
    assert "3 corrected" not in found.words


def test_a_long_name_at_a_line_s_end_stays_on_the_screen(stage):
    one = stage("two people")
    assert one.moment.state is not None
    views = [msgspec.structs.replace(v, role="the grandmother") for v in one.moment.state.sources]
    one.change(sources=tuple(views))
    for dim in (False, True):
        if dim:
            one.press(Key.Key_D)
        named = [t for t in recorded(one.view.traces).texts if t.words.startswith("The")]
        ends = [t for t in named if t.x > 1100]
        assert len(ends) == 2
        for text in ends:
            assert text.x + theme.text_width(text.words, 20, 500) <= 1280


def test_before_the_first_beat_the_blank_is_named(stage):
    assert "no beats yet" in plots(stage, "no strap").words


def test_the_dim_plot_is_bare(stage):
    one = stage("live")
    one.press(Key.Key_D)
    found = recorded(one.view.traces)
    assert "now" not in found.words
    assert "3 corrected" not in found.words
    assert "link lost, 14 s" in found.words
    assert found.stroked(DIM.lake)


def strip_of(stage, state: str) -> Picture:
    view = stage(state).view
    layout = view.current_layout()

    def draw(painter: QPainter) -> None:
        view.strip._draw(painter, layout.strip)

    return painted(draw)


def test_the_strip_has_line_flags_and_window_where_they_belong(stage):
    found = strip_of(stage, "live")
    flags_seen = [m for m in found.filled(LIGHT.ink) if m.bottom - m.top == pytest.approx(12.0)]
    assert len(flags_seen) == 3
    assert [m.left for m in flags_seen] == sorted(m.left for m in flags_seen)
    (window,) = found.filled(LIGHT.surface)
    assert window.left < flags_seen[-1].left < window.right
    assert flags_seen[1].left < window.left
    lines = [m for m in found.stroked(LIGHT.lake) if len(m.points) > 20]
    assert len(lines) == 2
    assert lines[0].right < lines[1].left
    assert lines[1].right == pytest.approx(window.right, abs=2.0)
    assert {"Whole hour", "0:00", "15:00", "30:00", "45:00", "60:00", "baseline"} == set(
        found.words
    )


def test_the_strip_is_painted_where_it_lies_and_in_the_palette_of_now(stage):
    one = stage("live")
    strip_y, box = one.view.strip.y(), one.view.current_layout().strip

    def rows(token: str) -> set[int]:
        """The rows of the window in which the strip shows this colour."""
        image = one.view.strip.grab().toImage()
        wanted = theme.colour(token).rgb()
        return {
            strip_y + y
            for y in range(image.height())
            if any(image.pixel(x, y) == wanted for x in range(image.width()))
        }

    lake = rows(LIGHT.lake)
    assert lake
    assert box.y <= min(lake) <= max(lake) <= box.bottom
    one.press(Key.Key_L)
    assert rows(DARK.lake)
    assert not rows(LIGHT.paper)


def test_before_anything_is_known_the_strip_has_its_axis_alone(stage):
    for state in ("no strap", "unreachable"):
        found = strip_of(stage, state)
        assert "Whole hour" in found.words
        assert "baseline" not in found.words
        assert found.stroked(LIGHT.lake) == []
        assert found.filled(LIGHT.ink) == []
