"""Timing in turn: order, repetitions and medians, on a clock that only the jobs move."""

import os
import subprocess
import sys
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proof.bench import stopwatch
from proof.bench.stopwatch import FEWEST, MOST, ROUND, SLOW, timing


class Clock:
    """A clock that stands still but for what jobs take."""

    def __init__(self):
        self.now = 0.0
        self.order = []

    def __call__(self):
        return self.now

    def job(self, name, *seconds):
        """Return a job that takes these times, the last of them ever after."""
        left = list(seconds)

        def run():
            self.order.append(name)
            self.now += left.pop(0) if len(left) > 1 else left[0]

        return run


def test_the_jobs_take_turns():
    clock = Clock()
    timing(clock.job("A", 1.0), clock.job("B", 2.0), seconds=0.0, clock=clock)
    assert clock.order == ["A", "B"] * (1 + FEWEST)


def test_the_medians_are_of_the_rounds_and_not_of_the_first_run():
    clock = Clock()
    laps = [3.0, 0.1, 0.5, 0.2, 0.4, 0.3]
    took = timing(clock.job("A", *laps), clock.job("B", 1.0), seconds=0.0, clock=clock)
    assert took.ours == pytest.approx(1000.0 * median(laps[1:]))
    assert (took.ours_times, took.rival_times) == (FEWEST, FEWEST)
    assert took.rival == pytest.approx(1000.0)


@given(st.floats(1e-6, 1e-2), st.floats(1e-6, 1e-2))
def test_a_quick_job_is_called_until_a_timing_lasts_and_the_time_is_that_of_one_call(a, b):
    clock = Clock()
    took = timing(clock.job("A", a), clock.job("B", b), seconds=0.0, clock=clock)
    assert took.ours == pytest.approx(1000.0 * a)
    assert took.rival == pytest.approx(1000.0 * b)
    for name, once in (("A", a), ("B", b)):
        calls = (clock.order.count(name) - 1) / FEWEST
        assert calls * once >= ROUND * (1 - 1e-9)
        assert (calls - 1) * once < ROUND * (1 + 1e-6) or calls == 1


@given(st.floats(0.0, 100.0))
def test_there_are_never_fewer_than_5_rounds_nor_more_than_15(seconds):
    clock = Clock()
    took = timing(clock.job("A", 0.5), None, seconds=seconds, clock=clock)
    assert took.ours_times == min(MOST, max(FEWEST, int(seconds / 0.5)))


def test_a_slow_rival_is_timed_once_and_ours_as_often_as_ever():
    clock = Clock()
    slow = 2.0 * SLOW
    took = timing(clock.job("A", 0.5), clock.job("B", slow), seconds=0.0, clock=clock)
    assert clock.order.count("B") == 1
    assert (took.rival, took.rival_times) == (pytest.approx(1000.0 * slow), 1)
    assert took.ours_times == FEWEST


def test_without_a_rival_there_is_no_figure_for_one():
    clock = Clock()
    took = timing(clock.job("A", 0.5), None, seconds=0.0, clock=clock)
    assert took.rival is None
    assert took.rival_times == 0


def test_the_clock_does_not_count_what_others_take():
    if stopwatch.processor_clock() is not stopwatch.time.process_time:
        pytest.skip("this system's processor time is coarse")
    clock = stopwatch.processor_clock()
    began = clock()
    subprocess.run([sys.executable, "-c", "sum(range(3_000_000))"], check=True)
    here = clock() - began
    began = clock()
    sum(range(3_000_000))
    assert here < clock() - began


def test_pinning_leaves_one_core():
    if not hasattr(os, "sched_setaffinity"):
        pytest.skip("this system lets no process be kept on one core")
    code = "import os; from proof.bench.stopwatch import pin; pin(); "
    code += "print(len(os.sched_getaffinity(0)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "1"
