"""Text tables of signals: a column a channel, a row a sample, as NeuroKit2 and many programs write.

The rate comes from a column of times, or from whoever asks. The ECG and ACC files of Polar Sensor
Logger are such tables. A table without a header is one of signals only where its rate is given.
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
from pipelines.formats.signals import (
    Kind,
    Signal,
    choose,
    differ,
    ecg_recording,
    even_rate,
    evenly,
    kind_of,
)
from pipelines.formats.text import Text, is_number, lines_of, text_of
from pipelines.language import tr

NAME = "table of signals"
_DELIMITERS: Final = ("\t", ";", ",")
_TIME: Final = re.compile(r"^(time|timestamp|t|secs?|seconds|\w*_ts)\b|time", re.IGNORECASE)
_MISSING: Final = frozenset(("", "n/a", "na", "nan", "null"))
_SCALES: Final = (1.0, 1e-3, 1e-6, 1e-9)
_RATES: Final = (100.0, 4000.0)
_HOLE: Final = 0.5
"""Seconds between two samples above which some are missing; less is how late they were noted."""


def recognise(head: str, path: Path) -> bool:  # noqa: ARG001 - the content alone decides
    """Tell whether a header names signals and no intervals, and numbers follow it."""
    lines = [line for line in lines_of(head)[:3] if line.strip()]
    if len(lines) < 2 or with_header(lines) is not None:
        return False
    delimiter = _delimiter(lines[0])
    names = _cells(lines[0], delimiter)
    below = _cells(lines[1], delimiter)
    if any(map(is_number, names)) or len(below) != len(names):
        return False
    known = [
        cell for name, cell in zip(names, below, strict=True) if kind_of(name) is not Kind.OTHER
    ]
    return bool(known) and all(is_number(_sample(cell)) for cell in known)


def read(
    path: Path,
    data: bytes,
    *,
    channel: str | None = None,
    breathing: str | None = None,
    rate: float | None = None,
) -> Recording:
    """Return the recording of the ECG.

    Parameters
    ----------
    path, data
        The file and what it holds.
    channel : str, optional
        The column that is the ECG; its number from 1 where columns have no names.
    breathing : str, optional
        The column that is breathing.
    rate : float, optional
        Samples a second; a column of times that tells others is believed, and that is said.

    Raises
    ------
    FormatError
        If it holds no ECG or several, a cell holds no number, or the rate is not known.
    """
    text = text_of(path, data)
    names, delimiter, headed = _header(text)
    signals = [Signal(name, kind_of(name), np.empty(0), 0.0) for name in names]
    clocks = [one for one in signals if _TIME.search(one.label) and one.kind is Kind.OTHER]
    named = [one for one in signals if one not in clocks]
    if not headed and channel is None and len(named) == 1:
        channel = names[0]
    found = choose(path, named, channel=channel, breathing=breathing)
    clock = _clock(text, delimiter, [signals.index(one) for one in clocks])
    places = [signals.index(one) for one in found.every]
    read_too = [] if clock is None else [clock]
    columns = columns_of(text, delimiter, [*places, *read_too], headed=headed)
    told, time = (None, None) if clock is None else _rate_of(columns[-1])
    usual, notes = _believed(told, rate)
    if usual is None:
        what = tr("it does not tell how many samples a second it holds")
        raise FormatError(path, what, tr("give them with --rate"))
    known = dict(zip(places, columns, strict=False))

    def reader(one: Signal) -> Signal:
        column = known[signals.index(one)]
        if time is not None:
            column = _at_their_times(path, time, column, usual)
        return Signal(one.label, one.kind, column, usual)

    return ecg_recording(path, found.read(reader), format_name=NAME, notes=notes)


def _clock(text: Text, delimiter: str | None, places: Sequence[int]) -> int | None:
    """Return the first of some columns of times that holds numbers; others hold dates."""
    below = _cells(text.first(2)[-1], delimiter)
    return next((at for at in places if at < len(below) and is_number(below[at])), None)


def _believed(told: float | None, asked: float | None) -> tuple[float | None, tuple[str, ...]]:
    """Return the samples a second, given those that times tell and those that were asked for."""
    if told is None or asked is None or not differ(told, asked):
        return told if asked is None else asked, ()
    note = tr("its time stamps show {told:.2f} samples a second, not {asked:g}; they are believed",
              told=told, asked=asked)  # fmt: skip
    return told, (note,)


def _at_their_times(path: Path, time: FloatArray, column: FloatArray, rate: float) -> FloatArray:
    """Return samples at even steps, NaN where time passed without any."""
    even = evenly(time, column, rate, missed=_HOLE * rate)
    if even is None:
        raise FormatError(path, tr("its time stamps leap by days"), tr("cut the recording"))
    return even


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


def _rate_of(time: FloatArray) -> tuple[float | None, FloatArray | None]:
    """Return the samples a second that times show, and these in s.

    They are in whichever unit an ECG is sampled so; None where there is none.
    """
    rate = even_rate(time)
    fitting = [scale for scale in _SCALES if _RATES[0] <= rate / scale <= _RATES[1]]
    if rate <= 0.0 or not fitting:
        return None, None
    return rate / fitting[0], (time - time[0]) * fitting[0]
