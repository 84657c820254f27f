"""The one adapter that reads a clock: everything else asks the running event loop for the time.

A live session runs on the ordinary loop. A replay or a simulation runs on a `VirtualLoop`, whose
time runs faster, or jumps from timer to timer.
"""

from __future__ import annotations

import asyncio
import heapq
import selectors
import time
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import Executor
from contextvars import Context
from dataclasses import dataclass
from math import inf, nextafter
from typing import Any, Literal, TypeAlias, TypeVar, TypeVarTuple, Unpack

Speed: TypeAlias = float | Literal["max"]

LARGEST_DRIFT = 1.0
"""Seconds by which wall clock and session clock may move apart before it counts as a jump."""

SHARP = 0.01
"""Seconds between two readings of the session clock that count as the same moment."""
READINGS = 5
"""Times that the clocks are read where this program is held up in between."""

_SAME_MOMENT = 1e-9

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose `time()` starts at 0 and runs `speed` times as fast as the real one.

    With speed "max", time stands still while anything is ready and jumps to the next timer when
    nothing is. Files, pipes, signals and threads are served before every jump, and time does not
    jump while a job given to `run_in_executor` is under way.

    Parameters
    ----------
    speed : float or "max"
        Seconds of loop time to a real second, above 0.

    Raises
    ------
    ValueError
        If `speed` is not above 0.
    """

    def __init__(self, *, speed: Speed = "max") -> None:
        self._speed = speed
        self._now = 0.0
        self._began = time.monotonic()
        self._wall_began = time.time()
        self._timers: list[float] = []
        self._jobs = 0
        super().__init__(_VirtualSelector(selectors.DefaultSelector(), self._wait))
        if speed != "max" and not 0 < speed < inf:
            self.close()
            raise ValueError(f'speed must be above 0 or "max", got {speed}')

    def time(self) -> float:
        """Return the loop's time in seconds since it was made."""
        if self._speed == "max":
            return self._now
        return (time.monotonic() - self._began) * self._speed

    def wall(self) -> float:
        """Return seconds since 1970 UTC as if the loop's time were the real one."""
        return self._wall_began + self.time()

    def call_at(
        self,
        when: float,
        callback: Callable[[Unpack[Ts]], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """Schedule `callback` for the loop time `when`."""
        if self._speed == "max":
            heapq.heappush(self._timers, when)
        return super().call_at(when, callback, *args, context=context)

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[Unpack[Ts]], T], *args: *Ts
    ) -> asyncio.Future[T]:
        """Run `func` in a thread; loop time at speed "max" waits for it."""
        future = super().run_in_executor(executor, func, *args)
        self._jobs += 1
        future.add_done_callback(self._job_done)
        return future

    def _job_done(self, _: object) -> None:
        self._jobs -= 1

    def _wait(self, selector: selectors.BaseSelector, timeout: float | None) -> _Ready:
        """Poll for input as an event loop does, passing virtual instead of real time."""
        if timeout is None or timeout <= 0:
            return selector.select(timeout)
        if self._speed != "max":
            return selector.select(timeout / self._speed)
        ready = selector.select(None if self._jobs else 0)
        if not ready:
            self._jump(self._now + timeout)
        return ready

    def _jump(self, target: float) -> None:
        # `target` was rounded twice on its way here; the timer's own time is exact.
        while self._timers and self._timers[0] <= max(self._now, target - _SAME_MOMENT):
            heapq.heappop(self._timers)
        exact = bool(self._timers) and self._timers[0] <= target + _SAME_MOMENT
        self._now = self._timers[0] if exact else max(target, nextafter(self._now, inf))


_Ready: TypeAlias = list[tuple[selectors.SelectorKey, int]]


class _VirtualSelector(selectors.BaseSelector):
    """A selector that leaves it to the loop how long to wait."""

    def __init__(
        self,
        real: selectors.BaseSelector,
        wait: Callable[[selectors.BaseSelector, float | None], _Ready],
    ) -> None:
        self._real = real
        self._wait = wait

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._real.register(fileobj, events, data)

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        return self._real.unregister(fileobj)

    def modify(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._real.modify(fileobj, events, data)

    def select(self, timeout: float | None = None) -> _Ready:
        return self._wait(self._real, timeout)

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return self._real.get_map()

    def close(self) -> None:
        self._real.close()


def new_loop(speed: Speed = 1.0) -> asyncio.AbstractEventLoop:
    """Return the ordinary event loop for speed 1, a `VirtualLoop` for any other."""
    return asyncio.new_event_loop() if speed == 1.0 else VirtualLoop(speed=speed)


def run(main: Coroutine[Any, Any, T], *, speed: Speed = 1.0) -> T:
    """Run `main` to its end on a new loop of that speed, as `asyncio.run` does."""
    with asyncio.Runner(loop_factory=lambda: new_loop(speed)) as runner:
        return runner.run(main)


def session_clock() -> Callable[[], float]:
    """Return a clock that tells the seconds since this call, by the running loop."""
    loop = asyncio.get_running_loop()
    start = loop.time()
    return lambda: loop.time() - start


def wall() -> float:
    """Return seconds since 1970 UTC; under a `VirtualLoop`, as if its time were the real one."""
    loop = asyncio.get_running_loop()
    return loop.wall() if isinstance(loop, VirtualLoop) else time.time()


@dataclass(frozen=True, slots=True)
class Clocks:
    """Both clocks, read together: the wall clock between the two readings of the session clock."""

    early: float
    late: float
    wall: float

    @property
    def session(self) -> float:
        """The session clock when the wall clock was read, in seconds, as well as is known."""
        return (self.early + self.late) / 2.0

    @property
    def is_sharp(self) -> bool:
        """Whether they were read as good as at once."""
        return self.late - self.early <= SHARP


def read_clocks(session: Callable[[], float], wall: Callable[[], float]) -> Clocks:
    """Return both clocks, read as close together as a busy computer lets us."""
    for _ in range(READINGS):
        clocks = Clocks(early=session(), wall=wall(), late=session())
        if clocks.is_sharp:
            break
    return clocks


def wall_jump(previous: Clocks, current: Clocks) -> float | None:
    """Return by how many seconds the wall clock jumped against the session clock, None if it kept.

    A suspended computer and a clock that was set both show as a jump of more than `LARGEST_DRIFT`,
    whenever between its two readings of the session clock this program was held up.
    """
    jump = (current.wall - previous.wall) - (current.session - previous.session)
    unsure = (current.late - current.early + previous.late - previous.early) / 2.0
    return jump if abs(jump) - unsure > LARGEST_DRIFT else None
