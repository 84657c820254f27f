"""A resting measure over weeks: seven days, at least three readings, a person's own range."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from physio.weeks import personal_range, rolling_week

NONE = float("nan")


@given(st.lists(st.one_of(st.floats(1.0, 6.0), st.just(NONE)), max_size=40))
def test_a_rolling_week_is_the_mean_of_its_readings_from_three_on(values):
    found = rolling_week(values)
    for day in range(len(values)):
        known = [one for one in values[max(day - 6, 0) : day + 1] if one == one]
        expected = np.mean(known) if len(known) >= 3 else NONE
        assert found[day] == pytest.approx(expected, nan_ok=True)


def test_two_readings_in_seven_days_are_too_few():
    assert np.isnan(rolling_week([4.0, 4.0, NONE, NONE, NONE, NONE, NONE, 4.0])).all()


def test_a_range_is_half_a_spread_around_the_mean_of_sixty_days():
    values = np.tile([3.0, 5.0, NONE], 30)
    low, high = personal_range(np.concatenate([np.full(20, 99.0), values]))
    known = np.tile([3.0, 5.0], 20)
    assert low == pytest.approx(4.0 - 0.5 * np.std(known, ddof=1))
    assert high == pytest.approx(4.0 + 0.5 * np.std(known, ddof=1))


def test_a_shorter_or_emptier_time_has_no_range():
    assert personal_range(np.full(59, 4.0)) is None
    assert personal_range(np.r_[np.full(25, 4.0), np.full(35, NONE)]) is None
    assert personal_range(np.r_[np.full(26, 4.0), np.full(34, NONE)]) == (4.0, 4.0)
