"""The header's quieter words: when it began, and a battery that runs low."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec
import pytest

from docs import moments
from gui.live.details import battery_text, details, now_words
from pipelines.session import (
    Asked,
    Condition,
    HourView,
    PartName,
    PartView,
    PostureName,
)
from pipelines.words import LOW_BATTERY
from tests.gui.live.stage import Stage

pytestmark = [pytest.mark.view, pytest.mark.usefixtures("english")]


@pytest.mark.parametrize(
    ("left", "several", "told"),
    [
        (None, False, ""),
        (100, False, ""),
        (LOW_BATTERY + 1, False, ""),
        (LOW_BATTERY, False, "battery 20 %, change it soon"),
        (0, False, "battery 0 %, change it soon"),
        (7, True, "You: battery 7 %, change it soon"),
    ],
)
def test_a_battery_is_told_only_when_it_is_low(left: int, several: bool, told: str) -> None:
    view = msgspec.structs.replace(moments.source(role="therapist"), battery_percent=left)
    assert battery_text(view, several=several) == told


def test_nothing_is_told_of_what_is_not_known() -> None:
    assert details(None) == ()
    assert details(moments.snapshot(moments.source())) == ()


def test_the_header_tells_it_quietly_beside_where_it_is_kept(stage: Callable[..., Stage]) -> None:
    s = stage()
    assert s.moment.state is not None
    began = datetime(2026, 3, 4, 9, 7).timestamp()
    low = msgspec.structs.replace(s.moment.state.sources[0], battery_percent=15)
    s.change(sources=(low,), started_wall=began)
    heading = s.view.header._heading
    assert heading.line.endswith(
        "on this computer only  ·  begun at 09:07  ·  battery 15 %, change it soon"
    )
    assert not heading.urgent
    s.view.orders.say("Marked")
    s.step(0.1)
    assert (heading := s.view.header._heading).line == "Marked"
    assert heading.urgent


def test_a_recorder_out_of_reach_is_not_spoken_for(stage: Callable[..., Stage]) -> None:
    s = stage()
    s.change(started_wall=1.7e9)
    s.moment.state = None
    s.step(5.0)
    assert s.view.header._heading.line == "The recorder is not answering"


def test_posture_and_part_are_named_with_what_is_known_of_consent():
    state = moments.STATES["live"]().snapshot()
    standing = msgspec.structs.replace(state.sources[0], condition=Condition(PostureName.STANDING))
    touch = PartView(PartName.TOUCH, 750.0, None, Asked.NOT_RECORDED)
    told = msgspec.structs.replace(state, sources=(standing,), hour=HourView(parts=(touch,)))
    assert now_words(told) == ("standing", "touch since 12:30, consent not recorded")
    assert now_words(state) == now_words(None) == ()
