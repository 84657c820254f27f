"""The words beside the plots: which, in which order, how sure, and how loud."""

from __future__ import annotations

import itertools

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from docs import moments
from gui.live.side import beside, spread_out
from pipelines.drawing import LIGHT
from tests.gui.recorded import Picture, recorded

pytestmark = [pytest.mark.view, pytest.mark.usefixtures("qapp", "english")]


def plots(stage, state: str) -> Picture:
    return recorded(stage(state).view.traces)


@given(st.lists(st.floats(0.0, 500.0), max_size=6, unique=True))
def test_names_at_line_ends_keep_the_order_of_their_lines_and_stay_apart(ends):
    found = spread_out([(y, f"{y}") for y in ends])
    assert [name for _, name in found] == [f"{y}" for y in sorted(ends)]
    assert all(b - a >= 26.0 - 1e-9 for (a, _), (b, _) in itertools.pairwise(found))
    assert all(y >= float(name) for y, name in found)


@given(st.floats(0.0, 300.0), st.floats(0.0, 300.0), st.floats(20.0, 80.0))
def test_two_lines_never_meet_a_value_and_its_age(y, top, height):
    placed = beside(y, (top, top + height))
    assert placed - 12 >= top + height - 1e-9 or placed + 22 <= top + 1e-9
    assert abs(placed - y) <= height + 40
    assert beside(y, None) == y


def test_an_old_value_inside_the_band_leaves_the_baseline_its_place(stage):
    one = stage("gap near")
    found = recorded(one.view.traces)
    age = next(text for text in found.texts if text.words.endswith(" s ago"))
    (value,) = (text for text in found.texts if (text.x, text.size) == (age.x, 28))
    rows = [found.text("baseline").y, found.text("66 to 71").y]
    assert all(row <= value.y - 20 or row >= age.y + 12 for row in rows)


def test_each_name_stands_at_its_own_line(stage):
    found = plots(stage, "two people")
    ends = {
        name: next(m for m in reversed(found.filled(token)) if m.kind in ("circle", "ellipse"))
        for name, token in (("Client", LIGHT.lake), ("You", LIGHT.clay))
    }
    for name, dot in ends.items():
        assert abs(found.text(name).y - 7 - dot.middle[1]) < 13.0
    assert ends["Client"].middle[1] < ends["You"].middle[1]
    assert found.text("Client").y < found.text("You").y


def test_the_baseline_is_named_over_its_range_at_its_height(stage):
    one = stage("live")
    found, lane = recorded(one.view.traces), one.view.one.heart
    name, said = found.text("baseline"), found.text("66 to 71")
    assert (name.x, said.x) == (1150.0, 1150.0)
    assert said.y == name.y + 18
    assert lane.y(71.2) - 8 < name.y < lane.y(65.8) + 22


def test_the_heart_rate_says_how_sure_it_is_in_its_own_steps(stage):
    found = plots(stage, "live")
    value, error = found.text("78"), found.text("± 1")
    assert value.token == LIGHT.ink.lower()
    assert error.token == LIGHT.ink2.lower()
    assert error.y == value.y
    assert error.x > value.x
    assert error.size < value.size


def test_a_value_that_is_old_is_quieter_and_tells_its_age(stage):
    found = plots(stage, "gap")
    old = found.text("79")
    assert old.token == LIGHT.ink2.lower()
    (age,) = [text for text in found.texts if text.words.endswith(" s ago")]
    assert age.y == old.y + 18


def test_a_trouble_is_told_louder_than_where_it_is_kept(stage):
    for state, token in (("live", LIGHT.ink2), ("stopped", LIGHT.ink)):
        found = recorded(stage(state).view.header)
        assert found.texts[-1].token == token.lower()
        assert found.texts[-1].size == 14


def test_the_sway_tells_its_own_uncertainty_and_the_breaths_beneath(stage):
    found = plots(stage, "live")
    sway, error, breaths = found.text("35"), found.text("± 5"), found.text("14 ± 0.5")
    assert error.y == sway.y < found.text("breaths a min").y < breaths.y


def test_a_sway_smaller_than_its_uncertainty_is_not_told(stage):
    one = stage("live")
    assert one.moment.state is not None
    (view,) = one.moment.state.sources
    wide = moments.estimate(35.0, 80.0, "ms")
    one.change(sources=(msgspec.structs.replace(
        view, measures={**view.measures, "rsa_amplitude": wide}),))  # fmt: skip
    said = recorded(one.view.traces).words
    assert "too unsure now" in said
    assert "35" not in said
