"""The mutation run itself: its faults still fit, its keys last, and it sees what it plants."""

from __future__ import annotations

import ast

import pytest

from tests.mutants import operators
from tests.mutants.__main__ import OF_EACH, explained, sample
from tests.mutants.modules import MODULES, OTHERS, ROOT, module
from tests.mutants.named import NAMED

SOURCE = '''
def limited(value: int, most: int = 3) -> int:
    """Return value, at most `most`."""
    if value > most and not value == 7:
        return most
    total = value + 1
    keep(total)
    return total
'''


def changed(source: str) -> dict[str, str]:
    keys = operators.keys("made up", source)
    return {key: ast.unparse(operators.mutated(source, n)) for n, key in enumerate(keys)}


def test_each_mutant_is_one_change_under_a_key_of_its_own():
    found = changed(SOURCE)
    before = ast.unparse(ast.parse(SOURCE))
    assert len(set(found)) == len(found) > 10
    assert before not in found.values()
    assert len(set(found.values())) == len(found)
    swapped = found["made up limited: value > most -> value <= most"]
    assert swapped == before.replace("value > most", "value <= most")
    dropped = found["made up limited: keep(total) -> pass"]
    assert dropped == before.replace("keep(total)", "pass")
    assert "made up limited: value + 1 -> value - 1" in found


def test_keys_do_not_hang_on_lines():
    moved = "import os\n\n\n" + SOURCE
    assert operators.keys("made up", moved) == operators.keys("made up", SOURCE)


def test_words_and_types_are_not_changed():
    source = 'from typing import Any\nX: "Any" = f()\n\ndef g(a: 3) -> 4:\n    """Words."""\n'
    assert operators.keys("made up", source) == []


@pytest.mark.parametrize("one", [*MODULES, *OTHERS], ids=lambda one: one.name)
def test_modules_and_their_tests_are_where_the_table_says(one):
    assert (ROOT / one.path).is_file()
    for test in one.tests:
        file, _, name = test.partition("::")
        assert f"def {name}" in (ROOT / file).read_text()


def test_the_sample_is_the_same_every_time_and_of_every_module():
    for one in MODULES[:2]:
        keys = [trial.key for trial in sample(one)]
        assert len(keys) == len(set(keys)) == OF_EACH
        assert keys == [trial.key for trial in sample(one)]


@pytest.mark.parametrize("fault", NAMED, ids=lambda fault: fault.fault)
def test_a_named_fault_still_fits_and_changes_something(fault):
    assert ast.unparse(fault.tree()) != ast.unparse(ast.parse(module(fault.name).source))


def test_every_survivor_says_why():
    assert all(len(why) > 20 for why in explained().values())
