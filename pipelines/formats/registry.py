"""Which formats can be read, in the order in which they are tried."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from physio.inputs import number_above_0
from pipelines.formats import (
    empatica,
    export,
    hrm,
    hrv_logger,
    numpy_array,
    plain,
    selfloops,
    table,
    vu_ams,
)
from pipelines.formats import peaks as r_peaks
from pipelines.formats.recording import Recording
from pipelines.formats.refusal import FormatError
from pipelines.formats.text import decoded
from pipelines.language import tr
from pipelines.reading import CannotRead, allowed, contents

_HEAD = 65536


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its name, how its beginning is recognised, and how it is read."""

    name: str
    recognise: Callable[[str, Path], bool]
    read: Callable[[Path, bytes], Recording]


FORMATS: tuple[Format, ...] = tuple(
    Format(module.NAME, module.recognise, module.read)
    for module in (numpy_array, hrm, vu_ams, empatica, hrv_logger, selfloops, table, plain)
)
"""Formats of one file's bytes; an export of Interbeat is known before any of them."""


def read(path: Path | str, *, large: bool = False, peaks: float | None = None) -> Recording:
    r"""Return the recording that a file, or the folder of an unpacked export, holds.

    Parameters
    ----------
    path : Path or str
        The file or folder.
    large : bool
        Whether it may be larger than `pipelines.reading.LARGEST` bytes, up to a tenth of the
        computer's memory.
    peaks : float, optional
        Samples a second of R peaks, where the file holds these and not intervals; 1 where they are
        in seconds.

    Raises
    ------
    FormatError
        If it cannot be read: one sentence that names the file, what was found and what to do.
    TypeError, ValueError
        If `path` names no file, or `peaks` is no number above 0.

    Examples
    --------
    >>> from pathlib import Path
    >>> import interbeat
    >>> Path("recording.txt").write_text("812\n804\n790\n")
    12
    >>> interbeat.read("recording.txt").intervals
    3
    """
    if not isinstance(path, str | os.PathLike):
        raise TypeError(f"path is a {type(path).__name__}; give the name of a file.")
    if peaks is not None:
        number_above_0(peaks, "peaks")
    path, most = Path(path), allowed(large=large)
    try:
        if os.path.isdir(path):  # noqa: PTH112 - a Path may be too long to ask
            return export.read(path, most=most)
        data = contents(path, most=most)
        if export.recognise(data):
            return export.read(path, data, most=most)
        if peaks is not None:
            return r_peaks.read(path, data, rate=peaks)
        return format_of(path, data).read(path, data)
    except CannotRead as error:
        raise FormatError(path, error.what, error.hint) from error
    except MemoryError:
        what = tr("the memory of this computer has no room for it")
        raise FormatError(path, what, tr("close other programs, or cut the recording")) from None


def format_of(path: Path, data: bytes) -> Format:
    """Return the first format that recognises a file of these bytes."""
    head = decoded(data[:_HEAD])
    return next(known for known in FORMATS if known.recognise(head, path))
