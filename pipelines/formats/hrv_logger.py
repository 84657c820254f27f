"""HRV Logger csv: `timestamp, rr, since_start`; arrival in ms since 1970 UTC, interval in ms."""

from __future__ import annotations

from pathlib import Path

from pipelines.formats.recording import Recording
from pipelines.formats.table import read_as

NAME = "HRV Logger"
_HEADER = ["timestamp", "rr", "since_start"]


def recognise(head: str, path: Path) -> bool:  # noqa: ARG001 - the content alone decides
    """Tell whether the first line is HRV Logger's header."""
    return [cell.strip() for cell in head.lstrip().partition("\n")[0].split(",")] == _HEADER


def read(path: Path, data: bytes) -> Recording:
    """Return the recording of an HRV Logger export; `FormatError` where it cannot be read."""
    return read_as(path, data, format_name=NAME)
