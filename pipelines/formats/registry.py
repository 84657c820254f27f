"""Which formats can be read, in the order in which they are tried."""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from physio.inputs import number_above_0
from pipelines.formats import (
    acq,
    bids,
    edf,
    empatica,
    export,
    fit,
    hrm,
    hrv_logger,
    npz,
    numpy_array,
    plain,
    selfloops,
    signal_table,
    table,
    vu_ams,
    wfdb,
    xdf,
)
from pipelines.formats import peaks as r_peaks
from pipelines.formats.recording import Recording
from pipelines.formats.refusal import FormatError, no_recording, no_signals
from pipelines.formats.text import decoded
from pipelines.language import tr
from pipelines.reading import CannotRead, allowed, contents, too_large

_HEAD = 65536
_GZIP = b"\x1f\x8b"
_JSON = re.compile(r"\ufeff?\s*(?:\{|\[\s*[\[{\"])")


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its name, how its beginning is recognised, and how it is read."""

    name: str
    recognise: Callable[[str, Path], bool]
    read: Callable[[Path, bytes], Recording]


FORMATS: tuple[Format, ...] = tuple(
    Format(module.NAME, module.recognise, module.read)
    for module in (numpy_array, fit, hrm, vu_ams, empatica, hrv_logger, selfloops, table, plain)
)
"""Formats of one file's bytes; an export of Interbeat is known before any of them."""


@dataclass(frozen=True, slots=True)
class SignalFormat:
    """One format of signals; the channel that is the ECG is told where a file does not tell it."""

    name: str
    recognise: Callable[[str, Path], bool]
    read: Callable[[Path, bytes, str | None, str | None], Recording]


OF_SIGNALS: tuple[SignalFormat, ...] = tuple(
    SignalFormat(module.NAME, module.recognise, module.read) for module in (edf, xdf, acq)
)
"""Formats of one file that hold an ECG among other signals; a record of WFDB is several files."""


def read(
    path: Path | str,
    *,
    large: bool = False,
    peaks: float | None = None,
    channel: str | None = None,
    breathing: str | None = None,
    rate: float | None = None,
) -> Recording:
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
    channel : str, optional
        The signal that is the ECG, where a file names none so, or several.
    breathing : str, optional
        The signal that is breathing, where a file names several so, or none.
    rate : float, optional
        Samples a second of a table of signals that does not tell them.

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
    if rate is not None:
        number_above_0(rate, "rate")
    path, most = Path(path), allowed(large=large)
    try:
        if os.path.isdir(path):  # noqa: PTH112 - a Path may be too long to ask
            return export.read(path, most=most)
        data = _unpacked(path, contents(path, most=most), most)
        if npz.recognise_zip(data):
            return npz.read(path, data, most=most, channel=channel, breathing=breathing)
        if export.recognise(data):
            return export.read(path, data, most=most)
        head = decoded(data[:_HEAD])
        if (beside := bids.sidecar(path)) is not None:
            return bids.read(path, data, beside, channel=channel, breathing=breathing)
        if _is_json(head):
            raise no_recording(path)
        if wfdb.is_companion(path):
            what = tr("it is a part of a WFDB record")
            hint = tr("name its header, {name}", name=path.with_suffix(wfdb.ENDING).name)
            raise FormatError(path, what, hint)
        if wfdb.recognise(head, path):
            return wfdb.read(path, data, most=most, channel=channel, breathing=breathing)
        for known in OF_SIGNALS:
            if known.recognise(head, path):
                return known.read(path, data, channel, breathing)
        if peaks is not None:
            return r_peaks.read(path, data, rate=peaks)
        if rate is not None or signal_table.recognise(head, path):
            return signal_table.read(path, data, channel=channel, breathing=breathing, rate=rate)
        if channel is not None or breathing is not None:
            raise no_signals(path)
        return format_of(path, data).read(path, data)
    except CannotRead as error:
        raise FormatError(path, error.what, error.hint) from error
    except MemoryError:
        what = tr("the memory of this computer has no room for it")
        raise FormatError(path, what, tr("close other programs, or cut the recording")) from None


def _unpacked(path: Path, data: bytes, most: int) -> bytes:
    """Return what a file holds that gzip made smaller, any other as it is."""
    if not data.startswith(_GZIP):
        return data
    unpacking = zlib.decompressobj(wbits=31)
    try:
        held = unpacking.decompress(data, most + 1)
    except zlib.error as error:
        what = tr("what gzip made of it is damaged")
        raise FormatError(path, what, tr("copy or pack it again")) from error
    if len(held) > most:
        raise too_large(tr("unpacked it holds"), most)
    if not unpacking.eof:
        what = tr("what gzip made of it is cut short")
        raise FormatError(path, what, tr("copy or pack it again"))
    return held


def _is_json(head: str) -> bool:
    return bool(_JSON.match(head))


def format_of(path: Path, data: bytes) -> Format:
    """Return the first format that recognises a file of these bytes."""
    head = decoded(data[:_HEAD])
    return next(known for known in FORMATS if known.recognise(head, path))
