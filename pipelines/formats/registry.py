"""Which formats can be read, in the order in which they are tried."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

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
from pipelines.formats.recording import FormatError, Recording
from pipelines.formats.text import decoded

_HEAD = 65536


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its name, how its beginning is recognised, and how it is read."""

    name: str
    recognise: Callable[[str, Path], bool]
    read: Callable[[Path, bytes], Recording]


FORMATS: tuple[Format, ...] = tuple(
    Format(module.NAME, module.recognise, module.read)
    for module in (
        export, numpy_array, hrm, vu_ams, empatica, hrv_logger, selfloops, table, plain,
    )
)  # fmt: skip


def read(path: Path | str) -> Recording:
    """Return the recording that a file, or the folder of an unpacked export, holds.

    Raises
    ------
    FormatError
        If it cannot be read: one sentence that names the file, what was found and what to do.
    """
    path = Path(path)
    data = b"" if path.is_dir() else _bytes(path)
    return format_of(path, data).read(path, data)


def format_of(path: Path, data: bytes) -> Format:
    """Return the first format that recognises a file of these bytes."""
    head = decoded(data[:_HEAD])
    return next(known for known in FORMATS if known.recognise(head, path))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise FormatError(path, "there is no such file", "check its name and folder") from None
    except OSError as error:
        what = f"it cannot be opened ({error.strerror})"
        raise FormatError(path, what, "check that you may read it") from None
