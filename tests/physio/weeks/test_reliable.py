"""Reliable change of a questionnaire's sum, worked by hand and against what was published."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from physio.weeks import GAD_7, PHQ_4, reliable_change, reliable_mark, wilson


def test_the_change_over_its_standard_error_by_hand():
    # 10 sqrt(2 (1 - .68)) = 8
    assert reliable_change(47.5, 32.5, spread=10.0, reliability=0.68) == pytest.approx(-1.875)


@pytest.mark.parametrize(("scale", "needed"), [(GAD_7, 6), (PHQ_4, 4)])
def test_the_least_reliable_change_of_a_scale(scale, needed):
    before = np.full(2, 12.0)
    assert reliable_mark(before, before - [needed - 1, needed], scale).tolist() == [0, -1]
    assert reliable_mark(0.0 * before, np.array([needed - 1, needed]), scale).tolist() == [0, 1]


def test_gad_7_is_reliable_from_where_its_source_says():
    least = 1.96 * GAD_7.spread * np.sqrt(2 * (1 - GAD_7.reliability))
    assert least == pytest.approx(5.59, abs=0.01)


def test_a_missing_sum_marks_nothing():
    assert reliable_mark([np.nan, 3.0], [20.0, np.nan], GAD_7).tolist() == [0, 0]


@pytest.mark.parametrize(("spread", "reliability"), [(0.0, 0.5), (1.0, 1.0), (1.0, -0.1)])
def test_what_is_no_reliability_is_refused(spread, reliability):
    with pytest.raises(ValueError, match="spread lies above 0"):
        reliable_change(1, 2, spread=spread, reliability=reliability)


@given(st.integers(1, 300), st.data())
def test_intervals_are_those_of_wilson(total, data):
    count = data.draw(st.integers(0, total))
    interval = binomtest(count, total).proportion_ci(0.95, method="wilson")
    assert wilson(count, total) == pytest.approx((interval.low, interval.high), abs=1e-12)


@pytest.mark.parametrize(("count", "total"), [(0, 0), (-1, 3), (4, 3)])
def test_a_share_of_nothing_is_refused(count, total):
    with pytest.raises(ValueError, match="count lies"):
        wilson(count, total)
