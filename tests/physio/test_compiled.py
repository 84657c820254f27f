"""Functions compiled when first called: light to import, safe in threads, whatever the disk."""

import ast
import errno
import math
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import numpy as np
import pytest

import physio
from physio.compiled import compiled, compiled_sums, frozen

PHYSIO = Path(physio.__file__).parent


@compiled
def halved(x: float) -> float:
    """Return half of x."""
    return x / 2


@compiled
def halves(values: np.ndarray) -> float:
    total = 0.0
    for value in values:
        total += halved(value)
    return total


@compiled
def in_order(values: np.ndarray) -> float:
    total = 0.0
    for i in range(len(values)):
        total += values[i]
    return total


@compiled_sums
def in_any_order(rows: np.ndarray) -> float:
    total = 0.0
    for i in range(len(rows)):
        total += in_order(rows[i])
    return total


def test_importing_the_science_brings_in_no_compiler():
    program = "import physio.hrv.entropy, physio.hrv.fluctuation, sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "physio.compiled" in loaded
    assert not loaded & {"numba", "llvmlite"}


def test_name_and_words_stay_those_of_the_function():
    assert halved.__name__ == "halved"
    assert halved.__doc__ == "Return half of x."


def test_one_compiled_function_calls_another():
    assert halves(np.array([1.0, 2.0, 4.0])) == 3.5


def test_arithmetic_keeps_its_order_and_a_division_by_zero_is_no_error():
    @compiled
    def divided(values, divisor):
        total = 0.0
        for value in values:
            total += value
        return total / divisor

    # In any other order the small terms would count: fast-math takes several at a time.
    values = np.array([1e16, *[1.0] * 64, -1e16])
    assert divided(values, 1.0) == 0.0
    assert np.isnan(divided(values, 0.0))
    assert divided(np.ones(3), 0.0) == np.inf


def test_sums_in_any_order_are_as_near_and_a_nan_or_infinity_stays_one():
    @compiled_sums
    def total(values):
        found = 0.0
        for value in values:
            found += value
        return found

    values = np.random.default_rng(0).normal(800.0, 50.0, 1001)
    assert total(values) == pytest.approx(math.fsum(values), rel=1e-14)
    assert total(values[:0]) == 0.0
    values[500] = np.inf
    assert total(values) == np.inf
    values[501] = np.nan
    assert np.isnan(total(values))


def test_a_compiled_function_keeps_its_order_inside_one_of_sums():
    rows = np.tile([1e16, *[1.0] * 64, -1e16], (3, 1))
    assert in_any_order(rows) == 0.0


def test_many_threads_may_make_the_first_call_at_once():
    calls = []

    @compiled
    def doubled(x):
        return 2 * x

    start = Barrier(8)

    def call(x):
        start.wait()
        calls.append(x)
        return doubled(x)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(call, range(8))) == [2 * x for x in range(8)]
    assert sorted(calls) == list(range(8))


def test_a_function_without_a_place_to_store_its_code_runs_all_the_same():
    # Numba finds no folder for what has no file, as for a file whose folders are read-only.
    room: dict[str, object] = {}
    exec(compile("def tripled(x):\n    return 3 * x", "<nowhere>", "exec"), room)
    assert compiled(room["tripled"])(2.0) == 6.0


@pytest.mark.parametrize("step", ["_save_data", "_save_index"])
def test_a_full_disk_costs_only_the_stored_code(monkeypatch, step):
    from numba.core import caching

    tried = []

    def full(*arguments):
        tried.append(step)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(caching.IndexDataCacheFile, step, full)
    monkeypatch.setattr(caching.IndexDataCacheFile, "_load_index", lambda file: {})

    @compiled
    def squared(x):
        return x * x

    assert squared(3.0) == 9.0
    assert squared(4.0) == 16.0
    assert tried == [step]


def test_what_is_frozen_is_a_view_and_the_original_stays_writable():
    array = np.arange(3.0)
    view = frozen(array)
    assert np.shares_memory(view, array)
    assert not view.flags.writeable
    assert array.flags.writeable


def test_what_is_frozen_is_of_one_type_whoever_made_it():
    @compiled
    def last(values):
        return values[-1]

    array = np.arange(6.0)
    found = [last(frozen(some)) for some in (array, frozen(array), array[::2], array[1:])]
    assert found == [5.0, 5.0, 4.0, 5.0]
    assert len(last._dispatcher.signatures) == 1


def constants_of_others(source):
    """Return the constants of other modules that compiled functions of this source read."""
    tree = ast.parse(source)
    imported = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    read = {
        name.id
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        and any(ast.unparse(mark).startswith("compiled") for mark in function.decorator_list)
        for statement in function.body
        for name in ast.walk(statement)
        if isinstance(name, ast.Name)
    }
    return sorted(name for name in imported & read if name.isupper())


@pytest.mark.parametrize("path", sorted(PHYSIO.rglob("*.py")), ids=lambda path: path.stem)
def test_what_is_stored_holds_no_constant_of_another_module(path):
    # Its code would be kept when that module's constant changes.
    assert constants_of_others(path.read_text(encoding="utf-8")) == []


def test_a_constant_of_another_module_is_found():
    body = "from physio.stacks import FEWEST\n@compiled\ndef few(n: int) -> bool:\n    return n < "
    assert constants_of_others(body + "FEWEST") == ["FEWEST"]
    assert constants_of_others(body + "8") == []
