"""The handle of the process that parses: started when it is first needed, one for many files."""

from __future__ import annotations

import atexit
import subprocess
import threading
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from pipelines.formats.parsers.parsed import Parsed, Question, Refused
from pipelines.formats.parsers.serving import SIZE
from pipelines.formats.refusal import FormatError
from pipelines.language import tr
from pipelines.processes import program, surroundings

AT_LEAST: Final = 20.0
"""Seconds that parsing any file may take once the process is ready."""
PER_MEGABYTE: Final = 4.0
"""Seconds more for each megabyte."""


def parsed(path: Path, data: bytes, *, parser: str) -> Parsed:
    """Return what a parser makes of the bytes of a file.

    Raises
    ------
    FormatError
        If it is damaged or not what it seems, its reader is not installed, or reading it takes too
        long or too much memory.
    """
    answer = _PARSING.ask(parser, data)
    if answer is None:
        what = tr("reading it ended the process that did it, or took too long")
        raise FormatError(path, what, tr("export it again from the program that wrote it"))
    if isinstance(answer, Refused):
        raise FormatError(path, answer.what, answer.hint)
    return answer


class _Parsing:
    """A process that parses, at most one in this process."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._one_at_a_time = threading.Lock()

    def ask(self, parser: str, data: bytes) -> Parsed | Refused | None:
        """Return the answer, None where the process ended instead of giving one."""
        with self._one_at_a_time:
            process = self._process or self._start()
            patience = AT_LEAST + PER_MEGABYTE * len(data) / 1e6
            watch = threading.Timer(patience, process.kill)
            watch.daemon = True
            watch.start()
            try:
                question = msgspec.json.encode(Question(parser, len(data)))
                assert process.stdin is not None
                with suppress(BrokenPipeError):
                    process.stdin.write(SIZE.pack(len(question)) + question + data)
                    process.stdin.flush()
                content = _frame(process)
            finally:
                watch.cancel()
            if content is None:
                self.end()
                return None
            return msgspec.msgpack.decode(content, type=Parsed | Refused)

    def _start(self) -> subprocess.Popen[bytes]:
        self._process = process = subprocess.Popen(
            program("pipelines.formats.parsers"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=surroundings(),
        )
        _frame(process)  # that it is ready; where it never is, the question finds that out
        return process

    def end(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError):
                    if pipe is not None:
                        pipe.close()


def _frame(process: subprocess.Popen[bytes]) -> bytes | None:
    assert process.stdout is not None
    head = process.stdout.read(SIZE.size)
    if len(head) < SIZE.size:
        return None
    (size,) = SIZE.unpack(head)
    content = process.stdout.read(size)
    return content if len(content) == size else None


_PARSING = _Parsing()
atexit.register(_PARSING.end)
