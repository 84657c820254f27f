"""FIT files of watches: the intervals that they log where HRV is switched on."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from pipelines.formats.recording import Intervals, Recording, recording

NAME = "FIT"


def recognise(head: str, path: Path) -> bool:  # noqa: ARG001 - the content alone decides
    """Tell whether a file begins with the header of FIT."""
    return head[8:12] == ".FIT"


def read(path: Path, data: bytes) -> Recording:
    """Return the recording of its intervals; they bear no times.

    Raises
    ------
    FormatError
        If it is damaged, or holds no intervals.
    """
    from pipelines.formats.parsers import parsed

    found = parsed(path, data, parser="fit")
    rr = np.frombuffer(found.rr, "<f8").astype(np.float64)
    return recording(path, Intervals(rr, unit="ms"), format_name=NAME, started=found.started)
