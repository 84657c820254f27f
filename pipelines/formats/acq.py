"""AcqKnowledge files of BIOPAC: the ECG among their channels."""

from __future__ import annotations

from pathlib import Path

from pipelines.formats.recording import Recording
from pipelines.formats.signals import choose, ecg_recording, signals_of

NAME = "AcqKnowledge"
_VERSIONS = range(28, 200)
"""Revisions of the format, in bytes 2 to 6 of a file, in either order."""


def recognise(head: str, path: Path) -> bool:
    """Tell whether a file is called .acq and begins with a revision of the format."""
    start = head[2:6].encode("latin-1", "replace")
    revisions = (int.from_bytes(start, "little"), int.from_bytes(start, "big"))
    return path.suffix.lower() == ".acq" and any(one in _VERSIONS for one in revisions)


def read(
    path: Path, data: bytes, channel: str | None = None, breathing: str | None = None
) -> Recording:
    """Return the recording of the ECG.

    Raises
    ------
    FormatError
        If it is damaged, or holds no ECG or several.
    """
    from pipelines.formats.parsers import parsed

    found = parsed(path, data, parser="acq")
    told = choose(path, signals_of(found), channel=channel, breathing=breathing)
    return ecg_recording(path, told, format_name=NAME, started=found.started)
