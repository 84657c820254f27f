"""Rises from trough to crest: those between the turning points of each part, counted and summed."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from physio.breathing.turning import swings, turning_points


@given(st.integers(0, 2**32 - 1), st.floats(0.0, 3.0))
@settings(max_examples=60, deadline=None)
def test_swings_are_those_between_the_turning_points_of_each_part(seed, least):
    rng = np.random.default_rng(seed)
    edges = np.cumsum([0, *rng.integers(1, 40, 5)])
    values, usable = rng.normal(0.0, 1.0, edges[-1]), (rng.random(edges[-1]) > 0.2) * 1.0
    total, count = swings(values, usable, edges, np.full(5, least))
    for part in range(5):
        own = slice(edges[part], edges[part + 1])
        mark = turning_points(values[np.newaxis, own], usable[np.newaxis, own], np.array([least]))
        place = np.flatnonzero(mark[0])
        rise = np.diff(values[own][place])[mark[0][place][1:] > 0]
        assert count[part] == len(rise)
        np.testing.assert_allclose(total[part], rise.sum(), atol=1e-12)


def test_a_wave_of_three_breaths_rises_twice_from_trough_to_crest():
    values = 50.0 * np.cos(np.linspace(0.0, 6 * np.pi, 61))
    edges, least = np.array([0, 61]), np.array([30.0])
    total, count = swings(values, np.ones(61), edges, least)
    assert (count[0], total[0]) == (2.0, 200.0)
    # The same wave twice is no wave of six: nothing reaches over the edge.
    both = swings(np.tile(values, 2), np.ones(122), np.array([0, 61, 122]), np.array([30.0, 30.0]))
    assert [part.tolist() for part in both] == [[200.0, 200.0], [2.0, 2.0]]


def test_where_the_usual_swing_is_unknown_there_are_none():
    values = np.tile([0.0, 9.0], 20)
    total, count = swings(values, np.ones(40), np.array([0, 40]), np.array([np.nan]))
    assert (total[0], count[0]) == (0.0, 0.0)
