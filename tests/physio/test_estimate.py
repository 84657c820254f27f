"""Estimates: columns that give one honest value at a time."""

import numpy as np

from physio.estimate import Estimate, Estimates
from physio.reasons import Reason, ReasonCode
from physio.respiration import Origin

COLUMNS = Estimates(
    "ms",
    np.array([40.0, np.nan, 30.0]),
    np.array([35.0, np.nan, np.nan]),
    np.array([45.0, np.nan, np.nan]),
    np.full(3, 60.0),
    np.array([100.0, 50.0, 100.0]),
    np.zeros(3),
    np.array([100.0, 0.0, 40.0]),
    (None, Reason(ReasonCode.LITTLE_COVERED, percent=50), None),
    (None, None, Reason(ReasonCode.TOO_FEW_BLOCKS)),
    (Origin.ECG, None, None),
)


def test_each_place_is_an_estimate():
    assert COLUMNS[0] == Estimate(40.0, "ms", 35.0, 45.0, 60.0, 100.0, 0.0, origin=Origin.ECG)
    assert COLUMNS[1].value is COLUMNS[1].low is COLUMNS[1].high is None
    assert COLUMNS[1].reason == Reason(ReasonCode.LITTLE_COVERED, percent=50)
    assert COLUMNS[2].value == 30.0
    assert COLUMNS[2].low is COLUMNS[2].reason is None
    assert COLUMNS[2].doubt == Reason(ReasonCode.TOO_FEW_BLOCKS)
    assert COLUMNS[2].share == 40.0
    assert [one.value for one in COLUMNS] == [40.0, None, 30.0]
    assert len(COLUMNS) == 3


def test_some_are_withheld_and_the_others_stay():
    found = COLUMNS.withheld_where(np.array([True, False, False]), Reason(ReasonCode.WHILE_TALKING))
    assert found[0] == Estimate(
        None, "ms", None, None, 60.0, 100.0, 0.0, Reason(ReasonCode.WHILE_TALKING), share=0.0
    )
    (lost,) = list(COLUMNS.withheld_where(np.array([False, False, True]), found.reason[0]))[2:]
    assert lost.doubt is None
    assert list(found)[1:] == list(COLUMNS)[1:]


def test_a_doubt_that_does_not_hold_is_taken_away():
    doubted = COLUMNS[2]
    assert doubted.undoubted(ReasonCode.MAY_BE_SLOW_WAVE) is doubted
    assert doubted.undoubted(ReasonCode.TOO_FEW_BLOCKS).doubt is None
    columns = COLUMNS.undoubted(ReasonCode.TOO_FEW_BLOCKS)
    assert columns.doubt == (None, None, None)
    assert COLUMNS.undoubted(ReasonCode.FEW_USABLE).doubt == COLUMNS.doubt
