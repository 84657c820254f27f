"""Marks are folded from their events: edited, taken back, and where they mean an earlier moment."""

from hypothesis import given
from hypothesis import strategies as st

from pipelines.session import Mark, marks_of
from pipelines.session.marks import Marks


def test_a_mark_lies_at_the_moment_it_means():
    (view,) = marks_of([Mark(100.0, "heard", moment=80.0)])
    assert (view.time, view.text) == (80.0, "heard")


def test_a_mark_of_an_earlier_moment_is_edited_and_taken_back_by_it():
    log = [Mark(100.0, "", moment=80.0), Mark(101.0, "words", replaces=80.0)]
    assert [view.text for view in marks_of(log)] == ["words"]
    assert marks_of([*log, Mark(102.0, "", replaces=80.0, removed=True)]) == ()


def test_the_newest_is_the_one_made_last_not_the_latest_moment():
    marks = Marks()
    assert marks.newest() is None
    for event in (Mark(90.0, "then"), Mark(100.0, "before", moment=80.0)):
        marks.take(event)
    assert marks.newest() == 80.0
    assert [view.time for view in marks.views()] == [80.0, 90.0]


@given(st.lists(st.floats(0.0, 1e4), unique=True, max_size=20))
def test_they_come_in_the_order_of_their_moments(moments):
    log = [Mark(1e5 + number, "", moment=moment) for number, moment in enumerate(moments)]
    assert [view.time for view in marks_of(log)] == sorted(moments)
