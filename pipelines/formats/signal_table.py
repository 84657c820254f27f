"""Text tables of signals: a column a channel, a row a sample, as NeuroKit2 and many programs write.

The rate comes from a column of times, or from whoever asks. A table without a header is one of
signals only where its rate is given.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from physio.beats import FloatArray
from pipelines.formats.layout import with_header
from pipelines.formats.recording import Recording
from pipelines.formats.refusal import FormatError
from pipelines.formats.signals import Kind, Signal, chosen, ecg_recording, even_rate, kind_of
from pipelines.formats.text import Text, is_number, lines_of, text_of
from pipelines.language import tr

NAME = "table of signals"
_DELIMITERS: Final = ("\t", ";", ",")
_TIME: Final = re.compile(r"^(time|timestamp|t|secs?|seconds|\w*_ts)\b|time", re.IGNORECASE)
_MISSING: Final = frozenset(("", "n/a", "na", "nan", "null"))
_SCALES: Final = (1.0, 1e-3, 1e-6, 1e-9)
_RATES: Final = (100.0, 4000.0)


def recognise(head: str, path: Path) -> bool:  # noqa: ARG001 - the content alone decides
    """Tell whether a header names signals and no intervals, and numbers follow it."""
    lines = [line for line in lines_of(head)[:3] if line.strip()]
    if len(lines) < 2 or with_header(lines) is not None:
        return False
    delimiter = _delimiter(lines[0])
    names = _cells(lines[0], delimiter)
    below = _cells(lines[1], delimiter)
    named = [kind_of(name) for name in names]
    return (
        any(kind is not Kind.OTHER for kind in named)
        and not any(is_number(name) for name in names)
        and len(below) == len(names)
        and is_number(below[0])
    )


def read(
    path: Path, data: bytes, *, channel: str | None = None, rate: float | None = None
) -> Recording:
    """Return the recording of the ECG.

    Parameters
    ----------
    path, data
        The file and what it holds.
    channel : str, optional
        The column that is the ECG; its number from 1 where columns have no names.
    rate : float, optional
        Samples a second, where no column of times tells them.

    Raises
    ------
    FormatError
        If it holds no ECG or several, a cell holds no number, or the rate is not known.
    """
    text = text_of(path, data)
    names, delimiter, headed = _header(text)
    times = [name for name in names if _TIME.search(name) and kind_of(name) is Kind.OTHER]
    named = [Signal(name, kind_of(name), np.empty(0), 0.0) for name in names if name not in times]
    if not headed and channel is None and len(named) == 1:
        channel = names[0]
    ecg = chosen(path, named, channel)
    at = names.index(ecg.label)
    clock = names.index(times[0]) if times and rate is None else None
    columns = columns_of(text, delimiter, [at] if clock is None else [at, clock], headed=headed)
    told = rate if clock is None else _rate_of(columns[1])
    if told is None:
        what = tr("it does not tell how many samples a second it holds")
        raise FormatError(path, what, tr("give them with --rate"))
    found = Signal(ecg.label, Kind.ECG, columns[0], told)
    return ecg_recording(path, [found], format_name=NAME, channel=ecg.label)


def _header(text: Text) -> tuple[list[str], str | None, bool]:
    (first, *_) = text.first(1) or [""]
    delimiter = _delimiter(first)
    cells = _cells(first, delimiter)
    if any(is_number(cell) for cell in cells):
        return [str(place + 1) for place in range(len(cells))], delimiter, False
    return cells, delimiter, True


def _delimiter(line: str) -> str | None:
    return next((one for one in _DELIMITERS if one in line), None)


def _cells(line: str, delimiter: str | None) -> list[str]:
    return [cell.strip().strip('"') for cell in line.split(delimiter)] or [""]


def columns_of(
    text: Text, delimiter: str | None, places: Sequence[int], *, headed: bool = False
) -> list[FloatArray]:
    """Return columns of numbers; an empty cell is a missing sample.

    Raises
    ------
    FormatError
        If a cell holds something else.
    """
    pieces: list[list[FloatArray]] = [[] for _ in places]
    for lines, numbers in text.after(int(headed)):
        rows = [line.split(delimiter) for line in lines]
        for piece, place in zip(pieces, places, strict=True):
            try:
                cells = [_sample(row[place]) for row in rows]
                piece.append(np.array(cells, np.float64))
            except (ValueError, IndexError):
                raise _no_number(text.path, rows, numbers, place) from None
    return [np.concatenate(piece) if piece else np.empty(0) for piece in pieces]


def _sample(cell: str) -> str:
    plain = cell.strip()
    return "nan" if plain.casefold() in _MISSING else plain


def _no_number(
    path: Path, rows: Sequence[Sequence[str]], numbers: Sequence[int], place: int
) -> FormatError:
    bad = next(
        number
        for row, number in zip(rows, numbers, strict=True)
        if len(row) <= place or not is_number(_sample(row[place]))
    )
    what = tr("line {line} holds no number in column {column}", line=bad, column=place + 1)
    return FormatError(path, what, tr("export it again, or cut the recording before that line"))


def _rate_of(time: FloatArray) -> float | None:
    """Return the samples a second that times show, in whichever unit an ECG is sampled so."""
    rate = even_rate(time)
    fitting = [rate / scale for scale in _SCALES if _RATES[0] <= rate / scale <= _RATES[1]]
    return fitting[0] if rate > 0.0 and fitting else None
