"""SelfLoops HRV txt: the start on line 1, then `Time (ms),HR (bpm),R-R (ms)`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from pipelines.formats.recording import Recording
from pipelines.formats.table import read_as
from pipelines.formats.text import decoded, lines_of

NAME = "SelfLoops"
_HEADER = "Time (ms),HR (bpm),R-R (ms)"


def recognise(head: str, path: Path) -> bool:  # noqa: ARG001 - the content alone decides
    """Tell whether SelfLoops' header stands in the first lines."""
    return any(line.strip() == _HEADER for line in lines_of(head)[:3])


def read(path: Path, data: bytes) -> Recording:
    """Return the recording of a SelfLoops export; `FormatError` where it cannot be read."""
    return read_as(path, data, format_name=NAME, started=_started(data))


def _started(data: bytes) -> str | None:
    first = lines_of(decoded(data[:200]))[0].strip()
    try:
        return datetime.strptime(first, "%d %B %Y %H:%M:%S").isoformat()
    except ValueError:
        return None
