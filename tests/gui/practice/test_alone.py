"""What is kept of a practice that no strap heard of: when the guide breathed, and how fast."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.practice.alone import LEAST, Alone

PACES = st.lists(
    st.tuples(st.floats(0.1, 120.0), st.sampled_from([None, 4.0, 6.0, 6.1])), max_size=12
)


def noted(steps, *, start=50.0):
    """Note paces that last so many seconds each; return the log and when the last one ends."""
    alone, now = Alone(), start
    for seconds, pace in steps:
        alone.note(pace, now)
        now += seconds
    return alone, now


def test_its_paces_are_told_from_its_beginning():
    alone, end = noted([(3.0, None), (60.0, 6.0), (10.0, None), (50.0, 5.5)])
    kept = alone.taken(0.4, end)
    assert kept.seconds == 120.0
    assert kept.paces == ((0.0, 6.0), (60.0, None), (70.0, 5.5), (120.0, None))
    assert kept.inhale == 0.4


@pytest.mark.parametrize(("breathed", "worth"), [(LEAST - 1.0, False), (LEAST, True)])
def test_a_few_breaths_are_none(breathed, worth):
    alone, end = noted([(breathed, 6.0), (500.0, None)])
    assert (alone.taken(0.4, end) is not None) is worth


def test_a_rest_at_its_end_belongs_to_when_it_was_and_not_to_how_long():
    alone, end = noted([(60.0, 6.0), (30.0, None)])
    kept = alone.taken(0.4, end)
    assert (kept.seconds, kept.paces) == (90.0, ((0.0, 6.0), (60.0, None)))


def test_it_is_told_once_and_begins_anew():
    alone, end = noted([(100.0, 6.0)])
    assert alone.taken(0.4, end) is not None
    assert alone.taken(0.4, end + 100.0) is None
    alone.note(6.0, end + 100.0)
    assert alone.taken(0.4, end + 150.0).seconds == 50.0


@pytest.mark.law
@given(PACES)
def test_the_breathing_that_is_told_is_the_breathing_that_was(steps):
    alone, end = noted(steps)
    breathed = sum(seconds for seconds, pace in steps if pace is not None)
    kept = alone.taken(0.4, end)
    if kept is None:
        assert breathed < LEAST + 1e-6
        return
    times = [time for time, _ in kept.paces]
    told = sum(
        after - time
        for (time, pace), after in zip(kept.paces, times[1:], strict=False)
        if pace is not None
    )
    assert told == pytest.approx(breathed)
    assert times == sorted(times)
    assert times[0] == 0.0
    assert kept.paces[-1][1] is None
    assert kept.paces[-1][0] <= kept.seconds
