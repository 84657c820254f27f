"""Baselines across hours: told by one rule, seldom where nothing changed, the same both ways."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from physio.arousal.across import HOURS, LEAST, across

LEVELS = st.lists(st.floats(40.0, 120.0), min_size=8, max_size=20)


def persons(spread, hours=12, alike=0.0, many=4000, seed=1):
    """Return (many, hours) levels about 65 bpm, each so much like the one before."""
    rng = np.random.default_rng(seed)
    drawn = rng.normal(size=(many, hours))
    for hour in range(1, hours):
        drawn[:, hour] = alike * drawn[:, hour - 1] + np.sqrt(1 - alike**2) * drawn[:, hour]
    return 65.0 + spread * drawn


def ever_told(levels):
    """Return whether a change was told at any look from the eighth hour on."""
    looks = [across(levels[:, :hours]).told for hours in range(2 * HOURS, levels.shape[1] + 1)]
    return np.any(looks, axis=0)


@pytest.mark.parametrize("spread", [1.0, 2.0, 3.0, 4.0])
def test_it_seldom_tells_of_a_change_where_there_is_none(spread):
    assert ever_told(persons(spread)).mean() <= 0.05


def test_hours_that_hang_together_mislead_it_as_often_as_the_docs_say():
    assert ever_told(persons(3.0, alike=0.5)).mean() == pytest.approx(1 / 12, abs=0.02)


@pytest.mark.parametrize(("spread", "found"), [(2.0, 0.95), (3.0, 0.8), (4.0, 0.6)])
def test_a_change_of_eight_is_mostly_told(spread, found):
    levels = persons(spread) + np.repeat([0.0, 8.0], [4, 8])
    assert ever_told(levels).mean() >= found


def test_it_is_what_a_hand_computes():
    one = across([70, 72, 68, 70, 99, 60, 61, 62, 63])
    assert (one.first, one.last, one.change) == (70.0, 61.5, -8.5)
    assert one.spread == pytest.approx(np.sqrt(8 / 3))
    assert one.told
    assert not across([70, 72, 68, 70, 64.1, 64.1, 64.1, 64.1]).told  # by less than 6 bpm
    assert across([70, 72, 68, 70, 64, 64, 64, 64]).told
    assert not across([60, 80, 65, 75, 62, 62, 62, 62]).told  # by less than two spreads


@given(LEVELS)
def test_up_and_down_are_alike_and_the_level_says_nothing(levels):
    levels = np.round(levels)
    one, mirrored, moved = across(levels), across(200.0 - levels), across(levels + 7.0)
    assert one.change == pytest.approx(-mirrored.change)
    assert one.change == pytest.approx(moved.change)
    assert bool(one.told) <= (abs(one.change) >= LEAST)


@given(LEVELS)
def test_what_lies_between_the_first_and_the_last_says_nothing(levels):
    between = [*levels[:4], 41.0, 119.0, *levels[-4:]]
    assert across([*levels[:4], *levels[-4:]]).change == across(between).change


def test_fewer_than_eight_tell_nothing_and_a_missing_one_is_refused():
    assert across([70.0] * 7) is None
    with pytest.raises(ValueError, match="not finite"):
        across([70.0] * 7 + [np.nan])
