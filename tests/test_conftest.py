"""How many examples of a law are tried: a part of them, all where that is asked for."""

from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import FEW, SHARE, pytest_collection_modifyitems


class Item:
    """As much of a collected test as is looked at."""

    def __init__(self, function, *marks):
        self.function, self.marks = function, list(marks)

    def get_closest_marker(self, name):
        return name if name in self.marks else None

    def add_marker(self, name):
        self.marks.append(name)


def tried(of: int, *marks: str, every: bool = False) -> tuple[int, list[str]]:
    """Return how many examples of so many are tried, and the marks that the law then has."""
    seen = []

    @settings(max_examples=of, database=None)
    @given(st.integers())
    def law(number):
        seen.append(number)

    item = Item(law, *marks)
    config = SimpleNamespace(getoption=lambda name: every)
    pytest_collection_modifyitems(config, [item, item])
    law()
    return len(seen), item.marks


@pytest.mark.parametrize(
    ("of", "few"), [(FEW - 1, FEW - 1), (FEW + 1, FEW), (50 * SHARE, 50), (SHARE * FEW, FEW)]
)
def test_a_part_of_the_examples_is_tried_and_all_where_asked_for(of, few):
    marked = ["law"] * 2 if of > FEW else []
    assert tried(of) == (few, marked)
    assert tried(of, every=True) == (of, marked)
    assert tried(of, "long") == (of, ["long"])


def cases(of: int, *marks: str, every: bool = False) -> list[list[str]]:
    """Return the marks that so many cases of a test then have beside their own."""
    one = lambda: None  # noqa: E731
    items = [Item(one, *marks) for _ in range(of)]
    pytest_collection_modifyitems(SimpleNamespace(getoption=lambda name: every), items)
    return [item.marks[len(marks) :] for item in items]


def test_one_in_so_many_cases_is_tried_and_all_where_asked_for():
    rest = [["long"]] * (SHARE - 1)
    assert cases(SHARE + 2, "sampled") == [[], *rest, [], ["long"]]
    assert cases(SHARE + 2, "sampled", every=True) == [["law"]] * (SHARE + 2)
    assert cases(SHARE + 2) == [[]] * (SHARE + 2)
    assert cases(SHARE + 2, "sampled", "long") == [[]] * (SHARE + 2)


def test_what_is_no_law_is_left_alone():
    item = Item(lambda: None)
    pytest_collection_modifyitems(SimpleNamespace(getoption=lambda name: False), [item])
    assert item.marks == []
