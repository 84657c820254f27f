"""A process of ours that answers one question after the other, and may be ended at any moment.

What a library of others, or a hostile file, makes of it ends with it: whoever asks waits a bounded
time, and the next question is answered by another process.
"""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import IO, Final

from pipelines.processes import program, surroundings

GETS_READY_WITHIN: Final = 600.0
"""Seconds that a process may take to begin: machine code may have to be compiled."""
LOOKS: Final = 1.0
"""Seconds between looks of a process at whether whoever started it is still there."""
_SIZE: Final = struct.Struct("<Q")


class Servant:
    """A process that answers, started when it is first asked, and anew after it ended.

    Parameters
    ----------
    module : str
        Which of our modules it runs; that calls `serve`.
    first : bytes
        What it is told before any question.
    more : mapping
        Variables of its environment besides those of any process of ours.
    """

    def __init__(
        self, module: str, first: bytes = b"", *, more: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        self._module, self._first, self._more = module, first, more
        self._process: subprocess.Popen[bytes] | None = None
        self._let_go = False
        self._starting = threading.Lock()
        self.overdue = False
        """Whether it was the time that ended it, when no answer came."""

    def ask(self, question: bytes, *, within: float) -> bytes | None:
        """Return the answer, None where the process ended instead of giving one in time."""
        self.overdue = False
        process = self._process or self._started()
        answer = None if process is None else self._exchange(process, question, within)
        if answer is None:
            self._end()
        return answer

    def let_go(self) -> None:
        """End the process, whatever it does, for good: nothing is answered any more."""
        with self._starting:
            self._let_go = True
        self._end()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError):
                    if pipe is not None:
                        pipe.close()

    def _started(self) -> subprocess.Popen[bytes] | None:
        """Return a process that is ready, None where it never is or nobody asks any more."""
        with self._starting:
            if self._let_go:
                return None
            self._process = process = subprocess.Popen(
                program(self._module),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=surroundings() | dict(self._more),
            )
        ready = self._exchange(process, self._first, GETS_READY_WITHIN)
        return None if ready is None else process

    def _exchange(
        self, process: subprocess.Popen[bytes], told: bytes, within: float
    ) -> bytes | None:
        watch = threading.Timer(within, self._give_up, (process,))
        watch.daemon = True
        watch.start()
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            with suppress(BrokenPipeError):
                _write(process.stdin, told)
            return _read(process.stdout)
        except ValueError:  # it was let go of meanwhile, and its pipes are closed
            return None
        finally:
            watch.cancel()

    def _give_up(self, process: subprocess.Popen[bytes]) -> None:
        self.overdue = True
        process.kill()


def serve(begin: Callable[[bytes], Callable[[bytes], bytes]]) -> None:
    """Answer on the standard output what is asked on the standard input, until nobody asks.

    `begin` takes what is told first and returns what answers each question. Whatever else prints
    goes to the standard error.
    """
    told, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    sys.stdout = sys.stderr
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    first = _read(told)
    if first is None:
        return
    answered = begin(first)
    _write(answers, b"ready")
    while (question := _read(told)) is not None:
        _write(answers, answered(question))


def _end_with(parent: int) -> None:
    """End this process, in the middle of an answer too, once whoever started it is gone."""
    while os.getppid() == parent:
        time.sleep(LOOKS)
    os._exit(0)


def _write(stream: IO[bytes], content: bytes) -> None:
    stream.write(_SIZE.pack(len(content)))
    stream.write(content)
    stream.flush()


def _read(stream: IO[bytes]) -> bytes | None:
    """Return what was written at once, None where the stream ends before that."""
    head = stream.read(_SIZE.size)
    if len(head) < _SIZE.size:
        return None
    (size,) = _SIZE.unpack(head)
    content = stream.read(size)
    return content if len(content) == size else None
