"""Reasons are values: equal, hashable, frozen, and small integers in arrays of windows."""

import copy
import pickle

import pytest

from physio.reasons import Reason, ReasonCode, ReasonTable

SHORT = Reason(ReasonCode.TOO_SHORT, needed=30)


def test_a_reason_is_its_code_and_its_figures():
    assert Reason(ReasonCode.TOO_SHORT, needed=30) == SHORT
    assert hash(Reason(ReasonCode.TOO_SHORT, needed=30)) == hash(SHORT)
    assert Reason(ReasonCode.TOO_SHORT, needed=31) != SHORT
    assert Reason(ReasonCode.TOO_FEW_BEATS, needed=30) != SHORT
    assert SHORT != "needs a window of at least 30 s"
    assert (SHORT.code, SHORT.figures) == (ReasonCode.TOO_SHORT, {"needed": 30})
    assert repr(SHORT) == "Reason(TOO_SHORT, needed=30)"


def test_a_reason_stays_as_it_is():
    with pytest.raises(AttributeError):
        SHORT.code = ReasonCode.NO_BEATS
    SHORT.figures["needed"] = 1
    assert SHORT.figures == {"needed": 30}
    assert pickle.loads(pickle.dumps(SHORT)) == copy.deepcopy(SHORT) == SHORT


def test_a_table_numbers_each_reason_once_and_none_is_0():
    table = ReasonTable([SHORT, None])
    assert table.number(None) == 0
    assert table.number(Reason(ReasonCode.TOO_SHORT, needed=30)) == 1
    assert table.number(Reason(ReasonCode.NO_BEATS)) == 2
    assert table.reasons == (None, SHORT, Reason(ReasonCode.NO_BEATS))
    assert ReasonTable(table.reasons).reasons == table.reasons


def test_codes_are_stable_words_of_their_own():
    assert all(code.value == code.name.lower() for code in ReasonCode)
