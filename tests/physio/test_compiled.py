"""Functions compiled when first called: light to import, safe in threads, whatever the disk."""

import errno
import inspect
import math
import os
import subprocess
import sys
import warnings
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np
import pytest

from physio import panel
from physio.beats import Beats
from physio.compiled import FUNCTIONS, _course, compiled, compiled_sums, frozen, machine_code_here
from physio.hrv.detrend import _short
from physio.labels import labels
from physio.presets import PRESETS
from physio.respiration import Respiration, Source

OURS = [one for one in FUNCTIONS if one.__module__.startswith("physio.")]


@pytest.fixture(autouse=True)
def _as_at_first(monkeypatch):
    """Functions of these tests are compiled; those of the science know of no work before."""
    monkeypatch.setattr("physio.compiled._course", type(_course)())
    for one in OURS:
        monkeypatch.setattr(one, "_run", None)
    with machine_code_here():
        yield


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


# What short work is.


def in_a_process(code: str, **more: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        env={**os.environ, **more},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


MEASURING = """
import sys
import numpy as np
from physio import compiled
from physio.beats import Beats
from physio.hrv.moments import moments
from physio.windows import windows

def measure(n, m):
    rr = np.full(n, 800.0)
    beats = Beats(np.cumsum(rr) / 1000.0, rr, np.zeros(n, np.int64))
    moments(windows(beats, np.ones(n, bool), np.zeros(m), np.full(m, 1e9)))
"""


def test_short_work_is_interpreted_and_long_work_waits_once_and_is_not():
    """The rule: beats times windows, added up over the process."""
    code = f"""{MEASURING}
compiled.before_machine_code(lambda: print("numba" in sys.modules))
measure(compiled.SHORT // 4, 2)
measure(compiled.SHORT // 4, 2)
assert "numba" not in sys.modules
measure(1, 1)
assert "numba" in sys.modules
measure(compiled.SHORT + 1, 1)
"""
    assert in_a_process(code) == "False"


def test_work_of_any_length_is_interpreted_until_told_but_in_a_thread_that_uses_machine_code():
    code = f"""{MEASURING}
import threading
def load():
    with compiled.machine_code_here():
        measure(10, 1)
compiled.interpret_until_told()
measure(2 * compiled.SHORT, 1)
assert "numba" not in sys.modules
thread = threading.Thread(target=load)
thread.start()
thread.join()
ready = [one for one in compiled.FUNCTIONS if one._dispatcher is not None]
assert ready
calls = []
for one in ready:
    one._dispatcher = lambda *args: calls.append(args)
measure(10, 1)
assert not calls
compiled.use_machine_code()
measure(10, 1)
assert calls
"""
    in_a_process(code)


def test_an_interpreted_division_by_zero_is_no_error_and_warns_of_nothing():
    @compiled
    def divided(values, divisor):
        return values[0] / divisor[0]

    ones, zeros = np.ones(1), np.zeros(1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert divided._interpret(ones, zeros) == np.inf
        assert np.isnan(divided._interpret(zeros, zeros))


# Both ways give the same.


MANY = 25


def arguments(call, monkeypatch):
    """Return what compiled functions are called with by `call`, before they change any of it."""
    seen, times = [], Counter()

    def noting(one, run):
        def noted(*args):
            times[one] += 1
            # Small ones are called for every beat: all of the first calls, then ever fewer.
            if times[one] > MANY and times[one].bit_count() > 1:
                return run(*args)
            given = [np.array(a) if isinstance(a, np.ndarray) else a for a in args]
            frozen_ones = [isinstance(a, np.ndarray) and not a.flags.writeable for a in args]
            seen.append((one, given, frozen_ones))
            return run(*args)

        return noted

    with monkeypatch.context() as patched:
        for one in OURS:
            patched.setattr(one, "_run", noting(one, one._interpret))
        call()
    return seen


def copies(given, frozen_ones):
    made = [a.copy() if isinstance(a, np.ndarray) else a for a in given]
    for array, is_frozen in zip(made, frozen_ones, strict=True):
        if is_frozen:
            array.setflags(write=False)
    return made


def scale_of(one, other):
    known = np.abs(np.concatenate((one[np.isfinite(one)], other[np.isfinite(other)])))
    return max(float(known.max(initial=0.0)), 1e-300)


def assert_same(one, other, name):
    one, other = np.asarray(one), np.asarray(other)
    assert one.shape == other.shape, name
    if one.dtype.kind in "iub":
        np.testing.assert_array_equal(one, other, err_msg=name)
    else:
        atol = 1e-9 * scale_of(one, other)
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=atol, err_msg=name)


ROOM = {
    "room",
    "places",
    "lines",
    "known",
    "ends",
    "root",
    "sums",
    "flat",
    "trend",
    "mark",
    "count",
}
"""Arguments that are for what is known in between; what is left in them tells nothing."""


def beats_that(kind):
    rng = np.random.default_rng(len(kind))
    rr = 850.0 + 40.0 * np.sin(np.arange(500) / 0.9) + rng.normal(0.0, 20.0, 500)
    segment = np.zeros(500, np.int64)
    if kind == "are ugly":
        rr[::40] *= 0.5
        rr[7], rr[8], rr[300:303], rr[400:420] = 3000.0, 0.2, 2900.0, 800.0
        segment = np.arange(500) // 120
    if kind == "do not change":
        rr[:] = 800.0
    return Beats.of_any_length(np.cumsum(rr) / 1000.0 + 30.0 * segment, rr, segment)


def measured(kind, preset):
    _short.cache_clear()
    beats = beats_that(kind)
    label = labels(beats.rr, beats.segment)
    end = float(beats.time[-1])
    sine = np.sin(beats.time)[:, np.newaxis]
    breath = Respiration(signal=Source(("belt",), beats.time, sine, beats.segment))
    # Windows without a beat, of one, of a few, and long ones.
    edges = np.array([-50.0, 0.0, 0.5, 4.0, 60.0, 61.0, 300.0, end + 50.0])
    for length in (1.0, 60.0, 300.0):
        panel.over(
            *(beats, label),
            start=edges - length,
            end=edges,
            preset=PRESETS[preset],
            respiration=breath,
        )
    panel.trailing(beats, label, end=200.0)
    panel.whole(beats, label, (), start=0.0, end=end, preset=PRESETS[preset])


@pytest.mark.parametrize(
    ("kind", "preset"),
    [
        ("are ugly", "interbeat"),
        *(
            pytest.param(*one, marks=pytest.mark.long)
            for one in (
                ("are ugly", "kubios-like"),
                *(("breathe", preset) for preset in sorted(PRESETS)),
                ("do not change", "kubios-like"),
            )
        ),
    ],
)
def test_what_is_interpreted_is_what_machine_code_computes(kind, preset, monkeypatch):
    calls = arguments(lambda: measured(kind, preset), monkeypatch)
    assert len({one for one, _, _ in calls}) > 20
    for one, given, frozen_ones in calls:
        interpreted, machine = copies(given, frozen_ones), copies(given, frozen_ones)
        found, expected = one._interpret(*interpreted), one(*machine)
        if expected is not None:
            assert_same(found, expected, one.__name__)
        names = inspect.signature(one.function).parameters
        for name, left, right in zip(names, interpreted, machine, strict=True):
            if name not in ROOM and isinstance(left, np.ndarray):
                assert_same(left, right, f"{one.__name__}: {name}")
