from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from physio.arousal.baseline import Baseline
from physio.arousal.index import arousal_index
from physio.estimate import Estimate, withheld
from physio.reasons import Reason, ReasonCode

QUIET = Baseline(0.0, 180.0, 70.0, 3.0, np.log(60.0), 0.25, 13.0)


def heart_rate(bpm, low=None, high=None) -> Estimate:
    return Estimate(bpm, "bpm", low, high, 10.0, 100.0, 0.0)


def rsa(ms, low=None, high=None) -> Estimate:
    return Estimate(ms, "ms", low, high, 60.0, 100.0, 0.0)


def breathing(rate) -> Estimate:
    return Estimate(rate, "breaths/min", None, None, 60.0, 100.0, 0.0)


NO_RSA = withheld("ms", "no clear rhythm", window=60.0)
NO_BREATHING = withheld("breaths/min", "no clear rhythm", window=60.0)


def test_both_terms_by_hand():
    index = arousal_index(
        heart_rate(79.0), rsa(60.0 * np.exp(-0.5)), breathing(14.0), QUIET, paced=False
    )
    # Heart rate is 3 spreads above and ln RSA 2 below: 2/3 * 3 + 1/3 * 2.
    assert index.value == pytest.approx(8.0 / 3.0)
    assert index.bpm == pytest.approx(9.0)
    assert [term.name for term in index.terms] == ["heart rate", "ln RSA"]
    assert [term.distance for term in index.terms] == pytest.approx([3.0, -2.0])
    assert [term.weight for term in index.terms] == pytest.approx([2 / 3, -1 / 3])
    assert index.reason is None


def test_at_the_baseline_it_is_zero_and_below_it_is_negative():
    at = arousal_index(heart_rate(70.0), rsa(60.0), breathing(13.0), QUIET, paced=False)
    assert at.value == pytest.approx(0.0, abs=1e-12)
    below = arousal_index(heart_rate(64.0), NO_RSA, NO_BREATHING, QUIET, paced=False)
    assert below.value == pytest.approx(-2.0)
    assert below.bpm == pytest.approx(-6.0)


@pytest.mark.parametrize(
    ("swing", "breaths", "quiet", "paced", "why"),
    [
        (rsa(300.0), breathing(13.0), QUIET, True, ReasonCode.ALONE_PACED),
        (rsa(300.0), breathing(15.1), QUIET, False, ReasonCode.ALONE_OTHERWISE),
        (rsa(300.0), breathing(6.0), QUIET, False, ReasonCode.ALONE_OTHERWISE),
        (NO_RSA, NO_BREATHING, QUIET, False, ReasonCode.ALONE_NOW),
        (rsa(0.0), breathing(13.0), QUIET, False, ReasonCode.ALONE_NOW),
        (
            rsa(300.0),
            breathing(13.0),
            replace(QUIET, ln_rsa=None, ln_rsa_spread=None, breathing_rate=None),
            False,
            ReasonCode.ALONE_IN_BASELINE,
        ),
    ],
)
def test_heart_rate_stands_alone_and_says_why(swing, breaths, quiet, paced, why):
    index = arousal_index(heart_rate(76.0), swing, breaths, quiet, paced=paced)
    assert index.value == pytest.approx(2.0)
    assert [(term.name, term.weight) for term in index.terms] == [("heart rate", 1.0)]
    assert index.reason == Reason(why)


def test_withheld_without_baseline_or_heart_rate():
    none = arousal_index(heart_rate(76.0), NO_RSA, NO_BREATHING, None, paced=False)
    assert (none.value, none.bpm, none.terms, none.reason) == (
        None,
        None,
        (),
        Reason(ReasonCode.NO_BASELINE_YET),
    )
    lost = withheld("bpm", Reason(ReasonCode.LITTLE_COVERED, percent=40), window=10.0)
    index = arousal_index(lost, rsa(60.0), breathing(13.0), QUIET, paced=False)
    assert index.value is None
    assert index.reason == lost.reason


def test_interval_of_heart_rate_alone_is_that_of_heart_rate():
    index = arousal_index(heart_rate(76.0, 74.5, 79.0), NO_RSA, NO_BREATHING, QUIET, paced=False)
    assert index.low == pytest.approx(1.5)
    assert index.high == pytest.approx(3.0)


def test_interval_of_both_adds_errors_as_independent():
    index = arousal_index(
        heart_rate(76.0, 73.0, 79.0),
        rsa(60.0, 60.0 * np.exp(-0.75), 60.0 * np.exp(0.75)),
        breathing(13.0),
        QUIET,
        paced=False,
    )
    half = np.hypot(2 / 3 * 1.0, 1 / 3 * 3.0)
    assert index.value - index.low == pytest.approx(half)
    assert index.high - index.value == pytest.approx(half)


@pytest.mark.parametrize("swing", [rsa(60.0), rsa(60.0, 0.0, 90.0)])
def test_no_interval_where_one_term_has_none(swing):
    index = arousal_index(heart_rate(76.0, 74.0, 78.0), swing, breathing(13.0), QUIET, paced=False)
    assert (index.low, index.high) == (None, None)
    assert index.value is not None


@given(
    st.floats(40.0, 150.0),
    st.floats(1.0, 500.0),
    st.floats(3.0, 30.0),
    st.booleans(),
    st.floats(0.0, 10.0),
)
def test_terms_add_up_and_the_signs_are_right(bpm, ms, rate, paced, more):
    index = arousal_index(
        heart_rate(bpm, bpm - 1.0, bpm + 2.0),
        rsa(ms, 0.8 * ms, 1.3 * ms),
        breathing(rate),
        QUIET,
        paced=paced,
    )
    assert index.value == pytest.approx(sum(term.distance * term.weight for term in index.terms))
    assert sum(abs(term.weight) for term in index.terms) == pytest.approx(1.0)
    assert index.low <= index.value <= index.high
    faster = arousal_index(heart_rate(bpm + more), rsa(ms), breathing(rate), QUIET, paced=paced)
    assert faster.value >= index.value
    wider = arousal_index(
        heart_rate(bpm), rsa(ms * (1 + more)), breathing(rate), QUIET, paced=paced
    )
    assert wider.value <= index.value
