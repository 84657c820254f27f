"""Sum and time compared as they are defined: moment by moment, from what had arrived by then."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physio.time.agreement import BEFORE, Agreement, agreement


def by_definition(arrival, total, begun, place):
    """Return since, excess, ratio and whether in milliseconds at one moment."""
    end = arrival[place]
    since = max(arrival[begun[place]], end - 120.0)
    delay = arrival - total / 1000.0

    def earliest(start, stop):
        there = np.flatnonzero((arrival >= start) & (arrival <= stop))
        there = there[(there >= begun[place]) & (there <= place)]
        if len(there) == 0:  # a silence: what came next
            there = np.flatnonzero(arrival >= start)[:1]
        return there[np.argmin(delay[there])]

    middle = (since + end) / 2.0
    places = [
        earliest(*edges)
        for edges in (
            (since - BEFORE, since + 20.0),
            (middle - 10.0, middle + 10.0),
            (end - 20.0, end),
        )
    ]
    first, half, last = ((arrival[one], total[one] / 1000.0) for one in places)

    def ratio(one, other):
        return (other[1] - one[1]) / (other[0] - one[0]) if other[0] > one[0] else np.nan

    even = all(0.972 <= ratio(*both) <= 0.981 for both in ((first, half), (half, last)))
    excess = (last[1] - first[1]) - (last[0] - first[0])
    return since, excess, ratio(first, last), even and end - since >= 100.0


def moments(arrival):
    """Return the place of the newest interval of each packet."""
    return np.flatnonzero(np.diff(arrival, append=np.inf) > 0)


def since_breaks(breaks, count):
    place = np.arange(count)
    return np.maximum.accumulate(np.where(np.isin(place, breaks), place, 0))


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_each_moment_is_judged_as_defined_from_what_had_arrived_by_then(data):
    # Whole quarters of a second: delays are often equal, and the first of them counts.
    random = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    count = data.draw(st.integers(60, 400))
    arrival = np.cumsum(
        random.choice([0.0, 1.0, 1.0, 2.0, 9.0], count, p=[0.3, 0.3, 0.3, 0.09, 0.01])
    )
    total = 1000.0 * (arrival + np.cumsum(random.choice([-0.25, 0.0, 0.0, 0.25], count)))
    begun = since_breaks(random.integers(0, count, data.draw(st.integers(0, 3))), count)
    newest = moments(arrival)
    found = agreement(arrival, total, begun, newest)
    long = arrival[newest] - found.since >= 60.0
    assert np.isnan(found.ratio[~long]).all()
    assert not found.in_milliseconds[~long].any()
    for row in np.flatnonzero(long).tolist():
        told = (found.since, found.excess, found.ratio, found.in_milliseconds)
        expected = by_definition(arrival, total, begun, newest[row])
        assert [each[row] for each in told] == pytest.approx(expected, rel=1e-12, abs=1e-12)


@given(st.floats(0.9, 1.1), st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None)
def test_a_slope_is_found_whatever_the_latency(slope, seed):
    random = np.random.default_rng(seed)
    at = np.arange(1.0, 400.0)
    late = np.where(random.random(len(at)) < 0.3, random.uniform(0.0, 0.6, len(at)), 0.0)
    late[::4] = 0.0
    found = agreement(np.sort(at + late), 1000.0 * slope * at, np.zeros(399, int), np.arange(399))
    np.testing.assert_allclose(found.ratio[60:], slope, atol=0.02)


@pytest.mark.parametrize(("slope", "told"), [(0.9765625, True), (0.971, False), (0.982, False)])
def test_milliseconds_are_told_after_100_s_of_an_even_slope(slope, told):
    at = np.arange(1.0, 200.0)
    found = agreement(at, 1000.0 * slope * at, np.zeros(199, int), np.arange(199))
    assert not found.in_milliseconds[:100].any()
    assert (found.in_milliseconds[100:] == told).all()


def test_a_slope_that_changes_halfway_is_no_unit():
    at = np.arange(1.0, 200.0)
    total = 1000.0 * np.cumsum(np.where(at < 100.0, 0.9765625, 1.0))
    found = agreement(at, total, np.zeros(199, int), np.arange(199))
    assert found.in_milliseconds[100]
    assert not found.in_milliseconds[145:175].any()


def test_too_many_are_more_than_2_percent_and_more_than_2_s():
    ratio = np.array([1.02, 1.021, 1.021, 1.5, 0.9, np.nan])
    excess = np.array([9.0, 2.0, 2.1, 2.1, 9.0, 9.0])
    found = Agreement(np.zeros(6), excess, ratio, np.zeros(6, bool))
    assert found.too_many.tolist() == [False, False, True, True, False, False]
