"""What was added to an hour afterwards is told as changed by hand."""

from types import SimpleNamespace

import pytest

from pipelines.report.building import _by_hand
from pipelines.session import Mark, Phase, PhaseName, marks_of, new_marks

pytestmark = pytest.mark.usefixtures("english")


def test_marks_that_came_from_elsewhere_are_counted():
    log = [Mark(5.0, "", moment=1.0), Phase(60.0, PhaseName.FINISHED)]
    found = marks_of([Mark(9.0, "looks away"), Mark(12.0, "")])
    whole = [*log, *new_marks(log, found, now=70.0)]
    own = SimpleNamespace(source=0)
    assert list(_by_hand(log, own)) == []
    assert list(_by_hand(whole, own)) == ["2 moments added"]
