"""The one process here that parses: started when it is first needed, for many files."""

from __future__ import annotations

import atexit
import threading
from pathlib import Path
from typing import Final

import msgspec

from pipelines.formats.parsers.parsed import Parsed, Question, Refused
from pipelines.formats.refusal import FormatError
from pipelines.language import tr
from pipelines.servants import Servant

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
    patience = AT_LEAST + PER_MEGABYTE * len(data) / 1e6
    with _ONE_AT_A_TIME:
        # Named nowhere, so that a large file is not held twice.
        content = _PARSING.ask(msgspec.msgpack.encode(Question(parser, data)), within=patience)
    if content is None:
        what = tr("reading it ended the process that did it, or took too long")
        raise FormatError(path, what, tr("export it again from the program that wrote it"))
    answer = msgspec.msgpack.decode(content, type=Parsed | Refused)
    if isinstance(answer, Refused):
        raise FormatError(path, answer.what, answer.hint)
    return answer


_PARSING: Final = Servant("pipelines.formats.parsers")
_ONE_AT_A_TIME: Final = threading.Lock()
atexit.register(_PARSING.let_go)
