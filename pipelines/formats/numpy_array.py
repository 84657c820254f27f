"""A NumPy file (.npy) with one row of intervals, in ms or s by magnitude.

Its header is read here and not by NumPy, whose reader evaluates a damaged one as Python text and
sets memory aside for whatever length it names.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from physio.beats import FloatArray
from pipelines.formats.recording import Intervals, Recording, recording
from pipelines.formats.refusal import MOST_INTERVALS, FormatError, too_many
from pipelines.language import tr

NAME = "NumPy array"
_MAGIC = "\x93NUMPY"
_HEADER = re.compile(
    rb"\{'descr': '([^']+)', 'fortran_order': (?:True|False), 'shape': \(([\d, ]*)\), \}\s*"
)
_NUMBERS = re.compile(rb"[<>|=]?(?:[iu][248]|f[248])")
_ONE_ROW = re.compile(rb"(?:(\d{1,12}),)?")


def recognise(head: str, path: Path) -> bool:  # noqa: ARG001 - the content alone decides
    """Tell whether the file begins as a NumPy array."""
    return head.startswith(_MAGIC)


def read(path: Path, data: bytes) -> Recording:
    """Return the recording of a one-dimensional array of numbers.

    Raises
    ------
    FormatError
        If the file is damaged, holds anything else, or the numbers are no intervals.
    """
    found = numbers_in(path, data)
    if len(found) > MOST_INTERVALS:
        raise too_many(path)
    return recording(path, Intervals(found), format_name=NAME)


def numbers_in(path: Path, data: bytes) -> FloatArray:
    """Return the numbers of an array of one row, or of one number.

    Raises
    ------
    FormatError
        If it is damaged or holds anything else.
    """
    begin = 10 if data[6:7] == b"\x01" else 12
    end = begin + int.from_bytes(data[8:begin], "little")
    header = _HEADER.fullmatch(data[begin:end])
    if header is None:
        raise _damaged(path)
    row = _ONE_ROW.fullmatch(header[2])
    if not _NUMBERS.fullmatch(header[1]) or row is None:
        what = tr("this is not one row of numbers")
        raise FormatError(path, what, tr("save the intervals as a one-dimensional array"))
    dtype = np.dtype(header[1].decode("ascii"))
    if int(row[1] or 1) * dtype.itemsize != len(data) - end:
        raise _damaged(path)
    # A signalling NaN in a damaged file would warn when it is widened.
    with np.errstate(invalid="ignore"):
        return np.frombuffer(data, dtype, offset=end).astype(np.float64)


def _damaged(path: Path) -> FormatError:
    return FormatError(path, tr("this NumPy file is damaged"), tr("save it again"))
