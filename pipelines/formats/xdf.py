"""XDF, as LabRecorder writes it: the ECG among its streams."""

from __future__ import annotations

from pathlib import Path

from pipelines.formats.recording import Recording
from pipelines.formats.signals import choose, ecg_recording, signals_of

NAME = "XDF"


def recognise(head: str, path: Path) -> bool:  # noqa: ARG001 - the content alone decides
    """Tell whether a file begins as XDF does."""
    return head.startswith("XDF:")


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

    found = parsed(path, data, parser="xdf")
    told = choose(path, signals_of(found), channel=channel, breathing=breathing)
    return ecg_recording(path, told, format_name=NAME, notes=found.notes)
