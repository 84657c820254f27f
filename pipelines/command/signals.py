"""The signals by which a person, a system or a closing terminal ends a command."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable, Iterator

_listeners: list[Callable[[], object]] = []


@contextlib.contextmanager
def ended_by_signals(end: Callable[[], object]) -> Iterator[None]:
    """Call `end` at Ctrl+C, a polite kill and a terminal that closes.

    Nothing is raised into the middle of what runs, where it may be swallowed. Where one listens
    within another, both are called.
    """
    before = {} if _listeners else {one: signal.getsignal(one) for one in _ending_signals()}
    _listeners.append(end)
    for number in before:
        signal.signal(number, _told)
    try:
        yield
    finally:
        _listeners.remove(end)
        for number, handler in before.items():
            signal.signal(number, handler)


def _told(*_: object) -> None:
    for end in tuple(_listeners):
        end()


def _ending_signals() -> Iterator[signal.Signals]:
    yield signal.SIGINT
    yield signal.SIGTERM
    # Windows has no such signal, and nohup wants it ignored.
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) == signal.SIG_DFL:
        yield signal.SIGHUP
