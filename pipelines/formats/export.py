"""Interbeat's own export: a zip, or its unpacked folder, with every event of a session."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.formats.recording import (
    EARLIEST_EPOCH,
    LATEST_EPOCH,
    LONGEST_RECORDING,
    FormatError,
    Recording,
)
from pipelines.session import START, decode

if TYPE_CHECKING:
    from pipelines.store import Export

NAME = "Interbeat export"
_ZIP = "PK\x03\x04"
_AGAIN = "export the session again with `interbeat sessions export`"


def recognise(head: str, path: Path) -> bool:
    """Tell whether this is a zip or a folder."""
    return head.startswith(_ZIP) or path.is_dir()


def read(path: Path, data: bytes) -> Recording:  # noqa: ARG001 - the store opens zip or folder
    """Return the events as they were exported.

    Raises
    ------
    FormatError
        If it is no export, a newer one or a damaged one, or holds no intervals.
    """
    export = _export(path)
    times = [event.time for event in export.events]
    if times and not 0.0 <= min(times) <= max(times) <= LONGEST_RECORDING:
        raise FormatError(path, "its times are not those of one session", _AGAIN)
    count = sum(len(raw) for raw in decode(START, export.events)[1].values())
    if count == 0:
        raise FormatError(path, "it holds no intervals", "choose a session with beats in it")
    return Recording(export.events, NAME, count, _started(export.metadata.started))


def _started(wall: float) -> str | None:
    if not EARLIEST_EPOCH < wall < LATEST_EPOCH:
        return None
    return datetime.fromtimestamp(wall, UTC).isoformat(timespec="milliseconds")


def _export(path: Path) -> Export:
    # Reading a text file needs no encrypted store and should not wait for one.
    from pipelines.store import LibraryError, read_export

    try:
        return read_export(path)
    except LibraryError as error:
        what, _, hint = error.sentence.replace(str(path), "it").rstrip(".").partition("; ")
        raise FormatError(path, what, hint or _AGAIN) from error
