"""What rows ahead and behind say, as it is defined, and without regard to how many are asked."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from physio.time.beat_times import ahead, behind, passing, passing_time

RUNS = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40).map(np.array)


@given(RUNS, st.integers(1, 60))
def test_the_extreme_of_so_many_rows_ahead_and_behind(run, count):
    after, before = run[1:], run[:-1]
    least = [after[place : place + count].min() for place in range(len(after))]
    most = [before[max(place + 1 - count, 0) : place + 1].max() for place in range(len(before))]
    assert ahead(np.minimum, run, count).tolist() == least
    assert behind(np.maximum, run, count).tolist() == most


def test_a_packet_that_holds_everything_takes_no_square_of_its_rows():
    run = np.zeros(2_000_000)
    assert not ahead(np.minimum, run, len(run)).any()


def test_what_is_no_interval_moves_no_time_on():
    rr = np.array([np.nan, np.inf, -np.inf, -5.0, 0.0, 800.0])
    assert passing(rr).tolist() == [0.0, 0.0, 0.0, 0.0, 0.0, 800.0]
    assert passing_time(rr)[-1] == 0.8
