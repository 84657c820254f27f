"""Virtual time: exact, in order, and never deaf to pipes, signals and threads."""

import asyncio
import os
import signal
import threading
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from devices.clock import (
    Clocks,
    VirtualLoop,
    new_loop,
    read_clocks,
    run,
    session_clock,
    wall,
    wall_jump,
)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=20))
@example([0.0, 1e-9])
def test_timers_run_in_order_at_exactly_their_time(times):
    seen = []

    async def main():
        loop = asyncio.get_running_loop()
        done = loop.create_future()
        for when in times:
            loop.call_at(when, lambda when=when: seen.append((when, loop.time())))
        loop.call_at(max(times) + 1, done.set_result, None)
        await done

    run(main(), speed="max")
    assert [when for when, _ in seen] == sorted(times)
    # asyncio runs timers less than a nanosecond apart in one turn.
    assert all(abs(when - now) <= 1e-9 for when, now in seen)


def test_a_day_passes_at_once_and_exactly():
    async def main():
        now = session_clock()
        for _ in range(24):
            await asyncio.sleep(3600)
        return now()

    assert run(main(), speed="max") == 24 * 3600


def test_cancelled_timers_take_no_time():
    async def main():
        loop = asyncio.get_running_loop()
        loop.call_later(5, print).cancel()
        await asyncio.wait_for(asyncio.sleep(1), timeout=3)
        return loop.time()

    assert run(main(), speed="max") == 1.0


def test_a_pipe_is_served_between_jumps():
    async def main():
        loop = asyncio.get_running_loop()
        read, write = os.pipe()
        got = loop.create_future()
        loop.add_reader(read, lambda: got.done() or got.set_result(os.read(read, 1)))
        ticks = asyncio.create_task(endless_ticks())
        loop.call_at(100.0, os.write, write, b"x")
        value = await got
        ticks.cancel()
        loop.remove_reader(read)
        os.close(read)
        os.close(write)
        return value, loop.time()

    value, when = run(main(), speed="max")
    assert value == b"x"
    assert 100.0 <= when <= 101.0


async def endless_ticks():
    while True:
        await asyncio.sleep(1)


@pytest.mark.parametrize("speed", ["max", 50.0])
def test_a_thread_wakes_an_idle_loop(speed):
    async def main():
        loop = asyncio.get_running_loop()
        woken = loop.create_future()
        thread = threading.Thread(
            target=lambda: (time.sleep(0.02), loop.call_soon_threadsafe(woken.set_result, "awake"))
        )
        thread.start()
        result = await woken
        thread.join()
        return result

    assert run(main(), speed=speed) == "awake"


@pytest.mark.skipif(os.name == "nt", reason="loop signal handlers are not offered on Windows")
def test_a_signal_reaches_a_racing_loop():
    async def main():
        loop = asyncio.get_running_loop()
        stopped = asyncio.Event()
        loop.add_signal_handler(signal.SIGTERM, stopped.set)
        ticks = asyncio.create_task(endless_ticks())
        await asyncio.sleep(1)  # it races, however late the signal's thread is served
        threading.Timer(0.02, os.kill, (os.getpid(), signal.SIGTERM)).start()
        await stopped.wait()
        ticks.cancel()
        return loop.time()

    assert run(main(), speed="max") >= 1


def test_time_stands_still_while_a_thread_works():
    async def main():
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(1):
            await loop.run_in_executor(None, time.sleep, 0.05)
        return loop.time()

    assert run(main(), speed="max") == 0.0


def test_speed_is_a_factor():
    async def main():
        began = time.monotonic()
        await asyncio.sleep(5)
        return asyncio.get_running_loop().time(), time.monotonic() - began

    virtual, real = run(main(), speed=100.0)
    assert virtual >= 5
    assert real >= 5 / 100 * 0.99
    assert real < 5


@pytest.mark.parametrize("speed", [0, -1.0, float("nan"), float("inf")])
def test_a_speed_that_is_none_is_refused(speed):
    with pytest.raises(ValueError, match="speed must be above 0"):
        VirtualLoop(speed=speed)


def test_speed_one_is_the_ordinary_loop():
    loop = new_loop(1.0)
    assert not isinstance(loop, VirtualLoop)
    loop.close()


def test_wall_clock_goes_with_virtual_time():
    async def main():
        before = wall()
        await asyncio.sleep(1000)
        return wall() - before

    assert run(main(), speed="max") == pytest.approx(1000, abs=1e-3)


def at_once(session, wall):
    return Clocks(session, session, wall)


def test_wall_jumps():
    start = at_once(0.0, 1e9)
    assert wall_jump(start, at_once(60.0, 1e9 + 60.9)) is None
    assert wall_jump(start, at_once(60.0, 1e9 + 3660.0)) == 3600.0
    assert wall_jump(start, at_once(60.0, 1e9 + 57.0)) == -3.0


class HeldUp:
    """Two clocks that go together, in a program that is held up before some of its readings."""

    def __init__(self, pauses):
        self.now, self.pauses = 0.0, iter(pauses)

    def session(self):
        self.now += next(self.pauses, 0.0)
        return self.now

    def wall(self):
        return 1e9 + self.session()


@given(st.lists(st.floats(0.0, 30.0) | st.just(0.0), max_size=40))
def test_a_program_that_is_held_up_between_two_readings_sees_no_jump(pauses):
    clocks = HeldUp(pauses)
    seen = [read_clocks(clocks.session, clocks.wall) for _ in range(4)]
    assert [wall_jump(one, other) for one in seen for other in seen] == [None] * 16


def test_one_that_is_held_up_sees_a_jump_all_the_same():
    clocks = HeldUp([0.0, 2.0, 0.0] * 5)
    start = read_clocks(clocks.session, clocks.wall)
    assert not start.is_sharp
    assert wall_jump(start, at_once(60.0, 1e9 + 3660.0)) == pytest.approx(3600.0, abs=2.0)


def test_clocks_are_read_again_where_something_came_between():
    clocks = HeldUp([0.0, 5.0, 0.0, 0.0, 0.0])
    assert read_clocks(clocks.session, clocks.wall) == at_once(5.0, 1e9 + 5.0)
