"""EDF, EDF+ and BDF: the ECG among their signals."""

from __future__ import annotations

from pathlib import Path

from pipelines.formats.recording import Recording
from pipelines.formats.signals import choose, ecg_recording, signals_of

NAME = "EDF"
_VERSIONS = ("0       ", "\xffBIOSEMI")


def recognise(head: str, path: Path) -> bool:  # noqa: ARG001 - the content alone decides
    """Tell whether a file begins with the header of EDF or BDF."""
    return head.startswith(_VERSIONS) and len(head) >= 256


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

    found = parsed(path, data, parser="edf")
    told = choose(path, signals_of(found), channel=channel, breathing=breathing)
    return ecg_recording(
        path, told, format_name=NAME, started=found.started,
        notes=found.notes,
    )  # fmt: skip
