"""Moments of R peaks, one a line, in samples or seconds: what ECG programs write."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from physio.beats import FloatArray
from pipelines.formats.recording import FASTEST, SLOWEST, Intervals, Recording, recording
from pipelines.formats.refusal import FormatError
from pipelines.formats.text import Text, column_of, is_number, joined, numbers_of, text_of
from pipelines.language import tr

NAME = "R peaks"
_DELIMITERS = (";", "\t", ",")
_HINT = tr("give --peaks the samples a second, or 1 where the peaks are in seconds")


def read(path: Path, data: bytes, *, rate: float) -> Recording:
    """Return the recording of R peaks in the first column of a text, `rate` samples a second.

    Raises
    ------
    FormatError
        If a line holds no number, a peak comes before the one above it, or they are no heart's.
    """
    peaks = _column(text_of(path, data)) / rate
    if len(peaks) < 2:
        raise FormatError(path, tr("it holds no two peaks"), _HINT)
    steps = np.diff(peaks)
    if not (steps >= 0).all():
        what = tr("its peaks do not follow each other in time")
        raise FormatError(path, what, tr("give the column of peaks alone, in order"))
    pulse = 60.0 / max(float(np.median(steps)), 1e-9)
    if not SLOWEST <= pulse <= FASTEST:
        what = tr("its peaks would be those of {pulse:.3g} heartbeats a minute", pulse=pulse)
        raise FormatError(path, what, _HINT)
    return recording(path, Intervals(1000.0 * steps, peaks[1:], "ms"), format_name=NAME)


def _column(text: Text) -> FloatArray:
    """Return the numbers of the first column, which may bear a name."""
    (first, *_) = text.first(1) or [""]
    delimiter = next((one for one in _DELIMITERS if one in first), None)
    named = not is_number(column_of([first], 0, delimiter)[0])
    pieces = (
        numbers_of(text.path, column_of(lines, 0, delimiter), at)
        for lines, at in text.after(int(named))
    )
    return joined(text.path, pieces, 1).ravel()
