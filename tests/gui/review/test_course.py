"""What is looked at in a stored hour: every key leads on, Esc one step back, nothing leaves it."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gui.review.course import (
    CLOSEST,
    REASONS,
    Looking,
    Opened,
    actions,
    back,
    placed,
    pressed,
    scrubbed,
    seen,
    settled,
    zoomed,
)
from pipelines.recording import Omit, Redraw, ShowHeart, ShowSway, TakeBack
from pipelines.session import NO_POINTS, LeftOutReason
from tests.gui.review.hours import LENGTH, an_hour

HOUR = Opened(*an_hour())
UNDOABLE = Opened(msgspec.structs.replace(HOUR.reviewed, undoable=1), HOUR.points)
WHOLE = Looking()
EMPTY = Opened(
    msgspec.structs.replace(HOUR.reviewed, moments=(), moments_total=0, duration_s=0.0), NO_POINTS
)


def after(*keys: str, opened: Opened = HOUR, looking: Looking = WHOLE) -> Looking:
    for key in keys:
        looking, _ = pressed(looking, key, opened)
    return looking


def test_it_begins_with_the_whole_hour_and_the_first_moment() -> None:
    assert seen(Looking(), HOUR) == (0.0, LENGTH)
    assert "left" not in actions(Looking(), HOUR)
    assert "omit" not in actions(Looking(), HOUR)


def test_arrows_choose_a_moment_and_stop_at_the_last() -> None:
    assert after("before").moment == 0
    assert after("after", "after").moment == 2
    assert after(*["after"] * 9).moment == 4
    assert after("end").moment == 4
    assert after("end", "home").moment == 0


def test_enter_shows_the_two_minutes_around_the_chosen_moment() -> None:
    looking = after("after", "after", "moment")
    assert seen(looking, HOUR) == (1652.0 - 60.0, 1652.0 + 60.0)
    assert after("after", looking=looking).zoom == (2166.0 - 60.0, 2166.0 + 60.0)


def test_closer_leaves_two_thirds_of_the_time_and_wider_gives_it_back() -> None:
    near = after("moment", "closer")
    assert near.zoom == pytest.approx((460.0, 540.0))
    assert after("wider", looking=near).zoom == pytest.approx((440.0, 560.0))


def test_while_it_is_asked_why_nothing_moves_what_is_asked_about() -> None:
    asked = after("moment", "stretch", "right", "omit")
    assert scrubbed(asked, 0.5, HOUR) == asked
    assert zoomed(asked, 1, None, HOUR) == asked
    assert placed(asked, 900.0, HOUR) == asked


def test_a_stretch_reaches_from_where_it_began_to_the_middle() -> None:
    begun = after("moment", "stretch")
    assert begun.stretch is None
    assert "omit" not in actions(begun, HOUR)
    grown = after("right", "right", looking=begun)
    assert grown.stretch == pytest.approx((500.0, 524.0))
    assert "redraw" not in actions(grown, HOUR)  # no minute yet
    longer = after(*["right"] * 4, looking=grown)
    assert "redraw" in actions(longer, HOUR)
    assert pressed(longer, "redraw", HOUR)[1] == Redraw(*longer.stretch)
    assert after(*["left"] * 9, looking=begun).stretch[1] == 500.0  # backwards, too


@pytest.mark.parametrize("place", range(len(REASONS)))
def test_it_is_left_out_for_a_reason_that_a_digit_says(place: int) -> None:
    asked = after("moment", "stretch", "right", "omit")
    assert asked.why
    assert actions(asked, HOUR) == {"away", *(f"because {one}" for one in range(len(REASONS)))}
    looking, decision = pressed(asked, f"because {place}", HOUR)
    assert isinstance(decision, Omit)
    assert decision.reason is list(LeftOutReason)[place]
    assert (looking.anchor, looking.why, looking.zoom) == (None, False, asked.zoom)


def test_what_was_decided_can_be_taken_back_and_nothing_else() -> None:
    assert pressed(Looking(), "undo", HOUR) == (Looking(), None)
    assert pressed(Looking(), "undo", UNDOABLE) == (Looking(), TakeBack())


def test_another_heart_of_the_session_is_looked_at_in_turn_and_none_where_there_is_one() -> None:
    assert "heart" not in actions(WHOLE, HOUR)
    told = msgspec.structs.replace(HOUR.reviewed, roles=("client", "therapist"))
    both = Opened(told, HOUR.points)
    looking, decision = pressed(Looking(zoom=(10.0, 130.0), anchor=20.0), "heart", both)
    assert (looking.anchor, looking.zoom) == (None, (10.0, 130.0))
    assert decision == ShowHeart("therapist")
    own = Opened(msgspec.structs.replace(told, role="therapist"), HOUR.points)
    assert pressed(WHOLE, "heart", own)[1] == ShowHeart("client")


def test_the_sway_is_shown_on_demand_and_hidden_again() -> None:
    assert pressed(WHOLE, "sway", HOUR) == (WHOLE, ShowSway(on=True))
    shown = Opened(msgspec.structs.replace(HOUR.reviewed, sway=True), HOUR.points)
    assert pressed(WHOLE, "sway", shown)[1] == ShowSway(on=False)
    assert "sway" not in actions(WHOLE, Opened(HOUR.reviewed, NO_POINTS))


def test_back_goes_one_step_at_a_time() -> None:
    looking = after("moment", "stretch", "right", "omit")
    steps = []
    while looking is not None:
        steps.append((looking.why, looking.anchor is not None, looking.zoom is not None))
        looking = back(looking)
    whole = (False, False, False)
    assert steps == [(True, True, True), (False, True, True), (False, False, True), whole]


def test_a_session_without_beats_or_moments_can_be_looked_at() -> None:
    assert seen(Looking(), EMPTY) == (0.0, CLOSEST)
    for key in actions(Looking(), EMPTY):
        pressed(Looking(), key, EMPTY)
    assert settled(Looking(moment=9), EMPTY).moment == 0
    assert settled(Looking(moment=9), HOUR).moment == 4
    assert actions(Looking(), None) == {"away"}


def test_a_wheel_keeps_its_place_where_it_is() -> None:
    looking = zoomed(Looking(), 3, 780.0, HOUR)
    start, end = seen(looking, HOUR)
    assert (780.0 - start) / (end - start) == pytest.approx(780.0 / LENGTH)
    assert zoomed(looking, -9, 780.0, HOUR).zoom is None


KEYS = sorted(
    {"before", "after", "moment", "left", "right", "home", "end", "closer", "wider", "stretch"}
    | {"omit", "redraw", "undo", "because 0", "because 3"}
)


@given(
    done=st.lists(
        st.one_of(
            st.sampled_from(KEYS),
            st.floats(-3.0, 3.0),
            st.tuples(st.floats(-9.0, 9.0), st.floats(0.0, LENGTH)),
        ),
        max_size=30,
    )
)
@settings(max_examples=200)
def test_whatever_is_done_the_middle_stays_in_the_hour_and_a_way_leads_back(done: list) -> None:
    looking = Looking()
    for what in done:
        match what:
            case str():
                looking, decision = pressed(looking, what, HOUR)
                if isinstance(decision, Omit | Redraw):
                    assert decision.end > decision.start
            case float():
                looking = scrubbed(looking, what, HOUR)
            case notches, time:
                looking = placed(looking, time, HOUR) if notches > 8.0 else looking
                looking = zoomed(looking, notches, time, HOUR)
        start, end = seen(looking, HOUR)
        assert CLOSEST - 1e-9 <= end - start <= LENGTH
        assert -1e-6 <= (start + end) / 2.0 <= LENGTH + 1e-6
        assert "away" in actions(looking, HOUR)
    for _ in range(4):
        looking = back(looking) or looking
    assert back(looking) is None
