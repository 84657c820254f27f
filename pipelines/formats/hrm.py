"""Polar .hrm: sections of text; `[HRData]` holds one interval in ms a line in RR mode."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from pipelines.formats.recording import Intervals, Recording, recording
from pipelines.formats.refusal import FormatError
from pipelines.formats.text import joined, numbers_of, text_of
from pipelines.language import tr

NAME = "Polar HRM"
_RR_MODE = "238"
_MOST_SETTINGS = 10_000
_HINT = tr("export the exercise again with RR recording on")


def recognise(head: str, path: Path) -> bool:
    """Tell whether the file begins as an exercise of Polar's."""
    return head.lstrip().startswith("[Params]") or path.suffix.lower() == ".hrm"


def read(path: Path, data: bytes) -> Recording:
    """Return the recording of an exercise with RR recording.

    Raises
    ------
    FormatError
        If it holds heart rate instead, no data section, or a line without a number.
    """
    text = text_of(path, data)
    lines = [line.strip() for line in text.first(_MOST_SETTINGS)]
    if "[HRData]" not in lines:
        raise FormatError(path, tr("it has no section [HRData]"), _HINT)
    first = lines.index("[HRData]")
    settings = _settings(lines[:first])
    if settings.get("Interval", _RR_MODE) != _RR_MODE:
        raise FormatError(path, tr("it holds heart rate, not intervals"), _HINT)
    pieces = (
        numbers_of(path, [line.split(None, 1)[0] for line in rows], at)
        for rows, at in text.after(first + 1)
    )
    intervals = Intervals(joined(path, pieces, 1).ravel(), unit="ms", column="[HRData]")
    return recording(path, intervals, format_name=NAME, started=_started(settings))


def _settings(lines: list[str]) -> dict[str, str]:
    pairs = (line.partition("=") for line in lines)
    return {key.strip(): value.strip() for key, equals, value in pairs if equals}


def _started(settings: dict[str, str]) -> str | None:
    written = settings.get("Date", "") + " " + settings.get("StartTime", "")
    if not re.fullmatch(r"\d{8} \d\d?:\d\d:\d\d(\.\d{1,6})?", written, re.ASCII):
        return None
    form = "%Y%m%d %H:%M:%S.%f" if "." in written else "%Y%m%d %H:%M:%S"
    try:
        return datetime.strptime(written, form).isoformat()
    except ValueError:
        return None
