"""A share of the processor: what was taken is waited for, and a quiet while is saved up."""

import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.recording.share import Share


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@given(st.lists(st.floats(0.0, 3.0), max_size=50))
def test_no_more_is_taken_than_the_share_and_what_was_saved(costs):
    clock, taken = Clock(), 0.0
    share = Share(part=0.1, saved=0.5, clock=clock)
    for cost in costs:
        clock.now += max(0.0, share.owed() / 0.1)
        assert share.owed() <= 1e-9
        assert taken <= 0.5 + 0.1 * clock.now + 1e-6
        share.charge(cost)
        taken += cost


def test_a_quiet_while_is_saved_up_to_a_bound():
    clock = Clock()
    share = Share(part=0.1, saved=0.5, clock=clock)
    share.charge(0.5)
    assert share.owed() == pytest.approx(0.0)
    clock.now = 1e6
    assert share.owed() == pytest.approx(-0.5)


def busy_until_it_fails():
    began = time.thread_time()
    while time.thread_time() < began + 0.05:
        pass
    raise ZeroDivisionError


def test_what_this_thread_computes_is_counted_even_where_it_fails():
    share = Share(part=0.1, saved=0.5, clock=lambda: 0.0)
    with pytest.raises(ZeroDivisionError), share.charged():
        busy_until_it_fails()
    assert share.owed() >= -0.451


def test_who_waits_is_told_that_it_is_over():
    share, over = Share(part=1e-6), threading.Event()
    assert share.wait(over)
    share.charge(1e3)
    threading.Timer(0.05, over.set).start()
    assert not share.wait(over)
