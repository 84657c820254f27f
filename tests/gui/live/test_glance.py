"""The glance by side, sign and order: level, dot, arrow, and where each state's words stand."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import pytest

from docs import moments
from gui.live import glance
from gui.live.layout import live_layout
from gui.shared import Box, Disc, LowerHalf, Path, Rectangle, theme
from physio.arousal.glance import Direction, Position, TrustLevel
from pipelines.drawing import DIM, LIGHT
from pipelines.words import Words
from tests.gui.live.stage import Key
from tests.gui.recorded import Picture, recorded

pytestmark = [pytest.mark.view, pytest.mark.usefixtures("qapp", "english")]

LAKE, PAPER = LIGHT.lake, LIGHT.paper
BOX = Box(32.0, 84.0, 48.0, 152.0)
MIDDLE = BOX.y + BOX.height / 2


def said(level: float | None = 0.0, dot: str = "full", *, compared: bool = True) -> Words:
    return Words(
        "live",
        "Near",
        "steady",
        Direction.STEADY,
        "Clear",
        ("", ""),
        dot,
        level=level,
        compared=compared,
    )


def level(at: float | None, dot: str = "full", **how: bool) -> list[glance.Shape]:
    return glance.level(BOX, said(at, dot, **how), LAKE, LIGHT)


def dot_y(at: float) -> float:
    (disc,) = [one for one in level(at) if isinstance(one, Disc) and one.fill == LAKE]
    assert disc.centre[0] == BOX.x + BOX.width / 2
    return disc.centre[1]


def test_above_the_baseline_the_dot_is_above_the_middle():
    assert dot_y(3.0) < dot_y(0.5) < MIDDLE
    assert dot_y(0.0) == MIDDLE
    assert MIDDLE < dot_y(-0.5) < dot_y(-3.0)
    assert dot_y(2.0) - MIDDLE == pytest.approx(MIDDLE - dot_y(-2.0))


def test_the_track_reaches_six_spreads_each_way_and_the_dot_no_farther():
    assert dot_y(6.0) == dot_y(40.0) == BOX.y
    assert dot_y(-6.0) == dot_y(-40.0) == BOX.bottom
    assert dot_y(5.9) > BOX.y
    assert MIDDLE - dot_y(3.0) == pytest.approx(BOX.height / 4)
    track = level(0.0)[0]
    assert isinstance(track, Path)
    assert track.points == ((56.0, BOX.y), (56.0, BOX.bottom))


def test_the_box_is_one_spread_each_way_and_empty_without_a_baseline():
    box, unknown = level(1.0)[1], level(None, compared=False)[1]
    assert isinstance(box, Rectangle)
    assert isinstance(unknown, Rectangle)
    assert box.y == pytest.approx(dot_y(1.0))
    assert box.y + box.height == pytest.approx(dot_y(-1.0))
    assert (box.x, box.x + box.width) == (BOX.x + 0.5, BOX.right - 0.5)
    assert box.fill == LIGHT.band
    assert not box.stroke.dashes
    assert unknown.fill == PAPER
    assert unknown.stroke.dashes


def test_without_a_level_there_is_no_dot():
    assert [type(one) for one in level(None)] == [Path, Rectangle]


def test_a_clear_dot_is_full_a_limited_one_half_and_no_reading_a_ring():
    full, half, none = (glance.dot(10.0, 20.0, 13.0, kind, LAKE, LIGHT)
                        for kind in ("full", "half", "none"))  # fmt: skip
    for shapes in (full, half, none):
        assert shapes[0] == Disc((10.0, 20.0), 15.5, fill=PAPER)
    assert full[1:] == [Disc((10.0, 20.0), 13.0, fill=LAKE)]
    lower, rim = half[1:]
    assert lower == LowerHalf((10.0, 20.0), 13.0, fill=LAKE)
    assert (rim.fill, rim.stroke.token, rim.stroke.dashes) == (None, LAKE, ())
    (ring,) = none[1:]
    assert (ring.fill, ring.stroke.token) == (None, LIGHT.ink2)
    assert sum(ring.stroke.dashes) * 8 * ring.stroke.width == pytest.approx(
        2 * math.pi * ring.radius
    )


def arrow(direction: str) -> list[Path]:
    return glance.arrow(100.0, 50.0, 44.0, direction, LAKE)


def tip_of(direction: str) -> tuple[float, float]:
    tips = {one.points[1] for one in arrow(direction)}
    assert len(tips) == 1, "shaft and barbs meet at the tip"
    return tips.pop()


def tail_of(direction: str) -> tuple[float, float]:
    return arrow(direction)[0].points[0]


def test_an_arrow_points_where_heart_rate_goes():
    assert tip_of("rising")[1] < 50.0 < tail_of("rising")[1]
    assert tip_of("steady")[1] == tail_of("steady")[1] == 50.0
    for falling in ("settling", "lowering"):
        assert tip_of(falling)[1] > 50.0 > tail_of(falling)[1]
    assert tip_of("rising")[1] - 50.0 == pytest.approx(50.0 - tip_of("settling")[1])


@pytest.mark.parametrize("direction", ["rising", "steady", "settling", "lowering"])
def test_an_arrow_points_to_the_right_and_turns_about_its_middle(direction):
    (x, y), (tail_x, tail_y) = tip_of(direction), tail_of(direction)
    assert tail_x < 122.0 < x
    assert (x + tail_x) / 2 == pytest.approx(122.0)
    assert (y + tail_y) / 2 == pytest.approx(50.0)
    assert math.hypot(x - tail_x, y - tail_y) == pytest.approx(44.0)
    barbs = [one.points[0] for one in arrow(direction)[1:]]
    assert len({round(math.hypot(a - x, b - y), 6) for a, b in barbs}) == 1
    assert all(math.hypot(a - tail_x, b - tail_y) < 44.0 for a, b in barbs)
    assert math.hypot(barbs[0][0] - barbs[1][0], barbs[0][1] - barbs[1][1]) > 20.0
    assert {one.stroke.token for one in arrow(direction)} == {LAKE}


def test_an_arrow_has_its_barbs_at_its_tip():
    shaft, *barbs = arrow(Direction.STEADY)
    tail, tip = shaft.points
    assert tail[0] < tip[0]
    for barb in barbs:
        assert math.dist(barb.points[0], tip) < math.dist(tail, tip) / 2
        assert barb.points[0][0] > (tail[0] + tip[0]) / 2


def test_an_unclear_direction_has_no_arrow():
    assert arrow(None) == arrow(Direction.UNCLEAR) == []


def test_tiles_lie_in_the_order_they_joined():
    boxes = glance.tile_boxes(live_layout(1280, 800))
    assert [box.y for box in boxes[:3]] == [boxes[0].y] * 3
    assert [box.x for box in boxes[:3]] == [box.x for box in boxes[3:]]
    for one, other in itertools.pairwise(boxes[:3]):
        assert one.right < other.x
    assert boxes[0].bottom < boxes[3].y
    ground = glance.tile(boxes[1], LIGHT)
    assert (ground.x, ground.y, ground.fill) == (boxes[1].x, boxes[1].y, LIGHT.surface)


def test_lines_beside_the_trust_words_break_at_their_comma_or_are_cut():
    short, long = "link lost", "beats for only 84 % of the last minute"
    assert glance.wrapped([short, ""], 400.0) == [short]
    assert glance.wrapped([short, long], 400.0) == [short, long]
    broken = glance.wrapped([f"{long}, {long}", short], theme.text_width(long, 16) + 10.0)
    assert broken == [f"{long},", long, short]
    (first, cut) = glance.wrapped([short, long], theme.text_width(long, 16) - 20.0)
    assert first == short
    assert cut.endswith("…")
    assert long.startswith(cut[:-1].rstrip())
    (only,) = glance.wrapped([long], theme.text_width(long, 16) - 20.0)
    assert only.endswith("…")


# Each state, as it was painted.


def picture(stage, state: str) -> Picture:
    return recorded(stage(state).view.glance)


SMALL = [*moments.STATES]


@pytest.mark.sampled
@pytest.mark.parametrize("state", SMALL)
@pytest.mark.parametrize("dim", [False, True])
def test_on_the_smallest_screen_no_word_of_the_glance_is_cut(stage, state, dim):
    s = stage(state)
    s.view.resize(*theme.SMALLEST)
    if dim:
        s.press(Key.Key_D)
    found = recorded(s.view.glance)
    large = [text for text in found.texts if text.size > 14]
    assert not [text.words for text in large if text.words.endswith("…")]


def test_the_dim_glance_tells_position_direction_and_trust_from_above(stage):
    s = stage("live")
    for size in ((1280, 800), theme.SMALLEST, (1920, 1080)):
        s.view.resize(*size)
        s.view.dim = True
        s.view.arrange()
        position, direction, trust = recorded(s.view.glance).texts
        assert (position.words, direction.words, trust.words) == (
            "Above baseline", "settling", "Clear reading",
        )  # fmt: skip
        assert position.y < direction.y < trust.y
        assert position.x == direction.x


def test_the_direction_is_never_larger_than_the_position(stage):
    s = stage("live")
    s.view.resize(*theme.SMALLEST)
    position, direction = recorded(s.view.glance).texts[:2]
    assert direction.size <= position.size


READINGS = [
    ("live", "Above baseline", "settling", "Clear reading", "full"),
    ("near", "Near baseline", "steady", "Clear reading", "full"),
    ("limited", "Above baseline", "direction not clear yet", "Limited reading", "half"),
    ("warming up", None, None, None, None),
    ("first beats", None, None, "No reading", "none"),
    ("gap", "Waiting for the strap", None, "No reading", "none"),
    ("paused", "Paused", "since 30:40, P goes on", "No reading", "none"),
    ("finished", "Finished", "31 minutes kept", "Saved", "full"),
    ("stopped", "Recording stopped", "the reason is above", "Not recording", "none"),
    ("connecting", "Finding the strap", "usually under 20 seconds", "No reading yet", "none"),
    ("no strap", "Ready when you are", "wear the strap", "No strap found", "none"),
    ("unreachable", "Waiting for the recorder", None, "No reading", "none"),
]


def kind_of(found: Picture, x: float, y: float) -> str:
    """The kind of the dot around a point, from what was painted there."""
    here = [m for m in found.marks if math.hypot(m.middle[0] - x, m.middle[1] - y) < 12.0
            and m.right - m.left < 40.0]  # fmt: skip
    filled = [m for m in here if m.fill == LAKE.lower()]
    rings = [m for m in here if m.fill is None and m.stroke and m.kind in ("circle", "ellipse")]
    if not filled:
        assert rings, "no dot at all"
        assert rings[-1].dashed
        return "none"
    assert filled[-1].bottom > y
    return "full" if filled[-1].top < y - 5.0 else "half"


@pytest.mark.parametrize(
    ("state", "position", "direction", "trust", "dot"), READINGS, ids=[row[0] for row in READINGS]
)
def test_every_state_says_where_how_and_how_sure(stage, state, position, direction, trust, dot):
    found = picture(stage, state)
    view = live_layout(1280, 800)
    first, second = found.texts[0], found.texts[1]
    assert position in (None, first.words)
    assert direction in (None, second.words)
    assert first.x == second.x == view.position.x
    assert 84.0 < first.y < second.y < 240.0
    assert trust is None or found.text(trust).x == view.trust.x + 44
    if dot is not None:
        assert kind_of(found, view.trust.x + 14, 124.0) == dot


def level_dot(found: Picture) -> float | None:
    """The height of the dot on the level's track, None where there is none."""
    discs = [m for m in found.marks if m.kind in ("circle", "ellipse") and m.left < 100.0]
    return discs[0].middle[1] if discs else None


def test_the_level_is_drawn_where_it_is_known_and_nowhere_else(stage):
    assert level_dot(picture(stage, "live")) == pytest.approx(
        MIDDLE - 3.3 * BOX.height / 12, abs=0.01
    )
    assert level_dot(picture(stage, "near")) == pytest.approx(
        MIDDLE - 0.2 * BOX.height / 12, abs=0.01
    )
    for state in ("gap", "paused", "finished", "no strap", "warming up", "unreachable"):
        assert level_dot(picture(stage, state)) is None, state


def arrow_lines(found: Picture) -> list:
    lines = [m for m in found.stroked(LAKE) if m.kind in ("polyline", "line") and m.width > 4.0]
    return [m for m in lines if m.left > 112.0]


@pytest.mark.parametrize(
    ("direction", "up"), [("rising", 1), ("steady", 0), ("settling", -1), ("lowering", -1)]
)
def test_the_arrow_painted_goes_up_for_rising(stage, direction, up):
    one = stage("live")
    shown = moments.Glance(
        Position.ABOVE, Direction(direction), TrustLevel.CLEAR, None, 3.3, 9.0, 2.0
    )
    one.change(sources=(moments.source(glance=shown, length=1800),))
    found = recorded(one.view.glance)
    (shaft, *barbs) = arrow_lines(found)
    assert len(barbs) == 2
    (_, start), (_, end) = sorted(shaft.points)
    assert (start > end) - (start < end) == up
    said = found.texts[1]
    assert shaft.left > said.x + theme.text_width(said.words, int(said.size))
    assert said.y - said.size < shaft.middle[1] < said.y


def test_where_the_direction_is_not_clear_no_arrow_is_painted(stage):
    for state in ("limited", "gap", "paused", "finished", "warming up"):
        assert arrow_lines(picture(stage, state)) == [], state


def test_two_people_each_have_their_side_and_colour(stage):
    found = picture(stage, "two people")
    client, other = found.text("Client"), found.text("You")
    assert client.x < 640.0 < other.x
    for name, token in ((client, LIGHT.lake), (other, LIGHT.clay)):
        dots = found.filled(token, "circle")
        assert len(dots) == 2
        assert {(m.middle[0] < 640.0) for m in dots} == {name.x < 640.0}


def test_a_group_has_a_tile_for_each(stage):
    found = picture(stage, "group")
    tiles = [m for m in found.filled(LIGHT.surface, "path") if m.right - m.left > 300.0]
    names = [text for text in found.texts if text.words.startswith("Member")]
    assert [text.words for text in names] == [f"Member {n}" for n in range(1, 6)]
    assert len(tiles) == 5
    trust = [text for text in found.texts if text.words.endswith(" reading")]
    assert len(trust) == 5
    for tile, text in zip(tiles, trust, strict=True):
        assert tile.left < text.x < tile.right
        assert tile.top < text.y < tile.bottom
    for tile, name in zip(tiles, names, strict=True):
        assert tile.left < name.x < tile.right
        assert tile.top < name.y < tile.bottom


def test_the_dim_screen_says_the_same_larger(stage):
    one = stage("live")
    small = recorded(one.view.glance).text("Above baseline")
    one.press(Key.Key_D)
    found = recorded(one.view.glance)
    assert found.text("Above baseline").size > small.size
    assert found.text("Above baseline").token == DIM.ink.lower()
    assert level_dot_dim(found) < 128.0 + 160.0


def level_dot_dim(found: Picture) -> float:
    discs = [m for m in found.filled(DIM.lake, "circle") if m.left < 200.0]
    return discs[0].middle[1]


def test_the_box_fills_from_its_foot_while_a_baseline_is_gathered():
    words = replace(said(None, "full", compared=False), learnt=0.5)
    box = Box(32.0, 84.0, 48.0, 152.0)
    _, area, learnt = glance.level(box, words, LIGHT.lake, LIGHT)
    assert isinstance(area, Rectangle)
    assert isinstance(learnt, Rectangle)
    assert learnt.y + learnt.height == pytest.approx(area.y + area.height - 3.0)
    assert learnt.height == pytest.approx((area.height - 6.0) / 2)
    assert area.x < learnt.x < learnt.x + learnt.width < area.x + area.width


@pytest.mark.parametrize(
    ("faded", "shown", "opacity"), [(0.0, "old", 1.0), (0.25, "old", 0.5), (0.75, "new", 0.5)]
)
def test_words_fade_out_then_others_in(faded, shown, opacity):
    old, new = replace(said(), position="old"), replace(said(), position="new")
    person = glance.Person("", new, LIGHT.lake, before=old, faded=faded)
    words, found = person.shown(glance.position_of)
    assert (words.position, found) == (shown, opacity)
    assert person.shown(glance.trust_of) == (new, 1.0)


def test_two_words_are_never_seen_at_once(stage):
    s = stage("live", still=False)
    s.change(sources=(moments.near().snapshot().sources[0],))
    pane = s.view.glance
    before, after = pane._before[0].position, pane._people[0].words.position
    assert before != after
    for share in (0.0, 0.3, 0.49, 0.5, 0.51, 0.8, 1.0):
        pane._fade.setCurrentTime(round(share * pane._fade.duration()))
        found = recorded(pane)
        assert len({before, after} & set(found.words)) == 1
