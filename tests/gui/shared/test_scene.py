"""Lines, gaps, hatches and axes worked out from points."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docs import moments
from gui.live.axis import GrowingAxis, Range, ease, span, ticks
from gui.live.history import UNSETTLED, History, Points
from gui.live.layout import dim_layout, live_layout, pair_layout
from gui.shared import scene
from gui.shared.scene import Stretch
from physio.beats import Gap, GapCause
from pipelines.language import tr
from pipelines.session import NO_POINTS
from pipelines.session.snapshot import TalkingView


def points(state: moments.Columns) -> Points:
    history = History()
    history.add(state.pack(0))
    return history.points()


def random_columns(data: st.DataObject) -> moments.Columns:
    made = moments.columns(60.0, gap=False)
    n = len(made.values["time"])
    made.values["trust"] = np.array(
        data.draw(st.lists(st.sampled_from([0.0, 1.0, 2.0]), min_size=n, max_size=n))
    )
    steps = data.draw(st.lists(st.sampled_from([0, 0, 0, 1]), min_size=n, max_size=n))
    made.values["segment"] = np.cumsum(steps).astype(float)
    hidden = data.draw(st.lists(st.booleans(), min_size=n, max_size=n))
    made.values["heart_rate"] = np.where(hidden, np.nan, made.values["heart_rate"])
    return made


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_line_crosses_a_segment_or_a_withheld_value(data: st.DataObject) -> None:
    p = points(random_columns(data))
    found = scene.links(p, p.heart_rate)
    assert not (found.solid & found.dotted).any()
    assert not found.joined[-1]
    for i in np.flatnonzero(found.joined):
        assert p.segment[i] == p.segment[i + 1]
        assert np.isfinite(p.heart_rate[i : i + 2]).all()
        assert (p.trust[i : i + 2] > 0).all()
    for i in np.flatnonzero(found.solid):
        assert (p.trust[i : i + 2] == 2).all()


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_every_withheld_stretch_bears_words(data: st.DataObject) -> None:
    p = points(random_columns(data))
    found = scene.withheld_stretches(p, p.heart_rate, [], [])
    assert all(stretch.words for stretch in found)
    for first, last in scene.runs(~(np.isfinite(p.heart_rate) & (p.trust > 0))):
        middle = float(p.time[(first + last - 1) // 2])
        assert any(s.start <= middle <= s.end for s in found) or last - first < 4


def test_a_gap_is_bracketed_capped_and_never_hatched() -> None:
    p = points(moments.columns(moments.NOW))
    gaps = scene.gap_stretches([moments.GAP], moments.NOW)
    assert [g.words for g in gaps] == [f"{tr('link lost')}, {tr('{seconds:.0f} s', seconds=14)}"]
    caps = scene.caps(p, p.heart_rate, gaps)
    assert [round(c.time) for c in caps] == [1776, 1791]
    hatched = scene.withheld_stretches(p, p.rsa, gaps, [Stretch(1588.0, 1634.0, "talking")])
    assert not any(scene.overlap(h.start, h.end, gaps) for h in hatched)
    assert [h.words for h in hatched[1:]] == [tr("no estimate while talking"), tr("no estimate")]


def test_a_gap_that_lasts_has_one_cap_and_reaches_to_now() -> None:
    p = points(moments.columns(1700.0))
    gaps = scene.gap_stretches([Gap(1701.0, None, GapCause.LINK_LOST)], 1713.0)
    assert [(gap.start, gap.end) for gap in gaps] == [(1701.0, math.inf)]
    assert len(scene.caps(p, p.heart_rate, gaps)) == 1


def test_a_gap_before_the_first_value_has_its_far_cap_alone() -> None:
    p = points(moments.columns(60.0, gap=False))
    gap = [Stretch(0.0, 10.0, "link lost, 10 s")]
    values = np.where(p.time > 10.0, p.heart_rate, np.nan)
    assert [c.time for c in scene.caps(p, values, gap)] == [pytest.approx(10.6)]


def test_withheld_from_the_first_point_on_begins_there() -> None:
    p = points(moments.columns(60.0, gap=False))
    values = np.where(p.time > 20.0, p.heart_rate, np.nan)
    (found,) = scene.withheld_stretches(p, values, [], [])
    assert (found.start, found.end) == (p.time[0], pytest.approx(20.6))
    later = np.where((p.time > 20.0) & (p.time < 30.0), np.nan, p.heart_rate)
    (found,) = scene.withheld_stretches(p, later, [], [])
    assert (found.start, found.end) == (pytest.approx(19.6), pytest.approx(30.6))


def test_talk_lasts_while_it_has_no_end() -> None:
    spans = [TalkingView(3.0, 8.0), TalkingView(20.0, None)]
    assert scene.talking_stretches(spans) == [
        Stretch(3.0, 8.0, tr("talking")),
        Stretch(20.0, math.inf, tr("talking")),
    ]


def test_a_dotted_stretch_is_named_once() -> None:
    p = points(moments.columns(moments.NOW))
    talking = scene.talking_stretches([TalkingView(1588.0, 1634.0)])
    assert scene.limited_stretches(p, talking) == []
    assert [s.words for s in scene.limited_stretches(p, [])] == [tr("limited")]


def test_corrected_beats_near_each_other_share_their_words() -> None:
    p = points(moments.columns(moments.NOW))
    ((times, words),) = scene.corrected_groups(p)
    assert len(times) == 3
    assert words == tr("{count} corrected", count=3)


@given(st.integers(1, 120))
def test_dashes_begin_at_a_whole_dash_before_the_first_point(first: int) -> None:
    x = np.arange(200.0) * 3.5
    y = 40 * np.sin(x / 60)
    along = np.concatenate(([0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))))
    dx, dy = scene.dashes_begin(x, y, first, 22.0)
    np.testing.assert_array_equal(dx[1:], x[first:])
    start = np.interp(dx[0], x, along)
    assert start / 22.0 == pytest.approx(round(start / 22.0), abs=1e-6)
    assert 0 <= along[first] - start < 22.0
    assert len(dy) == len(dx)


def test_thinning_keeps_the_same_points_while_the_step_lasts() -> None:
    early = points(moments.columns(1500.0, gap=False))
    late = points(moments.columns(1600.0, gap=False))
    a, b = scene.thinned(early, 1000), scene.thinned(late, 1000)
    np.testing.assert_array_equal(a.time, b.time[: len(a)])
    assert len(b) <= 1000


@settings(max_examples=80)
@given(st.lists(st.tuples(st.floats(20, 240), st.floats(0.1, 3.0)), max_size=40))
def test_an_axis_never_shrinks(values: list[tuple[float, float]]) -> None:
    axis, now = GrowingAxis(Range(56.0, 96.0), 10.0), 0.0
    before = axis.shown(now)
    for value, step in values:
        now += step
        axis.follow(value, value, now)
        shown = axis.shown(now)
        assert shown.low <= before.low + 1e-9
        assert shown.high >= before.high - 1e-9
        before = shown


def test_an_axis_grows_by_ten_after_two_seconds_outside() -> None:
    axis = GrowingAxis(Range(56.0, 96.0), 10.0)
    axis.follow(70.0, 99.0, 0.0)
    axis.follow(70.0, 99.0, 1.9)
    assert axis.target == Range(56.0, 96.0)
    axis.follow(70.0, 99.0, 2.0)
    assert axis.target == Range(56.0, 106.0)
    assert axis.shown(2.3).high == pytest.approx(101.0)
    assert axis.shown(2.7).high == 106.0


def test_a_short_excursion_moves_nothing() -> None:
    axis = GrowingAxis(Range(56.0, 96.0), 10.0)
    axis.follow(70.0, 99.0, 0.0)
    axis.follow(70.0, 90.0, 1.5)
    axis.follow(70.0, 99.0, 3.0)
    assert axis.target == Range(56.0, 96.0)


@given(st.floats(-400, 400), st.floats(1, 900))
def test_ticks_are_few_round_and_inside(low: float, span: float) -> None:
    found = ticks(low, low + span)
    assert len(found) <= 4
    assert all(low - 1e-9 <= t <= low + span + 1e-9 for t in found)


def test_the_standard_ranges_have_three_or_four_ticks() -> None:
    assert ticks(56.5, 96.5) == [60, 70, 80, 90]
    assert ticks(50, 100) == [60, 80, 100]
    assert ticks(-4, 8) == [-3, 0, 3, 6]
    assert ticks(0, 60, most=2) == [0, 50]


@given(st.floats(0, 1), st.floats(0, 1))
def test_easing_keeps_order(a: float, b: float) -> None:
    low, high = sorted((a, b))
    assert 0 <= ease(low) <= ease(high) <= 1


@given(st.floats(853, 2600), st.floats(533, 1500), st.sampled_from((1, 2)))
def test_at_any_size_nothing_lies_over_the_glance_and_the_plot_keeps_a_place(
    width: float, height: float, people: int
) -> None:
    bright = live_layout(width, height) if people == 1 else pair_layout(width, height)
    dim = dim_layout(width, height, people=people)
    for layout, foot in ((bright, 44.0), (dim, 80.0)):
        assert layout.plot.height > 60
        assert layout.glance.bottom <= layout.plot.y - 36 + 1e-9
        assert layout.plot.bottom <= layout.height - foot
        assert layout.position.bottom - layout.position.y >= 150
    one = live_layout(width, height)
    assert one.trust.width >= 330
    assert one.position.right <= one.trust.x
    words = dim_layout(width, height, people=1).position
    assert words.bottom + 22 < dim_layout(width, height, people=1).plot.y - 36


SIZES = ((1280, 800), (1920, 1080), (1366, 768), (1024, 600), (2560, 1440))


@pytest.mark.parametrize("size", SIZES)
def test_boxes_stay_inside_and_apart(size: tuple[int, int]) -> None:
    for layout in (live_layout(*size), pair_layout(*size), dim_layout(*size, people=1)):
        boxes = [b for b in (layout.plot, layout.lane, layout.strip) if b is not None]
        for box in boxes:
            assert box.width > 300
            assert box.height > (25 if layout.lane is None and not layout.strip else 40)
            assert box.right <= layout.width
            assert box.bottom <= layout.height - 38
        for upper, lower in itertools.pairwise(boxes):
            assert upper.bottom < lower.y


def test_the_standard_coordinates() -> None:
    layout = live_layout(1280, 800)
    assert layout.lane is not None
    assert layout.strip is not None
    assert (layout.plot.x, layout.plot.y, layout.plot.right, layout.plot.bottom) == (
        80, 276, 1128, 504,
    )  # fmt: skip
    assert (layout.lane.y, layout.lane.bottom, layout.times_y) == (544, 608, 630)
    assert (layout.strip.y, layout.now_x, layout.trust.x) == (668, 1150, 864)
    wide = live_layout(1920, 1080)
    assert wide.scale == pytest.approx(1.35)
    assert wide.plot.right == pytest.approx(1128 + 1920 / 1.35 - 1280)


def test_too_small_loses_the_lane_then_the_strip_never_the_glance() -> None:
    assert live_layout(1100, 700).lane is None
    assert live_layout(1100, 640).strip is not None
    low = live_layout(1100, 560)
    assert low.strip is None
    assert low.position.height == live_layout(1280, 800).position.height


def test_history_takes_what_continues_it_and_what_moved() -> None:
    made, history = moments.columns(100.0, gap=False), History()
    history.add(made.pack(0))
    n = len(history)
    history.add(made.pack(0, n + 5))
    assert len(history) == n
    early = history.points()
    more = moments.columns(130.0, gap=False)
    history.add(more.pack(0, history.wanted))
    assert len(history) == n + 30
    assert history.wanted == n + 30 - UNSETTLED
    np.testing.assert_array_equal(history.points().time, more.values["time"])
    assert len(early) == n


def test_silence_without_a_gap_is_told() -> None:
    p = points(moments.columns(1700.0))
    now = float(p.time[-1])
    assert scene.silence(p, [], now + 4.0, name="", last_beat=now) == []
    (blank,) = scene.silence(p, [], now + 24.0, name="You: ", last_beat=now)
    assert blank == Stretch(now, math.inf, "You: " + tr("no beats, {seconds:.0f} s", seconds=24))
    open_gap = [Stretch(now, math.inf, "link lost, 24 s")]
    assert scene.silence(p, open_gap, now + 24.0, name="", last_beat=now) == []


def test_a_pause_lasts_from_the_newest_point_on_unless_a_gap_tells_of_it() -> None:
    p = points(moments.columns(100.0))
    last = float(p.time[-1])
    over = [Stretch(3.0, 9.0, "link lost, 6 s")]
    (blank,) = scene.pause(p, over, last + 1.0, last + 12.0, name="You: ")
    assert (blank.start, blank.end) == (last, math.inf)
    assert scene.pause(p, [Stretch(last, math.inf, "")], last, last + 12.0, name="") == []


def test_a_blank_before_the_first_point_is_named_too() -> None:
    assert scene.silence(NO_POINTS, [], 4.0, name="", last_beat=None) == []
    (blank,) = scene.silence(NO_POINTS, [], 52.0, name="", last_beat=None)
    assert blank == Stretch(0.0, math.inf, tr("no beats yet"))


def test_points_that_lag_behind_their_beats_are_no_silence() -> None:
    p = points(moments.columns(100.0))
    last = float(p.time[-1])
    (blank,) = scene.silence(p, [], last + 67.0, name="", last_beat=last + 66.0)
    assert blank == Stretch(last, math.inf, tr("beats arrive, drawn soon"))
    (blank,) = scene.silence(p, [], last + 67.0, name="", last_beat=last + 50.0)
    assert blank.words == tr("no beats, {seconds:.0f} s", seconds=17)


def test_the_whole_session_reaches_an_hour_and_then_grows_by_quarters() -> None:
    assert [span(t) for t in (0.0, 3600.0, 3601.0, 4500.5)] == [3600.0, 3600.0, 4500.0, 5400.0]


def test_a_ribbon_keeps_its_width_where_it_is_even_and_is_unknown_where_it_is():
    values = np.array([70.0, 71.0, np.nan, 73.0])
    low, high = scene.quiet(values, values - 2.0, values + 3.0)
    assert np.allclose(low, values - 2.0, equal_nan=True)
    assert np.allclose(high, values + 3.0, equal_nan=True)


def test_a_ribbon_does_not_flicker_and_never_changes_once_drawn():
    generator = np.random.default_rng(1)
    values = 70.0 + generator.normal(0, 1, 300)
    width = generator.uniform(1.0, 6.0, 300)
    low, high = scene.quiet(values, values - width, values + width)
    assert np.std(np.diff(values - low)[scene.CALM :]) < 0.1 * np.std(np.diff(width))
    earlier = scene.quiet(values[:200], (values - width)[:200], (values + width)[:200])
    assert np.allclose(low[:200], earlier[0])
    assert np.allclose(high[:200], earlier[1])
