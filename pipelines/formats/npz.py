"""NumPy's .npz of named arrays: an ECG with its rate, or intervals.

The rate stands beside the signals as an array of one number called `fs`, `rate`,
`sampling_rate` or `sampling_frequency`.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Final

from physio.beats import FloatArray
from pipelines.formats.numpy_array import numbers_in
from pipelines.formats.recording import Intervals, Recording, recording
from pipelines.formats.refusal import FormatError
from pipelines.formats.signals import Kind, Signal, choose, ecg_recording, kind_of
from pipelines.language import tr

NAME = "NumPy arrays"
_ENDING: Final = ".npy"
_RATES: Final = ("fs", "rate", "sampling_rate", "sampling_frequency", "srate")
_INTERVALS: Final = ("rr", "rr_ms", "rri", "ibi", "ibi_ms", "nn", "nni", "rr_intervals")
_MOST_ARRAYS: Final = 256
_BYTES: Final = 1 << 31
"""Of one array: four days of ECG at 1000 Hz in single precision."""


def recognise_zip(data: bytes) -> bool:
    """Tell whether a zip holds NumPy arrays alone."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False
    return bool(names) and all(name.endswith(_ENDING) for name in names)


def read(
    path: Path,
    data: bytes,
    *,
    most: int,
    channel: str | None = None,
    breathing: str | None = None,
) -> Recording:
    """Return the recording of the ECG or of the intervals among named arrays.

    Parameters
    ----------
    path, data
        The file and what it holds.
    most : int
        Bytes that an array may take.
    channel : str, optional
        The array that is the ECG.
    breathing : str, optional
        The array that is breathing.

    Raises
    ------
    FormatError
        If it is damaged, holds neither, or signals without their rate.
    """
    arrays = _arrays(path, data, min(10 * most, _BYTES))
    intervals = [name for name in arrays if name.casefold() in _INTERVALS]
    if channel is None and breathing is None and len(intervals) == 1:
        return recording(path, Intervals(arrays[intervals[0]]), format_name=NAME)
    rates = {float(one[0]) for name, one in arrays.items()
             if name.casefold() in _RATES and len(one) == 1}  # fmt: skip
    signals = {name: one for name, one in arrays.items() if name.casefold() not in _RATES}
    wanted = channel is not None or any(kind_of(name) is Kind.ECG for name in signals)
    if wanted and len(rates) != 1:
        what = tr("it does not tell the sampling rate of its arrays")
        raise FormatError(path, what, tr('add it as an array of one number called "fs"'))
    rate = rates.pop() if len(rates) == 1 else 0.0
    channels = [Signal(name, kind_of(name), one, rate) for name, one in signals.items()]
    found = choose(path, channels, channel=channel, breathing=breathing)
    return ecg_recording(path, found, format_name=NAME)


def _arrays(path: Path, data: bytes, most: int) -> Mapping[str, FloatArray]:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > _MOST_ARRAYS or sum(one.file_size for one in members) > most:
                what = tr("its arrays would take too much memory")
                raise FormatError(path, what, tr("save the ECG and its rate alone"))
            return {
                one.filename.removesuffix(_ENDING): numbers_in(path, archive.read(one))
                for one in members
            }
    except FormatError:
        raise
    except (
        *(zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError),
        *(RuntimeError, OSError, ValueError),
    ) as error:
        raise FormatError(path, tr("this NumPy file is damaged"), tr("save it again")) from error
